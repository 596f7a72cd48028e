/**
 * Each function's stated bound holds, and an element's bits do not depend on where in a vector it is computed. For one
 * kind of functions per process: with or without fused multiply-adds.
 */
import { fmod, Grid } from 'quadrille';
import { describe, expect, it } from 'vitest';
import { loadEngine } from '../../lib/native.js';
import { type Float, FUNCTIONS } from './functions.js';
import { accuracyOf, computed, sampleOf } from './measure.js';

const COUNT = 20_011; // not a multiple of any vector's length

export function itIsAccurate(): void {
  describe.each(['f64', 'f32'] as const)('%s', (dtype: Float) => {
    it.each(FUNCTIONS)(`$name errs by at most $bound.${dtype} ULP ($domain)`, async (measured) => {
      const sample = sampleOf(measured, dtype, COUNT);
      const { ulp, x, y } = accuracyOf(measured, sample, await computed(measured, sample));
      expect(ulp, `at ${x}, ${y}`).toBeLessThanOrEqual(measured.bound[dtype]);
    });

    it.each(FUNCTIONS)('$name has the same bits in vectors, in remainders and alone', async (measured) => {
      const { a, b } = sampleOf(measured, dtype, 999);
      const whole = await computed(measured, { a, b });
      for (const n of [1, 2, 3, 5, 7, 9, 15, 17, 33]) {
        const piece = { a: a.subarray(n, 2 * n), b: b.subarray(n, 2 * n) };
        expect(await computed(measured, piece), `${n} at a time`).toEqual(whole.subarray(n, 2 * n));
      }
    });
  });

  it('fmod is exact, whatever the quotient', async () => {
    const grid = new Grid([4000]);
    const plane = FUNCTIONS.find(({ name }) => name === 'atan2');
    if (!plane) throw new Error('atan2 is not measured');
    const { a, b } = sampleOf(plane, 'f64', 4000);
    const result = await grid
      .field()
      .set(fmod(grid.field({ init: a }), grid.field({ init: b })))
      .toArray();
    expect(result).toEqual(a.map((x, k) => x % (b[k] ?? 0)));
  });

  it('every function of the engine gives, one element at a time, what vectors give', async () => {
    const engine = loadEngine();
    const plain = FUNCTIONS.filter(({ name }) => !['log1p', 'sinh', 'cosh', 'asinh', 'acosh'].includes(name));
    for (const measured of plain) {
      for (const dtype of ['f64', 'f32'] as const) {
        const { a, b } = sampleOf(measured, dtype, 4000);
        expect(engine.maths(`q_${measured.name}_${dtype}`, a, b), measured.name).toEqual(
          await computed(measured, { a, b }),
        );
      }
    }
  });
}
