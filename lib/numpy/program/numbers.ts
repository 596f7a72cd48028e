/** Python's arithmetic and comparisons of numbers, strings, tuples and lists: values in, value or exception out. */
import { power } from '../../fold.js';
import type { ArithmeticOp } from '../ast.js';
import {
  type AnyNumber,
  comparable,
  isTrue,
  isWhole,
  numpyAbsolute,
  numpyArithmetic,
  numpyInverted,
  numpyNegative,
  pythonOf,
} from './numpy-numbers.js';
import { divmod } from './python-float.js';
import { integerDivmod } from './python-integer.js';
import type { CompareOp } from './syntax.js';
import {
  Callable,
  Dict,
  isArray,
  isNumber,
  isScalar,
  List,
  NumpyNumber,
  Raised,
  Range,
  type Scalar,
  Slice,
  Tuple,
  typeName,
  type Value,
} from './values.js';

/** An int of this many bits is refused: it is a runaway loop. */
const MOST_BITS = 1n << 20n;

/** What a list can hold here, and a string. */
const MOST_ITEMS = 2 ** 26;
const MOST_CHARACTERS = 2 ** 28;

export function arithmetic(op: ArithmeticOp, a: Value, b: Value): Value {
  if (isScalar(a) && isScalar(b)) {
    if (typeof a === 'number' || typeof b === 'number') return floats(op, float(a), float(b));
    if (typeof a === 'boolean' && typeof b === 'boolean' && (op === '&' || op === '|' || op === '^')) {
      return op === '&' ? a && b : op === '|' ? a || b : a !== b;
    }
    return integers(op, BigInt(a), BigInt(b));
  }
  if (isNumber(a) && isNumber(b)) return numpyArithmetic(op, a, b);
  if (op === '+') {
    if (typeof a === 'string' && typeof b === 'string') return a + b;
    if (a instanceof Tuple && b instanceof Tuple) return new Tuple([...a.items, ...b.items]);
    if (a instanceof List && b instanceof List) return new List([...a.items, ...b.items]);
  }
  if (op === '*') {
    const repeated = repeat(a, b) ?? repeat(b, a);
    if (repeated !== undefined) return repeated;
  }
  throw new Raised('TypeError', `unsupported operand type(s) for ${op}: '${typeName(a)}' and '${typeName(b)}'`);
}

/** As Python's float(x): an int beyond its range is an OverflowError. */
export function float(a: Scalar): number {
  const x = Number(a);
  if (typeof a === 'bigint' && !Number.isFinite(x))
    throw new Raised('OverflowError', 'int too large to convert to float');
  return x;
}

function repeat(a: Value, given: Value): Value | undefined {
  const times = given instanceof NumpyNumber && isWhole(given) ? given.value : given;
  if (typeof times !== 'bigint' && typeof times !== 'boolean') return undefined;
  const n = Math.max(0, Number(times));
  if (typeof a === 'string') {
    if (a.length * n > MOST_CHARACTERS) throw new Raised('MemoryError', `a string of ${a.length} times ${times}`);
    return a.repeat(n);
  }
  const items = a instanceof Tuple || a instanceof List ? a.items : undefined;
  if (!items) return undefined;
  if (items.length * n > MOST_ITEMS)
    throw new Raised('MemoryError', `a ${typeName(a)} of ${items.length} items ${times} times`);
  const all = Array.from({ length: n }, () => items).flat();
  return a instanceof Tuple ? new Tuple(all) : new List(all);
}

function integers(op: ArithmeticOp, a: bigint, b: bigint): Scalar {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      if (b === 0n) throw new Raised('ZeroDivisionError', 'division by zero');
      return quotient(a, b);
    case '//':
    case '%': {
      if (b === 0n) throw new Raised('ZeroDivisionError', 'integer division or modulo by zero');
      return integerDivmod(a, b)[op === '//' ? 0 : 1];
    }
    case '**':
      if (b < 0n) return floats('**', float(a), float(b));
      if (a !== 0n && a !== 1n && a !== -1n && BigInt(a.toString(2).length) * b > MOST_BITS) {
        throw new Raised('OverflowError', 'the power is too large');
      }
      return a ** b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '<<':
    case '>>':
      if (b < 0n) throw new Raised('ValueError', 'negative shift count');
      if (op === '<<' && b > MOST_BITS) throw new Raised('OverflowError', 'the shift is too large');
      return op === '<<' ? a << b : a >> b;
    case '@':
      throw new Raised('TypeError', "unsupported operand type(s) for @: 'int' and 'int'");
  }
}

const EXACT = BigInt(Number.MAX_SAFE_INTEGER);

/** a / b of ints, rounded once. */
function quotient(a: bigint, b: bigint): number {
  const size = (x: bigint): bigint => (x < 0n ? -x : x);
  if (size(a) <= EXACT && size(b) <= EXACT) return Number(a) / Number(b);
  // 64 or more bits of the quotient, a last one that says whether there is a rest, then Number rounds.
  const shift = BigInt(Math.max(0, 64 + size(b).toString(2).length - size(a).toString(2).length));
  const scaled = size(a) << shift;
  const whole = ((scaled / size(b)) << 1n) | (scaled % size(b) === 0n ? 0n : 1n);
  const result = Number(whole) / 2 ** (Number(shift) + 1);
  if (result === Infinity) throw new Raised('OverflowError', 'integer division result too large for a float');
  return a < 0n === b < 0n ? result : -result;
}

function floats(op: ArithmeticOp, a: number, b: number): number {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      if (b === 0) throw new Raised('ZeroDivisionError', 'float division by zero');
      return a / b;
    case '//':
    case '%': {
      if (b === 0) throw new Raised('ZeroDivisionError', op === '%' ? 'float modulo' : 'float floor division by zero');
      const [whole, rest] = divmod(a, b);
      return op === '//' ? whole : rest;
    }
    case '**':
      return floatPower(a, b);
    default:
      throw new Raised('TypeError', `unsupported operand type(s) for ${op}: 'float'`);
  }
}

function floatPower(a: number, b: number): number {
  if (a === 1 || b === 0) return 1; // also of nan
  if (a === 0 && b < 0) throw new Raised('ZeroDivisionError', '0.0 cannot be raised to a negative power');
  if (a < 0 && Number.isFinite(a) && Number.isFinite(b) && !Number.isInteger(b)) {
    throw new Raised('ValueError', 'a negative number to a fractional power is complex');
  }
  if (a === -1 && !Number.isFinite(b)) return Number.isNaN(b) ? b : 1;
  const result = power(a, b);
  if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b)) {
    throw new Raised('OverflowError', "(34, 'Numerical result out of range')");
  }
  return result;
}

export function negative(a: Value): AnyNumber {
  if (typeof a === 'number') return -a;
  if (a instanceof NumpyNumber) return numpyNegative(a);
  if (isScalar(a)) return -BigInt(a);
  throw new Raised('TypeError', `bad operand type for unary -: '${typeName(a)}'`);
}

export function absolute(a: Value): AnyNumber {
  if (typeof a === 'number') return Math.abs(a);
  if (a instanceof NumpyNumber) return numpyAbsolute(a);
  if (!isScalar(a)) throw new Raised('TypeError', `bad operand type for abs(): '${typeName(a)}'`);
  const n = BigInt(a);
  return n < 0n ? -n : n;
}

export function positive(a: Value): AnyNumber {
  if (a instanceof NumpyNumber) return a;
  if (isScalar(a)) return typeof a === 'boolean' ? BigInt(a) : a;
  throw new Raised('TypeError', `bad operand type for unary +: '${typeName(a)}'`);
}

export function inverted(a: Value): AnyNumber {
  if (a instanceof NumpyNumber) return numpyInverted(a);
  if (typeof a === 'bigint' || typeof a === 'boolean') return ~BigInt(a);
  throw new Raised('TypeError', `bad operand type for unary ~: '${typeName(a)}'`);
}

export function compare(op: CompareOp, a: Value, b: Value): boolean {
  switch (op) {
    case '==':
      return equal(a, b);
    case '!=':
      return !equal(a, b);
    case 'is':
      return same(a, b);
    case 'is not':
      return !same(a, b);
    case 'in':
      return contains(b, a);
    case 'not in':
      return !contains(b, a);
    default:
      return ordered(op, a, b);
  }
}

/** a op b as Python gives it: of NumPy's numbers a np.bool_. */
export function compared(op: CompareOp, a: Value, b: Value): Value {
  const holds = compare(op, a, b);
  if (!(a instanceof NumpyNumber || b instanceof NumpyNumber) || /[a-z]/.test(op)) return holds;
  return isNumber(a) && isNumber(b) ? new NumpyNumber('bool', holds) : holds;
}

function same(a: Value, b: Value): boolean {
  if (a instanceof Callable && b instanceof Callable && a.from !== 'user') return equal(a, b); // types
  return a === b || (typeof a === 'number' && typeof b === 'number' && Object.is(a, b));
}

export function equal(a: Value, b: Value): boolean {
  // JavaScript compares bigint and number exactly, as Python does.
  // biome-ignore lint/suspicious/noDoubleEquals: 1n == 1
  if (isScalar(a) && isScalar(b)) return plain(a) == plain(b);
  if (isNumber(a) && isNumber(b)) {
    const [x, y] = comparable(a, b);
    // biome-ignore lint/suspicious/noDoubleEquals: 1n == 1
    return x == y;
  }
  if (a instanceof Tuple && b instanceof Tuple) return equalItems(a.items, b.items);
  if (a instanceof List && b instanceof List) return equalItems(a.items, b.items);
  if (a instanceof Dict && b instanceof Dict) {
    const equalEntry = ([key, value]: readonly [Value, Value]): boolean => {
      const other = b.get(key);
      return other !== undefined && equal(value, other);
    };
    return a.size === b.size && a.entries().every(equalEntry);
  }
  if (a instanceof Slice && b instanceof Slice)
    return equal(a.start, b.start) && equal(a.stop, b.stop) && equal(a.step, b.step);
  if (a instanceof Range && b instanceof Range) return a.start === b.start && a.stop === b.stop && a.step === b.step;
  if (a instanceof Callable && b instanceof Callable && a.from !== 'user')
    return a.from === b.from && a.path === b.path;
  return a === b;
}

function equalItems(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((x, i) => equal(x, b[i] ?? null));
}

function plain(a: Scalar): bigint | number {
  return typeof a === 'boolean' ? Number(a) : a;
}

function ordered(op: '<' | '<=' | '>' | '>=', a: Value, b: Value): boolean {
  if (isScalar(a) && isScalar(b)) return holds(op, plain(a), plain(b));
  if (isNumber(a) && isNumber(b)) return holds(op, ...comparable(a, b));
  if (typeof a === 'string' && typeof b === 'string') return holds(op, a, b);
  const [x, y] = [a, b].map((v) => (v instanceof Tuple || v instanceof List ? v.items : undefined));
  if (x && y && a instanceof Tuple === b instanceof Tuple) {
    const at = x.findIndex((item, i) => i >= y.length || !equal(item, y[i] ?? null));
    if (at < 0) return holds(op, x.length, y.length);
    const [l, r] = [x[at], y[at]];
    return l === undefined || r === undefined ? holds(op, x.length, y.length) : ordered(op, l, r);
  }
  throw new Raised('TypeError', `'${op}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
}

function holds<T extends bigint | number | string>(op: '<' | '<=' | '>' | '>=', a: T, b: T): boolean {
  switch (op) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}

function contains(within: Value, given: Value): boolean {
  if (within instanceof Tuple || within instanceof List) return within.items.some((item) => equal(item, given));
  if (within instanceof Dict) return within.get(given) !== undefined;
  if (typeof within === 'string' && typeof given === 'string') return within.includes(given);
  if (within instanceof Range && isNumber(given)) {
    const { start, stop, step } = within;
    const a = pythonOf(given);
    if (typeof a === 'number' && !Number.isInteger(a)) return false;
    const at = BigInt(a);
    return (step > 0n ? at >= start && at < stop : at <= start && at > stop) && (at - start) % step === 0n;
  }
  throw new Raised('TypeError', `argument of type '${typeName(within)}' is not iterable`);
}

/** Python's truth of what is not an array. */
export function truth(value: Value): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'bigint':
      return value !== 0n;
    case 'number':
      return value !== 0;
    case 'string':
      return value !== '';
    default:
      if (value === null) return false;
      if (value instanceof NumpyNumber) return isTrue(value.value);
      if (value instanceof Tuple || value instanceof List) return value.items.length > 0;
      if (value instanceof Dict) return value.size > 0;
      if (value instanceof Range) return value.length > 0;
      if (isArray(value)) throw new Raised('ValueError', 'the truth value of an array is not known here');
      return true;
  }
}

/** A whole number for an index, a range or a shape. */
export function index(value: Value, what = ''): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return BigInt(value);
  if (value instanceof NumpyNumber && isWhole(value)) return BigInt(value.value);
  throw new Raised('TypeError', `${what}'${typeName(value)}' object cannot be interpreted as an integer`);
}
