/**
 * Box arithmetic: loops, blocks and affine maps in, index intervals out. Half-open intervals throughout.
 */
import type { Block } from './decompose.js';
import type { Box } from './plan.js';
import type { Loop } from './sweep.js';

export type Interval = readonly [lo: number, hi: number];

export function intersect(a: Interval, b: Interval): Interval {
  return [Math.max(a[0], b[0]), Math.min(a[1], b[1])];
}

export function isEmpty(box: Box): boolean {
  return box.some(([lo, hi]) => lo >= hi);
}

/** Smallest box around both. */
export function hull(a: Box, b: Box): Box {
  return a.map(([lo, hi], d) => [Math.min(lo, b[d]?.[0] ?? lo), Math.max(hi, b[d]?.[1] ?? hi)] as const);
}

/** Loop counters i in `within` for which lo <= a * i + b < hi (a is not 0). */
export function preimage(a: number, b: number, [lo, hi]: Interval, within: Interval): Interval {
  const inside: Interval =
    a > 0
      ? [Math.ceil((lo - b) / a), Math.ceil((hi - b) / a)]
      : [Math.floor((hi - b) / a) + 1, Math.floor((lo - b) / a) + 1];
  return intersect(inside, within);
}

/** Half-open interval around { a * i + b : i in range }; range not empty. */
export function image(a: number, b: number, [lo, hi]: Interval): Interval {
  const first = a * lo + b;
  const last = a * (hi - 1) + b;
  return [Math.min(first, last), Math.max(first, last) + 1];
}

/** Loop counters whose targets a block owns. */
export function ownedCounters(loops: readonly Loop[], block: Block): Box {
  return loops.map(({ start, step, count }, d) => {
    const lo = block.offset[d] ?? 0;
    return preimage(step, start, [lo, lo + (block.extent[d] ?? 0)], [0, count]);
  });
}

/** `whole` without `inner` (a box inside it), as at most two slabs per dimension, outer dimensions first. */
export function peel(whole: Box, inner: Box): Box[] {
  const slabs: Box[] = [];
  let rest = whole;
  whole.forEach(([lo, hi], d) => {
    const [innerLo, innerHi] = inner[d] ?? [lo, hi];
    const cut = (interval: Interval): Box => rest.map((side, e) => (e === d ? interval : side));
    if (lo < innerLo) slabs.push(cut([lo, innerLo]));
    if (innerHi < hi) slabs.push(cut([innerHi, hi]));
    rest = cut([innerLo, innerHi]);
  });
  return slabs;
}
