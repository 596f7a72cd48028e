/**
 * A Program in, Python source that does the same to NumPy arrays `f[0]`, `f[1]`, ... with parameters `p[0]`, ... out:
 * how the reference interpreter is itself held against real NumPy.
 */
import type { Axis, BinaryFn, DType, Expr, Program, Statement, UnaryFn, ViewRef } from '../../jit/program.js';
import { concrete } from '../../jit/types.js';
import { reducedType } from './reduce.js';

const UNARY: Record<UnaryFn, string> = {
  neg: 'np.negative',
  abs: 'np.abs',
  sqrt: 'np.sqrt',
  exp: 'np.exp',
  log: 'np.log',
  sin: 'np.sin',
  cos: 'np.cos',
  tan: 'np.tan',
  tanh: 'np.tanh',
  floor: 'np.floor',
  ceil: 'np.ceil',
  square: 'np.square',
  reciprocal: 'np.reciprocal',
  not: 'np.logical_not',
  invert: 'np.invert',
  sign: 'np.sign',
  trunc: 'np.trunc',
  rint: 'np.rint',
  cbrt: 'np.cbrt',
  exp2: 'np.exp2',
  expm1: 'np.expm1',
  log1p: 'np.log1p',
  log2: 'np.log2',
  log10: 'np.log10',
  asin: 'np.arcsin',
  acos: 'np.arccos',
  atan: 'np.arctan',
  sinh: 'np.sinh',
  cosh: 'np.cosh',
  asinh: 'np.arcsinh',
  acosh: 'np.arccosh',
  atanh: 'np.arctanh',
  isnan: 'np.isnan',
  isinf: 'np.isinf',
  isfinite: 'np.isfinite',
  signbit: 'np.signbit',
};
const DTYPES: Record<DType, string> = { f64: 'f8', f32: 'f4', i64: 'i8', i32: 'i4', bool: '?' };
const BINARY: Record<BinaryFn, string> = {
  add: 'np.add',
  sub: 'np.subtract',
  mul: 'np.multiply',
  div: 'np.divide',
  pow: 'np.power',
  minimum: 'np.minimum',
  maximum: 'np.maximum',
  lt: 'np.less',
  le: 'np.less_equal',
  gt: 'np.greater',
  ge: 'np.greater_equal',
  eq: 'np.equal',
  ne: 'np.not_equal',
  and: 'np.logical_and',
  or: 'np.logical_or',
  xor: 'np.logical_xor',
  fmin: 'np.fmin',
  fmax: 'np.fmax',
  copysign: 'np.copysign',
  heaviside: 'np.heaviside',
  nextafter: 'np.nextafter',
  fmod: 'np.fmod',
  atan2: 'np.arctan2',
  hypot: 'np.hypot',
  floordiv: 'np.floor_divide',
  mod: 'np.remainder',
  bitand: 'np.bitwise_and',
  bitor: 'np.bitwise_or',
  bitxor: 'np.bitwise_xor',
  shl: 'np.left_shift',
  shr: 'np.right_shift',
};

/** One line per statement. */
export function programToNumpy(program: Program): string {
  return program.statements.map(statementSource).join('\n');
}

function statementSource({ target, value, reduce, axes }: Statement): string {
  const source = exprSource(value);
  if (reduce === undefined) return `${targetSource(target)} = ${source}`;
  if (axes) return `${targetSource(target)} = np.${reduce}(np.array(${source}, order='C'), axis=(${axes.join(', ')},))`;
  // The exact sum, as the oracle's.
  const exact = reduce === 'sum' && reducedType(reduce, value.dtype) !== 'i64';
  const reduced = exact ? `math.fsum(np.ravel(${source}))` : `np.${reduce}(${source})`;
  return `${targetSource(target)} = ${reduced}`;
}

function exprSource(expr: Expr): string {
  switch (expr.op) {
    case 'load':
      return loadSource(expr.view);
    case 'param':
      return expr.dtype === 'weak' ? `p[${expr.index}]` : `${expr.dtype === 'bool' ? 'bool' : 'int'}(p[${expr.index}])`;
    case 'iota': {
      const { axis, start, step, dtype, shape } = expr;
      const index = `(${start} + ${step} * np.arange(${shape[axis] ?? 1})).reshape(${shape.length === 0 ? '()' : shape.join(', ')})`;
      return `${index}.astype('${DTYPES[dtype]}')`;
    }
    case 'unary':
      if (expr.fn === 'astype') return `np.asarray(${exprSource(expr.a)}).astype('${DTYPES[concrete(expr.dtype)]}')`;
      return `${UNARY[expr.fn]}(${exprSource(expr.a)})`;
    case 'binary':
      return `${BINARY[expr.fn]}(${exprSource(expr.a)}, ${exprSource(expr.b)})`;
    case 'where':
      return `np.where(${exprSource(expr.cond)}, ${exprSource(expr.a)}, ${exprSource(expr.b)})`;
  }
}

function loadSource(view: ViewRef): string {
  if (view.axes.length === 0) return `f[${view.slot}][()]`;
  let source = `f[${view.slot}]`;
  // Wrapped axes first, one np.take each, so that plain slicing is left for the rest.
  view.axes.forEach((axis, d) => {
    if (isWrapped(axis)) source = `np.take(${source}, ${wrappedIndices(axis)}, axis=${d}, mode='wrap')`;
  });
  return ordered(`${source}[${view.axes.map((axis) => (isWrapped(axis) ? ':' : axisSource(axis))).join(', ')}]`, view);
}

/** Dimensions in another order, new ones among them. */
function ordered(source: string, { axes, dims }: ViewRef): string {
  if (!dims) return source;
  const ranges = axes.flatMap((axis, d) => (axis.kind === 'range' ? [d] : []));
  const order = dims.filter((d) => d >= 0).map((d) => ranges.indexOf(d));
  const turned = order.length > 0 ? `${source}.transpose(${order.join(', ')})` : source;
  return `${turned}[${dims.map((d) => (d < 0 ? 'None' : ':')).join(', ') || '...'}]`;
}

function targetSource(view: ViewRef): string {
  if (view.axes.length === 0) return `f[${view.slot}][()]`;
  if (view.dims) return `${ordered(`f[${view.slot}][${view.axes.map(axisSource).join(', ')}]`, view)}[...]`;
  if (!view.axes.some(isWrapped)) return `f[${view.slot}][${view.axes.map(axisSource).join(', ')}]`;
  const lists = view.axes.map((axis, d) => {
    if (axis.kind === 'index') throw new Error('a wrapped target with an integer index has no NumPy spelling here');
    return `(${axis.start} + ${axis.step} * np.arange(${axis.count})) % f[${view.slot}].shape[${d}]`;
  });
  return `f[${view.slot}][np.ix_(${lists.join(', ')})]`;
}

function isWrapped(axis: Axis): boolean {
  return axis.kind === 'range' && axis.wrap === true;
}

function wrappedIndices(axis: Axis): string {
  return axis.kind === 'range' ? `${axis.start} + ${axis.step} * np.arange(${axis.count})` : `[${axis.at}]`;
}

function axisSource(axis: Axis): string {
  if (axis.kind === 'index') return `${axis.at}`;
  const { start, step, count } = axis;
  if (count === 0) return '0:0';
  const stop = start + step * count;
  // A stop below 0 would count from the end: the way to say "down to the first element" is to leave it out.
  return `${start}:${stop < 0 ? '' : stop}:${step}`;
}
