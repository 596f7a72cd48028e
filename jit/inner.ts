/**
 * What a pass may sweep while its halos still travel: a chain's stages and this rank's blocks in; out come, per stage, the
 * positions that need nothing of the halos and that nothing needing them has to come before. All inner positions may be
 * swept first, in the chain's order, and then all others.
 *
 * Position p of stage s is inner if all it touches lies in the rank's blocks, and whatever an earlier stage r does to the same
 * elements is inner, too. An element that r touches at its p + dr and s at its q + ds: q >= from[s] must mean p >= from[r],
 * hence from[s] >= from[r] + dr - ds; `to` is its mirror image. Inner positions shrink from step to step, as margins grow.
 */
import type { Interval } from './box.js';
import type { Block } from './decompose.js';
import { apart, type StageTouches, type Touch } from './skew.js';

/** From which sides of its block, per dimension, a rank is sent halos. */
export interface Sides {
  readonly lo: readonly boolean[];
  readonly hi: readonly boolean[];
}

/** Positions per dimension, unbounded on the sides where nothing arrives. */
export type Inner = readonly Interval[];

interface Bound {
  readonly touch: Touch;
  readonly from: number[];
  readonly to: number[];
}

/** One per stage; null where something is read at no fixed distance along a dimension in which halos arrive. */
export function innerOf(
  stages: readonly StageTouches[],
  sides: Sides,
  blockOf: (place: number) => Block,
): readonly Inner[] | null {
  const dims = sides.lo.map((_, d) => d);
  const arrives = dims.filter((d) => sides.lo[d] || sides.hi[d]);
  if (stages.some((touches) => touches.some(({ shift }) => arrives.some((d) => shift[d] === undefined)))) return null;
  const bounds = new Map<number, Map<string, Bound>>();
  return stages.map((touches): Inner => {
    const from = dims.map(() => Number.NEGATIVE_INFINITY);
    const to = dims.map(() => Number.POSITIVE_INFINITY);
    const after = (d: number, lo: number, hi: number): void => {
      if (sides.lo[d]) from[d] = Math.max(from[d] ?? lo, lo);
      if (sides.hi[d]) to[d] = Math.min(to[d] ?? hi, hi);
    };
    for (const later of touches) {
      const { offset, extent } = blockOf(later.place);
      for (const d of arrives) {
        const first = (offset[d] ?? 0) - (later.shift[d] ?? 0);
        after(d, first, first + (extent[d] ?? 0));
      }
      for (const { touch: earlier, from: lo, to: hi } of bounds.get(later.place)?.values() ?? []) {
        if (!(earlier.writes || later.writes) || apart(earlier, later)) continue;
        for (const d of arrives) {
          const by = (earlier.shift[d] ?? 0) - (later.shift[d] ?? 0);
          after(d, (lo[d] ?? 0) + by, (hi[d] ?? 0) + by);
        }
      }
    }
    for (const touch of touches) remember(bounds, touch, from, to);
    return dims.map((d): Interval => [from[d] ?? 0, to[d] ?? 0]);
  });
}

/** Of what touches the same elements at the same shift only the narrowest counts. */
function remember(
  bounds: Map<number, Map<string, Bound>>,
  touch: Touch,
  from: readonly number[],
  to: readonly number[],
): void {
  const known = bounds.get(touch.place) ?? new Map<string, Bound>();
  bounds.set(touch.place, known);
  const key = `${touch.writes}${JSON.stringify([touch.shift, touch.reach])}`;
  const before = known.get(key);
  known.set(key, {
    touch,
    from: from.map((lo, d) => Math.max(lo, before?.from[d] ?? lo)),
    to: to.map((hi, d) => Math.min(hi, before?.to[d] ?? hi)),
  });
}
