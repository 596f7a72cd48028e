/** Augmented assignments that NumPy refuses for their target's dtype. */
import { Grid, np } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { text, thrown } from './thrown.js';

installFakeEngine();
const grid = new Grid([4]);
const [u, i, b] = [grid.field('u'), grid.field('i', { dtype: 'i32' }), grid.field('b', { dtype: 'bool' })];

it('of floats into integers, of numbers into booleans', () => {
  expect(
    text(thrown('UNSAFE_CAST', () => np`${i} += 1.5`)),
  ).toBe(`UNSAFE_CAST: The result is f64, which does not go into i32 in place. (line 1, column 1 of the template)
  | \${i} += 1.5
  | ^^^^^^^^^^^
  hint      x[...] = x + value converts, towards zero; or give the field another dtype`);
  thrown('UNSAFE_CAST', () => np`${i} /= 2`);
  thrown('UNSAFE_CAST', () => np`${i} *= ${u}`);
  thrown('UNSAFE_CAST', () => np`${b} += 1`);
  thrown('UNSAFE_CAST', () => np`${b} &= ${i}`);
});

it('but not where only digits may be lost', () => {
  const [single, long] = [grid.field({ dtype: 'f32' }), grid.field({ dtype: 'i64' })];
  np`
    ${i} += 2
    ${i} += ${long}
    ${i} += ${b}
    ${single} *= ${u}
    ${u} -= ${i}
    ${b} |= ${b}
  `;
});
