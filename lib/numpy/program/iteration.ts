/** What a for loop walks, and how long it is: a value in, its items or their number out. */
import type { Expr } from '../../expr.js';
import { materialise, storageOf, whole } from './arrays.js';
import { Dict, isArray, List, Raised, Range, Tuple, typeName, type Value } from './values.js';

/** The values that a for loop walks. Rows of arrays are views of them. */
export function iterate(value: Value): Iterable<Value> {
  if (value instanceof Tuple || value instanceof List) return value.items;
  if (value instanceof Range) return countUp(value);
  if (value instanceof Dict) return value.keys();
  if (typeof value === 'string') return value;
  if (isArray(value) && value.shape.length > 0) return rows(value);
  throw new Raised('TypeError', `'${typeName(value)}' object is not iterable`);
}

function* countUp({ start, step, length }: Range): Generator<bigint> {
  let at = start;
  for (let i = 0; i < length; i++) {
    yield at;
    at += step;
  }
}

function* rows(value: Expr): Generator<Value> {
  // Rows of what is computed are those of an array that only they name.
  const view = whole(storageOf(value) ? value : materialise(value));
  for (let i = 0; i < (value.shape[0] ?? 0); i++) yield view.at(i);
}

export function lengthOf(value: Value): bigint {
  if (value instanceof Tuple || value instanceof List) return BigInt(value.items.length);
  if (value instanceof Range) return BigInt(value.length);
  if (value instanceof Dict) return BigInt(value.size);
  if (typeof value === 'string') return BigInt([...value].length);
  const first = isArray(value) ? value.shape[0] : undefined;
  if (first !== undefined) return BigInt(first);
  throw new Raised('TypeError', `object of type '${typeName(value)}' has no len()`);
}
