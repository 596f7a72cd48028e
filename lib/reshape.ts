/**
 * Arrays in another shape: an expression and a shape in; the same elements in C order out. Sizes of 1 come and go as
 * views; everything else is a copy, which the communication planner moves: two dimensions become one, or one two, by
 * slices, as few as the smaller of the two has.
 */

import { concrete } from '../jit/types.js';
import { empty, type ShapeLike } from './create.js';
import { QuadrilleError, show } from './errors.js';
import type { Expr } from './expr.js';
import { Field } from './field.js';
import { np } from './numpy/template.js';
import { formatShape, sizeOf } from './shape.js';
import { materialise, release } from './temporary.js';

/** What reshape(value, shape) would be: -1 is what the others leave. Throws BAD_SHAPE. */
export function shapeFor(from: readonly number[], shape: ShapeLike): readonly number[] {
  const given = typeof shape === 'number' ? [shape] : shape;
  const open = given.filter((n) => n === -1).length;
  const rest = given.reduce((product, n) => (n === -1 ? product : product * n), 1);
  const size = sizeOf(from);
  const wanted = given.map((n) => (n === -1 && rest !== 0 ? size / rest : n));
  if (open > 1 || !wanted.every((n) => Number.isSafeInteger(n) && n >= 0) || sizeOf(wanted) !== size) {
    throw new QuadrilleError('BAD_SHAPE', `reshape of an array of shape ${formatShape(from)} to ${show(given)}.`, {
      expected: `${size} elements; one size may be -1`,
    });
  }
  return wanted;
}

const without1 = (shape: readonly number[]): number[] => shape.filter((n) => n !== 1);

/** Are the two shapes the same but for dimensions of size 1? */
export function isViewOf(from: readonly number[], to: readonly number[]): boolean {
  return String(without1(from)) === String(without1(to));
}

/** The elements of `value` in a new array of another shape. Throws BAD_SHAPE. */
export function reshapedCopy(value: Expr, shape: ShapeLike): Field {
  const wanted = shapeFor(value.shape, shape);
  let now: Field | undefined;
  const step = (made: Field): void => {
    if (now) release(now);
    now = made;
  };
  const of = (): Expr => now ?? value;
  const [from, to] = [without1(value.shape), without1(wanted)];
  if (sizeOf(wanted) > 0) {
    if (from.length !== value.shape.length) step(materialise(value.reshape(...from)));
    // Groups of dimensions with as many elements: (6, 4) and (2, 12) are one, (5, 6) and (5, 2, 3) begin with 5.
    for (let d = 0; d < to.length; d++) {
      while ((of().shape[d] ?? 1) < (to[d] ?? 1) || (of().shape[d] ?? 1) % (to[d] ?? 1) !== 0) step(merged(of(), d));
      if (of().shape[d] !== to[d]) step(split(of(), d, to[d] ?? 1));
    }
  }
  if (!now || String(now.shape) !== String(wanted)) {
    const made = empty([...wanted], concrete(value.dtype));
    if (sizeOf(wanted) > 0) made.set(of().reshape(...wanted));
    step(made);
  }
  return now ?? materialise(value);
}

/** Dimensions d and d + 1 as one. */
function merged(value: Expr, d: number): Field {
  const { shape } = value;
  const [a = 1, b = 1] = [shape[d], shape[d + 1]];
  const made = empty([...shape.slice(0, d), a * b, ...shape.slice(d + 2)], concrete(value.dtype));
  const from = value instanceof Field ? value : materialise(value);
  if (a <= b) for (let k = 0; k < a; k++) move(d, '#:#', '#', [made, k * b, (k + 1) * b, from, k]);
  else for (let k = 0; k < b; k++) move(d, '#::#', ':,#', [made, k, b, from, k]);
  if (from !== value) release(from);
  return made;
}

/** Dimension d as two, of which the first has size a. */
function split(value: Expr, d: number, a: number): Field {
  const { shape } = value;
  const b = (shape[d] ?? 1) / a;
  const made = empty([...shape.slice(0, d), a, b, ...shape.slice(d + 1)], concrete(value.dtype));
  const from = value instanceof Field ? value : materialise(value);
  if (a <= b) for (let k = 0; k < a; k++) move(d, '#', '#:#', [made, k, from, k * b, (k + 1) * b]);
  else for (let k = 0; k < b; k++) move(d, ':,#', '#::#', [made, k, from, k, b]);
  if (from !== value) release(from);
  return made;
}

const texts = new Map<string, TemplateStringsArray>();

/** made[..., to] = from[..., at], each # a number: of one text, so that its slices are positions of one Program. */
function move(d: number, to: string, at: string, given: (Field | number)[]): void {
  const key = `${d} ${to} ${at}`;
  let text = texts.get(key);
  if (!text) {
    const before = ':,'.repeat(d);
    const parts = `#[${before}${to}] = #[${before}${at}]`.split('#');
    text = Object.assign([...parts], { raw: parts });
    texts.set(key, text);
  }
  np(text, ...given);
}
