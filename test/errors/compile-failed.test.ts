/** A kernel the compiler refuses comes back as an error of ours, with the line that was recorded. */
import { Grid } from 'quadrille';
import { expect, it, vi } from 'vitest';
import { session } from '../../lib/session.js';
import { installFakeEngine } from '../lib/fake-engine.js';
import { rejected } from './thrown.js';

installFakeEngine();

it('at the sync after it', async () => {
  const grid = new Grid([4]);
  grid.field().set(1);
  vi.spyOn(session.engine, 'loadPlan').mockImplementationOnce(() => {
    throw Object.assign(new Error('symbol not found'), { code: 'COMPILE_FAILED' });
  });
  const error = await rejected('COMPILE_FAILED', () => grid.sync());
  expect(error.place).toMatch(/compile-failed\.test\.ts:\d+/);
  expect(error.hint).toContain('QUADRILLE_DUMP');
});

it('found by the engine: with the line of the program, not of the sync', async () => {
  const grid = new Grid([4]);
  grid.field().set(1);
  const failure = Object.assign(new Error('symbol not found'), { code: 'COMPILE_FAILED', label: 'solver.ts:3' });
  vi.spyOn(session.engine, 'sync').mockRejectedValueOnce(failure);
  const error = await rejected('COMPILE_FAILED', () => grid.sync());
  expect(error.place).toBe('solver.ts:3');
});
