/** A view's axes and order in; its dimensions and shape out. */
import type { Axis } from './program.js';

/** How a field is walked: one Axis per dimension of the field, and in which order its dimensions appear (ViewRef). */
export interface Walk {
  readonly axes: readonly Axis[];
  readonly dims?: readonly number[] | undefined;
}

/** The dimension of the field that each dimension of the view walks; -1: a new one, of size 1. */
export function dimsOf({ axes, dims }: Walk): readonly number[] {
  return dims ?? axes.flatMap((axis, d) => (axis.kind === 'range' ? [d] : []));
}

export function shapeOfWalk(walk: Walk): number[] {
  return dimsOf(walk).map((d) => {
    const axis = walk.axes[d];
    return axis?.kind === 'range' ? axis.count : 1;
  });
}

/** The same, with `dims` left out where they are the ranges in order. */
export function plainWalk(axes: readonly Axis[], dims: readonly number[]): Walk {
  const natural = dimsOf({ axes });
  return dims.length === natural.length && dims.every((d, r) => d === natural[r]) ? { axes } : { axes, dims };
}
