/**
 * Stores around the caches: a kernel specification in; the slots that it overwrites without reading them, row by row from
 * the box's first column on, out. In a sweep that no cache holds, they need not be fetched first (native/engine/
 * streaming.h).
 */
import { loadsOf } from './jam.js';
import type { KernelSpec } from './kernel.js';

/** Positions in `spec.slots`; none if any store is of another kind. */
export function streamedSlots(spec: KernelSpec): number[] {
  const inOrder = spec.stores.every(({ index }) =>
    index.every(({ axis, a, c, biased }, d) => axis === d && a === 1 && c === 0 && !biased),
  );
  if (!inOrder) return [];
  const read = new Set(loadsOf(spec).map((load) => load.slot));
  return [...new Set(spec.stores.map((store) => store.slot))].filter((slot) => !read.has(slot));
}
