/** Ranks that record different programs are told so: the engine finds it, sync passes it on. */
import { Grid } from 'quadrille';
import { expect, it, vi } from 'vitest';
import { session } from '../../lib/session.js';
import { installFakeEngine } from '../lib/fake-engine.js';
import { rejected } from './thrown.js';

installFakeEngine({ rank: 1, size: 2 });

it('by name and line', async () => {
  const grid = new Grid([4]);
  grid.field().set(1);
  const message = 'rank 0 runs a.ts:3, rank 1 runs a.ts:7';
  vi.spyOn(session.engine, 'sync').mockRejectedValueOnce(Object.assign(new Error(message), { code: 'RANK_DIVERGED' }));
  const error = await rejected('RANK_DIVERGED', () => grid.sync());
  expect(error.summary).toBe(message);
  expect(error.hint).toContain('same statements in the same order');
  await grid.sync(); // told once
});
