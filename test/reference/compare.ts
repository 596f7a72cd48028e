/** Two arrays in, the first difference (or null) out: bit for bit, where any NaN equals any other. */
import type { DType } from '../../jit/program.js';
import type { ReferenceArray } from './array.js';

export interface Tolerance {
  /** Greatest distance in units in the last place of the expected value; 0: the same bits. */
  readonly ulp: number;
}

/** A sentence about the first element that differs, null if none does. */
export function firstDifference(
  got: ReferenceArray,
  expected: ReferenceArray,
  { ulp }: Tolerance = { ulp: 0 },
): string | null {
  if (got.dtype !== expected.dtype) return `dtype ${got.dtype}, expected ${expected.dtype}`;
  if (`${got.shape}` !== `${expected.shape}`) return `shape (${got.shape}), expected (${expected.shape})`;
  if (got.data.length !== expected.data.length) return `${got.data.length} elements, expected ${expected.data.length}`;
  let count = 0;
  let first = '';
  for (let at = 0; at < expected.data.length; at++) {
    const a = got.data[at] ?? Number.NaN;
    const b = expected.data[at] ?? Number.NaN;
    if (Object.is(a, b) || (ulp > 0 && Math.abs(Number(a) - Number(b)) <= ulp * ulpOf(Number(b), expected.dtype)))
      continue;
    if (count++ === 0) first = `[${indexAt(expected.shape, at)}] is ${show(a)}, expected ${show(b)}`;
  }
  return count === 0 ? null : `${first} (${count} of ${expected.data.length} elements differ)`;
}

function show(x: number | bigint): string {
  return Object.is(x, -0) ? '-0' : `${x}`;
}

/** Distance from |x| to the next larger number of its type. */
function ulpOf(x: number, dtype: DType): number {
  if (!Number.isFinite(x) || (dtype !== 'f64' && dtype !== 'f32')) return 0;
  const [digits, least] = dtype === 'f64' ? [52, -1022] : [23, -126];
  const exponent = x === 0 ? least : Math.max(least, Math.floor(Math.log2(Math.abs(x))));
  return 2 ** (exponent - digits);
}

function indexAt(shape: readonly number[], at: number): string {
  const index: number[] = [];
  let rest = at;
  for (const n of [...shape].reverse()) {
    index.unshift(rest % n);
    rest = Math.floor(rest / n);
  }
  return index.join(', ');
}
