/**
 * Two units in that follow each other in a loop over positions, `for i in range(1, n): A[i] += A[i - 1]`; by how much the
 * integers of all further ones move on, and how far that may go, out. Such units need not be recorded one by one.
 */

import { placedAxis } from '../jit/moving.js';
import type { Axis, Expr, Program, ViewRef } from '../jit/program.js';
import type { Unit } from './recorder.js';

/** By how much the integers of `b` are more than those of `a`; undefined: they differ in more than that. */
export function stepBetween(a: Unit, b: Unit): readonly number[] | undefined {
  if (a.record !== b.record || b.ints.length === 0) return undefined;
  if (!a.params.every((value, k) => Object.is(value, b.params[k]))) return undefined;
  if (!a.fields.every((storage, slot) => storage === b.fields[slot])) return undefined;
  // Elements that are reduced are numbered by where they are.
  if (b.record.program.statements.some(({ reduce }) => reduce !== undefined)) return undefined;
  return b.ints.map((at, k) => at - (a.ints[k] ?? 0));
}

/** The integers `count` units later. */
export function movedOn(ints: readonly number[], by: readonly number[], count: number): readonly number[] {
  return ints.map((at, k) => at + count * (by[k] ?? 0));
}

/** Does everything that moves with the integers lie in its array? */
export function staysInside({ slots, statements }: Program, ints: readonly number[]): boolean {
  const inside = ({ slot, axes }: ViewRef): boolean =>
    axes.every((axis, d) => axis.dyn === undefined || lies(placedAxis(axis, ints), slots[slot]?.shape[d] ?? 0));
  const within = (expr: Expr): boolean => {
    switch (expr.op) {
      case 'load':
        return inside(expr.view);
      case 'param':
      case 'iota':
        return true;
      case 'unary':
        return within(expr.a);
      case 'binary':
        return within(expr.a) && within(expr.b);
      case 'where':
        return within(expr.cond) && within(expr.a) && within(expr.b);
    }
  };
  return statements.every(({ target, value }) => inside(target) && within(value));
}

function lies(axis: Axis, extent: number): boolean {
  if (axis.kind === 'index') return axis.at >= 0 && axis.at < extent;
  if (axis.wrap) return false;
  const last = axis.start + axis.step * (axis.count - 1);
  return Math.min(axis.start, last) >= 0 && Math.max(axis.start, last) < extent;
}

/** `count` units cut where another Plan is needed: integers of the first of each, and how many. The same on every rank. */
export function stretches(
  { record: { moving }, ints }: Unit,
  by: readonly number[],
  count: number,
): { readonly ints: readonly number[]; readonly count: number }[] {
  const found: { ints: readonly number[]; kind: string | undefined; count: number }[] = [];
  for (let k = 0; k < count; k++) {
    const now = movedOn(ints, by, k);
    const kind = moving?.classify(now);
    const last = found.at(-1);
    if (last && last.kind === kind) last.count++;
    else found.push({ ints: now, kind, count: 1 });
  }
  return found;
}
