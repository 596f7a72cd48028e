/** NumPy's functions that are not elementwise: arrays made, saved, loaded, asked for their shape. Values in, values out. */

import type { DType } from '../../../jit/program.js';
import * as create from '../../create.js';
import { storedAs } from '../../dtype.js';
import type { Expr } from '../../expr.js';
import { ITEM_BYTES } from '../../io/npy.js';
import { Arguments } from './arguments.js';
import type { Builtin } from './builtin.js';
import { CLOSENESS } from './closeness.js';
import { arrayOfNumbers, asField, CREATION, converted, shapeOf } from './creation.js';
import { DERIVED } from './derived.js';
import { load, save, savez } from './files.js';
import { numpyNumber, pythonOf } from './numpy-numbers.js';
import { RANDOM_FUNCTIONS } from './random/random.js';
import { RESHAPES, reshaped } from './reshaping.js';
import { toFloat } from './scalar-functions.js';
import { isArray, isNumber, List, NUMPY_NAMES, Raised, Tuple, type Value } from './values.js';

function ints(values: readonly number[]): Tuple {
  return new Tuple(values.map(BigInt));
}

function sizeOf(value: Value): bigint {
  return BigInt(shapeOf(value).reduce((product, n) => product * n, 1));
}

function arrayIn(value: Value): Expr {
  return isArray(value) ? value : arrayOfNumbers(value);
}

/** Bytes of one element. */
function itemSize({ dtype }: Expr): bigint {
  return BigInt(ITEM_BYTES[storedAs(dtype)]);
}

/** np.float32(x): an array converted, or a number of NumPy's. */
const cast = (dtype: DType): Builtin => ({
  settles: true,
  run: ([value = 0n]) => {
    if (isArray(value)) return converted(value, dtype);
    if (value instanceof List || value instanceof Tuple) return arrayOfNumbers(value, dtype);
    const python = isNumber(value) ? pythonOf(value) : toFloat(value);
    if (typeof python === 'bigint' && (dtype === 'i64' || dtype === 'i32')) {
      const made = numpyNumber(python, dtype);
      if (made.value === python) return made;
      throw new Raised('OverflowError', `Python integer ${python} out of bounds for ${NUMPY_NAMES[dtype]}`);
    }
    return numpyNumber(python, dtype);
  },
});

/** Of their arguments only shape and dtype matter. */
const INSTANT = new Set(['zeros_like', 'ones_like', 'empty_like']);

export const NUMPY_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  ...Object.fromEntries(
    Object.entries(CREATION).map(([name, run]): [string, Builtin] => [
      name,
      // Numbers of the engine keep their type in an array.
      {
        settles: !['array', 'asarray', 'ascontiguousarray'].includes(name),
        run,
        ...(INSTANT.has(name) && { instant: run }),
      },
    ]),
  ),
  shape: { run: ([value = null]) => ints(shapeOf(value)) },
  ndim: { run: ([value = null]) => BigInt(shapeOf(value).length) },
  size: { run: ([value = null]) => sizeOf(value) },
  float64: cast('f64'),
  float_: cast('f64'),
  double: cast('f64'),
  float32: cast('f32'),
  single: cast('f32'),
  int64: cast('i64'),
  int_: cast('i64'),
  int32: cast('i32'),
  intc: cast('i32'),
  bool_: cast('bool'),
  ...CLOSENESS,
  ...Object.fromEntries(Object.entries(DERIVED).map(([name, run]): [string, Builtin] => [name, { run }])),
  fromfunction: {
    *run([fn = null, shape = null], keywords, call) {
      const given = new Arguments('np.fromfunction', [shape], keywords, ['shape', 'dtype']);
      const made = yield* call(fn, create.indices(given.shape('shape'), given.dtype('f64')));
      return made;
    },
  },
  ...Object.fromEntries(
    Object.keys(RESHAPES).map((name): [string, Builtin] => [
      name,
      { run: ([array = null, ...args], keywords) => reshaped(name, arrayIn(array), args, keywords) },
    ]),
  ),
  ...RANDOM_FUNCTIONS,
  isscalar: { run: ([value = null]) => isNumber(value) || typeof value === 'string' },
  seterr: { run: () => null },
  errstate: { run: () => null },
  set_printoptions: { run: () => null },
  save: { run: ([file = null, value = null]) => save(file, asField(value)) },
  savez: { run: ([file = null, ...arrays], keywords) => savez(file, arrays, keywords, false) },
  savez_compressed: { run: ([file = null, ...arrays], keywords) => savez(file, arrays, keywords, true) },
  load: { run: ([file = null]) => load(file) },
};

/** What x.name is for an array. */
export function arrayAttribute(value: Expr, name: string): Value | undefined {
  switch (name) {
    case 'shape':
      return ints(value.shape);
    case 'ndim':
      return BigInt(value.shape.length);
    case 'size':
      return sizeOf(value);
    case 'itemsize':
      return itemSize(value);
    case 'nbytes':
      return sizeOf(value) * itemSize(value);
    default:
      return undefined;
  }
}
