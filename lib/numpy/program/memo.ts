/**
 * The values of a statement's last run in; whether those of this run are the same numbers and arrays of the same kinds,
 * and then the statement recorded without another look, out. What loops repeat is recorded so.
 */
import type { Expr } from '../../expr.js';
import { Field } from '../../field.js';
import { Scalar } from '../../scalar.js';
import { session } from '../../session.js';
import { View } from '../../sliceable.js';
import type { FieldMeta, Storage, ViewStructure } from '../../storage.js';
import type { Structure } from '../../structure.js';
import type { Replay } from '../replay.js';
import { NumpyNumber, type Value } from './values.js';

/** How an array is seen: whole, or as which view; a Scalar that the engine keeps: as its load. */
type Seen = FieldMeta | ViewStructure | Structure;

export class Memo {
  /** Of this run's values. */
  readonly #storages: (Storage | undefined)[] = [];

  private constructor(
    private readonly values: readonly Value[],
    /** By value: how the array is seen; undefined: it is no array. */
    private readonly seen: readonly (Seen | undefined)[],
    /** By value: the first one that is the same array. */
    private readonly first: readonly number[],
    /** By hole of the template: which value. */
    private readonly holes: readonly (number | undefined)[],
    private readonly replay: Replay,
  ) {}

  /** Undefined where a value is neither an array nor one that is compared at a glance. */
  static of(values: readonly Value[], holes: readonly (number | undefined)[], replay: Replay): Memo | undefined {
    const seen: (Seen | undefined)[] = [];
    const storages: (Storage | undefined)[] = [];
    for (const value of values) {
      const one = seenOf(value);
      if (!one && typeof value === 'object' && value !== null && !(value instanceof NumpyNumber)) return undefined;
      seen.push(one);
      storages.push(one && storageOf(value));
    }
    const first = storages.map((storage, i) => (storage ? storages.indexOf(storage) : i));
    // Arrays are not held on to.
    const plain = values.map((value, i) => (seen[i] ? null : value));
    return new Memo(plain, seen, first, holes, replay);
  }

  fits(values: readonly Value[]): boolean {
    if (this.#gather(values)) return true;
    this.#storages.fill(undefined);
    return false;
  }

  #gather(values: readonly Value[]): boolean {
    const { seen, first } = this;
    const storages = this.#storages;
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? null;
      const expected = seen[i];
      if (!expected) {
        if (!isSame(value, this.values[i] ?? null)) return false;
        continue;
      }
      const storage = seenOf(value) === expected ? storageOf(value) : undefined;
      if (!storage || storage.disposed) return false;
      storages[i] = storage;
      if (storages.indexOf(storage) !== first[i]) return false;
    }
    return true;
  }

  /** After fits(). Gives the expression, if it is one. */
  run(): Expr | undefined {
    const storages = this.holes.map((leaf) => (leaf === undefined ? undefined : this.#storages[leaf]));
    this.#storages.fill(undefined);
    return this.replay.run(storages, session.recorder);
  }
}

function isSame(a: Value, b: Value): boolean {
  if (Object.is(a, b)) return true;
  return a instanceof NumpyNumber && b instanceof NumpyNumber && a.dtype === b.dtype && Object.is(a.value, b.value);
}

function seenOf(value: Value): Seen | undefined {
  if (value instanceof Field) return value.storage.meta;
  if (value instanceof Scalar) return value.place && value.tree().structure;
  return value instanceof View && value.ints.length === 0 ? value.view : undefined;
}

function storageOf(value: Value): Storage | undefined {
  if (value instanceof Field || value instanceof View) return value.storage;
  return value instanceof Scalar ? value.place : undefined;
}
