/**
 * NumPy's own numbers (np.float32(x), np.sqrt(2.0), an element that was waited for): their arithmetic, comparisons and
 * conversions by NumPy 2's rules of types. Nothing raises ZeroDivisionError here, and integers wrap around.
 */
import type { DType, ExprType } from '../../../jit/program.js';
import { binaryType, concrete, isFloat, isInteger, promote } from '../../../jit/types.js';
import { power } from '../../fold.js';
import type { ArithmeticOp } from '../ast.js';
import { BINARY_FUNCTIONS } from '../binary-functions.js';
import { divmod } from './python-float.js';
import { integerDivmod } from './python-integer.js';
import { NumpyNumber, Raised, type Scalar } from './values.js';

export type AnyNumber = Scalar | NumpyNumber;

const WIDTH = { i64: 64, i32: 32 } as const;

/** A number as one of `dtype`: rounded to f32, wrapped around to integers. */
export function numpyNumber(value: Scalar, dtype: DType): NumpyNumber {
  switch (dtype) {
    case 'f64':
      return new NumpyNumber('f64', Number(value));
    case 'f32':
      return new NumpyNumber('f32', Math.fround(Number(value)));
    case 'bool':
      return new NumpyNumber('bool', isTrue(value));
    default:
      return new NumpyNumber(dtype, BigInt.asIntN(WIDTH[dtype], whole(value, dtype)));
  }
}

/** NaN is true. */
export function isTrue(value: Scalar): boolean {
  return typeof value === 'boolean' ? value : value !== 0 && value !== 0n;
}

/** Towards zero; of what is no number the least integer, as NumPy on x86. */
function whole(value: Scalar, dtype: 'i64' | 'i32'): bigint {
  if (typeof value !== 'number') return BigInt(value);
  const least = -(1n << BigInt(WIDTH[dtype] - 1));
  if (!Number.isFinite(value)) return least;
  const n = BigInt(Math.trunc(value));
  return n < least || n >= -least ? least : n;
}

/** The type a number counts as beside others. */
export function typeOfNumber(value: AnyNumber): ExprType {
  if (value instanceof NumpyNumber) return value.dtype;
  return typeof value === 'number' ? 'weak' : typeof value === 'bigint' ? 'weakint' : 'bool';
}

/** What Python would make of it: a float, an int or a bool. */
export function pythonOf(value: AnyNumber): Scalar {
  return value instanceof NumpyNumber ? value.value : value;
}

/** A Python int that the other's type cannot hold is refused, as NumPy 2 does. */
function checkFits(value: AnyNumber, type: ExprType): void {
  if (typeof value !== 'bigint' || (type !== 'i32' && type !== 'i64')) return;
  if (BigInt.asIntN(WIDTH[type], value) !== value)
    throw new Raised(
      'OverflowError',
      `Python integer ${value} out of bounds for ${type === 'i32' ? 'int32' : 'int64'}`,
    );
}

/** a op b, of which one at least is NumPy's. */
export function numpyArithmetic(op: ArithmeticOp, a: AnyNumber, b: AnyNumber): NumpyNumber {
  if (op === '@') throw new Raised('ValueError', 'matmul: the operands have no dimensions');
  const type = concrete(binaryType(BINARY_FUNCTIONS[op], typeOfNumber(a), typeOfNumber(b)));
  if (type === 'bool') return new NumpyNumber('bool', truths(op, Boolean(pythonOf(a)), Boolean(pythonOf(b))));
  for (const one of [a, b]) checkFits(one, type);
  if (isFloat(type)) {
    const round = type === 'f32' ? Math.fround : (x: number): number => x;
    const [x, y] = [round(Number(pythonOf(a))), round(Number(pythonOf(b)))];
    return new NumpyNumber(type, floats(op, x, y, round));
  }
  return numpyNumber(integers(op, BigInt(pythonOf(a)), BigInt(pythonOf(b)), WIDTH[type]), type);
}

function truths(op: ArithmeticOp, a: boolean, b: boolean): boolean {
  switch (op) {
    case '+':
    case '|':
      return a || b;
    case '*':
    case '&':
      return a && b;
    case '^':
      return a !== b;
    case '-':
      throw new Raised('TypeError', 'numpy boolean subtract, the `-` operator, is not supported: use ^');
    default:
      throw new Raised('TypeError', `'${op}' of two np.bool_ gives 8-bit integers, which are not there: int(x) first`);
  }
}

function floats(op: ArithmeticOp, a: number, b: number, round: (x: number) => number): number {
  switch (op) {
    case '+':
      return round(a + b);
    case '-':
      return round(a - b);
    case '*':
      return round(a * b);
    case '/':
      return round(a / b);
    case '//':
      return b === 0 ? a / b : divmod(a, b, round)[0];
    case '%':
      return b === 0 ? Number.NaN : divmod(a, b, round)[1];
    case '**':
      return round(power(a, b));
    default:
      throw new Raised('TypeError', `ufunc '${op}' not supported for floats`);
  }
}

function integers(op: ArithmeticOp, a: bigint, b: bigint, width: number): bigint {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '//':
    case '%': {
      if (b === 0n) return 0n;
      return integerDivmod(a, b)[op === '//' ? 0 : 1];
    }
    case '**':
      if (b < 0n) throw new Raised('ValueError', 'Integers to negative integer powers are not allowed.');
      return integerPower(a, b, width);
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '<<':
      return b < 0n || b >= BigInt(width) ? 0n : a << b;
    case '>>':
      return b < 0n || b >= BigInt(width) ? (a < 0n ? -1n : 0n) : a >> b;
    default:
      throw new Raised('TypeError', `'${op}' of integers`);
  }
}

/** By repeated squaring, wrapped around. */
function integerPower(a: bigint, exponent: bigint, width: number): bigint {
  let [result, square] = [1n, a];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = BigInt.asIntN(width, result * square);
    square = BigInt.asIntN(width, square * square);
  }
  return result;
}

/** Both as numbers that can be compared: rounded to the type that they are compared in. */
export function comparable(a: AnyNumber, b: AnyNumber): [number | bigint, number | bigint] {
  const common = promote(typeOfNumber(a), typeOfNumber(b));
  const plain = (value: AnyNumber): number | bigint => {
    const python = pythonOf(value);
    if (common === 'f32') return Math.fround(Number(python));
    if (isFloat(common)) return Number(python);
    return typeof python === 'boolean' ? Number(python) : python;
  };
  return [plain(a), plain(b)];
}

/** -x, of NumPy's. */
export function numpyNegative({ dtype, value }: NumpyNumber): NumpyNumber {
  if (typeof value === 'boolean')
    throw new Raised('TypeError', 'the numpy boolean negative, the `-` operator, is not supported: use ~');
  return numpyNumber(-value, dtype);
}

export function numpyAbsolute(number: NumpyNumber): NumpyNumber {
  const { dtype, value } = number;
  if (typeof value === 'boolean') return number;
  return numpyNumber(typeof value === 'number' ? Math.abs(value) : value < 0n ? -value : value, dtype);
}

export function numpyInverted({ dtype, value }: NumpyNumber): NumpyNumber {
  if (typeof value === 'number') throw new Raised('TypeError', "ufunc 'invert' not supported for floats");
  return typeof value === 'boolean' ? new NumpyNumber('bool', !value) : numpyNumber(~value, dtype);
}

export function isWhole(value: NumpyNumber): boolean {
  return isInteger(value.dtype);
}
