/**
 * Every operator on every pair of dtypes, with the values where they differ: the engine, the reference interpreter and
 * NumPy agree to the bit.
 */
import { Grid, np } from 'quadrille';
import { describe, expect, it } from 'vitest';
import type { DType } from '../../jit/program.js';
import { arrayOf, DTYPES, putElement } from '../../lib/dtype.js';
import { QuadrilleError } from '../../lib/errors.js';
import { type NumpyJob, pythonWithNumpy, runNumpy } from '../numpy/numpy.js';
import { indicesOf, type ReferenceArray } from '../reference/array.js';
import { firstDifference } from '../reference/compare.js';
import { Replay } from '../reference/replay.js';

const FLOATS = [
  0,
  -0,
  1,
  -1,
  0.5,
  -2.5,
  7,
  1e-320,
  1e30,
  -1e30,
  NaN,
  Infinity,
  -Infinity,
  2 ** 31,
  -(2 ** 31) - 0.5,
  3.7,
];
const INTS = [0n, 1n, -1n, 2n, -3n, 7n, 31n, 32n, 33n, 63n, 64n, -(2n ** 31n), 2n ** 31n - 1n, 12345n];
const WIDE = [...INTS, -(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n + 1n, 0x7fffffbfffffffffn];
const VALUES: Record<DType, readonly (number | bigint)[]> = {
  f64: FLOATS,
  f32: FLOATS,
  i64: WIDE,
  i32: INTS,
  bool: [0, 1],
};

/** Values of one dtype as the rows or columns of a table. */
function table(dtype: DType, shape: readonly number[], axis: number): ReferenceArray {
  const data = arrayOf(
    dtype,
    shape.reduce((a, b) => a * b),
  );
  let k = 0;
  for (const index of indicesOf(shape)) putElement(data, k++, VALUES[dtype][index[axis] ?? 0] ?? 0);
  return { dtype, shape, data };
}

const OPERATORS = ['+', '-', '*', '/', '//', '%', '&', '|', '^', '<<', '>>', '<', '<=', '>', '>=', '==', '!='];
const FUNCTIONS = ['np.minimum', 'np.maximum'];
const jobs: { name: string; job: NumpyJob; got: ReferenceArray[] }[] = [];

/** Runs lines of np text over a (f[0]), b (f[1]) and results of every dtype; compares with the interpreter, notes for NumPy. */
async function check(name: string, a: ReferenceArray, b: ReferenceArray, expression: string): Promise<void> {
  const grid = new Grid(a.shape);
  const replay = new Replay();
  try {
    const [x, y] = [a, b].map(({ dtype, data }) => grid.field<DType>({ dtype, init: data }));
    if (!x || !y) return;
    const recorded: string[] = [];
    const results: ReferenceArray[] = [];
    for (const dtype of expression === 'f[0]' ? DTYPES : (['f64', 'i64'] as const)) {
      const r = grid.field<DType>({ dtype });
      const text = expression.split(/(f\[\d\])/);
      const strings = [
        '',
        ...text.filter((part) => !part.startsWith('f[')).map((part, k) => (k === 0 ? `[:, :] = ${part}` : part)),
      ];
      const values = text.filter((part) => part.startsWith('f[')).map((part) => (part === 'f[0]' ? x : y));
      np(Object.assign(strings, { raw: strings }), r, ...values);
      recorded.push(`f[${2 + results.length}][:, :] = ${expression}`);
      const got = { dtype, shape: a.shape, data: await r.toArray() };
      expect(firstDifference(got, replay.array(r.storage.id)), `${name} into ${dtype}`).toBeNull();
      results.push(got);
    }
    const arrays = [
      a,
      b,
      ...results.map(({ dtype, shape, data }) => ({ dtype, shape, data: arrayOf(dtype, data.length) })),
    ];
    if (expression.includes('3000000000')) return; // NumPy 1.24 refuses what NumPy 2 compares
    jobs.push({ name, job: { source: recorded.join('\n'), arrays }, got: results });
  } finally {
    replay.stop();
    grid.dispose();
  }
}

describe.each(DTYPES)('operators of %s', (left) => {
  it.each(DTYPES)(
    'and %s are the reference interpreter’s',
    async (right) => {
      const shape = [VALUES[left].length, VALUES[right].length];
      const [a, b] = [table(left, shape, 0), table(right, shape, 1)];
      const expressions = [
        ...OPERATORS.map((op) => `f[0] ${op} f[1]`),
        ...FUNCTIONS.map((fn) => `${fn}(f[0], f[1])`),
        'np.where(f[0], f[0], f[1])',
        'np.where(f[1] > f[0], f[1], 3)',
      ];
      for (const expression of expressions) {
        try {
          await check(`${left} ${expression} ${right}`, a, b, expression);
        } catch (error) {
          // What NumPy refuses, or computes in 8 bits; test/errors has these.
          if (!(error instanceof QuadrilleError) || error.code !== 'BAD_OPERAND') throw error;
        }
      }
    },
    120_000,
  );

  it('and numbers, and of one operand, are too', async () => {
    const shape = [VALUES[left].length, 1];
    const [a, b] = [table(left, shape, 0), table('f64', shape, 1)];
    const numbers = ['2', '-3', '2.0', '0.5', 'True'];
    const expressions = [
      ...OPERATORS.flatMap((op) => numbers.flatMap((n) => [`f[0] ${op} ${n}`, `${n} ${op} f[0]`])),
      ...(left.startsWith('f') ? [] : ['f[0] ** 5', 'f[0] ** 0']),
      ...['f[0] ** 2', 'f[0] ** 2.0', '-f[0]', '~f[0]', 'abs(f[0])', 'np.sign(f[0])', 'np.square(f[0])'],
      ...[
        'np.floor(f[0])',
        'np.ceil(f[0])',
        'np.sqrt(f[0])',
        'np.reciprocal(f[0])',
        'np.logical_not(f[0])',
        'np.logical_and(f[0], 2)',
      ],
      ...[
        'f[0].astype(np.int32)',
        'np.int64(f[0])',
        "f[0].astype('f4')",
        'f[0].astype(bool)',
        'np.float32(0.1) * f[0]',
        'f[0]',
      ],
      ...[
        'np.where(f[0], 1, 2)',
        'np.where(f[0], 1, 2.5)',
        'np.minimum(f[0], 1)',
        'np.maximum(0.5, f[0])',
        '3000000000 > f[0]',
      ],
    ];
    for (const expression of expressions) {
      try {
        await check(`${left} ${expression}`, a, b, expression);
      } catch (error) {
        if (!(error instanceof QuadrilleError) || error.code !== 'BAD_OPERAND') throw error;
      }
    }
  }, 120_000);
});

describe.skipIf(pythonWithNumpy() === null)('all of them', () => {
  it("are NumPy's", () => {
    expect(jobs.length).toBeGreaterThan(500);
    const results = runNumpy(jobs.map(({ job }) => job));
    const wrong: string[] = [];
    jobs.forEach(({ name, got }, k) => {
      got.forEach((array, i) => {
        const expected = results[k]?.[i + 2];
        const difference = expected ? firstDifference(array, expected) : 'nothing came';
        if (difference !== null) wrong.push(`${name} into ${array.dtype}: ${difference}`);
      });
    });
    expect(wrong).toEqual([]);
  }, 120_000);
});
