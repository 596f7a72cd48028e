/**
 * Units in, runs out: consecutive units of one Program with equal numbers, whose fields change places in the same way
 * each time (`x, y = y, x`), become one loop that is handed over once, with its count; those whose integers move on alike
 * become one march.
 */
import { stepBetween } from './march.js';
import type { ProgramRecord, Unit } from './recorder.js';
import type { Storage } from './storage.js';

/** A unit and the Plan that runs it. */
export interface Planned {
  readonly unit: Unit;
  readonly plan: number;
  /** It is followed by `count` - 1 more of its kind, each of whose integers are `by` more than those before. */
  readonly march?: { readonly by: readonly number[]; readonly count: number };
}

/** A unit whose fields change places from step to step. */
export interface Looped {
  readonly unit: Unit;
  /** Begin with the unit's own fields. */
  readonly places: readonly Storage[];
  /** Place p holds in the next step what place next[p] holds now. */
  readonly next: readonly number[];
}

/** One Program, run `count` times in a row. Fields are engine ids. */
export interface Run {
  readonly record: ProgramRecord;
  readonly params: readonly number[];
  /** Of a single unit. */
  readonly plan: number;
  readonly ints: readonly number[];
  /** One per slot; in a loop also those that only later step into a slot. */
  readonly fields: readonly number[];
  /** In a loop: place p holds in the next step what place next[p] holds now. Null: a single unit. */
  readonly next: readonly number[] | null;
  /** How far its integers move on after each of several runs. */
  readonly by?: readonly number[];
  readonly count: number;
}

/** Runs that are worth being prepared as a march. */
const LEAST_MARCH = 4;

type Rotation = Map<number, number>;

/** Longest cycle worth looping: the engine keeps addresses for each of its steps. */
export const MOST_PHASES = 64;

export class RunFinder {
  /** What the last loop did, so that it goes on where a batch ended: with a single unit, say. */
  #last:
    | {
        readonly record: ProgramRecord;
        readonly params: readonly number[];
        readonly rotation: Rotation;
        /** Whose ids the rotation names: they must not be found by the collector, on one rank sooner than on another. */
        readonly held: ReadonlyMap<number, Storage>;
      }
    | undefined;

  runsOf(planned: readonly Planned[]): Run[] {
    const units = planned.map(({ unit }) => unit);
    const runs: Run[] = [];
    for (let at = 0; at < units.length; ) {
      const { plan = -1, march } = planned[at] ?? {};
      const run = this.#runAt(units, at, plan);
      const found = march ?? marchAt(planned, at);
      runs.push(found ? { ...run, ...found } : run);
      at += march ? 1 : (found ?? run).count;
    }
    return runs;
  }

  /** Its Programs are not used any more. */
  forget(): void {
    this.#last = undefined;
  }

  /** They have been disposed of. */
  gone(storages: readonly Storage[]): void {
    if (storages.some(({ native }) => this.#last?.held.has(native))) this.#last = undefined;
  }

  #runAt(units: readonly Unit[], at: number, plan: number): Run {
    const first = units[at];
    if (!first) throw new RangeError('no unit there');
    const { record, params, ints } = first;
    const fields = first.fields.map((storage) => storage.native);
    const single = { record, params, plan, ints, fields, next: null, count: 1 };
    if (ints.length > 0) return single; // it moves on
    const fresh = follow(units, at, new Map());
    const last = this.#last;
    if (last?.record === record && sameNumbers(last.params, params)) {
      const found = follow(units, at, new Map(last.rotation));
      const closed = found.count >= fresh.count ? closure(fields, found.rotation) : undefined;
      if (closed) return this.#loop(record, params, closed, units.slice(at, at + found.count));
    }
    const closed = fresh.count > 1 ? closure(fields, fresh.rotation) : undefined;
    return closed ? this.#loop(record, params, closed, units.slice(at, at + fresh.count)) : single;
  }

  #loop(record: ProgramRecord, params: readonly number[], { fields, next }: Places, units: readonly Unit[]): Run {
    const rotation = new Map(fields.map((field, p) => [field, fields[next[p] ?? p] ?? field]));
    const all = new Map(this.#last?.held);
    for (const unit of units.slice(0, MOST_PHASES)) for (const storage of unit.fields) all.set(storage.native, storage);
    this.#last = { record, params, rotation, held: new Map([...all].filter(([native]) => rotation.has(native))) };
    return { record, params, plan: -1, ints: [], fields, next, count: units.length };
  }
}

/** Units that follow each other as those of a march do, and are in one batch. */
function marchAt(planned: readonly Planned[], at: number): Planned['march'] {
  const first = planned[at];
  if (!first || first.unit.ints.length === 0) return undefined;
  let by: readonly number[] | undefined;
  let count = 1;
  for (; ; count++) {
    const [before, next] = [planned[at + count - 1], planned[at + count]];
    if (!before || !next || next.march || next.plan !== first.plan) break;
    const step = stepBetween(before.unit, next.unit);
    if (!step || (by && !step.every((one, k) => one === by?.[k]))) break;
    by = step;
  }
  return by && count >= LEAST_MARCH ? { by, count } : undefined;
}

interface Places {
  readonly fields: readonly number[];
  readonly next: readonly number[];
}

/** How many units from `at` on continue each other, and how fields change places among them. */
function follow(units: readonly Unit[], at: number, rotation: Rotation): { rotation: Rotation; count: number } {
  const first = units[at];
  let count = 1;
  for (let before = first; before; count++) {
    const unit = units[at + count];
    if (!unit || unit.record !== first?.record || !sameNumbers(unit.params, first.params)) break;
    if (!extend(rotation, before, unit)) break;
    before = unit;
  }
  return { rotation, count };
}

/** Adds what one step does; false (and nothing added) if that contradicts what the steps before did. */
function extend(rotation: Rotation, before: Unit, after: Unit): boolean {
  const added: number[] = [];
  const fits = before.fields.every((storage, slot) => {
    const from = storage.native;
    const to = after.fields[slot]?.native ?? -1;
    const known = rotation.get(from);
    if (known !== undefined) return known === to;
    for (const image of rotation.values()) if (image === to) return false;
    rotation.set(from, to);
    added.push(from);
    return true;
  });
  if (!fits) for (const from of added) rotation.delete(from);
  return fits;
}

/** The places of a loop, bound slots first; undefined if it is not known what follows some field. */
function closure(fields: readonly number[], rotation: Rotation): Places | undefined {
  const places = [...fields];
  const next: number[] = [];
  for (let p = 0; p < places.length; p++) {
    const to = rotation.get(places[p] ?? -1);
    if (to === undefined) return undefined;
    const known = places.indexOf(to);
    next.push(known < 0 ? places.push(to) - 1 : known);
  }
  return cycleOf(next) <= MOST_PHASES ? { fields: places, next } : undefined;
}

/** Steps until all places hold what they hold now. */
export function cycleOf(next: readonly number[]): number {
  const seen = new Set<number>();
  let length = 1;
  next.forEach((_, p) => {
    let own = 0;
    for (let q = p; !seen.has(q); q = next[q] ?? q, own++) seen.add(q);
    if (own > 0) length *= own / commonDivisor(length, own);
  });
  return length;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.every((value, i) => Object.is(value, b[i]));
}
