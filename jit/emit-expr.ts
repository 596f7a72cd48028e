/**
 * Expressions: kernel expression in, LLVM values out, with NumPy's conversions. Every operation rounds once, in the
 * order written: nothing is reassociated.
 */
import { emitFloatBinary, emitFloatUnary } from './emit-maths.js';
import type { ModuleBuilder, Value } from './ir.js';
import type { KernelExpr, KernelIndex } from './kernel.js';
import { type DType, type ExprType, isTest } from './program.js';

/** Where an expression finds fields' elements and parameters. */
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
  const value = evaluate(ir, expr, loads);
  if (expr.dtype === 'bool') return ir.boolToFloat(value, dtype);
  const from = floatType(expr.dtype);
  if (from === dtype) return value;
  return dtype === 'f64' ? ir.widen(value) : ir.narrow(value);
}

/** A value of the expression's own type: i1 for bool, double for weak. */
function evaluate(ir: ModuleBuilder, expr: KernelExpr, loads: Loads): Value {
  switch (expr.op) {
    case 'load':
      return loads.load(expr.slot, expr.index, expr.dtype);
    case 'param':
      return loads.param(expr.index, 'f64');
    case 'iota':
      return ir.intToFloat(loads.iota(expr.axis, expr.a, expr.constant), expr.dtype);
    case 'unary': {
      if (expr.fn === 'not') return ir.not(condition(ir, expr.a, loads));
      const type = floatType(isTest(expr.fn) ? expr.a.dtype : expr.dtype);
      return emitFloatUnary(ir, expr.fn, type, emitExpr(ir, expr.a, type, loads));
    }
    case 'binary':
      return binary(ir, expr, loads);
    case 'where': {
      const choose = condition(ir, expr.cond, loads);
      if (expr.dtype === 'bool') return ir.select(choose, condition(ir, expr.a, loads), condition(ir, expr.b, loads));
      const type = floatType(expr.dtype);
      return ir.select(choose, emitExpr(ir, expr.a, type, loads), emitExpr(ir, expr.b, type, loads));
    }
  }
}

/** As i1: a bool as it is, a number as "is not zero" (NaN is true, as in NumPy). */
function condition(ir: ModuleBuilder, expr: KernelExpr, loads: Loads): Value {
  if (expr.dtype === 'bool') return evaluate(ir, expr, loads);
  const type = floatType(expr.dtype);
  return ir.compare('ne', emitExpr(ir, expr, type, loads), ir.float(0, type));
}

type Binary = Extract<KernelExpr, { op: 'binary' }>;

function binary(ir: ModuleBuilder, expr: Binary, loads: Loads): Value {
  const { fn } = expr;
  if (fn === 'and' || fn === 'or' || fn === 'xor') {
    const [a, b] = [condition(ir, expr.a, loads), condition(ir, expr.b, loads)];
    return ir[fn](a, b);
  }
  const dtype = expr.dtype === 'bool' ? common(expr.a.dtype, expr.b.dtype) : floatType(expr.dtype);
  return emitFloatBinary(ir, fn, dtype, emitExpr(ir, expr.a, dtype, loads), emitExpr(ir, expr.b, dtype, loads));
}

function common(a: ExprType, b: ExprType): DType {
  if (a === 'f64' || b === 'f64') return 'f64';
  if (a === 'f32' || b === 'f32') return 'f32';
  return 'f64';
}

/** Precision in which a type is computed: a weak number alone is a Python float, a double. */
function floatType(type: ExprType): DType {
  return type === 'f32' ? 'f32' : 'f64';
}
