/** Element types as users name them and as JavaScript holds them: names checked, typed arrays made, values converted. */
import type { DType, ExprType } from '../jit/program.js';
import { didYouMean, QuadrilleError, show } from './errors.js';

/** What holds a whole field of each dtype in JavaScript; of bool a byte each, 0 or 1. */
export interface ArrayTypes {
  f64: Float64Array;
  f32: Float32Array;
  i64: BigInt64Array;
  i32: Int32Array;
  bool: Uint8Array;
}

/** All dtypes whose elements JavaScript's numbers hold: all but i64. */
export type NumberDType = Exclude<DType, 'i64'>;
export type FieldArray<D extends DType = NumberDType> = ArrayTypes[D];
export type AnyArray = FieldArray<DType>;
/** One element: a bigint for i64, a number for all others (0 or 1 for bool). */
export type Element<D extends DType = NumberDType> = D extends 'i64' ? bigint : number;

export const DTYPES: readonly DType[] = ['f64', 'f32', 'i64', 'i32', 'bool'];

/** NumPy's names, and what other languages call them. */
const ALIASES: Readonly<Record<string, DType>> = {
  float64: 'f64',
  double: 'f64',
  float: 'f64',
  number: 'f64',
  float_: 'f64',
  float32: 'f32',
  single: 'f32',
  int64: 'i64',
  int: 'i64',
  int_: 'i64',
  long: 'i64',
  bigint: 'i64',
  int32: 'i32',
  intc: 'i32',
  integer: 'i32',
  f8: 'f64',
  f4: 'f32',
  i8: 'i64',
  i4: 'i32',
  bool_: 'bool',
  bool8: 'bool',
  boolean: 'bool',
};

/** The dtype that NumPy calls `name`, or undefined. */
export function dtypeOfNumpy(name: string): DType | undefined {
  return Object.hasOwn(ALIASES, name) ? ALIASES[name] : DTYPES.find((known) => known === name);
}

/** A dtype a user gave, as it is. Throws BAD_DTYPE. */
export function checkDType(dtype: unknown): DType {
  const known = DTYPES.find((name) => name === dtype);
  if (known) return known;
  const meant = typeof dtype === 'string' ? dtypeOfNumpy(dtype) : undefined;
  throw new QuadrilleError('BAD_DTYPE', `There is no dtype ${show(dtype)}.`, {
    expected: "'f64', 'f32', 'i64', 'i32' or 'bool'",
    hint: meant ? `did you mean '${meant}'?` : typeof dtype === 'string' ? didYouMean(dtype, DTYPES) : undefined,
  });
}

/** The dtype of an array made of such values: of Python's numbers NumPy's default. */
export function storedAs(type: ExprType): DType {
  return type === 'weak' ? 'f64' : type === 'weakint' ? 'i64' : type;
}

/** An array of zeros. */
export function arrayOf(dtype: DType, length: number): AnyArray {
  switch (dtype) {
    case 'f64':
      return new Float64Array(length);
    case 'f32':
      return new Float32Array(length);
    case 'i64':
      return new BigInt64Array(length);
    case 'i32':
      return new Int32Array(length);
    case 'bool':
      return new Uint8Array(length);
  }
}

/** The dtype whose elements `data` holds. */
export function dtypeOf(data: AnyArray): DType {
  if (data instanceof Float64Array) return 'f64';
  if (data instanceof Float32Array) return 'f32';
  if (data instanceof BigInt64Array) return 'i64';
  return data instanceof Int32Array ? 'i32' : 'bool';
}

const LEAST = { i32: -(2n ** 31n), i64: -(2n ** 63n) } as const;

/** Is the whole number `value` an element of `dtype`? */
export function fits(value: number | bigint, dtype: 'i32' | 'i64'): boolean {
  return value >= LEAST[dtype] && value < -LEAST[dtype];
}

/**
 * Writes `value` as an element of the array's dtype: towards zero into integers, "is not zero" into bool. Returns false
 * if that dtype cannot hold it (NaN and what is too large, in integers); then nothing was written.
 */
export function putElement(data: AnyArray, at: number, value: number | bigint | boolean): boolean {
  if (data instanceof Uint8Array) {
    data[at] = value ? 1 : Number.isNaN(value) ? 1 : 0;
  } else if (data instanceof BigInt64Array || data instanceof Int32Array) {
    const whole = typeof value === 'number' ? Math.trunc(value) : value;
    if (typeof whole === 'number' && !Number.isFinite(whole)) return false;
    const exact = BigInt(whole);
    if (!fits(exact, data instanceof Int32Array ? 'i32' : 'i64')) return false;
    if (data instanceof BigInt64Array) data[at] = exact;
    else data[at] = Number(exact);
  } else {
    data[at] = Number(value);
  }
  return true;
}
