/** What is no slice is refused. */
import { Grid, np } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { text, thrown } from './thrown.js';

installFakeEngine();
const u = new Grid([10, 8]).field('u');

it.each(['1:2:3:4', 'a:b', '', '1.5', '1:x', '..', '1,2'])("'%s'", (slice) => {
  expect(thrown('BAD_SLICE', () => u.at(slice)).expected).toContain('start:stop:step');
});

it('one string for two slices, even where both are known', () => {
  u.at('1:-1', '1:-1');
  u.at(3, '2');
  for (const text of ['1:-1,1:-1', '3,2', '#3']) thrown('BAD_SLICE', () => u.at(text));
});

it('numbers that are not whole', () => {
  for (const n of [1.5, Number.NaN, Infinity]) thrown('BAD_SLICE', () => u.at(n));
  thrown('BAD_SLICE', () => u.at([0, 2.5]));
  thrown('BAD_SLICE', () => u.at([1, 2, 3, 4]));
  expect(text(thrown('BAD_SLICE', () => np`${u}[${8} / 3] = 0`))).toContain('hint      divide with //');
});

it('step 0 and two ellipses', () => {
  thrown('BAD_SLICE', () => u.at('::0'));
  thrown('BAD_SLICE', () => np`${u}[::0] = 0`);
  thrown('BAD_SLICE', () => u.at('...', 1, '...'));
});

it('arrays of indices, which gather, and more than one condition', () => {
  const v = new Grid([4, 4]).field();
  thrown('BAD_SLICE', () => v.at(v));
  thrown('BAD_SLICE', () => v.at(0, v.at(0)));
  thrown('BAD_SLICE', () => v.at(v.at(0).lt(0), v.at(1).lt(0)));
  thrown('BAD_SLICE', () => np`${v}[${v}[0] < 0, ${v}[1] < 0] = 0`);
  // @ts-expect-error: what a JavaScript user may write
  thrown('BAD_SLICE', () => v.add(1).at(v.lt(0)));
});
