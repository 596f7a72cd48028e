/** Names that np text may call, with what they mean; and those it may not, with what to write instead. */
import type { BinaryFn, UnaryFn } from '../../jit/program.js';

export const UNARY_NAMES: Readonly<Record<string, UnaryFn>> = {
  sqrt: 'sqrt',
  exp: 'exp',
  log: 'log',
  sin: 'sin',
  cos: 'cos',
  tan: 'tan',
  tanh: 'tanh',
  floor: 'floor',
  ceil: 'ceil',
  abs: 'abs',
  absolute: 'abs',
  fabs: 'abs',
  negative: 'neg',
  square: 'square',
  reciprocal: 'reciprocal',
  logical_not: 'not',
};

export const BINARY_NAMES: Readonly<Record<string, BinaryFn>> = {
  minimum: 'minimum',
  maximum: 'maximum',
  add: 'add',
  subtract: 'sub',
  multiply: 'mul',
  divide: 'div',
  true_divide: 'div',
  power: 'pow',
  pow: 'pow',
  less: 'lt',
  less_equal: 'le',
  greater: 'gt',
  greater_equal: 'ge',
  equal: 'eq',
  not_equal: 'ne',
  logical_and: 'and',
  logical_or: 'or',
};

/** Python's min and max of two or more operands, taken elementwise. */
export const FOLDED_NAMES: Readonly<Record<string, BinaryFn>> = { min: 'minimum', max: 'maximum' };

export const CONSTANTS: Readonly<Record<string, number>> = {
  pi: Math.PI,
  e: Math.E,
  inf: Number.POSITIVE_INFINITY,
  nan: Number.NaN,
  euler_gamma: 0.5772156649015329,
};

export const REDUCTIONS: ReadonlySet<string> = new Set([
  'sum',
  'mean',
  'min',
  'max',
  'amin',
  'amax',
  'dot',
  'norm',
  'any',
  'all',
  'prod',
  'std',
  'var',
  'argmin',
  'argmax',
  'cumsum',
  'vdot',
  'inner',
  'trapz',
]);

export const KNOWN_NAMES: readonly string[] = [
  ...Object.keys(UNARY_NAMES),
  ...Object.keys(BINARY_NAMES),
  ...Object.keys(FOLDED_NAMES),
  'where',
  'roll',
  ...Object.keys(CONSTANTS),
];
