/** The functions that IEEE 754 does not fix: how each is called, on which numbers it is measured, and how far it may err. */
import {
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  cbrt,
  cos,
  cosh,
  type Expr,
  exp,
  exp2,
  expm1,
  hypot,
  log,
  log1p,
  log2,
  log10,
  type Operand,
  pow,
  sin,
  sinh,
  tan,
  tanh,
} from 'quadrille';

export type Float = 'f64' | 'f32';

/** Pairs of numbers; functions of one take the first. */
export type Point = readonly [number, number];

export interface Measured {
  readonly name: string;
  /** NumPy's names for it. */
  readonly numpy: readonly string[];
  readonly apply: (a: Operand, b: Operand) => Expr;
  readonly arguments: 1 | 2;
  /** What the docs say of `points`. */
  readonly domain: string;
  /** Point `k` of a sample, from numbers in [0, 1). */
  readonly points: (random: () => number, dtype: Float) => Point;
  /** Where it goes wrong first, if it does. */
  readonly edges: readonly number[];
  /** Greatest error in units in the last place, which tests assert. */
  readonly bound: Readonly<Record<Float, number>>;
}

const EXPONENTS = { f64: [-1074, 1023.999], f32: [-149, 127.999] } as const;

/** Of any sign and magnitude, denormals included. */
function anything(random: () => number, dtype: Float, least = -Infinity, most = Infinity): number {
  const [lo, hi] = EXPONENTS[dtype];
  const from = Math.max(lo, least);
  const size = 2 ** (from + random() * (Math.min(hi, most) - from));
  return random() < 0.5 ? -size : size;
}

/** Half from [lo, hi], half of any magnitude with logarithms between `least` and `most`, in a sign of the domain's. */
function real(
  lo: number,
  hi: number,
  { least = -Infinity, most = Infinity, positive = false } = {},
): Measured['points'] {
  return (random, dtype) => {
    if (random() < 0.5) return [lo + random() * (hi - lo), 0];
    const x = anything(random, dtype, least, most);
    return [positive ? Math.abs(x) : x, 0];
  };
}

const TURNS = Array.from({ length: 400 }, (_, k) => (k * Math.PI) / 4);
const OVERFLOWS = [709.78, 709.79, 710.4, 710.47, 88.72, 88.73, 89.4, 89.41, -745.1, -708.4, -103.9, -87.3];

const UNARY = {
  ...{ exp, exp2, expm1, log, log1p, log2, log10, cbrt },
  ...{ sin, cos, tan, asin, acos, atan },
  ...{ sinh, cosh, tanh, asinh, acosh, atanh },
};

export const FUNCTIONS: readonly Measured[] = [
  unary('exp', ['exp'], 'all', real(-104, 104, { most: 9.5 }), 1, OVERFLOWS),
  unary('exp2', ['exp2'], 'all', real(-150, 150, { most: 10 }), 1, [1023.999, -1074, -1022.5, 127.999, -149, -126.5]),
  unary('expm1', ['expm1'], 'all', real(-4, 4, { most: 9.5 }), 1, OVERFLOWS),
  unary('log', ['log'], 'x > 0', real(0, 4, { positive: true }), 1),
  unary(
    'log1p',
    ['log1p'],
    'x > -1',
    (random, dtype) => log1pPoint(random, dtype),
    1.1,
    [1e307, 1.79e308, 1.5e38, 3.4e38],
  ),
  unary('log2', ['log2'], 'x > 0', real(0, 4, { positive: true }), 1),
  unary('log10', ['log10'], 'x > 0', real(0, 4, { positive: true }), 1),
  unary('cbrt', ['cbrt'], 'all', real(-50, 50), [2, 1]),
  unary('sin', ['sin'], 'all', real(-50, 50), [2, 1], TURNS),
  unary('cos', ['cos'], 'all', real(-50, 50), [3, 1], TURNS),
  unary('tan', ['tan'], 'all', real(-50, 50), [3, 1], TURNS),
  unary('asin', ['arcsin', 'asin'], '[-1, 1]', real(-1, 1, { most: 0 }), 1),
  unary('acos', ['arccos', 'acos'], '[-1, 1]', real(-1, 1, { most: 0 }), 1),
  unary('atan', ['arctan', 'atan'], 'all', real(-5, 5), 1),
  unary('sinh', ['sinh'], 'all', real(-5, 5, { most: 9.6 }), [1.1, 1.25], OVERFLOWS),
  unary('cosh', ['cosh'], 'all', real(-5, 5, { most: 9.6 }), [1.1, 1.25], OVERFLOWS),
  unary('tanh', ['tanh'], 'all', real(-5, 5), 1.1),
  unary('asinh', ['arcsinh', 'asinh'], 'all', real(-5, 5), 1.1),
  unary('acosh', ['arccosh', 'acosh'], 'x >= 1', real(1, 5, { least: 0, positive: true }), 1.1),
  unary('atanh', ['arctanh', 'atanh'], '[-1, 1]', real(-1, 1, { most: 0 }), 1.1),
  binary('pow', ['power', 'pow'], pow, 'x > 0, result finite', powPoint, 1),
  binary('atan2', ['arctan2', 'atan2'], atan2, 'all', plane(1), 1.5),
  binary('hypot', ['hypot'], hypot, 'result finite', plane(0.999), 1),
];

function unary(
  name: keyof typeof UNARY,
  numpy: readonly string[],
  domain: string,
  points: Measured['points'],
  bound: number | readonly [f64: number, f32: number],
  edges: readonly number[] = [],
): Measured {
  const [f64, f32] = typeof bound === 'number' ? [bound, bound] : bound;
  return { name, numpy, apply: (a) => UNARY[name](a), arguments: 1, domain, points, edges, bound: { f64, f32 } };
}

function binary(
  name: string,
  numpy: readonly string[],
  apply: Measured['apply'],
  domain: string,
  points: Measured['points'],
  bound: number,
): Measured {
  return { name, numpy, apply, arguments: 2, domain, points, edges: [], bound: { f64: bound, f32: bound } };
}

function log1pPoint(random: () => number, dtype: Float): Point {
  if (random() < 0.5) return [-1 + random() * 3, 0];
  const x = anything(random, dtype);
  return [x <= -1 ? -x : x, 0];
}

/** Powers that neither overflow nor vanish. */
function powPoint(random: () => number, dtype: Float): Point {
  if (random() < 0.5) return [random() * 10, -5 + random() * 10];
  const x = Math.abs(anything(random, dtype));
  const room = (dtype === 'f64' ? 1020 : 124) / Math.max(Math.abs(Math.log2(x)), 1e-9);
  return [x, (2 * random() - 1) * Math.min(room, 1e9)];
}

function plane(reach: number): Measured['points'] {
  return (random, dtype) => {
    if (random() < 0.5) return [10 * random() - 5, 10 * random() - 5];
    const most = EXPONENTS[dtype][1] * reach;
    return [anything(random, dtype, -Infinity, most), anything(random, dtype, -Infinity, most)];
  };
}
