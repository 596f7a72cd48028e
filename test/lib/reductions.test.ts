/** Reductions through the engine, in one process: exact sums, NumPy's rules for NaN and ties, Scalars that live on. */
import fc from 'fast-check';
import {
  all,
  any,
  argmax,
  argmin,
  dot,
  Grid,
  max,
  mean,
  min,
  norm,
  np,
  prod,
  Scalar,
  std,
  sum,
  variance,
  where,
} from 'quadrille';
import { describe, expect, it } from 'vitest';
import { exactSum } from '../reference/reduce.js';

function fieldOf(values: readonly number[], dtype: 'f64' | 'f32' = 'f64', options = {}) {
  const grid = new Grid([values.length], { threads: 3, ...options });
  return grid.field({ dtype, init: (i = 0) => values[i] ?? 0 });
}

async function sumOf(values: readonly number[], dtype: 'f64' | 'f32' = 'f64'): Promise<number> {
  return sum(fieldOf(values, dtype)).value();
}

describe('sum', () => {
  const huge = Number.MAX_VALUE;
  const tiny = Number.MIN_VALUE;
  it.each<[string, number[]]>([
    ['cancels without a trace', [1e100, 1, -1e100, 1e-100, -1]],
    ['keeps what lies below the last place', [1, ...new Array<number>(64).fill(2 ** -58)]],
    ['ties to even', [2 ** 53, 1]],
    ['ties to even, upwards', [2 ** 53 + 2, 1]],
    ['passes over the greatest number and comes back', [huge, huge, -huge]],
    ['is infinite beyond the range', [huge, huge]],
    ['is minus infinite beyond the range', [-huge, -huge * 2 ** -10]],
    ['stays finite where half a place is missing', [huge, 2 ** 969]],
    ['adds denormal numbers', [tiny, tiny, 3 * tiny, -2 * tiny]],
    ['adds denormal to normal numbers', [2 ** -1022, tiny, -(2 ** -1022)]],
    ['knows infinity', [1, Number.POSITIVE_INFINITY, -huge]],
    ['knows minus infinity', [1, Number.NEGATIVE_INFINITY]],
    ['of both infinities is NaN', [Number.POSITIVE_INFINITY, 1, Number.NEGATIVE_INFINITY]],
    ['knows NaN', [1, Number.NaN, Number.POSITIVE_INFINITY]],
    ['of negative zeros is 0', [-0, -0, -0]],
    ['of one number is that number', [-1.1]],
  ])('%s', async (_, values) => {
    expect(await sumOf(values)).toBe(exactSum(values));
  });

  it('is the exact sum, rounded once, of anything', { timeout: 60_000 }, async () => {
    const number = fc.oneof(
      fc.double({ noDefaultInfinity: true, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.integer({ min: -5, max: 5 }),
    );
    const lists = fc.sample(fc.array(number, { minLength: 1, maxLength: 9000, size: 'max' }), { numRuns: 60, seed: 7 });
    for (const values of lists) {
      expect(await sumOf(values)).toBe(exactSum(values));
      const single = values.map(Math.fround);
      expect(await sumOf(single, 'f32')).toBe(exactSum(single, 'f32'));
    }
  });

  it('is exact whatever the sizes of neighbouring values', async () => {
    // Blocks that grow, shrink, end in nothing or hold all exponents: guesses of what comes next are wrong.
    const profiles: readonly ((i: number) => number)[] = [
      (i) => 2 ** ((i >> 11) % 60),
      (i) => 2 ** -((i >> 12) * 40),
      (i) => Math.exp(-(((i % 4096) - 2048) ** 2) / 3600),
      (i) => (i % 5000 === 0 ? 2 ** 900 : Math.cos(i)),
      (i) => (i > 9000 ? 0 : Math.sin(i) * 1e300),
    ];
    for (const profile of profiles) {
      const values = Array.from({ length: 30_000 }, (_, i) => profile(i));
      expect(await sumOf(values)).toBe(exactSum(values));
      const single = values.map(Math.fround).map((x) => (Number.isFinite(x) ? x : 1));
      expect(await sumOf(single, 'f32')).toBe(exactSum(single, 'f32'));
    }
  });

  it('does not depend on threads and tiles', async () => {
    const values = Array.from({ length: 100_000 }, (_, i) => Math.sin(i) * 10 ** ((i % 40) - 20));
    const expected = exactSum(values);
    for (const options of [{ threads: 1 }, { threads: 2, odf: 3 }, { threads: 3, odf: 7 }]) {
      expect(await sum(fieldOf(values, 'f64', options)).value()).toBe(expected);
    }
  });
});

describe('least and greatest elements', () => {
  const nan = Number.NaN;
  it.each<[number[], number, number]>([
    [[3, 1, 2, 1, 3], 1, 0],
    [[-0, 0, -0], 0, 0],
    [[5, nan, 1, nan], 1, 1],
    [[nan], 0, 0],
    [[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], 1, 0],
    [new Array<number>(40).fill(7), 0, 0],
  ])('of %j lie at %i and %i', async (values, least, greatest) => {
    const x = fieldOf(values);
    expect(await argmin(x).value()).toBe(least);
    expect(await argmax(x).value()).toBe(greatest);
    const anyNaN = values.some(Number.isNaN);
    expect(await min(x).value()).toBe(anyNaN ? nan : Math.min(...values));
    expect(await max(x).value()).toBe(anyNaN ? nan : Math.max(...values));
  });

  it('are found in a large array, by the first of equal ones in C order', async () => {
    const grid = new Grid([300, 200], { threads: 3, odf: 4 });
    const x = grid.field({ init: (i = 0, j = 0) => (i * 7 + j * 13) % 1009 });
    const data = [...(await x.toArray())];
    expect(await argmax(x).value()).toBe(data.indexOf(1008));
    expect(await argmin(x.at('::-1', '::-1')).value()).toBe(data.toReversed().indexOf(0));
  });
});

describe('what is composed of them', () => {
  const values = [1, 2.5, -4, 8, 0.5];
  it('follows its definition', async () => {
    const x = fieldOf(values);
    const mu = 8 / 5;
    const squares = exactSum(values.map((v) => (v - mu) * (v - mu)));
    expect(await mean(x).value()).toBe(mu);
    expect(await variance(x).value()).toBe(squares / 5);
    expect(await std(x, { ddof: 1 }).value()).toBe(Math.sqrt(squares / 4));
    expect(await norm(x).value()).toBe(Math.sqrt(exactSum(values.map((v) => v * v))));
    expect(await norm(x, 1).value()).toBe(16);
    expect(await norm(x, Number.POSITIVE_INFINITY).value()).toBe(8);
    expect(await dot(x, x.at('::-1')).value()).toBe(exactSum(values.map((v, i) => v * (values[4 - i] ?? 0))));
    expect(await x.dot(x).value()).toBe(await dot(x, x).value());
    expect([await any(x.gt(7)).value(), await all(x.gt(7)).value()]).toEqual([1, 0]);
    expect([await x.sum().value(), await x.max().value(), await x.std().value()]).toEqual([8, 8, await std(x).value()]);
  });

  it('has answers for nothing where NumPy has', async () => {
    const none = fieldOf(values).at('2:2');
    expect(await sum(none).value()).toBe(0);
    expect(await mean(none).value()).toBeNaN();
    expect(await norm(none, Number.POSITIVE_INFINITY).value()).toBe(0);
    expect([await any(none).value(), await all(none).value()]).toEqual([0, 1]);
  });
});

describe('along axes', () => {
  it('a new array is left, of the other dimensions, or of size 1 there', async () => {
    const x = new Grid([2, 3]).field({ init: (i = 0, j = 0) => 10 * i + j });
    const columns = sum(x, { axis: 0 });
    expect([columns.shape, [...(await columns.toArray())]]).toEqual([[3], [10, 12, 14]]);
    const rows = x.max({ axis: -1, keepdims: true });
    expect([rows.shape, [...(await rows.toArray())]]).toEqual([
      [2, 1],
      [2, 12],
    ]);
    x.set(x.sub(x.mean({ axis: 1, keepdims: true })));
    expect([...(await x.toArray())]).toEqual([-1, 0, 1, -1, 0, 1]);
    expect([...(await prod(x.add(2), { axis: 1 }).toArray())]).toEqual([6, 6]);
    expect(await prod(x.add(3)).value()).toBe(24 * 24);
    expect(sum(x, { axis: [0, 1] })).toBeInstanceOf(Scalar);
    expect([...(await argmin(x, { axis: 0 }).toArray())]).toEqual([0n, 0n, 0n]);
  });
});

describe('of integers and truth values', () => {
  const big = 2n ** 62n;
  const data = BigInt64Array.of(big + 1n, 3n, big + 5n, -7n, big);
  const wide = () => new Grid([5], { threads: 2 }).field({ dtype: 'i64', init: data });

  it('they are exact beyond 2^53, and wrap around at 2^64 as NumPy lets them', async () => {
    const x = wide();
    expect(await sum(x).bigint()).toBe(
      BigInt.asIntN(
        64,
        data.reduce((a, b) => a + b),
      ),
    );
    expect(await prod(x).bigint()).toBe(
      BigInt.asIntN(
        64,
        data.reduce((a, b) => a * b),
      ),
    );
    expect([await max(x).bigint(), await min(x).value(), await argmax(x).value()]).toEqual([big + 5n, -7, 2]);
    expect(await dot(x, x).bigint()).toBe(
      BigInt.asIntN(
        64,
        data.reduce((total, a) => total + a * a, 0n),
      ),
    );
  });

  it('a number that would not be exact is refused', async () => {
    await expect(max(wide()).value()).rejects.toMatchObject({ code: 'INTEGER_OVERFLOW' });
    await expect(mean(wide()).bigint()).rejects.toMatchObject({ code: 'BAD_OPERAND' });
  });

  it.each(['i32', 'i64', 'bool'] as const)('of %s they have the types of NumPy', async (dtype) => {
    const grid = new Grid([3, 400], { dtype, threads: 2 });
    const x = grid.field({ init: (i = 0, j = 0) => (i * j) % 3 });
    const types = [sum(x), prod(x), argmin(x), min(x), any(x), dot(x, x), mean(x), variance(x), norm(x)];
    expect(types.map((one) => one.dtype)).toEqual(
      ['i64', 'i64', 'i64', dtype, 'bool', dtype, 'f64', 'f64', 'f64'], //
    );
    const columns = [sum(x, { axis: 0 }), max(x, { axis: 0 }), argmax(x, { axis: 1 }), prod(x, { axis: [0] })];
    expect(columns.map((one) => one.dtype)).toEqual(['i64', dtype, 'i64', 'i64']);
    const elements = Array.from(await x.toArray(), Number);
    const total = elements.reduce((a, b) => a + b);
    expect([await sum(x).value(), await mean(x).value()]).toEqual([total, total / 1200]);
    expect([...(await sum(x, { axis: 1 }).toArray())].map(Number)).toEqual(
      [0, 1, 2].map((i) => elements.slice(400 * i, 400 * i + 400).reduce((a, b) => a + b)),
    );
    expect(await argmax(x).value()).toBe(elements.indexOf(Math.max(...elements)));
    expect([await min(x).value(), await max(x).value()]).toEqual([0, Math.max(...elements)]);
  });

  it('enter expressions as integers', async () => {
    const x = new Grid([4], { dtype: 'i32' }).field({ init: (i = 0) => i });
    const total = sum(x);
    expect([total.add(1).dtype, total.mul(0.5).dtype, total.dtype]).toEqual(['i64', 'f64', 'i64']);
    x.set(x.add(total));
    expect([...(await x.toArray())]).toEqual([6, 7, 8, 9]);
    expect(await sum(x.at('2:2')).value()).toBe(0);
    expect(sum(x.at('2:2')).add(1).dtype).not.toBe('f64');
  });

  it('of long rows are taken where they lie, of short ones and views through a buffer', async () => {
    const grid = new Grid([5, 9000], { dtype: 'i32', threads: 2, odf: 2 });
    const x = grid.field({ init: (i = 0, j = 0) => ((i * 7919 + j * 104729) % 2001) - 1000 });
    const at = await x.toArray();
    const pick = (rows: number[], from: number, to: number, step = 1) =>
      rows.flatMap((i) => {
        const row = [];
        for (let j = from; j < to; j += step) row.push(at[i * 9000 + j] ?? 0);
        return row;
      });
    const add = (list: number[]) => list.reduce((a, b) => a + b, 0);
    expect(await sum(x.at('1:4', '3:8999')).value()).toBe(add(pick([1, 2, 3], 3, 8999)));
    expect(await sum(x.at(':', ':9')).value()).toBe(add(pick([0, 1, 2, 3, 4], 0, 9)));
    expect(await sum(x.at('::2', '::3')).value()).toBe(add(pick([0, 2, 4], 0, 9000, 3)));
    const rows = pick([4, 3, 2, 1, 0], 0, 9000);
    expect(await argmin(x.at('::-1')).value()).toBe(rows.indexOf(Math.min(...rows)));
    expect([await max(x.at(2)).value(), await sum(x.at(2).gt(0)).value()]).toEqual([
      Math.max(...pick([2], 0, 9000)),
      pick([2], 0, 9000).filter((v) => v > 0).length,
    ]);
  });
});

describe('a Scalar', () => {
  it('is what the elements were when it was written', async () => {
    const x = fieldOf([1, 2, 3]);
    const s = sum(x);
    const first = sum(x.at(0));
    x.set(10);
    expect([await s.value(), await first.value(), await sum(x).value()]).toEqual([6, 1, 30]);
  });

  it('enters expressions without waiting, whatever is reckoned with it', async () => {
    const x = fieldOf([1, 2, 3]);
    const half = sum(x).div(2);
    expect(half).toBeInstanceOf(Scalar);
    x.set(x.mul(half).add(max(x)));
    expect([...(await x.toArray())]).toEqual([6, 9, 12]);
    x.set(where(half.lt(4).and(half.ge(3)), x, 0));
    expect([...(await x.toArray())]).toEqual([6, 9, 12]);
    expect(await half.lt(4).value()).toBe(1);
  });

  it('comes from np text, as an expression and by name', async () => {
    const x = fieldOf([1, 2, 3]);
    const s = np`np.sum(${x} * 2) / 4`;
    expect(s).toBeInstanceOf(Scalar);
    np`n = np.max(np.abs(${x}))
      ${x}[1:] -= n * ${s}`;
    expect([...(await x.toArray())]).toEqual([1, -7, -6]);
    expect(await np`${x}.sum() + ${x}.argmin()`.sum().value()).toBe(-11);
  });

  it('may be carried through a loop, one Program for all steps', async () => {
    const x = fieldOf([1, 2, 3]);
    let s = sum(x);
    const before = new Grid([1]).stats().programs;
    for (let k = 0; k < 500; k++) {
      x.set(x.mul(0.5).add(s.mul(0.1)));
      s = sum(x).add(s.mul(0.25));
    }
    expect(await s.value()).toBeGreaterThan(0);
    expect(new Grid([1]).stats().programs - before).toBeLessThan(5);
  });

  it('makes one condition, however often it is interpolated', async () => {
    const x = fieldOf([1, 2, 3]);
    const twice = (s: Scalar, t: Scalar): void => void np`${x}[${x} < ${s}] = ${x}[${x} < ${t}] * 2`;
    const [greatest, least] = [max(x), min(x)];
    twice(greatest, greatest);
    expect([...(await x.toArray())]).toEqual([2, 4, 3]);
    expect(() => twice(greatest, least)).toThrow('The two conditions differ');
  });

  it('along the only axis is the one over everything, also where a mean in pairs would be rounded otherwise', async () => {
    for (let k = 0; k < 100; k++) {
      const x = fieldOf([15, 17, 19, 21].map((j) => Math.sin(j * (k + 1) + k)));
      for (const reduce of [mean, variance, std])
        expect(await max(reduce(x, { axis: 0 })).value()).toBe(await reduce(x).value());
    }
  });

  it('is read in every step, now and then through the event loop', async () => {
    const x = fieldOf([1, 2, 3]);
    for (let k = 1; k <= 600; k++) {
      x.set(x.add(1));
      expect(await sum(x).value()).toBe(6 + 3 * k);
    }
  });
});

describe('a NaN anywhere', () => {
  /** Either sign: x86's own 0 / 0 has it set. */
  const nans = [0x7ff8_0000_0000_0000n, 0xfff8_0000_0000_0000n].map((bits) => {
    const made = new Float64Array(1);
    new BigUint64Array(made.buffer)[0] = bits;
    return made;
  });

  it.each(['f64', 'f32'] as const)('of %s is in the sum, the mean and the norm', async (dtype) => {
    // Blocks of 4096 elements; 5000 and 12 293 end in less than a vector.
    for (const [n, at] of [
      [5000, 4500],
      [5000, 4999],
      [5000, 17],
      [12_293, 9000],
      [12_293, 12_292],
    ] as const) {
      const grid = new Grid([n], { dtype, threads: 2 });
      for (const one of nans) {
        const data = dtype === 'f64' ? new Float64Array(n).fill(0.5) : new Float32Array(n).fill(0.5);
        data.set(one, at);
        const x = grid.field({ init: data });
        for (const found of [sum(x), mean(x), norm(x), sum(x.mul(2))]) expect(await found.value()).toBeNaN();
      }
      grid.dispose();
    }
  });

  it('of both signs in different blocks stays one', async () => {
    const data = new Float64Array(20_000).fill(0.25);
    data.set(nans[0] ?? [], 6000);
    data.set(nans[1] ?? [], 15_000);
    expect(await sum(new Grid([20_000]).field({ init: data })).value()).toBeNaN();
  });
});
