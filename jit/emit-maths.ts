/**
 * Functions of floats: operands as LLVM values in, NumPy's result out, in f64 or f32. Those that IEEE 754 does not fix
 * call the engine's (native/engine/maths.h), whose bits do not depend on the length of vectors. Where SLEEF overflows
 * before the function does, the argument is brought nearer and the result back; both are selected, never branched on.
 */
import type { FloatOp, IntrinsicName, ModuleBuilder, Predicate, Value } from './ir.js';
import type { BinaryFn, UnaryFn } from './program.js';

type FloatDType = 'f64' | 'f32';

/** An i1 for tests such as isnan. */
export function emitFloatUnary(
  ir: ModuleBuilder,
  fn: Exclude<UnaryFn, 'not' | 'invert'>,
  dtype: FloatDType,
  a: Value,
): Value {
  const number = (x: number): Value => ir.float(x, dtype);
  switch (fn) {
    case 'neg':
      return ir.negate(a);
    case 'square':
      return ir.floatOp('mul', a, a);
    case 'reciprocal':
      return ir.floatOp('div', number(1), a);
    case 'abs':
    case 'sqrt':
    case 'floor':
    case 'ceil':
    case 'trunc':
    case 'rint':
      return ir.intrinsic(fn satisfies IntrinsicName, dtype, [a]);
    case 'sign': {
      const nonzero = ir.select(ir.compare('lt', a, number(0)), number(-1), a); // NaN stays
      const positive = ir.select(ir.compare('gt', a, number(0)), number(1), nonzero);
      return ir.select(ir.compare('eq', a, number(0)), number(0), positive); // -0 becomes 0
    }
    case 'isnan':
      return ir.compare('ne', a, a);
    case 'isinf':
      return ir.compare('eq', magnitude(ir, a, dtype), number(Infinity));
    case 'isfinite':
      return ir.compare('lt', magnitude(ir, a, dtype), number(Infinity));
    case 'signbit':
      return ir.compare('lt', ir.intrinsic('copysign', dtype, [number(1), signed(ir, a, dtype)]), number(0));
    case 'log1p':
      return log1p(ir, dtype, a);
    case 'sinh':
    case 'cosh':
      return hyperbolic(ir, fn, dtype, a);
    case 'asinh':
    case 'acosh':
      return inverseHyperbolic(ir, fn, dtype, a);
    case 'exp':
    case 'exp2':
    case 'expm1':
    case 'log':
    case 'log2':
    case 'log10':
    case 'sin':
    case 'cos':
    case 'tan':
    case 'asin':
    case 'acos':
    case 'atan':
    case 'tanh':
    case 'atanh':
    case 'cbrt':
      return ir.maths(fn, dtype, [a]);
  }
}

/** An i1 for comparisons. */
export function emitFloatBinary(
  ir: ModuleBuilder,
  fn: Exclude<BinaryFn, 'and' | 'or' | 'xor' | 'floordiv' | 'mod' | 'bitand' | 'bitor' | 'bitxor' | 'shl' | 'shr'>,
  dtype: FloatDType,
  a: Value,
  b: Value,
): Value {
  const number = (x: number): Value => ir.float(x, dtype);
  switch (fn) {
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
      return ir.floatOp(fn satisfies FloatOp, a, b);
    case 'minimum':
    case 'maximum': {
      // NaN wins, from either side (a number differs from itself only if it is NaN).
      const first = ir.or(ir.compare(fn === 'minimum' ? 'lt' : 'gt', a, b), ir.compare('ne', a, a));
      return ir.select(first, a, b);
    }
    case 'fmin':
    case 'fmax': {
      // NaN loses.
      const first = ir.or(ir.compare(fn === 'fmin' ? 'lt' : 'gt', a, b), ir.compare('ne', b, b));
      return ir.select(first, a, b);
    }
    case 'copysign':
      return ir.intrinsic(fn, dtype, [a, signed(ir, b, dtype)]);
    case 'heaviside': {
      const step = ir.select(
        ir.compare('lt', a, number(0)),
        number(0),
        ir.select(ir.compare('eq', a, number(0)), b, a),
      );
      return ir.select(ir.compare('gt', a, number(0)), number(1), step); // NaN stays
    }
    case 'fmod':
      return fmod(ir, dtype, a, b);
    case 'pow':
    case 'atan2':
    case 'hypot':
    case 'nextafter':
      return ir.maths(fn, dtype, [a, b]);
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
    case 'eq':
    case 'ne':
      return ir.compare(fn satisfies Predicate, a, b);
  }
}

function magnitude(ir: ModuleBuilder, a: Value, dtype: FloatDType): Value {
  return ir.intrinsic('abs', dtype, [a]);
}

/** NaN counts as positive: which sign a NaN has depends on the order of a compiled operation's operands. */
function signed(ir: ModuleBuilder, a: Value, dtype: FloatDType): Value {
  return ir.select(ir.compare('ne', a, a), ir.float(1, dtype), a);
}

/** Multiples of log 2 that are all but floats: 427 and 48 times; e to the 44 and 21 as well. */
const FAR = {
  f64: {
    log1p: 2 ** 500,
    scale: 2 ** -427,
    logScale: 295.97384609909665,
    hyperbolic: 700,
    step: 44,
    expStep: 1.2851600114359308e19,
    inverse: 2 ** 500,
  },
  f32: {
    log1p: 2 ** 100,
    scale: 2 ** -48,
    logScale: 33.27106475830078,
    hyperbolic: 80,
    step: 21,
    expStep: 1318815744,
    inverse: 2 ** 60,
  },
} as const;

/** SLEEF's ends at 1e307 (1e38): beyond, log1p(x) = log1p(x / 2^n) + n log 2. */
function log1p(ir: ModuleBuilder, dtype: FloatDType, a: Value): Value {
  const far = FAR[dtype];
  const isFar = ir.compare('gt', a, ir.float(far.log1p, dtype));
  const near = ir.select(isFar, ir.floatOp('mul', a, ir.float(far.scale, dtype)), a);
  const result = ir.maths('log1p', dtype, [near]);
  return ir.select(isFar, ir.floatOp('add', result, ir.float(far.logScale, dtype)), result);
}

/** SLEEF's overflow where exp does, a little early: sinh(x) = sinh(x - n) e^n for large x. */
function hyperbolic(ir: ModuleBuilder, fn: 'sinh' | 'cosh', dtype: FloatDType, a: Value): Value {
  const far = FAR[dtype];
  const isFar = ir.compare('gt', magnitude(ir, a, dtype), ir.float(far.hyperbolic, dtype));
  const step = ir.intrinsic('copysign', dtype, [ir.float(far.step, dtype), a]);
  const result = ir.maths(fn, dtype, [ir.select(isFar, ir.floatOp('sub', a, step), a)]);
  return ir.select(isFar, ir.floatOp('mul', result, ir.float(far.expStep, dtype)), result);
}

/** SLEEF squares its argument: where that overflows, log(2x) is the same. */
function inverseHyperbolic(ir: ModuleBuilder, fn: 'asinh' | 'acosh', dtype: FloatDType, a: Value): Value {
  const size = magnitude(ir, a, dtype);
  const isFar = ir.compare('gt', fn === 'asinh' ? size : a, ir.float(FAR[dtype].inverse, dtype));
  const log = ir.floatOp('add', ir.maths('log', dtype, [size]), ir.float(Math.LN2, dtype));
  const signed = fn === 'asinh' ? ir.intrinsic('copysign', dtype, [log, a]) : log;
  return ir.select(isFar, signed, ir.maths(fn, dtype, [a]));
}

/**
 * The exact remainder, with the sign of `a`. SLEEF's is exact as long as a / b does not overflow: a remainder by
 * b * 2^1200, then by b * 2^600, leaves the remainder by b alone. In f32 the division is done in f64, which has room.
 */
function fmod(ir: ModuleBuilder, dtype: FloatDType, a: Value, b: Value): Value {
  if (dtype === 'f32')
    return ir.convert(
      ir.maths('fmod', 'f64', [ir.convert(a, 'f32', 'f64'), ir.convert(b, 'f32', 'f64')]),
      'f64',
      'f32',
    );
  const size = magnitude(ir, a, 'f64');
  const times = (x: Value): Value => ir.floatOp('mul', x, ir.float(2 ** 600, 'f64'));
  const once = times(magnitude(ir, b, 'f64'));
  let rest = a;
  for (const divisor of [times(once), once]) {
    const isFar = ir.compare('gt', size, divisor);
    // Else something harmless: infinities and denormals on the way take SLEEF ten times as long.
    const harmless = ir.floatOp('add', size, ir.float(1, 'f64'));
    const far = ir.maths('fmod', 'f64', [rest, ir.select(isFar, divisor, harmless)]);
    rest = ir.select(isFar, far, rest);
  }
  return ir.maths('fmod', 'f64', [rest, b]);
}
