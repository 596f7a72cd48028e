/**
 * Arrays made of others: NumPy's concatenate, stack and pad, whose parts are written where they belong, and diff and
 * gradient, which are formulas over slices.
 */
import type { DType, ExprType } from '../jit/program.js';
import { concrete, isFloat, promote } from '../jit/types.js';
import { empty } from './create.js';
import { QuadrilleError, show } from './errors.js';
import { Expr, type Operand } from './expr.js';
import type { Field } from './field.js';
import { formatShape } from './shape.js';
import type { Slice } from './slice.js';

/** The arrays one after the other along `axis`. Throws SHAPE_MISMATCH unless all other sizes agree. */
export function concatenate(arrays: readonly Expr[], axis = 0): Field {
  const [first] = someOf('concatenate', arrays);
  const dim = axisOf('concatenate', axis, first.shape.length);
  for (const one of arrays) {
    if (one.shape.length === first.shape.length && one.shape.every((n, d) => d === dim || n === first.shape[d]))
      continue;
    throw new QuadrilleError(
      'SHAPE_MISMATCH',
      `concatenate of arrays of shapes ${formatShape(first.shape)} and ${formatShape(one.shape)} along axis ${dim}.`,
      { expected: 'equal sizes in all other dimensions' },
    );
  }
  const total = arrays.reduce((sum, one) => sum + (one.shape[dim] ?? 0), 0);
  const made = empty(
    first.shape.map((n, d) => (d === dim ? total : n)),
    common(arrays),
  );
  let at = 0;
  for (const one of arrays) {
    const n = one.shape[dim] ?? 0;
    made.at(...along(dim, [at, at + n])).set(one);
    at += n;
  }
  return made;
}

/** The arrays, all of one shape, beside each other along a new axis. */
export function stack(arrays: readonly Expr[], axis = 0): Field {
  const [first] = someOf('stack', arrays);
  const dim = axisOf('stack', axis, first.shape.length + 1);
  for (const one of arrays) {
    if (String(one.shape) === String(first.shape)) continue;
    throw new QuadrilleError(
      'SHAPE_MISMATCH',
      `stack of arrays of shapes ${formatShape(first.shape)} and ${formatShape(one.shape)}.`,
      { expected: 'one shape' },
    );
  }
  const made = empty([...first.shape.slice(0, dim), arrays.length, ...first.shape.slice(dim)], common(arrays));
  arrays.forEach((one, k) => made.at(...along(dim, k)).set(one));
  return made;
}

/** Rows below each other: one-dimensional arrays become rows. */
export function vstack(arrays: readonly Expr[]): Field {
  return arrays.every(({ shape }) => shape.length === 1) ? stack(arrays) : concatenate(arrays, 0);
}

/** Side by side: along the second axis, of one-dimensional arrays along the first. */
export function hstack(arrays: readonly Expr[]): Field {
  return concatenate(arrays, arrays.every(({ shape }) => shape.length === 1) ? 0 : 1);
}

export type PadMode = 'constant' | 'edge' | 'wrap';

/**
 * The array with `width` elements more at both ends of every dimension (or [before, after], or one pair per
 * dimension): a constant, copies of the outermost elements, or of those at the other end.
 */
export function pad(
  value: Expr,
  width: number | readonly number[] | readonly (readonly number[])[],
  mode: PadMode = 'constant',
  constant = 0,
): Field {
  const { shape } = value;
  const widths = padWidths(width, shape.length);
  const made = empty(
    shape.map((n, d) => n + (widths[d]?.[0] ?? 0) + (widths[d]?.[1] ?? 0)),
    common([value]),
  );
  const inside = (d: number): [number, number] => [widths[d]?.[0] ?? 0, (widths[d]?.[0] ?? 0) + (shape[d] ?? 0)];
  if (mode === 'constant') made.set(constant);
  else if (mode !== 'edge' && mode !== 'wrap') {
    throw new QuadrilleError('BAD_OPTION', `pad: the mode is ${show(mode)}.`, {
      expected: "'constant', 'edge' or 'wrap'",
    });
  }
  made.at(...shape.map((_, d) => inside(d))).set(value);
  if (mode === 'constant') return made;
  // As NumPy: one dimension after the other, over all that is there in those before and inside those to come.
  shape.forEach((n, d) => {
    const [low, high] = inside(d);
    const end = high + (widths[d]?.[1] ?? 0);
    const at = (slice: Slice): Slice[] => shape.map((_, e) => (e === d ? slice : e < d ? ':' : inside(e)));
    const put = (to: readonly [number, number], from: readonly [number, number]): void => {
      made.at(...at(to)).set(made.at(...at(from)));
    };
    if (n === 0 && low + end > high) {
      throw new QuadrilleError('BAD_SHAPE', `pad: dimension ${d} is empty.`, { expected: "mode 'constant'" });
    }
    if (mode === 'edge') {
      if (low > 0) put([0, low], [low, low + 1]);
      if (end > high) put([high, end], [high - 1, high]);
      return;
    }
    for (let to = low; to > 0; to -= Math.min(n, to)) {
      const count = Math.min(n, to);
      put([to - count, to], [to + n - count, to + n]);
    }
    for (let to = high; to < end; to += n) put([to, Math.min(to + n, end)], [to - n, Math.min(to + n, end) - n]);
  });
  return made;
}

/** a[1:] - a[:-1] along `axis`, `n` times. */
export function diff(value: Expr, n = 1, axis = -1): Expr {
  if (!Number.isSafeInteger(n) || n < 0) {
    throw new QuadrilleError('BAD_OPTION', `diff: the order is ${show(n)}.`, { expected: 'a whole number, 0 or more' });
  }
  const dim = axisOf('diff', axis, value.shape.length);
  let made = value;
  for (let k = 0; k < n; k++) made = made.at(...along(dim, '1:')).sub(made.at(...along(dim, ':-1')));
  return made;
}

export interface GradientOptions {
  /** Distance of the points: one for all axes, or one per axis. */
  readonly spacing?: number | readonly number[];
  /** One axis (then one array comes back) or several; left out: all. */
  readonly axis?: number | readonly number[];
  /** Of the one-sided differences at the ends: 1 or 2. */
  readonly edgeOrder?: 1 | 2;
}

/** As np.gradient with uniform spacing: central differences inside, one-sided ones at the ends. */
export function gradient(value: Expr, options: GradientOptions & { axis: number }): Field;
export function gradient(value: Expr, options?: GradientOptions): Field | Field[];
export function gradient(value: Expr, { spacing = 1, axis, edgeOrder = 1 }: GradientOptions = {}): Field | Field[] {
  const dims = value.shape.length;
  const axes = (axis === undefined ? value.shape.map((_, d) => d) : [axis].flat()).map((one) =>
    axisOf('gradient', one, dims),
  );
  const steps = typeof spacing === 'number' ? axes.map(() => spacing) : spacing;
  if (steps.length !== axes.length) {
    throw new QuadrilleError('BAD_OPTION', `gradient: ${steps.length} spacings for ${axes.length} axes.`);
  }
  if (edgeOrder !== 1 && edgeOrder !== 2) {
    throw new QuadrilleError('BAD_OPTION', `gradient: edgeOrder is ${show(edgeOrder)}.`, { expected: '1 or 2' });
  }
  const made = axes.map((dim, k) => slope(value, dim, steps[k] ?? 1, edgeOrder));
  const [only] = made;
  return only && made.length === 1 ? only : made;
}

function slope(value: Expr, dim: number, h: number, edgeOrder: 1 | 2): Field {
  const n = value.shape[dim] ?? 0;
  if (n <= edgeOrder) {
    throw new QuadrilleError('BAD_SHAPE', `gradient along axis ${dim}, which has ${n} points.`, {
      expected: `at least ${edgeOrder + 1}`,
    });
  }
  const real = isFloat(value.dtype) ? value : value.astype('f64');
  const f = (slice: Slice): Expr => real.at(...along(dim, slice));
  const made = empty(value.shape, concrete(real.dtype));
  const out = (slice: Slice, formula: Operand): unknown => made.at(...along(dim, slice)).set(formula);
  out(
    '1:-1',
    f('2:')
      .sub(f(':-2'))
      .div(2 * h),
  );
  if (edgeOrder === 1) {
    out(0, f(1).sub(f(0)).div(h));
    out(-1, f(-1).sub(f(-2)).div(h));
  } else {
    out(
      0,
      f(0)
        .mul(-1.5 / h)
        .add(f(1).mul(2 / h))
        .add(f(2).mul(-0.5 / h)),
    );
    out(
      -1,
      f(-3)
        .mul(0.5 / h)
        .add(f(-2).mul(-2 / h))
        .add(f(-1).mul(1.5 / h)),
    );
  }
  return made;
}

/** A subscript that is whole in all dimensions before `dim` (and, left out, in those after it). */
function along(dim: number, slice: Slice): Slice[] {
  return [...new Array<Slice>(dim).fill(':'), slice];
}

function axisOf(what: string, axis: unknown, dims: number): number {
  if (typeof axis === 'number' && Number.isInteger(axis) && axis >= -dims && axis < dims)
    return axis < 0 ? axis + dims : axis;
  throw new QuadrilleError('BAD_OPTION', `${what}: the axis is ${show(axis)}.`, {
    expected: dims === 0 ? 'an array of at least one dimension' : `a dimension, ${-dims} to ${dims - 1}`,
  });
}

function someOf(what: string, arrays: readonly Expr[]): readonly [Expr, ...Expr[]] {
  const [first, ...rest] = arrays;
  if (first instanceof Expr) return [first, ...rest];
  throw new QuadrilleError('BAD_OPERAND', `${what} of ${show(arrays)}.`, { expected: 'a list of at least one array' });
}

/** What NumPy promotes the arrays' types to. */
function common(arrays: readonly Expr[]): DType {
  return concrete(arrays.map(({ dtype }): ExprType => dtype).reduce(promote));
}

function padWidths(
  width: number | readonly number[] | readonly (readonly number[])[],
  dims: number,
): [number, number][] {
  const whole = (value: unknown): number => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    throw new QuadrilleError('BAD_OPTION', `pad: a width is ${show(value)}.`, {
      expected: 'whole numbers, 0 or more: one, [before, after], or such a pair per dimension',
    });
  };
  const pair = (value: number | readonly number[]): [number, number] =>
    typeof value === 'number' ? [whole(value), whole(value)] : [whole(value[0]), whole(value[1] ?? value[0])];
  if (typeof width === 'number') return Array.from({ length: dims }, () => pair(width));
  const pairs = width.filter((one): one is readonly number[] => typeof one !== 'number');
  if (pairs.length === 0)
    return Array.from({ length: dims }, () => pair(width.filter((one): one is number => typeof one === 'number')));
  if (pairs.length === 1 && pairs[0]) return Array.from({ length: dims }, () => pair(pairs[0] ?? []));
  if (pairs.length === dims) return pairs.map(pair);
  throw new QuadrilleError('BAD_OPTION', `pad: ${pairs.length} pairs of widths for ${dims} dimensions.`);
}
