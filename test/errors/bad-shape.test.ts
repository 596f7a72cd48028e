/** Shapes are 1 to 4 whole numbers, and data has the shape asked for. */
import { Grid } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { text, thrown } from './thrown.js';

installFakeEngine();

it.each([[[Number.NaN]], [[4, Infinity]], [[-1]], [[2.5]], [[]], [[1, 1, 1, 1, 1]], [[2 ** 30, 2 ** 30]]])(
  '%j',
  (shape) => {
    thrown('BAD_SHAPE', () => new Grid(shape));
  },
);

it('names the dimension and suggests what to do', () => {
  expect(
    text(thrown('BAD_SHAPE', () => new Grid([4, 100 / 3]))),
  ).toBe(`BAD_SHAPE: Grid: dimension 1 of the shape is 33.333333333333336.
  expected  an array of 1 to 4 whole numbers, none negative
  hint      round it, e.g. with Math.floor`);
  // @ts-expect-error: what a JavaScript user may write
  expect(thrown('BAD_SHAPE', () => new Grid(7)).hint).toBe('for one dimension write [7]');
});

it('of fields and their data', () => {
  const grid = new Grid([2, 3]);
  thrown('BAD_SHAPE', () => grid.field({ shape: [6] }));
  thrown('BAD_SHAPE', () => grid.field({ init: new Float64Array(5) }));
  expect(
    thrown('BAD_SHAPE', () =>
      grid.field({
        init: [
          [1, 2, 3],
          [4, 5],
        ],
      }),
    ).summary,
  ).toBe('init[1] is an array of 2.');
  thrown('BAD_SHAPE', () => grid.field({ init: [1, 2, 3] }));
});

it('of reshape, but for dimensions of size 1', () => {
  const v = new Grid([6, 1]).field();
  expect(v.reshape(1, -1).shape).toEqual([1, 6]);
  expect(thrown('BAD_SHAPE', () => v.reshape(2, 3)).hint).toContain('assign slices');
});
