/** Which operators NumPy has for which elements: what it refuses is refused here, with what to write instead. */
import { type BinaryFn, type ExprType, isTest, type UnaryFn } from '../jit/program.js';
import { isComparison, isFloat, isInteger, operandType, unaryType } from '../jit/types.js';
import { QuadrilleError } from './errors.js';

const SIGNS: Partial<Record<BinaryFn | UnaryFn, string>> = {
  neg: '-',
  sub: '-',
  floordiv: '//',
  mod: '%',
  pow: '**',
  bitand: '&',
  bitor: '|',
  bitxor: '^',
  shl: '<<',
  shr: '>>',
  invert: '~',
};

/** NumPy computes these in an 8-bit integer (or a 16-bit float), which no field can hold. */
const NARROW = 'NumPy would give an 8-bit integer or 16-bit float, which fields do not have';

/** Throws BAD_OPERAND. */
export function checkUnary(fn: UnaryFn, a: ExprType): void {
  if (fn === 'invert' && isFloat(a)) {
    throw refused(
      fn,
      'floats',
      "compare with 0: a.eq(0), or in np text a == 0; ~ and 'not' are for conditions and integers",
    );
  }
  if (a !== 'bool' || fn === 'not' || fn === 'invert' || fn === 'abs' || fn === 'floor' || fn === 'ceil') return;
  if (fn === 'trunc' || isTest(fn)) return;
  if (fn === 'neg') throw refused(fn, 'booleans', 'a.not(), or in np text ~a');
  if (fn === 'sign') throw refused(fn, 'booleans', 'they are their own sign');
  const hint = `${NARROW}; convert first: a.astype('${unaryType(fn, a) === 'f64' ? 'f64' : 'i64'}')`;
  throw refused(fn, 'booleans', hint);
}

/** Throws BAD_OPERAND. */
export function checkBinary(fn: BinaryFn, a: ExprType, b: ExprType): void {
  if (isComparison(fn)) return;
  const meet = operandType(fn, a, b);
  switch (fn) {
    case 'sub':
      if (meet === 'bool') throw refused(fn, 'booleans', 'a.xor(b) or a.ne(b), in np text a ^ b');
      return;
    case 'floordiv':
    case 'mod':
    case 'fmod':
    case 'shl':
    case 'shr':
      if (meet === 'bool') throw refused(fn, 'booleans', `${NARROW}; convert first: a.astype('i64')`);
      if (fn === 'shl' || fn === 'shr') refuseFloats(fn, meet);
      return;
    case 'pow':
      if (meet === 'bool') throw refused(fn, 'booleans', `${NARROW}; convert first: a.astype('i64')`);
      if (isInteger(meet)) {
        // One negative exponent among them is an error in NumPy, which could only be seen when the kernel runs.
        const hint = "a whole number as the exponent, or floats: a.astype('f64').pow(b)";
        throw new QuadrilleError('BAD_OPERAND', 'Integers to the power of integer elements are not translated.', {
          hint,
        });
      }
      return;
    case 'bitand':
    case 'bitor':
    case 'bitxor':
      refuseFloats(fn, meet);
      return;
    case 'copysign':
    case 'heaviside':
    case 'nextafter':
    case 'atan2':
    case 'hypot':
      if (a === 'bool' && b === 'bool') throw refused(fn, 'booleans', `${NARROW}; convert first: a.astype('f64')`);
      return;
    default:
      return;
  }
}

function refuseFloats(fn: BinaryFn, meet: ExprType): void {
  if (!isFloat(meet)) return;
  throw refused(fn, 'floats', 'conditions are comparisons, in np text with brackets: (a > 0) & (b > 0)');
}

function refused(fn: BinaryFn | UnaryFn, what: string, hint: string): QuadrilleError {
  return new QuadrilleError('BAD_OPERAND', `NumPy has no ${SIGNS[fn] ?? fn} of ${what}.`, { hint });
}
