/**
 * Temporaries that need not exist: sweeps in; out come sweeps in which transient arrays that are cheap to compute again
 * are replaced by what they are computed from. NumPy's value is that of the moment an array was made: nothing is
 * replaced across a write to what it reads.
 *
 * The rule: an array read at one place is always replaced; one read at k places if computing it k - 1 times more costs
 * at most EXTRA_OPERATIONS per point. Storing and loading an element costs about that many vector operations (24 bytes
 * at 20 GB/s against 0.1 ns); a long or branching formula is computed once and kept.
 */
import { readsApart, readsOwnResults, writtenBy } from './dependence.js';
import type { BinaryFn, SlotDecl, UnaryOp } from './program.js';
import { type Access, accessesOf, type IndexMap, type Sweep, type SweepExpr } from './sweep.js';

const EXTRA_OPERATIONS = 8;
/** Nodes of one expression, at most: what is copied into itself over and over must end somewhere. */
const MOST_NODES = 400;

export function inlineTemporaries(sweeps: readonly Sweep[], slots: readonly SlotDecl[]): Sweep[] {
  let current = [...sweeps];
  for (const [slot, decl] of slots.entries()) {
    if (decl.transient) current = withoutTemporary(current, slot, slots) ?? current;
  }
  return current;
}

/** The sweeps without temporary `slot`, or undefined if it stays. */
function withoutTemporary(sweeps: readonly Sweep[], slot: number, slots: readonly SlotDecl[]): Sweep[] | undefined {
  const writers = sweeps.filter((sweep) => writtenBy(sweep) === slot);
  const [definition, again] = writers;
  if (!definition || again || !isWhole(definition, slots)) return undefined;
  const at = sweeps.indexOf(definition);
  const readers = sweeps.filter((sweep, k) => k > at && accessesOf(sweep.value).some((access) => access.slot === slot));
  if (!worthwhile(definition, readers, slot)) return undefined;
  const changed = new Map<Sweep, Sweep>();
  for (const reader of readers) {
    const between = sweeps.slice(at + 1, sweeps.indexOf(reader));
    if (between.some((sweep) => disturbs(sweep, definition))) return undefined;
    const value = substitute(reader.value, { slot, definition, slots });
    if (!value || sizeOf(value) > MOST_NODES) return undefined;
    const made = { ...reader, value };
    if (readsOwnResults(made) && !readsOwnResults(reader)) return undefined; // would take a temporary of its own
    changed.set(reader, made);
  }
  return sweeps.filter((sweep) => sweep !== definition).map((sweep) => changed.get(sweep) ?? sweep);
}

/** Does the sweep write all of its target once, from other arrays, in the target's own type? */
function isWhole({ target, loops, value, reduce }: Sweep, slots: readonly SlotDecl[]): boolean {
  if (reduce) return false;
  const decl = slots[target];
  return (
    decl !== undefined &&
    value.dtype === decl.dtype &&
    loops.every(({ start, step, count }, d) => start === 0 && step === 1 && count === decl.shape[d]) &&
    accessesOf(value).every((access) => access.slot !== target)
  );
}

function worthwhile(definition: Sweep, readers: readonly Sweep[], slot: number): boolean {
  const operations = operationsOf(definition.value);
  if (operations === 0) return true;
  const points = volume(definition);
  let times = 0;
  for (const reader of readers) {
    const places = accessesOf(reader.value).filter((access) => access.slot === slot).length;
    // Broadcast along a dimension, it would be computed at every point there.
    times += places * Math.max(1, volume(reader) / Math.max(1, points));
  }
  return (times - 1) * operations <= EXTRA_OPERATIONS;
}

function volume({ loops }: Sweep): number {
  return loops.reduce((product, { count }) => product * count, 1);
}

/** Does it write what the definition reads? */
function disturbs(sweep: Sweep, definition: Sweep): boolean {
  return accessesOf(definition.value).some(
    (access) =>
      access.slot === writtenBy(sweep) &&
      (sweep.reduce !== undefined || !readsApart(access, definition.loops, sweep.loops)),
  );
}

interface Replacement {
  readonly slot: number;
  readonly definition: Sweep;
  readonly slots: readonly SlotDecl[];
}

/** `expr` with every load of the temporary replaced; undefined where an index does not compose. */
function substitute(expr: SweepExpr, what: Replacement): SweepExpr | undefined {
  switch (expr.op) {
    case 'load':
      return expr.access.slot === what.slot ? moved(what.definition.value, expr.access, what) : expr;
    case 'param':
    case 'iota':
      return expr;
    case 'unary': {
      const a = substitute(expr.a, what);
      return a && { ...expr, a };
    }
    case 'binary': {
      const [a, b] = [substitute(expr.a, what), substitute(expr.b, what)];
      return a && b && { ...expr, a, b };
    }
    case 'where': {
      const [cond, a, b] = [expr.cond, expr.a, expr.b].map((part) => substitute(part, what));
      return cond && a && b && { ...expr, cond, a, b };
    }
  }
}

/** The definition's value at the point that `through` reads. */
function moved(value: SweepExpr, through: Access, what: Replacement): SweepExpr | undefined {
  switch (value.op) {
    case 'load': {
      const { slot, maps } = value.access;
      const composed = maps.map((map, d) => compose(map, through, what.slots[slot]?.shape[d] ?? 0, what));
      const known = composed.filter((map) => map !== undefined);
      return known.length === maps.length ? { ...value, access: { slot, maps: known } } : undefined;
    }
    case 'iota': {
      const map = compose(value.map, through, -1, what);
      return map && { ...value, map };
    }
    case 'param':
      return value;
    case 'unary': {
      const a = moved(value.a, through, what);
      return a && { ...value, a };
    }
    case 'binary': {
      const [a, b] = [moved(value.a, through, what), moved(value.b, through, what)];
      return a && b && { ...value, a, b };
    }
    case 'where': {
      const [cond, a, b] = [value.cond, value.a, value.b].map((part) => moved(part, through, what));
      return cond && a && b && { ...value, cond, a, b };
    }
  }
}

/** `map` of the definition's counters, which are the temporary's indices, where those are found by `through`. */
function compose(map: IndexMap, through: Access, extent: number, { slot, slots }: Replacement): IndexMap | undefined {
  if (map.axis < 0) return map;
  const inner = through.maps[map.axis];
  if (!inner) return undefined;
  // What moves with an integer stays so where it is only shifted.
  if (inner.dyn !== undefined && (map.a !== 1 || map.wrap || map.dyn !== undefined)) return undefined;
  if (inner.wrap) {
    // Around the ends of the temporary: the same as around those of an array of that extent, read straight.
    const same = map.a === 1 && extent === slots[slot]?.shape[map.axis];
    return same && map.dyn === undefined && (map.wrap || map.b === 0) ? { ...inner, b: inner.b + map.b } : undefined;
  }
  const a = inner.axis < 0 ? 0 : map.a * inner.a;
  const b = map.a * inner.b + map.b;
  const dyn = inner.dyn ?? map.dyn;
  if (!map.wrap) return { axis: inner.axis, a, b, wrap: false, ...(dyn !== undefined && { dyn }) };
  if (inner.axis < 0) return { axis: -1, a: 0, b: ((b % extent) + extent) % extent, wrap: false };
  return a === 1 ? { axis: inner.axis, a, b, wrap: true } : undefined;
}

/** Vector operations per point: a division or root counts as 4, a function of the library as 16. */
function operationsOf(expr: SweepExpr): number {
  switch (expr.op) {
    case 'load':
    case 'param':
      return 0;
    case 'iota':
      return 1;
    case 'unary':
      return costOf(expr.fn) + operationsOf(expr.a);
    case 'binary':
      return costOf(expr.fn) + operationsOf(expr.a) + operationsOf(expr.b);
    case 'where':
      return 1 + operationsOf(expr.cond) + operationsOf(expr.a) + operationsOf(expr.b);
  }
}

function costOf(fn: UnaryOp | BinaryFn): number {
  if (fn === 'div' || fn === 'sqrt' || fn === 'reciprocal') return 4;
  return CHEAP.has(fn) ? 1 : 16;
}

/** One vector instruction, or a few. */
const CHEAP: ReadonlySet<UnaryOp | BinaryFn> = new Set([
  ...(['neg', 'abs', 'square', 'not', 'floor', 'ceil', 'add', 'sub', 'mul', 'minimum', 'maximum'] as const),
  ...(['lt', 'le', 'gt', 'ge', 'eq', 'ne', 'and', 'or', 'xor', 'astype', 'invert', 'bitand', 'bitor'] as const),
]);

function sizeOf(expr: SweepExpr): number {
  switch (expr.op) {
    case 'load':
    case 'param':
    case 'iota':
      return 1;
    case 'unary':
      return 1 + sizeOf(expr.a);
    case 'binary':
      return 1 + sizeOf(expr.a) + sizeOf(expr.b);
    case 'where':
      return 1 + sizeOf(expr.cond) + sizeOf(expr.a) + sizeOf(expr.b);
  }
}
