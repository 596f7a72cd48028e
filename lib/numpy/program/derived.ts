/** Functions of NumPy that are formulas of others: arrays and numbers in, the array or number they make out. */

import { concrete } from '../../../jit/types.js';
import * as assemble from '../../assemble.js';
import * as create from '../../create.js';
import type { Expr, Operand } from '../../expr.js';
import { isnan, max, maximum, min, minimum, where } from '../../functions.js';
import { mean, sum } from '../../reduction-functions.js';
import { reshapedCopy } from '../../reshape.js';
import { Arguments, type Keywords } from './arguments.js';
import { arraysIn, asExpr } from './creation.js';
import { index } from './numbers.js';
import { pythonOf } from './numpy-numbers.js';
import { isArray, isNumber, List, Raised, Tuple, typeName, type Value } from './values.js';

type Make = (args: readonly Value[], keywords: Keywords) => Value;

function operand(value: Value): Operand {
  if (isArray(value)) return value;
  return isNumber(value) ? Number(pythonOf(value)) : asExpr(value);
}

function flat(value: Expr): Expr {
  return value.shape.length === 1 ? value : reshapedCopy(value, [-1]);
}

const trapezoid: Make = (args, keywords) => {
  const given = new Arguments('np.trapz', args, keywords, ['y', 'x', 'dx', 'axis']);
  const y = asExpr(given.get('y'));
  const axis = Number(given.integer('axis', -1n));
  const dim = axis < 0 ? axis + y.shape.length : axis;
  const part = (of: Expr, slice: string): Expr => of.at(...of.shape.map((_, d) => (d === dim ? slice : ':')));
  const x = given.get('x', null);
  if (x !== null && (asExpr(x).shape.length !== 1 || y.shape.length !== 1))
    throw new Raised('ValueError', 'np.trapz with x= takes arrays of one dimension here; dx= any');
  const d: Operand = x === null ? given.number('dx', 1) : asExpr(x).at('1:').sub(asExpr(x).at(':-1'));
  const area = part(y, '1:').add(part(y, ':-1')).mul(d).div(2);
  return y.shape.length === 1 ? sum(area) : sum(area, { axis: dim });
};

function band(keeps: (row: Expr, column: Expr) => Expr): Make {
  return ([given = null, k = 0n]) => {
    const value = asExpr(given);
    const [n = 0, m = 0] = value.shape.slice(-2);
    const rows = create.arange(0, n, 1, 'i64').add(Number(index(k)));
    return where(keeps(rows.reshape(n, 1), create.arange(0, m, 1, 'i64')), value, 0);
  };
}

const diag: Make = ([given = null, offset = 0n]) => {
  const value = asExpr(given);
  const k = Number(index(offset));
  const dtype = concrete(value.dtype);
  if (value.shape.length === 1) {
    const n = (value.shape[0] ?? 0) + Math.abs(k);
    const made = create.zeros([n, n], dtype);
    for (let i = 0; i < (value.shape[0] ?? 0); i++) made.at(i + Math.max(0, -k), i + Math.max(0, k)).set(value.at(i));
    return made;
  }
  const [n = 0, m = 0] = value.shape;
  const count = Math.max(0, Math.min(n + Math.min(0, k), m - Math.max(0, k)));
  const made = create.empty([count], dtype);
  for (let i = 0; i < count; i++) made.at(i).set(value.at(i + Math.max(0, -k), i + Math.max(0, k)));
  return made;
};

function repetitions(value: Value): number[] {
  return (value instanceof Tuple || value instanceof List ? value.items : [value]).map((n) => Number(index(n)));
}

const tile: Make = ([given = null, reps = null]) => {
  const times = repetitions(reps);
  const one = asExpr(given);
  const dims = Math.max(one.shape.length, times.length);
  let value = one.reshape(...Array.from({ length: dims - one.shape.length }, () => 1), ...one.shape);
  times.reverse().forEach((n, back) => {
    value = assemble.concatenate(
      Array.from({ length: n }, () => value),
      dims - 1 - back,
    );
  });
  return value;
};

const repeat: Make = (args, keywords) => {
  const given = new Arguments('np.repeat', args, keywords, ['a', 'repeats', 'axis']);
  const axis = given.get('axis', null);
  const value = axis === null ? flat(asExpr(given.get('a'))) : asExpr(given.get('a'));
  const dim = axis === null ? 0 : Number(index(axis)) + (Number(index(axis)) < 0 ? value.shape.length : 0);
  const times = Number(given.integer('repeats'));
  const shape = value.shape.map((n, d) => (d === dim ? n * times : n));
  const made = create.empty(shape, concrete(value.dtype));
  for (let k = 0; k < times; k++)
    made.at(...shape.map((n, d): string | [number, number, number] => (d === dim ? [k, n, times] : ':'))).set(value);
  return made;
};

function itemsOf(value: Value): readonly Value[] {
  if (value instanceof List || value instanceof Tuple) return value.items;
  throw new Raised('TypeError', `np.select takes lists, not '${typeName(value)}'`);
}

/** By name, without np. */
export const DERIVED: Readonly<Record<string, Make>> = {
  trapz: trapezoid,
  trapezoid,
  diag,
  tile,
  repeat,
  tril: band((row, column) => column.le(row)),
  triu: band((row, column) => column.ge(row)),
  outer: ([a = null, b = null]) => {
    const [x, y] = [flat(asExpr(a)), flat(asExpr(b))];
    return x.reshape(x.shape[0] ?? 0, 1).mul(y);
  },
  append: (args, keywords) => {
    const given = new Arguments('np.append', args, keywords, ['arr', 'values', 'axis']);
    const [a, b] = [given.get('arr'), given.get('values')].map((value) =>
      isNumber(value) ? asExpr(new List([value])) : asExpr(value),
    );
    if (!a || !b) throw new Raised('TypeError', 'np.append takes two arrays');
    const axis = given.get('axis', null);
    const one = (value: Expr): Expr => (value.shape.length === 0 ? value.reshape(1) : flat(value));
    return axis === null ? assemble.concatenate([one(a), one(b)]) : assemble.concatenate([a, b], Number(index(axis)));
  },
  average: (args, keywords) => {
    const given = new Arguments('np.average', args, keywords, ['a', 'axis', 'weights']);
    const [a, weights] = [asExpr(given.get('a')), given.get('weights', null)];
    if (given.get('axis', null) !== null)
      throw new Raised('TypeError', 'np.average along an axis is not there: np.mean');
    return weights === null ? mean(a) : sum(a.mul(operand(weights))).div(sum(asExpr(weights)));
  },
  ptp: ([a = null]) => max(asExpr(a)).sub(min(asExpr(a))),
  nan_to_num: (args, keywords) => {
    const given = new Arguments('np.nan_to_num', args, keywords, ['x', 'copy', 'nan', 'posinf', 'neginf']);
    const x = asExpr(given.get('x'));
    if (concrete(x.dtype) !== 'f64') throw new Raised('TypeError', 'np.nan_to_num takes arrays of float64 here');
    const [high, low] = [given.get('posinf', null), given.get('neginf', null)];
    if (high !== null || low !== null) throw new Raised('TypeError', 'np.nan_to_num takes no posinf= and neginf= here');
    const finite = maximum(minimum(x, Number.MAX_VALUE), -Number.MAX_VALUE);
    return where(isnan(x), given.number('nan', 0), finite);
  },
  select: (args, keywords) => {
    const given = new Arguments('np.select', args, keywords, ['condlist', 'choicelist', 'default']);
    const [conditions, choices] = [itemsOf(given.get('condlist')), itemsOf(given.get('choicelist'))];
    if (conditions.length !== choices.length)
      throw new Raised('ValueError', 'list of cases must be same length as list of conditions');
    const otherwise = given.get('default', 0n);
    let chosen: Operand = operand(otherwise);
    for (let i = conditions.length - 1; i >= 0; i--)
      chosen = where(operand(conditions[i] ?? null), operand(choices[i] ?? null), chosen);
    return typeof chosen === 'object' ? chosen : otherwise;
  },
  column_stack: ([arrays = null]) =>
    assemble.concatenate(
      arraysIn(arrays).map((one) => (one.shape.length === 1 ? one.reshape(one.shape[0] ?? 0, 1) : one)),
      1,
    ),
  dstack: ([arrays = null]) =>
    assemble.concatenate(
      arraysIn(arrays).map((one) => {
        const [n = 0, m = 0] = one.shape;
        return one.shape.length === 1 ? one.reshape(1, n, 1) : one.shape.length === 2 ? one.reshape(n, m, 1) : one;
      }),
      2,
    ),
};
