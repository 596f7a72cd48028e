/** A source of choices (fast-check's `gen`) in; a random but valid Program, its process grid and start values out. */
import fc, { type GeneratorValue } from 'fast-check';
import { classifier } from '../../jit/dynamic.js';
import {
  type Axis,
  type BinaryFn,
  type Decomposition,
  type DType,
  type Expr,
  type Program,
  REDUCTIONS,
  type ReduceFn,
  type SlotDecl,
  type Statement,
  type UnaryFn,
  type ViewRef,
} from '../../jit/program.js';
import { concrete, reductionType } from '../../jit/types.js';
import { viewAt } from '../reference/interpreter.js';
import { expressionsOver } from '../reference/programs.js';

export interface RandomProgram {
  readonly program: Program;
  readonly params: number[];
  readonly size: number;
  /** Of the run, and of the run that its Plans are made for. */
  readonly ints: number[];
  readonly madeFor: number[];
}

const BINARY: readonly BinaryFn[] = ['add', 'sub', 'mul', 'minimum', 'mod'];
const UNARY: readonly UnaryFn[] = ['neg', 'abs', 'square', 'isnan'];
/** Of booleans alone; others become 8-bit integers in NumPy, or are not there. */
const OF_BOOLEANS: readonly BinaryFn[] = ['add', 'mul', 'and', 'xor'];
const COMPARE: readonly BinaryFn[] = ['lt', 'ge', 'ne'];
const DTYPES: readonly DType[] = ['f64', 'f64', 'f64', 'f32', 'f32', 'i64', 'i32', 'bool'];

export function randomProgram(g: GeneratorValue, sizes: readonly number[]): RandomProgram {
  const int = (min: number, max: number): number => g(fc.integer, { min, max });
  const pick = <T>(list: readonly T[]): T => list[int(0, list.length - 1)] as T;
  const chance = (outOf: number): boolean => int(1, outOf) === 1;
  const size = pick(sizes);
  const ndim = int(1, 3);
  const base = Array.from({ length: ndim }, () => int(1, ndim === 1 ? 30 : ndim === 2 ? 11 : 6));
  const grid = (shape: readonly number[]): Decomposition => ({ shape, processGrid: processGrid(shape.length) });

  function processGrid(dims: number): number[] {
    const grid = new Array<number>(dims).fill(1);
    let rest = size;
    for (let p = 2; rest > 1; p = rest % p === 0 ? p : p + 1) {
      if (rest % p !== 0) continue;
      const d = int(0, dims - 1);
      grid[d] = (grid[d] ?? 1) * p;
      rest /= p;
    }
    return grid;
  }

  const decomposition = grid(base);
  /** Somewhere on the grid's lattice, now and then a coarse one, or far outside. */
  const aligned = (dtype: DType): SlotDecl => {
    const stride = base.map(() => (chance(2) ? 1 : int(1, 3)));
    const origin = base.map(() => (chance(6) ? int(-9, 9) : int(-3, 5) / 2));
    const shape = base.map((n, d) => Math.max(1, Math.floor(n / (stride[d] ?? 1)) + int(-2, 1)));
    return { dtype, shape, decomposition: { ...decomposition, origin, stride } };
  };
  const slots = Array.from({ length: int(2, 4) }, (): SlotDecl => {
    const dtype = pick(DTYPES);
    const kind = int(1, 9);
    if (kind === 9)
      return {
        dtype: chance(3) ? 'i64' : dtype === 'f32' ? 'f32' : 'f64',
        shape: [],
        decomposition: { shape: [], processGrid: [] },
      };
    if (kind === 8 && ndim > 1) return { dtype, shape: base.slice(1), decomposition };
    if (kind >= 5 && chance(2)) return aligned(dtype);
    const shape = kind >= 5 ? base.map((n) => Math.max(1, n + int(-1, 1))) : base;
    return { dtype, shape, decomposition: kind === 7 ? grid(shape) : decomposition };
  });
  const stride = int(2, 3);
  const e = expressionsOver(slots.map((slot) => slot.dtype));

  /** An axis over n positions that walks `count` of them, or undefined if there are not so many. */
  function rangeOf(n: number, count: number): Axis | undefined {
    if (count > n || n === 0) return undefined;
    const most = count > 1 ? Math.floor((n - 1) / (count - 1)) : 1;
    if (chance(6) && count > 0) {
      const step = chance(2) ? 1 : int(1, Math.max(1, most)) * (chance(2) ? 1 : -1);
      return { kind: 'range', start: int(0, n - 1), step, count, wrap: true };
    }
    // One stride is used again and again: red-black updates and shifts within one colour need equal strides.
    const step = chance(3) && stride <= most ? stride : chance(6) ? int(1, Math.max(1, most)) : 1;
    const start = int(0, n - 1 - step * Math.max(0, count - 1));
    if (count === 0) return { kind: 'range', start: 0, step: 1, count: 0 };
    return chance(5)
      ? { kind: 'range', start: start + step * (count - 1), step: -step, count }
      : { kind: 'range', start, step, count };
  }

  function loadLike(shape: readonly number[]): Expr {
    const slot = int(0, slots.length - 1);
    const extents = slots[slot]?.shape ?? [];
    if (extents.length === 0) return e.load(slot);
    if (extents.length === shape.length && shape.length > 1 && chance(6)) return turnedLike(slot, extents, shape);
    // Result dimensions served, from the last one on; the rest of the source's dimensions are dropped by an index.
    let left = Math.min(shape.length, extents.length);
    let result = shape.length;
    const axes: Axis[] = [];
    for (let d = extents.length - 1; d >= 0; d--) {
      const n = extents[d] ?? 1;
      const drop = left < d + 1 && chance(2);
      const wanted = shape[result - 1];
      const one = drop || left === 0 || wanted === undefined ? undefined : rangeOf(n, chance(8) ? 1 : wanted);
      if (one) {
        axes.unshift(one);
        result--;
        left--;
      } else if (wanted !== undefined && left > d) {
        return e.param(int(0, 1)); // does not fit: a number then
      } else axes.unshift({ kind: 'index', at: int(0, n - 1) });
    }
    return e.load(slot, ...axes);
  }

  /** Dimensions in another order, and now and then a new one in the place of one that is dropped. */
  function turnedLike(slot: number, extents: readonly number[], shape: readonly number[]): Expr {
    const order = shape.map((_, r) => r);
    order.forEach((d, r) => {
      const other = int(r, order.length - 1);
      order[r] = order[other] ?? d;
      order[other] = d;
    });
    const gap = chance(3) ? int(0, shape.length - 1) : -1;
    const axes = extents.map((n, d): Axis => {
      const r = order.indexOf(d);
      const wanted = shape[r] ?? 1;
      if (r === gap) return { kind: 'index', at: int(0, n - 1) };
      return rangeOf(n, wanted <= n ? wanted : 1) ?? { kind: 'range', start: 0, step: 1, count: 1 };
    });
    return e.loadAs({ slot, axes, dims: order.map((d, r) => (r === gap ? -1 : d)) });
  }

  function indexLike(shape: readonly number[]): Expr {
    if (shape.length === 0) return e.param(0);
    const axis = int(0, shape.length - 1);
    const dropped = int(0, axis);
    const ones = shape.map((n, d) => (d === axis ? n : 1));
    return e.iota(ones.slice(dropped), axis - dropped, int(-3, 3), int(-2, 2));
  }

  function expression(shape: readonly number[], depth: number): Expr {
    const kind = depth === 0 ? 1 : int(1, 8);
    if (kind <= 2) return loadLike(shape);
    if (kind === 3) return chance(4) ? indexLike(shape) : e.param(int(0, 1));
    if (kind === 4) return unaryOf(expression(shape, depth - 1));
    if (kind === 7) return e.astype(expression(shape, depth - 1), pick(DTYPES));
    const [a, b] = [expression(shape, depth - 1), expression(shape, depth - 1)];
    if (kind < 7) return e.binary(pick(a.dtype === 'bool' && b.dtype === 'bool' ? OF_BOOLEANS : BINARY), a, b);
    return e.where(e.binary(pick(COMPARE), loadLike(shape), expression(shape, depth - 1)), a, b);
  }

  function unaryOf(a: Expr): Expr {
    const fn = pick(UNARY);
    return e.unary(a.dtype === 'bool' && fn !== 'isnan' ? 'abs' : fn, a);
  }

  /** One whose result has the slot's type. */
  function reductionFor({ dtype }: SlotDecl, value: Expr): ReduceFn | undefined {
    const fitting = REDUCTIONS.filter((fn) => reductionType(fn, value.dtype) === dtype);
    return fitting.length > 0 ? pick(fitting) : undefined;
  }

  const statements = Array.from({ length: int(1, 4) }, (): Statement => {
    const slot = int(0, slots.length - 1);
    const decl = slots[slot];
    if (decl?.shape.length === 0 && chance(2)) {
      const value = expression(base.slice(int(0, ndim - 1)), int(1, 3));
      const reduce = reductionFor(decl, value);
      const axes =
        (reduce === 'prod' && decl.dtype !== 'i64') || chance(4) ? { axes: value.shape.map((_, d) => d) } : {};
      if (reduce && value.shape.length > 0 && value.shape.every((n) => n > 0)) {
        return { target: { slot, axes: [] }, value, reduce, ...axes };
      }
    } else if (decl && decl.shape.length > 0 && chance(6) && !decl.transient) {
      // Along axes put before, between and behind those of the target; or along one of its own, of size 1.
      const shape = [...decl.shape];
      const keep = shape.indexOf(1);
      const at = keep >= 0 && chance(2) ? keep : int(0, shape.length);
      const keepdims = at === keep && keep >= 0;
      shape.splice(at, keepdims ? 1 : 0, int(1, 9));
      const value = expression(shape, int(0, 2));
      if (value.shape.length === shape.length && value.shape.every((n, d) => n > 0 && n === shape[d])) {
        const axes = decl.shape.map(
          (count, d): Axis =>
            keepdims && d === at ? { kind: 'index', at: 0 } : { kind: 'range', start: 0, step: 1, count },
        );
        const reduce = reductionFor(decl, value);
        if (reduce) return { target: { slot, axes }, value, reduce, axes: [at] };
      }
    }
    const axes = (slots[slot]?.shape ?? []).map((n): Axis => {
      if (chance(5)) return { kind: 'index', at: int(0, n - 1) };
      const axis = rangeOf(n, chance(12) ? 0 : int(1, n));
      // A target that wraps has no NumPy spelling.
      return axis?.kind === 'range' && !axis.wrap ? axis : { kind: 'range', start: 0, step: 1, count: n };
    });
    const shape = axes.flatMap((axis) => (axis.kind === 'range' ? [axis.count] : []));
    return { target: { slot, axes }, value: expression(shape, int(0, 3)) };
  });
  // Now and then the last slot is a temporary: written as a whole before anything else.
  const last = slots[slots.length - 1];
  const temporary = last && !chance(3);
  if (temporary) {
    slots[slots.length - 1] = { ...last, transient: true };
    const axes = last.shape.map((n): Axis => ({ kind: 'range', start: 0, step: 1, count: n }));
    const whole = { slot: slots.length - 1, axes };
    const first = statements.findIndex(({ target }) => target.slot === whole.slot);
    const value = withoutSlot(expression(last.shape, int(0, 3)), whole.slot, e);
    // Before what reads it, wherever that is.
    const reads = statements.findIndex((statement) => names(statement.value, whole.slot));
    const at = Math.min(...[first, reads, statements.length].filter((k) => k >= 0));
    statements.splice(int(0, at), 0, { target: whole, value });
  }
  const program: Program = {
    key: '0'.repeat(32),
    label: 'random:1',
    slots,
    params: 2,
    statements,
    options: { odf: int(1, 3), threads: int(1, 3), contract: false },
  };
  return { params: [0.3, -1.7], size, ...withIntegers(program, size, { int, chance }) };
}

/** Some axes moved by two integers, and other values of them in the same class. */
function withIntegers(
  program: Program,
  size: number,
  { int, chance }: { int(min: number, max: number): number; chance(outOf: number): boolean },
): Pick<RandomProgram, 'program' | 'ints' | 'madeFor'> {
  if (chance(2)) return { program, ints: [], madeFor: [] };
  const ints = [int(0, 8), int(0, 8)];
  const axis = (one: Axis): Axis => {
    const dyn = int(0, 1);
    const by = ints[dyn] ?? 0;
    if (one.kind === 'index') return chance(3) ? one : { ...one, at: one.at - by, dyn };
    return one.wrap || one.count === 0 || !chance(6) ? one : { ...one, start: one.start - by, dyn };
  };
  const view = (ref: ViewRef): ViewRef => ({ ...ref, axes: ref.axes.map(axis) });
  const first = program.slots.findIndex((slot) => slot.transient);
  const statements = program.statements.map((statement): Statement => {
    const { target, value } = statement;
    // A temporary is first written as a whole.
    const whole = target.slot === first && target.axes.every((one) => one.kind === 'range');
    return { ...statement, target: whole ? target : view(target), value: mapLoads(value, view) };
  });
  const made = { ...program, statements, ints: 2 };
  const classify = classifier(made, size);
  const fits = (values: readonly number[]): boolean =>
    classify(values) === classify(ints) &&
    statements.every(({ target, value }) => [target, ...loadsOf(value)].every((ref) => inside(ref, values, program)));
  const others = Array.from({ length: 20 }, () => [int(0, 20), int(0, 20)]);
  return { program: made, ints, madeFor: others.find(fits) ?? ints };
}

function inside(ref: ViewRef, ints: readonly number[], { slots }: Program): boolean {
  return viewAt(ref, ints).axes.every((axis, d) => {
    const n = slots[ref.slot]?.shape[d] ?? 0;
    if (axis.kind === 'range' && (axis.wrap || axis.count === 0)) return true;
    const [a, b] = axis.kind === 'index' ? [axis.at, axis.at] : [axis.start, axis.start + axis.step * (axis.count - 1)];
    return Math.min(a, b) >= 0 && Math.max(a, b) < n;
  });
}

function loadsOf(expr: Expr): ViewRef[] {
  const found: ViewRef[] = [];
  mapLoads(expr, (view) => {
    found.push(view);
    return view;
  });
  return found;
}

function mapLoads(expr: Expr, change: (view: ViewRef) => ViewRef): Expr {
  switch (expr.op) {
    case 'load':
      return { ...expr, view: change(expr.view) };
    case 'unary':
      return { ...expr, a: mapLoads(expr.a, change) };
    case 'binary':
      return { ...expr, a: mapLoads(expr.a, change), b: mapLoads(expr.b, change) };
    case 'where':
      return {
        ...expr,
        cond: mapLoads(expr.cond, change),
        a: mapLoads(expr.a, change),
        b: mapLoads(expr.b, change),
      };
    default:
      return expr;
  }
}

function names(expr: Expr, slot: number): boolean {
  switch (expr.op) {
    case 'load':
      return expr.view.slot === slot;
    case 'unary':
      return names(expr.a, slot);
    case 'binary':
      return names(expr.a, slot) || names(expr.b, slot);
    case 'where':
      return names(expr.cond, slot) || names(expr.a, slot) || names(expr.b, slot);
    default:
      return false;
  }
}

/** Loads of a slot become a number. */
function withoutSlot(expr: Expr, slot: number, e: ReturnType<typeof expressionsOver>): Expr {
  if (!names(expr, slot)) return expr;
  switch (expr.op) {
    case 'unary':
      if (expr.fn === 'astype') return e.astype(withoutSlot(expr.a, slot, e), concrete(expr.dtype));
      return e.unary(expr.fn, withoutSlot(expr.a, slot, e));
    case 'binary':
      return e.binary(expr.fn, withoutSlot(expr.a, slot, e), withoutSlot(expr.b, slot, e));
    default:
      return e.param(0);
  }
}
