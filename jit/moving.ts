/** Statements whose positions move with integers in, and the integers; the statements at absolute positions out. */
import type { Axis, Expr, Statement, ViewRef } from './program.js';

/** The statement at absolute positions. */
export function placed(statement: Statement, ints: readonly number[]): Statement {
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
