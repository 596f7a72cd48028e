/**
 * Reductions as functions and as methods: an operand in; over all elements a Scalar, along axes an array of the
 * dimensions that are left, out. It is what the operand's elements are where it is written, whatever is stored into its
 * fields later. Each gives the same bits on any number of ranks, threads and tiles.
 *
 * Types are NumPy's: sums and products of integers and of conditions (which count as 1 and 0) are i64 and wrap around,
 * minima and maxima keep the type, positions and counts are i64, means, spreads and norms of integers f64; f32 stays f32.
 *
 * Along axes elements are taken in index order, as NumPy takes those of an array in C order. All throw BAD_OPERAND (an
 * axis that is not there, nothing to be reduced), DISPOSED, STALE_EXPRESSION.
 */
import { Expr, exprOf, type Operand, type Tree, treeOf, unaryTree } from './expr.js';
import { Field } from './field.js';
import { dotTree, normTree, REDUCERS, readAxes, recording, varianceTree } from './reduction.js';
import { Scalar } from './scalar.js';
import { wholeView } from './structure.js';

export interface AxisOptions {
  /** The dimension to reduce, or several; negative ones count from the last. */
  axis: number | readonly number[];
  /** Reduced dimensions stay, of size 1, so that the result broadcasts against the operand (false). */
  keepdims?: boolean;
}

/** Over all elements, or along axes. */
interface Reduction<Result extends Expr> {
  (a: Operand): Scalar;
  (a: Operand, options: AxisOptions): Result;
}

type Name = keyof typeof REDUCERS;

function reduction<Result extends Expr>(name: Name, wrap: (tree: Tree) => Result): Reduction<Result> {
  function reduce(a: Operand): Scalar;
  function reduce(a: Operand, options: AxisOptions): Result;
  function reduce(a: Operand, options?: AxisOptions): Scalar | Result {
    const tree = treeOf(name, a);
    const along = readAxes(name, options?.axis, tree.structure.shape, options?.keepdims);
    const result = REDUCERS[name](tree, recording, along);
    return result.structure.shape.length === 0 ? new Scalar(result) : wrap(result);
  }
  return reduce;
}

/** A new array, which belongs to no Grid. */
function asField(tree: Tree): Field {
  const { storage, structure } = tree;
  if (storage && structure.op === 'load' && structure.view === wholeView(storage.meta)) return new Field(storage);
  throw new TypeError('a reduction along axes gave no array');
}

/**
 * The sum. Over all elements it is exact, then rounded once (NumPy's is rounded at every addition): infinite where it
 * is beyond the range of its type. Along axes it has NumPy's bits. f32 gives f32, rounded once.
 */
export const sum = reduction('sum', asField);

/** The product, in index order (C order over all elements, which then all travel to every rank). */
export const prod = reduction('prod', asField);

/** The sum divided by the number of elements; NaN if there are none. */
export const mean = reduction('mean', exprOf);

/** The least element; NaN if there is one. */
export const minOf = reduction('min', asField);

/** The greatest element; NaN if there is one. */
export const maxOf = reduction('max', asField);

/** Position, in C order, of the least element, the first of equal ones; of the first NaN if there is one. */
export const argmin = reduction('argmin', asField);

/** Position, in C order, of the greatest element, the first of equal ones; of the first NaN if there is one. */
export const argmax = reduction('argmax', asField);

/** Is any element true, or not 0? A condition. */
export const any = reduction('any', exprOf);

/** Are all elements true, or not 0? A condition. */
export const all = reduction('all', exprOf);

/** How many elements are true, or not 0. */
export const countNonzero = reduction('countNonzero', asField);

/**
 * Sum of the products of two operands of one shape (of any number of dimensions: np.vdot), of the type of one product;
 * of conditions: is any pair true? Throws SHAPE_MISMATCH.
 */
export function dot(a: Operand, b: Operand): Scalar {
  return new Scalar(dotTree(treeOf('dot', a), treeOf('dot', b), recording));
}

/** The same. */
export const vdot = dot;

/**
 * Norm of all elements as one vector: 2 (default) the root of the sum of squares, 1 the sum, Infinity the greatest, of
 * absolute values.
 */
export function norm(a: Operand, order: 1 | 2 | typeof Infinity = 2): Scalar {
  return new Scalar(normTree(treeOf('norm', a), order, recording));
}

/** `ddof`: divided by the number of elements less this (0). */
export interface SpreadOptions extends Partial<AxisOptions> {
  ddof?: number;
}

/** Mean squared distance from the mean. */
export function variance(a: Operand, options?: { ddof?: number }): Scalar;
export function variance(a: Operand, options: SpreadOptions): Expr;
export function variance(a: Operand, { ddof = 0, axis, keepdims }: SpreadOptions = {}): Expr {
  const tree = treeOf('variance', a);
  return exprOf(varianceTree(tree, ddof, recording, readAxes('variance', axis, tree.structure.shape, keepdims)));
}

/** Root of the variance. */
export function std(a: Operand, options?: { ddof?: number }): Scalar;
export function std(a: Operand, options: SpreadOptions): Expr;
export function std(a: Operand, { ddof = 0, axis, keepdims }: SpreadOptions = {}): Expr {
  const tree = treeOf('std', a);
  const along = readAxes('std', axis, tree.structure.shape, keepdims);
  return exprOf(unaryTree('sqrt', varianceTree(tree, ddof, recording, along)));
}

interface Method<Result> {
  (): Scalar;
  (options: AxisOptions): Result;
}

interface SpreadMethod {
  (options?: { ddof?: number }): Scalar;
  (options: SpreadOptions): Expr;
}

declare module './expr.js' {
  /** See the functions of the same names. */
  interface Expr {
    sum: Method<Field>;
    prod: Method<Field>;
    mean: Method<Expr>;
    min: Method<Field>;
    max: Method<Field>;
    argmin: Method<Field>;
    argmax: Method<Field>;
    any: Method<Expr>;
    all: Method<Expr>;
    std: SpreadMethod;
    variance: SpreadMethod;
    dot(b: Operand): Scalar;
  }
}

const methods = { sum, prod, mean, min: minOf, max: maxOf, argmin, argmax, any, all, std, variance, dot };
for (const [name, fn] of Object.entries<(a: Operand, ...more: never[]) => Expr>(methods)) {
  Object.defineProperty(Expr.prototype, name, {
    value(this: Expr, ...more: never[]) {
      return fn(this, ...more);
    },
  });
}
