/**
 * Reductions as trees: what is reduced in, the tree of a Scalar out. Mean, norm and the like are composed here of those
 * that the engine knows (jit/program.ts, ReduceFn), for both dialects: a Builder says how a reduction is recorded.
 */
import type { DType, ReduceFn } from '../jit/program.js';
import { QuadrilleError, show } from './errors.js';
import { binaryTree, numberLeaf, type Tree, unaryTree, whereTree } from './expr.js';
import { newScalar, plainOptions, scalarTree } from './scalar.js';
import { session } from './session.js';
import { formatShape, sizeOf } from './shape.js';
import { gather } from './statement.js';
import type { Storage } from './storage.js';
import * as structures from './structure.js';
import { type Structure, wholeView } from './structure.js';

export interface Builder {
  number(value: number): Tree;
  /** `fn` over all elements of `tree`, as they are now. It has elements, and more than one dimension or none. */
  reduce(fn: ReduceFn, tree: Tree): Tree;
}

/** Records at once. */
export const recording: Builder = {
  number: numberLeaf,
  reduce(fn, tree) {
    const leaves: Storage[] = [];
    const params: number[] = [];
    const ints: number[] = [];
    gather(tree, leaves, params, ints);
    const [first] = leaves;
    const target = newScalar(resultType(fn, tree), first?.meta.options ?? plainOptions(), first?.owner.batch);
    const statement = structures.reduction(wholeView(target.meta), fn, tree.structure);
    session.recorder.before(statement, target, leaves);
    session.recorder.push(statement, [target, ...leaves], params, { ints });
    return scalarTree(target);
  },
};

/** A sum of f32 is f32, as NumPy's is (but rounded once). */
export function resultType(fn: ReduceFn, { structure }: Tree): DType {
  return structure.dtype === 'f32' && fn !== 'argmin' && fn !== 'argmax' ? 'f32' : 'f64';
}

export type Reducer = (a: Tree, build: Builder) => Tree;

/** By name; see lib/reduction-functions.ts for what they are. */
export const REDUCERS = {
  sum: (a, build) => total(numeric(a, build), build),
  mean: (a, build) => binaryTree('div', total(numeric(a, build), build), build.number(countOf(a))),
  min: (a, build) => extreme('min', a, build),
  max: (a, build) => extreme('max', a, build),
  argmin: (a, build) => extreme('argmin', a, build),
  argmax: (a, build) => extreme('argmax', a, build),
  any: (a, build) => (countOf(a) === 0 ? falsehood(build) : isTrue(reduced('max', truths(a, build), build), build)),
  all: (a, build) =>
    countOf(a) === 0 ? unaryTree('not', falsehood(build)) : isTrue(reduced('min', truths(a, build), build), build),
  countNonzero: (a, build) => total(truths(a, build), build),
} satisfies Record<string, Reducer>;

/** Sum of products: each is rounded, their sum is exact. */
export function dotTree(a: Tree, b: Tree, build: Builder): Tree {
  const [one, other] = [a.structure.shape, b.structure.shape];
  if (String(one) !== String(other)) {
    throw new QuadrilleError(
      'SHAPE_MISMATCH',
      `dot: the operands have shapes ${formatShape(one)} and ${formatShape(other)}.`,
      { expected: 'two operands of one shape: products of matrices are not there' },
    );
  }
  return total(binaryTree('mul', numeric(a, build), numeric(b, build)), build);
}

/** Of all elements as one vector: 1, 2 or Infinity. Throws BAD_OPERAND. */
export function normTree(a: Tree, order: unknown, build: Builder): Tree {
  const x = numeric(a, build);
  switch (order) {
    case 1:
      return total(unaryTree('abs', x), build);
    case 2:
      return unaryTree('sqrt', total(unaryTree('square', x), build));
    case Number.POSITIVE_INFINITY:
      return countOf(a) === 0 ? build.number(0) : reduced('max', unaryTree('abs', x), build);
    default:
      throw new QuadrilleError('BAD_OPERAND', `norm: the order is ${show(order)}.`, { expected: '1, 2 or Infinity' });
  }
}

/** Mean of the squared distances from the mean, as np.var computes it. `ddof` is subtracted from their number. */
export function varianceTree(a: Tree, ddof: number, build: Builder): Tree {
  const x = numeric(a, build);
  const n = countOf(a);
  const mean = binaryTree('div', total(x, build), build.number(n));
  const squares = total(unaryTree('square', binaryTree('sub', x, mean)), build);
  return binaryTree('div', squares, build.number(Math.max(n - ddof, 0)));
}

function countOf({ structure }: Tree): number {
  return sizeOf(structure.shape);
}

function total(a: Tree, build: Builder): Tree {
  return countOf(a) === 0 ? build.number(0) : reduced('sum', a, build);
}

function extreme(fn: ReduceFn, a: Tree, build: Builder): Tree {
  if (countOf(a) === 0) {
    throw new QuadrilleError(
      'BAD_OPERAND',
      `${fn} of an array without elements, shape ${formatShape(a.structure.shape)}.`,
      {
        expected: 'at least one element',
      },
    );
  }
  if (a.structure.dtype !== 'bool') return reduced(fn, a, build);
  const found = reduced(fn, numeric(a, build), build);
  return fn === 'min' || fn === 'max' ? isTrue(found, build) : found;
}

/** What has shape () is its own sum, least and greatest element. */
function reduced(fn: ReduceFn, a: Tree, build: Builder): Tree {
  if (a.structure.shape.length > 0) return build.reduce(fn, a);
  if (fn === 'argmin' || fn === 'argmax') return build.number(0);
  // An element of a field is taken as it is now: any reduction of it does.
  return readsField(a.structure) ? build.reduce('max', a) : a;
}

/** Is anything but Scalars and numbers in it? */
function readsField(a: Structure): boolean {
  switch (a.op) {
    case 'load':
      return a.view.meta.shape.length > 0;
    case 'param':
    case 'iota':
      return false;
    case 'unary':
      return readsField(a.a);
    case 'binary':
      return readsField(a.a) || readsField(a.b);
    case 'where':
      return readsField(a.cond) || readsField(a.a) || readsField(a.b);
  }
}

/** Conditions as 1 and 0. */
function numeric(a: Tree, build: Builder): Tree {
  return a.structure.dtype === 'bool' ? whereTree(a, build.number(1), build.number(0)) : a;
}

/** 1 where an element is a true condition, or a number that is not 0 (NaN is not). */
function truths(a: Tree, build: Builder): Tree {
  return numeric(a.structure.dtype === 'bool' ? a : binaryTree('ne', a, build.number(0)), build);
}

function isTrue(a: Tree, build: Builder): Tree {
  return binaryTree('ne', a, build.number(0));
}

function falsehood(build: Builder): Tree {
  return build.number(0);
}
