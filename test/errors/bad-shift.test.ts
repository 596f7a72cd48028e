/** Shifts go around the ends only where the grid is periodic. */
import { Grid, np, roll } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { text, thrown } from './thrown.js';

installFakeEngine();
const u = new Grid([4, 5], { periodic: [true, false] }).field('u');

it('along a dimension that is not', () => {
  expect(
    text(thrown('BAD_SHIFT', () => u.shift(1, 1))),
  ).toBe(`BAD_SHIFT: shift by 1 along dimension 1, which is not periodic.
  expected  offset 0 there
  hint      give the grid { periodic: true }, use roll (which wraps in any dimension), or slices that leave out the ends`);
});

it('by too few offsets, or by parts of a point', () => {
  thrown('BAD_SHIFT', () => u.shift(1));
  thrown('BAD_SHIFT', () => u.shift(0.5, 0));
  thrown('BAD_SHIFT', () => roll(u, Number.NaN, 0));
});

it('along an axis that is not there', () => {
  thrown('BAD_SHIFT', () => roll(u, 1, 2));
  expect(thrown('BAD_SHIFT', () => np`${u} = np.roll(${u}, 1)`).hint).toContain('axis=0');
});
