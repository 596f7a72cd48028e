/** A process grid that leaves ranks without points must have been meant otherwise. */
import { Grid } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { text, thrown } from './thrown.js';

installFakeEngine({ size: 6 });

it('when it is asked for', () => {
  expect(
    text(thrown('TOO_MANY_RANKS', () => new Grid([4, 100], { processGrid: [6, 1] }))),
  ).toBe(`TOO_MANY_RANKS: processGrid puts 6 ranks along dimension 0, which has 4 points.
  expected  at most 4 ranks there
  hint      leave processGrid out: ranks that find no points stay idle`);
});

it('but not when it is chosen', () => {
  const grid = new Grid([2, 2]);
  expect(grid.processGrid.reduce((a, b) => a * b)).toBe(6);
});
