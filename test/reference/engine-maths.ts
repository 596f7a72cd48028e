/** The engine's own mathematical functions, one number at a time: with them the reference interpreter has its bits. */
import { loadEngine } from '../../lib/native.js';
import type { LibraryFn } from './functions.js';

/** For `useLibrary`. The other forms near overflow are jit/emit-maths.ts's. */
export function engineMaths(fn: LibraryFn, a: number, b: number, single: boolean): number {
  const call = (name: LibraryFn, x: number): number => one(name, x, b, single);
  const round = single ? Math.fround : (x: number): number => x;
  const size = Math.abs(a);
  switch (fn) {
    case 'log1p':
      if (!(a > (single ? 2 ** 100 : 2 ** 500))) return call(fn, a);
      return round(call(fn, a * (single ? 2 ** -48 : 2 ** -427)) + round((single ? 48 : 427) * Math.LN2));
    case 'sinh':
    case 'cosh': {
      if (!(size > (single ? 80 : 700))) return call(fn, a);
      const step = single ? 21 : 44;
      return round(call(fn, a - Math.sign(a) * step) * round(Math.exp(step)));
    }
    case 'asinh':
    case 'acosh': {
      if (!((fn === 'asinh' ? size : a) > (single ? 2 ** 60 : 2 ** 500))) return call(fn, a);
      const far = round(call('log', size) + round(Math.LN2));
      return a < 0 ? -far : far;
    }
    default:
      return call(fn, a);
  }
}

function one(name: LibraryFn, a: number, b: number, single: boolean): number {
  const numbers = (x: number): Float64Array | Float32Array => (single ? Float32Array.of(x) : Float64Array.of(x));
  return loadEngine().maths(`q_${name}_${single ? 'f32' : 'f64'}`, numbers(a), numbers(b))[0] ?? Number.NaN;
}
