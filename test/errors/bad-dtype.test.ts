/** Unknown dtypes are refused, with what was probably meant. */
import { Grid, swap } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { text, thrown } from './thrown.js';

installFakeEngine();

it('of a grid and of a field', () => {
  const options = { dtype: 'float64' };
  // @ts-expect-error: what a JavaScript user may write
  expect(text(thrown('BAD_DTYPE', () => new Grid([4], options)))).toBe(`BAD_DTYPE: There is no dtype 'float64'.
  expected  'f64' or 'f32'
  hint      did you mean 'f64'?`);
  // @ts-expect-error: what a JavaScript user may write
  expect(thrown('BAD_DTYPE', () => new Grid([4]).field({ dtype: 'f23' })).hint).toBe("did you mean 'f32'?");
});

it('of fields that are swapped', () => {
  const grid = new Grid([4]);
  thrown('BAD_DTYPE', () => swap(grid.field(), grid.field({ dtype: 'f32' })));
});
