/** NumPy's functions that make arrays: the arguments of a program in, the library's creation functions called. */

import type { DType } from '../../../jit/program.js';
import { concrete } from '../../../jit/types.js';
import * as assemble from '../../assemble.js';
import * as create from '../../create.js';
import type { Expr } from '../../expr.js';
import { Field } from '../../field.js';
import { Arguments, type Keywords } from './arguments.js';
import { materialise, storageOf, whole } from './arrays.js';
import { index } from './numbers.js';
import { type AnyNumber, numpyNumber, pythonOf, typeOfNumber } from './numpy-numbers.js';
import { checkWrite } from './partners.js';
import { noted } from './places.js';
import { toInt } from './scalar-functions.js';
import { isArray, isNumber, List, NumpyNumber, Raised, Range, Tuple, typeName, type Value } from './values.js';

type Make = (args: readonly Value[], keywords: Keywords) => Value;

export function shapeOf(value: Value): readonly number[] {
  if (isArray(value)) return value.shape;
  if (isNumber(value)) return [];
  const items = value instanceof Tuple || value instanceof List ? value.items : undefined;
  if (!items) throw new Raised('TypeError', `'${typeName(value)}' has no shape`);
  const [first] = items;
  return first === undefined ? [0] : [items.length, ...shapeOf(first)];
}

function numbers(value: Value): AnyNumber[] {
  if (isNumber(value)) return [value];
  if (value instanceof Tuple || value instanceof List) return value.items.flatMap(numbers);
  throw new Raised('TypeError', `an array cannot be made of '${typeName(value)}' here`);
}

/** An array of nested lists of numbers. */
export function arrayOfNumbers(given: Value, dtype?: ReturnType<Arguments['dtype']>): Field {
  const value = given instanceof Range ? new List(given.values()) : given;
  const shape = shapeOf(value);
  const flat = numbers(value);
  const expected = shape.reduce((product, n) => product * n, 1);
  if (flat.length !== expected) {
    throw new Raised('ValueError', 'setting an array element with a sequence: the lists are not of one length');
  }
  const type = dtype ?? commonType(flat);
  const python = flat.map(pythonOf);
  const data = type === 'i64' ? BigInt64Array.from(python.map(toInt)) : Float64Array.from(python.map(Number));
  return noted(create.array(data, shape.length === 0 ? [1] : shape, type), () => python.map(toInt));
}

/** Of a list of numbers, of arrays, or of both without dimensions. */
export function arrayOfItems(value: List | Tuple): Field {
  const { items } = value;
  if (!holdsArray(value)) return arrayOfNumbers(value);
  if (!items.every((item) => isNumber(item) || (isArray(item) && item.shape.length === 0)))
    return assemble.stack(items.map(asExpr));
  const types = items.map((item) => (isArray(item) ? concrete(item.dtype) : commonType(isNumber(item) ? [item] : [])));
  const made = create.empty([items.length], types.reduce(widest));
  items.forEach((item, i) => made.at(i).set(isArray(item) ? item : asNumber(item)));
  return made;
}

const WIDTHS = ['bool', 'i32', 'i64', 'f32', 'f64'] as const;

/** NumPy's common type: of ints and f32 it is f64. */
function widest(a: DType, b: DType): DType {
  const [low, high] = WIDTHS.indexOf(a) < WIDTHS.indexOf(b) ? [a, b] : [b, a];
  return high === 'f32' && (low === 'i32' || low === 'i64') ? 'f64' : high;
}

/** What NumPy makes of a list: Python's floats are float64, its ints int64. */
function commonType(values: readonly AnyNumber[]): DType {
  const [first, ...rest] = values.map((value) => concrete(typeOfNumber(value)));
  return first === undefined ? 'f64' : rest.reduce(widest, first);
}

/** What an element is assigned from. */
function asNumber(value: Value): number {
  return isNumber(value) ? Number(pythonOf(value)) : Number.NaN;
}

/** The dtype of an array filled with one value. */
function typeOf(value: Value): DType {
  return isNumber(value) ? commonType([value]) : 'f64';
}

/** An array or nested lists, as a Field. */
export function asField(value: Value): Field {
  if (value instanceof Field) return value;
  const made = isArray(value) ? materialise(value) : isNumber(value) ? undefined : arrayOfNumbers(value);
  if (made instanceof Field) return made;
  throw new Raised('TypeError', 'an array is needed here, not a number: np.array([x])');
}

/** What an operand that is no array becomes one as. */
export function asExpr(value: Value): Expr {
  if (isArray(value)) return value;
  return value instanceof List || value instanceof Tuple ? arrayOfItems(value) : arrayOfNumbers(value);
}

/** Is an array in the list, or in a list within it? */
function holdsArray({ items }: List | Tuple): boolean {
  return items.some((item) => isArray(item) || ((item instanceof List || item instanceof Tuple) && holdsArray(item)));
}

export function arraysIn(value: Value): Expr[] {
  if (value instanceof Tuple || value instanceof List) return value.items.map(asExpr);
  throw new Raised('TypeError', `a tuple or list of arrays is expected, not '${typeName(value)}'`);
}

function filled(name: string, value: number | undefined): Make {
  return (args, keywords) => {
    const given = new Arguments(`np.${name}`, args, keywords, ['shape', 'dtype', 'order']);
    const [shape, dtype] = [given.shape('shape'), given.dtype('f64')];
    return value === undefined ? create.empty(shape, dtype) : create.full(shape, value, dtype);
  };
}

function filledLike(name: string, value: number | undefined): Make {
  return (args, keywords) => {
    const given = new Arguments(`np.${name}`, args, keywords, ['a', 'dtype', 'order']);
    const like = asExpr(given.get('a'));
    const dtype = given.maybeDType();
    return value === undefined ? create.empty_like(like, dtype) : create.full_like(like, value, dtype);
  };
}

function arrayFrom(name: string, copies: boolean): Make {
  return (args, keywords) => {
    const given = new Arguments(`np.${name}`, args, keywords, ['object', 'dtype', 'copy', 'order']);
    const value = given.get('object');
    const dtype = given.maybeDType();
    // Of one number NumPy makes an array without dimensions, which counts as a number of its own.
    if (isNumber(value)) return numpyNumber(pythonOf(value), dtype ?? concrete(typeOfNumber(value)));
    if (!isArray(value)) {
      if (!(value instanceof Tuple || value instanceof List) || !holdsArray(value)) return arrayOfNumbers(value, dtype);
      const made = arrayOfItems(value);
      return dtype === undefined || dtype === made.dtype ? made : converted(made, dtype);
    }
    if (dtype !== undefined && dtype !== value.dtype) return converted(value, dtype);
    return copies ? materialise(value) : value;
  };
}

/** a.astype(dtype) */
export function converted(value: Expr, dtype: ReturnType<Arguments['dtype']>): Field {
  return create.empty_like(value, dtype).set(value.astype(dtype));
}

const linspace: Make = (args, keywords) => {
  const given = new Arguments('np.linspace', args, keywords, ['start', 'stop', 'num', 'endpoint', 'retstep', 'dtype']);
  const [start, stop, num] = [given.number('start'), given.number('stop'), Number(given.integer('num', 50n))];
  const endpoint = given.boolean('endpoint', true);
  const made = create.linspace(start, stop, num, endpoint, given.maybeDType());
  return given.boolean('retstep', false) ? new Tuple([made, (stop - start) / (endpoint ? num - 1 : num)]) : made;
};

const arange: Make = (args, keywords) => {
  const given = new Arguments('np.arange', args, keywords, ['start', 'stop', 'step', 'dtype']);
  const [start, stop] = given.has('stop') ? [given.number('start'), given.number('stop')] : [0, given.number('start')];
  const whole = ['start', 'stop', 'step'].every((name) => !given.has(name) || isInt(given.get(name)));
  const step = given.number('step', 1);
  const made = create.arange(start, stop, step, given.dtype(whole ? 'i64' : 'f64'));
  return noted(made, () => Array.from({ length: made.shape[0] ?? 0 }, (_, i) => start + i * step));
};

function isInt(value: Value): boolean {
  return typeof value === 'bigint' || (value instanceof NumpyNumber && typeof value.value === 'bigint');
}

const meshgrid: Make = (args, keywords) => {
  const indexing = keywords.get('indexing') ?? 'xy';
  if (indexing !== 'xy' && indexing !== 'ij')
    throw new Raised('ValueError', "Valid values for `indexing` are 'xy' and 'ij'.");
  return new List(create.meshgrid(args.map(asExpr), indexing));
};

const gradient: Make = (args, keywords) => {
  const [value = null, ...spacing] = args;
  const axis = keywords.get('axis') ?? null;
  const axes = axis === null ? undefined : whichAxes(axis);
  const steps = spacing.map(asNumber);
  const edge = keywords.get('edge_order') ?? 1n;
  const made = assemble.gradient(asExpr(value), {
    ...(steps.length === 0 ? {} : { spacing: steps.length === 1 ? (steps[0] ?? 1) : steps }),
    ...(axes === undefined ? {} : { axis: axes }),
    edgeOrder: edge === 2n ? 2 : 1,
  });
  return Array.isArray(made) ? new List(made) : made;
};

function whichAxes(value: Value): number | number[] {
  if (value instanceof Tuple || value instanceof List) return value.items.map((item) => Number(index(item)));
  return Number(index(value));
}

const pad: Make = (args, keywords) => {
  const given = new Arguments('np.pad', args, keywords, ['array', 'pad_width', 'mode', 'constant_values']);
  const mode = given.text('mode', 'constant');
  if (mode !== 'constant' && mode !== 'edge' && mode !== 'wrap') {
    throw new Raised('ValueError', `mode '${mode}' is not supported: 'constant', 'edge' and 'wrap' are`);
  }
  return assemble.pad(
    asExpr(given.get('array')),
    widths(given.get('pad_width')),
    mode,
    given.number('constant_values', 0),
  );
};

function widths(value: Value): number | number[] | number[][] {
  const width = (item: Value): number => Number(index(item));
  if (!(value instanceof Tuple || value instanceof List)) return width(value);
  const rows = value.items.map((item) =>
    item instanceof Tuple || item instanceof List ? item.items.map(width) : undefined,
  );
  const pairs = rows.flatMap((row) => (row ? [row] : []));
  return pairs.length === rows.length ? pairs : value.items.map(width);
}

/** By name, without np. */
export const CREATION: Readonly<Record<string, Make>> = {
  zeros: filled('zeros', 0),
  ones: filled('ones', 1),
  empty: filled('empty', undefined),
  zeros_like: filledLike('zeros_like', 0),
  ones_like: filledLike('ones_like', 1),
  empty_like: filledLike('empty_like', undefined),
  full: (args, keywords) => {
    const given = new Arguments('np.full', args, keywords, ['shape', 'fill_value', 'dtype', 'order']);
    const value = given.get('fill_value');
    return create.full(given.shape('shape'), given.number('fill_value'), given.dtype(typeOf(value)));
  },
  full_like: (args, keywords) => {
    const given = new Arguments('np.full_like', args, keywords, ['a', 'fill_value', 'dtype', 'order']);
    return create.full_like(asExpr(given.get('a')), given.number('fill_value'), given.maybeDType());
  },
  array: arrayFrom('array', true),
  asarray: arrayFrom('asarray', false),
  ascontiguousarray: arrayFrom('ascontiguousarray', false),
  copy: ([value = null]) => materialise(asExpr(value)),
  linspace,
  arange,
  meshgrid,
  gradient,
  pad,
  eye: (args, keywords) => {
    const given = new Arguments('np.eye', args, keywords, ['N', 'M', 'k', 'dtype']);
    const n = given.integer('N');
    const m = given.get('M', null);
    return create.eye(
      Number(n),
      m === null ? Number(n) : Number(m),
      Number(given.integer('k', 0n)),
      given.dtype('f64'),
    );
  },
  identity: ([n = null]) => create.eye(Number(index(n))),
  indices: (args, keywords) => {
    const given = new Arguments('np.indices', args, keywords, ['dimensions', 'dtype']);
    return new List(create.indices(given.shape('dimensions'), given.dtype('i64')));
  },
  diff: (args, keywords) => {
    const given = new Arguments('np.diff', args, keywords, ['a', 'n', 'axis', 'prepend', 'append']);
    const [a, axis] = [asExpr(given.get('a')), Number(given.integer('axis', -1n))];
    const dim = axis < 0 ? axis + a.shape.length : axis;
    const ends = ['prepend', 'append'].map((name) => {
      const value = given.get(name, null);
      if (value === null) return [];
      if (isArray(value) && value.shape.length > 0) return [value];
      if (!isNumber(value) && !isArray(value)) return [asExpr(value)];
      const edge = create.empty(
        a.shape.map((n, d) => (d === dim ? 1 : n)),
        isArray(value) ? concrete(value.dtype) : commonType([value]),
      );
      return [edge.set(isArray(value) ? value : asNumber(value))];
    });
    const [before = [], after = []] = ends;
    const all = [...before, a, ...after];
    return assemble.diff(all.length > 1 ? assemble.concatenate(all, dim) : a, Number(given.integer('n', 1n)), axis);
  },
  concatenate: (args, keywords) => {
    const given = new Arguments('np.concatenate', args, keywords, ['arrays', 'axis']);
    return assemble.concatenate(arraysIn(given.get('arrays')), Number(given.integer('axis', 0n)));
  },
  stack: (args, keywords) => {
    const given = new Arguments('np.stack', args, keywords, ['arrays', 'axis']);
    return assemble.stack(arraysIn(given.get('arrays')), Number(given.integer('axis', 0n)));
  },
  vstack: ([arrays = null]) => assemble.vstack(arraysIn(arrays)),
  hstack: ([arrays = null]) => assemble.hstack(arraysIn(arrays)),
  copyto: ([to = null, from = null]) => {
    if (!isArray(to)) throw new Raised('TypeError', `np.copyto into a '${typeName(to)}'`);
    checkWrite(storageOf(to));
    whole(to).set(isArray(from) ? from : isNumber(from) ? asNumber(from) : arrayOfNumbers(from));
    return null;
  },
};
