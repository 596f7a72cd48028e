/**
 * Blocks of planes: a kernel specification, the box it sweeps and a core's second-level cache in; out comes how many rows
 * of each plane to sweep through all planes before the next rows' turn, so that the planes above and below are still in
 * that cache when the sweep comes to them. Plain sweeps in three and more dimensions; tiles in time are small already.
 */
import { BYTES } from './bytes.js';
import { loadsOf } from './jam.js';
import type { KernelIndex, KernelSpec } from './kernel.js';
import type { Box } from './plan.js';

/** Part of the cache for what comes again; the rest is for what streams past. */
const SHARE = 1 / 2;
/** Rows of a block are at least so many times those that it reads beyond its edges, once more than without blocks. */
const LEAST_PER_EDGE = 4;

/** Rows per block; null where all planes in hand fit anyway, or so few rows would that their edges cost more. */
export function rowsPerBlock(spec: KernelSpec, boxes: readonly Box[], l2Bytes: number): number | null {
  const plane = spec.dims - 3;
  if (plane < 0) return null;
  const { bytes, edge } = inHand(spec, plane);
  if (bytes === 0) return null;
  const extent = (back: number): number =>
    Math.max(1, ...boxes.map((box) => (box[spec.dims - back]?.[1] ?? 0) - (box[spec.dims - back]?.[0] ?? 0)));
  const row = bytes * extent(1);
  if (row * extent(2) <= l2Bytes) return null;
  const rows = Math.floor((l2Bytes * SHARE) / row) - edge;
  return rows >= Math.max(1, LEAST_PER_EDGE * edge) && rows < extent(2) ? rows : null;
}

/**
 * Bytes per position of a plane that a sweep from plane to plane has in hand, and rows that it reads beyond those it
 * writes. No bytes where no plane is read twice.
 */
function inHand(spec: KernelSpec, plane: number): { bytes: number; edge: number } {
  const read = new Map<number, { planes: Span; rows: Span }>();
  for (const { slot, index } of loadsOf(spec)) {
    const known = read.get(slot) ?? { planes: NOTHING, rows: NOTHING };
    read.set(slot, { planes: widen(known.planes, index, plane), rows: widen(known.rows, index, plane + 1) });
  }
  const again = [...read.values()].some(({ planes: [lo, hi] }) => hi > lo);
  if (!again) return { bytes: 0, edge: 0 };
  let bytes = 0;
  for (const [slot, { planes }] of read) bytes += sizeOf(spec, slot) * (planes[1] - planes[0] + 1);
  const stored = new Set(spec.stores.map(({ slot }) => slot).filter((slot) => !read.has(slot)));
  for (const slot of stored) bytes += sizeOf(spec, slot);
  return { bytes, edge: Math.max(0, ...[...read.values()].map(({ rows: [lo, hi] }) => hi - lo)) };
}

function sizeOf(spec: KernelSpec, slot: number): number {
  return BYTES[spec.slots[slot]?.dtype ?? 'f64'];
}

type Span = readonly [lo: number, hi: number];
/** Of no shift yet; what stands still along the axis adds none. */
const NOTHING: Span = [0, 0];

function widen([lo, hi]: Span, index: readonly KernelIndex[], axis: number): Span {
  const here = index.find((one) => one.axis === axis);
  return here ? [Math.min(lo, here.c), Math.max(hi, here.c)] : [lo, hi];
}
