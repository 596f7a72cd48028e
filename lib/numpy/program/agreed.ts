/** A number that ranks would not have in common, such as the time, in; rank 0's, on every rank, out. Collective. */
import * as create from '../../create.js';
import { size } from '../../spmd.js';
import { release } from './arrays.js';
import { type Steps, wait } from './code.js';

/** What depends on it, such as a branch, is then the same everywhere. */
export function* agreed(value: number): Steps<number> {
  if (size === 1) return value;
  // Its one element lies on one rank, and is that rank's.
  const field = create.array(Float64Array.of(value), [1], 'f64');
  const common = yield* wait(field.get(0));
  release(field.storage);
  return Number(common);
}
