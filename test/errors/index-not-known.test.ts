/** Where the engine still computes it, a value is no index: INDEX_NOT_KNOWN. */
import { argmax, Grid, max, np } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { text, thrown } from './thrown.js';

installFakeEngine();
const u = new Grid([10, 8]).field('u');

it('a Scalar as an index', () => {
  expect(text(thrown('INDEX_NOT_KNOWN', () => u.at(argmax(u))))).toContain('await s.value()');
  thrown('INDEX_NOT_KNOWN', () => u.at(max(u), ':'));
  thrown('INDEX_NOT_KNOWN', () => np`${u}[${argmax(u)}] = 0`);
  thrown('INDEX_NOT_KNOWN', () => np`${u}[0, np.argmax(${u}[:, 0])] = 0`);
});

it('a Scalar as a bound of a slice', () => {
  // @ts-expect-error: what a JavaScript user may write
  thrown('INDEX_NOT_KNOWN', () => u.at([argmax(u), null]));
  // @ts-expect-error: the same of what is computed
  thrown('INDEX_NOT_KNOWN', () => u.add(1).at([argmax(u), null]));
  // @ts-expect-error: the same of what is computed
  thrown('INDEX_NOT_KNOWN', () => u.add(1).at(argmax(u)));
  thrown('INDEX_NOT_KNOWN', () => np`${u}[:np.argmax(${u}[:, 0])] = 0`);
});

it('a condition of one value is one, of all elements or none', () => {
  u.at(max(u).gt(3)).set(0);
  np`${u}[np.max(${u}) > 3] = 0`;
});
