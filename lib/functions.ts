/** Elementwise functions under NumPy's names: operands in, an expression out. Numbers among themselves are folded. */
import type { BinaryFn } from '../jit/program.js';
import { QuadrilleError } from './errors.js';
import { binary, type Expr, exprOf, type Operand, power, treeOf, unary, whereTree } from './expr.js';

/** `condition ? a : b` for every element; all three broadcast. */
export function where(condition: Operand, a: Operand, b: Operand): Expr {
  return exprOf(whereTree(treeOf('where', condition), treeOf('where', a), treeOf('where', b)));
}

/** The lesser of two operands, elementwise; NaN if either is NaN. */
export function minimum(a: Operand, b: Operand): Expr {
  return binary('minimum', a, b);
}

/** The greater of two operands, elementwise; NaN if either is NaN. */
export function maximum(a: Operand, b: Operand): Expr {
  return binary('maximum', a, b);
}

/** Least of two or more operands, elementwise. */
export function min(...operands: Operand[]): Expr {
  return fold('minimum', 'min', operands);
}

/** Greatest of two or more operands, elementwise. */
export function max(...operands: Operand[]): Expr {
  return fold('maximum', 'max', operands);
}

function fold(fn: BinaryFn, name: string, operands: readonly Operand[]): Expr {
  const [first, second, ...rest] = operands;
  if (first === undefined || second === undefined) {
    throw new QuadrilleError(
      'BAD_OPERAND',
      `${name} of one operand would reduce it to a number; that is not there yet.`,
      {
        expected: `two or more operands: ${name}(a, b)`,
      },
    );
  }
  return rest.reduce((least: Expr, next) => binary(fn, least, next), binary(fn, first, second));
}

export function sqrt(a: Operand): Expr {
  return unary('sqrt', a);
}
export function exp(a: Operand): Expr {
  return unary('exp', a);
}
/** Natural logarithm. */
export function log(a: Operand): Expr {
  return unary('log', a);
}
export function sin(a: Operand): Expr {
  return unary('sin', a);
}
export function cos(a: Operand): Expr {
  return unary('cos', a);
}
export function tan(a: Operand): Expr {
  return unary('tan', a);
}
export function tanh(a: Operand): Expr {
  return unary('tanh', a);
}
export function floor(a: Operand): Expr {
  return unary('floor', a);
}
export function ceil(a: Operand): Expr {
  return unary('ceil', a);
}
export function abs(a: Operand): Expr {
  return unary('abs', a);
}
/** a * a. */
export function square(a: Operand): Expr {
  return unary('square', a);
}
/** As NumPy's `a ** b`. */
export function pow(a: Operand, b: Operand): Expr {
  return power(a, b);
}
