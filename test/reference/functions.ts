/**
 * Functions of floats by NumPy's definitions, for the reference interpreter: doubles in, a double out, which the caller
 * rounds to its type. Those that IEEE 754 does not fix are JavaScript's own, at most 1 ULP off, or what a test puts in
 * their place.
 */
import type { BinaryFn, TestFn, UnaryFn } from '../../jit/program.js';

export type FloatUnaryFn = Exclude<UnaryFn, 'neg' | 'abs' | 'square' | 'reciprocal' | 'not' | 'invert'>;
export type FloatBinaryFn = Extract<
  BinaryFn,
  'fmin' | 'fmax' | 'copysign' | 'heaviside' | 'nextafter' | 'fmod' | 'pow' | 'atan2' | 'hypot'
>;

type ExactFn = 'sqrt' | 'floor' | 'ceil' | 'trunc' | 'rint' | 'sign' | TestFn;
export type LibraryFn = Exclude<FloatUnaryFn, ExactFn> | 'pow' | 'atan2' | 'hypot';
/** `single`: of f32 numbers, to an f32 number or what rounds to it. */
export type Library = (fn: LibraryFn, a: number, b: number, single: boolean) => number;

let library: Library = (fn, a, b) => {
  if (fn === 'exp2') return 2 ** a;
  if (fn === 'pow') return power(a, b);
  return fn === 'atan2' || fn === 'hypot' ? Math[fn](a, b) : Math[fn](a);
};

/** For the rest of this process. */
export function useLibrary(other: Library): void {
  library = other;
}

/** C's pow, which NumPy calls: 1 to any power is 1, also where JavaScript says NaN (1 ** NaN, (-1) ** Infinity). */
function power(a: number, b: number): number {
  if (a === 1) return 1;
  if (a === -1 && !Number.isFinite(b) && !Number.isNaN(b)) return 1;
  return a ** b;
}

/** `single`: of f32 numbers. */
export function floatUnary(fn: FloatUnaryFn, x: number, single: boolean): number {
  switch (fn) {
    case 'sqrt':
    case 'floor':
    case 'ceil':
    case 'trunc':
      return Math[fn](x);
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
      return library(fn, x, x, single);
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
    case 'pow':
    case 'atan2':
    case 'hypot':
      return library(fn, a, b, single);
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
