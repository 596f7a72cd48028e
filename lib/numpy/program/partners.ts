/**
 * Arrays that share their elements in NumPy and do not here, because a reshape copied: pairs in; whether a write into one
 * of them would have to be seen in another, out.
 */
import { QuadrilleError } from '../../errors.js';
import type { Storage } from '../../storage.js';

/** What would share its elements in NumPy. Both live as long as one of them does. */
const partners = new WeakMap<Storage, Storage[]>();
/** So that programs without such pairs pay nothing. */
let pairs = 0;

/** The one was made of the other. */
export function pair(a: Storage, b: Storage): void {
  pairs++;
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const known = partners.get(one);
    if (known) known.push(other);
    else partners.set(one, [other]);
  }
}

/** The program gives the array back: it is no partner any more. */
export function unpair(storage: Storage): void {
  if (pairs === 0) return;
  for (const other of partners.get(storage) ?? []) {
    const left = (partners.get(other) ?? []).filter((one) => one !== storage);
    if (left.length > 0) partners.set(other, left);
    else partners.delete(other);
  }
  partners.delete(storage);
}

/** Throws UNSUPPORTED_PYTHON if NumPy would change another array, too. */
export function checkWrite(storage: Storage | undefined): void {
  if (pairs === 0 || !storage || !partners.has(storage)) return;
  throw new QuadrilleError(
    'UNSUPPORTED_PYTHON',
    'A write into an array that shares its elements with a reshaped one is not translated.',
    {
      found: 'reshape and ravel, which copy here where NumPy gives a view of the same elements',
      hint: 'reshape a copy, a.copy().reshape(...), or del the one that is not used any more',
    },
  );
}
