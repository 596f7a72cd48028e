/**
 * NumPy's creation functions, without naming a Grid: shapes, numbers and arrays in, Fields out. Such arrays lie on
 * default grids, and their memory goes when nothing holds them (or by `dispose`). Whatever follows from the index is
 * computed in the engine, on each rank for its own block.
 */
import type { DType } from '../jit/program.js';
import { shareOf, writeBlock } from './block.js';
import { checkDType, storedAs } from './dtype.js';
import { QuadrilleError, show } from './errors.js';
import { Expr, exprOf, numberLeaf, type Operand, treeOf } from './expr.js';
import { Field } from './field.js';
import { where } from './functions.js';
import { checkInit, type Init, initialBlock, isNumberArray, type NestedArray, type NumberArray } from './initial.js';
import { readNpyHeader } from './io/file.js';
import { ITEM_BYTES } from './io/npy.js';
import { looseMeta, looseOwner } from './loose.js';
import { session } from './session.js';
import { type Shape, sizeOf } from './shape.js';
import { clock, type FieldMeta, makeStorage, type Storage } from './storage.js';
import { iota } from './structure.js';
import { define, materialise, placeFor, release } from './temporary.js';

/** Bytes per rank from which an array takes its memory when it is made. */
const LARGE = 2 ** 24;

/** A shape, or the length of a one-dimensional array. */
export type ShapeLike = number | readonly number[];

/** An array of zeros. Throws BAD_SHAPE, BAD_DTYPE, OUT_OF_MEMORY, as the others do. */
export function zeros(shape: ShapeLike, dtype: 'i64'): Field<'i64'>;
export function zeros(shape: ShapeLike, dtype?: DType): Field;
export function zeros(shape: ShapeLike, dtype?: DType): Field<DType> {
  return full(shape, 0, dtype);
}

export function ones(shape: ShapeLike, dtype: 'i64'): Field<'i64'>;
export function ones(shape: ShapeLike, dtype?: DType): Field;
export function ones(shape: ShapeLike, dtype?: DType): Field<DType> {
  return full(shape, 1, dtype);
}

/** An array to be written before it is read: what it holds is not said. */
export function empty(shape: ShapeLike, dtype: 'i64'): Field<'i64'>;
export function empty(shape: ShapeLike, dtype?: DType): Field;
export function empty(shape: ShapeLike, dtype?: DType): Field<DType> {
  return filled(looseMeta(shapeOf(shape), checkDType(dtype ?? 'f64')), looseOwner, undefined);
}

export function full(shape: ShapeLike, value: number, dtype: 'i64'): Field<'i64'>;
export function full(shape: ShapeLike, value: number, dtype?: DType): Field;
export function full(shape: ShapeLike, value: number, dtype?: DType): Field<DType> {
  const number: unknown = value;
  if (typeof number !== 'number') {
    throw new QuadrilleError('BAD_OPERAND', `full: the value is ${show(number)}.`, { expected: 'a number' });
  }
  return filled(looseMeta(shapeOf(shape), checkDType(dtype ?? 'f64')), looseOwner, value);
}

/** Zeros where and as `like` lies (of its dtype, unless another is named). */
export function zeros_like(like: Expr, dtype?: DType): Field {
  return full_like(like, 0, dtype);
}

export function ones_like(like: Expr, dtype?: DType): Field {
  return full_like(like, 1, dtype);
}

export function empty_like(like: Expr, dtype?: DType): Field {
  const { meta, owner } = placeFor(treeOf('empty_like', like), dtype && checkDType(dtype));
  return filled(meta, owner, undefined);
}

export function full_like(like: Expr, value: number, dtype?: DType): Field {
  const { meta, owner } = placeFor(treeOf('full_like', like), dtype && checkDType(dtype));
  return filled(meta, owner, value);
}

/** Nested arrays, a TypedArray in C order (`shape` then says its shape), or a function of the index called for every element. */
export function array(data: NestedArray, dtype?: DType): Field;
export function array(data: NumberArray | ((...index: number[]) => number), shape?: ShapeLike, dtype?: DType): Field;
export function array(
  data: NestedArray | NumberArray | ((...index: number[]) => number),
  shape?: ShapeLike | DType,
  dtype?: DType,
): Field {
  const type = checkDType(typeof shape === 'string' ? shape : (dtype ?? dtypeOf(data)));
  const sizes = typeof shape === 'string' || shape === undefined ? shapeOfData(data) : shapeOf(shape);
  const meta = looseMeta(sizes, type);
  checkInit(data, type, meta.shape);
  return new Field(initialised(meta, looseOwner, data));
}

/** A Field as it is; of anything else an array. */
export function asarray(value: Operand | NestedArray | NumberArray): Field {
  if (value instanceof Field) return value;
  if (value instanceof Expr) return materialise(value);
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') throw scalar('asarray');
  return ArrayBuffer.isView(value) ? array(value) : array(value);
}

/** start, start + step, ... before stop, with NumPy's bits. One argument is the stop. */
export function arange(start: number, stop?: number, step = 1, dtype?: DType): Field {
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  for (const value of [from, to, step]) finite('arange', value);
  if (step === 0) throw new QuadrilleError('BAD_OPERAND', 'arange: the step is 0.', { expected: 'any other number' });
  const count = Math.max(0, Math.ceil((to - from) / step));
  const type = checkDType(dtype ?? 'f64');
  // NumPy computes the first two elements, and the others from their difference, in the array's type.
  const round = type === 'f32' ? Math.fround : (x: number) => x;
  const [first, second] = [round(from), round(from + step)];
  const delta = round(second - first);
  const made = materialise(indexExpr([count], 0, type).mul(delta).add(first));
  if (count > 1 && round(first + delta) !== second) made.at(1).set(second);
  return made;
}

/** `count` numbers from start to stop, evenly spaced, with NumPy's bits. */
export function linspace(start: number, stop: number, count = 50, endpoint = true, dtype?: DType): Field {
  finite('linspace', start);
  finite('linspace', stop);
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new QuadrilleError('BAD_SHAPE', `linspace: the number of points is ${show(count)}.`, {
      expected: 'a whole number, 0 or more',
    });
  }
  const type = checkDType(dtype ?? 'f64');
  const parts = endpoint ? count - 1 : count;
  const delta = stop - start;
  const step = delta / parts;
  const index = indexExpr([count], 0, 'f64');
  const value = parts <= 0 ? index.mul(delta) : step === 0 ? index.div(parts).mul(delta) : index.mul(step);
  const made = empty([count], type);
  made.set(value.add(start));
  if (endpoint && count > 1) made.at(-1).set(stop);
  return made;
}

/** Ones on the diagonal that starts at column `k`, zeros elsewhere. */
export function eye(n: number, m = n, k = 0, dtype?: DType): Field {
  const made = empty([n, m], dtype);
  const [rows, columns] = [indexExpr([n, 1], 0, 'f64'), indexExpr([m], 0, 'f64')];
  made.set(where(rows.add(k).eq(columns), 1, 0));
  return made;
}

/** One array per dimension, holding the index along it: as np.indices, and np.mgrid of whole ranges. */
export function indices(shape: ShapeLike, dtype?: DType): Field[] {
  const sizes = shapeOf(shape);
  return sizes.map((_, axis) => fromIndex(sizes, dtype, (...index) => index[axis] ?? 0));
}

/**
 * The array fn(i, j, ...) of the given shape. As in NumPy `fn` is called once, with the indices as arrays: they are
 * expressions here, and what it makes of them is computed in the engine.
 */
export function fromfunction(fn: (...index: Expr[]) => Operand, shape: ShapeLike, dtype?: DType): Field {
  return fromIndex(shapeOf(shape), dtype, fn);
}

/**
 * Coordinate arrays of one-dimensional ones: with 'xy' (as NumPy) X[i, j] = x[j] and Y[i, j] = y[i]; with 'ij' the first
 * array varies along the first dimension.
 */
export function meshgrid(arrays: readonly Expr[], indexing: 'xy' | 'ij' = 'xy'): Field[] {
  const lengths = arrays.map((one) => {
    const [n, more] = one.shape;
    if (n !== undefined && more === undefined) return n;
    throw new QuadrilleError('SHAPE_MISMATCH', `meshgrid of an array of shape (${one.shape.join(', ')}).`, {
      expected: 'arrays of one dimension',
    });
  });
  const order = arrays.map((_, k) => (indexing === 'xy' && k < 2 && arrays.length > 1 ? 1 - k : k));
  const shape = order.map((k) => lengths[k] ?? 0);
  return arrays.map((one, k) => {
    const dtype = storedAs(one.dtype);
    const axis = order.indexOf(k);
    const column = empty(
      shape.map((n, d) => (d === axis ? n : 1)),
      dtype,
    );
    column.at(...shape.map((_, d) => (d === axis ? ':' : 0))).set(one);
    const made = empty(shape, dtype);
    made.set(column);
    release(column);
    return made;
  });
}

/** The array in an .npy file. Collective. Throws FILE_ACCESS, FILE_FORMAT, BAD_DTYPE. */
export async function load(path: string): Promise<Field> {
  const { dtype, shape } = readNpyHeader(path);
  const made = empty(shape, dtype);
  await made.load(path);
  return made;
}

/** The index along `axis`, as an expression of shape `shape`, which is 1 in all other dimensions. */
export function indexExpr(shape: Shape, axis: number, dtype: DType): Expr {
  return exprOf({ structure: iota(shape, axis, 0, 1, dtype), storage: null, value: 0, stamp: 0, kids: [] });
}

function fromIndex(shape: Shape, dtype: DType | undefined, fn: (...index: Expr[]) => Operand): Field {
  const type = checkDType(dtype ?? 'f64');
  const index = shape.map((n, axis) => indexExpr([n, ...shape.slice(axis + 1).map(() => 1)], 0, type));
  const made = empty(shape, type);
  made.set(fn(...index));
  return made;
}

function filled(meta: FieldMeta, owner: Storage['owner'], value: number | undefined): Field {
  const storage = makeStorage(undefined, meta, -1, owner);
  // Where there may be no room, that is told here. Others may yet turn out to need none: see lib/temporary.ts.
  const large = (sizeOf(meta.shape) * ITEM_BYTES[meta.dtype]) / session.size >= LARGE;
  if (large) session.makeRoom(meta);
  const zeros = large && session.memory.provide(storage);
  if (value !== undefined && !(zeros && Object.is(value, 0))) define(storage, numberLeaf(value));
  storage.written = Math.max(storage.written, ++clock.now);
  return new Field(storage);
}

function shapeOf(shape: ShapeLike): Shape {
  return typeof shape === 'number' ? [shape] : shape;
}

function shapeOfData(data: NestedArray | NumberArray | ((...index: number[]) => number)): Shape {
  if (typeof data === 'function') {
    throw new QuadrilleError('BAD_SHAPE', 'array: a function of the index has no shape.', {
      expected: 'array(fn, shape)',
    });
  }
  const sizes: number[] = [];
  let part: unknown = data;
  while (Array.isArray(part) || isNumberArray(part)) {
    sizes.push(part.length);
    part = part[0];
  }
  return sizes;
}

/** As NumPy: of a TypedArray its own type where there is one, of booleans bool, of bigints i64; of numbers f64. */
function dtypeOf(data: unknown): DType {
  if (data instanceof Float32Array) return 'f32';
  if (data instanceof Int32Array) return 'i32';
  if (data instanceof BigInt64Array) return 'i64';
  let part: unknown = data;
  while (Array.isArray(part)) part = part[0];
  return typeof part === 'boolean' ? 'bool' : typeof part === 'bigint' ? 'i64' : 'f64';
}

function finite(what: string, value: unknown): void {
  if (typeof value === 'number' && Number.isFinite(value)) return;
  throw new QuadrilleError('BAD_OPERAND', `${what} cannot take ${show(value)}.`, { expected: 'a finite number' });
}

function scalar(what: string): QuadrilleError {
  return new QuadrilleError('BAD_OPERAND', `${what} of a plain number.`, {
    expected: 'a Field, an expression or data',
    hint: 'full(shape, value) makes an array of one value',
  });
}

function initialised(meta: FieldMeta, owner: Storage['owner'], init: Init): Storage {
  const storage = makeStorage(undefined, meta, -1, owner);
  storage.written = ++clock.now;
  session.memory.provide(storage, { init });
  const { offset, extent } = shareOf(meta);
  if (sizeOf(extent) > 0) writeBlock(storage, initialBlock(init, meta.dtype, meta.shape, offset, extent));
  return storage;
}
