/** Names that np text may call, with what they mean; and those it may not, with what to write instead. */
import type { BinaryFn, UnaryFn } from '../../jit/program.js';
import type { REDUCERS } from '../reduction.js';

/** Under their own names, and NumPy's other ones. */
export const UNARY_NAMES: Readonly<Record<string, UnaryFn>> = {
  sqrt: 'sqrt',
  cbrt: 'cbrt',
  exp: 'exp',
  exp2: 'exp2',
  expm1: 'expm1',
  log: 'log',
  log1p: 'log1p',
  log2: 'log2',
  log10: 'log10',
  sin: 'sin',
  cos: 'cos',
  tan: 'tan',
  asin: 'asin',
  acos: 'acos',
  atan: 'atan',
  sinh: 'sinh',
  cosh: 'cosh',
  tanh: 'tanh',
  asinh: 'asinh',
  acosh: 'acosh',
  atanh: 'atanh',
  floor: 'floor',
  ceil: 'ceil',
  trunc: 'trunc',
  rint: 'rint',
  abs: 'abs',
  sign: 'sign',
  square: 'square',
  reciprocal: 'reciprocal',
  isnan: 'isnan',
  isinf: 'isinf',
  isfinite: 'isfinite',
  signbit: 'signbit',
  arcsin: 'asin',
  arccos: 'acos',
  arctan: 'atan',
  arcsinh: 'asinh',
  arccosh: 'acosh',
  arctanh: 'atanh',
  fix: 'trunc',
  absolute: 'abs',
  fabs: 'abs',
  negative: 'neg',
  logical_not: 'not',
  invert: 'invert',
  bitwise_not: 'invert',
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
  logical_xor: 'xor',
  floor_divide: 'floordiv',
  remainder: 'mod',
  mod: 'mod',
  bitwise_and: 'bitand',
  bitwise_or: 'bitor',
  bitwise_xor: 'bitxor',
  left_shift: 'shl',
  right_shift: 'shr',
  float_power: 'pow',
  fmin: 'fmin',
  fmax: 'fmax',
  copysign: 'copysign',
  heaviside: 'heaviside',
  nextafter: 'nextafter',
  fmod: 'fmod',
  arctan2: 'atan2',
  atan2: 'atan2',
  hypot: 'hypot',
};

/** Made of others (lib/derived.ts), with the names of their arguments. */
export const DERIVED_NAMES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  positive: [['x']],
  deg2rad: [['x']],
  radians: [['x']],
  rad2deg: [['x']],
  degrees: [['x']],
  clip: [['a'], ['a_min', 'min'], ['a_max', 'max']],
  round: [['a'], ['decimals']],
  around: [['a'], ['decimals']],
  round_: [['a'], ['decimals']],
};

/** Python's min and max of two or more operands, taken elementwise. */
export const FOLDED_NAMES: Readonly<Record<string, BinaryFn>> = { min: 'minimum', max: 'maximum' };

/** Views, with the names of their arguments after the array. */
export const VIEW_NAMES: Readonly<Record<string, readonly string[]>> = {
  transpose: ['axes'],
  swapaxes: ['axis1', 'axis2'],
  moveaxis: ['source', 'destination'],
  flip: ['axis'],
  flipud: [],
  fliplr: [],
  reshape: ['shape'],
};

export const CONSTANTS: Readonly<Record<string, number>> = {
  pi: Math.PI,
  e: Math.E,
  inf: Number.POSITIVE_INFINITY,
  nan: Number.NaN,
  euler_gamma: 0.5772156649015329,
};

/** Of one array. */
export const REDUCTION_NAMES: Readonly<Record<string, keyof typeof REDUCERS>> = {
  sum: 'sum',
  prod: 'prod',
  mean: 'mean',
  min: 'min',
  amin: 'min',
  max: 'max',
  amax: 'max',
  argmin: 'argmin',
  argmax: 'argmax',
  any: 'any',
  all: 'all',
  count_nonzero: 'countNonzero',
};

/** Of two vectors; vdot takes arrays of any shape as vectors. */
export const PRODUCTS: ReadonlySet<string> = new Set(['dot', 'vdot', 'inner']);

/** Reductions with options of their own. */
export const OTHER_REDUCTIONS: ReadonlySet<string> = new Set(['norm', 'std', 'var']);

export const REDUCTIONS: ReadonlySet<string> = new Set([
  ...Object.keys(REDUCTION_NAMES),
  ...PRODUCTS,
  ...OTHER_REDUCTIONS,
]);

/** What may be called as a method of an array. */
export const METHODS: ReadonlySet<string> = new Set([
  ...['sum', 'prod', 'mean', 'min', 'max', 'argmin', 'argmax', 'any', 'all', 'std', 'var', 'dot'],
]);

export const KNOWN_NAMES: readonly string[] = [
  ...Object.keys(UNARY_NAMES),
  ...Object.keys(BINARY_NAMES),
  ...Object.keys(FOLDED_NAMES),
  ...Object.keys(DERIVED_NAMES),
  ...REDUCTIONS,
  'where',
  'roll',
  ...Object.keys(VIEW_NAMES),
  ...Object.keys(CONSTANTS),
];
