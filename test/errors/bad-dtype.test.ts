/** Unknown dtypes are refused, with what was probably meant. */
import { Grid, np, swap } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { text, thrown } from './thrown.js';

installFakeEngine();

it('of a grid and of a field', () => {
  const options = { dtype: 'float64' };
  // @ts-expect-error: what a JavaScript user may write
  expect(text(thrown('BAD_DTYPE', () => new Grid([4], options)))).toBe(`BAD_DTYPE: There is no dtype 'float64'.
  expected  'f64', 'f32', 'i64', 'i32' or 'bool'
  hint      did you mean 'f64'?`);
  // @ts-expect-error: what a JavaScript user may write
  expect(thrown('BAD_DTYPE', () => new Grid([4]).field({ dtype: 'f23' })).hint).toBe("did you mean 'f32'?");
});

it.each([
  ['int', 'i64'],
  ['int64', 'i64'],
  ['int32', 'i32'],
  ['bool_', 'bool'],
  ['boolean', 'bool'],
  ['i46', 'i64'],
])('%s, which is %s here', (name, meant) => {
  // @ts-expect-error: what a JavaScript user may write
  expect(thrown('BAD_DTYPE', () => new Grid([4]).field({ dtype: name })).hint).toBe(`did you mean '${meant}'?`);
  // @ts-expect-error: what a JavaScript user may write
  thrown('BAD_DTYPE', () => new Grid([4]).field().astype(name));
});

it('of astype in np text', () => {
  thrown('BAD_DTYPE', () => np`${new Grid([4]).field()}.astype(np.float16)`);
});

it('of fields that are swapped', () => {
  const grid = new Grid([4]);
  thrown('BAD_DTYPE', () => swap(grid.field(), grid.field({ dtype: 'f32' })));
});
