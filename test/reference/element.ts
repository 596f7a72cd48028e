/**
 * One or two elements of a type in, what NumPy makes of them out: i64 as bigints, exactly; i32 as numbers that wrap
 * around; f32 as doubles that are f32 numbers, rounded after every operation; bool as 0 and 1.
 */
import { type BinaryFn, type DType, isTest, type UnaryFn, type UnaryOp } from '../../jit/program.js';
import { floatBinary, floatUnary } from './functions.js';

export type Element = number | bigint;

const BITS = { i32: 32, i64: 64 } as const;

/** NumPy's astype, as C and x86 do it. */
export function convert(x: Element, from: DType, to: DType): Element {
  if (from === to) return x;
  if (to === 'bool') return Number(x) !== 0 || Number.isNaN(x) ? 1 : 0;
  if (to === 'f64') return Number(x);
  if (to === 'f32') return from === 'i64' ? roundToF32(BigInt(x)) : Math.fround(Number(x));
  if (from === 'f64' || from === 'f32') {
    const whole = Math.trunc(Number(x));
    const limit = 2 ** (BITS[to] - 1);
    const safe = whole >= -limit && whole < limit ? whole : -limit; // NaN too
    return to === 'i64' ? BigInt(safe) : safe + 0;
  }
  return wrap(BigInt(x), to);
}

/** The nearest f32, ties to even, without a detour over f64 (which would round twice). */
function roundToF32(x: bigint): number {
  const size = x < 0n ? -x : x;
  const extra = BigInt(Math.max(0, size.toString(2).length - 24));
  if (extra === 0n) return Number(x);
  const half = 1n << (extra - 1n);
  const kept = size >> extra;
  const rest = size & ((1n << extra) - 1n);
  const up = rest > half || (rest === half && (kept & 1n) === 1n) ? 1n : 0n;
  const rounded = Number((kept + up) << extra);
  return x < 0n ? -rounded : rounded;
}

function wrap(x: bigint, type: 'i32' | 'i64'): Element {
  const wrapped = BigInt.asIntN(BITS[type], x);
  return type === 'i64' ? wrapped : Number(wrapped);
}

/** `type` is the type of the operand, converted before; of `not` that of its operand. */
export function unary(fn: UnaryOp, x: Element, type: DType): Element {
  if (fn === 'not') return Number(x) === 0 ? 1 : 0;
  if (fn === 'astype') return x;
  if (isTest(fn)) return floatUnary(fn, Number(x), false);
  if (type === 'i32' || type === 'i64') return wrap(integerUnary(fn, BigInt(x)), type);
  if (type === 'bool') return x; // abs, floor, ceil
  return round(ofFloat(fn, Number(x), type), type);
}

function round(x: number, type: DType): number {
  return type === 'f32' ? Math.fround(x) : x;
}

function integerUnary(fn: UnaryFn, x: bigint): bigint {
  switch (fn) {
    case 'neg':
      return -x;
    case 'abs':
      return x < 0n ? -x : x;
    case 'square':
      return x * x;
    case 'invert':
      return ~x;
    case 'sign':
      return x > 0n ? 1n : x < 0n ? -1n : 0n;
    case 'floor':
    case 'ceil':
    case 'trunc':
      return x;
    default:
      throw new Error(`no ${fn} of integers`);
  }
}

function ofFloat(fn: UnaryFn, x: number, type: DType): number {
  switch (fn) {
    case 'neg':
      return -x;
    case 'abs':
      return Math.abs(x);
    case 'square':
      return x * x;
    case 'reciprocal':
      return 1 / x;
    case 'not':
    case 'invert':
      throw new Error(`no ${fn} of floats`);
    default:
      return floatUnary(fn, x, type === 'f32');
  }
}

/** `type` is the type both operands were converted to. */
export function binary(fn: BinaryFn, a: Element, b: Element, type: DType): Element {
  switch (fn) {
    case 'and':
      return truth(a) && truth(b) ? 1 : 0;
    case 'or':
      return truth(a) || truth(b) ? 1 : 0;
    case 'xor':
      return truth(a) !== truth(b) ? 1 : 0;
    case 'lt':
      return a < b ? 1 : 0;
    case 'le':
      return a <= b ? 1 : 0;
    case 'gt':
      return a > b ? 1 : 0;
    case 'ge':
      return a >= b ? 1 : 0;
    case 'eq':
      return a === b ? 1 : 0;
    case 'ne':
      return a === b ? 0 : 1;
  }
  if (type === 'bool') return booleanBinary(fn, Number(a), Number(b));
  if (type === 'i32' || type === 'i64') return wrap(integerBinary(fn, BigInt(a), BigInt(b), BITS[type]), type);
  return round(ofFloats(fn, Number(a), Number(b), type), type);
}

type Arithmetic = Exclude<BinaryFn, 'and' | 'or' | 'xor' | 'lt' | 'le' | 'gt' | 'ge' | 'eq' | 'ne'>;

function truth(x: Element): boolean {
  return Number(x) !== 0; // NaN is true
}

function booleanBinary(fn: Arithmetic, a: number, b: number): number {
  switch (fn) {
    case 'add':
    case 'maximum':
    case 'fmax':
    case 'bitor':
      return a | b;
    case 'mul':
    case 'minimum':
    case 'fmin':
    case 'bitand':
      return a & b;
    case 'bitxor':
      return a ^ b;
    default:
      throw new Error(`no ${fn} of booleans`);
  }
}

function integerBinary(fn: Arithmetic, a: bigint, b: bigint, bits: number): bigint {
  switch (fn) {
    case 'add':
      return a + b;
    case 'sub':
      return a - b;
    case 'mul':
      return a * b;
    case 'minimum':
    case 'fmin':
      return a < b ? a : b;
    case 'maximum':
    case 'fmax':
      return a > b ? a : b;
    case 'fmod':
      return b === 0n ? 0n : a % b;
    case 'bitand':
      return a & b;
    case 'bitor':
      return a | b;
    case 'bitxor':
      return a ^ b;
    case 'floordiv': {
      if (b === 0n) return 0n;
      const quotient = a / b; // towards zero
      return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
    }
    case 'mod': {
      if (b === 0n) return 0n;
      const rest = a % b;
      return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
    }
    case 'shl':
      return b >= 0n && b < BigInt(bits) ? a << b : 0n;
    case 'shr':
      return b >= 0n && b < BigInt(bits) ? a >> b : a < 0n ? -1n : 0n;
    default:
      throw new Error(`no ${fn} of integers`);
  }
}

function ofFloats(fn: Arithmetic, a: number, b: number, type: DType): number {
  const rounded = (x: number): number => round(x, type);
  switch (fn) {
    case 'add':
      return a + b;
    case 'sub':
      return a - b;
    case 'mul':
      return a * b;
    case 'div':
      return a / b;
    case 'minimum':
      return Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : a < b ? a : b;
    case 'maximum':
      return Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : a > b ? a : b;
    case 'mod':
      return b === 0 ? Number.NaN : divmod(a, b, rounded).mod;
    case 'floordiv':
      return b === 0 ? a / b : divmod(a, b, rounded).quotient;
    case 'bitand':
    case 'bitor':
    case 'bitxor':
    case 'shl':
    case 'shr':
      throw new Error(`no ${fn} of floats`);
    default:
      return floatBinary(fn, a, b, type === 'f32');
  }
}

/** npy_divmod, line by line. JavaScript's % is C's fmod. */
function divmod(a: number, b: number, rounded: (x: number) => number): { quotient: number; mod: number } {
  let mod = a % b;
  let div = rounded(rounded(a - mod) / b);
  if (mod !== 0) {
    if (b < 0 !== mod < 0) {
      mod = rounded(mod + b);
      div = rounded(div - 1);
    }
  } else mod = b < 0 ? -0 : 0;
  if (div === 0) return { quotient: signOf(a / b) * 0, mod };
  const floor = Math.floor(div);
  return { quotient: rounded(div - floor) > 0.5 ? rounded(floor + 1) : floor, mod };
}

function signOf(x: number): number {
  return x < 0 || Object.is(x, -0) ? -1 : 1;
}
