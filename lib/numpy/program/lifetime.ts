/**
 * Which arrays of a program nothing names any more: bindings in, storages given back out. Counted, not left to the
 * garbage collector, so that every rank gives the same memory back at the same statement.
 */
import { QuadrilleError } from '../../errors.js';
import type { Expr } from '../../expr.js';
import { results, type Storage } from '../../storage.js';
import { isStored, materialise, release, storageOf } from './arrays.js';
import type { Frame } from './frame.js';
import { Dict, isArray, List, Tuple, type Value } from './values.js';

/** Records statements, or gives an expression, with Scalars of its own. */
interface Recording {
  run(values: readonly Value[]): Expr;
}

/** Counts the names of arrays that the program made, in `storage.names`; not of those in lists, and of others. */
export class Lifetimes {
  /**
   * An array made by the program. It lives to the end of the statement, longer if it is named. `since`: only one that was
   * made after this storage; functions may give back what they are given, which is somebody else's.
   */
  adopt<T extends Value>(value: T, frame: Frame, since = 0): T {
    // A Scalar that comes out of a list lives as long as the collector sees it.
    const storage = isArray(value) && value.shape.length > 0 ? storageOf(value) : undefined;
    if (storage && storage.names < 0 && storage.id > since) {
      storage.names = 0;
      frame.loose.push(storage);
    }
    return value;
  }

  /**
   * What `region` gives. Scalars and reductions that it makes on the way, which nobody may come to name, live as arrays
   * do.
   */
  run(region: Recording, values: readonly Value[], frame: Frame): Expr {
    const outer = results.noted;
    const first = frame.loose.length;
    results.noted = frame.loose;
    try {
      return region.run(values);
    } finally {
      results.noted = outer;
      for (let k = first; k < frame.loose.length; k++) {
        const storage = frame.loose[k];
        if (storage) storage.names = 0;
      }
    }
  }

  /** A value that can be named: an expression becomes an array of its own. */
  stored(value: Value, frame: Frame): Value {
    if (!isArray(value) || isStored(value)) return value;
    return value.shape.length > 0 ? this.adopt(materialise(value), frame) : this.run(STORING, [value], frame);
  }

  bind(frame: Frame, slot: number, given: Value): void {
    const old = frame.slots[slot];
    if (typeof given !== 'object' || given === null) frame.slots[slot] = given;
    else {
      const value = this.stored(given, frame);
      this.retain(value);
      if (frame.left) this.escape(value);
      frame.slots[slot] = value;
    }
    if (typeof old === 'object' && old !== null) this.drop(old, frame);
  }

  /** A name gets another value, which is not made of its present one: an array goes before the new one is made. */
  vacate(frame: Frame, slot: number): void {
    const old = frame.slots[slot];
    if (typeof old !== 'object' || old === null || !isArray(old)) return;
    frame.slots[slot] = undefined;
    this.drop(old, frame);
    this.sweep(frame);
  }

  retain(value: Value): void {
    if (isArray(value)) this.#count(value, 1);
    else this.escape(value);
  }

  drop(value: Value, frame: Frame): void {
    if (!isArray(value)) return;
    const storage = this.#count(value, -1);
    if (storage) frame.loose.push(storage);
  }

  #count(value: Expr, by: 1 | -1): Storage | undefined {
    const storage = storageOf(value);
    if (storage === undefined || storage.names < 0) return undefined;
    storage.names += by;
    return storage;
  }

  /** Arrays within `value` are not followed any further: they live as long as JavaScript can reach them. */
  escape(value: Value): void {
    if (value instanceof Tuple || value instanceof List) for (const item of value.items) this.escape(item);
    if (value instanceof Dict) for (const item of value.values()) this.escape(item);
    const storage = isArray(value) ? storageOf(value) : undefined;
    if (storage) storage.names = -1;
  }

  /** At the end of a statement: gives back what nothing names. */
  sweep(frame: Frame): void {
    const { loose } = frame;
    for (const storage of loose) {
      if (storage.names !== 0) continue;
      storage.names = -1;
      release(storage);
    }
    loose.length = 0;
  }

  /** A function returns: what its names held lives to the end of the caller's statement, longer if that names it. */
  leave(frame: Frame, caller: Frame): void {
    for (const value of frame.slots) {
      if (typeof value !== 'object' || value === null) continue;
      if (frame.captured) this.escape(value);
      else this.drop(value, caller);
    }
    for (const storage of frame.loose) caller.loose.push(storage);
    frame.loose.length = 0;
    frame.left = true;
  }
}

const STORING: Recording = {
  run([value = null]) {
    if (isArray(value)) return materialise(value);
    throw new QuadrilleError('INTERNAL', 'what is no array is stored as one');
  },
};
