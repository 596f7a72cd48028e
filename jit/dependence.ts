/**
 * Dependence between sweeps, by the boxes of global indices they read and write: what may run together, what may be
 * fused, what must read from a copy of its own target.
 */
import { type Access, accessesOf, isIdentity, type Loop, type Sweep } from './sweep.js';

/** Inclusive ranges of global indices, one per dimension; `dyn`: it moves with that integer of the run. */
type Span = readonly { readonly lo: number; readonly hi: number; readonly dyn: number | undefined }[];

/** Indices a sweep writes in its target. */
export function writeSpan(loops: readonly Loop[]): Span {
  return loops.map(({ start, step, count, dyn }) => ({ lo: start, hi: start + step * (count - 1), dyn }));
}

/** Indices an access reads: an interval per dimension that holds them all (everything where it wraps). */
export function readSpan(access: Access, loops: readonly Loop[]): Span {
  return access.maps.map((map) => {
    const { dyn } = map;
    if (map.wrap) return { lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY, dyn };
    const last = map.axis < 0 ? map.b : map.b + map.a * ((loops[map.axis]?.count ?? 1) - 1);
    return { lo: Math.min(map.b, last), hi: Math.max(map.b, last), dyn };
  });
}

function disjoint(a: Span, b: Span): boolean {
  return a.some(({ lo, hi, dyn }, d) => {
    const other = b[d];
    // Where two move by different integers, they may meet in some run.
    return other !== undefined && dyn === other.dyn && (hi < other.lo || other.hi < lo);
  });
}

/** True if in some dimension both walk with one stride on different residues (red-black: `u[::2]` and `u[1::2]`). */
function interleaved(access: Access, target: readonly Loop[]): boolean {
  return access.maps.some((map, d) => {
    const loop = target[d];
    if (!loop || loop.step < 2 || map.wrap || map.axis < 0 || map.a % loop.step !== 0) return false;
    if (map.dyn !== loop.dyn) return false;
    return (map.b - loop.start) % loop.step !== 0;
  });
}

/** The slot a sweep writes. */
export function writtenBy({ reduce, target }: Sweep): number {
  return reduce ? reduce.into : target;
}

/** True if no element read through `access` (under `loops`) is written by `target` loops on the same slot. */
export function readsApart(access: Access, loops: readonly Loop[], target: readonly Loop[]): boolean {
  return disjoint(readSpan(access, loops), writeSpan(target)) || interleaved(access, target);
}

/**
 * True if a sweep reads elements of its target other than the one it is about to write. Written in place, such a sweep
 * would see its own results (Gauss-Seidel); NumPy reads the whole right-hand side first (Jacobi).
 */
export function readsOwnResults(sweep: Sweep): boolean {
  if (sweep.reduce) return false; // what it writes is stored after everything was read
  return accessesOf(sweep.value).some(
    (access) =>
      access.slot === sweep.target && !isIdentity(access, sweep.loops) && !readsApart(access, sweep.loops, sweep.loops),
  );
}

/** True if the order of the two sweeps matters: one writes what the other reads or writes. */
export function conflicts(first: Sweep, second: Sweep): boolean {
  if (writtenBy(first) === writtenBy(second)) {
    if (first.reduce || second.reduce || !disjoint(writeSpan(first.loops), writeSpan(second.loops))) return true;
  }
  return readsResultOf(second, first) || readsResultOf(first, second);
}

function readsResultOf(reader: Sweep, writer: Sweep): boolean {
  return readsOf(reader).some(
    (access) =>
      access.slot === writtenBy(writer) &&
      (writer.reduce !== undefined || !readsApart(access, reader.loops, writer.loops)),
  );
}

/** Everything a sweep reads, what is copied beforehand included. */
function readsOf(sweep: Sweep): Access[] {
  return [...accessesOf(sweep.value), ...sweep.copies.map((copy) => copy.source)];
}

export function sameLoops(a: readonly Loop[], b: readonly Loop[]): boolean {
  return (
    a.length === b.length &&
    a.every((loop, d) => {
      const other = b[d];
      if (!other || loop.dyn !== other.dyn) return false;
      return loop.start === other.start && loop.step === other.step && loop.count === other.count;
    })
  );
}

/**
 * True if `later` may run in the same loop body right after `earlier` (same loops presumed): whatever one writes, the
 * other touches only at the very same point, so that no iteration sees another's work.
 */
export function fusible(earlier: Sweep, later: Sweep): boolean {
  if (earlier.reduce?.axes || later.reduce?.axes) return false; // their loops are cut otherwise
  if ((earlier.reduce || later.reduce) && writtenBy(earlier) === writtenBy(later)) return false;
  const pointwise = (reader: Sweep, writer: Sweep): boolean =>
    accessesOf(reader.value).every(
      (access) =>
        access.slot !== writtenBy(writer) ||
        // A reduction's result is there only after its last iteration.
        (writer.reduce === undefined &&
          (isIdentity(access, reader.loops) || readsApart(access, reader.loops, writer.loops))),
    );
  // Copies of a fused group are all made before its loop: the later sweep's must not need the earlier's results.
  const copiesFirst = later.copies.every(
    (copy) => copy.source.slot !== writtenBy(earlier) || readsApart(copy.source, later.loops, earlier.loops),
  );
  return copiesFirst && pointwise(later, earlier) && pointwise(earlier, later);
}
