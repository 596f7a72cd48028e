/**
 * Reductions over all elements, as functions and as methods: operands in, a Scalar out. It is what the operand's
 * elements are where it is written, whatever is stored into its fields later. Each gives the same bits on any number of
 * ranks, threads and tiles. Comparisons count as 1 and 0. Throws BAD_OPERAND, DISPOSED, STALE_EXPRESSION.
 */
import { Expr, type Operand, type Tree, treeOf, unaryTree } from './expr.js';
import { dotTree, normTree, REDUCERS, recording, varianceTree } from './reduction.js';
import { Scalar } from './scalar.js';

function reduce(name: keyof typeof REDUCERS, a: Operand): Scalar {
  return scalar(REDUCERS[name](treeOf(name, a), recording));
}

function scalar(tree: Tree): Scalar {
  return new Scalar(tree);
}

/**
 * The sum: exact, then rounded once (NumPy's is rounded at every addition). Infinite where it is beyond the range of its
 * type, or where infinities are summed; f32 gives f32.
 */
export function sum(a: Operand): Scalar {
  return reduce('sum', a);
}

/** The sum divided by the number of elements; NaN if there are none. */
export function mean(a: Operand): Scalar {
  return reduce('mean', a);
}

/** Position, in C order, of the least element, the first of equal ones; of the first NaN if there is one. */
export function argmin(a: Operand): Scalar {
  return reduce('argmin', a);
}

/** Position, in C order, of the greatest element, the first of equal ones; of the first NaN if there is one. */
export function argmax(a: Operand): Scalar {
  return reduce('argmax', a);
}

/** Is any element true, or not 0? A condition. */
export function any(a: Operand): Scalar {
  return reduce('any', a);
}

/** Are all elements true, or not 0? A condition. */
export function all(a: Operand): Scalar {
  return reduce('all', a);
}

/** How many elements are true, or not 0. */
export function countNonzero(a: Operand): Scalar {
  return reduce('countNonzero', a);
}

/** Sum of the products of two operands of one shape (of any number of dimensions: np.vdot). Throws SHAPE_MISMATCH. */
export function dot(a: Operand, b: Operand): Scalar {
  return scalar(dotTree(treeOf('dot', a), treeOf('dot', b), recording));
}

/** The same. */
export const vdot = dot;

/** Norm of all elements as one vector: 2 (default) the root of the sum of squares, 1 the sum, Infinity the greatest, of absolute values. */
export function norm(a: Operand, order: 1 | 2 | typeof Infinity = 2): Scalar {
  return scalar(normTree(treeOf('norm', a), order, recording));
}

/** Mean squared distance from the mean. `ddof`: divided by the number of elements less this. */
export function variance(a: Operand, { ddof = 0 }: { ddof?: number } = {}): Scalar {
  return scalar(varianceTree(treeOf('variance', a), ddof, recording));
}

/** Root of the variance. */
export function std(a: Operand, { ddof = 0 }: { ddof?: number } = {}): Scalar {
  return scalar(unaryTree('sqrt', varianceTree(treeOf('std', a), ddof, recording)));
}

/** The least element; NaN if there is one. */
export function minOf(a: Operand): Scalar {
  return reduce('min', a);
}

/** The greatest element; NaN if there is one. */
export function maxOf(a: Operand): Scalar {
  return reduce('max', a);
}

declare module './expr.js' {
  /** Over all elements: see the functions of the same names. */
  interface Expr {
    sum(): Scalar;
    mean(): Scalar;
    min(): Scalar;
    max(): Scalar;
    argmin(): Scalar;
    argmax(): Scalar;
    any(): Scalar;
    all(): Scalar;
    dot(b: Operand): Scalar;
    std(options?: { ddof?: number }): Scalar;
    variance(options?: { ddof?: number }): Scalar;
  }
}

const methods = { sum, mean, min: minOf, max: maxOf, argmin, argmax, any, all };
for (const [name, fn] of Object.entries(methods)) {
  Object.defineProperty(Expr.prototype, name, {
    value(this: Expr) {
      return fn(this);
    },
  });
}
Object.defineProperty(Expr.prototype, 'dot', {
  value(this: Expr, b: Operand) {
    return dot(this, b);
  },
});
for (const [name, fn] of Object.entries({ std, variance })) {
  Object.defineProperty(Expr.prototype, name, {
    value(this: Expr, options?: { ddof?: number }) {
      return fn(this, options);
    },
  });
}
