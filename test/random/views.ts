/** A shape to broadcast to in; a view of one of the known arrays that fits it, in one of the ways to write it, out. */
import type { DType } from '../../jit/program.js';
import type { RandomView, Subscript } from './program.js';
import type { Tape } from './tape.js';

export interface Known {
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** Can be shifted around its ends. */
  readonly periodic: boolean;
}

/** What statements may name, and the loop variable if there is one: all its values, and the dimension it walks. */
export interface Scope {
  readonly tape: Tape;
  readonly known: readonly Known[];
  readonly scalars: readonly DType[];
  /** Functions whose results are not NumPy's to the bit may be called. */
  readonly library: boolean;
  readonly moving?: { readonly least: number; readonly most: number; readonly axis: number };
}

export type Range = { readonly start: number; readonly step: number; readonly count: number };
type Walk = Range | { readonly at: number } | { readonly move: number; readonly count?: number };

export interface Viewed {
  readonly view: RandomView;
  readonly dtype: DType;
  /** The view's own, to be assigned to or built upon. Their counts are its shape. */
  readonly ranges: readonly Range[];
}

const WHOLE: Subscript = {};

/** Somewhere in some array: what a statement writes. */
export function targetView(scope: Scope): Viewed {
  const { tape, known } = scope;
  const field = tape.next(known.length);
  const { shape = [], dtype = 'f64' } = known[field] ?? {};
  let moves = scope.moving !== undefined;
  const axes = shape.map((n, d): Walk => {
    const moved = moves && d >= (scope.moving?.axis ?? 0) ? movingWalk(scope, n) : undefined;
    if (moved) {
      moves = false;
      return moved;
    }
    const kind = tape.next(12);
    if (kind < 4) return { start: Math.min(1, n - 1), step: 1, count: Math.max(1, n - 2) };
    if (kind === 11) return { start: 0, step: 1, count: tape.next(2) }; // nothing, or one row
    if (kind === 10) return { at: tape.next(n) };
    const step = kind < 7 ? 1 : tape.pick([2, -1, 3, -2]);
    const most = Math.floor((n - 1) / Math.abs(step)) + 1;
    return placed(tape, n, step, 1 + tape.next(most), 0);
  });
  const ranges = axes.flatMap(rangeOf);
  const subscripts = written(tape, axes, shape);
  if (ranges.length > 1 && tape.rarely(9)) {
    const order = tape.shuffled(ranges.length);
    return { view: { field, subscripts, order }, dtype, ranges: order.flatMap((d) => ranges[d] ?? []) };
  }
  if (ranges.length > 0 && ranges.length < 4 && tape.rarely(14)) {
    const at = tape.next(ranges.length + 1);
    const again = [...ranges.slice(0, at).map(() => WHOLE), null];
    const grown = [...ranges.slice(0, at), { start: 0, step: 1, count: 1 }, ...ranges.slice(at)];
    return { view: { field, subscripts, again }, dtype, ranges: grown };
  }
  return { view: { field, subscripts }, dtype, ranges };
}

function rangeOf(axis: Walk): Range[] {
  if ('at' in axis) return [];
  if (!('move' in axis)) return [axis];
  return axis.count === undefined ? [] : [{ start: 0, step: 1, count: axis.count }];
}

/** An index, or a short range, that follows the loop variable: within n for all its values. */
function movingWalk({ tape, moving }: Scope, n: number, count?: number): Walk | undefined {
  if (!moving) return undefined;
  const long = count ?? (tape.rarely(5) ? 2 : undefined);
  const low = Math.max(-moving.least, -2);
  const high = Math.min(n - (long ?? 1) - moving.most, 2);
  if (low > high) return undefined;
  const move = Math.min(Math.max(tape.pick([0, -1, 1, -2]), low), high);
  return long === undefined ? { move } : { move, count: long };
}

/** A view of some array that broadcasts to ranges: near where they are. With `exact` it has their shape, or is undefined. */
export function viewLike(scope: Scope, wanted: readonly Range[]): Viewed;
export function viewLike(scope: Scope, wanted: readonly Range[], exact: true): Viewed | undefined;
export function viewLike(scope: Scope, wanted: readonly Range[], exact = false): Viewed | undefined {
  const { tape, known } = scope;
  const first = tape.next(known.length);
  if (!exact) return viewOf(scope, first, wanted, false);
  for (let k = 0; k < known.length; k++) {
    const found = viewOf(scope, (first + k) % known.length, wanted, true);
    if (found) return found;
  }
  return undefined;
}

function viewOf(scope: Scope, field: number, wanted: readonly Range[], exact: false): Viewed;
function viewOf(scope: Scope, field: number, wanted: readonly Range[], exact: boolean): Viewed | undefined;
function viewOf(scope: Scope, field: number, wanted: readonly Range[], exact: boolean): Viewed | undefined {
  const { tape, known } = scope;
  const { shape = [], dtype = 'f64', periodic = false } = known[field] ?? {};
  // As many dimensions as are wanted, or fewer; the others are dropped by an index.
  let keep = Math.min(shape.length, wanted.length);
  if (exact && keep < wanted.length) return undefined;
  if (!exact && tape.rarely(6)) keep = Math.min(keep, tape.next(shape.length + 1));
  // Which of the wanted ones they serve: the last, or any, with new axes between.
  const spread = !exact && keep > 0 && keep < wanted.length && tape.rarely(2);
  const served = spread
    ? tape
        .shuffled(wanted.length)
        .slice(0, keep)
        .sort((a, b) => a - b)
    : Array.from({ length: keep }, (_, k) => wanted.length - keep + k);
  const order = keep > 1 && tape.rarely(9) ? tape.shuffled(keep) : undefined;
  let drop = shape.length - keep;
  let at = 0;
  const axes: Walk[] = [];
  for (const [d, n] of shape.entries()) {
    const follows = scope.moving?.axis === d && drop > 0 && !tape.rarely(4);
    if (drop > 0 && (shape.length - d <= drop || follows || tape.next(2) === 1)) {
      drop--;
      const moved = movingWalk(scope, n);
      axes.push(moved && 'move' in moved ? { move: moved.move } : { at: tape.next(n) });
      continue;
    }
    const k = at++;
    const range = wanted[served[order ? order.indexOf(k) : k] ?? -1] ?? { start: 0, step: 1, count: 1 };
    if (range.count > n && exact) return undefined;
    const moved =
      range.count > 0 && range.count < 3 && scope.moving && tape.rarely(2) && movingWalk(scope, n, range.count);
    if (moved) axes.push(moved);
    else if (range.count > n || (!exact && range.count !== 1 && tape.rarely(10)))
      axes.push({ start: tape.next(n), step: 1, count: 1 });
    else axes.push(rangeLike(tape, n, range));
  }
  const subscripts = written(tape, axes, shape);
  const ranges = axes.flatMap(rangeOf);
  const turned = order ? order.flatMap((d) => ranges[d] ?? []) : ranges;
  const gaps = spread ? newAxes(served, wanted.length) : undefined;
  const view: RandomView = { field, subscripts, ...(order && { order }), ...(gaps && { again: gaps }) };
  const still = axes.every((axis) => !('move' in axis));
  if (still && shape.length > 0 && tape.rarely(12)) {
    if (periodic && tape.rarely(2))
      return { view: { ...view, shift: shape.map(() => tape.next(7) - 3) }, dtype, ranges: turned };
    return {
      view: { ...view, roll: { shift: tape.next(7) - 3, axis: tape.next(shape.length) } },
      dtype,
      ranges: turned,
    };
  }
  return { view, dtype, ranges: turned };
}

/** Whole axes for the dimensions served, None for those between and behind them. */
function newAxes(served: readonly number[], dims: number): Subscript[] {
  const [first = 0] = served;
  return Array.from({ length: dims - first }, (_, k) => (served.includes(first + k) ? WHOLE : null));
}

function rangeLike(tape: Tape, n: number, wanted: Range): Range {
  if (wanted.count === 0) return { start: 0, step: 1, count: 0 };
  const most = wanted.count === 1 ? 1 : Math.floor((n - 1) / (wanted.count - 1));
  const wish = tape.rarely(5) ? tape.pick([-1, 2, -2, 1]) : Math.abs(wanted.step);
  return placed(tape, n, Math.abs(wish) <= most ? wish : 1, wanted.count, wanted.step > 0 ? wanted.start : 0);
}

/** Somewhere it fits: near `about` mostly. */
export function placed(tape: Tape, n: number, step: number, count: number, about: number): Range {
  const reach = (count - 1) * Math.abs(step);
  const room = n - 1 - reach;
  const low = tape.rarely(4) ? tape.next(room + 1) : Math.min(Math.max(about + tape.next(5) - 2, 0), room);
  return { start: step > 0 ? low : low + reach, step, count };
}

function written(tape: Tape, axes: readonly Walk[], shape: readonly number[]): Subscript[] {
  const all = axes.map((axis, d) => subscriptOf(tape, axis, shape[d] ?? 1));
  const isWhole = (one: Subscript | undefined): boolean =>
    typeof one === 'object' && one !== null && Object.keys(one).length === 0;
  const first = all.findIndex(isWhole);
  if (first < 0 || !tape.rarely(3)) return all;
  let end = first;
  while (end < all.length && isWhole(all[end])) end++;
  // What is left out at the end need not be said.
  if (end === all.length && first > 0 && tape.rarely(2)) return all.slice(0, first);
  return [...all.slice(0, first), '...', ...all.slice(end)];
}

/** One of the ways to write it. */
export function subscriptOf(tape: Tape, axis: Walk, n: number): Subscript {
  if ('move' in axis) return axis;
  if ('at' in axis) return tape.rarely(3) ? axis.at - n : axis.at;
  const { start, step, count } = axis;
  const style = tape.next(3);
  if (count === 0) return style === 0 ? { start: 0, stop: 0 } : { start: n + 3, stop: n + 9 };
  const stop = start + step * count;
  const atEnd = step > 0 ? stop >= n : stop < 0;
  return {
    ...(!(start === (step > 0 ? 0 : n - 1) && style > 0) && { start: style === 2 && start > 0 ? start - n : start }),
    ...(!atEnd && { stop: style === 2 ? stop - n : stop }),
    ...(atEnd && style === 0 && step > 0 && { stop: n + 2 }), // clamped
    ...(step !== 1 && { step }),
  };
}
