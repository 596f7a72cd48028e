/** One assignment in; its loop box, and the index map of every load, out. */
import type { SlotTable } from './decompose.js';
import type { Axis, Expr, Statement, ViewRef } from './program.js';
import type { Access, IndexMap, Loop, Sweep, SweepExpr } from './sweep.js';
import { dimsOf } from './view.js';

export function toSweep({ target, value }: Pick<Statement, 'target' | 'value'>, table: SlotTable): Sweep {
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
  const last = start + axis.step * (axis.count - 1);
  const inside = last >= 0 && last < n;
  return inside ? { kind: 'range', start, step: axis.step, count: axis.count } : { ...axis, start };
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
