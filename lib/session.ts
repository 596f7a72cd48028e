/**
 * The process's one running engine: units from the recorder in, Plans loaded and runs queued in native code out. The
 * engine starts with the first field; a batch goes over when it is full, when the user's code pauses, and at sync.
 */

import { type Backend, nativeBackend } from './backend.js';
import { fromNative, guarded, QuadrilleError } from './errors.js';
import { movedOn, stretches } from './march.js';
import { Memory } from './memory.js';
import type { FieldDesc, NativeEngine, NativeStats } from './native.js';
import { PackedRuns } from './packed-runs.js';
import { Plans } from './plans.js';
import { type ProgramRecord, Recorder, type Unit, type UnitSink } from './recorder.js';
import { type Looped, type Planned, type Run, RunFinder } from './runs.js';
import { clock, type FieldMeta, type Storage } from './storage.js';
import { Taps } from './taps.js';

/**
 * Units the engine may have waiting before an awaited call holds the recording back, until half of them have run: less
 * than 1 MB, and milliseconds of work even on the smallest grids. Few long bursts of recording disturb the threads that
 * compute less than many short ones: under MPI each rank has but one core, and a burst on one stalls its neighbours.
 */
const MOST_QUEUED = 8192;
const POLL_MS = 2;

function nativesOf(storages: readonly Storage[]): number[] {
  return storages.map((storage) => storage.native);
}

export class Session implements UnitSink {
  readonly recorder = new Recorder(this);
  /** Observers, for tests: see lib/tap.ts. */
  readonly taps = new Taps();
  readonly plans = new Plans(this);
  /** Arrays that no grid holds: temporaries, and what creation functions make. */
  readonly memory = new Memory(this);
  #backend: Backend | undefined;
  #engine: NativeEngine | undefined;
  #threads = 0;
  #defaultThreads: number | undefined;
  #pending: Planned[] = [];
  #captured: Unit[] | undefined;
  /** A loop runs that ends nobody knows when. */
  #undecided = false;
  readonly #finder = new RunFinder();
  /** Is told of every unit: who watches a loop. */
  noted: ((unit: Unit) => void) | undefined;
  readonly #packed = new PackedRuns();
  #scheduled = false;
  /** What is handed over is waited for next. */
  #soon = false;
  /** What went wrong where nobody could be told; thrown at the next opportunity. */
  #failure: QuadrilleError | undefined;
  #synced = 0;

  /** Threads of a grid that names no number. */
  get defaultThreads(): number {
    this.#defaultThreads ??= this.backend.defaultThreads(); // asks the machine: once
    return this.#defaultThreads;
  }

  get backend(): Backend {
    this.#backend ??= nativeBackend(() => this.end());
    return this.#backend;
  }

  /** For tests: another engine than the addon's. Only before the first field. */
  useBackend(backend: Backend): void {
    if (this.#engine) throw new QuadrilleError('INTERNAL', 'the engine has started already');
    this.#backend = backend;
  }

  get rank(): number {
    return this.backend.rank;
  }

  get size(): number {
    return this.backend.size;
  }

  /** Starts the engine, if it does not run yet, with at least `threads` threads. Throws BAD_OPTION if it runs with fewer. */
  start(threads: number): NativeEngine {
    if (!this.#engine) {
      this.#threads = Math.max(threads, this.defaultThreads);
      this.#engine = this.backend.start(this.#threads);
    } else if (threads > this.#threads) {
      throw new QuadrilleError(
        'BAD_OPTION',
        `threads: ${threads}, but the engine already runs with ${this.#threads}.`,
        {
          expected: `at most ${this.#threads}`,
          hint: 'make the grid with most threads first',
        },
      );
    }
    return this.#engine;
  }

  /** The engine, if it runs. */
  get engine(): NativeEngine {
    if (!this.#engine) throw new QuadrilleError('INTERNAL', 'the engine has not started');
    return this.#engine;
  }

  get running(): boolean {
    return this.#engine !== undefined;
  }

  /** Field id in the engine. Throws OUT_OF_MEMORY. */
  createField(desc: FieldDesc, threads: number): number {
    return guarded(() => this.start(threads).createField(desc));
  }

  // UnitSink

  begin(): void {
    this.#throwFailure();
    if (this.#undecided) {
      throw new QuadrilleError('BAD_OPTION', 'A statement is recorded while a loop with until is running.', {
        expected: 'await grid.loop(...) first',
        hint: 'only when it has ended is it known what its fields hold',
      });
    }
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      try {
        this.recorder.cut();
        this.flush();
      } catch (error) {
        this.#failure = fromNative(error);
      }
    });
  }

  waitsFor(target: Storage, unit: readonly Storage[]): boolean {
    return this.memory.waitsFor(target, unit);
  }

  /** A large array is about to be made: ends the unit at hand where what it still uses was released, and fits. */
  makeRoom(meta: FieldMeta): void {
    if (this.recorder.inUnit || !this.memory.waitsToFit(meta)) return;
    this.recorder.cut();
    this.memory.unitEnded();
  }

  unit(unit: Unit): void {
    if (!this.#captured) this.memory.unitRecorded(this.recorder.unit);
    for (const storage of unit.fields) if (storage.native < 0) this.memory.provide(storage, unit.record.program);
    if (this.#captured) {
      this.plans.of(unit);
      this.#captured.push(unit);
      return;
    }
    this.noted?.(unit);
    this.taps.unit(unit);
    // Lowered at once, not at hand-over: the compiler thread can begin while more is recorded.
    this.#pending.push({ unit, plan: this.plans.of(unit) });
    this.memory.unitEnded();
    if (this.#pending.length >= (unit.fields[0]?.owner.batch ?? 1)) this.flush();
  }

  /** What `body` records, as units that are not handed over; everything before has been. */
  capture(body: () => void): Unit[] {
    this.handOver();
    const captured: Unit[] = [];
    this.#captured = captured;
    try {
      this.recorder.asUnit(body);
    } finally {
      this.#captured = undefined;
    }
    return captured;
  }

  forget(records: Iterable<ProgramRecord>): void {
    this.flush(); // units that still name their Plans
    this.#finder.forget();
    this.plans.drop(records);
  }

  /** Queues every unit that is complete. */
  flush(): void {
    const units = this.#pending;
    if (units.length === 0) return;
    this.#pending = [];
    let singles: Run[] = [];
    for (const run of this.#finder.runsOf(units)) {
      if (run.next === null) {
        singles.push(run);
        continue;
      }
      this.#submit(singles);
      singles = [];
      this.#loop(run, run.next);
    }
    this.#submit(singles);
  }

  #submit(units: readonly Run[]): void {
    if (units.length === 0) return;
    const { ids, params, words, values } = this.#packed.of(units);
    guarded(() => this.engine.submit(ids, params, words, values, this.#soon), units[0]?.record.program.label);
  }

  /**
   * Records `count` units: this one, and those whose integers are `by` more than those of the one before (lib/march.ts).
   * Nothing is being recorded.
   */
  march(unit: Unit, by: readonly number[], count: number): void {
    for (const { ints, count: length } of stretches(unit, by, count)) {
      const first = { ...unit, ints };
      for (let run = 0; run < length && this.taps.any; run++) this.taps.unit({ ...unit, ints: movedOn(ints, by, run) });
      this.#pending.push({ unit: first, plan: this.plans.of(first), march: { by, count: length } });
      if (this.#pending.length >= (unit.fields[0]?.owner.batch ?? 1)) this.flush();
    }
    this.memory.unitEnded();
  }

  /** Queues `count` steps of a unit. */
  loop(looped: Looped, count: number): void {
    const { unit, places, next } = looped;
    this.taps.steps(looped, 0, count);
    this.#loop({ ...unit, fields: nativesOf(places), count }, next);
    this.memory.unitEnded();
  }

  /**
   * Runs a unit until a Scalar that `check` computes every `every` steps is not 0, and resolves with the number of steps.
   * Meanwhile nothing can be recorded. `check` has its places as of the end of the first step.
   */
  async loopUntil(
    looped: Looped,
    check: Looped,
    condition: Storage,
    { most, every, progress }: { most: number; every: number; progress?: () => Promise<void> },
  ): Promise<number> {
    const { engine } = this;
    const taken = new Float64Array(1);
    const host = guarded(() => engine.createHostField(taken, [1]));
    this.#undecided = true;
    try {
      const [body, test] = [looped, check].map(({ unit, places, next }) => ({
        plan: this.plans.ofLoop(unit.record, next),
        fields: Int32Array.from(nativesOf(places)),
        params: Float64Array.from(unit.params),
      }));
      if (!body || !test) throw new QuadrilleError('INTERNAL', 'a loop without a body');
      guarded(
        () =>
          engine.until(
            ...([body.plan, body.fields, body.params, most] as const),
            ...([test.plan, test.fields, test.params] as const),
            ...([condition.native, host, every] as const),
          ),
        looped.unit.record.program.label,
      );
      await progress?.();
      await this.sync();
    } finally {
      this.#undecided = false;
      engine.disposeField(host);
    }
    const [steps = 0] = taken;
    for (let done = 0; done < steps; ) {
      const more = Math.min(every, steps - done);
      this.taps.steps(looped, done, more);
      done += more;
      this.taps.steps(check, done - 1, 1);
    }
    this.memory.unitEnded();
    return steps;
  }

  #loop(
    { record, fields, params, count }: Pick<Run, 'record' | 'fields' | 'params' | 'count'>,
    next: readonly number[],
  ): void {
    const id = this.plans.ofLoop(record, next);
    guarded(
      () => this.engine.loop(id, Int32Array.from(fields), Float64Array.from(params), count),
      record.program.label,
    );
  }

  /** Queues everything recorded so far. */
  handOver(): void {
    this.#throwFailure();
    this.recorder.cut();
    this.flush();
  }

  /** Everything recorded so far has run. Rejects with the first error since the last sync. */
  async sync(): Promise<void> {
    this.handOver();
    if (!this.#engine) return;
    const now = clock.now;
    try {
      await this.#engine.sync();
    } catch (error) {
      throw fromNative(error);
    }
    this.plans.settle();
    this.#synced = Math.max(this.#synced, now);
  }

  /** The number a Scalar is, if everything recorded so far has run within a millisecond; waits so long for it. */
  valueSoon(scalar: Storage): number | undefined {
    this.#soon = true;
    try {
      this.handOver();
    } finally {
      this.#soon = false;
    }
    const now = clock.now;
    const value = guarded(() => this.engine.valueSoon(this.nativeOf(scalar)));
    if (value !== undefined) this.#synced = Math.max(this.#synced, now);
    return value;
  }

  /** Waits while the engine has more queued than it needs to be kept busy. */
  async backpressure(): Promise<void> {
    const { engine } = this;
    if (engine.queued() > MOST_QUEUED) {
      while (engine.queued() > MOST_QUEUED / 2) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    this.#throwFailure();
  }

  /** Has everything recorded so far run, by an awaited sync? */
  get synced(): boolean {
    return this.#synced === clock.now;
  }

  /** The field's id in the engine; an array of which nothing has been recorded yet gets its memory now. */
  nativeOf(storage: Storage): number {
    if (storage.native < 0) this.memory.provide(storage);
    return storage.native;
  }

  /** Gives the memory of fields back, once what uses them has run. */
  dispose(storages: readonly Storage[]): void {
    const live = storages.filter((storage) => !storage.disposed);
    if (live.length === 0 || !this.#engine) return;
    if (this.#captured) {
      throw new QuadrilleError('BAD_OPTION', 'A field is disposed of in the body of a loop.', {
        expected: 'dispose after the loop',
        hint: 'the body is recorded once, and uses the field in every step; an array without a grid may be released there',
      });
    }
    this.handOver();
    for (const storage of live) {
      storage.disposed = true;
      if (storage.native >= 0) this.#engine.disposeField(storage.native);
      storage.owner.disown?.(storage);
      this.memory.disowned(storage);
    }
    this.#finder.gone(live);
  }

  /** For grids the garbage collector found: nothing can be recorded with their fields any more. */
  reclaim(natives: readonly number[]): void {
    try {
      this.flush();
      for (const native of natives) this.engine.disposeField(native);
    } catch (error) {
      // Nobody called: the collector did, perhaps in the middle of anything.
      this.#failure ??= fromNative(error);
    }
  }

  stats(): NativeStats {
    return guarded(() => this.engine.stats());
  }

  /** At the end of the program: runs what was recorded and not awaited. */
  async end(): Promise<void> {
    if (this.#engine) await this.sync();
  }

  #throwFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure;
  }
}

export const session = new Session();
