/** What may be named and a shape to broadcast to in; a random expression that fits, with its dtype by NumPy 2, out. */
import { type BinaryFn, type DType, type ExprType, isTest, type UnaryFn } from '../../jit/program.js';
import { binaryType, concrete, isFloat, promote, unaryType } from '../../jit/types.js';
import { QuadrilleError } from '../../lib/errors.js';
import { checkBinary, checkUnary } from '../../lib/operators.js';
import { LIBRARY_BINARY, LIBRARY_UNARY, type RandomExpr, type ReduceName, type Subscript } from './program.js';
import { placed, type Range, type Scope, subscriptOf, viewLike } from './views.js';

export interface Typed {
  readonly expr: RandomExpr;
  readonly dtype: ExprType;
}

const NUMBERS = [2, 0.25, -1, 0.1, 3] as const;
const UNARY: readonly UnaryFn[] = [
  ...([
    'neg',
    'abs',
    'floor',
    'ceil',
    'trunc',
    'rint',
    'sign',
    'sqrt',
    'square',
    'reciprocal',
    'not',
    'invert',
  ] as const),
  ...(['isnan', 'isinf', 'isfinite'] as const),
];
const ARITHMETIC: readonly BinaryFn[] = ['add', 'sub', 'mul', 'div', 'minimum', 'maximum'];
const MORE: readonly BinaryFn[] = [
  'fmin',
  'fmax',
  'fmod',
  'floordiv',
  'mod',
  'bitand',
  'bitor',
  'bitxor',
  'shl',
  'shr',
];
const COMPARE: readonly BinaryFn[] = ['lt', 'le', 'gt', 'ge', 'eq', 'ne'];
const LOGIC: readonly BinaryFn[] = ['and', 'or', 'xor'];
const DTYPES: readonly DType[] = ['f64', 'f32', 'i32', 'i64', 'bool'];
const REDUCE: readonly ReduceName[] = [
  ...(['sum', 'mean', 'min', 'max', 'any', 'all', 'std', 'var', 'prod', 'argmin', 'argmax'] as const),
];

/**
 * Numbers stand only beside what is no number: among themselves Python reckons with them at once.
 */
export function exprLike(scope: Scope, wanted: readonly Range[], depth: number, numberToo = true): Typed {
  const { tape } = scope;
  if (scope.scalars.length > 0 && tape.rarely(9)) return namedScalar(scope);
  const kind = depth === 0 ? tape.next(4) : tape.next(30);
  if (kind === 3 && numberToo) return numberOf(tape.pick(NUMBERS));
  if (kind < 4) return viewExpr(scope, wanted);
  if (kind < 13) return binaryExpr(scope, wanted, depth, kind < 10 ? ARITHMETIC : MORE);
  if (kind < 16) return unaryExpr(scope, wanted, depth);
  if (kind < 18) return power(scope, wanted, depth);
  if (kind < 20) return whereExpr(scope, wanted, depth);
  switch (kind) {
    case 20:
      return conditionLike(scope, wanted, depth);
    case 21:
    case 22: {
      const a = exprLike(scope, wanted, depth - 1, false);
      const dtype = DTYPES[tape.next(DTYPES.length)] ?? 'f64';
      return { expr: { op: 'cast', a: a.expr, dtype }, dtype };
    }
    case 23:
      return scalarLike(scope, depth);
    case 24:
    case 25:
      return along(scope, wanted, depth) ?? viewExpr(scope, wanted);
    case 26:
      return part(scope, wanted, depth) ?? viewExpr(scope, wanted);
    case 27:
      return clip(scope, wanted, depth);
    case 28:
      return turned(scope, wanted, depth) ?? viewExpr(scope, wanted);
    default:
      return rolledExpr(scope, wanted, depth) ?? viewExpr(scope, wanted);
  }
}

function viewExpr(scope: Scope, wanted: readonly Range[]): Typed {
  const { view, dtype } = viewLike(scope, wanted);
  return { expr: { op: 'view', view }, dtype };
}

export function numberOf(value: number): Typed {
  return { expr: { op: 'number', value }, dtype: Number.isInteger(value) ? 'weakint' : 'weak' };
}

/** Has NumPy (and have our fields) the operation? */
function has(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof QuadrilleError) return false;
    throw error;
  }
}

/** The one chosen, or the next that there is for such elements. */
function choose<F extends string>(scope: Scope, list: readonly F[], fits: (fn: F) => boolean): F | undefined {
  const first = scope.tape.next(list.length);
  return [...list.slice(first), ...list.slice(0, first)].find(fits);
}

export function binaryOf(scope: Scope, list: readonly BinaryFn[], a: Typed, b: Typed): Typed | undefined {
  const fn = choose(scope, list, (one) => has(() => checkBinary(one, a.dtype, b.dtype)));
  return fn && { expr: { op: 'binary', fn, a: a.expr, b: b.expr }, dtype: binaryType(fn, a.dtype, b.dtype) };
}

function pair(scope: Scope, wanted: readonly Range[], depth: number): [Typed, Typed] {
  const a = exprLike(scope, wanted, depth - 1);
  return [a, exprLike(scope, wanted, depth - 1, a.expr.op !== 'number')];
}

function binaryExpr(scope: Scope, wanted: readonly Range[], depth: number, list: readonly BinaryFn[]): Typed {
  const [a, b] = pair(scope, wanted, depth);
  const all = scope.library && list === MORE ? [...list, ...LIBRARY_BINARY] : list;
  return binaryOf(scope, all, a, b) ?? binaryOf(scope, ARITHMETIC, a, b) ?? a;
}

function unaryExpr(scope: Scope, wanted: readonly Range[], depth: number): Typed {
  const a = exprLike(scope, wanted, depth - 1, false);
  // 1 / 0 of integers is nothing in C.
  const fits = (fn: UnaryFn): boolean =>
    has(() => checkUnary(fn, a.dtype)) && (fn !== 'reciprocal' || isFloat(a.dtype));
  const fn = choose(scope, scope.library ? [...UNARY, ...LIBRARY_UNARY] : UNARY, fits);
  if (!fn) return a;
  const dtype = fn === 'not' || isTest(fn) ? 'bool' : unaryType(fn, a.dtype);
  return { expr: { op: 'unary', fn, a: a.expr }, dtype };
}

function power(scope: Scope, wanted: readonly Range[], depth: number): Typed {
  const a = exprLike(scope, wanted, depth - 1, false);
  // Roots of integers are pow's in NumPy, and not always the nearest number.
  const exponent = isFloat(a.dtype) ? scope.tape.pick([2, -1, 0.5, 1]) : scope.tape.pick([2, 3, 0, 5]);
  const dtype = a.dtype === 'bool' ? 'i64' : a.dtype;
  return { expr: { op: 'power', a: a.expr, exponent }, dtype };
}

function whereExpr(scope: Scope, wanted: readonly Range[], depth: number): Typed {
  const cond = conditionLike(scope, wanted, depth - 1);
  const [a, b] = pair(scope, wanted, depth);
  const dtype = concrete(promote(a.dtype, b.dtype));
  return { expr: { op: 'where', cond: cond.expr, a: a.expr, b: b.expr }, dtype };
}

/** Of booleans. */
export function conditionLike(scope: Scope, wanted: readonly Range[], depth: number): Typed {
  const { tape } = scope;
  const kind = tape.next(6);
  if (kind < 4 || depth <= 0) {
    const a = viewExpr(scope, wanted);
    const b = exprLike(scope, wanted, depth <= 0 ? 0 : depth - 1);
    const compared = binaryOf(scope, COMPARE, a, b);
    if (!compared) throw new Error('whatever there is can be compared');
    return kind === 3 ? { expr: { op: 'unary', fn: 'not', a: compared.expr }, dtype: 'bool' } : compared;
  }
  const a = conditionLike(scope, wanted, depth - 1);
  if (kind === 4) return { expr: { op: 'unary', fn: 'invert', a: a.expr }, dtype: 'bool' };
  const b = conditionLike(scope, wanted, depth - 1);
  const logic: readonly BinaryFn[] = ['bitand', 'bitor', 'bitxor', ...LOGIC];
  return binaryOf(scope, logic, a, b) ?? a;
}

function clip(scope: Scope, wanted: readonly Range[], depth: number): Typed {
  const a = exprLike(scope, wanted, depth - 1, false);
  if (a.dtype === 'bool') return a;
  const [least, most] = isFloat(a.dtype)
    ? scope.tape.pick([
        [-0.5, 0.25],
        [0, 2],
      ])
    : scope.tape.pick([
        [-1, 3],
        [0, 2],
      ]);
  return { expr: { op: 'clip', a: a.expr, least, most }, dtype: a.dtype };
}

/** Of the whole shape of `ranges`: a view of that shape with something added to it. Undefined where no array has it. */
export function exactLike(scope: Scope, ranges: readonly Range[], depth: number): Typed | undefined {
  const viewed = viewLike(scope, ranges, true);
  if (!viewed) return undefined;
  const view: Typed = { expr: { op: 'view', view: viewed.view }, dtype: viewed.dtype };
  if (depth <= 0 || scope.tape.next(3) === 0) return view;
  return binaryOf(scope, ['add', 'mul', 'lt', 'maximum'], view, exprLike(scope, ranges, depth - 1)) ?? view;
}

function part(scope: Scope, wanted: readonly Range[], depth: number): Typed | undefined {
  const { tape } = scope;
  const larger = wanted.map(({ count }) => count + tape.next(3));
  const a = exactLike(scope, larger.map(beginning), depth - 1);
  if (!a || wanted.length === 0) return undefined;
  const subscripts = wanted.map(({ count }, d): Subscript => {
    const n = larger[d] ?? count;
    return subscriptOf(tape, count === 0 ? beginning(0) : placed(tape, n, tape.rarely(4) ? -1 : 1, count, 0), n);
  });
  return { expr: { op: 'part', a: a.expr, subscripts }, dtype: a.dtype };
}

function beginning(count: number): Range {
  return { start: 0, step: 1, count };
}

function turned(scope: Scope, wanted: readonly Range[], depth: number): Typed | undefined {
  if (wanted.length < 2) return undefined;
  const order = scope.tape.shuffled(wanted.length);
  const before = order.map((_, d) => wanted[order.indexOf(d)] ?? beginning(1));
  const a = exactLike(scope, before, depth - 1);
  return a && { expr: { op: 'turned', a: a.expr, order }, dtype: a.dtype };
}

function rolledExpr(scope: Scope, wanted: readonly Range[], depth: number): Typed | undefined {
  if (wanted.length === 0 || wanted.some(({ count }) => count === 0)) return undefined;
  const a = exactLike(scope, wanted, depth - 1);
  const [shift, axis] = [scope.tape.next(5) - 2, scope.tape.next(wanted.length)];
  return a && { expr: { op: 'rolled', a: a.expr, shift, axis }, dtype: a.dtype };
}

/** An expression with some elements, of any shape. */
function operand(scope: Scope, depth: number): Typed & { readonly ranges: readonly Range[] } {
  const { tape, known } = scope;
  const field = tape.next(known.length);
  const { shape = [1], dtype = 'f64' } = known[field] ?? {};
  const dims = tape.rarely(4) ? 1 + tape.next(shape.length) : shape.length;
  const ranges = shape.slice(0, dims).map((n) => {
    const step = tape.rarely(5) && n > 2 ? 2 : 1;
    const most = Math.floor((n - 1) / step) + 1;
    return placed(tape, n, step, tape.rarely(2) ? 1 + tape.next(most) : most, 0);
  });
  const made = exactLike(scope, ranges, depth - 1);
  if (made) return { ...made, ranges };
  return { expr: { op: 'view', view: { field, subscripts: ['...'] } }, dtype, ranges: shape.map(beginning) };
}

function namedScalar({ tape, scalars }: Scope): Typed {
  const index = tape.next(scalars.length);
  return { expr: { op: 'scalar', index }, dtype: scalars[index] ?? 'f64' };
}

/** Of shape (): a reduction over everything, or what is reckoned with one. */
export function scalarLike(scope: Scope, depth: number): Typed {
  const { tape, scalars } = scope;
  const kind = tape.next(10);
  if (kind < 3 && scalars.length > 0) return namedScalar(scope);
  if (kind > 7 && depth > 0) {
    const a = scalarLike(scope, depth - 1);
    const b = tape.rarely(2) ? scalarLike(scope, depth - 1) : numberOf(tape.pick(NUMBERS));
    return binaryOf(scope, ARITHMETIC, a, b) ?? a;
  }
  const a = operand(scope, Math.min(depth, 2));
  const { dtype } = a;
  if (isFloat(dtype) && kind === 3) {
    return { expr: { op: 'norm', a: a.expr, order: tape.pick([2, 1, Number.POSITIVE_INFINITY]) }, dtype };
  }
  const other = isFloat(dtype) && kind === 4 ? exactLike(scope, a.ranges, 0) : undefined;
  if (other && isFloat(other.dtype)) {
    return { expr: { op: 'dot', a: a.expr, b: other.expr }, dtype: promote(dtype, other.dtype) };
  }
  const fn = reducer(scope);
  return { expr: { op: 'reduce', fn, a: a.expr }, dtype: reducedType(fn, dtype) };
}

function reducer({ tape }: Scope): ReduceName {
  return REDUCE[tape.next(REDUCE.length)] ?? 'any';
}

function reducedType(fn: ReduceName, dtype: ExprType): ExprType {
  if (fn === 'any' || fn === 'all') return 'bool';
  if (fn === 'argmin' || fn === 'argmax') return 'i64';
  if (isFloat(dtype) || fn === 'min' || fn === 'max') return dtype;
  return fn === 'sum' || fn === 'prod' ? 'i64' : 'f64';
}

/** Along an axis that is put into the wanted shape, or along one of it that stays, of size 1. */
function along(scope: Scope, wanted: readonly Range[], depth: number): Typed | undefined {
  const { tape } = scope;
  const dims = tape.rarely(3) ? tape.next(wanted.length + 1) : wanted.length;
  const kept = wanted.slice(wanted.length - dims);
  if (kept.some(({ count }) => count === 0)) return undefined;
  const keepdims = dims > 0 && tape.rarely(3);
  const at = tape.next(keepdims ? dims : dims + 1);
  const reduced = beginning(1 + tape.next(9));
  const ranges = keepdims
    ? kept.map((range, d) => (d === at ? reduced : range))
    : [...kept.slice(0, at), reduced, ...kept.slice(at)];
  if (ranges.length > 4) return undefined;
  const a = exactLike(scope, ranges, depth - 1);
  if (!a) return undefined;
  const fn = reducer(scope);
  const axis = tape.rarely(3) ? at - ranges.length : at;
  return { expr: { op: 'along', fn, a: a.expr, axes: [axis], keepdims }, dtype: reducedType(fn, a.dtype) };
}
