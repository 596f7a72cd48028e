/** The local block is what has run, so all must have run. */
import { Grid } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { thrown } from './thrown.js';

installFakeEngine();

it('until sync', async () => {
  const grid = new Grid([4]);
  const u = grid.field('u');
  thrown('NOT_SYNCED', () => u.local);
  await grid.sync();
  expect(u.local.shape).toEqual([4]);
  u.set(1);
  expect(thrown('NOT_SYNCED', () => u.local).hint).toContain('await grid.sync()');
});
