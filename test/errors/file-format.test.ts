/** A file that is no .npy file, or not of this field's kind. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Grid } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { scratchFolder } from '../scratch.js';
import { rejected } from './thrown.js';

installFakeEngine();

it('is refused by name', async () => {
  const path = join(scratchFolder('format'), 'u.npy');
  writeFileSync(path, 'no array at all');
  const error = await rejected('FILE_FORMAT', () => new Grid([4]).field().load(path));
  expect(error.summary).toContain(path);
});
