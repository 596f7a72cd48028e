/** What a field begins with: the user's `init`, checked; its elements within a block, in C order, out. */
import type { DType } from '../jit/program.js';
import { type AnyArray, arrayOf, dtypeOf, putElement } from './dtype.js';
import { QuadrilleError, show } from './errors.js';
import { formatShape, type Shape, sizeOf } from './shape.js';

/** One element as a user gives it. */
export type Scalar = number | bigint | boolean;
export type NestedArray = readonly (Scalar | NestedArray)[];
export type NumberArray =
  | BigInt64Array
  | BigUint64Array
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
export type Init = Scalar | ((...index: number[]) => Scalar) | NumberArray | NestedArray;

/** Throws BAD_SHAPE or BAD_OPTION; whatever passes can be evaluated in any block. */
export function checkInit(init: Init, dtype: DType, shape: Shape): void {
  if (isScalar(init)) {
    put(arrayOf(dtype, 1), 0, init, 'init');
    return;
  }
  if (typeof init === 'function') return;
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
    if (isScalar(data)) return;
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
export function initialBlock(init: Init, dtype: DType, shape: Shape, offset: Shape, extent: Shape): AnyArray {
  const block = arrayOf(dtype, sizeOf(extent));
  const element = elementOf(init, shape);
  const index = [...offset];
  const where = (): string => (typeof init === 'function' ? `init(${index.join(', ')})` : `init[${index.join('][')}]`);
  for (let i = 0; i < block.length; i++) {
    put(block, i, element(index), where);
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

/** Throws BAD_OPTION where the dtype cannot hold the value. */
function put(data: AnyArray, at: number, value: Scalar, where: string | (() => string)): void {
  if (putElement(data, at, value)) return;
  const name = typeof where === 'string' ? where : where();
  throw new QuadrilleError('BAD_OPTION', `${name} is ${show(value)}, which no element of ${dtypeOf(data)} can be.`, {
    hint: 'integers hold neither NaN nor what is beyond their ends',
  });
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';
}

function elementOf(init: Init, shape: Shape): (index: readonly number[]) => Scalar {
  if (isScalar(init)) return () => init;
  if (typeof init === 'function') {
    return (index) => {
      const value: unknown = init(...index);
      if (isScalar(value)) return value;
      throw new QuadrilleError('BAD_OPTION', `init(${index.join(', ')}) gave ${show(value)}.`, {
        expected: 'a number',
      });
    };
  }
  if (isNumberArray(init))
    return (index) => init[index.reduce((at, i, d) => at * (shape[d] ?? 1) + i, 0)] ?? Number.NaN;
  return (index) => {
    let data: Scalar | NestedArray | undefined = init;
    for (const i of index) data = typeof data === 'object' ? data[i] : undefined;
    return isScalar(data) ? data : Number.NaN;
  };
}

/** @internal */
export function isNumberArray(init: unknown): init is NumberArray {
  return ArrayBuffer.isView(init) && !(init instanceof DataView);
}
