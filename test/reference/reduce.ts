/** Numbers in, what NumPy's reductions make of them out; a sum is the exact one, rounded once (by whole numbers). */
import type { ReduceFn } from '../../jit/program.js';

export function reduce(fn: ReduceFn, data: Float64Array, dtype: 'f64' | 'f32'): number {
  switch (fn) {
    case 'sum':
      return exactSum(data, dtype);
    case 'min':
      return data.reduce((least, x) => (before(x, least) ? x : least));
    case 'max':
      return data.reduce((most, x) => (before(-x, -most) ? x : most));
    case 'argmin':
      return data.reduce((at, x, i) => (first(x, data[at] ?? 0) ? i : at), 0);
    case 'argmax':
      return data.reduce((at, x, i) => (first(-x, -(data[at] ?? 0)) ? i : at), 0);
  }
}

/** NaN first, then as numbers are ordered, -0 before +0. */
function before(a: number, b: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a);
  return a < b || (a === b && Object.is(a, -0));
}

/** The same, but equal ones, and NaNs, are equals. */
function first(a: number, b: number): boolean {
  return Number.isNaN(a) ? !Number.isNaN(b) : a < b;
}

const bits = new DataView(new ArrayBuffer(8));
const LEAST = 1074n;

/** As math.fsum, but beyond the range it is infinite, and infinities and NaN count as in any sum. */
export function exactSum(data: Iterable<number>, dtype: 'f64' | 'f32' = 'f64'): number {
  let sum = 0n; // in units of 2^-1074
  let special = 0;
  for (const x of data) {
    if (!Number.isFinite(x)) special += x;
    else sum += wholeOf(x);
  }
  return special !== 0 || Number.isNaN(special) ? special : nearest(sum, dtype);
}

function wholeOf(x: number): bigint {
  bits.setFloat64(0, x);
  const word = bits.getBigUint64(0);
  const exponent = (word >> 52n) & 0x7ffn;
  const mantissa = word & 0xfffffffffffffn;
  const size = exponent === 0n ? mantissa : (mantissa | 0x10000000000000n) << (exponent - 1n);
  return x < 0 ? -size : size;
}

/** To the nearest number of the type, ties to even. */
function nearest(sum: bigint, dtype: 'f64' | 'f32'): number {
  const size = sum < 0n ? -sum : sum;
  const [precision, least] = dtype === 'f64' ? [53, 0n] : [24, LEAST - 149n];
  const drop = BigInt(Math.max(size.toString(2).length - precision, Number(least)));
  const half = drop === 0n ? 0n : 1n << (drop - 1n);
  const rest = size & ((1n << drop) - 1n);
  let kept = size >> drop;
  if (drop > 0n && (rest > half || (rest === half && (kept & 1n) === 1n))) kept++;
  // kept * 2^(drop - 1074) is exact, or too large; in two steps, as 2^-1074 * 2^53 alone would be
  const value = timesPowerOfTwo(Number(kept), Number(drop - LEAST));
  const inRange = dtype === 'f64' || value <= 3.4028234663852886e38 ? value : Number.POSITIVE_INFINITY;
  return sum < 0n ? -inRange : inRange;
}

function timesPowerOfTwo(x: number, exponent: number): number {
  let value = x;
  for (let left = exponent; left !== 0; ) {
    const step = Math.max(-1000, Math.min(1000, left));
    value *= 2 ** step;
    left -= step;
  }
  return value;
}
