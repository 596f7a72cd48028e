/**
 * Numbers in, what NumPy's reductions make of them out; a sum of floats is the exact one, rounded once (by whole
 * numbers). Sums and products of integers are taken modulo 2^64.
 */
import type { DType, ExprType, ReduceFn } from '../../jit/program.js';
import { indicesOf } from './array.js';
import type { Element } from './element.js';

/** The type of the result, in NumPy's words: integers and truth values are added up in the widest integer type. */
export function reducedType(fn: ReduceFn, type: ExprType): DType {
  if (fn.startsWith('arg')) return 'i64';
  const own = type === 'weak' ? 'f64' : type === 'weakint' ? 'i64' : type;
  return fn === 'min' || fn === 'max' || own.startsWith('f') ? own : 'i64';
}

/** All elements, of type `type`, as one of `reducedType`. */
export function reduce(fn: ReduceFn, data: readonly Element[], type: ExprType): Element {
  if (type !== 'f64' && type !== 'f32' && type !== 'weak') return fromWhole(ofIntegers(fn, data.map(BigInt)), fn, type);
  const result = ofFloats(fn, Float64Array.from(data, Number), type === 'f32' ? 'f32' : 'f64');
  return fn.startsWith('arg') ? BigInt(result) : result;
}

function fromWhole(x: bigint, fn: ReduceFn, type: ExprType): Element {
  return reducedType(fn, type) === 'i64' ? x : Number(x);
}

function ofIntegers(fn: ReduceFn, data: readonly bigint[]): bigint {
  const [first = 0n] = data;
  switch (fn) {
    case 'sum':
      return BigInt.asIntN(
        64,
        data.reduce((sum, x) => sum + x, 0n),
      );
    case 'prod':
      return data.reduce((product, x) => BigInt.asIntN(64, product * x), 1n);
    case 'min':
      return data.reduce((least, x) => (x < least ? x : least), first);
    case 'max':
      return data.reduce((most, x) => (x > most ? x : most), first);
    case 'argmin':
      return BigInt(data.indexOf(ofIntegers('min', data)));
    case 'argmax':
      return BigInt(data.indexOf(ofIntegers('max', data)));
  }
}

function ofFloats(fn: ReduceFn, data: Float64Array, dtype: 'f64' | 'f32'): number {
  switch (fn) {
    case 'sum':
      return exactSum(data, dtype);
    case 'min':
      return data.reduce((least, x) => (before(x, least) ? x : least));
    case 'max':
      return data.reduce((most, x) => (before(-x, -most) ? x : most));
    case 'argmin':
      return data.reduce((at, x, i) => (first(x, data[at] ?? 0) ? i : at), 0);
    case 'prod':
      return data.reduce((product, x) => product * x, 1);
    case 'argmax':
      return data.reduce((at, x, i) => (first(-x, -(data[at] ?? 0)) ? i : at), 0);
  }
}

interface Values {
  readonly shape: readonly number[];
  readonly data: readonly Element[];
  readonly dtype: ExprType;
}

/** Along axes, in index order; sums as NumPy's: rows are added one after the other, each by pairs if it is reduced. */
export function reduceAlong(fn: ReduceFn, { shape, data, dtype }: Values, axes: readonly number[]): Element[] {
  const kept = shape.map((_, d) => d).filter((d) => !axes.includes(d));
  const lists = new Map<number, Element[]>();
  let position = 0;
  for (const index of indicesOf(shape)) {
    const at = kept.reduce((sum, d) => sum * (shape[d] ?? 1) + (index[d] ?? 0), 0);
    const list = lists.get(at) ?? [];
    list.push(data[position++] ?? Number.NaN);
    lists.set(at, list);
  }
  const row = axes.includes(shape.length - 1) ? (shape.at(-1) ?? 1) : 1;
  return [...lists]
    .sort(([a], [b]) => a - b)
    .map(([, list]) => {
      if (fn !== 'sum' || reducedType(fn, dtype) === 'i64') return reduce(fn, list, dtype === 'f32' ? 'f64' : dtype);
      let sum = 0;
      for (let k = 0; k < list.length; k += row) sum += pairwise(list.slice(k, k + row).map(Number));
      return sum;
    });
}

/** NumPy's DOUBLE_pairwise_sum. */
function pairwise(list: readonly number[]): number {
  const n = list.length;
  const at = (i: number): number => list[i] ?? Number.NaN;
  if (n < 8) return list.reduce((sum, x) => sum + x, 0);
  if (n > 128) {
    const half = Math.floor(n / 2) - (Math.floor(n / 2) % 8);
    return pairwise(list.slice(0, half)) + pairwise(list.slice(half));
  }
  const lanes = list.slice(0, 8);
  const end = n - (n % 8);
  for (let i = 8; i < end; i++) lanes[i % 8] = (lanes[i % 8] ?? 0) + at(i);
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = lanes;
  let sum = a + b + (c + d) + (e + f + (g + h));
  for (let i = end; i < n; i++) sum += at(i);
  return sum;
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
