/**
 * reshape, ravel, flatten, squeeze of programs: an array and a shape in; a view where dimensions of size 1 come and go,
 * otherwise a copy, out. NumPy gives views more often: such a copy and what it was made from are remembered as a pair,
 * and a write into one of them while the other lives is refused rather than seen in one of them alone.
 */
import { QuadrilleError } from '../../errors.js';
import type { Expr } from '../../expr.js';
import { isViewOf, reshapedCopy, shapeFor } from '../../reshape.js';
import { Arguments, type Keywords } from './arguments.js';
import { materialise, release, storageOf } from './arrays.js';
import { index } from './numbers.js';
import { pair } from './partners.js';
import { List, Raised, Tuple, type Value } from './values.js';

/** `fresh`: nothing but the result will name the array. */
type Reshape = (array: Expr, args: readonly Value[], keywords: Keywords, fresh: boolean) => Value;

/** `shares`: NumPy gives a view where it can. */
function inShape(array: Expr, shape: readonly number[], shares: boolean, fresh: boolean): Value {
  const wanted = shapeFor(array.shape, shape);
  if (shares && isViewOf(array.shape, wanted)) return array.reshape(...wanted);
  const made = reshapedCopy(array, wanted);
  const from = storageOf(array);
  if (fresh && from) release(from);
  else if (shares && from) pair(from, made.storage);
  return made;
}

function sizesIn(args: readonly Value[]): number[] {
  return args
    .flatMap((arg) => (arg instanceof Tuple || arg instanceof List ? arg.items : [arg]))
    .map((n) => Number(index(n)));
}

function checkOrder(order: Value): void {
  if (order !== 'C') throw new Raised('ValueError', `order=${String(order)}: only the order 'C' is there`);
}

function flat(name: string, shares: boolean): Reshape {
  return (array, args, keywords, fresh) => {
    checkOrder(new Arguments(name, args, keywords, ['order']).get('order', 'C'));
    return inShape(array, [-1], shares, fresh);
  };
}

function axesOf(given: Value, dims: number): number[] {
  return sizesIn([given]).map((axis) => {
    if (axis >= -dims && axis < dims) return axis < 0 ? axis + dims : axis;
    throw new Raised('ValueError', `axis ${axis} is out of bounds for array of dimension ${dims}`);
  });
}

/** Methods of arrays; of np. the same, with the array first. */
export const RESHAPES: Readonly<Record<string, Reshape>> = {
  reshape: (array, args, keywords, fresh) => {
    const others = new Map(keywords);
    checkOrder(others.get('order') ?? 'C');
    const named = ['shape', 'newshape'].flatMap((name) => others.get(name) ?? []);
    for (const name of ['order', 'shape', 'newshape']) others.delete(name);
    new Arguments('reshape', [], others, []);
    return inShape(array, sizesIn([...args, ...named]), true, fresh);
  },
  ravel: flat('ravel', true),
  flatten: flat('flatten', false),
  squeeze: (array, args, keywords) => {
    const axis = new Arguments('squeeze', args, keywords, ['axis']).get('axis', null);
    const { shape } = array;
    const dropped = axis === null ? shape.flatMap((n, d) => (n === 1 ? [d] : [])) : axesOf(axis, shape.length);
    if (dropped.some((d) => shape[d] !== 1))
      throw new Raised('ValueError', 'cannot select an axis to squeeze out which has size not equal to one');
    return array.reshape(...shape.filter((_, d) => !dropped.includes(d)));
  },
  expand_dims: (array, args, keywords) => {
    const given = sizesIn([new Arguments('expand_dims', args, keywords, ['axis']).get('axis')]);
    const dims = array.shape.length + given.length;
    const at = axesOf(new List(given.map(BigInt)), dims);
    const rest = [...array.shape];
    return array.reshape(...Array.from({ length: dims }, (_, d) => (at.includes(d) ? 1 : (rest.shift() ?? 1))));
  },
  atleast_1d: (array) => array,
  atleast_2d: (array) => (array.shape.length < 2 ? array.reshape(1, ...array.shape) : array),
};

/** A view of an expression is a view of an array that nothing else names. */
export function reshaped(name: string, array: Expr, args: readonly Value[], keywords: Keywords): Value {
  const reshape = RESHAPES[name];
  if (!reshape) throw new QuadrilleError('INTERNAL', `${name} is no reshape`);
  const stored = storageOf(array) !== undefined;
  return reshape(stored ? array : materialise(array), args, keywords, !stored);
}
