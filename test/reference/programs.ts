/** Hand-built Programs of every kind of node and axis, with start values: what the interpreter is tested on. */
import type { Axis, BinaryFn, DType, Expr, Program, Statement, UnaryFn, ViewRef } from '../../jit/program.js';
import { binaryType, promote, unaryType } from '../../jit/types.js';
import { shapeOfWalk } from '../../jit/view.js';
import { broadcastShapes, type ReferenceArray, referenceArray } from './array.js';

export interface Sample {
  readonly name: string;
  readonly program: Program;
  readonly arrays: readonly ReferenceArray[];
  readonly params: readonly number[];
  /** Units in the last place that the C library's exp, sin, ... may be away from JavaScript's. */
  readonly ulp: number;
}

/** start:stop:step with positions already inside the field. */
export function range(start: number, count: number, step = 1): Axis {
  return { kind: 'range', start, step, count };
}
export function at(position: number): Axis {
  return { kind: 'index', at: position };
}
export function wrapped(start: number, count: number): Axis {
  return { kind: 'range', start, step: 1, count, wrap: true };
}

/** Expressions over fields of the given dtypes; shapes and result types follow NumPy's rules. */
export function expressionsOver(dtypes: readonly DType[]) {
  return {
    load(slot: number, ...axes: readonly Axis[]): Expr {
      const shape = axes.flatMap((axis) => (axis.kind === 'range' ? [axis.count] : []));
      return { op: 'load', view: { slot, axes }, dtype: dtypes[slot] ?? 'f64', shape };
    },
    /** In another order, or with new dimensions. */
    loadAs(view: ViewRef): Expr {
      return { op: 'load', view, dtype: dtypes[view.slot] ?? 'f64', shape: shapeOfWalk(view) };
    },
    param(index: number): Expr {
      return { op: 'param', index, dtype: 'weak', shape: [] };
    },
    iota(shape: readonly number[], axis: number, start: number, step: number): Expr {
      return { op: 'iota', axis, start, step, dtype: 'f64', shape };
    },
    unary(fn: UnaryFn, a: Expr): Expr {
      return { op: 'unary', fn, a, dtype: unaryType(fn, a.dtype), shape: a.shape };
    },
    astype(a: Expr, dtype: DType): Expr {
      return { op: 'unary', fn: 'astype', a, dtype, shape: a.shape };
    },
    binary(fn: BinaryFn, a: Expr, b: Expr): Expr {
      return {
        op: 'binary',
        fn,
        a,
        b,
        dtype: binaryType(fn, a.dtype, b.dtype),
        shape: broadcastShapes(a.shape, b.shape),
      };
    },
    where(cond: Expr, a: Expr, b: Expr): Expr {
      const dtype = promote(a.dtype, b.dtype);
      return { op: 'where', cond, a, b, dtype, shape: broadcastShapes(cond.shape, a.shape, b.shape) };
    },
  };
}

export function programOf(arrays: readonly ReferenceArray[], statements: readonly Statement[], params = 0): Program {
  return {
    key: '0'.repeat(32),
    label: 'test:1',
    slots: arrays.map(({ dtype, shape }) => ({
      dtype,
      shape,
      decomposition: { shape, processGrid: shape.map(() => 1) },
    })),
    params,
    statements,
    options: { odf: 1, threads: 1, contract: false },
  };
}

/** Numbers in [-2, 2) from a fixed sequence (a Lehmer generator), the same in every run. */
export function filled(shape: readonly number[], dtype: DType = 'f64', seed = 1): ReferenceArray {
  const array = referenceArray(shape, dtype);
  let state = (seed * 48271) % 2147483647;
  for (let k = 0; k < array.data.length; k++) {
    state = (state * 48271) % 2147483647;
    store(array, k, (state / 2147483647) * 4 - 2);
  }
  return array;
}

/** Integers from -8 to 8, true and false. */
function store({ dtype, data }: ReferenceArray, at: number, x: number): void {
  if (data instanceof BigInt64Array) data[at] = BigInt(Math.round(4 * x));
  else data[at] = dtype === 'i32' ? Math.round(4 * x) : dtype === 'bool' ? Number(x > 0) : x;
}

function sample(
  name: string,
  arrays: readonly ReferenceArray[],
  params: readonly number[],
  statements: (e: ReturnType<typeof expressionsOver>) => Statement[],
  ulp = 0,
): Sample {
  const program = programOf(arrays, statements(expressionsOver(arrays.map(({ dtype }) => dtype))), params.length);
  return { name, program, arrays, params, ulp };
}

const EXACT_UNARY: readonly UnaryFn[] = [
  ...(['neg', 'abs', 'sqrt', 'floor', 'ceil', 'square', 'reciprocal', 'not'] as const),
  ...(['sign', 'trunc', 'rint', 'isnan', 'isinf', 'isfinite', 'signbit'] as const),
];
const LIBRARY_UNARY: readonly UnaryFn[] = [
  ...(['exp', 'exp2', 'expm1', 'log', 'log1p', 'log2', 'log10', 'cbrt'] as const),
  ...(['sin', 'cos', 'tan', 'asin', 'acos', 'atan'] as const),
  ...(['sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh'] as const),
];
const LIBRARY_BINARY: readonly BinaryFn[] = ['pow', 'atan2', 'hypot'];
const EXACT_BINARY: readonly BinaryFn[] = [
  'add',
  'sub',
  'mul',
  'div',
  'minimum',
  'maximum',
  'lt',
  'le',
  'gt',
  'ge',
  'eq',
  'ne',
  'and',
  'or',
  'xor',
  'fmin',
  'fmax',
  'copysign',
  'heaviside',
  'nextafter',
  'fmod',
];
const SPECIAL = [
  0,
  -0,
  1,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0.1,
  5e-324,
  1e308,
  -3.5,
];

/** Every pair of special values: two 1-D fields and one for the result. */
function specialPairs(dtype: DType): ReferenceArray[] {
  const n = SPECIAL.length;
  const [a, b, c] = [referenceArray([n * n], dtype), referenceArray([n * n], dtype), referenceArray([n * n], dtype)];
  for (let k = 0; k < n * n; k++) {
    a.data[k] = SPECIAL[k % n] ?? 0;
    b.data[k] = SPECIAL[Math.floor(k / n)] ?? 0;
  }
  return [a, b, c];
}

export function samples(): Sample[] {
  const n = SPECIAL.length ** 2;
  const all = range(0, n);
  const target = { slot: 2, axes: [all] };
  const list: Sample[] = [];
  for (const dtype of ['f64', 'f32'] as const) {
    for (const fn of EXACT_UNARY) {
      list.push(
        sample(`${fn} ${dtype}`, specialPairs(dtype), [], (e) => [{ target, value: e.unary(fn, e.load(0, all)) }]),
      );
    }
    for (const fn of LIBRARY_UNARY) {
      list.push(
        sample(
          `${fn} ${dtype}`,
          [filled([n], dtype), filled([n], dtype), filled([n], dtype)],
          [],
          (e) => [{ target, value: e.unary(fn, e.load(0, all)) }],
          4,
        ),
      );
    }
    for (const fn of EXACT_BINARY) {
      list.push(
        sample(`${fn} ${dtype}`, specialPairs(dtype), [], (e) => [
          { target, value: e.binary(fn, e.load(0, all), e.load(1, all)) },
        ]),
      );
      list.push(
        sample(`${fn} ${dtype} and a number`, specialPairs(dtype), [0.1], (e) => [
          { target, value: e.binary(fn, e.load(0, all), e.param(0)) },
        ]),
      );
      list.push(
        sample(
          `${fn} ${dtype} with the other dtype`,
          [
            specialPairs(dtype)[0] ?? filled([n]),
            specialPairs(dtype === 'f64' ? 'f32' : 'f64')[1] ?? filled([n]),
            filled([n]),
          ],
          [],
          (e) => [{ target, value: e.binary(fn, e.load(0, all), e.load(1, all)) }],
        ),
      );
    }
    for (const fn of LIBRARY_BINARY) {
      list.push(
        sample(
          `${fn} ${dtype}`,
          specialPairs(dtype),
          [],
          (e) => [{ target, value: e.binary(fn, e.load(0, all), e.load(1, all)) }],
          4,
        ),
      );
    }
  }
  const row = (first: number) => range(first, 7);
  list.push(
    sample('a 5-point stencil over its own source', [filled([9, 9])], [0.25], (e) => [
      {
        target: { slot: 0, axes: [row(1), row(1)] },
        value: e.binary(
          'mul',
          e.param(0),
          e.binary(
            'add',
            e.binary('add', e.load(0, row(0), row(1)), e.load(0, row(2), row(1))),
            e.binary('add', e.load(0, row(1), row(0)), e.load(0, row(1), row(2))),
          ),
        ),
      },
    ]),
    sample(
      'a row and a column broadcast',
      [filled([4, 5]), filled([5], 'f64', 2), filled([4, 1], 'f64', 3)],
      [],
      (e) => [
        {
          target: { slot: 0, axes: [range(0, 4), range(0, 5)] },
          value: e.binary('add', e.load(1, range(0, 5)), e.load(2, range(0, 4), range(0, 1))),
        },
      ],
    ),
    sample('a value with leading dimensions of length 1', [filled([4]), filled([1, 1, 4], 'f64', 2)], [], (e) => [
      { target: { slot: 0, axes: [range(0, 4)] }, value: e.load(1, range(0, 1), range(0, 1), range(0, 4)) },
    ]),
    sample('integer indices drop dimensions', [filled([4, 5, 3]), filled([4, 3], 'f64', 2)], [], (e) => [
      { target: { slot: 0, axes: [range(0, 4), at(2), range(0, 3)] }, value: e.load(1, range(0, 4), range(0, 3)) },
      { target: { slot: 0, axes: [at(1), range(0, 5), range(0, 3)] }, value: e.load(1, at(3), range(0, 3)) },
    ]),
    sample('mirrored and strided views', [filled([12])], [2], (e) => [
      { target: { slot: 0, axes: [range(0, 12)] }, value: e.load(0, range(11, 12, -1)) },
      { target: { slot: 0, axes: [range(0, 6, 2)] }, value: e.binary('mul', e.param(0), e.load(0, range(11, 6, -2))) },
      { target: { slot: 0, axes: [range(9, 4, -3)] }, value: e.load(0, range(1, 4)) },
    ]),
    sample('wrapped views', [filled([5, 6]), filled([5, 6], 'f64', 2)], [], (e) => [
      { target: { slot: 0, axes: [range(0, 5), range(0, 6)] }, value: e.load(1, wrapped(-2, 5), wrapped(13, 6)) },
      { target: { slot: 1, axes: [wrapped(3, 4), range(1, 2)] }, value: e.load(0, range(0, 4), range(2, 2)) },
    ]),
    sample('the index, broadcast and on mirrored targets', [filled([4, 5]), filled([6], 'f32', 2)], [], (e) => [
      {
        target: { slot: 0, axes: [range(0, 4), range(4, 5, -1)] },
        value: e.binary('mul', e.iota([4, 1], 0, 10, -3), e.iota([5], 0, 7, 2)),
      },
      { target: { slot: 1, axes: [range(1, 3, 2)] }, value: e.iota([3], 0, -1, 5) },
      { target: { slot: 1, axes: [at(0)] }, value: e.iota([1], 0, 4, 5) },
    ]),
    sample('empty ranges', [filled([5])], [1], (e) => [
      { target: { slot: 0, axes: [range(0, 0)] }, value: e.param(0) },
    ]),
    sample('booleans as numbers', [filled([8]), filled([8], 'f32', 2), filled([8], 'f64', 3)], [0.1], (e) => {
      const full = range(0, 8);
      const less = e.binary('lt', e.load(0, full), e.load(2, full));
      return [
        { target: { slot: 2, axes: [full] }, value: e.binary('mul', less, e.param(0)) },
        { target: { slot: 1, axes: [full] }, value: e.binary('mul', less, e.load(1, full)) },
        { target: { slot: 0, axes: [full] }, value: e.binary('add', less, e.unary('not', less)) },
      ];
    }),
    sample('where, with numbers in its branches', [filled([8]), filled([8], 'f32', 2)], [0.1, 0.7], (e) => {
      const full = range(0, 8);
      const less = e.binary('lt', e.load(1, full), e.param(0));
      return [
        { target: { slot: 0, axes: [full] }, value: e.where(less, e.load(1, full), e.param(1)) },
        { target: { slot: 1, axes: [full] }, value: e.where(less, e.param(0), e.param(1)) },
      ];
    }),
  );
  return list;
}
