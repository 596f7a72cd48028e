/** Functions of plain numbers: NumPy's where no argument is an array, and the math module. */
import type { BinaryFn, UnaryFn } from '../../../jit/program.js';
import { binaryType, concrete, isFloat, isInteger, operandType, promote, unaryType } from '../../../jit/types.js';
import { foldBinary, foldUnary } from '../../fold.js';
import { ARITHMETIC_OPS, type ArithmeticOp } from '../ast.js';
import { BINARY_FUNCTIONS } from '../binary-functions.js';
import { BINARY_NAMES, FOLDED_NAMES, UNARY_NAMES } from '../functions.js';
import { fixed, scaled } from './decimal.js';
import { arithmetic, compare, float, index, truth } from './numbers.js';
import {
  type AnyNumber,
  comparable,
  numpyAbsolute,
  numpyArithmetic,
  numpyInverted,
  numpyNegative,
  numpyNumber,
  pythonOf,
  typeOfNumber,
} from './numpy-numbers.js';
import { isNumber, List, NumpyNumber, Raised, Tuple, typeName, type Value } from './values.js';

/** Of np functions of two operands those that compute as an operator does. */
const OPERATORS: ReadonlyMap<BinaryFn, Exclude<ArithmeticOp, '@'>> = new Map(
  ARITHMETIC_OPS.flatMap((op) => (op === '@' ? [] : [[BINARY_FUNCTIONS[op], op] as const])),
);

/** A number of Python's as NumPy's functions take it: a float64, an int64 or a bool_. */
function asNumpy(value: AnyNumber): NumpyNumber {
  return value instanceof NumpyNumber ? value : numpyNumber(value, concrete(typeOfNumber(value)));
}

/** np.name(args) where no argument is an array: a number of NumPy's. */
export function numpyOfNumbers(name: string, args: readonly Value[]): Value {
  const numbers = args.map((arg) => {
    if (isNumber(arg)) return arg;
    const what =
      arg instanceof List || arg instanceof Tuple ? 'make an array of it first: np.array(...)' : typeName(arg);
    throw new Raised('TypeError', `np.${name} of a ${typeName(arg)}: ${what}`);
  });
  const [a, b, c] = numbers;
  if (name === 'where' && a !== undefined && b !== undefined && c !== undefined) {
    const common = concrete(promote(typeOfNumber(b), typeOfNumber(c)));
    return numpyNumber(pythonOf(truth(a) ? b : c), common);
  }
  if (/^(round|around|round_)$/.test(name) && a !== undefined)
    return roundedAsNumpy(asNumpy(a), Number(index(b ?? 0n)));
  const unary = Object.hasOwn(UNARY_NAMES, name) ? UNARY_NAMES[name] : undefined;
  if (unary && a !== undefined && b === undefined) return unaryOf(unary, name === 'fabs' ? floating(a) : asNumpy(a));
  const fn = Object.hasOwn(BINARY_NAMES, name) ? BINARY_NAMES[name] : FOLDED_NAMES[name];
  if (fn && a !== undefined && b !== undefined) {
    return numbers.slice(1).reduce((x: AnyNumber, y) => binaryOf(fn, x, y), a);
  }
  throw new Raised('TypeError', `np.${name} does not take ${args.length} numbers here`);
}

function floating(value: AnyNumber): NumpyNumber {
  const number = asNumpy(value);
  return isFloat(number.dtype) ? number : numpyNumber(number.value, 'f64');
}

function unaryOf(fn: UnaryFn, number: NumpyNumber): NumpyNumber {
  const { dtype, value } = number;
  if (fn === 'neg') return numpyNegative(number);
  if (fn === 'abs') return numpyAbsolute(number);
  if (fn === 'invert') return numpyInverted(number);
  const type = concrete(unaryType(fn, dtype));
  if (dtype === 'bool' && isFloat(type))
    throw new Raised('TypeError', 'of a bool NumPy gives a 16-bit float, which is not there: float(x) first');
  if (isFloat(type) || type === 'bool') return numpyNumber(foldUnary(fn, Number(value)), type);
  const n = BigInt(value);
  switch (fn) {
    case 'square':
      return numpyNumber(n * n, type);
    case 'sign':
      return numpyNumber(n > 0n ? 1n : n < 0n ? -1n : 0n, type);
    case 'reciprocal':
      return numpyNumber(n === 1n || n === -1n ? n : 0n, type);
    default:
      return number; // floor, ceil, trunc
  }
}

function binaryOf(fn: BinaryFn, a: AnyNumber, b: AnyNumber): NumpyNumber {
  const operator = OPERATORS.get(fn);
  if (operator)
    return numpyArithmetic(operator, a instanceof NumpyNumber || b instanceof NumpyNumber ? a : asNumpy(a), b);
  const type = concrete(binaryType(fn, typeOfNumber(a), typeOfNumber(b)));
  const within = operandType(fn, typeOfNumber(a), typeOfNumber(b));
  const [x, y] = within === 'bool' ? [truth(a) ? 1 : 0, truth(b) ? 1 : 0] : comparable(a, b);
  if (typeof x === 'bigint' && typeof y === 'bigint' && isInteger(type)) {
    if (fn === 'fmod') return numpyNumber(y === 0n ? 0n : x % y, type);
    const [low, high] = x < y ? [x, y] : [y, x];
    return numpyNumber(fn === 'minimum' || fn === 'fmin' ? low : high, type);
  }
  return numpyNumber(foldBinary(fn, Number(x), Number(y)), type);
}

/** As np.round: scaled, rounded to even, and scaled back. */
export function roundedAsNumpy(number: NumpyNumber, places: number): NumpyNumber {
  const { dtype, value } = number;
  if (!isFloat(dtype) && places >= 0) return number;
  const unit = 10 ** Math.abs(places);
  const rint = (x: number): number => foldUnary('rint', x);
  const round = dtype === 'f32' ? Math.fround : (x: number): number => x;
  const x = Number(value);
  return numpyNumber(places >= 0 ? round(rint(round(x * unit))) / unit : rint(round(x / unit)) * unit, dtype);
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
    if (value !== undefined && isNumber(value)) return Number(pythonOf(value));
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
  if (value instanceof NumpyNumber) return toInt(value.value);
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return BigInt(value);
  if (typeof value === 'number') return whole(value, Math.trunc);
  if (typeof value === 'string' && /^\s*[-+]?\d+\s*$/.test(value)) return BigInt(value.trim().replace(/^\+/, ''));
  if (typeof value === 'string') throw new Raised('ValueError', `invalid literal for int() with base 10: '${value}'`);
  throw new Raised('TypeError', `int() argument must be a string or a real number, not '${typeName(value)}'`);
}

export function toFloat(value: Value): number {
  if (isNumber(value)) return float(pythonOf(value));
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
  if (value instanceof NumpyNumber) {
    return digits === null ? rounded(value.value, null) : roundedAsNumpy(value, Number(index(digits)));
  }
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
