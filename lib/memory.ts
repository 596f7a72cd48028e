/**
 * Arrays that belong to no grid: storages in, memory in the engine out. It goes when an array is released, disposed of,
 * or found by the garbage collector. What is released is used again by the next array of its kind, so that a loop that
 * makes temporaries binds the same few fields in every round. All ranks must do the same: released memory is taken
 * again by the count of units, never by the clock or by what the collector finds.
 */

import { blockOf, layoutOf } from '../jit/decompose.js';
import { fromNative } from './errors.js';
import type { Init } from './initial.js';
import type { FieldDesc } from './native.js';
import { sizeOf } from './shape.js';
import type { FieldMeta, Storage } from './storage.js';
import type { Taps } from './taps.js';

/** Units after which released memory that nothing asked for is given back. */
const KEPT_UNITS = 64;

/** Elements of an array whose memory is worth ending a unit for. */
const LARGE = 1 << 17;

interface Spare {
  readonly native: number;
  readonly since: number;
}

/** What the collector is asked about at a time, at most: those that live on, and those released meanwhile. */
const MOST_YOUNG = 1024;

/** The session, as seen from here. */
interface Home {
  readonly rank: number;
  readonly size: number;
  createField(desc: FieldDesc, threads: number): number;
  readonly taps: Taps;
  /** Gives the memory of fields back that nothing can be recorded with. */
  reclaim(natives: readonly number[]): void;
}

export class Memory {
  /** Released memory by what it fits. The most recently released is taken first. */
  readonly #spare = new Map<FieldMeta, Spare[]>();
  /** Released, but the unit being recorded may still use it. */
  #released: Storage[] = [];
  #units = 0;
  /**
   * Has memory, and the collector has not been asked to tell of its end: most arrays of a time loop are released before
   * it can, which is when the user's code pauses. Asking costs more than recording a statement.
   */
  #young: Storage[] = [];
  readonly #dropped = new FinalizationRegistry<number>((native) => this.session.reclaim([native]));
  /** Scalars go by the thousand. Where no other rank must know which one's place is taken next, they are used again. */
  readonly #droppedScalars = new FinalizationRegistry<{ native: number; meta: FieldMeta }>(({ native, meta }) =>
    this.#keep(meta, native, Number.POSITIVE_INFINITY),
  );

  constructor(private readonly session: Home) {}

  /**
   * Gives `storage` memory, and says whether that is new: zeros. Else its contents are anything. `init` is what the
   * observers are told. Throws OUT_OF_MEMORY.
   */
  provide(storage: Storage, { label, init = 0 }: { label?: string; init?: Init } = {}): boolean {
    const { meta } = storage;
    const { dtype, shape, options } = meta;
    const spare = this.#spare.get(meta)?.pop();
    if (spare) storage.native = spare.native;
    else {
      const { offset, extent } = blockOf(layoutOf(shape, meta.slot.decomposition), this.session.rank);
      try {
        // A Scalar is one element on each rank.
        const global = shape.length === 0 ? extent : shape;
        storage.native = this.session.createField({ dtype, shape: global, offset, extent }, options.threads);
      } catch (error) {
        throw fromNative(error, label);
      }
    }
    this.#watchLater(storage);
    this.session.taps.created(storage, init);
    return spare === undefined;
  }

  #watchLater(storage: Storage): void {
    if (this.#young.length === 0) queueMicrotask(() => this.#watch());
    else if (this.#young.length >= MOST_YOUNG) this.#young = this.#young.filter(({ disposed }) => !disposed);
    this.#young.push(storage);
  }

  #watch(): void {
    const young = this.#young;
    this.#young = [];
    for (const storage of young) {
      const { native, meta } = storage;
      if (storage.disposed || native < 0) continue;
      storage.watched = true;
      if (meta.shape.length === 0 && this.session.size === 1)
        this.#droppedScalars.register(storage, { native, meta }, storage);
      else this.#dropped.register(storage, native, storage);
    }
  }

  #keep(meta: FieldMeta, native: number, since: number): void {
    const list = this.#spare.get(meta);
    if (list) list.push({ native, since });
    else this.#spare.set(meta, [{ native, since }]);
  }

  /** Nothing recorded from now on uses `storage`. */
  release(storage: Storage): void {
    if (storage.disposed) return;
    storage.disposed = true;
    this.#released.push(storage);
  }

  /**
   * Units that use `storages` will be handed over again and again: what of these was released while they were recorded
   * stays, and nothing else gets it, until the function that is given back is called.
   */
  withhold(storages: Iterable<Storage>): () => void {
    const used = new Set(storages);
    const withheld = this.#released.filter((storage) => used.has(storage));
    this.#released = this.#released.filter((storage) => !used.has(storage));
    return () => this.#released.push(...withheld);
  }

  /** Its memory has been given back by other ways. */
  disowned(storage: Storage): void {
    if (!storage.watched) return;
    storage.watched = false;
    this.#dropped.unregister(storage);
    this.#droppedScalars.unregister(storage);
  }

  /**
   * A unit has been recorded (its number among the recorder's: see Storage.epoch): what was released and is not in it is
   * free for the arrays that it makes. A loop whose names keep their arrays until the next round's are there
   * (`lap = ...`) would take twice the memory else.
   */
  unitRecorded(unit: number): void {
    if (this.#released.length > 0) this.#free(({ epoch }) => epoch !== unit);
  }

  /** Everything recorded so far is in units: what was released is free, what was free for long goes. */
  unitEnded(): void {
    this.#units++;
    if (this.#released.length > 0) this.#free(() => true);
    if (this.#spare.size > 0 && this.#units % KEPT_UNITS === 0) this.#trim();
  }

  /**
   * Must a large `target` have new memory, although some was released that fits, because this unit uses that? What else is
   * free the unit's own arrays take first.
   */
  waitsFor({ meta, native }: Storage, unit: readonly Storage[]): boolean {
    if (native >= 0 || this.#released.length === 0 || sizeOf(meta.shape) < LARGE) return false;
    const fitting = this.#released.filter((other) => other.meta === meta && other.native >= 0);
    const used = fitting.filter((other) => unit.includes(other)).length;
    const free = (this.#spare.get(meta)?.length ?? 0) + fitting.length - used;
    const wanted = unit.filter((other) => other.meta === meta && other.native < 0 && !other.disposed).length;
    return used > 0 && free <= wanted;
  }

  /** Would an array of this kind have new memory now, although some was released that fits? */
  waitsToFit(meta: FieldMeta): boolean {
    return (
      (this.#spare.get(meta)?.length ?? 0) === 0 &&
      this.#released.some((other) => other.meta === meta && other.native >= 0)
    );
  }

  /** Last released first: what takes its place in the next round of a loop is made in the order of release. */
  #free(mayGo: (storage: Storage) => boolean): void {
    const kept: Storage[] = [];
    for (const storage of this.#released.reverse()) {
      const { native, meta } = storage;
      if (!mayGo(storage)) kept.push(storage);
      else if (native >= 0) {
        this.disowned(storage);
        this.#keep(meta, native, this.#units);
      }
    }
    this.#released = kept.reverse();
  }

  #trim(): void {
    for (const [meta, list] of this.#spare) {
      const kept = list.filter(({ since }) => since > this.#units - KEPT_UNITS);
      const gone = list.filter(({ since }) => since <= this.#units - KEPT_UNITS).map(({ native }) => native);
      if (kept.length > 0) this.#spare.set(meta, kept);
      else this.#spare.delete(meta);
      if (gone.length > 0) this.session.reclaim(gone);
    }
  }
}
