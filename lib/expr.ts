/**
 * Expressions as users build them: operators and functions over fields, views and numbers. Nothing is computed; an
 * expression holds its structure (lib/structure.ts) and, at the leaves, storages and values.
 */
import type { BinaryFn, DType, ExprType, UnaryFn } from '../jit/program.js';
import { isComparison, isFloat, isInteger } from '../jit/types.js';
import type { Walk } from '../jit/view.js';
import { checkDType, fits } from './dtype.js';
import { QuadrilleError, show } from './errors.js';
import { foldBinary, foldUnary } from './fold.js';
import { looping } from './looping.js';
import { flipped, moved, reshaped, swapped, transposed } from './order.js';
import type { Shape } from './shape.js';
import { notKnown, readSlice, resolveSlices, type Slice, type Subscript } from './slice.js';
import { sliceTree } from './slice-tree.js';
import { clock, type Storage } from './storage.js';
import * as structures from './structure.js';
import { BOOL, FLOAT, INT, PARAM, type Structure, TYPED } from './structure.js';
import type { Tree } from './tree.js';

/**
 * What operators and functions take. A number takes the dtype of what it meets, as Python's do in NumPy; among integers
 * and booleans it is an int if it is whole, else a float (`i32.mul(2)` is i32, `i32.mul(2.5)` f64). A bigint is an int
 * everywhere, a boolean a bool.
 */
export type Operand = Expr | number | bigint | boolean;
export type { Tree };

const NONE: readonly Tree[] = [];

export function storageLeaf(structure: Structure, storage: Storage, stamp: number, ints: readonly number[] = []): Tree {
  const leaf = { structure, storage, value: 0, stamp, kids: NONE };
  return ints.length > 0 ? { ...leaf, ints } : leaf;
}

export function numberLeaf(value: number): Tree {
  return { structure: PARAM, storage: null, value, stamp: 0, kids: NONE };
}

export function intLeaf(value: number): Tree {
  return { structure: INT, storage: null, value, stamp: 0, kids: NONE };
}

export function boolLeaf(value: boolean): Tree {
  return { structure: BOOL, storage: null, value: value ? 1 : 0, stamp: 0, kids: NONE };
}

/** A number that is a float also among integers, whole or not: Python's 2.0. @internal */
export function pythonFloat(value: number): Expr {
  return new Computed({ structure: FLOAT, storage: null, value, stamp: 0, kids: NONE });
}

/** A np.float64(x), np.int32(x), ... for a template, where it counts as an array of that dtype. @internal */
export function typedNumber(value: number, dtype: 'f64' | 'f32' | 'i64' | 'i32'): Expr {
  return new Computed({ structure: TYPED[dtype], storage: null, value, stamp: 0, kids: NONE });
}

/**
 * Anything elementwise: a Field, a View, or what operators made of them. Operators follow NumPy 2: operands broadcast,
 * f32 with f64 gives f64, integers wrap around, integers with floats give f64, comparisons give booleans, which count as
 * 0 and 1. They throw SHAPE_MISMATCH, INTEGER_OVERFLOW and BAD_OPERAND where they are written.
 */
export abstract class Expr {
  /** For the recorder: this expression as it stands now. */
  abstract tree(): Tree;

  /** Shape after broadcasting. */
  get shape(): Shape {
    return this.tree().structure.shape;
  }

  /** Type of the elements: a dtype, or 'weak' (a plain number). */
  get dtype(): ExprType {
    return this.tree().structure.dtype;
  }

  /** @internal */
  walk(by: Walk): Expr {
    return exprOf(sliceTree(this.tree(), by));
  }

  /**
   * The part that `slices` (at most one per dimension; null is a new one) select, by NumPy's rules; only that part is
   * computed. Throws BAD_SLICE, TOO_MANY_SLICES, INDEX_OUT_OF_RANGE, INDEX_NOT_KNOWN.
   */
  at(...slices: Slice[]): Expr {
    return this.walk(resolveSlices(readSlices(slices), this.shape));
  }

  /** All dimensions the other way round: no copy, as the others below. */
  get T(): Expr {
    return this.walk(transposed(this.shape));
  }
  /** Dimension r of the result is dimension axes[r]; without axes all the other way round. Throws BAD_AXIS. */
  transpose(...axes: number[]): Expr {
    return this.walk(transposed(this.shape, axes));
  }
  /** Throws BAD_AXIS. */
  swapaxes(a: number, b: number): Expr {
    return this.walk(swapped(this.shape, a, b));
  }
  /** Dimension `from` becomes dimension `to`; the others keep their order. Throws BAD_AXIS. */
  moveaxis(from: number, to: number): Expr {
    return this.walk(moved(this.shape, from, to));
  }
  /** Backwards along an axis, several, or all. Throws BAD_AXIS. */
  flip(axis?: number | readonly number[]): Expr {
    return this.walk(flipped(this.shape, axis));
  }
  /** With dimensions of size 1 more or less; anything else would move elements among ranks. Throws BAD_SHAPE. */
  reshape(...shape: number[]): Expr {
    return this.walk(reshaped(this.shape, shape));
  }

  add(b: Operand): Expr {
    return binary('add', this, b);
  }
  sub(b: Operand): Expr {
    return binary('sub', this, b);
  }
  mul(b: Operand): Expr {
    return binary('mul', this, b);
  }
  div(b: Operand): Expr {
    return binary('div', this, b);
  }
  /** Floored quotient, NumPy's `//`; of integers 0 where the divisor is 0. */
  floordiv(b: Operand): Expr {
    return binary('floordiv', this, b);
  }
  /** What `floordiv` leaves, NumPy's `%`: with the divisor's sign. */
  mod(b: Operand): Expr {
    return binary('mod', this, b);
  }
  /**
   * As NumPy's `**`: exponents 2, 0.5, -1 and 1 are a square, a root, a reciprocal and the value itself. Integers take
   * whole exponents, not negative ones, and wrap around.
   */
  pow(b: Operand): Expr {
    return power(this, b);
  }
  neg(): Expr {
    return unary('neg', this);
  }
  abs(): Expr {
    return unary('abs', this);
  }
  sqrt(): Expr {
    return unary('sqrt', this);
  }
  lt(b: Operand): Expr {
    return binary('lt', this, b);
  }
  le(b: Operand): Expr {
    return binary('le', this, b);
  }
  gt(b: Operand): Expr {
    return binary('gt', this, b);
  }
  ge(b: Operand): Expr {
    return binary('ge', this, b);
  }
  eq(b: Operand): Expr {
    return binary('eq', this, b);
  }
  ne(b: Operand): Expr {
    return binary('ne', this, b);
  }
  /** NumPy's `&`: of two conditions, or bit by bit of integers. */
  and(b: Operand): Expr {
    return binary('bitand', this, b);
  }
  /** NumPy's `|`: of two conditions, or bit by bit of integers. */
  or(b: Operand): Expr {
    return binary('bitor', this, b);
  }
  /** NumPy's `^`: of two conditions, or bit by bit of integers. */
  xor(b: Operand): Expr {
    return binary('bitxor', this, b);
  }
  /** NumPy's `~`: of a condition, or of every bit of integers. */
  not(): Expr {
    return unary('invert', this);
  }
  /** NumPy's `<<`, of integers; counts beyond the width, and negative ones, leave 0. */
  shl(b: Operand): Expr {
    return binary('shl', this, b);
  }
  /** NumPy's `>>`, of integers: keeps the sign. */
  shr(b: Operand): Expr {
    return binary('shr', this, b);
  }
  /**
   * The elements converted: towards zero into integers, where what does not fit becomes the least one (as NumPy on
   * x86); "is not zero" into bool. Throws BAD_DTYPE.
   */
  astype(dtype: DType): Expr {
    return new Computed(astypeTree(this.tree(), checkDType(dtype)));
  }
}

/** What operators return. */
class Computed extends Expr {
  readonly #tree: Tree;
  readonly #made = clock.now;

  constructor(tree: Tree) {
    super();
    this.#tree = tree;
  }

  override tree(): Tree {
    const { watch } = looping;
    if (watch && this.#made < watch.since) addStorages(this.#tree, watch.expressions);
    return this.#tree;
  }
}

function addStorages({ storage, kids }: Tree, found: Set<Storage>): void {
  if (storage) found.add(storage);
  for (const kid of kids) addStorages(kid, found);
}

/** What a tree of shape () is made into; lib/scalar.ts, which builds on this file, puts Scalars here. */
export const zeroDimensional = { of: (tree: Tree): Expr => new Computed(tree) };

/** An expression from the inside. */
export function exprOf(tree: Tree): Expr {
  return tree.structure.shape.length === 0 ? zeroDimensional.of(tree) : new Computed(tree);
}

/** Throws BAD_OPERAND unless `operand` is an expression or a number. `what` names the operation. */
export function treeOf(what: string, operand: unknown): Tree {
  if (operand instanceof Expr) return operand.tree();
  if (typeof operand === 'number') return numberLeaf(operand);
  if (typeof operand === 'boolean') return boolLeaf(operand);
  if (typeof operand === 'bigint') return intLeaf(Number(operand)); // where it meets integers, it must be exact
  throw new QuadrilleError('BAD_OPERAND', `${what} cannot take ${show(operand)}.`, {
    expected: 'a Field, View, expression or number',
    hint:
      Array.isArray(operand) || ArrayBuffer.isView(operand)
        ? 'put the data into a field: grid.field({ init: data })'
        : undefined,
  });
}

function node(structure: Structure, kids: readonly Tree[]): Tree {
  return { structure, storage: null, value: 0, stamp: 0, kids };
}

/**
 * A plain number as it counts beside elements of type `other`: whole ones are ints among integers and booleans. Throws
 * INTEGER_OVERFLOW where those cannot hold it, as NumPy 2 does.
 */
export function settle(number: Tree, other: ExprType): Tree {
  const { structure, value } = number;
  if (isFloat(other) || (structure !== PARAM && structure !== INT)) return number;
  if (structure === PARAM && !Number.isInteger(value)) return number;
  checkFits(value, other);
  return structure === INT ? number : intLeaf(value);
}

function checkFits(value: number, other: ExprType): void {
  const type = other === 'i32' ? 'i32' : 'i64';
  if (fits(value, type) && Number.isSafeInteger(value)) return;
  throw new QuadrilleError('INTEGER_OVERFLOW', `${value} is out of bounds for ${type}.`, {
    expected: type === 'i32' ? 'a whole number from -2^31 to 2^31 - 1' : 'a whole number between -2^53 and 2^53',
    hint: type === 'i32' ? "convert first: a.astype('i64')" : 'put it into an i64 field',
  });
}

export function unaryTree(fn: UnaryFn, a: Tree): Tree {
  if (a.structure.op === 'param') return numberLeaf(foldUnary(fn, a.value));
  return node(structures.unary(fn, a.structure), [a]);
}

export function astypeTree(a: Tree, dtype: DType): Tree {
  const structure = structures.astype(a.structure, dtype);
  return structure === a.structure ? a : node(structure, [a]);
}

export function binaryTree(fn: BinaryFn, a: Tree, b: Tree): Tree {
  if (a.structure.op === 'param') {
    if (b.structure.op === 'param') return numberLeaf(foldBinary(fn, a.value, b.value));
    if (!isFloat(b.structure.dtype)) return besideIntegers(fn, a, b, a);
  } else if (b.structure.op === 'param' && !isFloat(a.structure.dtype)) return besideIntegers(fn, a, b, b);
  return node(structures.binary(fn, a.structure, b.structure), [a, b]);
}

/** One of the operands, `number`, is a plain number, the other holds integers or booleans. */
function besideIntegers(fn: BinaryFn, a: Tree, b: Tree, number: Tree): Tree {
  let other = number === a ? b : a;
  // A comparison is right also with what i32 cannot hold.
  const wide = isComparison(fn) && other.structure.dtype === 'i32' && !fits(number.value, 'i32');
  if (wide && Number.isInteger(number.value)) other = astypeTree(other, 'i64');
  const settled = settle(number, other.structure.dtype);
  const [left, right] = number === a ? [settled, other] : [other, settled];
  return node(structures.binary(fn, left.structure, right.structure), [left, right]);
}

export function whereTree(cond: Tree, a: Tree, b: Tree): Tree {
  const [numberA, numberB] = [a.structure.op === 'param', b.structure.op === 'param'];
  const left = numberA && !numberB ? settle(a, b.structure.dtype) : a;
  const right = numberB && !numberA ? settle(b, a.structure.dtype) : b;
  return node(structures.where(cond.structure, left.structure, right.structure), [cond, left, right]);
}

/** By the value of a scalar exponent, as NumPy's power loops: a square, a root and a reciprocal are no calls of pow. */
export function powerTree(a: Tree, b: Tree): Tree {
  if (b.structure.op !== 'param' || a.structure.op === 'param') return binaryTree('pow', a, b);
  const { dtype } = a.structure;
  if (!isFloat(dtype)) {
    const exponent = settle(b, dtype);
    if (isInteger(exponent.structure.dtype)) return integerPower(a, exponent.value);
    if (exponent.structure.dtype === 'bool') return binaryTree('pow', a, b);
    return powerTree(astypeTree(a, 'f64'), b);
  }
  if (b.value === 1) return a;
  if (b.value === 2) return unaryTree('square', a);
  if (b.value === 0.5) return unaryTree('sqrt', a);
  if (b.value === -1) return unaryTree('reciprocal', a);
  return binaryTree('pow', a, b);
}

/** By repeated squaring: modulo 2^32 or 2^64 the order of the products makes no difference. */
function integerPower(a: Tree, exponent: number): Tree {
  if (exponent < 0) {
    throw new QuadrilleError('BAD_OPERAND', 'Integers to negative integer powers are not allowed.', {
      hint: "convert first: a.astype('f64').pow(b), or in np text a float: a ** -1.0",
    });
  }
  if (a.structure.dtype === 'bool') return integerPower(astypeTree(a, 'i64'), exponent);
  // a * 0 + 1: NumPy's result has the shape of a.
  if (exponent === 0) return binaryTree('add', binaryTree('mul', a, intLeaf(0)), intLeaf(1));
  let result: Tree | undefined;
  let square = a;
  for (let rest = exponent; ; square = unaryTree('square', square)) {
    if (rest % 2 === 1) result = result ? binaryTree('mul', result, square) : square;
    rest = Math.floor(rest / 2);
    if (rest === 0) return result ?? square;
  }
}

export function unary(fn: UnaryFn, a: Operand): Expr {
  return exprOf(unaryTree(fn, treeOf(fn, a)));
}

export function binary(fn: BinaryFn, a: Operand, b: Operand): Expr {
  return exprOf(binaryTree(fn, treeOf(fn, a), treeOf(fn, b)));
}

export function power(a: Operand, b: Operand): Expr {
  return exprOf(powerTree(treeOf('pow', a), treeOf('pow', b)));
}

/** Slices of what cannot be assigned to. Throws BAD_SLICE; INDEX_NOT_KNOWN where a Scalar stands among them. */
function readSlices(slices: readonly (Slice | Expr)[]): Subscript[] {
  return slices.map((slice) => {
    if (holdsExpr(slice)) throw notKnown();
    if (!(slice instanceof Expr)) return readSlice(slice);
    throw new QuadrilleError('BAD_SLICE', 'An array as an index of an expression is not translated.', {
      expected: 'slices and integers',
      hint: 'where(condition, a, b) chooses among elements; store the expression in a field to assign to some',
    });
  });
}

/** Is it a value of the engine, or a slice with one as a bound? @internal */
export function holdsExpr(slice: Slice | Expr): boolean {
  if (slice instanceof Expr) return slice.dtype !== 'bool' && slice.shape.length === 0;
  return Array.isArray(slice) && slice.some((part) => part instanceof Expr);
}
