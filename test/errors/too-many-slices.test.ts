/** More slices than dimensions are refused. */
import { Grid, np } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { text, thrown } from './thrown.js';

installFakeEngine();
const u = new Grid([10, 8]).field('u');

it('in both dialects', () => {
  const error = thrown('TOO_MANY_SLICES', () => u.at(':', 1, '2:'));
  expect(text(error)).toBe(
    'TOO_MANY_SLICES: 3 slices for a field of 2 dimensions, shape (10, 8).\n  expected  at most 2',
  );
  thrown('TOO_MANY_SLICES', () => np`${u}[1, 2, 3] = 0`);
  thrown('TOO_MANY_SLICES', () => u.at(0).at(0, 0));
});
