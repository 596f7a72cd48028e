/**
 * Arithmetic among plain numbers, done at recording as Python would do it. Where JavaScript's Math may differ from C's
 * in the last bit (pow), integer powers are computed in double-double and rounded once.
 */
import type { BinaryFn, UnaryFn } from '../jit/program.js';

/** NumPy's function of one number. Booleans are 0 and 1. */
export function foldUnary(fn: UnaryFn, x: number): number {
  switch (fn) {
    case 'neg':
      return -x;
    case 'square':
      return x * x;
    case 'reciprocal':
      return 1 / x;
    case 'not':
      return x === 0 ? 1 : 0;
    case 'invert':
      return -x - 1;
    case 'abs':
    case 'sqrt':
    case 'exp':
    case 'log':
    case 'sin':
    case 'cos':
    case 'tan':
    case 'tanh':
    case 'floor':
    case 'ceil':
    case 'sign':
    case 'trunc':
    case 'cbrt':
    case 'expm1':
    case 'log1p':
    case 'log2':
    case 'log10':
    case 'asin':
    case 'acos':
    case 'atan':
    case 'sinh':
    case 'cosh':
    case 'asinh':
    case 'acosh':
    case 'atanh':
      return Math[fn](x) + (fn === 'sign' ? 0 : -0); // NumPy's sign of -0 is 0
    case 'rint':
      return roundHalfEven(x);
    case 'exp2':
      return 2 ** x;
    case 'isnan':
      return Number(Number.isNaN(x));
    case 'isinf':
      return Number(Math.abs(x) === Infinity);
    case 'isfinite':
      return Number(Number.isFinite(x));
    case 'signbit':
      return Number(x < 0 || Object.is(x, -0));
  }
}

export function foldBinary(fn: BinaryFn, a: number, b: number): number {
  switch (fn) {
    case 'add':
      return a + b;
    case 'sub':
      return a - b;
    case 'mul':
      return a * b;
    case 'div':
      return a / b;
    case 'pow':
      return power(a, b);
    case 'minimum':
      return Math.min(a, b);
    case 'maximum':
      return Math.max(a, b);
    case 'lt':
      return Number(a < b);
    case 'le':
      return Number(a <= b);
    case 'gt':
      return Number(a > b);
    case 'ge':
      return Number(a >= b);
    case 'eq':
      return Number(a === b);
    case 'ne':
      return Number(a !== b);
    case 'and':
      return Number(a !== 0 && b !== 0);
    case 'or':
      return Number(a !== 0 || b !== 0);
    case 'xor':
      return Number((a !== 0) !== (b !== 0));
    case 'fmin':
      return Number.isNaN(a) || b <= a ? b : a;
    case 'fmax':
      return Number.isNaN(a) || b >= a ? b : a;
    case 'copysign':
      return b < 0 || Object.is(b, -0) ? -Math.abs(a) : Math.abs(a);
    case 'heaviside':
      return a === 0 ? b : a > 0 ? 1 : a < 0 ? 0 : a;
    case 'nextafter':
      return nextAfter(a, b);
    case 'fmod':
      return a % b;
    case 'atan2':
    case 'hypot':
      return Math[fn](a, b);
    case 'floordiv':
      return floorDivide(a, b);
    case 'mod':
      return remainder(a, b);
    case 'bitand':
      return Number(BigInt(a) & BigInt(b));
    case 'bitor':
      return Number(BigInt(a) | BigInt(b));
    case 'bitxor':
      return Number(BigInt(a) ^ BigInt(b));
    case 'shl':
      return Number(BigInt(a) << BigInt(b));
    case 'shr':
      return Number(BigInt(a) >> BigInt(b));
  }
}

/** C's rint. */
function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest === 0) return x;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  return up ? Math.ceil(x) : below; // ceil of -0.5 is -0, as C has it
}

/** The float after `a` on the way to `b`. */
function nextAfter(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return NaN;
  if (a === b) return b;
  if (a === 0) return b > 0 ? Number.MIN_VALUE : -Number.MIN_VALUE;
  const bits = new BigInt64Array(1);
  const value = new Float64Array(bits.buffer);
  value[0] = a;
  bits[0] = (bits[0] ?? 0n) + (a < b === a > 0 ? 1n : -1n);
  return value[0] ?? NaN;
}

/** Python's `//`. */
export function floorDivide(a: number, b: number): number {
  return Math.floor((a - remainder(a, b)) / b + 0.5);
}

/** Python's `%`: the sign of the divisor. Adding and taking `%` again, as for indices, would round. */
export function remainder(a: number, b: number): number {
  const rest = a % b;
  if (rest === 0) return b < 0 ? -0 : 0;
  return rest < 0 === b < 0 ? rest : rest + b;
}

/** a ** b. V8's own pow is good to 0.7 ULP, glibc's to 0.52: small whole exponents are rounded from a double-double. */
export function power(a: number, b: number): number {
  if (b === 2) return a * a;
  if (b === 0.5) return a === -Infinity ? Infinity : Math.sqrt(a) + 0;
  if (b === -1) return 1 / a;
  const n = Math.abs(b);
  const plain = a ** b;
  const safe = Math.abs(plain) > 1e-250 && Math.abs(plain) < 1e250 && Math.abs(a) > 1e-100 && Math.abs(a) < 1e100;
  if (!Number.isInteger(b) || n < 3 || n > 64 || !safe) return plain;
  let [hi, lo] = [a, 0];
  for (let k = 1; k < n; k++) [hi, lo] = timesDouble(hi, lo, a);
  return b > 0 ? hi : 1 / hi;
}

/** (hi + lo) * b, as an unevaluated sum (Dekker 1971). */
function timesDouble(hi: number, lo: number, b: number): [number, number] {
  const p = hi * b;
  const [ah, al] = split(hi);
  const [bh, bl] = split(b);
  const error = al * bl - (p - ah * bh - al * bh - ah * bl) + lo * b;
  const sum = p + error;
  return [sum, error - (sum - p)];
}

function split(a: number): [number, number] {
  const c = 134217729 * a; // 2^27 + 1
  const high = c - (c - a);
  return [high, a - high];
}
