/** Exceptions of Python's: an error that stopped a statement in; its type and message, and what catches it, out. */
import { QuadrilleError } from '../../errors.js';
import { Raised } from './values.js';

/** Above each type its next one; above those without one Exception. */
const ABOVE: Readonly<Record<string, string | undefined>> = {
  Exception: undefined,
  ArithmeticError: 'Exception',
  ZeroDivisionError: 'ArithmeticError',
  OverflowError: 'ArithmeticError',
  FloatingPointError: 'ArithmeticError',
  LookupError: 'Exception',
  IndexError: 'LookupError',
  KeyError: 'LookupError',
  ValueError: 'Exception',
  TypeError: 'Exception',
  AttributeError: 'Exception',
  AssertionError: 'Exception',
  NameError: 'Exception',
  UnboundLocalError: 'NameError',
  RuntimeError: 'Exception',
  NotImplementedError: 'RuntimeError',
  StopIteration: 'Exception',
  OSError: 'Exception',
  IOError: 'Exception',
  FileNotFoundError: 'OSError',
};

/** Types that a program may name after except. */
export const EXCEPTIONS: readonly string[] = Object.keys(ABOVE);

/** What NumPy raises where arrays here are refused. */
const OF_ARRAYS: Readonly<Record<string, string>> = {
  INDEX_OUT_OF_RANGE: 'IndexError',
  TOO_MANY_SLICES: 'IndexError',
  SHAPE_MISMATCH: 'ValueError',
  BAD_SHAPE: 'ValueError',
  FILE_ACCESS: 'FileNotFoundError',
};

const raised = new WeakMap<QuadrilleError, Raised>();

/** Remembers what the error that shows it was. */
export function showing(error: QuadrilleError, exception: Raised): QuadrilleError {
  raised.set(error, exception);
  return error;
}

/** As Python has it; undefined of what no program can catch: what is not translated, and what went wrong here. */
export function exceptionOf(error: unknown): Raised | undefined {
  if (error instanceof Raised) return error;
  if (!(error instanceof QuadrilleError)) return undefined;
  const known = raised.get(error);
  if (known) return known;
  const type = Object.hasOwn(OF_ARRAYS, error.code) ? OF_ARRAYS[error.code] : undefined;
  return type === undefined ? undefined : new Raised(type, error.summary);
}

/** Does `except types` catch it? Without types it catches all. */
export function catches(types: readonly string[] | undefined, { type }: Raised): boolean {
  if (!types) return true;
  // Types of the program's own are Exceptions.
  for (let at: string | undefined = type; at !== undefined; at = Object.hasOwn(ABOVE, at) ? ABOVE[at] : 'Exception') {
    if (types.includes(at) || (at === 'OSError' && types.includes('IOError'))) return true;
  }
  return false;
}
