/** Shapes and index lists in, C-order positions and NumPy broadcasts out: what the reference interpreter counts with. */
import type { DType } from '../../jit/program.js';
import { type AnyArray, arrayOf } from '../../lib/dtype.js';

/** A whole field, never decomposed: element (i, j, ...) at its C-order position. */
export interface ReferenceArray {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: AnyArray;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

/** A new array of zeros. */
export function referenceArray(shape: readonly number[], dtype: DType = 'f64'): ReferenceArray {
  return { dtype, shape, data: arrayOf(dtype, sizeOf(shape)) };
}

/** C-order position of `index` in an array of `shape`. */
export function positionOf(shape: readonly number[], index: readonly number[]): number {
  let position = 0;
  for (let d = 0; d < shape.length; d++) position = position * (shape[d] ?? 0) + (index[d] ?? 0);
  return position;
}

/** All indices of `shape`, in C order. */
export function* indicesOf(shape: readonly number[]): Generator<readonly number[]> {
  const size = sizeOf(shape);
  for (let position = 0; position < size; position++) {
    const index = new Array<number>(shape.length).fill(0);
    let rest = position;
    for (let d = shape.length - 1; d >= 0; d--) {
      const n = shape[d] ?? 1;
      index[d] = rest % n;
      rest = Math.floor(rest / n);
    }
    yield index;
  }
}

/** NumPy's broadcast of several shapes; throws where they do not fit. */
export function broadcastShapes(...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    for (let k = 0; k < shape.length; k++) {
      const d = rank - shape.length + k;
      const n = shape[k] ?? 1;
      if (n === 1 || n === result[d]) continue;
      if (result[d] !== 1) throw new Error(`shapes do not broadcast: ${shapes.map((s) => `(${s})`).join(' ')}`);
      result[d] = n;
    }
  }
  return result;
}

/** The index into an operand of shape `from` that element `index` of the broadcast result reads. */
export function broadcastIndex(from: readonly number[], index: readonly number[]): number[] {
  return from.map((n, k) => (n === 1 ? 0 : (index[index.length - from.length + k] ?? 0)));
}
