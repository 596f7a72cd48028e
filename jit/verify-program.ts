/**
 * The Program's written rules, checked: slots and parameters exist, positions lie inside their fields, shapes
 * broadcast, types fit. Throws InvalidIR; users' mistakes have been caught before, at recording.
 */
import { invariant } from './invalid.js';
import type { Axis, Expr, Program, ViewRef } from './program.js';
import { reducedAs, reductionType } from './types.js';
import { dimsOf, shapeOfWalk } from './view.js';

export function verifyProgram(program: Program): void {
  invariant(/^[0-9a-f]{32}$/.test(program.key), `key "${program.key}" is not 32 hex digits`);
  invariant(program.options.odf >= 1 && program.options.threads >= 1, 'odf and threads are at least 1');
  program.slots.forEach((slot, s) => {
    invariant(slot.shape.length <= 4, `slot ${s} has ${slot.shape.length} dimensions`);
    invariant(slot.shape.every(isSize), `slot ${s} has shape [${slot.shape.join(', ')}]`);
    invariant(slot.decomposition.shape.length === slot.decomposition.processGrid.length, `slot ${s}: process grid`);
    const next = program.slots[s + 1];
    invariant(!slot.transient || next === undefined || next.transient === true, `slot ${s}: transient slots come last`);
  });
  program.statements.forEach((statement, k) => {
    const at = `statement ${k}`;
    const target = verifyView(statement.target, program, at);
    verifyExpr(statement.value, program, at);
    if (statement.reduce !== undefined) {
      const { axes, value } = statement;
      const kept = axes ? value.shape.filter((_, d) => !axes.includes(d)) : [];
      const whole = program.slots[statement.target.slot]?.shape.filter(
        (_, d) => statement.target.axes[d]?.kind !== 'index',
      );
      invariant(sameShape(kept, target) && sameShape(kept, whole ?? []), `${at}: a reduction into [${target.join()}]`);
      invariant(axes !== undefined || isScalar(program, statement.target.slot), `${at}: no Scalar`);
      const inOrder = statement.reduce === 'prod' && reducedAs(value.dtype) === 'f64';
      invariant(axes !== undefined || !inOrder, `${at}: prod of floats without axes`);
      const type = reductionType(statement.reduce, value.dtype);
      invariant(
        program.slots[statement.target.slot]?.dtype === type,
        `${at}: ${statement.reduce} of ${value.dtype} is ${type}`,
      );
      invariant(
        axes?.every((axis, k) => axis >= 0 && axis < value.shape.length && axis > (axes[k - 1] ?? -1)) ?? true,
        `${at}: axes ${axes?.join()}`,
      );
      invariant(
        statement.value.shape.every((n) => n > 0),
        `${at}: a reduction of no elements`,
      );
      return;
    }
    invariant(
      broadcasts(statement.value.shape, target),
      `${at}: [${statement.value.shape.join()}] to [${target.join()}]`,
    );
  });
}

function isScalar(program: Program, slot: number): boolean {
  return program.slots[slot]?.shape.length === 0;
}

function isSize(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}

/** Checks a view and returns its shape. */
function verifyView(view: ViewRef, program: Program, at: string): number[] {
  const slot = program.slots[view.slot];
  invariant(slot !== undefined, `${at}: slot ${view.slot} does not exist`);
  invariant(
    view.axes.length === slot.shape.length,
    `${at}: ${view.axes.length} axes on ${slot.shape.length} dimensions`,
  );
  view.axes.forEach((axis, d) => verifyAxis(axis, slot.shape[d] ?? 0, `${at}, slot ${view.slot}, dimension ${d}`));
  const walked = dimsOf(view).filter((d) => d >= 0);
  const ranges = dimsOf({ axes: view.axes });
  invariant(
    walked.length === ranges.length && ranges.every((d) => walked.includes(d)),
    `${at}: dimensions [${walked.join()}] of [${ranges.join()}]`,
  );
  return shapeOfWalk(view);
}

function verifyAxis(axis: Axis, n: number, at: string): void {
  if (axis.dyn !== undefined) {
    // Where it is, is checked by who brings the integer.
    const plain = axis.kind === 'index' || (axis.step !== 0 && !axis.wrap && isSize(axis.count) && axis.count <= n);
    invariant(isSize(axis.dyn) && plain, `${at}: moving axis`);
    return;
  }
  if (axis.kind === 'index') {
    invariant(Number.isSafeInteger(axis.at) && axis.at >= 0 && axis.at < n, `${at}: index ${axis.at} of ${n}`);
    return;
  }
  invariant(isSize(axis.count) && Number.isSafeInteger(axis.start) && Number.isSafeInteger(axis.step), `${at}: range`);
  invariant(axis.step !== 0, `${at}: step 0`);
  if (axis.count === 0) return;
  if (axis.wrap) {
    const reach = Math.abs(axis.step) * (axis.count - 1);
    invariant(reach < n, `${at}: a wrapping range passes each position once`);
    return;
  }
  const last = axis.start + axis.step * (axis.count - 1);
  invariant(Math.min(axis.start, last) >= 0 && Math.max(axis.start, last) < n, `${at}: ${axis.start}..${last} of ${n}`);
}

function verifyExpr(expr: Expr, program: Program, at: string): void {
  switch (expr.op) {
    case 'load': {
      const shape = verifyView(expr.view, program, at);
      invariant(sameShape(shape, expr.shape), `${at}: load says [${expr.shape.join()}], is [${shape.join()}]`);
      invariant(program.slots[expr.view.slot]?.dtype === expr.dtype, `${at}: load of ${expr.dtype}`);
      return;
    }
    case 'param':
      invariant(expr.index >= 0 && expr.index < program.params, `${at}: parameter ${expr.index} of ${program.params}`);
      return;
    case 'iota':
      invariant(expr.axis >= 0 && expr.axis <= Math.max(0, expr.shape.length - 1), `${at}: iota along ${expr.axis}`);
      invariant(
        expr.shape.every((n, d) => isSize(n) && (n === 1 || d === expr.axis)),
        `${at}: iota of shape [${expr.shape.join()}] along ${expr.axis}`,
      );
      return;
    case 'unary':
      verifyExpr(expr.a, program, at);
      invariant(sameShape(expr.a.shape, expr.shape), `${at}: ${expr.fn} changes the shape`);
      return;
    case 'binary':
      verifyOperands([expr.a, expr.b], expr.shape, program, at);
      return;
    case 'where':
      verifyOperands([expr.cond, expr.a, expr.b], expr.shape, program, at);
  }
}

function verifyOperands(operands: readonly Expr[], shape: readonly number[], program: Program, at: string): void {
  for (const operand of operands) {
    verifyExpr(operand, program, at);
    invariant(broadcasts(operand.shape, shape), `${at}: [${operand.shape.join()}] in [${shape.join()}]`);
  }
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, d) => n === b[d]);
}

/** NumPy: aligned at the last dimension, each equal or 1; surplus leading dimensions must be 1. */
function broadcasts(from: readonly number[], to: readonly number[]): boolean {
  return from.every((n, k) => {
    const d = k + to.length - from.length;
    return n === 1 || (d >= 0 && n === to[d]);
  });
}
