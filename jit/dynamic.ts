/**
 * Integers of a run (a sweep's row) in; out comes its class: runs of one class are one Plan, moved. On one rank all are.
 * Among several, who owns what a run touches decides: two runs are alike if every position that moves lies in the same
 * block; where a moving range lies across blocks, each place of it is a class of its own.
 */
import { layoutOf } from './decompose.js';
import { inlineTemporaries } from './inline.js';
import { placedAxis } from './moving.js';
import { slotTable } from './place.js';
import type { Axis, Expr, Program, ViewRef } from './program.js';
import { accessesOf } from './sweep.js';
import { toSweeps } from './to-sweeps.js';

export type Classify = (ints: readonly number[]) => string;

/** The function that tells the class of a run of this Program. */
export function classifier(program: Program, ranks: number): Classify {
  const known = [...movingAxes(program), ...(ranks > 1 ? readAfterInlining(program, ranks) : [])];
  const moving = known.filter(({ cuts, exact }) => exact || (ranks > 1 && cuts.length > 2));
  return (ints) => {
    let key = '';
    for (const { axis, cuts, exact } of moving) {
      const [lo, hi] = reach(placedAxis(axis, ints));
      const owner = ownerOf(cuts, lo);
      key += !exact && hi < (cuts[owner + 1] ?? 0) ? `${owner} ` : `at ${lo} `;
    }
    return key;
  };
}

interface Moving {
  readonly axis: Axis;
  readonly cuts: readonly number[];
  /** Elements that are reduced are numbered by where they are: each place is a class. */
  readonly exact: boolean;
}

function movingAxes({ slots, statements }: Program): Moving[] {
  const found = new Map<string, Moving>();
  const visit = ({ slot, axes }: ViewRef, reduced: boolean): void => {
    const decl = slots[slot];
    if (!decl) return;
    const layout = layoutOf(decl.shape, decl.decomposition);
    axes.forEach((axis, d) => {
      const cuts = layout.cuts[d] ?? [];
      const exact = reduced && axis.kind === 'range';
      if (axis.dyn !== undefined) found.set(JSON.stringify([axis, cuts, exact]), { axis, cuts, exact });
    });
  };
  const walk = (expr: Expr, reduced: boolean): void => {
    if (expr.op === 'load') visit(expr.view, reduced);
    else if (expr.op === 'unary') walk(expr.a, reduced);
    else if (expr.op === 'binary') for (const part of [expr.a, expr.b]) walk(part, reduced);
    else if (expr.op === 'where') for (const part of [expr.cond, expr.a, expr.b]) walk(part, reduced);
  };
  for (const { target, value, reduce } of statements) {
    const reduced = reduce !== undefined;
    visit(target, reduced);
    walk(value, reduced);
  }
  return [...found.values()];
}

/** A row of a temporary that need not exist is a row of what it was made of, elsewhere and on other ranks. */
function readAfterInlining(program: Program, ranks: number): Moving[] {
  if (!program.slots.some(({ transient }) => transient)) return [];
  const found = new Map<string, Moving>();
  const table = slotTable(program, ranks);
  // What is inlined does not depend on the integers.
  const unmoved = Array.from({ length: program.ints ?? 0 }, () => 0);
  for (const { value, loops } of inlineTemporaries(toSweeps(program, table, unmoved), program.slots)) {
    for (const { slot, maps } of accessesOf(value)) {
      maps.forEach(({ axis: counter, a, b, dyn }, d) => {
        if (dyn === undefined) return;
        const count = loops[counter]?.count;
        const axis: Axis =
          count === undefined ? { kind: 'index', at: b, dyn } : { kind: 'range', start: b, step: a, count, dyn };
        const cuts = table.layouts[slot]?.cuts[d] ?? [];
        found.set(JSON.stringify([axis, cuts]), { axis, cuts, exact: false });
      });
    }
  }
  return [...found.values()];
}

/** First and last position. */
function reach(axis: Axis): [number, number] {
  if (axis.kind === 'index') return [axis.at, axis.at];
  const last = axis.start + axis.step * Math.max(0, axis.count - 1);
  return [Math.min(axis.start, last), Math.max(axis.start, last)];
}

/** The process coordinate whose block holds a position. */
function ownerOf(cuts: readonly number[], position: number): number {
  let k = 0;
  while (k + 2 < cuts.length && position >= (cuts[k + 1] ?? 0)) k++;
  return k;
}
