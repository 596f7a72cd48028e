/** The oracle against the real thing: every hand-built Program through the interpreter and through NumPy. */
import { describe, expect, it } from 'vitest';
import { pythonWithNumpy, runNumpy } from '../numpy/numpy.js';
import type { ReferenceArray } from './array.js';
import { firstDifference } from './compare.js';
import { run } from './interpreter.js';
import { programToNumpy } from './program-to-numpy.js';
import { at, expressionsOver, filled, programOf, range, samples } from './programs.js';

function copyOf(arrays: readonly ReferenceArray[]): ReferenceArray[] {
  return arrays.map((array) => ({ ...array, data: array.data.slice() }));
}

describe.skipIf(pythonWithNumpy() === null)('the reference interpreter, compared with NumPy', () => {
  const list = samples();
  const expected = runNumpy(
    list.map(({ program, arrays, params }) => ({ source: programToNumpy(program), arrays, params })),
  );
  list.forEach(({ name, program, arrays, params, ulp }, k) => {
    it(name, () => {
      const got = copyOf(arrays);
      run(program, got, params);
      got.forEach((array, slot) => {
        const wanted = expected[k]?.[slot];
        if (wanted === undefined) throw new Error('NumPy gave too few arrays');
        expect(firstDifference(array, wanted, { ulp }), `slot ${slot}\n${programToNumpy(program)}`).toBeNull();
      });
    });
  });
});

describe('the reference interpreter', () => {
  it('reads the whole right-hand side before it writes', () => {
    const u = filled([5]);
    const before = [...u.data];
    const e = expressionsOver(['f64']);
    run(programOf([u], [{ target: { slot: 0, axes: [range(1, 4)] }, value: e.load(0, range(0, 4)) }]), [u], []);
    expect([...u.data]).toEqual([before[0], ...before.slice(0, 4)]);
  });

  it('rounds every f32 operation', () => {
    const u = filled([1], 'f32');
    u.data[0] = 16777216; // 2^24: adding 1 is lost in f32, twice
    const e = expressionsOver(['f32']);
    const value = e.binary('add', e.binary('add', e.load(0, at(0)), e.param(0)), e.param(0));
    run(programOf([u], [{ target: { slot: 0, axes: [at(0)] }, value }], 1), [u], [1]);
    expect(u.data[0]).toBe(16777216);
  });

  it('refuses a view that leaves its field', () => {
    const u = filled([4]);
    const e = expressionsOver(['f64']);
    const program = programOf([u], [{ target: { slot: 0, axes: [range(0, 4)] }, value: e.load(0, range(1, 4)) }]);
    expect(() => run(program, [u], [])).toThrow('leaves its field');
  });
});
