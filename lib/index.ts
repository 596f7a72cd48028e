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
export { ERROR_CODES, type ErrorCode, type Place, QuadrilleError } from './errors.js';
export { Expr, type Operand } from './expr.js';
export { Field, type FieldArray, swap, View } from './field.js';
export {
  abs,
  ceil,
  cos,
  exp,
  floor,
  log,
  max,
  maximum,
  min,
  minimum,
  pow,
  sin,
  sqrt,
  square,
  tan,
  tanh,
  where,
} from './functions.js';
export { type FieldOptions, Grid, type GridOptions } from './grid.js';
export type { Init } from './initial.js';
export { np } from './numpy/template.js';
export type { PlotOptions } from './plot/plot.js';
export type { Slice } from './slice.js';
export { barrier, isRoot, print, rank, size } from './spmd.js';
export type { GridStats } from './stats.js';
export { type SolveOptions, Stencil } from './stencil.js';
export { copy, release, roll } from './temporary.js';
