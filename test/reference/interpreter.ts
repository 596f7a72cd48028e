/**
 * A Program, its fields as whole arrays and its parameters in; the fields changed in place, as NumPy would change
 * them, out. The oracle of the tests: one array per expression node, one element at a time, nothing clever. It is
 * never used at run time.
 */
import {
  type BinaryFn,
  type DType,
  type Expr,
  type ExprType,
  isTest,
  type Program,
  type Statement,
  type ViewRef,
} from '../../jit/program.js';
import { broadcastIndex, broadcastShapes, indicesOf, positionOf, type ReferenceArray, sizeOf } from './array.js';
import { binary, convert, type Element, unary } from './element.js';
import { reduce, reduceAlong, reducedType } from './reduce.js';

/** An evaluated expression. */
interface Value {
  readonly dtype: ExprType;
  readonly shape: readonly number[];
  readonly data: readonly Element[];
}

/**
 * Runs the statements once, one after the other. `arrays[slot]` is the field bound to each slot; the same array may
 * be bound to several slots.
 */
export function run(
  program: Program,
  arrays: readonly ReferenceArray[],
  params: readonly number[],
  ints: readonly number[] = [],
): void {
  for (const statement of program.statements) {
    const { target, value } = statement;
    runStatement({ ...statement, target: viewAt(target, ints), value: exprAt(value, ints) }, arrays, params);
  }
}

/** The view where the run's integers put it. */
export function viewAt({ slot, axes, dims }: ViewRef, ints: readonly number[]): ViewRef {
  return {
    slot,
    ...(dims && { dims }),
    axes: axes.map((axis) => {
      if (axis.dyn === undefined) return axis;
      const by = ints[axis.dyn];
      if (by === undefined) throw new Error(`no value for integer ${axis.dyn}`);
      return axis.kind === 'index'
        ? { kind: 'index', at: axis.at + by }
        : { kind: 'range', start: axis.start + by, step: axis.step, count: axis.count };
    }),
  };
}

function exprAt(expr: Expr, ints: readonly number[]): Expr {
  switch (expr.op) {
    case 'load':
      return { ...expr, view: viewAt(expr.view, ints) };
    case 'unary':
      return { ...expr, a: exprAt(expr.a, ints) };
    case 'binary':
      return { ...expr, a: exprAt(expr.a, ints), b: exprAt(expr.b, ints) };
    case 'where':
      return { ...expr, cond: exprAt(expr.cond, ints), a: exprAt(expr.a, ints), b: exprAt(expr.b, ints) };
    default:
      return expr;
  }
}

function runStatement(statement: Statement, arrays: readonly ReferenceArray[], params: readonly number[]): void {
  const target = arrayAt(arrays, statement.target.slot);
  const shape = viewShape(statement.target);
  if (statement.reduce) {
    const value = evaluate(statement.value, arrays, params);
    const { reduce: fn, axes } = statement;
    const result = axes ? reduceAlong(fn, value, axes) : [reduce(fn, value.data, value.dtype)];
    const type = reducedType(fn, value.dtype);
    // The target is a whole field.
    result.forEach((x, k) => {
      put(target, k, convert(x, type, target.dtype));
    });
    return;
  }
  const value = evaluate(statement.value, arrays, params); // a new array: nothing is written before all is read
  const broadcast = reader({ ...value, shape: withoutLeadingOnes(value.shape, shape.length) }, shape);
  positionsOf(statement.target, target.shape).forEach((at, k) => {
    put(target, at, convert(broadcast(k), concrete(value.dtype), target.dtype));
  });
}

function put({ data }: ReferenceArray, at: number, element: Element): void {
  if (data instanceof BigInt64Array) data[at] = BigInt(element);
  else data[at] = Number(element);
}

/** `a[0:3] = b` is allowed for b of shape (1, 3): NumPy drops leading dimensions of length 1. */
function withoutLeadingOnes(shape: readonly number[], dims: number): readonly number[] {
  const extra = Math.max(0, shape.length - dims);
  if (shape.slice(0, extra).some((n) => n !== 1)) throw new Error(`(${shape}) does not fit into ${dims} dimensions`);
  return shape.slice(extra);
}

/** Which dimension of the field each dimension of the view walks; -1: none. */
function viewDims({ axes, dims }: ViewRef): readonly number[] {
  return dims ?? axes.flatMap((axis, d) => (axis.kind === 'range' ? [d] : []));
}

export function viewShape(view: ViewRef): number[] {
  return viewDims(view).map((d) => {
    const axis = view.axes[d];
    return axis?.kind === 'range' ? axis.count : 1;
  });
}

/** Where the elements of a view, in C order, lie in its field. */
function positionsOf(view: ViewRef, shape: readonly number[]): number[] {
  const result: number[] = [];
  for (const index of indicesOf(viewShape(view))) result.push(positionOf(shape, fieldIndex(view, shape, index)));
  return result;
}

/** Where element `index` of the view lies in its field. */
function fieldIndex(view: ViewRef, shape: readonly number[], index: readonly number[]): number[] {
  const dims = viewDims(view);
  return view.axes.map((axis, d) => {
    const n = shape[d] ?? 0;
    let at: number;
    if (axis.kind === 'index') {
      at = axis.at;
    } else {
      at = axis.start + axis.step * (index[dims.indexOf(d)] ?? 0);
      if (axis.wrap) at = ((at % n) + n) % n;
    }
    if (at < 0 || at >= n) throw new Error(`view leaves its field: position ${at} of ${n} in dimension ${d}`);
    return at;
  });
}

function arrayAt(arrays: readonly ReferenceArray[], slot: number): ReferenceArray {
  const array = arrays[slot];
  if (array === undefined) throw new Error(`no array bound to slot ${slot}`);
  return array;
}

/** Reads `value` as if it were broadcast to `shape`: k counts that shape's elements in C order. */
function reader(value: Value, shape: readonly number[]): (k: number) => Element {
  if (`${value.shape}` === `${shape}`) return (k) => value.data[k] ?? Number.NaN;
  const from: number[] = [];
  for (const index of indicesOf(shape)) from.push(positionOf(value.shape, broadcastIndex(value.shape, index)));
  return (k) => value.data[from[k] ?? -1] ?? Number.NaN;
}

function evaluate(expr: Expr, arrays: readonly ReferenceArray[], params: readonly number[]): Value {
  switch (expr.op) {
    case 'load': {
      const array = arrayAt(arrays, expr.view.slot);
      const from = positionsOf(expr.view, array.shape);
      return build(expr.dtype, viewShape(expr.view), (k) => array.data[from[k] ?? -1] ?? Number.NaN);
    }
    case 'iota': {
      const { axis, start, step, dtype, shape } = expr;
      return build(dtype, shape, (k) => start + step * (shape[axis] === 1 ? 0 : k));
    }
    case 'param': {
      const value = params[expr.index];
      if (value === undefined) throw new Error(`no value for parameter ${expr.index}`);
      return build(expr.dtype, [], () => (expr.dtype === 'weakint' ? BigInt(value) : value));
    }
    case 'unary': {
      const a = evaluate(expr.a, arrays, params);
      const to = concrete(expr.dtype);
      // `not` looks at its operand as it is; every other function has one type, that of its result.
      const type = expr.fn === 'not' ? concrete(a.dtype) : isTest(expr.fn) ? (a.dtype === 'f32' ? 'f32' : 'f64') : to;
      return build(expr.dtype, a.shape, (k) =>
        unary(expr.fn, convert(a.data[k] ?? Number.NaN, concrete(a.dtype), type), type),
      );
    }
    case 'binary': {
      const a = evaluate(expr.a, arrays, params);
      const b = evaluate(expr.b, arrays, params);
      const common = commonType(a.dtype, b.dtype);
      const type = OF_FLOATS.has(expr.fn) && common !== 'f32' ? 'f64' : common;
      const shape = broadcastShapes(a.shape, b.shape);
      const [readA, readB] = [reader(a, shape), reader(b, shape)];
      return build(expr.dtype, shape, (k) =>
        binary(expr.fn, convert(readA(k), concrete(a.dtype), type), convert(readB(k), concrete(b.dtype), type), type),
      );
    }
    case 'where': {
      const cond = evaluate(expr.cond, arrays, params);
      const a = evaluate(expr.a, arrays, params);
      const b = evaluate(expr.b, arrays, params);
      const type = commonType(a.dtype, b.dtype);
      const shape = broadcastShapes(cond.shape, a.shape, b.shape);
      const [readCond, readA, readB] = [reader(cond, shape), reader(a, shape), reader(b, shape)];
      return build(expr.dtype, shape, (k) =>
        convert(readCond(k), concrete(cond.dtype), 'bool') !== 0
          ? convert(readA(k), concrete(a.dtype), type)
          : convert(readB(k), concrete(b.dtype), type),
      );
    }
  }
}

/** One element after the other. */
function build(dtype: ExprType, shape: readonly number[], element: (k: number) => Element): Value {
  return { dtype, shape, data: Array.from({ length: sizeOf(shape) }, (_, k) => element(k)) };
}

/** What NumPy makes of a Python float or int by itself. */
function concrete(type: ExprType): DType {
  return type === 'weak' ? 'f64' : type === 'weakint' ? 'i64' : type;
}

const OF_FLOATS: ReadonlySet<BinaryFn> = new Set(['div', 'copysign', 'heaviside', 'nextafter', 'atan2', 'hypot']);
const KINDS: Record<ExprType, number> = { bool: 0, weakint: 1, i32: 1, i64: 1, weak: 2, f32: 2, f64: 2 };

/**
 * NumPy 2's promotion, from its words rather than a table: a Python number takes the type of what it meets if that is of
 * its own kind or a higher one, and the default type of its kind if not; of two arrays' types the result holds both.
 */
function commonType(a: ExprType, b: ExprType): DType {
  const [aWeak, bWeak] = [a.startsWith('weak'), b.startsWith('weak')];
  if (aWeak && !bWeak) return KINDS[b] >= KINDS[a] ? concrete(b) : concrete(a);
  if (bWeak && !aWeak) return commonType(b, a);
  const types = [concrete(a), concrete(b)];
  if (types.every((type) => type === 'bool')) return 'bool';
  const numbers = types.filter((type) => type !== 'bool');
  if (numbers.every((type) => type === 'f32')) return 'f32';
  if (numbers.every((type) => type === 'i32')) return 'i32';
  return numbers.every((type) => type === 'i32' || type === 'i64') ? 'i64' : 'f64';
}
