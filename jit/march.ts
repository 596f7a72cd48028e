/**
 * A sweep by rows, `for i in ...: A[i, 1:-1] += A[i - 1, :-2]`, is a run per row, whose integers move on by a constant.
 * Waves in; out comes along which dimension such runs do not depend on each other. The executor may then take all of them
 * in one strip of it before the next strip's turn: what a row leaves in cache is there for the next one, and threads need
 * not wait for each other.
 */
import { isEmpty, ownedCounters } from './box.js';
import { BYTES } from './bytes.js';
import { writtenBy } from './dependence.js';
import type { Group } from './fuse.js';
import { blockAt, type SlotTable } from './place.js';
import type { Box, March, Plan } from './plan.js';
import { type Access, accessesOf, identityAccess } from './sweep.js';

/** What a strip touches in one run stays in the first-level cache until the next. */
const STRIP_BYTES = 24 << 10;
const LINE = 64;
/** Points that are worth a call of their own. */
const LEAST_POINTS = 32;
/** Choices of dimensions that are tried. */
const MOST_CHOICES = 1 << 10;

/** A group's share of this rank: loop counters. */
interface Share {
  readonly group: Group;
  readonly counters: Box;
}

/** The strips of a Plan that was made of these waves; undefined: it has none. */
export function marchOf(
  { waves: planned, threads, ints = [] }: Plan,
  waves: readonly (readonly Group[])[],
  rank: number,
  table: SlotTable,
): March | undefined {
  if (ints.length === 0 || planned.some(({ exchange }) => exchange !== null)) return undefined;
  const groups = waves.flat();
  const sweeps = groups.flatMap((group) => group.sweeps);
  if (sweeps.some(({ reduce, copies }) => reduce !== undefined || copies.length > 0)) return undefined;
  const shares = groups.flatMap((group): Share[] => {
    const counters = ownedCounters(group.loops, blockAt(table, group.sweeps[0]?.target ?? -1, rank));
    return isEmpty(counters) ? [] : [{ group, counters }];
  });
  const along = alongOf(shares, new Set(sweeps.map(writtenBy)));
  const [lo, hi] = shares[0]?.counters[along?.[0] ?? 0] ?? [0, 0];
  if (!along || lo >= hi) return undefined;
  const dims = new Map(shares.map(({ group }, k) => [group, along[k] ?? 0]));
  return {
    width: widthOf(hi - lo, shares, along, table, threads),
    along: waves.map((wave) => wave.map((group) => dims.get(group) ?? 0)),
  };
}

/** Counter i of the strips' loop dimension touches position a * i + b along dimension `dim` of a slot. */
interface Strip {
  readonly dim: number;
  readonly a: number;
  readonly b: number;
}

/**
 * A loop dimension for each share, outer ones first, such that counter i of all of them touches one strip of everything that
 * is written, the same in every run, and no other counter touches it.
 */
function alongOf(shares: readonly Share[], written: ReadonlySet<number>): readonly number[] | undefined {
  let left = MOST_CHOICES;
  const extend = (along: readonly number[], strips: ReadonlyMap<number, Strip>): readonly number[] | undefined => {
    const share = shares[along.length];
    if (!share) return shares.every((each, k) => staysWithin(each, along[k] ?? 0, strips, written)) ? along : undefined;
    for (const dim of share.group.loops.keys()) {
      if (left-- <= 0) return undefined;
      const [lo = 0, hi = 0] = shares[0]?.counters[along[0] ?? dim] ?? [];
      const more = walks(share, dim, lo, hi) && withTargets(share, dim, strips);
      const found = more && extend([...along, dim], more);
      if (found) return found;
    }
    return undefined;
  };
  return extend([], new Map());
}

/** Does it walk these counters along `dim`, in every run? */
function walks({ group, counters }: Share, dim: number, lo: number, hi: number): boolean {
  const own = counters[dim];
  return group.loops[dim]?.dyn === undefined && own?.[0] === lo && own[1] === hi && hi - lo > 1;
}

/** The strips that are known, and those of what the share writes; undefined where they contradict each other. */
function withTargets(
  { group }: Share,
  dim: number,
  strips: ReadonlyMap<number, Strip>,
): ReadonlyMap<number, Strip> | undefined {
  const loop = group.loops[dim];
  const more = new Map(strips);
  for (const { target } of group.sweeps) {
    const strip = { dim, a: loop?.step ?? 1, b: loop?.start ?? 0 };
    const known = more.get(target) ?? strip;
    if (known.dim !== strip.dim || known.a !== strip.a || known.b !== strip.b) return undefined;
    more.set(target, strip);
  }
  return more;
}

/** Does it read of what is written nothing but its own strip? */
function staysWithin(
  { group }: Share,
  dim: number,
  strips: ReadonlyMap<number, Strip>,
  written: ReadonlySet<number>,
): boolean {
  return group.sweeps.every(({ value }) =>
    accessesOf(value).every(({ slot, maps }) => {
      if (!written.has(slot)) return true;
      const strip = strips.get(slot);
      const map = strip && maps[strip.dim];
      if (!map || map.wrap || map.dyn !== undefined || map.single) return false;
      return map.axis === dim && map.a === strip.a && map.b === strip.b;
    }),
  );
}

function widthOf(
  count: number,
  shares: readonly Share[],
  along: readonly number[],
  table: SlotTable,
  threads: number,
): number {
  let [bytes, points] = [0, 0];
  shares.forEach((share, k) => {
    bytes += bytesPerCounter(share, along[k] ?? 0, table);
    points += pointsBeside(share.counters, along[k] ?? 0);
  });
  const fitting = Math.max(STRIP_BYTES / bytes, LEAST_POINTS / (points / shares.length));
  const whole = fitting < 8 ? Math.ceil(fitting) : Math.floor(fitting / 8) * 8;
  return Math.max(1, Math.min(whole, Math.ceil(count / threads)));
}

/** What one counter of the strips' dimension touches, in whole lines where these lie across it. */
function bytesPerCounter({ group, counters }: Share, along: number, table: SlotTable): number {
  const accesses = group.sweeps.flatMap(({ target, loops, value }): Access[] => [
    identityAccess(target, loops),
    ...accessesOf(value),
  ]);
  const bySlot = new Map<number, number>();
  for (const { slot, maps } of accesses) {
    const walked = new Set(maps.map(({ axis }) => axis).filter((axis) => axis >= 0 && axis !== along));
    const elements = [...walked].reduce((product, axis) => product * lengthOf(counters, axis), 1);
    const last = maps.at(-1)?.axis ?? -1;
    const inRows = last === along || lengthOf(counters, last) > 1;
    const bytes = elements * (inRows ? BYTES[table.decls[slot]?.dtype ?? 'f64'] : LINE);
    bySlot.set(slot, Math.max(bySlot.get(slot) ?? 0, bytes));
  }
  return [...bySlot.values()].reduce((sum, bytes) => sum + bytes, 0);
}

function pointsBeside(counters: Box, along: number): number {
  return counters.reduce((product, [lo, hi], d) => (d === along ? product : product * (hi - lo)), 1);
}

function lengthOf(counters: Box, axis: number): number {
  const [lo = 0, hi = 0] = counters[axis] ?? [];
  return hi - lo;
}
