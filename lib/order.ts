/** Shapes and axes as users name them in; the walks that transpose, flip and reshape an array without moving it out. */
import type { Axis } from '../jit/program.js';
import { plainWalk, type Walk } from '../jit/view.js';
import { QuadrilleError, show } from './errors.js';
import { formatShape, type Shape, sizeOf } from './shape.js';
import { wholeAxes } from './slice.js';

/** An axis of an array of `dims` dimensions, counted from 0. Throws BAD_AXIS. */
export function checkAxis(what: string, axis: unknown, dims: number): number {
  if (typeof axis === 'number' && Number.isInteger(axis) && axis >= -dims && axis < dims)
    return axis < 0 ? axis + dims : axis;
  throw new QuadrilleError('BAD_AXIS', `${what}: the axis is ${show(axis)}.`, {
    expected: dims === 0 ? 'none: the array has no dimensions' : `a dimension, ${-dims} to ${dims - 1}`,
  });
}

/** As np.transpose: dimension r of the result is dimension axes[r]; left out: all the other way round. */
export function transposed(shape: Shape, axes: readonly number[] = []): Walk {
  const dims = shape.length;
  if (axes.length === 0)
    return plainWalk(
      wholeAxes(shape),
      shape.map((_, r) => dims - 1 - r),
    );
  const order = axes.map((axis) => checkAxis('transpose', axis, dims));
  if (order.length === dims && new Set(order).size === dims) return plainWalk(wholeAxes(shape), order);
  throw new QuadrilleError('BAD_AXIS', `transpose: the axes are ${show(axes)}.`, {
    expected: `each of the ${dims} dimensions of shape ${formatShape(shape)} once`,
  });
}

export function swapped(shape: Shape, a: number, b: number): Walk {
  const [one, other] = [checkAxis('swapaxes', a, shape.length), checkAxis('swapaxes', b, shape.length)];
  return transposed(
    shape,
    shape.map((_, d) => (d === one ? other : d === other ? one : d)),
  );
}

export function moved(shape: Shape, from: number, to: number): Walk {
  const [source, target] = [checkAxis('moveaxis', from, shape.length), checkAxis('moveaxis', to, shape.length)];
  const others = shape.map((_, d) => d).filter((d) => d !== source);
  return transposed(shape, [...others.slice(0, target), source, ...others.slice(target)]);
}

/** As np.flip: along one axis, some, or all. */
export function flipped(shape: Shape, axis?: number | readonly number[]): Walk {
  const given = axis === undefined ? shape.map((_, d) => d) : typeof axis === 'number' ? [axis] : axis;
  const along = given.map((one) => checkAxis('flip', one, shape.length));
  return {
    axes: wholeAxes(shape).map((whole, d): Axis => {
      if (whole.kind === 'index' || !along.includes(d) || whole.count < 2) return whole;
      return { kind: 'range', start: whole.count - 1, step: -1, count: whole.count };
    }),
  };
}

/** As np.reshape where that moves nothing: sizes of 1 come and go. Throws BAD_SHAPE. */
export function reshaped(shape: Shape, given: readonly number[]): Walk {
  const rest = given.reduce((product, n) => (n === -1 ? product : product * n), 1);
  const wanted = given.map((n) => (n === -1 ? sizeOf(shape) / rest : n));
  const [from, to] = [shape, wanted].map((sizes) => sizes.filter((n) => n !== 1));
  if (String(from) !== String(to)) {
    throw new QuadrilleError(
      'BAD_SHAPE',
      `reshape of an array of shape ${formatShape(shape)} to ${formatShape(given)}.`,
      {
        expected: 'the same sizes, with dimensions of size 1 more or less',
        hint: 'make an array of the shape you need, and assign slices to it',
      },
    );
  }
  const kept = shape.flatMap((n, d) => (n === 1 ? [] : [d]));
  const axes = wholeAxes(shape).map((axis, d): Axis => (kept.includes(d) ? axis : { kind: 'index', at: 0 }));
  return plainWalk(
    axes,
    wanted.map((n) => (n === 1 ? -1 : (kept.shift() ?? -1))),
  );
}
