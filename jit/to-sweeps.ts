/**
 * Statements as loops. Program statement in; out comes the loop box over the target and, for every load, an affine map
 * from loop counters to the source's index. All slice forms, broadcasting, dropped dimensions and reversed targets are
 * gone after this pass.
 */
import { chooseProcessGrid, layoutOf, type SlotTable } from './decompose.js';
import { toSweep } from './loops.js';
import { placed } from './moving.js';
import type { Axis, Expr, Program, ReduceFn, SlotDecl, Statement, ViewRef } from './program.js';
import type { Sweep } from './sweep.js';
import { dimsOf } from './view.js';

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
  table.layouts.push({
    ...layout,
    processGrid: dims.map((d) => layout.processGrid[d] ?? 1),
    cuts,
    edges: cuts.map((cut, d) => (axes.includes(d) ? undefined : layout.edges[dims[d] ?? -1]) ?? cut.slice(1, -1)),
    stride: dims.map((dim, d) => (axes.includes(d) ? undefined : layout.stride[dim]) ?? 1),
  });
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
  const beside = someField(value, table)?.decomposition;
  const decomposition = beside
    ? { shape: beside.shape, processGrid: beside.processGrid }
    : { shape, processGrid: chooseProcessGrid(shape, table.ranks) };
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
