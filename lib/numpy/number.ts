/**
 * Arithmetic of plain numbers as Python and NumPy do it: NumberValues in, one NumberValue, with how to compute it again
 * for other interpolated numbers, out. What a number is beside the elements of a field.
 */
import type { BinaryFn, DType, ExprType, UnaryFn } from '../../jit/program.js';
import { binaryType, concrete, isComparison, isFloat } from '../../jit/types.js';
import { QuadrilleError } from '../errors.js';
import { boolLeaf, intLeaf, numberLeaf, settle, type Tree } from '../expr.js';
import { foldBinary, foldUnary } from '../fold.js';
import { stored } from '../statement.js';
import { FLOAT } from '../structure.js';
import { isNumpyType, type NumberType, type NumberValue, type Recipe } from './value.js';

const INTEGER_ONLY: ReadonlySet<BinaryFn> = new Set(['bitand', 'bitor', 'bitxor', 'shl', 'shr']);

/** What computes; the template's numbers, of this run, are for its messages. */
export type Compute = (fn: BinaryFn, x: number, y: number, numbers: readonly number[]) => number;

/** `fn` of two numbers. Throws BAD_OPERAND where Python raises TypeError or ZeroDivisionError. */
export function combineNumbers(
  fn: BinaryFn,
  a: NumberValue,
  b: NumberValue,
  numbers: readonly number[],
  compute: Compute = foldBinary,
): NumberValue {
  const type = binaryNumber(fn, a, b);
  const apply = (x: number, y: number, n: readonly number[]): number => {
    if (INTEGER_ONLY.has(fn) && !(Number.isInteger(x) && Number.isInteger(y))) {
      throw new QuadrilleError('BAD_OPERAND', 'Bits of a float: a TypeError in Python.');
    }
    const result = compute(fn, x, y, n);
    return type === 'f32' ? Math.fround(result) : result;
  };
  const value = apply(a.value, b.value, numbers);
  const holes = [...a.holes, ...b.holes];
  const recipe: Recipe = holes.length === 0 ? () => value : (n) => apply(a.recipe(n), b.recipe(n), n);
  return { kind: 'number', type, value, recipe, holes };
}

function binaryNumber(fn: BinaryFn, a: NumberValue, b: NumberValue): NumberType {
  if (isComparison(fn) || fn === 'and' || fn === 'or') return 'bool';
  const types = [a.type, b.type];
  if (types.some(isNumpyType)) return numpyType(fn, a, b);
  if (types.includes('float') || fn === 'div') return 'float';
  if (INTEGER_ONLY.has(fn)) return types.every((type) => type === 'bool') && !fn.startsWith('sh') ? 'bool' : 'int';
  if (types.includes('open')) return 'open';
  return fn === 'pow' && b.value < 0 ? 'float' : 'int';
}

/** By NumPy 2's rules: Python's numbers give way. */
function numpyType(fn: BinaryFn, a: NumberValue, b: NumberValue): NumberType {
  return concrete(binaryType(fn, exprType(a), exprType(b)));
}

/** What it counts as beside others. */
export function exprType({ type, value }: NumberValue): ExprType {
  if (isNumpyType(type) || type === 'bool') return type;
  return type === 'int' || (type === 'open' && Number.isInteger(value)) ? 'weakint' : 'weak';
}

/** Python's own: the sign, and ~. */
export function pythonUnary(fn: 'neg' | 'invert', a: NumberValue): NumberValue {
  if (fn === 'invert' && !Number.isInteger(a.value)) {
    throw new QuadrilleError('BAD_OPERAND', 'Bits of a float: a TypeError in Python.');
  }
  return unaryNumber(fn, a, a.type === 'bool' ? 'int' : a.type);
}

/** A function of np: it gives a np.float64, which does not give way to f32. */
export function functionOfNumber(fn: UnaryFn, a: NumberValue): NumberValue {
  const whole = a.type === 'int' || a.type === 'bool';
  if (fn === 'not') return unaryNumber(fn, a, 'bool');
  if (whole && ['neg', 'abs', 'square', 'sign', 'invert', 'floor', 'ceil', 'trunc'].includes(fn))
    return unaryNumber(fn, a, 'int');
  return unaryNumber(fn, a, 'f64');
}

function unaryNumber(fn: UnaryFn, a: NumberValue, type: NumberType): NumberValue {
  const value = foldUnary(fn, a.value);
  return { kind: 'number', type, value, recipe: (n) => foldUnary(fn, a.recipe(n)), holes: a.holes };
}

/** Python's float(), int() and bool(), and NumPy's types of one number. */
export function convertNumber(a: NumberValue, type: 'int' | 'float' | 'bool' | 'f64'): NumberValue {
  const apply = (x: number): number => {
    if (type === 'bool') return x !== 0 ? 1 : 0;
    if (type !== 'int') return x;
    if (!Number.isFinite(x)) throw new QuadrilleError('BAD_OPERAND', `${x} is no integer: an error in Python.`);
    return Math.trunc(x) + 0;
  };
  return { kind: 'number', type, value: apply(a.value), recipe: (n) => apply(a.recipe(n)), holes: a.holes };
}

/** How a number enters an expression, and how it is checked when the template runs again. */
export interface Leaf {
  readonly tree: Tree;
  readonly recipe: Recipe;
  readonly holes: readonly number[];
  /** Set where the structure depends on whether the number is whole. */
  readonly whole: boolean | undefined;
}

/** The leaf of a number that meets elements of type `other`. Throws INTEGER_OVERFLOW. */
export function leafBeside(number: NumberValue, other: ExprType): Leaf {
  const { type, value, recipe, holes } = number;
  if (isFloat(other)) return { tree: typedLeaf(type, value), recipe, holes, whole: undefined };
  const whole = type === 'open' ? Number.isInteger(value) : undefined;
  const asInt = whole === true || type === 'int' || type === 'i64' || type === 'i32';
  const leaf = (x: number): Tree => settle(asInt ? intLeaf(x) : typedLeaf(type === 'open' ? 'float' : type, x), other);
  return { tree: leaf(value), recipe: asInt ? (n) => leaf(recipe(n)).value : recipe, holes, whole };
}

/** The leaf of a number that elements of `dtype` store. Throws INTEGER_OVERFLOW. */
export function leafStored({ value, recipe, holes }: NumberValue, dtype: DType): Leaf {
  const leaf = (x: number): Tree => stored(numberLeaf(x), dtype);
  return { tree: leaf(value), recipe: isFloat(dtype) ? recipe : (n) => leaf(recipe(n)).value, holes, whole: undefined };
}

function typedLeaf(type: NumberType, value: number): Tree {
  switch (type) {
    case 'open':
      return numberLeaf(value);
    case 'int':
    case 'i64':
    case 'i32':
      return intLeaf(value);
    case 'bool':
      return boolLeaf(value !== 0);
    case 'float':
    case 'f64':
    case 'f32':
      return { ...numberLeaf(value), structure: FLOAT };
  }
}
