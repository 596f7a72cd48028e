/** A file that cannot be opened. */
import { Grid } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { rejected } from './thrown.js';

installFakeEngine();

it('is refused with the reason of the system', async () => {
  const error = await rejected('FILE_ACCESS', () => new Grid([4]).field().load('/no/such/folder/u.npy'));
  expect(error.summary).toContain('ENOENT');
});
