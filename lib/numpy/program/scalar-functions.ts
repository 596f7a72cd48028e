/** Functions of plain numbers: NumPy's where no argument is an array, and the math module. */
import { foldBinary, foldUnary } from '../../fold.js';
import { BINARY_NAMES, FOLDED_NAMES, UNARY_NAMES } from '../functions.js';
import { fixed, scaled } from './decimal.js';
import { arithmetic, compare, float, index } from './numbers.js';
import { isScalar, List, Raised, type Scalar, Tuple, typeName, type Value } from './values.js';

/** Functions of ints that stay ints. */
const WHOLE = new Set([
  ...['abs', 'absolute', 'negative', 'square', 'sign', 'minimum', 'maximum'],
  ...['add', 'subtract', 'multiply', 'mod', 'remainder', 'floor_divide', 'fmod', 'fmin', 'fmax'],
  ...['floor', 'ceil', 'trunc'],
  ...['bitwise_and', 'bitwise_or', 'bitwise_xor', 'left_shift', 'right_shift', 'invert', 'bitwise_not', 'min', 'max'],
]);

/** What they give is true or false. */
const TRUTHS: ReadonlySet<string> = new Set([
  ...['lt', 'le', 'gt', 'ge', 'eq', 'ne', 'and', 'or', 'xor'],
  ...['not', 'isnan', 'isinf', 'isfinite', 'signbit'],
]);

/** np.name(args) where no argument is an array. */
export function numpyOfNumbers(name: string, args: readonly Value[]): Value {
  const numbers = args.map((arg) => {
    if (isScalar(arg)) return arg;
    const what =
      arg instanceof List || arg instanceof Tuple ? 'make an array of it first: np.array(...)' : typeName(arg);
    throw new Raised('TypeError', `np.${name} of a ${typeName(arg)}: ${what}`);
  });
  const [a, b, c] = numbers;
  const whole = WHOLE.has(name) && numbers.every((n) => typeof n === 'bigint');
  const result = (x: number): Scalar => (whole && Number.isSafeInteger(x) ? BigInt(x) : x);
  if (name === 'where' && a !== undefined && b !== undefined && c !== undefined) return a ? b : c;
  if (/^(round|around|round_)$/.test(name) && a !== undefined) {
    const unit = 10 ** Math.abs(Number(b ?? 0));
    const rint = (x: number): number => foldUnary('rint', x);
    if (typeof a === 'bigint' && Number(b ?? 0) >= 0) return a;
    return Number(b ?? 0) >= 0 ? rint(Number(a) * unit) / unit : rint(Number(a) / unit) * unit;
  }
  const unary = Object.hasOwn(UNARY_NAMES, name) ? UNARY_NAMES[name] : undefined;
  if (unary && a !== undefined && b === undefined) {
    const x = foldUnary(unary, Number(a));
    return TRUTHS.has(unary) ? x !== 0 : result(x);
  }
  const fn = Object.hasOwn(BINARY_NAMES, name) ? BINARY_NAMES[name] : FOLDED_NAMES[name];
  if (fn && a !== undefined && b !== undefined) {
    if (TRUTHS.has(fn)) return foldBinary(fn, Number(a), Number(b)) !== 0;
    if (fn === 'pow') return arithmetic('**', a, b);
    if (whole && ['floordiv', 'mod', 'fmod'].includes(fn) && b === 0n) return 0n; // NumPy's, with a warning
    return result(numbers.slice(1).reduce((x: number, y) => foldBinary(fn, x, Number(y)), Number(a)));
  }
  throw new Raised('TypeError', `np.${name} does not take ${args.length} numbers here`);
}

function whole(x: number, round: (x: number) => number): bigint {
  if (Number.isFinite(x)) return BigInt(round(x));
  throw new Raised(Number.isNaN(x) ? 'ValueError' : 'OverflowError', `cannot convert float ${x} to integer`);
}

type Math1 = (x: number) => number;
const positive =
  (f: Math1, least: number): Math1 =>
  (x) => {
    if (x < least || (x === least && least === 0 && f !== Math.sqrt))
      throw new Raised('ValueError', 'math domain error');
    return f(x);
  };

const MATH_OF_ONE: Readonly<Record<string, Math1>> = {
  sqrt: positive(Math.sqrt, 0),
  exp: Math.exp,
  expm1: Math.expm1,
  log: positive(Math.log, 0),
  log2: positive(Math.log2, 0),
  log10: positive(Math.log10, 0),
  log1p: positive(Math.log1p, -1),
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  cbrt: Math.cbrt,
  fabs: Math.abs,
  radians: (x) => x * (Math.PI / 180),
  degrees: (x) => x * (180 / Math.PI),
};

export const MATH_CONSTANTS: Readonly<Record<string, number>> = {
  pi: Math.PI,
  e: Math.E,
  tau: 2 * Math.PI,
  inf: Infinity,
  nan: NaN,
};

export const MATH_NAMES: readonly string[] = [
  ...Object.keys(MATH_OF_ONE),
  ...[
    'floor',
    'ceil',
    'trunc',
    'atan2',
    'hypot',
    'pow',
    'fmod',
    'copysign',
    'isnan',
    'isinf',
    'isfinite',
    'gcd',
    'isclose',
  ],
  ...['factorial', 'isqrt'],
];

/** math.name(args). */
export function math(name: string, args: readonly Value[]): Value {
  const real = (i: number): number => {
    const value = args[i];
    if (value !== undefined && isScalar(value)) return Number(value);
    throw new Raised(
      'TypeError',
      value === undefined ? `math.${name}: an argument is missing` : `must be real number, not ${typeName(value)}`,
    );
  };
  const one = Object.hasOwn(MATH_OF_ONE, name) ? MATH_OF_ONE[name] : undefined;
  if (one && args.length === 1) return finite(one(real(0)), real(0));
  switch (name) {
    case 'log': {
      const base = real(1);
      if (base === 2 || base === 10) return Math.log(real(0)) / Math.log(base);
      return positive(Math.log, 0)(real(0)) / positive(Math.log, 0)(base);
    }
    case 'floor':
    case 'ceil':
    case 'trunc':
      return typeof args[0] === 'bigint' ? args[0] : whole(real(0), Math[name]);
    case 'atan2':
      return Math.atan2(real(0), real(1));
    case 'hypot':
      return Math.hypot(...args.map((_, i) => real(i)));
    case 'pow':
      return Number(arithmetic('**', real(0), real(1)));
    case 'fmod':
      return real(0) % real(1);
    case 'copysign':
      return real(1) < 0 || Object.is(real(1), -0) ? -Math.abs(real(0)) : Math.abs(real(0));
    case 'isnan':
      return Number.isNaN(real(0));
    case 'isinf':
      return Math.abs(real(0)) === Infinity;
    case 'isfinite':
      return Number.isFinite(real(0));
    case 'isclose':
      return Math.abs(real(0) - real(1)) <= 1e-9 * Math.max(Math.abs(real(0)), Math.abs(real(1)));
    case 'gcd': {
      let [a, b] = [index(args[0] ?? null), index(args[1] ?? 0n)];
      while (b !== 0n) [a, b] = [b, a % b];
      return a < 0n ? -a : a;
    }
    case 'isqrt': {
      const n = index(args[0] ?? null);
      if (n < 0n) throw new Raised('ValueError', 'isqrt() argument must be nonnegative');
      let x = BigInt(Math.floor(Math.sqrt(Number(n))));
      while (x * x > n) x--;
      while ((x + 1n) * (x + 1n) <= n) x++;
      return x;
    }
    case 'factorial': {
      const n = index(args[0] ?? null);
      if (n < 0n || n > 10000n) throw new Raised('ValueError', 'factorial() of a number out of range');
      let product = 1n;
      for (let i = 2n; i <= n; i++) product *= i;
      return product;
    }
    default:
      throw new Raised('TypeError', `math.${name} does not take ${args.length} arguments here`);
  }
}

function finite(result: number, x: number): number {
  if (Number.isNaN(result) && !Number.isNaN(x)) throw new Raised('ValueError', 'math domain error');
  if (Math.abs(result) === Infinity && Number.isFinite(x)) throw new Raised('OverflowError', 'math range error');
  return result;
}

/** int(x), float(x), bool and str are in builtins.ts; these work on plain values only. */
export function toInt(value: Value): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return BigInt(value);
  if (typeof value === 'number') return whole(value, Math.trunc);
  if (typeof value === 'string' && /^\s*[-+]?\d+\s*$/.test(value)) return BigInt(value.trim().replace(/^\+/, ''));
  if (typeof value === 'string') throw new Raised('ValueError', `invalid literal for int() with base 10: '${value}'`);
  throw new Raised('TypeError', `int() argument must be a string or a real number, not '${typeName(value)}'`);
}

export function toFloat(value: Value): number {
  if (isScalar(value)) return float(value);
  if (typeof value === 'string') {
    const text = value.trim().toLowerCase();
    const special: Record<string, number> = { inf: Infinity, '+inf': Infinity, '-inf': -Infinity, nan: NaN };
    if (special[text] !== undefined) return special[text];
    if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/.test(text)) return Number(text);
    throw new Raised('ValueError', `could not convert string to float: '${value}'`);
  }
  throw new Raised('TypeError', `float() argument must be a string or a real number, not '${typeName(value)}'`);
}

/** round(x) gives an int, round(x, digits) the type of x; halves go to the even neighbour. */
export function rounded(value: Value, digits: Value): Value {
  if (digits === null) {
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) return whole(value, Math.round);
      const size = scaled(value, 0);
      return value < 0 ? -size : size;
    }
    return index(value);
  }
  const places = Number(index(digits));
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return value;
    if (places >= 0) return (value < 0 ? -1 : 1) * Number(fixed(value, Math.min(places, 330)));
    return (value < 0 ? -1 : 1) * Number(`${scaled(value, places)}e${-places}`);
  }
  const n = index(value);
  if (places >= 0) return n;
  const unit = 10n ** BigInt(-places);
  const rest = ((n % unit) + unit) % unit;
  const down = n - rest;
  const up = rest * 2n > unit || (rest * 2n === unit && (down / unit) % 2n !== 0n);
  return up ? down + unit : down;
}

/** min(...) or max(...) of plain values: the first of the least or greatest. */
export function extreme(name: 'min' | 'max', values: readonly Value[]): Value {
  const [first, ...rest] = values;
  if (first === undefined) throw new Raised('ValueError', `${name}() arg is an empty sequence`);
  return rest.reduce((best, value) => (compare(name === 'min' ? '<' : '>', value, best) ? value : best), first);
}
