/** The public surface of quadrille. */

export type { DType } from '../jit/program.js';
export {
  concatenate,
  diff,
  type GradientOptions,
  gradient,
  hstack,
  type PadMode,
  pad,
  stack,
  vstack,
} from './assemble.js';
export type { Block } from './block.js';
export {
  arange,
  array,
  asarray,
  empty,
  empty_like,
  eye,
  fromfunction,
  full,
  full_like,
  indices,
  linspace,
  load,
  meshgrid,
  ones,
  ones_like,
  type ShapeLike,
  zeros,
  zeros_like,
} from './create.js';
export type { Element, FieldArray, NumberDType } from './dtype.js';
export { ERROR_CODES, type ErrorCode, type Place, QuadrilleError } from './errors.js';
export { Expr, type Operand } from './expr.js';
export { Field } from './field.js';
export {
  abs,
  absolute,
  acos,
  acosh,
  arccos,
  arccosh,
  arcsin,
  arcsinh,
  arctan,
  arctan2,
  arctanh,
  around,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  bitwise_and,
  bitwise_not,
  bitwise_or,
  bitwise_xor,
  cbrt,
  ceil,
  clip,
  copysign,
  cos,
  cosh,
  deg2rad,
  degrees,
  divmod,
  exp,
  exp2,
  expm1,
  fabs,
  fix,
  floor,
  floor_divide,
  fmax,
  fmin,
  fmod,
  heaviside,
  hypot,
  invert,
  isfinite,
  isinf,
  isnan,
  left_shift,
  log,
  log1p,
  log2,
  log10,
  logical_and,
  logical_not,
  logical_or,
  logical_xor,
  max,
  maximum,
  min,
  minimum,
  mod,
  negative,
  nextafter,
  positive,
  pow,
  power,
  rad2deg,
  radians,
  reciprocal,
  remainder,
  right_shift,
  rint,
  round,
  sign,
  signbit,
  sin,
  sinh,
  sqrt,
  square,
  tan,
  tanh,
  trunc,
  where,
} from './functions.js';
export { type FieldOptions, Grid, type GridOptions } from './grid.js';
export type { Init } from './initial.js';
export type { LoopConverged, LoopResult, LoopSteps, LoopUntil } from './loop.js';
export {
  type CompileOptions,
  type NumpyArgument,
  type NumpyFunction,
  type NumpyModule,
  type NumpyResult,
  numpy,
} from './numpy/program/program.js';
export { np } from './numpy/template.js';
export type { PlotOptions } from './plot/plot.js';
export {
  type AxisOptions,
  all,
  any,
  argmax,
  argmin,
  countNonzero,
  dot,
  mean,
  norm,
  prod,
  std,
  sum,
  variance,
  vdot,
} from './reduction-functions.js';
export { Scalar } from './scalar.js';
export type { Slice } from './slice.js';
export { Masked, View } from './sliceable.js';
export { barrier, isRoot, print, rank, size } from './spmd.js';
export type { GridStats } from './stats.js';
export { type SolveOptions, Stencil } from './stencil.js';
export { swap } from './swap.js';
export { copy, release, roll } from './temporary.js';
export { flip, fliplr, flipud, moveaxis, swapaxes, transpose } from './views.js';
