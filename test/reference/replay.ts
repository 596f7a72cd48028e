/** What the recorder shows to a tap in; the arrays the reference interpreter makes of it out. */
import type { SlotDecl } from '../../jit/program.js';
import { type Tap, tap } from '../../lib/tap.js';
import { indicesOf, type ReferenceArray, referenceArray } from './array.js';
import { run } from './interpreter.js';

type Created = Parameters<NonNullable<Tap['created']>>[0];

/**
 * Interprets everything recorded from now on, at once, until `stop`; with `interpret: false` fields only keep what they
 * begin with. Arrays are found by the ids fields have then.
 */
export class Replay {
  readonly #arrays = new Map<number, ReferenceArray>();
  readonly stop: () => void;

  constructor({ interpret = true } = {}) {
    this.stop = tap({
      created: (field) => this.#arrays.set(field.id, initialArray(field)),
      written: (id) => {
        // Contents from `init` were seen at creation; any other overwriting cannot be followed.
        if (!this.#arrays.has(id)) throw new Error(`field ${id} was written from outside`);
      },
      unit: ({ program, fields, params, ints }) => {
        if (interpret)
          run(
            program,
            [...fields.map((id) => this.array(id)), ...program.slots.slice(fields.length).map(poisoned)],
            params,
            ints,
          );
      },
    });
  }

  /** The array that field `id` should hold once everything recorded has run. Changes as more is recorded. */
  array(id: number): ReferenceArray {
    const array = this.#arrays.get(id);
    if (array === undefined) throw new Error(`field ${id} was created before the replay began`);
    return array;
  }
}

/** What a transient temporary holds before its first statement writes it: nothing anyone may rely on. */
export function poisoned({ shape, dtype }: SlotDecl): ReferenceArray {
  const array = referenceArray(shape, dtype);
  if (array.data instanceof BigInt64Array) array.data.fill(0x5555_5555_5555n);
  else array.data.fill(dtype === 'f64' || dtype === 'f32' ? Number.NaN : 0x55);
  return array;
}

function initialArray({ dtype, shape, init }: Created): ReferenceArray {
  const array = referenceArray(shape, dtype);
  let k = 0;
  for (const index of indicesOf(shape)) store(array, k++, initialValue(init, shape, index));
  return array;
}

function store({ data }: ReferenceArray, at: number, value: number | bigint | boolean): void {
  if (data instanceof BigInt64Array) data[at] = BigInt(typeof value === 'number' ? Math.trunc(value) : value);
  else if (data instanceof Uint8Array) data[at] = value || Number.isNaN(value) ? 1 : 0;
  else data[at] = Number(value);
}

function initialValue(
  init: Created['init'],
  shape: readonly number[],
  index: readonly number[],
): number | bigint | boolean {
  if (typeof init === 'number' || typeof init === 'bigint' || typeof init === 'boolean') return init;
  if (typeof init === 'function') return init(...index);
  let part: unknown = init;
  if (ArrayBuffer.isView(init)) {
    const position = index.reduce((sum, i, d) => sum * (shape[d] ?? 1) + i, 0);
    part = init[position];
  } else {
    for (const i of index) part = Array.isArray(part) ? part[i] : undefined;
  }
  if (typeof part !== 'number' && typeof part !== 'bigint' && typeof part !== 'boolean')
    throw new Error(`init has no element [${index}]`);
  return part;
}
