/** Elementwise functions under NumPy's names: operands in, an expression out. Numbers among themselves are folded. */
import type { BinaryFn } from '../jit/program.js';
import type { Algebra } from './derived.js';
import * as derived from './derived.js';
import { QuadrilleError, show } from './errors.js';
import {
  binary,
  binaryTree,
  type Expr,
  exprOf,
  numberLeaf,
  type Operand,
  power,
  type Tree,
  treeOf,
  unary,
  unaryTree,
  whereTree,
} from './expr.js';
import type { Field } from './field.js';
import { type AxisOptions, maxOf, minOf } from './reduction-functions.js';
import type { Scalar } from './scalar.js';

/** `condition ? a : b` for every element; all three broadcast. */
export function where(condition: Operand, a: Operand, b: Operand): Expr {
  return exprOf(whereTree(treeOf('where', condition), treeOf('where', a), treeOf('where', b)));
}

/** The lesser of two operands, elementwise; NaN if either is NaN. */
export function minimum(a: Operand, b: Operand): Expr {
  return binary('minimum', a, b);
}

/** The greater of two operands, elementwise; NaN if either is NaN. */
export function maximum(a: Operand, b: Operand): Expr {
  return binary('maximum', a, b);
}

/** Least element of one operand (NaN if there is one); of two or more, elementwise. */
export function min(a: Operand): Scalar;
export function min(a: Operand, options: AxisOptions): Field;
export function min(a: Operand, b: Operand, ...more: Operand[]): Expr;
export function min(...operands: (Operand | AxisOptions)[]): Expr {
  return fold('minimum', minOf, operands);
}

/** Greatest element of one operand (NaN if there is one); of two or more, elementwise. */
export function max(a: Operand): Scalar;
export function max(a: Operand, options: AxisOptions): Field;
export function max(a: Operand, b: Operand, ...more: Operand[]): Expr;
export function max(...operands: (Operand | AxisOptions)[]): Expr {
  return fold('maximum', maxOf, operands);
}

function fold(fn: BinaryFn, reduce: typeof minOf, given: readonly (Operand | AxisOptions)[]): Expr {
  const operands = given.filter((one): one is Operand => !isAxisOptions(one));
  const [first, second, ...rest] = operands;
  if (first === undefined) throw new QuadrilleError('BAD_OPERAND', `${fn} of nothing.`, { expected: 'an operand' });
  const [options] = given.filter(isAxisOptions);
  if (second === undefined) return options ? reduce(first, options) : reduce(first);
  return rest.reduce((least: Expr, next) => binary(fn, least, next), binary(fn, first, second));
}

function isAxisOptions(operand: unknown): operand is AxisOptions {
  return typeof operand === 'object' && operand !== null && Object.hasOwn(operand, 'axis');
}

/** The lesser of two operands, elementwise; where one is NaN, the other. */
export function fmin(a: Operand, b: Operand): Expr {
  return binary('fmin', a, b);
}

/** The greater of two operands, elementwise; where one is NaN, the other. */
export function fmax(a: Operand, b: Operand): Expr {
  return binary('fmax', a, b);
}

const trees: Algebra<Tree> = {
  number: numberLeaf,
  same: (a) => a,
  dtype: (a) => a.structure.dtype,
  unary: unaryTree,
  binary: binaryTree,
};

/** `a` where it lies between `least` and `most`, else the nearer of them; NaN stays NaN. */
export function clip(a: Operand, least: Operand, most: Operand): Expr {
  return exprOf(derived.clip(trees, treeOf('clip', a), treeOf('clip', least), treeOf('clip', most)));
}

// ---- Powers, exponentials, logarithms ------------------------------------------------------------------------------

export function sqrt(a: Operand): Expr {
  return unary('sqrt', a);
}
export function cbrt(a: Operand): Expr {
  return unary('cbrt', a);
}
/** a * a. */
export function square(a: Operand): Expr {
  return unary('square', a);
}
/** 1 / a. */
export function reciprocal(a: Operand): Expr {
  return unary('reciprocal', a);
}
/** As NumPy's `a ** b`. */
export function pow(a: Operand, b: Operand): Expr {
  return power(a, b);
}
/** sqrt(a² + b²), without overflow on the way. */
export function hypot(a: Operand, b: Operand): Expr {
  return binary('hypot', a, b);
}
export function exp(a: Operand): Expr {
  return unary('exp', a);
}
/** 2 to the power of `a`. */
export function exp2(a: Operand): Expr {
  return unary('exp2', a);
}
/** exp(a) - 1, exact also where `a` is small. */
export function expm1(a: Operand): Expr {
  return unary('expm1', a);
}
/** Natural logarithm. */
export function log(a: Operand): Expr {
  return unary('log', a);
}
/** log(1 + a), exact also where `a` is small. */
export function log1p(a: Operand): Expr {
  return unary('log1p', a);
}
export function log2(a: Operand): Expr {
  return unary('log2', a);
}
export function log10(a: Operand): Expr {
  return unary('log10', a);
}

// ---- Trigonometric and hyperbolic functions, in radians -------------------------------------------------------------

export function sin(a: Operand): Expr {
  return unary('sin', a);
}
export function cos(a: Operand): Expr {
  return unary('cos', a);
}
export function tan(a: Operand): Expr {
  return unary('tan', a);
}
export function asin(a: Operand): Expr {
  return unary('asin', a);
}
export function acos(a: Operand): Expr {
  return unary('acos', a);
}
export function atan(a: Operand): Expr {
  return unary('atan', a);
}
/** The angle of the point (x, y), in (-pi, pi]. */
export function atan2(y: Operand, x: Operand): Expr {
  return binary('atan2', y, x);
}
export function sinh(a: Operand): Expr {
  return unary('sinh', a);
}
export function cosh(a: Operand): Expr {
  return unary('cosh', a);
}
export function tanh(a: Operand): Expr {
  return unary('tanh', a);
}
export function asinh(a: Operand): Expr {
  return unary('asinh', a);
}
export function acosh(a: Operand): Expr {
  return unary('acosh', a);
}
export function atanh(a: Operand): Expr {
  return unary('atanh', a);
}
/** Degrees to radians. */
export function deg2rad(a: Operand): Expr {
  return exprOf(derived.deg2rad(trees, treeOf('deg2rad', a)));
}
/** Radians to degrees. */
export function rad2deg(a: Operand): Expr {
  return exprOf(derived.rad2deg(trees, treeOf('rad2deg', a)));
}

// ---- Rounding, signs, remainders ------------------------------------------------------------------------------------

export function floor(a: Operand): Expr {
  return unary('floor', a);
}
export function ceil(a: Operand): Expr {
  return unary('ceil', a);
}
/** Towards zero. */
export function trunc(a: Operand): Expr {
  return unary('trunc', a);
}
/** To the nearest whole number, halves to the even one. */
export function rint(a: Operand): Expr {
  return unary('rint', a);
}
/** rint, or so many `decimals` (a whole number, also negative), halves to the even digit. */
export function round(a: Operand, decimals = 0): Expr {
  if (!Number.isInteger(decimals)) {
    throw new QuadrilleError('BAD_OPERAND', `round cannot take ${show(decimals)} decimals.`, {
      expected: 'a whole number',
    });
  }
  return exprOf(derived.round(trees, treeOf('round', a), decimals));
}
/** Magnitude. */
export function abs(a: Operand): Expr {
  return unary('abs', a);
}
/** -1, 0 or 1; NaN for NaN. */
export function sign(a: Operand): Expr {
  return unary('sign', a);
}
export function negative(a: Operand): Expr {
  return unary('neg', a);
}
export function positive(a: Operand): Expr {
  return exprOf(treeOf('positive', a));
}
/** The magnitude of `a` with the sign of `b`. */
export function copysign(a: Operand, b: Operand): Expr {
  return binary('copysign', a, b);
}
/** 0 for negative `a`, `atZero` for 0, 1 for positive `a`; NaN for NaN. */
export function heaviside(a: Operand, atZero: Operand): Expr {
  return binary('heaviside', a, atZero);
}
/** C's remainder: exact, with the sign of `a`. */
export function fmod(a: Operand, b: Operand): Expr {
  return binary('fmod', a, b);
}
/** The next float after `a` in the direction of `b`. */
export function nextafter(a: Operand, b: Operand): Expr {
  return binary('nextafter', a, b);
}

// ---- Conditions ------------------------------------------------------------------------------------------------------

export function isnan(a: Operand): Expr {
  return unary('isnan', a);
}
export function isinf(a: Operand): Expr {
  return unary('isinf', a);
}
/** Neither infinite nor NaN. */
export function isfinite(a: Operand): Expr {
  return unary('isfinite', a);
}
/** Negative, -0 included. */
export function signbit(a: Operand): Expr {
  return unary('signbit', a);
}
export function logical_and(a: Operand, b: Operand): Expr {
  return binary('and', a, b);
}
export function logical_or(a: Operand, b: Operand): Expr {
  return binary('or', a, b);
}
/** One of the two, not both. */
export function logical_xor(a: Operand, b: Operand): Expr {
  return binary('xor', a, b);
}
export function logical_not(a: Operand): Expr {
  return unary('not', a);
}
/** Floored quotient, NumPy's `//`. */
export function floor_divide(a: Operand, b: Operand): Expr {
  return binary('floordiv', a, b);
}
/** What `floor_divide` leaves, NumPy's `%`: with the divisor's sign. */
export function mod(a: Operand, b: Operand): Expr {
  return binary('mod', a, b);
}
/** Both: [floor_divide(a, b), mod(a, b)]. */
export function divmod(a: Operand, b: Operand): [Expr, Expr] {
  return [floor_divide(a, b), mod(a, b)];
}
/** Bit by bit of integers, as the next ones; of conditions the logical function. */
export function bitwise_and(a: Operand, b: Operand): Expr {
  return binary('bitand', a, b);
}
export function bitwise_or(a: Operand, b: Operand): Expr {
  return binary('bitor', a, b);
}
export function bitwise_xor(a: Operand, b: Operand): Expr {
  return binary('bitxor', a, b);
}
export function invert(a: Operand): Expr {
  return unary('invert', a);
}
export function left_shift(a: Operand, b: Operand): Expr {
  return binary('shl', a, b);
}
/** Keeps the sign. */
export function right_shift(a: Operand, b: Operand): Expr {
  return binary('shr', a, b);
}

// NumPy's other names.
export {
  abs as absolute,
  abs as fabs,
  acos as arccos,
  acosh as arccosh,
  asin as arcsin,
  asinh as arcsinh,
  atan as arctan,
  atan2 as arctan2,
  atanh as arctanh,
  deg2rad as radians,
  invert as bitwise_not,
  mod as remainder,
  pow as power,
  rad2deg as degrees,
  round as around,
  trunc as fix,
};
