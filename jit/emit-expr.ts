/**
 * Expressions: kernel expression in, LLVM values out, with NumPy's conversions. Every operation rounds once, in the
 * order written: nothing is reassociated. What an operator means for floats, integers and booleans: jit/emit-operator.ts.
 */
import { emitFloatUnary } from './emit-maths.js';
import { applyBinary, applyUnary } from './emit-operator.js';
import type { ModuleBuilder, Value } from './ir.js';
import type { KernelExpr, KernelIndex } from './kernel.js';
import { type DType, isTest } from './program.js';
import { concrete, isComparison, isTruth, operandType } from './types.js';

/** Where an expression finds fields' elements and parameters. Booleans are i1. */
export interface Loads {
  load(slot: number, index: readonly KernelIndex[], dtype: DType): Value;
  param(index: number, dtype: DType): Value;
  /** a * j[axis] + the task's constant, an i64. */
  iota(axis: number, a: number, constant: number): Value;
}

/** The expression's value at the current point, converted to `dtype`. */
export function emitExpr(ir: ModuleBuilder, expr: KernelExpr, dtype: DType, loads: Loads): Value {
  // A number takes the precision of what it meets before it is used (0.1 * f32 multiplies by 0.1f).
  if (expr.op === 'param') return loads.param(expr.index, dtype);
  return ir.convert(evaluate(ir, expr, loads), concrete(expr.dtype), dtype);
}

/** A value of the expression's own type. */
function evaluate(ir: ModuleBuilder, expr: KernelExpr, loads: Loads): Value {
  const type = concrete(expr.dtype);
  switch (expr.op) {
    case 'load':
      return loads.load(expr.slot, expr.index, expr.dtype);
    case 'param':
      return loads.param(expr.index, type);
    case 'iota':
      return ir.convert(loads.iota(expr.axis, expr.a, expr.constant), 'i64', expr.dtype);
    case 'unary': {
      if (expr.fn === 'not') return ir.not(condition(ir, expr.a, loads));
      if (expr.fn === 'astype') return emitExpr(ir, expr.a, type, loads);
      if (!isTest(expr.fn)) return applyUnary(ir, expr.fn, type, emitExpr(ir, expr.a, type, loads));
      const tested = expr.a.dtype === 'f32' ? 'f32' : 'f64';
      return emitFloatUnary(ir, expr.fn, tested, emitExpr(ir, expr.a, tested, loads));
    }
    case 'binary': {
      const { fn } = expr;
      if (isTruth(fn)) return ir[fn](condition(ir, expr.a, loads), condition(ir, expr.b, loads));
      const meet = isComparison(fn) ? concrete(operandType(fn, expr.a.dtype, expr.b.dtype)) : type;
      return applyBinary(ir, fn, meet, emitExpr(ir, expr.a, meet, loads), emitExpr(ir, expr.b, meet, loads));
    }
    case 'where': {
      const choose = condition(ir, expr.cond, loads);
      return ir.select(choose, emitExpr(ir, expr.a, type, loads), emitExpr(ir, expr.b, type, loads));
    }
  }
}

/** As i1: "is not zero" (NaN is true, as in NumPy). */
function condition(ir: ModuleBuilder, expr: KernelExpr, loads: Loads): Value {
  return emitExpr(ir, expr, 'bool', loads);
}
