/**
 * A Program, its fields as whole arrays and its parameters in; the fields changed in place, as NumPy would change
 * them, out. The oracle of the tests: one array per expression node, one element at a time, nothing clever. It is
 * never used at run time.
 */
import type { BinaryFn, Expr, ExprType, Program, Statement, UnaryFn, ViewRef } from '../../jit/program.js';
import { broadcastIndex, broadcastShapes, indicesOf, positionOf, type ReferenceArray, sizeOf } from './array.js';
import { floatBinary, floatUnary } from './functions.js';
import { reduce, reduceAlong } from './reduce.js';

/** An evaluated expression. Booleans are 0 and 1; f32 values are doubles that are f32 numbers. */
interface Value {
  readonly dtype: ExprType;
  readonly shape: readonly number[];
  readonly data: Float64Array;
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
export function viewAt({ slot, axes }: ViewRef, ints: readonly number[]): ViewRef {
  return {
    slot,
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
    const result = statement.axes
      ? reduceAlong(statement.reduce, value, statement.axes)
      : [reduce(statement.reduce, value.data, target.dtype)];
    result.forEach((x, k) => {
      target.data[k] = x; // the target is a whole field
    });
    return;
  }
  const value = evaluate(statement.value, arrays, params); // a new array: nothing is written before all is read
  const broadcast = reader({ ...value, shape: withoutLeadingOnes(value.shape, shape.length) }, shape);
  positionsOf(statement.target, target.shape).forEach((at, k) => {
    // Storing into a Float32Array rounds to nearest even, as NumPy's cast does.
    target.data[at] = broadcast(k);
  });
}

/** `a[0:3] = b` is allowed for b of shape (1, 3): NumPy drops leading dimensions of length 1. */
function withoutLeadingOnes(shape: readonly number[], dims: number): readonly number[] {
  const extra = Math.max(0, shape.length - dims);
  if (shape.slice(0, extra).some((n) => n !== 1)) throw new Error(`(${shape}) does not fit into ${dims} dimensions`);
  return shape.slice(extra);
}

export function viewShape(view: ViewRef): number[] {
  return view.axes.flatMap((axis) => (axis.kind === 'range' ? [axis.count] : []));
}

/** Where the elements of a view, in C order, lie in its field. */
function positionsOf(view: ViewRef, shape: readonly number[]): number[] {
  const result: number[] = [];
  for (const index of indicesOf(viewShape(view))) result.push(positionOf(shape, fieldIndex(view, shape, index)));
  return result;
}

/** Where element `index` of the view lies in its field. */
function fieldIndex(view: ViewRef, shape: readonly number[], index: readonly number[]): number[] {
  let k = 0;
  return view.axes.map((axis, d) => {
    const n = shape[d] ?? 0;
    let at: number;
    if (axis.kind === 'index') {
      at = axis.at;
    } else {
      at = axis.start + axis.step * (index[k++] ?? 0);
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
function reader(value: Value, shape: readonly number[]): (k: number) => number {
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
      return build('weak', [], () => value);
    }
    case 'unary': {
      const a = evaluate(expr.a, arrays, params);
      const type = computeType(a);
      return build(expr.dtype, a.shape, (k) => unary(expr.fn, asType(a.data[k] ?? Number.NaN, type), type));
    }
    case 'binary': {
      const a = evaluate(expr.a, arrays, params);
      const b = evaluate(expr.b, arrays, params);
      const type = computeType(a, b);
      const shape = broadcastShapes(a.shape, b.shape);
      const [readA, readB] = [reader(a, shape), reader(b, shape)];
      return build(expr.dtype, shape, (k) => binary(expr.fn, asType(readA(k), type), asType(readB(k), type), type));
    }
    case 'where': {
      const cond = evaluate(expr.cond, arrays, params);
      const a = evaluate(expr.a, arrays, params);
      const b = evaluate(expr.b, arrays, params);
      const type = computeType(a, b);
      const shape = broadcastShapes(cond.shape, a.shape, b.shape);
      const [readCond, readA, readB] = [reader(cond, shape), reader(a, shape), reader(b, shape)];
      return build(expr.dtype, shape, (k) => asType(readCond(k) !== 0 ? readA(k) : readB(k), type));
    }
  }
}

/** One element after the other, each rounded to `dtype`. */
function build(dtype: ExprType, shape: readonly number[], element: (k: number) => number): Value {
  const data = new Float64Array(sizeOf(shape));
  for (let k = 0; k < data.length; k++) data[k] = asType(element(k), dtype);
  return { dtype, shape, data };
}

/**
 * The type operands are brought to before an operation: the widest of the fields' types; a user's number (weak) takes
 * the type of what it meets, and computes in f64 when it meets nothing or only booleans.
 */
function computeType(...operands: readonly Value[]): ExprType {
  const types = operands.map((operand) => operand.dtype);
  if (types.includes('f64')) return 'f64';
  if (types.includes('f32')) return 'f32';
  return types.includes('weak') ? 'f64' : 'bool';
}

function asType(x: number, type: ExprType): number {
  if (type === 'bool') return x !== 0 ? 1 : 0; // NaN is true, as in NumPy
  return type === 'f32' ? Math.fround(x) : x;
}

function unary(fn: UnaryFn, x: number, type: ExprType): number {
  switch (fn) {
    case 'neg':
      return -x;
    case 'abs':
      return Math.abs(x);
    case 'square':
      return x * x;
    case 'reciprocal':
      return 1 / x;
    case 'not':
      return x === 0 ? 1 : 0;
    default:
      return floatUnary(fn, x, type === 'f32');
  }
}

function binary(fn: BinaryFn, a: number, b: number, type: ExprType): number {
  switch (fn) {
    case 'add':
      return a + b; // on two booleans this is `or`, since build() makes 2 a 1
    case 'sub':
      return a - b;
    case 'mul':
      return a * b;
    case 'div':
      return a / b;
    case 'minimum':
      return Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : a < b ? a : b;
    case 'maximum':
      return Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : a > b ? a : b;
    case 'lt':
      return a < b ? 1 : 0;
    case 'le':
      return a <= b ? 1 : 0;
    case 'gt':
      return a > b ? 1 : 0;
    case 'ge':
      return a >= b ? 1 : 0;
    case 'eq':
      return a === b ? 1 : 0;
    case 'ne':
      return a !== b ? 1 : 0;
    case 'and':
      return a !== 0 && b !== 0 ? 1 : 0;
    case 'or':
      return a !== 0 || b !== 0 ? 1 : 0;
    case 'xor':
      return (a !== 0) !== (b !== 0) ? 1 : 0;
    default:
      return floatBinary(fn, a, b, type === 'f32');
  }
}
