/** Axes that an array does not have. */
import { flip, Grid, np, transpose } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { text, thrown } from './thrown.js';

installFakeEngine();
const u = new Grid([4, 5]).field('u');

it('in transpose, swapaxes, moveaxis and flip', () => {
  expect(text(thrown('BAD_AXIS', () => u.transpose(0, 0)))).toBe(`BAD_AXIS: transpose: the axes are [0, 0].
  expected  each of the 2 dimensions of shape (4, 5) once`);
  expect(text(thrown('BAD_AXIS', () => flip(u, 2)))).toBe(`BAD_AXIS: flip: the axis is 2.
  expected  a dimension, -2 to 1`);
  thrown('BAD_AXIS', () => u.swapaxes(0, 0.5));
  thrown('BAD_AXIS', () => u.moveaxis(-3, 0));
  thrown('BAD_AXIS', () => transpose(u, [1]));
  thrown('BAD_AXIS', () => np`np.flipud(${u}[0, 0])`);
  thrown('BAD_AXIS', () => np`${u}.swapaxes(0, 2)`);
});
