/**
 * Functions of floats by NumPy's definitions, for the reference interpreter: doubles in, a double out, which the caller
 * rounds to its type. Those that IEEE 754 does not fix are JavaScript's own, at most 1 ULP off.
 */
import type { BinaryFn, UnaryFn } from '../../jit/program.js';

export type FloatUnaryFn = Exclude<UnaryFn, 'neg' | 'abs' | 'square' | 'reciprocal' | 'not'>;
export type FloatBinaryFn = Extract<
  BinaryFn,
  'fmin' | 'fmax' | 'copysign' | 'heaviside' | 'nextafter' | 'fmod' | 'atan2' | 'hypot'
>;

export function floatUnary(fn: FloatUnaryFn, x: number): number {
  switch (fn) {
    case 'exp2':
      return 2 ** x;
    case 'rint': {
      // Adding 2^52 leaves no room for a fraction: the hardware rounds to even.
      const size = Math.abs(x);
      const rounded = size < 2 ** 52 ? size + 2 ** 52 - 2 ** 52 : size;
      return isNegative(x) ? -rounded : rounded;
    }
    case 'sign':
      return x > 0 ? 1 : x < 0 ? -1 : x === 0 ? 0 : x;
    case 'isnan':
      return Number.isNaN(x) ? 1 : 0;
    case 'isinf':
      return x === Infinity || x === -Infinity ? 1 : 0;
    case 'isfinite':
      return Math.abs(x) < Infinity ? 1 : 0;
    case 'signbit':
      return isNegative(x) ? 1 : 0;
    default:
      return Math[fn](x);
  }
}

/** `single`: of f32 numbers. */
export function floatBinary(fn: FloatBinaryFn, a: number, b: number, single: boolean): number {
  switch (fn) {
    case 'fmin':
      return Number.isNaN(b) ? a : Number.isNaN(a) ? b : a < b ? a : b;
    case 'fmax':
      return Number.isNaN(b) ? a : Number.isNaN(a) ? b : a > b ? a : b;
    case 'copysign':
      return isNegative(b) ? -Math.abs(a) : Math.abs(a);
    case 'heaviside':
      return Number.isNaN(a) ? a : a === 0 ? b : a > 0 ? 1 : 0;
    case 'nextafter':
      return neighbour(a, b, single);
    case 'fmod':
      return a % b;
    case 'atan2':
      return Math.atan2(a, b);
    case 'hypot':
      return Math.hypot(a, b);
  }
}

function isNegative(x: number): boolean {
  return x < 0 || Object.is(x, -0);
}

/** Floats of one sign are ordered as their bits are, read as integers. */
function neighbour(a: number, b: number, single: boolean): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  if (a === b) return b;
  const least = single ? 2 ** -149 : 2 ** -1074;
  if (a === 0) return b > 0 ? least : -least;
  const away = a < 0 === b < a ? 1n : -1n;
  const view = new DataView(new ArrayBuffer(8));
  if (single) {
    view.setFloat32(0, a);
    view.setInt32(0, view.getInt32(0) + Number(away));
    return view.getFloat32(0);
  }
  view.setFloat64(0, a);
  view.setBigInt64(0, view.getBigInt64(0) + away);
  return view.getFloat64(0);
}
