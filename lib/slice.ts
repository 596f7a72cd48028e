/**
 * Slices as users write them, and a field's extents, in; one Axis per dimension, with all of NumPy's rules applied,
 * out.
 */
import type { Axis } from '../jit/program.js';
import { dimsOf, plainWalk, type Walk } from '../jit/view.js';
import { QuadrilleError, show } from './errors.js';
import { formatShape, type Shape } from './shape.js';

/**
 * `'1:-1'`, `'::2'`, `':'`, `'...'`, an integer (drops the dimension), [start, stop, step], or null: a new dimension of
 * size 1, NumPy's newaxis.
 */
export type Slice = string | number | null | readonly (number | null | undefined)[];

/** start:stop:step before it meets an extent; undefined where it was left out. */
export interface SliceParts {
  readonly start: number | undefined;
  readonly stop: number | undefined;
  readonly step: number | undefined;
}

/** One entry of a subscript, read: an integer, a range, the ellipsis, or a new dimension. */
export type Subscript = number | SliceParts | '...' | 'newaxis';

const FORMS =
  "an integer, 'start:stop:step' with parts left out at will, '...', [start, stop, step], or null (a new axis)";
const TEXT = /^\s*([+-]?\d+)?\s*:\s*([+-]?\d+)?\s*(?::\s*([+-]?\d+)?\s*)?$/;

/** Reads one slice. Throws BAD_SLICE. */
export function readSlice(slice: Slice): Subscript {
  if (typeof slice === 'number') return wholeNumber(slice, slice);
  if (slice === null) return 'newaxis';
  if (typeof slice === 'string') {
    const text = slice.trim();
    if (text === '...') return '...';
    if (/^[+-]?\d+$/.test(text)) return Number(text) + 0; // '-0' is 0
    const match = TEXT.exec(slice);
    if (match === null) throw new QuadrilleError('BAD_SLICE', `${show(slice)} is not a slice.`, { expected: FORMS });
    const [, start, stop, step] = match.map((part) => (part === undefined ? undefined : Number(part) + 0));
    return { start, stop, step };
  }
  if (!Array.isArray(slice) || slice.length === 0 || slice.length > 3) {
    throw new QuadrilleError('BAD_SLICE', `${show(slice)} is not a slice.`, { expected: FORMS });
  }
  const part = (value: unknown): number | undefined =>
    value === undefined || value === null ? undefined : wholeNumber(value, slice);
  return { start: part(slice[0]), stop: part(slice[1]), step: part(slice[2]) };
}

function wholeNumber(value: unknown, slice: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value === 0 ? 0 : value; // -0 is 0
  throw new QuadrilleError('BAD_SLICE', `${show(slice)} is not a slice: ${show(value)} is not a whole number.`, {
    expected: FORMS,
  });
}

/** An index, or a bound of a slice, that is in the engine. */
export function notKnown(): QuadrilleError {
  return new QuadrilleError('INDEX_NOT_KNOWN', 'A value that is still being computed stands as an index.', {
    expected: 'whole numbers that are known when the statement is recorded',
    hint: 'wait for it: u.at(await s.value()), in a program u[int(np.argmax(x))]',
  });
}

/**
 * Resolves a subscript against an array of the given shape: dimensions left out are taken whole, `...` stands for as
 * many as are missing. Throws TOO_MANY_SLICES, BAD_SLICE (two `...`, step 0) or INDEX_OUT_OF_RANGE.
 */
export function resolveSlices(subscripts: readonly Subscript[], shape: Shape): Walk {
  const ellipsis = subscripts.indexOf('...');
  if (ellipsis >= 0 && subscripts.indexOf('...', ellipsis + 1) >= 0) {
    throw new QuadrilleError('BAD_SLICE', "A subscript can hold only one '...'.");
  }
  const given = subscripts.filter((subscript) => subscript !== '...' && subscript !== 'newaxis').length;
  if (given > shape.length) {
    throw new QuadrilleError(
      'TOO_MANY_SLICES',
      `${given} slices for a field of ${shape.length} dimension${shape.length === 1 ? '' : 's'}, shape ${formatShape(shape)}.`,
      {
        expected: `at most ${shape.length}`,
      },
    );
  }
  const whole: SliceParts = { start: undefined, stop: undefined, step: undefined };
  const before = ellipsis < 0 ? subscripts : subscripts.slice(0, ellipsis);
  const after = ellipsis < 0 ? [] : subscripts.slice(ellipsis + 1);
  const filler = new Array<Subscript>(shape.length - given).fill(whole);
  const axes: Axis[] = [];
  const dims: number[] = [];
  for (const subscript of [...before, ...filler, ...after]) {
    if (subscript === 'newaxis') {
      dims.push(-1);
      continue;
    }
    const d = axes.length;
    const axis = axisOf(subscript, shape[d] ?? 0, d);
    if (axis.kind === 'range') dims.push(d);
    axes.push(axis);
  }
  return plainWalk(axes, dims);
}

function axisOf(subscript: Exclude<Subscript, 'newaxis'>, n: number, dim: number): Axis {
  if (subscript === '...') throw new QuadrilleError('INTERNAL', 'an ellipsis was not expanded');
  if (typeof subscript === 'number') {
    const at = subscript < 0 ? subscript + n : subscript;
    if (at >= 0 && at < n) return { kind: 'index', at };
    throw new QuadrilleError(
      'INDEX_OUT_OF_RANGE',
      `Index ${subscript} is out of range for dimension ${dim} of size ${n}.`,
      {
        expected: n === 0 ? 'no index at all: the dimension is empty' : `${-n} to ${n - 1}`,
        hint: 'only slices are clamped, as in NumPy',
      },
    );
  }
  if (subscript.step === 0)
    throw new QuadrilleError('BAD_SLICE', 'A slice cannot have step 0.', { hint: 'leave the step out for 1' });
  return rangeOf(subscript, n);
}

/** The positions of a slice (its step is not 0) among n. */
export function rangeOf(subscript: SliceParts, n: number): Extract<Axis, { kind: 'range' }> {
  const step = subscript.step ?? 1;
  // CPython's PySlice_AdjustIndices.
  const low = step < 0 ? -1 : 0;
  const high = step < 0 ? n - 1 : n;
  const clamp = (i: number): number => Math.min(Math.max(i < 0 ? i + n : i, low), high);
  const start = subscript.start === undefined ? (step < 0 ? high : low) : clamp(subscript.start);
  const stop = subscript.stop === undefined ? (step < 0 ? low : high) : clamp(subscript.stop);
  const count = Math.max(0, Math.ceil((stop - start) / step));
  return { kind: 'range', start: count === 0 ? 0 : start, step: count <= 1 ? 1 : step, count };
}

/** The whole of a field of the given shape. */
export function wholeAxes(shape: Shape): Axis[] {
  return shape.map((count) => ({ kind: 'range', start: 0, step: 1, count }));
}

/**
 * A view of a view: `inner` walks the dimensions of what `outer` makes of a field of `shape`. Throws BAD_SLICE of an
 * empty slice of a new axis.
 */
export function composeWalks(outer: Walk, inner: Walk, shape: Shape): Walk {
  const order = dimsOf(outer);
  const axes = [...outer.axes];
  order.forEach((d, r) => {
    const [axis, then] = [outer.axes[d], inner.axes[r]];
    if (axis?.kind === 'range' && then) axes[d] = composed(axis, then, shape[d] ?? 0);
    else if (then?.kind === 'range' && then.count === 0) {
      throw new QuadrilleError('BAD_SLICE', 'An empty slice of a new axis.', { hint: 'slice the array first' });
    }
  });
  return plainWalk(
    axes,
    dimsOf(inner).map((r) => (r < 0 ? -1 : (order[r] ?? -1))),
  );
}

function composed(axis: Extract<Axis, { kind: 'range' }>, then: Axis, n: number): Axis {
  const position = (i: number): number => {
    const at = axis.start + axis.step * i;
    return axis.wrap ? mod(at, n) : at;
  };
  // What moves in the outer view moves on; of what is sliced out of it, `inner` says.
  const moves = { ...moving(axis), ...moving(then) };
  if (then.kind === 'index') return { kind: 'index', at: position(then.at), ...moves };
  if (then.count === 0) return { ...then, ...moves };
  const start = position(then.start);
  const step = then.count === 1 ? 1 : axis.step * then.step;
  const last = start + step * (then.count - 1);
  const around = axis.wrap && (last < 0 || last >= n);
  return { kind: 'range', start, step, count: then.count, ...(around && { wrap: true }), ...moves };
}

/** Every axis translated around the ends: element i of the result is element i + offsets[d] of the field. */
export function wrapAxes(shape: Shape, offsets: readonly number[]): Axis[] {
  return shape.map((count, d) => {
    const start = count === 0 ? 0 : mod(offsets[d] ?? 0, count);
    return start === 0
      ? { kind: 'range', start, step: 1, count }
      : { kind: 'range', start, step: 1, count, wrap: true };
  });
}

export function moving({ dyn }: Axis): { readonly dyn?: number } {
  return dyn === undefined ? {} : { dyn };
}

export function mod(a: number, n: number): number {
  return ((a % n) + n) % n;
}
