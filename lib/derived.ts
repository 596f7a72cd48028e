/**
 * Functions made of others, as NumPy rounds them: over whatever calculates, be it expressions (lib/functions.ts) or the
 * values of np text (lib/numpy/evaluate.ts).
 */
import type { BinaryFn, ExprType, UnaryFn } from '../jit/program.js';
import { isInteger } from '../jit/types.js';
import { QuadrilleError } from './errors.js';

/** Something that calculates with V. */
export interface Algebra<V> {
  number(x: number): V;
  /** The values of this moment, not the array. */
  same(a: V): V;
  dtype(a: V): ExprType;
  unary(fn: UnaryFn, a: V): V;
  binary(fn: BinaryFn, a: V, b: V): V;
}

/** NaN stays, also as a bound. */
export function clip<V>(on: Algebra<V>, a: V, least: V, most: V): V {
  return on.binary('minimum', on.binary('maximum', a, least), most);
}

export function deg2rad<V>(on: Algebra<V>, a: V): V {
  return on.binary('mul', a, on.number(Math.PI / 180));
}

/** In f32 NumPy divides 180 by an f32 pi. */
export function rad2deg<V>(on: Algebra<V>, a: V): V {
  const pi = on.dtype(a) === 'f32' ? Math.fround(Math.PI) : Math.PI;
  return on.binary('mul', a, on.number(180 / pi));
}

/** Half to even, by way of a power of ten as NumPy's (not correctly rounded for `decimals` other than 0). */
export function round<V>(on: Algebra<V>, a: V, decimals: number): V {
  if (isInteger(on.dtype(a))) {
    if (decimals >= 0) return on.same(a);
    throw new QuadrilleError('BAD_OPERAND', `round of integers to ${decimals} decimals.`, {
      hint: 'in whole numbers: (a + 5) // 10 * 10 (which rounds halves up)',
    });
  }
  if (decimals === 0) return on.unary('rint', a);
  const scale = on.number(10 ** Math.abs(decimals));
  const [there, back] = decimals > 0 ? (['mul', 'div'] as const) : (['div', 'mul'] as const);
  return on.binary(back, on.unary('rint', on.binary(there, a, scale)), scale);
}
