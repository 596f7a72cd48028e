/** Whole numbers that the integers they meet cannot hold, as NumPy 2's OverflowError. */
import { Grid, np } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { text, thrown } from './thrown.js';

installFakeEngine();
const grid = new Grid([4]);
const i = grid.field({ dtype: 'i32' });
const l = grid.field({ dtype: 'i64' });

it('in an expression', () => {
  expect(
    text(thrown('INTEGER_OVERFLOW', () => i.add(2 ** 31))),
  ).toBe(`INTEGER_OVERFLOW: 2147483648 is out of bounds for i32.
  expected  a whole number from -2^31 to 2^31 - 1
  hint      convert first: a.astype('i64')`);
  thrown('INTEGER_OVERFLOW', () => np`${i} + 3000000000`);
  thrown('INTEGER_OVERFLOW', () => l.add(2 ** 60));
  thrown('INTEGER_OVERFLOW', () => l.add(2n ** 60n));
});

it('also when a template meets other numbers later', () => {
  const add = (by: number): void => void np`${i} += ${by}`;
  add(1);
  thrown('INTEGER_OVERFLOW', () => add(-(2 ** 31) - 1));
  const store = (value: number): void => void np`${i}[1] = ${value}`;
  store(1.5);
  thrown('INTEGER_OVERFLOW', () => store(3e9));
  thrown('INTEGER_OVERFLOW', () => store(Number.NaN));
});

it('in an assignment', () => {
  thrown('INTEGER_OVERFLOW', () => i.set(3e9));
  thrown('INTEGER_OVERFLOW', () => i.set(Number.NaN));
  thrown('INTEGER_OVERFLOW', () => l.set(Number.POSITIVE_INFINITY));
});

it('but not in a comparison', () => {
  expect(i.lt(2 ** 31).dtype).toBe('bool');
  expect(np`${i} != 3000000000`.dtype).toBe('bool');
});
