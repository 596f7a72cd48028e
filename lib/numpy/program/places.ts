/**
 * Integers that arrays hold, where the program can tell them when it records: those it made of numbers and has not
 * written since. Arrays in, the numbers out, or what waits for them.
 */
import { concrete, isInteger } from '../../../jit/types.js';
import type { Expr } from '../../expr.js';
import { Field } from '../../field.js';
import type { Storage } from '../../storage.js';
import { listOf, storageOf } from './arrays.js';
import type { Steps } from './code.js';
import { iterate } from './iteration.js';
import { numpyNumber } from './numpy-numbers.js';
import { isArray, List, type NumpyNumber, Tuple, type Value } from './values.js';

interface Known {
  /** As the storage was then. */
  readonly written: number;
  /** Made when they are asked for: most arrays of integers are data. */
  items?: readonly NumpyNumber[];
  readonly make: () => readonly NumpyNumber[];
}

const known = new WeakMap<Storage, Known>();

/** Beyond that they are data, not places. */
const MOST = 4096;

function isVector(value: Value): value is Expr {
  return isArray(value) && value.shape.length === 1 && isInteger(value.dtype);
}

/** An array just made of these numbers. */
export function noted(field: Field, items: () => readonly (number | bigint)[]): Field {
  const { dtype, storage } = field;
  if ((dtype !== 'i64' && dtype !== 'i32') || !isVector(field) || (field.shape[0] ?? 0) > MOST) return field;
  known.set(storage, { written: storage.written, make: () => items().map((item) => numpyNumber(item, dtype)) });
  return field;
}

function knownOf(value: Value): Known | undefined {
  if (!(value instanceof Field) || !isVector(value)) return undefined;
  const { storage } = value;
  const found = known.get(storage);
  return found && found.written === storage.written ? found : undefined;
}

/** Its elements, if they are known without waiting. */
export function knownPlaces(value: Value): readonly NumpyNumber[] | undefined {
  const found = knownOf(value);
  if (!found) return undefined;
  found.items ??= found.make();
  return found.items;
}

/** Would `placesIn` find any? Asked of every value of a statement: nothing is made of data. */
export function arePlaces(value: Value): boolean {
  return value instanceof List || knownOf(value) !== undefined;
}

/** What a loop walks: integers of an array as numbers, which can stand as indices; anything else as it is. */
export function* walkable(value: Value): Steps<Value> {
  if (!isVector(value) || (value.shape[0] ?? 0) > MOST) return value;
  const found = knownPlaces(value);
  if (found) return new List([...found]);
  const list = yield* listOf(value);
  const dtype = concrete(value.dtype);
  const numbers = [...iterate(list)].map((item) => (typeof item === 'bigint' ? numpyNumber(item, dtype) : item));
  return new List(numbers);
}

/** What a loop walks, which may write it: NumPy's sees that. */
export class Walk {
  readonly #storage: Storage | undefined;
  #written = 0;

  private constructor(
    private readonly over: Value,
    /** What `iterate` takes: stays the same, though not its items. */
    readonly walked: Value,
  ) {
    this.#storage = walked !== over && isArray(over) ? storageOf(over) : undefined;
    this.#written = this.#storage?.written ?? 0;
  }

  static *of(over: Value): Steps<Walk> {
    return new Walk(over, yield* walkable(over));
  }

  get isStale(): boolean {
    return this.#storage !== undefined && this.#storage.written !== this.#written;
  }

  /** Reads what has been written. */
  *renew(): Steps<void> {
    this.#written = this.#storage?.written ?? 0;
    const now = yield* walkable(this.over);
    if (now instanceof List && this.walked instanceof List) this.walked.items.splice(0, now.items.length, ...now.items);
  }
}

/** A list, tuple or array of places that are known, as its items; undefined: it is no such thing. */
export function placesIn(value: Value): readonly Value[] | undefined {
  if (value instanceof List) return value.items;
  return value instanceof Tuple ? undefined : knownPlaces(value);
}
