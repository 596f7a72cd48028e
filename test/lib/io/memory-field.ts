/** A whole array in memory in, the DistributedArray that one rank of a job would have of it out. */
import type { DistributedArray, Region } from '../../../lib/io/distributed.js';
import type { NpyData } from '../../../lib/io/npy.js';
import { indicesOf, positionOf, type ReferenceArray, referenceArray } from '../../reference/array.js';

export interface MemoryField extends DistributedArray {
  /** Regions gathered so far. */
  readonly gathered: Region[];
  /** Labels of barriers passed so far. */
  readonly barriers: string[];
}

/** `block`: the part this rank owns (default: all); `isRoot` false: gather gives undefined, as on ranks other than 0. */
export function memoryField(
  { dtype, shape, data }: ReferenceArray,
  {
    offset = shape.map(() => 0),
    extent = shape,
    isRoot = true,
  }: { offset?: readonly number[]; extent?: readonly number[]; isRoot?: boolean } = {},
): MemoryField {
  const gathered: Region[] = [];
  const barriers: string[] = [];
  return {
    dtype,
    shape,
    offset,
    extent,
    isRoot,
    gathered,
    barriers,
    async gather(region) {
      gathered.push(region);
      if (!isRoot) return undefined;
      const result = referenceArray(region.count, dtype);
      let k = 0;
      for (const index of indicesOf(region.count)) {
        const at = index.map((i, d) => (region.start[d] ?? 0) + i * (region.step[d] ?? 1));
        put(result.data, k++, data[positionOf(shape, at)] ?? Number.NaN);
      }
      return result.data;
    },
    writeBlock(block) {
      let k = 0;
      for (const index of indicesOf(extent)) {
        const at = index.map((i, d) => i + (offset[d] ?? 0));
        put(data, positionOf(shape, at), block[k++] ?? Number.NaN);
      }
    },
    async barrier(label) {
      barriers.push(label);
    },
  };
}

function put(data: NpyData, at: number, value: number | bigint): void {
  if (data instanceof BigInt64Array) data[at] = BigInt(value);
  else data[at] = Number(value);
}
