/**
 * Time skewing: the tasks of a loop's steps in; out comes by how much each must lag behind the first so that all of them
 * can walk over the fields together, many steps in one pass over memory.
 *
 * A *stage* is one task in one step. When the walk has come to position i, stage s sweeps position i - lag[s]. That is
 * the plain order's result if whatever a stage touches has been left behind by the earlier stages that touch it: for an
 * element that the earlier stage r reaches at its position p + dr and stage s at its position q + ds, p + lag[r] must not
 * be more than q + lag[s], in each dimension that is walked in tiles. Lags are the longest paths over these bounds.
 */
import type { Interval } from './box.js';

/** Inclusive global positions along one dimension, `stride` apart. */
export interface Reach {
  readonly from: number;
  readonly to: number;
  readonly stride: number;
}

/** One field touched by a task. */
export interface Touch {
  /** Which field: places of the loop first, then temporaries. */
  readonly place: number;
  readonly writes: boolean;
  /**
   * Per dimension, the element's position less that of the task's loop there; undefined where it is not always the same
   * (a fixed index, a stride of its own, around the end).
   */
  readonly shift: readonly (number | undefined)[];
  /** All elements touched, per dimension. */
  readonly reach: readonly Reach[];
}

export type StageTouches = readonly Touch[];

export interface Skew {
  /** Per stage, per tiled dimension. */
  readonly lags: readonly (readonly number[])[];
}

/** Why it cannot be done, as text for explain(). */
export interface Refusal {
  readonly why: string;
}

export interface SkewOptions {
  /** Leading dimensions that are walked in tiles. */
  readonly tiled: number;
  /** Lags along tiled dimension d are multiples of grain[d]. */
  readonly grain: readonly number[];
}

/** How far the walk must have come for a later stage that touches the same elements; see below. */
interface Bound {
  readonly touch: Touch;
  readonly lag: readonly number[];
}

/**
 * Lags of all stages, in their order. Fields that no stage writes bind nobody. A field that is written must be touched
 * at fixed shifts along the tiled dimensions only; `describe` names a place in the refusal.
 */
export function skew(
  stages: readonly StageTouches[],
  { tiled, grain }: SkewOptions,
  describe: (place: number) => string,
): Skew | Refusal {
  const written = new Set(stages.flatMap((stage) => stage.filter((touch) => touch.writes).map(({ place }) => place)));
  const bounds = new Map<number, Map<string, Bound>>();
  const lags: number[][] = [];
  for (const stage of stages) {
    const touches = stage.filter((touch) => written.has(touch.place));
    for (const { shift, place } of touches) {
      for (let d = 0; d < tiled; d++) {
        if (shift[d] === undefined)
          return { why: `${describe(place)} is written, and read at no fixed distance along dimension ${d}` };
      }
    }
    const lag = Array.from({ length: tiled }, (_, d) => {
      let least = 0;
      for (const later of touches) {
        for (const { touch: earlier, lag: walked } of bounds.get(later.place)?.values() ?? []) {
          if (!(earlier.writes || later.writes) || apart(earlier, later)) continue;
          // Element e: the earlier stage was at e - earlier.shift, this one is at e - later.shift.
          least = Math.max(least, (walked[d] ?? 0) - (earlier.shift[d] ?? 0) + (later.shift[d] ?? 0));
        }
      }
      const unit = grain[d] ?? 1;
      return Math.ceil(least / unit) * unit;
    });
    lags.push(lag);
    for (const touch of touches) remember(bounds, touch, lag);
  }
  return { lags };
}

/** Of what touches the same elements at the same shift only the one that lags most counts. */
function remember(bounds: Map<number, Map<string, Bound>>, touch: Touch, lag: readonly number[]): void {
  const known = bounds.get(touch.place) ?? new Map<string, Bound>();
  bounds.set(touch.place, known);
  const key = JSON.stringify([touch.writes, touch.shift, touch.reach]);
  const before = known.get(key)?.lag ?? [];
  known.set(key, { touch, lag: lag.map((value, d) => Math.max(value, before[d] ?? 0)) });
}

/** True if the two never meet at an element. */
export function apart(a: Touch, b: Touch): boolean {
  return a.reach.some((one, d) => {
    const other = b.reach[d];
    if (!other) return false;
    if (one.to < other.from || other.to < one.from) return true;
    // Red and black: one stride, other residues.
    return one.stride > 1 && one.stride === other.stride && (one.from - other.from) % one.stride !== 0;
  });
}

/** Where the walk goes along tiled dimension d so that every stage passes all of its box. */
export function walkOf(boxes: readonly (readonly Interval[])[], lags: Skew['lags'], d: number): Interval {
  let [lo, hi] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  boxes.forEach((box, s) => {
    const [from, to] = box[d] ?? [0, 0];
    if (box.some(([a, b]) => a >= b)) return;
    const lag = lags[s]?.[d] ?? 0;
    lo = Math.min(lo, from + lag);
    hi = Math.max(hi, to + lag);
  });
  return [lo, hi];
}
