/** Shapes that do not broadcast are refused where the operator is written. */
import { Grid, np, swap } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { file, text, thrown } from './thrown.js';

installFakeEngine();
const u = new Grid([10, 8]).field('u');

it('between operands', () => {
  const error = thrown('SHAPE_MISMATCH', () => u.at('1:').add(u));
  expect(text(error)).toBe(`SHAPE_MISMATCH: add: the operands have shapes (9, 8) and (10, 8).
  expected  shapes that broadcast: counted from the last dimension, sizes are equal or one of them is 1
  hint      they differ in dimension -2 (9 and 10); off by 1: one slice probably leaves out 1 too many or too few`);
  expect(file(error)).toBe('shape-mismatch.test.ts');
});

it('between a target and its value', () => {
  thrown('SHAPE_MISMATCH', () => u.at(0).set(u));
  thrown('SHAPE_MISMATCH', () => u.at('0:1').set(u));
  thrown('SHAPE_MISMATCH', () => u.at('0:0').set(u));
});

it('in np text, with a caret', () => {
  expect(text(thrown('SHAPE_MISMATCH', () => np`${u}[1:] = ${u}[:-1] + ${u}[2:]`))).toContain(`
  | \${u}[1:] = \${u}[:-1] + \${u}[2:]
  |            ^^^^^^^^^^^^^^^^^^^^
`);
});

it('between fields that are swapped', () => {
  const grid = new Grid([4, 4]);
  thrown('SHAPE_MISMATCH', () => swap(grid.field(), grid.field({ shape: [5, 4] })));
});

it('of a condition and what it selects from', () => {
  const [a, b] = [new Grid([4, 5]).field('a'), new Grid([5]).field('b')];
  thrown('SHAPE_MISMATCH', () => a.at(b.lt(0)));
  thrown('SHAPE_MISMATCH', () => np`${a}[${b} < 0] = 1`);
  thrown('SHAPE_MISMATCH', () => np`${a}[${a} < 0] = ${a}[${a} < 1]`);
  thrown('SHAPE_MISMATCH', () => np`${a}[${a} < 0] = ${a}`);
});
