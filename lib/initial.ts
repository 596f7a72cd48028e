/** What a field begins with: the user's `init`, checked; its elements within a block, in C order, out. */
import type { DType } from '../jit/program.js';
import { QuadrilleError, show } from './errors.js';
import { formatShape, type Shape, sizeOf } from './shape.js';

export type NestedArray = readonly (number | NestedArray)[];
export type NumberArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray;
/** A number, a function of the global index, all elements in C order, or nested arrays of the field's shape. */
export type Init = number | ((...index: number[]) => number) | NumberArray | NestedArray;

/** Throws BAD_SHAPE or BAD_OPTION; whatever passes can be evaluated in any block. */
export function checkInit(init: Init, shape: Shape): void {
  if (typeof init === 'number' || typeof init === 'function') return;
  if (isNumberArray(init)) {
    if (init.length === sizeOf(shape)) return;
    throw new QuadrilleError(
      'BAD_SHAPE',
      `init has ${init.length} elements, a field of shape ${formatShape(shape)} has ${sizeOf(shape)}.`,
    );
  }
  if (Array.isArray(init)) {
    checkNested(init, shape, []);
    return;
  }
  throw new QuadrilleError('BAD_OPTION', `init is ${show(init)}.`, {
    expected: 'a number, a function of the index, a TypedArray, or nested arrays of numbers',
  });
}

function checkNested(data: unknown, shape: Shape, at: readonly number[]): void {
  const d = at.length;
  const where = at.length === 0 ? 'init' : `init[${at.join('][')}]`;
  if (d === shape.length) {
    if (typeof data === 'number') return;
    throw new QuadrilleError('BAD_SHAPE', `${where} is ${show(data)}.`, { expected: 'a number' });
  }
  const n = shape[d] ?? 0;
  if (!Array.isArray(data) || data.length !== n) {
    throw new QuadrilleError(
      'BAD_SHAPE',
      `${where} is ${Array.isArray(data) ? `an array of ${data.length}` : show(data)}.`,
      {
        expected: `an array of ${n}, for a field of shape ${formatShape(shape)}`,
      },
    );
  }
  for (let i = 0; i < n; i++) checkNested(data[i], shape, [...at, i]);
}

/** Elements [offset, offset + extent) of `init` for a field of `shape`, in C order. A function is called there only. */
export function initialBlock(
  init: Init,
  dtype: DType,
  shape: Shape,
  offset: Shape,
  extent: Shape,
): Float64Array | Float32Array {
  const block = dtype === 'f64' ? new Float64Array(sizeOf(extent)) : new Float32Array(sizeOf(extent));
  if (typeof init === 'number') return block.fill(init);
  const element = elementOf(init, shape);
  const index = [...offset];
  for (let i = 0; i < block.length; i++) {
    block[i] = element(index);
    for (let d = index.length - 1; d >= 0; d--) {
      const next = (index[d] ?? 0) + 1;
      const low = offset[d] ?? 0;
      if (next < low + (extent[d] ?? 0)) {
        index[d] = next;
        break;
      }
      index[d] = low;
    }
  }
  return block;
}

/** All elements. */
export function initialValues(init: Init, dtype: DType, shape: Shape): Float64Array | Float32Array {
  return initialBlock(
    init,
    dtype,
    shape,
    shape.map(() => 0),
    shape,
  );
}

function elementOf(init: Exclude<Init, number>, shape: Shape): (index: readonly number[]) => number {
  if (typeof init === 'function') {
    return (index) => {
      const value: unknown = init(...index);
      if (typeof value === 'number') return value;
      throw new QuadrilleError('BAD_OPTION', `init(${index.join(', ')}) gave ${show(value)}.`, {
        expected: 'a number',
      });
    };
  }
  if (isNumberArray(init))
    return (index) => init[index.reduce((at, i, d) => at * (shape[d] ?? 1) + i, 0)] ?? Number.NaN;
  return (index) => {
    let data: number | NestedArray | undefined = init;
    for (const i of index) data = typeof data === 'object' ? data[i] : undefined;
    return typeof data === 'number' ? data : Number.NaN;
  };
}

function isNumberArray(init: unknown): init is NumberArray {
  return (
    ArrayBuffer.isView(init) &&
    !(init instanceof DataView) &&
    !(init instanceof BigInt64Array) &&
    !(init instanceof BigUint64Array)
  );
}
