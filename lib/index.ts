/** The public surface of quadrille. */

export type { DType } from '../jit/program.js';
export type { Block } from './block.js';
export { ERROR_CODES, type ErrorCode, type Place, QuadrilleError } from './errors.js';
export { Expr, type Operand } from './expr.js';
export { Field, type FieldArray, roll, swap, View } from './field.js';
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
