/**
 * Unroll-and-jam: a kernel specification in; out comes how many neighbouring rows its innermost loop does in lockstep.
 * Rows done together share what they load (5-point: six rows are read for four written, not twelve), which is what a
 * sweep from L2 waits for.
 */
import type { KernelExpr, KernelIndex, KernelSpec } from './kernel.js';
import type { BinaryFn, UnaryOp } from './program.js';

/** Most rows in lockstep: eight gain nothing more. */
const MOST = 4;
/**
 * Rows read and written at a time: beyond this they outrun prefetchers and registers. 5-point: 10 with four rows, both
 * fields of a Burgers step: 20.
 */
const MAX_STREAMS = 24;
/**
 * Part of the row reads that sharing must save. In 2-D four rows save a half (5-point) or more: 17 % faster from L2 where
 * rows are too long for L1, 9 % for Burgers from memory. In 3-D they save 30 % (7-point) and cost more than that from
 * memory, where each row is a stream of its own (1.83 for 1.47 ns per point; 25-point: 4.8 for 4.1).
 */
const LEAST_SAVING = 1 / 3;

/** The dimension whose neighbouring positions are jammed: that of the rows. */
export function jamAxis(spec: KernelSpec): number {
  return spec.dims - 2;
}

/** How many rows to do in lockstep: 4, 2, or 1 where it does not pay or must not be. */
export function jamFactor(spec: KernelSpec): number {
  if (spec.dims < 2 || callsMaths(spec)) return 1;
  const alone = rowReads(spec, 1);
  for (let rows = MOST; rows > 1; rows /= 2) {
    const together = rowReads(spec, rows);
    if (together > (1 - LEAST_SAVING) * alone * rows) continue;
    if (together + rows * spec.stores.length <= MAX_STREAMS && mayJam(spec, rows)) return rows;
  }
  return 1;
}

/** The same access `rows` rows on. */
export function rowsOn(index: readonly KernelIndex[], axis: number, rows: number): readonly KernelIndex[] {
  if (rows === 0) return index;
  return index.map((one) => (one.axis === axis ? { ...one, c: one.c + one.a * rows } : one));
}

/**
 * True if the rows' order does not matter: no row of a group touches what another one writes. Lowering promises that of
 * whole boxes; this looks at the indices alone, and refuses what they do not show.
 */
export function mayJam(spec: KernelSpec, rows: number): boolean {
  const axis = jamAxis(spec);
  const touched: { slot: number; index: readonly KernelIndex[] }[] = [...spec.stores, ...loadsOf(spec)];
  return spec.stores.every((store) =>
    touched.every(({ slot, index }) => slot !== store.slot || apart(store.index, index, axis, rows)),
  );
}

/** True if `written` in one row and `other` in a row less than `rows` on (or back) are never the same element. */
function apart(written: readonly KernelIndex[], other: readonly KernelIndex[], axis: number, rows: number): boolean {
  return written.some((w, d) => {
    const o = other[d];
    if (!o || o.axis !== w.axis || o.a !== w.a || o.biased !== w.biased || w.axis < 0 || w.a === 0) return false;
    const difference = o.c - w.c;
    // Along the jammed dimension: the same row, between two rows (red-black), or beyond the group.
    if (w.axis === axis)
      return difference % w.a !== 0 || difference === 0 || Math.abs(difference) >= rows * Math.abs(w.a);
    // Along dimensions outside of it, all rows of a group are at one position.
    return w.axis < axis && difference !== 0;
  });
}

/** How many different rows the body reads when it does so many of its own. */
function rowReads(spec: KernelSpec, rows: number): number {
  const axis = jamAxis(spec);
  const keys = new Set<string>();
  for (const { slot, index } of loadsOf(spec)) {
    for (let q = 0; q < rows; q++) keys.add(JSON.stringify([slot, rowsOn(index, axis, q).slice(0, -1)]));
  }
  return keys.size;
}

type Load = Extract<KernelExpr, { op: 'load' }>;

export function loadsOf(spec: KernelSpec): Load[] {
  return spec.stores.flatMap((store) => within(store.value)).filter((expr) => expr.op === 'load');
}

/** What a processor does in a few instructions. */
const CHEAP: ReadonlySet<UnaryOp | BinaryFn> = new Set<UnaryOp | BinaryFn>([
  ...(['neg', 'abs', 'sqrt', 'floor', 'ceil', 'square', 'reciprocal', 'not', 'sign', 'trunc', 'rint'] as const),
  ...(['add', 'sub', 'mul', 'div', 'minimum', 'maximum', 'lt', 'le', 'gt', 'ge', 'eq', 'ne'] as const),
  ...(['and', 'or', 'xor', 'fmin', 'fmax', 'copysign', 'isnan', 'isinf', 'isfinite', 'signbit'] as const),
  ...(['invert', 'astype', 'bitand', 'bitor', 'bitxor', 'shl', 'shr'] as const),
]);

/** A mathematical function takes tens of instructions an element: that is not bound by loads, and its code is long. */
function callsMaths(spec: KernelSpec): boolean {
  return spec.stores.some((store) => within(store.value).some((expr) => 'fn' in expr && !CHEAP.has(expr.fn)));
}

function within(expr: KernelExpr): KernelExpr[] {
  switch (expr.op) {
    case 'load':
    case 'iota':
    case 'param':
      return [expr];
    case 'unary':
      return [expr, ...within(expr.a)];
    case 'binary':
      return [expr, ...within(expr.a), ...within(expr.b)];
    case 'where':
      return [expr, ...within(expr.cond), ...within(expr.a), ...within(expr.b)];
  }
}
