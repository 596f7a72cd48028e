/**
 * NumPy 2's result types (NEP 50): types of operands in; out come the type an operation computes in and the type of its
 * result. Every layer asks here: recording, emission, and the machine of the tests.
 */
import { type BinaryFn, type DType, type ExprType, isTest, type ReduceFn, type UnaryFn } from './program.js';

const COMPARISONS: ReadonlySet<BinaryFn> = new Set(['lt', 'le', 'gt', 'ge', 'eq', 'ne']);
/** Unary functions whose result has the type of their operand; all others give floats. */
const KEEPING: ReadonlySet<UnaryFn> = new Set([
  'neg',
  'abs',
  'square',
  'floor',
  'ceil',
  'trunc',
  'sign',
  'invert',
  'reciprocal',
]);
/** Of floats only: integers become f64. */
const OF_FLOATS: ReadonlySet<BinaryFn> = new Set(['div', 'copysign', 'heaviside', 'nextafter', 'atan2', 'hypot']);

export function isComparison(fn: BinaryFn): boolean {
  return COMPARISONS.has(fn);
}

/** Of truth values: operands are asked whether they are zero. */
export function isTruth(fn: BinaryFn): fn is 'and' | 'or' | 'xor' {
  return fn === 'and' || fn === 'or' || fn === 'xor';
}

export function isFloat(type: ExprType): type is 'f64' | 'f32' | 'weak' {
  return type === 'f64' || type === 'f32' || type === 'weak';
}

/** i32, i64, or a whole number: not bool. */
export function isInteger(type: ExprType): boolean {
  return type === 'i32' || type === 'i64' || type === 'weakint';
}

/** The type two operands have in common. Numbers (weak) give way to fields, unless they are of a higher kind. */
export function promote(a: ExprType, b: ExprType): ExprType {
  if (a === b) return a;
  if (a === 'weak' || b === 'weak') {
    const other = a === 'weak' ? b : a;
    return isFloat(other) ? other : other === 'weakint' ? 'weak' : 'f64';
  }
  if (a === 'weakint' || b === 'weakint') {
    const other = a === 'weakint' ? b : a;
    return other === 'bool' ? 'i64' : other;
  }
  if (a === 'bool') return b;
  if (b === 'bool') return a;
  if (isInteger(a) && isInteger(b)) return 'i64';
  return 'f64'; // f32 with f64, and any integer with any float: i32 has more digits than f32
}

/** The type a field must have to hold it: a number by itself is a double, or a 64-bit integer. */
export function concrete(type: ExprType): DType {
  return type === 'weak' ? 'f64' : type === 'weakint' ? 'i64' : type;
}

/** What values of this type are reduced as: floats exactly, or by pairs, as doubles; all others modulo 2^64. */
export function reducedAs(type: ExprType): 'f64' | 'i64' {
  return isFloat(type) ? 'f64' : 'i64';
}

/** The type of `fn` of elements of type `a`, over all or along axes (NumPy's: sums of integers are 64 bits wide). */
export function reductionType(fn: ReduceFn, a: ExprType): DType {
  if (fn === 'argmin' || fn === 'argmax') return 'i64';
  return isFloat(a) || fn === 'min' || fn === 'max' ? concrete(a) : 'i64';
}

/** The type both operands are converted to before `fn` is applied. */
export function operandType(fn: BinaryFn, a: ExprType, b: ExprType): ExprType {
  if (isTruth(fn)) return 'bool';
  const common = promote(a, b);
  return OF_FLOATS.has(fn) && !isFloat(common) ? 'f64' : common;
}

export function binaryType(fn: BinaryFn, a: ExprType, b: ExprType): ExprType {
  return isComparison(fn) ? 'bool' : operandType(fn, a, b);
}

/** The type of `fn` of an operand of type `a`; `astype` names its own. */
export function unaryType(fn: UnaryFn, a: ExprType): ExprType {
  if (fn === 'not' || isTest(fn)) return 'bool';
  return KEEPING.has(fn) || isFloat(a) ? a : 'f64';
}
