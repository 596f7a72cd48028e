/**
 * Operators: a function's name, the type it computes in and operands of that type in, an LLVM value with NumPy's bits
 * out. Integers wrap around; dividing them by zero gives 0; booleans add as `or` and multiply as `and`.
 */
import { emitFloatBinary, emitFloatUnary } from './emit-maths.js';
import type { ModuleBuilder, Value } from './ir.js';
import type { BinaryFn, DType, UnaryFn } from './program.js';
import { isFloat } from './types.js';

export function applyUnary(ir: ModuleBuilder, fn: Exclude<UnaryFn, 'not'>, dtype: DType, a: Value): Value {
  if (!isFloat(dtype)) return integerUnary(ir, fn, dtype, a);
  return fn === 'invert' ? unknown(fn, dtype) : emitFloatUnary(ir, fn, dtype, a);
}

function integerUnary(ir: ModuleBuilder, fn: UnaryFn, dtype: DType, a: Value): Value {
  if (dtype === 'bool') {
    if (fn === 'invert') return ir.not(a);
    return fn === 'abs' || fn === 'floor' || fn === 'ceil' || fn === 'trunc' ? a : unknown(fn, dtype);
  }
  const zero = ir.integer(0, dtype);
  switch (fn) {
    case 'neg':
      return ir.integerOp('sub', zero, a);
    case 'invert':
      return ir.not(a);
    case 'square':
      return ir.integerOp('mul', a, a);
    case 'abs': // of the least integer: itself
      return ir.select(ir.compare('lt', a, zero, dtype), ir.integerOp('sub', zero, a), a);
    case 'sign': {
      const positive = ir.select(ir.compare('gt', a, zero, dtype), ir.integer(1, dtype), zero);
      return ir.select(ir.compare('lt', a, zero, dtype), ir.integer(-1, dtype), positive);
    }
    case 'floor':
    case 'ceil':
    case 'trunc':
      return a;
    default:
      return unknown(fn, dtype);
  }
}

export function applyBinary(
  ir: ModuleBuilder,
  fn: Exclude<BinaryFn, 'and' | 'or' | 'xor'>,
  dtype: DType,
  a: Value,
  b: Value,
): Value {
  switch (fn) {
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
    case 'eq':
    case 'ne':
      return ir.compare(fn, a, b, dtype);
    default:
      if (dtype === 'bool') return ofBooleans(ir, fn, a, b);
      return isFloat(dtype) ? ofFloats(ir, fn, dtype, a, b) : ofIntegers(ir, fn, dtype, a, b);
  }
}

type FloatDType = 'f64' | 'f32';
type Arithmetic = Exclude<BinaryFn, 'and' | 'or' | 'xor' | 'lt' | 'le' | 'gt' | 'ge' | 'eq' | 'ne'>;

function ofBooleans(ir: ModuleBuilder, fn: Arithmetic, a: Value, b: Value): Value {
  switch (fn) {
    case 'add':
    case 'maximum':
    case 'fmax':
    case 'bitor':
      return ir.or(a, b);
    case 'mul':
    case 'minimum':
    case 'fmin':
    case 'bitand':
      return ir.and(a, b);
    case 'bitxor':
      return ir.xor(a, b);
    default:
      return unknown(fn, 'bool');
  }
}

function ofFloats(ir: ModuleBuilder, fn: Arithmetic, dtype: FloatDType, a: Value, b: Value): Value {
  switch (fn) {
    case 'floordiv':
      return floorDivide(ir, dtype, a, b);
    case 'mod':
      return remainder(ir, dtype, a, b).value;
    case 'bitand':
    case 'bitor':
    case 'bitxor':
    case 'shl':
    case 'shr':
      return unknown(fn, dtype);
    default:
      return emitFloatBinary(ir, fn, dtype, a, b);
  }
}

/** npy_divmod's modulus: fmod with the divisor's sign. */
function remainder(ir: ModuleBuilder, dtype: FloatDType, a: Value, b: Value) {
  const zero = ir.float(0, dtype);
  const rest = emitFloatBinary(ir, 'fmod', dtype, a, b); // exact
  const some = ir.compare('ne', rest, zero, dtype);
  const below = ir.compare('lt', b, zero, dtype);
  const signs = ir.compare('ne', below, ir.compare('lt', rest, zero, dtype), 'bool');
  const moved = ir.and(some, signs);
  const nothing = ir.intrinsic('copysign', dtype, [zero, b]);
  const value = ir.select(some, ir.select(signs, ir.floatOp('add', rest, b), rest), nothing);
  return { value, rest, moved };
}

/** npy_divmod's quotient (numpy/core/src/npymath/npy_math_internal.h.src); a / b where b is 0. */
function floorDivide(ir: ModuleBuilder, dtype: FloatDType, a: Value, b: Value): Value {
  const zero = ir.float(0, dtype);
  const one = ir.float(1, dtype);
  const { rest, moved } = remainder(ir, dtype, a, b);
  const plain = ir.floatOp('div', a, b);
  const whole = ir.floatOp('div', ir.floatOp('sub', a, rest), b);
  const quotient = ir.select(moved, ir.floatOp('sub', whole, one), whole);
  const floor = ir.intrinsic('floor', dtype, [quotient]);
  const short = ir.compare('gt', ir.floatOp('sub', quotient, floor), ir.float(0.5, dtype), dtype);
  const rounded = ir.select(short, ir.floatOp('add', floor, one), floor);
  const result = ir.select(
    ir.compare('ne', quotient, zero, dtype),
    rounded,
    ir.intrinsic('copysign', dtype, [zero, plain]),
  );
  return ir.select(ir.compare('eq', b, zero, dtype), plain, result);
}

function ofIntegers(ir: ModuleBuilder, fn: Arithmetic, dtype: DType, a: Value, b: Value): Value {
  switch (fn) {
    case 'add':
    case 'sub':
    case 'mul':
      return ir.integerOp(fn, a, b);
    case 'minimum':
    case 'fmin':
      return ir.select(ir.compare('lt', a, b, dtype), a, b);
    case 'maximum':
    case 'fmax':
      return ir.select(ir.compare('gt', a, b, dtype), a, b);
    case 'bitand':
      return ir.and(a, b);
    case 'bitor':
      return ir.or(a, b);
    case 'bitxor':
      return ir.xor(a, b);
    case 'floordiv':
    case 'mod':
    case 'fmod':
      return divideIntegers(ir, fn, dtype, a, b);
    case 'shl':
    case 'shr': {
      // Counts beyond the width (and negative ones) shift everything out; LLVM leaves them undefined.
      const width = dtype === 'i64' ? 64 : 32;
      const fits = ir.below(b, ir.integer(width, dtype));
      if (fn === 'shr') return ir.integerOp('ashr', a, ir.select(fits, b, ir.integer(width - 1, dtype)));
      const zero = ir.integer(0, dtype);
      return ir.select(fits, ir.integerOp('shl', a, ir.select(fits, b, zero)), zero);
    }
    default:
      return unknown(fn, dtype);
  }
}

/** Floored, as Python does; 0 where the divisor is; the least integer by -1 wraps around to itself. */
function divideIntegers(ir: ModuleBuilder, fn: 'floordiv' | 'mod' | 'fmod', dtype: DType, a: Value, b: Value): Value {
  const [zero, one] = [ir.integer(0, dtype), ir.integer(1, dtype)];
  const least = ir.integer(dtype === 'i64' ? -(2 ** 63) : -(2 ** 31), dtype);
  const byZero = ir.compare('eq', b, zero, dtype);
  const overflows = ir.and(ir.compare('eq', a, least, dtype), ir.compare('eq', b, ir.integer(-1, dtype), dtype));
  // Both would trap.
  const divisor = ir.select(ir.or(byZero, overflows), one, b);
  const rest = ir.integerOp('srem', a, divisor);
  const moved = ir.and(ir.compare('ne', rest, zero, dtype), ir.compare('lt', ir.xor(rest, divisor), zero, dtype));
  if (fn === 'fmod') return ir.select(byZero, zero, rest); // with the sign of a, as C's %
  if (fn === 'mod') {
    return ir.select(byZero, zero, ir.select(moved, ir.integerOp('add', rest, divisor), rest));
  }
  const quotient = ir.integerOp('sdiv', a, divisor);
  return ir.select(byZero, zero, ir.select(moved, ir.integerOp('sub', quotient, one), quotient));
}

/** Recording lets no such thing through. */
function unknown(fn: string, dtype: DType): never {
  throw new RangeError(`there is no ${fn} of ${dtype}`);
}
