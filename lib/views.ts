/** NumPy's functions that give views, under its names: an array or expression in, the same seen otherwise out. */
import type { Expr } from './expr.js';
import type { Field } from './field.js';
import type { View } from './sliceable.js';

type Viewed<E extends Expr> = E extends Field | View ? View : Expr;

/** As np.transpose. Throws BAD_AXIS. */
export function transpose<E extends Expr>(a: E, axes?: readonly number[]): Viewed<E>;
export function transpose(a: Expr, axes: readonly number[] = []): Expr {
  return a.transpose(...axes);
}

export function swapaxes<E extends Expr>(a: E, axis1: number, axis2: number): Viewed<E>;
export function swapaxes(a: Expr, axis1: number, axis2: number): Expr {
  return a.swapaxes(axis1, axis2);
}

export function moveaxis<E extends Expr>(a: E, source: number, destination: number): Viewed<E>;
export function moveaxis(a: Expr, source: number, destination: number): Expr {
  return a.moveaxis(source, destination);
}

/** Backwards along an axis, several, or all. */
export function flip<E extends Expr>(a: E, axis?: number | readonly number[]): Viewed<E>;
export function flip(a: Expr, axis?: number | readonly number[]): Expr {
  return a.flip(axis);
}

/** Upside down: along the first axis. */
export function flipud<E extends Expr>(a: E): Viewed<E>;
export function flipud(a: Expr): Expr {
  return a.flip(0);
}

/** Left to right: along the second axis. */
export function fliplr<E extends Expr>(a: E): Viewed<E>;
export function fliplr(a: Expr): Expr {
  return a.flip(1);
}
