/** What has no code that is known here is an error of ours, with its cause. */
import { Grid } from 'quadrille';
import { expect, it, vi } from 'vitest';
import { InvalidIR } from '../../jit/invalid.js';
import { fromNative } from '../../lib/errors.js';
import { session } from '../../lib/session.js';
import { installFakeEngine } from '../lib/fake-engine.js';
import { rejected } from './thrown.js';

installFakeEngine();

it('keeps what was thrown', () => {
  const cause = Object.assign(new Error('assertion'), { code: 'ERR_SOMETHING' });
  const error = fromNative(cause, 'solver.ts:7');
  expect(error).toMatchObject({ code: 'INTERNAL', summary: 'assertion', place: 'solver.ts:7', cause });
  expect(fromNative(error)).toBe(error);
});

it('names the line whose Program a pass refuses', async () => {
  const grid = new Grid([4]);
  const cause = new InvalidIR('a rule is broken');
  vi.spyOn(session.backend, 'lower').mockImplementationOnce(() => {
    throw cause;
  });
  grid.field().set(1);
  const error = await rejected('INTERNAL', () => grid.sync());
  expect(error).toMatchObject({ summary: 'a rule is broken', cause });
  expect(error.place).toMatch(/internal\.test\.ts:\d+$/);
});
