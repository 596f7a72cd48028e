/**
 * Where an array lies on a grid's lattice: shapes, or the expression that an array is made of, in; origin and stride
 * (jit/program.ts, Decomposition) out. Elements that are computed from each other should have one owner.
 */
import type { Axis, Decomposition } from '../jit/program.js';
import type { Shape } from './shape.js';
import type { ViewStructure } from './storage.js';

export type Alignment = Pick<Decomposition, 'origin' | 'stride'>;

/** Sizes that differ by at most so many points: staggered arrays, interiors, padded ones. */
const NEAR = 4;

/**
 * An array of `shape` on a grid of shape `grid`: in its middle if all sizes are near the grid's, or near the numbers of
 * every second, third, ... point of it. Undefined if they are not.
 */
export function alignment(shape: Shape, grid: Shape): Alignment | undefined {
  if (shape.length !== grid.length) return undefined;
  const [n, most] = [shape[0] ?? 1, grid[0] ?? 1];
  const near = (stride: number): Alignment | undefined => {
    const spare = shape.map((count, d) => (grid[d] ?? 0) - (stride * (count - 1) + 1));
    if (spare.some((points) => Math.abs(points) > (stride === 1 ? NEAR : 2 * stride))) return undefined;
    return aligned(
      spare.map((points) => points / 2),
      shape.map(() => stride),
    );
  };
  const coarse = Math.round((most - 1) / (n - 1));
  return near(1) ?? (Math.min(...shape) > 2 && coarse > 1 ? near(coarse) : undefined);
}

/** Plain ones are left out, so that equal layouts are described alike. */
function aligned(origin: readonly number[], stride: readonly number[]): Alignment {
  return {
    ...(origin.some((at) => at !== 0) && { origin: origin.map((at) => at + 0) }),
    ...(stride.some((by) => by !== 1) && { stride }),
  };
}

/**
 * An array of `shape` that is computed from these views, which have as many dimensions: on the grid of the first, in the
 * middle of what it is computed from. Of an array of halves of points no quarters are made.
 */
export function alignmentAmong(shape: Shape, views: readonly ViewStructure[]): Alignment {
  const [first] = views;
  if (!first) return {};
  const { decomposition: grid } = first.meta.slot;
  const beside = views.filter(({ meta }) => sameGrid(meta.slot.decomposition, grid));
  const places = shape.map((count, d) => {
    const [leader, ...others] = beside.flatMap((view) => placeOf(view, d, count) ?? []);
    if (!leader) return undefined;
    const origins = [leader, ...others].flatMap(({ origin, stride }) => (stride === leader.stride ? [origin] : []));
    const middle = (Math.min(...origins) + Math.max(...origins)) / 2;
    return { origin: Math.round(2 * middle) / 2, stride: leader.stride };
  });
  const centred = alignment(shape, grid.shape) ?? {};
  return aligned(
    places.map((place, d) => place?.origin ?? centred.origin?.[d] ?? 0),
    places.map((place, d) => place?.stride ?? centred.stride?.[d] ?? 1),
  );
}

function sameGrid(a: Decomposition, b: Decomposition): boolean {
  return a === b || (String(a.shape) === String(b.shape) && String(a.processGrid) === String(b.processGrid));
}

/** Of what the view walks along dimension d; undefined where it goes elsewhere in every run, backwards, or nowhere. */
function placeOf(
  { meta, axes, dims }: ViewStructure,
  d: number,
  count: number,
): { origin: number; stride: number } | undefined {
  const axis: Axis | undefined = axes[d];
  if (dims || axis?.kind !== 'range' || axis.dyn !== undefined || axis.step < 0 || axis.count !== count)
    return undefined;
  const { origin, stride } = meta.slot.decomposition;
  const [from, by] = [origin?.[d] ?? 0, stride?.[d] ?? 1];
  return axis.wrap ? { origin: from, stride: by } : { origin: from + by * axis.start, stride: by * axis.step };
}
