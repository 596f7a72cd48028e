/** What is recorded in, told to whoever observes it (tests, by lib/tap.ts) in the order it will run. */
import type { DType, Program } from '../jit/program.js';
import type { Init } from './initial.js';
import type { Unit } from './recorder.js';
import type { Looped } from './runs.js';
import type { Storage } from './storage.js';

export interface Tap {
  /** A field was created. `id` is the same on every rank; `init` is what the user gave (see initialValues). */
  created?(field: {
    readonly id: number;
    readonly name: string;
    readonly dtype: DType;
    readonly shape: readonly number[];
    readonly init: Init;
  }): void;
  /** The whole field was overwritten from outside (load, restore), block by block; contents are not shown. */
  written?(id: number): void;
  /** A unit was recorded: `fields[s]` is the id bound to slot s. */
  unit?(unit: {
    readonly program: Program;
    readonly fields: readonly number[];
    readonly params: readonly number[];
    readonly ints: readonly number[];
  }): void;
}

/** The observers there are. */
export class Taps {
  readonly #taps = new Set<Tap>();

  add(tap: Tap): void {
    this.#taps.add(tap);
  }

  delete(tap: Tap): void {
    this.#taps.delete(tap);
  }

  /** Does anybody observe? */
  get any(): boolean {
    return this.#taps.size > 0;
  }

  /** What an array begins with. */
  created({ id, name, meta: { dtype, shape } }: Storage, init: Init): void {
    for (const tap of this.#taps) tap.created?.({ id, name, dtype, shape, init });
  }

  written({ id }: Storage): void {
    for (const tap of this.#taps) tap.written?.(id);
  }

  unit({ record: { program }, fields, params, ints }: Unit): void {
    for (const tap of this.#taps) {
      tap.unit?.({ program, fields: fields.map((storage) => storage.id), params, ints });
    }
  }

  /** `count` steps of a loop, from step `from` on. */
  steps({ unit: { record, fields, params }, places, next }: Looped, from: number, count: number): void {
    if (this.#taps.size === 0) return;
    let ids = places.map((storage) => storage.id);
    for (let step = 0; step < from + count; step++) {
      if (step >= from) {
        for (const tap of this.#taps) {
          tap.unit?.({ program: record.program, fields: ids.slice(0, fields.length), params, ints: [] });
        }
      }
      const now = ids;
      ids = next.map((place) => now[place] ?? -1);
    }
  }
}
