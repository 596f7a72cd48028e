/**
 * Reductions as trees: what is reduced in, the tree of a Scalar (or, along axes, of an array) out. Mean, norm and the
 * like are composed here of those that the engine knows (jit/program.ts, ReduceFn), for both dialects: a Builder says
 * how a reduction is recorded.
 */
import { chooseProcessGrid } from '../jit/decompose.js';
import type { Axis, ProgramOptions, ReduceFn } from '../jit/program.js';
import { isFloat, reductionType } from '../jit/types.js';
import { QuadrilleError, show } from './errors.js';
import { astypeTree, binaryTree, boolLeaf, intLeaf, numberLeaf, storageLeaf, type Tree, unaryTree } from './expr.js';
import { looseOwner } from './loose.js';
import { plainOptions, scalarMeta } from './scalar.js';
import { session } from './session.js';
import { formatShape, type Shape, sizeOf } from './shape.js';
import { gather } from './statement.js';
import { clock, internMeta, makeResult, type Storage, type ViewStructure } from './storage.js';
import * as structures from './structure.js';
import { internView, loadOf, type Structure, wholeView } from './structure.js';

/** Dimensions that are reduced, ascending; with `keepdims` they stay, of size 1. */
export interface Along {
  readonly axes: readonly number[];
  readonly keepdims: boolean;
}

export interface Builder {
  number(value: number): Tree;
  /** `fn` over all elements of `tree`, or along axes, as they are now. */
  reduce(fn: ReduceFn, tree: Tree, along?: Along): Tree;
}

/** Records at once. */
export const recording: Builder = {
  number: numberLeaf,
  reduce(fn, tree, along) {
    const leaves: Storage[] = [];
    const params: number[] = [];
    const ints: number[] = [];
    gather(tree, leaves, params, ints);
    const [first] = leaves;
    const view = resultView(fn, tree, first?.meta.options ?? plainOptions(), along);
    const target = makeResult('a reduction', view.meta, first?.owner.batch ?? looseOwner.batch);
    const statement = structures.reduction(view, fn, tree.structure, along?.axes);
    session.recorder.before(statement, target, leaves);
    session.recorder.push(statement, target, leaves, params, ints);
    return storageLeaf(loadOf(wholeView(view.meta)), target, clock.now);
  },
};

/** What a reduction is stored in: a Scalar, or an array cut among the ranks for itself. */
export function resultView(fn: ReduceFn, tree: Tree, options: ProgramOptions, along: Along | undefined): ViewStructure {
  const dtype = reductionType(fn, tree.structure.dtype);
  const shape = along ? shapeAlong(tree.structure.shape, along) : [];
  if (shape.length === 0) return wholeView(scalarMeta(dtype, options));
  const decomposition = { shape, processGrid: chooseProcessGrid(shape, session.size) };
  const meta = internMeta(
    { dtype, shape, decomposition },
    options,
    shape.map(() => false),
  );
  if (!along?.keepdims) return wholeView(meta);
  const axes = shape.map(
    (count, d): Axis =>
      along.axes.includes(d) ? { kind: 'index', at: 0 } : { kind: 'range', start: 0, step: 1, count },
  );
  return internView(meta, { axes });
}

function shapeAlong(shape: Shape, { axes, keepdims }: Along): number[] {
  return shape.flatMap((n, d) => (axes.includes(d) ? (keepdims ? [1] : []) : [n]));
}

/** An axis, or several, as a user gave them, of an operand of this shape. Throws BAD_OPERAND as NumPy's AxisError. */
export function readAxes(what: string, given: unknown, shape: Shape, keepdims = false): Along | undefined {
  const list: readonly unknown[] | undefined =
    given === undefined || given === null ? undefined : Array.isArray(given) ? given : [given];
  if (!list && !keepdims) return undefined;
  const n = shape.length;
  const axes = (list ?? shape.map((_, d) => d)).map((axis): number => {
    if (typeof axis === 'number' && Number.isInteger(axis) && axis >= -n && axis < n) return axis < 0 ? axis + n : axis;
    const whole = typeof axis === 'number' && Number.isInteger(axis);
    const problem = whole ? `axis ${axis} is out of bounds for array of dimension ${n}.` : `the axis is ${show(axis)}.`;
    throw new QuadrilleError('BAD_OPERAND', `${what}: ${problem}`, {
      expected: n === 0 ? 'no axis' : `a dimension, ${-n} to ${n - 1}, or several in a list`,
    });
  });
  if (new Set(axes).size < axes.length)
    throw new QuadrilleError('BAD_OPERAND', `${what}: duplicate value in 'axis'.`, { expected: 'each axis once' });
  // Along no axis at all every element stays: of what has shape () that is all of it.
  if (axes.length === 0) {
    if (n === 0) return undefined;
    throw new QuadrilleError('BAD_OPERAND', `${what}: the list of axes is empty.`, { expected: 'at least one axis' });
  }
  return { axes: axes.sort((a, b) => a - b), keepdims };
}

export type Reducer = (a: Tree, build: Builder, along: Along | undefined) => Tree;

/** By name; see lib/reduction-functions.ts for what they are. */
export const REDUCERS = {
  sum: (a, build, along) => total(a, build, along),
  mean: (a, build, along) => binaryTree('div', total(floating(a), build, along), build.number(countOf(a, along))),
  prod: (a, build, along) => {
    const { shape, dtype } = a.structure;
    if (sizeOf(shape) === 0 || shape.length === 0 || !isFloat(dtype)) return reduced('prod', a, build, along, 1);
    // Of floats, over all elements as well it is what it is in order.
    return build.reduce('prod', a, along ?? { axes: shape.map((_, d) => d), keepdims: false });
  },
  min: (a, build, along) => extreme('min', a, build, along),
  max: (a, build, along) => extreme('max', a, build, along),
  argmin: (a, build, along) => extreme('argmin', a, build, along),
  argmax: (a, build, along) => extreme('argmax', a, build, along),
  any: (a, build, along) => reduced('max', truths(a, build), build, along, 0),
  all: (a, build, along) => reduced('min', truths(a, build), build, along, 1),
  countNonzero: (a, build, along) => total(truths(a, build), build, along),
} satisfies Record<string, Reducer>;

/** Sum of products, of the type of one: each is rounded, their sum is exact. Of truth values: is any pair true? */
export function dotTree(a: Tree, b: Tree, build: Builder): Tree {
  const [one, other] = [a.structure.shape, b.structure.shape];
  if (String(one) !== String(other)) {
    throw new QuadrilleError(
      'SHAPE_MISMATCH',
      `dot: the operands have shapes ${formatShape(one)} and ${formatShape(other)}.`,
      { expected: 'two operands of one shape: products of matrices are not there' },
    );
  }
  const product = binaryTree('mul', a, b);
  const { dtype } = product.structure;
  if (dtype === 'bool') return reduced('max', product, build, undefined, 0);
  const sum = total(product, build, undefined);
  return dtype === 'i32' ? astypeTree(sum, 'i32') : sum;
}

/** Of elements as one vector (along an axis: as vectors): 1, 2 or Infinity. Throws BAD_OPERAND. */
export function normTree(a: Tree, order: unknown, build: Builder, along?: Along): Tree {
  const x = floating(a);
  switch (order) {
    case 1:
      return total(unaryTree('abs', x), build, along);
    case 2:
      return unaryTree('sqrt', total(unaryTree('square', x), build, along));
    case Number.POSITIVE_INFINITY:
      return reduced('max', unaryTree('abs', x), build, along, 0);
    default:
      throw new QuadrilleError('BAD_OPERAND', `norm: the order is ${show(order)}.`, { expected: '1, 2 or Infinity' });
  }
}

/** Mean of the squared distances from the mean, as np.var computes it. `ddof` is subtracted from their number. */
export function varianceTree(a: Tree, ddof: number, build: Builder, given?: Along): Tree {
  const x = floating(a);
  // Along all axes it is a Scalar, whose mean is exact as well.
  const all = given !== undefined && !given.keepdims && given.axes.length === x.structure.shape.length;
  const along = all ? undefined : given;
  const n = countOf(a, along);
  const mean = binaryTree('div', total(x, build, along && { ...along, keepdims: true }), build.number(n));
  const squares = total(unaryTree('square', binaryTree('sub', x, mean)), build, along);
  return binaryTree('div', squares, build.number(Math.max(n - ddof, 0)));
}

/** How many elements become one. */
function countOf({ structure: { shape } }: Tree, along: Along | undefined): number {
  return along ? sizeOf(along.axes.map((axis) => shape[axis] ?? 1)) : sizeOf(shape);
}

function total(a: Tree, build: Builder, along: Along | undefined): Tree {
  return reduced('sum', a, build, along, 0);
}

function extreme(fn: ReduceFn, a: Tree, build: Builder, along: Along | undefined): Tree {
  const several = along !== undefined && along.axes.length > 1;
  const all = several && !along.keepdims && along.axes.length === a.structure.shape.length;
  if ((fn === 'argmin' || fn === 'argmax') && several && !all) {
    throw new QuadrilleError('BAD_OPERAND', `${fn} along ${along.axes.length} axes.`, {
      expected: 'one axis, or none',
    });
  }
  return reduced(fn, a, build, along);
}

/** What has shape () is its own sum, least and greatest element. `none`: what nothing at all comes to. */
function reduced(fn: ReduceFn, a: Tree, build: Builder, along: Along | undefined, none?: number): Tree {
  const { shape } = a.structure;
  if (sizeOf(shape) === 0) {
    if (none !== undefined && (!along || shapeAlong(shape, along).length === 0)) return nothing(fn, a, none, build);
    const place = formatShape(shape);
    throw new QuadrilleError('BAD_OPERAND', `${fn} of an array without elements, shape ${place}.`, {
      expected: 'at least one element',
    });
  }
  // Without axes, or along all of them, it is a Scalar, and no order matters.
  const all = along && !along.keepdims && along.axes.length === shape.length && fn !== 'prod';
  if (shape.length > 0) return build.reduce(fn, a, all ? undefined : along);
  if (fn === 'argmin' || fn === 'argmax') return intLeaf(0);
  const type = reductionType(fn, a.structure.dtype);
  const wide = a.structure.op === 'param' || a.structure.dtype === type ? a : astypeTree(a, type);
  // An element of a field is taken as it is now: any reduction of it does.
  return readsField(wide.structure) ? build.reduce('max', wide) : wide;
}

/** The reduction of no elements: a number of the type it would have. */
function nothing(fn: ReduceFn, a: Tree, none: number, build: Builder): Tree {
  const type = reductionType(fn, a.structure.dtype);
  if (type === 'bool') return boolLeaf(none !== 0);
  return type === 'i64' ? intLeaf(none) : build.number(none);
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

/** Integers and conditions as floats, as NumPy takes means and norms of them. */
function floating(a: Tree): Tree {
  return isFloat(a.structure.dtype) ? a : astypeTree(a, 'f64');
}

/** Where an element is a true condition, or a number that is not 0 (NaN is not). */
function truths(a: Tree, build: Builder): Tree {
  return a.structure.dtype === 'bool' ? a : binaryTree('ne', a, build.number(0));
}
