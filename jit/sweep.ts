/**
 * Sweeps: statements as loops. Program statement in; out comes the loop box over the target and, for every load, an
 * affine map from loop counters to the source's index. All slice forms, broadcasting, dropped dimensions and reversed
 * targets are gone after this pass.
 */
import { chooseProcessGrid, layoutOf, type SlotTable } from './decompose.js';
import type { Axis, DType, Expr, ParamType, Program, ReduceFn, SlotDecl, Statement, ViewRef } from './program.js';
import { dimsOf } from './view.js';

/** Target index t = start + step * i for i in [0, count), step >= 1. One per dimension of the target. */
export interface Loop {
  readonly start: number;
  readonly step: number;
  readonly count: number;
  /** The start moves with the run's integer of this number; it is where that has its value of `LowerContext.ints`. */
  readonly dyn?: number | undefined;
}

/**
 * Source index along one dimension: a * i[axis] + b, with i the loop counter; axis -1: constant b (a is 0). With `wrap`
 * the index is taken modulo the extent. `single`: the source has one position per rank along this dimension, and each
 * rank reads its own: Scalars, and temporaries for what is broadcast or has one step (kept once, not once per point).
 */
export interface IndexMap {
  readonly axis: number;
  readonly a: number;
  readonly b: number;
  readonly wrap: boolean;
  readonly single?: true;
  /** b moves with the run's integer of this number, as a Loop's start does. */
  readonly dyn?: number | undefined;
}

export interface Access {
  readonly slot: number;
  readonly maps: readonly IndexMap[];
}

/** Expressions whose loads carry their Access; otherwise as in the Program, shapes no longer needed. */
export type SweepExpr =
  | { readonly op: 'load'; readonly access: Access; readonly dtype: DType }
  | { readonly op: 'param'; readonly index: number; readonly dtype: ParamType }
  /** The number map.a * i[map.axis] + map.b. */
  | { readonly op: 'iota'; readonly map: IndexMap; readonly dtype: DType }
  | {
      readonly op: 'unary';
      readonly fn: Extract<Expr, { op: 'unary' }>['fn'];
      readonly a: SweepExpr;
      readonly dtype: Expr['dtype'];
    }
  | {
      readonly op: 'binary';
      readonly fn: Extract<Expr, { op: 'binary' }>['fn'];
      readonly a: SweepExpr;
      readonly b: SweepExpr;
      readonly dtype: Expr['dtype'];
    }
  | {
      readonly op: 'where';
      readonly cond: SweepExpr;
      readonly a: SweepExpr;
      readonly b: SweepExpr;
      readonly dtype: Expr['dtype'];
    };

/** `temp[t] = source` for every position t of the loops, made before the sweep by the transfer planner. */
export interface Copy {
  readonly source: Access;
  readonly temp: number;
}

/** What becomes of a sweep's values instead of being stored in `target`. */
export interface SweepReduction {
  readonly fn: ReduceFn;
  /** The Scalar's slot. */
  readonly into: number;
  /** Element number (C order of the value) of loop counters i: first + sum of steps[d] * i[d]. */
  readonly first: number;
  readonly steps: readonly number[];
  /** Loop dimensions that are reduced in order, on one rank and thread; absent: all of them, in any order. */
  readonly axes?: readonly number[];
}

export interface Sweep {
  /** Whose positions the loops walk, and whose owner does the work; written, unless `reduce` is there. */
  readonly target: number;
  readonly loops: readonly Loop[];
  readonly value: SweepExpr;
  /** What is moved beside the target first; `value` reads the temporaries in its stead. */
  readonly copies: readonly Copy[];
  readonly reduce?: SweepReduction;
}

/**
 * Sweeps of all statements that write anything (an empty target is NumPy's no-op), for a run with the given integers.
 * What depends on them is marked `dyn`: passes decide nothing by where such a position is, only by how far apart two of
 * one integer are. May extend `table`.
 */
export function toSweeps(program: Program, table: SlotTable, ints: readonly number[] = []): Sweep[] {
  return program.statements
    .map((statement) => placed(statement, ints))
    .map((statement) => {
      const { reduce, axes } = statement;
      if (!reduce) return toSweep(statement, table);
      return axes ? toAxisReduction(statement, reduce, axes, table) : toReduction(statement, reduce, table);
    })
    .filter((sweep) => sweep.loops.every((loop) => loop.count > 0));
}

/** The loops walk a view that the value reads and that has its whole shape: its owners need to move nothing. */
function toReduction({ target, value }: Statement, fn: ReduceFn, table: SlotTable): Sweep {
  const along = wholeLoad(value, value.shape) ?? { slot: addPlace(value, table), axes: wholeAxes(value.shape) };
  const sweep = toSweep({ target: along, value }, table);
  let weight = 1;
  let first = 0;
  const steps = sweep.loops.map(() => 0);
  for (const d of dimsOf(along).toReversed()) {
    const axis = along.axes[d];
    if (axis?.kind !== 'range') continue;
    steps[d] = axis.step < 0 ? -weight : weight;
    if (axis.step < 0) first += weight * (axis.count - 1);
    weight *= axis.count;
  }
  return { ...sweep, reduce: { fn, into: target.slot, first, steps } };
}

/** The loops walk a place of the value's shape, cut as the target is, and not at all along what is reduced. */
function toAxisReduction({ target, value }: Statement, fn: ReduceFn, axes: readonly number[], table: SlotTable): Sweep {
  const { shape } = value;
  const layout = table.layouts[target.slot];
  const decl = table.decls[target.slot];
  if (!layout || !decl) throw new RangeError(`slot ${target.slot} is not in the table`);
  const keepsDims = target.axes.length === shape.length;
  let kept = 0;
  // Which dimension of the target each one of the value is.
  const dims = shape.map((_, d) => (keepsDims ? d : axes.includes(d) ? -1 : kept++));
  const cuts = shape.map((n, d) => {
    const own = layout.cuts[dims[d] ?? -1] ?? [0, 1];
    return axes.includes(d) ? own.map((cut) => cut * n) : own;
  });
  table.decls.push({ ...decl, dtype: 'f64', shape });
  table.layouts.push({ ...layout, processGrid: dims.map((d) => layout.processGrid[d] ?? 1), cuts });
  const sweep = toSweep({ target: { slot: table.decls.length - 1, axes: wholeAxes(shape) }, value }, table);
  return { ...sweep, reduce: { fn, into: target.slot, first: 0, steps: shape.map(() => 0), axes } };
}

/** The first view in `expr` of this shape that does not wrap around. */
function wholeLoad(expr: Expr, shape: readonly number[]): ViewRef | undefined {
  switch (expr.op) {
    case 'load': {
      const plain = expr.view.axes.length > 0 && !expr.view.axes.some((axis) => axis.kind === 'range' && axis.wrap);
      return plain && String(expr.shape) === String(shape) ? expr.view : undefined;
    }
    case 'param':
    case 'iota':
      return undefined;
    case 'unary':
      return wholeLoad(expr.a, shape);
    case 'binary':
      return wholeLoad(expr.a, shape) ?? wholeLoad(expr.b, shape);
    case 'where':
      return wholeLoad(expr.a, shape) ?? wholeLoad(expr.b, shape) ?? wholeLoad(expr.cond, shape);
  }
}

/** A slot of the value's shape that nobody reads or writes: it only says who does what. */
function addPlace(value: Expr, table: SlotTable): number {
  const { shape } = value;
  const decomposition = someField(value, table)?.decomposition ?? {
    shape,
    processGrid: chooseProcessGrid(shape, table.ranks),
  };
  table.decls.push({ dtype: 'f64', shape, decomposition });
  table.layouts.push(layoutOf(shape, decomposition));
  return table.decls.length - 1;
}

function someField(expr: Expr, table: SlotTable): SlotDecl | undefined {
  switch (expr.op) {
    case 'load':
      return table.layouts[expr.view.slot]?.replicated ? undefined : table.decls[expr.view.slot];
    case 'param':
    case 'iota':
      return undefined;
    case 'unary':
      return someField(expr.a, table);
    case 'binary':
      return someField(expr.a, table) ?? someField(expr.b, table);
    case 'where':
      return someField(expr.cond, table) ?? someField(expr.a, table) ?? someField(expr.b, table);
  }
}

function wholeAxes(shape: readonly number[]): Axis[] {
  return shape.map((count) => ({ kind: 'range', start: 0, step: 1, count }));
}

/** The statement at absolute positions. */
function placed(statement: Statement, ints: readonly number[]): Statement {
  if (ints.length === 0) return statement;
  const view = (ref: ViewRef): ViewRef => ({ ...ref, axes: ref.axes.map((axis) => placedAxis(axis, ints)) });
  const expr = (value: Expr): Expr => {
    switch (value.op) {
      case 'load':
        return { ...value, view: view(value.view) };
      case 'param':
      case 'iota':
        return value;
      case 'unary':
        return { ...value, a: expr(value.a) };
      case 'binary':
        return { ...value, a: expr(value.a), b: expr(value.b) };
      case 'where':
        return { ...value, cond: expr(value.cond), a: expr(value.a), b: expr(value.b) };
    }
  };
  return { ...statement, target: view(statement.target), value: expr(statement.value) };
}

export function placedAxis(axis: Axis, ints: readonly number[]): Axis {
  if (axis.dyn === undefined) return axis;
  const by = ints[axis.dyn] ?? 0;
  return axis.kind === 'index' ? { ...axis, at: axis.at + by } : { ...axis, start: axis.start + by };
}

function toSweep({ target, value }: Pick<Statement, 'target' | 'value'>, table: SlotTable): Sweep {
  const loops: Loop[] = [];
  const reversed: boolean[] = [];
  target.axes.forEach((axis) => {
    if (axis.kind === 'index') {
      loops.push({ start: axis.at, step: 1, count: 1, ...tag(axis) });
      reversed.push(false);
    } else {
      const backwards = axis.step < 0;
      const start = backwards ? axis.start + axis.step * (axis.count - 1) : axis.start;
      loops.push({ start, step: axis.count === 1 ? 1 : Math.abs(axis.step), count: axis.count, ...tag(axis) });
      reversed.push(backwards);
    }
  });
  // A Scalar: its one position.
  if (target.axes.length === 0) {
    loops.push({ start: 0, step: 1, count: 1 });
    reversed.push(false);
  }
  const frame: Frame = { loops, reversed, resultDims: dimsOf(target), table, scalar: target.axes.length === 0 };
  return { target: target.slot, loops, value: mapLoads(value, frame), copies: [] };
}

interface Frame {
  readonly loops: readonly Loop[];
  readonly reversed: readonly boolean[];
  /** Target dimension walked by each dimension of the result; -1: none, it has one step. */
  readonly resultDims: readonly number[];
  readonly table: SlotTable;
  /** The target is a Scalar. */
  readonly scalar: boolean;
}

function mapLoads(expr: Expr, frame: Frame): SweepExpr {
  switch (expr.op) {
    case 'load':
      return { op: 'load', access: accessOf(expr.view, frame), dtype: expr.dtype };
    case 'param':
      return { op: 'param', index: expr.index, dtype: expr.dtype };
    case 'iota':
      return { op: 'iota', map: iotaMap(expr, frame), dtype: expr.dtype };
    case 'unary':
      return { op: 'unary', fn: expr.fn, a: mapLoads(expr.a, frame), dtype: expr.dtype };
    case 'binary':
      return { op: 'binary', fn: expr.fn, a: mapLoads(expr.a, frame), b: mapLoads(expr.b, frame), dtype: expr.dtype };
    case 'where':
      return {
        op: 'where',
        cond: mapLoads(expr.cond, frame),
        a: mapLoads(expr.a, frame),
        b: mapLoads(expr.b, frame),
        dtype: expr.dtype,
      };
  }
}

function accessOf(view: ViewRef, frame: Frame): Access {
  const { slot, axes } = view;
  if (axes.length === 0) {
    const maps: IndexMap[] = frame.scalar
      ? [{ axis: 0, a: 1, b: 0, wrap: false }]
      : [{ axis: -1, a: 0, b: 0, wrap: false, single: true }];
    return { slot, maps };
  }
  const dims = dimsOf(view);
  // NumPy aligns shapes at their last dimension.
  const surplus = frame.resultDims.length - dims.length;
  const shape = frame.table.decls[slot]?.shape ?? [];
  const maps = axes.map((given, sourceDim): IndexMap => {
    if (given.kind === 'index') return { ...constant(given.at), ...tag(given) };
    const axis = unwrapped(given, shape[sourceDim] ?? 1);
    const dim = frame.resultDims[surplus + dims.indexOf(sourceDim)];
    const loop = dim === undefined ? undefined : frame.loops[dim];
    if (dim === undefined || loop === undefined) return { ...constant(axis.start), ...tag(axis) };
    const wrap = axis.wrap === true;
    if (axis.count === 1) {
      // Paired with a loop that moves otherwise, it is a position of its own.
      return loop.count === 1 && loop.dyn === axis.dyn
        ? { axis: dim, a: loop.step, b: axis.start, wrap, ...tag(axis) }
        : { ...constant(axis.start), ...tag(axis) };
    }
    // i runs backwards over a reversed target: i -> count - 1 - i
    return frame.reversed[dim]
      ? { axis: dim, a: -axis.step, b: axis.start + axis.step * (loop.count - 1), wrap, ...tag(axis) }
      : { axis: dim, a: axis.step, b: axis.start, wrap, ...tag(axis) };
  });
  return { slot, maps: pairConstants(maps, frame.loops) };
}

function iotaMap({ axis, start, step, shape }: Extract<Expr, { op: 'iota' }>, frame: Frame): IndexMap {
  const dim = frame.resultDims[frame.resultDims.length - shape.length + axis];
  const loop = dim === undefined ? undefined : frame.loops[dim];
  if (dim === undefined || loop === undefined || shape[axis] === 1) return constant(start);
  return frame.reversed[dim]
    ? { axis: dim, a: -step, b: start + step * (loop.count - 1), wrap: false }
    : { axis: dim, a: step, b: start, wrap: false };
}

function tag({ dyn }: Axis): { dyn?: number } {
  return dyn === undefined ? {} : { dyn };
}

type Range = Extract<Axis, { kind: 'range' }>;

/** A wrapping range starts in [0, n); one that then never passes the end is a plain range. */
function unwrapped(axis: Range, n: number): Range {
  if (!axis.wrap) return axis;
  const start = ((axis.start % n) + n) % n;
  return start + axis.count <= n ? { kind: 'range', start, step: axis.step, count: axis.count } : { ...axis, start };
}

function constant(at: number): IndexMap {
  return { axis: -1, a: 0, b: at, wrap: false };
}

/**
 * A constant index beside a loop of one step in the same dimension is a shift (`p[:, -1] = p[:, -2]`): the neighbour's
 * halo serves it, where a constant would need a general transfer.
 */
function pairConstants(maps: readonly IndexMap[], loops: readonly Loop[]): IndexMap[] {
  if (maps.length !== loops.length) return [...maps];
  const used = new Set(maps.map((map) => map.axis));
  return maps.map((map, d) => {
    const loop = loops[d];
    if (map.axis !== -1 || loop?.count !== 1 || used.has(d) || loop.dyn !== map.dyn) return map;
    return { ...map, axis: d, a: loop.step };
  });
}

/** Calls `visit` for every load of an expression, left to right. */
export function eachAccess(expr: SweepExpr, visit: (access: Access) => void): void {
  switch (expr.op) {
    case 'load':
      visit(expr.access);
      return;
    case 'param':
    case 'iota':
      return;
    case 'unary':
      eachAccess(expr.a, visit);
      return;
    case 'binary':
      eachAccess(expr.a, visit);
      eachAccess(expr.b, visit);
      return;
    case 'where':
      eachAccess(expr.cond, visit);
      eachAccess(expr.a, visit);
      eachAccess(expr.b, visit);
  }
}

/** The expression with every load's access replaced by `replace(access)`. */
export function replaceAccesses(expr: SweepExpr, replace: (access: Access) => Access): SweepExpr {
  switch (expr.op) {
    case 'load':
      return { ...expr, access: replace(expr.access) };
    case 'param':
    case 'iota':
      return expr;
    case 'unary':
      return { ...expr, a: replaceAccesses(expr.a, replace) };
    case 'binary':
      return { ...expr, a: replaceAccesses(expr.a, replace), b: replaceAccesses(expr.b, replace) };
    case 'where':
      return {
        ...expr,
        cond: replaceAccesses(expr.cond, replace),
        a: replaceAccesses(expr.a, replace),
        b: replaceAccesses(expr.b, replace),
      };
  }
}

const distinct = new WeakMap<SweepExpr, readonly Access[]>();

/** Distinct accesses of an expression, first appearance first. Every pass asks: found once. */
export function accessesOf(expr: SweepExpr): readonly Access[] {
  const known = distinct.get(expr);
  if (known) return known;
  const found = new Map<string, Access>();
  eachAccess(expr, (access) => {
    const key = accessKey(access);
    if (!found.has(key)) found.set(key, access);
  });
  const accesses = [...found.values()];
  distinct.set(expr, accesses);
  return accesses;
}

export function accessKey(access: Access): string {
  const one = ({ axis, a, b, wrap, dyn }: IndexMap): string =>
    `${axis},${a},${b}${wrap ? 'w' : ''}${dyn === undefined ? '' : `+${dyn}`}`;
  return `${access.slot}:${access.maps.map(one).join(';')}`;
}

/** The access that reads a slot exactly where the loops write. */
export function identityAccess(slot: number, loops: readonly Loop[]): Access {
  return {
    slot,
    maps: loops.map(({ step, start, dyn }, axis) => ({
      axis,
      a: step,
      b: start,
      wrap: false,
      ...(dyn !== undefined && { dyn }),
    })),
  };
}

/** True if the access reads what the loops' own positions name (same index in every dimension). */
export function isIdentity(access: Access, loops: readonly Loop[]): boolean {
  return (
    access.maps.length === loops.length &&
    access.maps.every((map, d) => {
      const loop = loops[d];
      if (loop === undefined || map.wrap || map.dyn !== loop.dyn) return false;
      return map.axis === d && map.a === loop.step && map.b === loop.start;
    })
  );
}
