/** Integers are not clamped as slices are. */
import { Grid, np } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { rejected, text, thrown } from './thrown.js';

installFakeEngine();
const u = new Grid([10, 8]).field('u');

it('beyond either end', async () => {
  expect(
    text(thrown('INDEX_OUT_OF_RANGE', () => u.at(0, 8))),
  ).toBe(`INDEX_OUT_OF_RANGE: Index 8 is out of range for dimension 1 of size 8.
  expected  -8 to 7
  hint      only slices are clamped, as in NumPy`);
  thrown('INDEX_OUT_OF_RANGE', () => u.at(-11));
  thrown('INDEX_OUT_OF_RANGE', () => np`${u}[10] = 0`);
  await rejected('INDEX_OUT_OF_RANGE', () => u.get(0, 8));
});
