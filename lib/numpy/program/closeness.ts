/** np.isclose, np.allclose and np.array_equal: arrays or numbers in, what NumPy 2 says of them out. */
import { type Expr, pythonFloat } from '../../expr.js';
import { abs, isfinite, isnan } from '../../functions.js';
import { all } from '../../reduction-functions.js';
import { Arguments, type Keywords } from './arguments.js';
import type { Builtin } from './builtin.js';
import { pythonOf } from './numpy-numbers.js';
import { isArray, isNumber, Raised, typeName, type Value } from './values.js';

/** What counts as close: |a - b| <= atol + rtol |b|. Two NaN where `equalNan`. */
interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
  readonly equalNan: boolean;
}

type PlainNumber = number | bigint | boolean;

function operandOf(value: Value, callee: string): Expr | PlainNumber {
  if (isArray(value)) return value;
  if (isNumber(value)) return pythonOf(value);
  throw new Raised('TypeError', `${callee}() takes arrays and numbers, not '${typeName(value)}'`);
}

/** Infinities are close to themselves alone. */
function closeNumbers(x: number, y: number, { rtol, atol, equalNan }: Tolerance): boolean {
  if (Number.isNaN(x) && Number.isNaN(y)) return equalNan;
  return x === y || (Number.isFinite(y) && Math.abs(x - y) <= atol + rtol * Math.abs(y));
}

function closeToNumber(x: Expr, y: number, { rtol, atol, equalNan }: Tolerance): Expr {
  if (Number.isNaN(y)) return equalNan ? isnan(x) : isnan(x).and(false);
  const float = pythonFloat(y); // also where x holds integers or truths
  if (!Number.isFinite(y)) return x.eq(float);
  return abs(x.sub(float))
    .le(atol + rtol * Math.abs(y))
    .or(x.eq(float));
}

function closeToArray(x: Expr | PlainNumber, given: Expr, { rtol, atol, equalNan }: Tolerance): Expr {
  const y = given.dtype === 'f32' ? given : given.astype('f64'); // as NumPy: integers and truths are doubles
  const near = abs(y.sub(x)) // as |x - y|, to the bit
    .le(abs(y).mul(rtol).add(atol))
    .and(isfinite(y))
    .or(y.eq(x));
  if (!equalNan) return near;
  const bothNaN = typeof x === 'object' ? isnan(x).and(isnan(y)) : isnan(y).and(Number.isNaN(x));
  return near.or(bothNaN);
}

function isClose(callee: string, args: readonly Value[], keywords: Keywords): Expr | boolean {
  const given = new Arguments(callee, args, keywords, ['a', 'b', 'rtol', 'atol', 'equal_nan']);
  const tolerance = {
    rtol: given.number('rtol', 1e-5),
    atol: given.number('atol', 1e-8),
    equalNan: given.boolean('equal_nan', false),
  };
  const [x, y] = [operandOf(given.get('a'), callee), operandOf(given.get('b'), callee)];
  if (typeof y === 'object') return closeToArray(x, y, tolerance);
  if (typeof x === 'object') return closeToNumber(x, Number(y), tolerance);
  return closeNumbers(Number(x), Number(y), tolerance);
}

function arrayEqual(args: readonly Value[], keywords: Keywords): Expr | boolean {
  const given = new Arguments('array_equal', args, keywords, ['a1', 'a2']);
  const [x, y] = [operandOf(given.get('a1'), 'array_equal'), operandOf(given.get('a2'), 'array_equal')];
  const shape = (value: Expr | PlainNumber): string => (typeof value === 'object' ? value.shape.join() : '');
  if (shape(x) !== shape(y)) return false;
  if (typeof x === 'object') return all(x.eq(y));
  return typeof y === 'object' ? all(y.eq(x)) : x === y;
}

export const CLOSENESS: Readonly<Record<string, Builtin>> = {
  isclose: { run: (args, keywords) => isClose('isclose', args, keywords) },
  allclose: {
    run: (args, keywords) => {
      const close = isClose('allclose', args, keywords);
      return typeof close === 'boolean' ? close : all(close);
    },
  },
  array_equal: { run: arrayEqual },
};
