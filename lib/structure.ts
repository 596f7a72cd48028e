/**
 * The shape of expressions without their values: operators, view descriptions, dtypes and shapes. Interned, so that the
 * same expression written a thousand times is checked and typed once and compared as one integer.
 */
import type { Axis, BinaryFn, DType, ExprType, ParamType, ReduceFn, UnaryFn, UnaryOp } from '../jit/program.js';
import { binaryType, concrete, isFloat, operandType, promote, unaryType } from '../jit/types.js';
import { dimsOf, plainWalk, shapeOfWalk, type Walk } from '../jit/view.js';
import { QuadrilleError } from './errors.js';
import { checkBinary, checkUnary } from './operators.js';
import { broadcast, checkAssignable, type Shape, sizeOf } from './shape.js';
import { moving, wholeAxes } from './slice.js';
import type { FieldMeta, ViewStructure } from './storage.js';

interface Typed {
  readonly id: number;
  readonly dtype: ExprType;
  readonly shape: Shape;
}

/** Leaves (`load`, `param`) take their storages and values in order of appearance, depth first. */
export type Structure = Typed &
  (
    | { readonly op: 'load'; readonly view: ViewStructure; readonly dtype: DType }
    | { readonly op: 'param'; readonly dtype: ParamType }
    | {
        readonly op: 'iota';
        readonly axis: number;
        readonly start: number;
        readonly step: number;
        readonly dtype: DType;
      }
    | { readonly op: 'unary'; readonly fn: UnaryOp; readonly a: Structure }
    | { readonly op: 'binary'; readonly fn: BinaryFn; readonly a: Structure; readonly b: Structure }
    | { readonly op: 'where'; readonly cond: Structure; readonly a: Structure; readonly b: Structure }
  );

/** `target = value`, interned. */
export interface StatementStructure {
  readonly id: number;
  readonly target: ViewStructure;
  readonly value: Structure;
  /** The target, a Scalar, becomes this of all elements of the value. */
  readonly reduce?: ReduceFn;
  /** Or, along these dimensions of the value, an array of those that are left. */
  readonly axes?: readonly number[];
  /** Nothing to do: the target has no elements. */
  readonly empty: boolean;
  /** Which dimension of its array each moving axis is, of the target and then of the value's loads. */
  readonly moving: readonly number[];
}

let ids = 0;
const loads = new WeakMap<ViewStructure, Structure>();
const inner = new Map<string, Structure>();
const statements = new Map<string, StatementStructure>();

/** Forgets what was interned, but for views: what is met again gets another id. Nothing in use becomes wrong. */
export function forgetStructures(): void {
  inner.clear();
  statements.clear();
}

/**
 * A number known only when the Program runs. JavaScript does not tell 2 from 2.0: among floats it is one of them, among
 * integers (lib/expr.ts settles that) what its value says.
 */
export const PARAM: Structure = { op: 'param', id: ++ids, dtype: 'weak', shape: [] };
/** A Python float, int or bool: a number whose kind is known. */
export const FLOAT: Structure = { op: 'param', id: ++ids, dtype: 'weak', shape: [] };
export const INT: Structure = { op: 'param', id: ++ids, dtype: 'weakint', shape: [] };
export const BOOL: Structure = { op: 'param', id: ++ids, dtype: 'bool', shape: [] };

/** Numbers of NumPy's, which do not give way: as templates are told of them. None of them enters a statement. */
export const TYPED: Readonly<Record<'f64' | 'f32' | 'i64' | 'i32', Structure>> = {
  f64: { op: 'param', id: ++ids, dtype: 'weak', shape: [] },
  f32: { op: 'param', id: ++ids, dtype: 'weak', shape: [] },
  i64: { op: 'param', id: ++ids, dtype: 'weakint', shape: [] },
  i32: { op: 'param', id: ++ids, dtype: 'weakint', shape: [] },
};

/** Views of one description that are told apart by identity: beyond that, what is met again is another view. */
const MOST_VIEWS = 2 ** 16;

/** The one view of fields described by `meta` that is walked so. */
export function internView(meta: FieldMeta, { axes, dims }: Walk): ViewStructure {
  const key = keyOf({ axes, dims });
  const known = meta.canonical.get(key);
  if (known) return known;
  const view: ViewStructure = { meta, axes, dims, shape: Object.freeze(shapeOfWalk({ axes, dims })), id: ++ids };
  if (meta.canonical.size >= MOST_VIEWS) {
    meta.canonical.clear();
    if (meta.whole) meta.canonical.set(keyOf(meta.whole), meta.whole);
  }
  meta.canonical.set(key, view);
  loads.set(view, { op: 'load', id: view.id, view, dtype: meta.dtype, shape: view.shape });
  return view;
}

function keyOf({ axes, dims }: Walk): string {
  let key = dims ? `${dims.join('.')};` : '';
  for (const axis of axes) {
    key += axis.kind === 'index' ? `i${axis.at}` : `${axis.start}:${axis.step}:${axis.count}${axis.wrap ? 'w' : ''}`;
    key += axis.dyn === undefined ? ',' : '+,';
  }
  return key;
}

/** The view that is the whole field. */
export function wholeView(meta: FieldMeta): ViewStructure {
  meta.whole ??= internView(meta, { axes: wholeAxes(meta.shape) });
  return meta.whole;
}

export function loadOf(view: ViewStructure): Structure {
  const load = loads.get(view);
  if (!load) throw new QuadrilleError('INTERNAL', 'a view was not interned');
  return load;
}

/** The index along dimension `axis` of `shape` (1 elsewhere), as numbers start, start + step, ... */
export function iota(shape: Shape, axis: number, start: number, step: number, dtype: DType): Structure {
  const key = `iota ${shape.join()} ${axis} ${start} ${step} ${dtype}`;
  return (
    inner.get(key) ?? add(key, { op: 'iota', axis, start, step, id: ++ids, dtype, shape: Object.freeze([...shape]) })
  );
}

/** Throws BAD_OPERAND where NumPy has no such function of these elements. */
export function unary(fn: UnaryFn, a: Structure): Structure {
  const key = `${fn} ${a.id}`;
  const known = inner.get(key);
  if (known) return known;
  checkUnary(fn, a.dtype);
  if (fn === 'invert' && a.dtype === 'bool') return unary('not', a);
  // C's (int)(1.0 / x)
  if (fn === 'reciprocal' && !isFloat(a.dtype)) return astype(unary(fn, astype(a, 'f64')), concrete(a.dtype));
  return add(key, { op: 'unary', fn, a, id: ++ids, dtype: unaryType(fn, a.dtype), shape: a.shape });
}

/** NumPy's conversion: towards zero into integers, whatever does not fit becomes the least one. */
export function astype(a: Structure, dtype: DType): Structure {
  if (a.dtype === dtype && a.op !== 'param') return a;
  const key = `astype ${dtype} ${a.id}`;
  return inner.get(key) ?? add(key, { op: 'unary', fn: 'astype', a, id: ++ids, dtype, shape: a.shape });
}

/** Throws SHAPE_MISMATCH, or BAD_OPERAND where NumPy has no such operation of these elements. */
export function binary(fn: BinaryFn, a: Structure, b: Structure): Structure {
  const key = `${fn} ${a.id} ${b.id}`;
  const known = inner.get(key);
  if (known) return known;
  checkBinary(fn, a.dtype, b.dtype);
  const shape = broadcast(fn, a.shape, b.shape);
  if (a.dtype === 'bool' && b.dtype === 'bool') {
    if (fn === 'bitand') return binary('and', a, b);
    if (fn === 'bitor') return binary('or', a, b);
    if (fn === 'bitxor') return binary('xor', a, b);
  }
  const meet = operandType(fn, a.dtype, b.dtype);
  const [left, right] = [amongFloats(a, meet), amongFloats(b, meet)];
  if (left !== a || right !== b) return add(key, binary(fn, left, right));
  return add(key, { op: 'binary', fn, a, b, id: ++ids, dtype: binaryType(fn, a.dtype, b.dtype), shape });
}

/** Any number is a float among floats: 2 and 2.0 make no two Programs there. */
function amongFloats(a: Structure, meet: ExprType): Structure {
  return a.op === 'param' && isFloat(meet) ? PARAM : a;
}

export function where(cond: Structure, a: Structure, b: Structure): Structure {
  const key = `where ${cond.id} ${a.id} ${b.id}`;
  const known = inner.get(key);
  if (known) return known;
  if (cond.op === 'param') {
    throw new QuadrilleError('BAD_OPERAND', 'The condition of where is a plain number or boolean.', {
      expected: 'a comparison of fields or expressions',
      hint: 'choose in JavaScript: flag ? a : b (in np text: interpolate what was chosen)',
    });
  }
  const shape = broadcast('where', cond.shape, broadcast('where', a.shape, b.shape));
  // Of two plain numbers NumPy makes an array, and an array's type is not weak.
  const dtype = concrete(promote(a.dtype, b.dtype));
  const [left, right] = [amongFloats(a, dtype), amongFloats(b, dtype)];
  if (left !== a || right !== b) return add(key, where(cond, left, right));
  return add(key, { op: 'where', cond, a, b, id: ++ids, dtype, shape });
}

/** Throws SHAPE_MISMATCH or BAD_OPERAND. */
export function statement(target: ViewStructure, value: Structure): StatementStructure {
  const key = `${target.id} ${value.id}`;
  const known = statements.get(key);
  if (known) return known;
  checkAssignable(target.shape, value.shape);
  const fitting = value.shape.length > target.shape.length ? dropLeading(value, target.shape.length) : value;
  const moving = [...movingDims(target), ...movingIn(fitting)];
  const made = { id: ++ids, target, value: fitting, empty: sizeOf(target.shape) === 0, moving };
  statements.set(key, made);
  return made;
}

/** The value has elements. */
export function reduction(
  target: ViewStructure,
  fn: ReduceFn,
  value: Structure,
  axes?: readonly number[],
): StatementStructure {
  const key = `${fn} ${axes ? axes.join() : ''} ${target.id} ${value.id}`;
  const known = statements.get(key);
  if (known) return known;
  const made = {
    id: ++ids,
    target,
    value,
    reduce: fn,
    ...(axes && { axes }),
    empty: false,
    moving: movingIn(value),
  };
  statements.set(key, made);
  return made;
}

function movingDims({ axes }: ViewStructure): number[] {
  return axes.flatMap(({ dyn }, d) => (dyn === undefined ? [] : [d]));
}

function movingIn(a: Structure): number[] {
  if (a.op === 'load') return movingDims(a.view);
  const kids = a.op === 'unary' ? [a.a] : a.op === 'binary' ? [a.a, a.b] : a.op === 'where' ? [a.cond, a.a, a.b] : [];
  return kids.flatMap(movingIn);
}

/** `a` with its leading dimensions, all of size 1, taken at index 0 until `dims` are left. */
function dropLeading(a: Structure, dims: number): Structure {
  if (a.shape.length <= dims) return a;
  switch (a.op) {
    case 'param':
      return a;
    case 'iota': {
      const extra = a.shape.length - dims;
      return iota(a.shape.slice(extra), Math.max(0, a.axis - extra), a.start, a.step, a.dtype);
    }
    case 'load': {
      const order = dimsOf(a.view);
      const dropped = order.slice(0, order.length - dims);
      const axes = a.view.axes.map((axis, d): Axis => {
        return axis.kind === 'range' && dropped.includes(d) ? { kind: 'index', at: axis.start, ...moving(axis) } : axis;
      });
      return loadOf(internView(a.view.meta, plainWalk(axes, order.slice(dropped.length))));
    }
    case 'unary':
      return a.fn === 'astype'
        ? astype(dropLeading(a.a, dims), concrete(a.dtype))
        : unary(a.fn, dropLeading(a.a, dims));
    case 'binary':
      return binary(a.fn, dropLeading(a.a, dims), dropLeading(a.b, dims));
    case 'where':
      return where(dropLeading(a.cond, dims), dropLeading(a.a, dims), dropLeading(a.b, dims));
  }
}

function add(key: string, structure: Structure): Structure {
  inner.set(key, structure);
  return structure;
}
