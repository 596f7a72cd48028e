/**
 * The shape of expressions without their values: operators, view descriptions, dtypes and shapes. Interned, so that the
 * same expression written a thousand times is checked and typed once and compared as one integer.
 */
import {
  type Axis,
  type BinaryFn,
  type DType,
  type ExprType,
  isTest,
  type ReduceFn,
  type UnaryFn,
} from '../jit/program.js';
import { QuadrilleError } from './errors.js';
import { broadcast, checkAssignable, formatShape, type Shape, sizeOf } from './shape.js';
import { moving, shapeOfAxes, wholeAxes } from './slice.js';
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
    | { readonly op: 'param'; readonly dtype: 'weak' }
    | {
        readonly op: 'iota';
        readonly axis: number;
        readonly start: number;
        readonly step: number;
        readonly dtype: DType;
      }
    | { readonly op: 'unary'; readonly fn: UnaryFn; readonly a: Structure }
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

const COMPARISONS = new Set<BinaryFn>(['lt', 'le', 'gt', 'ge', 'eq', 'ne']);

let ids = 0;
const loads = new Map<number, Structure>();
const inner = new Map<string, Structure>();
const statements = new Map<string, StatementStructure>();

/** Forgets what was interned, but for views: what is met again gets another id. Nothing in use becomes wrong. */
export function forgetStructures(): void {
  inner.clear();
  statements.clear();
}

/** A number known only when the Program runs. */
export const PARAM: Structure = { op: 'param', id: ++ids, dtype: 'weak', shape: [] };

/** The one view of fields described by `meta` that walks `axes`. */
export function internView(meta: FieldMeta, axes: readonly Axis[]): ViewStructure {
  let key = '';
  for (const axis of axes) {
    key += axis.kind === 'index' ? `i${axis.at}` : `${axis.start}:${axis.step}:${axis.count}${axis.wrap ? 'w' : ''}`;
    key += axis.dyn === undefined ? ',' : '+,';
  }
  const known = meta.canonical.get(key);
  if (known) return known;
  const view: ViewStructure = { meta, axes, shape: Object.freeze(shapeOfAxes(axes)), id: ++ids };
  meta.canonical.set(key, view);
  loads.set(view.id, { op: 'load', id: view.id, view, dtype: meta.dtype, shape: view.shape });
  return view;
}

/** The view that is the whole field. */
export function wholeView(meta: FieldMeta): ViewStructure {
  let view = meta.views.get('');
  if (!view) {
    view = internView(meta, wholeAxes(meta.shape));
    meta.views.set('', view);
  }
  return view;
}

export function loadOf(view: ViewStructure): Structure {
  const load = loads.get(view.id);
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

export function unary(fn: UnaryFn, a: Structure): Structure {
  const key = `${fn} ${a.id}`;
  const known = inner.get(key);
  if (known) return known;
  if (fn === 'not') {
    const dtype = 'bool';
    return add(key, { op: 'unary', fn, a: truth(a), id: ++ids, dtype, shape: a.shape });
  }
  numeric(fn, a);
  return add(key, { op: 'unary', fn, a, id: ++ids, dtype: isTest(fn) ? 'bool' : a.dtype, shape: a.shape });
}

/** Throws SHAPE_MISMATCH, or BAD_OPERAND where a comparison's result is used as a number. */
export function binary(fn: BinaryFn, a: Structure, b: Structure): Structure {
  const key = `${fn} ${a.id} ${b.id}`;
  const known = inner.get(key);
  if (known) return known;
  const shape = broadcast(fn, a.shape, b.shape);
  if (fn === 'and' || fn === 'or' || fn === 'xor') {
    return add(key, { op: 'binary', fn, a: truth(a), b: truth(b), id: ++ids, dtype: 'bool', shape });
  }
  numeric(fn, a);
  numeric(fn, b);
  const dtype = COMPARISONS.has(fn) ? 'bool' : promote(a.dtype, b.dtype);
  return add(key, { op: 'binary', fn, a, b, id: ++ids, dtype, shape });
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
  numeric('where', a);
  numeric('where', b);
  const shape = broadcast('where', cond.shape, broadcast('where', a.shape, b.shape));
  // Of two plain numbers NumPy makes an array, and an array's type is not weak.
  const dtype = a.dtype === 'weak' && b.dtype === 'weak' ? 'f64' : promote(a.dtype, b.dtype);
  return add(key, { op: 'where', cond: truth(cond), a, b, id: ++ids, dtype, shape });
}

/** Throws SHAPE_MISMATCH or BAD_OPERAND. */
export function statement(target: ViewStructure, value: Structure): StatementStructure {
  const key = `${target.id} ${value.id}`;
  const known = statements.get(key);
  if (known) return known;
  if (value.dtype === 'bool') throw boolAsNumber('set');
  checkAssignable(target.shape, value.shape);
  const fitting = value.shape.length > target.shape.length ? dropLeading(value, target.shape.length) : value;
  const moving = [...movingDims(target), ...movingIn(fitting)];
  const made = { id: ++ids, target, value: fitting, empty: sizeOf(target.shape) === 0, moving };
  statements.set(key, made);
  return made;
}

/** Throws BAD_OPERAND for conditions. The value has elements. */
export function reduction(
  target: ViewStructure,
  fn: ReduceFn,
  value: Structure,
  axes?: readonly number[],
): StatementStructure {
  const key = `${fn} ${axes ? axes.join() : ''} ${target.id} ${value.id}`;
  const known = statements.get(key);
  if (known) return known;
  numeric(fn, value);
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
      let extra = a.shape.length - dims;
      const axes = a.view.axes.map((axis): Axis => {
        if (axis.kind === 'index' || extra === 0) return axis;
        extra--;
        return { kind: 'index', at: axis.start, ...moving(axis) };
      });
      return loadOf(internView(a.view.meta, axes));
    }
    case 'unary':
      return unary(a.fn, dropLeading(a.a, dims));
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

/** NumPy's result type; a number takes the type of what it meets (NEP 50). */
function promote(a: ExprType, b: ExprType): ExprType {
  if (a === 'weak') return b;
  if (b === 'weak') return a;
  return a === 'f64' || b === 'f64' ? 'f64' : 'f32';
}

function numeric(what: string, a: Structure): void {
  if (a.dtype === 'bool') throw boolAsNumber(what);
}

function boolAsNumber(what: string): QuadrilleError {
  return new QuadrilleError('BAD_OPERAND', `The result of a comparison cannot be used as a number in ${what}.`, {
    expected: 'comparisons only in where, and, or, not',
    hint: 'where(condition, 1, 0) makes numbers of it',
  });
}

/** A condition as it is; throws BAD_OPERAND for anything else. */
function truth(a: Structure): Structure {
  if (a.dtype === 'bool') return a;
  const what =
    a.op === 'param' ? 'A plain number or boolean' : `An operand of shape ${formatShape(a.shape)} and type ${a.dtype}`;
  throw new QuadrilleError('BAD_OPERAND', `${what} stands where a condition is meant.`, {
    expected: 'a comparison of fields or expressions',
    hint: 'compare it with 0: a.ne(0), or in np text a != 0',
  });
}
