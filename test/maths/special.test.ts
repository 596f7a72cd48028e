/** Zeros, infinities, NaN, denormals and the ends of the range: what NumPy makes of them, to a few ULP. */
import { describe, expect, it } from 'vitest';
import { pythonWithNumpy } from '../numpy/numpy.js';
import { firstDifference } from '../reference/compare.js';
import { type Float, FUNCTIONS } from './functions.js';
import { computed, computedByNumpy } from './measure.js';

const SPECIAL = [
  0,
  1,
  2,
  3,
  0.5,
  0.1,
  1e-3,
  7,
  33,
  800,
  1e5,
  1e22,
  2 ** 40 + 1,
  5e-324,
  1e-310,
  1e-45,
  3e38,
  1.7e308,
  Infinity,
];

describe.skipIf(pythonWithNumpy() === null)('compared with NumPy', () => {
  describe.each(['f64', 'f32'] as const)('%s', (dtype: Float) => {
    it.each(FUNCTIONS)('$name of special numbers', async (measured) => {
      const all = [...SPECIAL, ...SPECIAL.map((x) => -x), Number.NaN];
      const pairs =
        measured.arguments === 1
          ? all.map((x) => [x, 1] as const)
          : all.flatMap((x) => all.map((y) => [x, y] as const));
      const make = (values: number[]) => (dtype === 'f64' ? Float64Array.from(values) : Float32Array.from(values));
      const sample = { a: make(pairs.map(([x]) => x)), b: make(pairs.map(([, y]) => y)) };
      const shape = [pairs.length];
      const [got, expected] = [await computed(measured, sample), computedByNumpy(measured, sample)];
      const difference = firstDifference({ dtype, shape, data: got }, { dtype, shape, data: expected }, { ulp: 6 });
      const at = Number(/^\[(\d+)/.exec(difference ?? '')?.[1]);
      expect(difference, `of ${sample.a[at]} and ${sample.b[at]}`).toBeNull();
    });
  });
});
