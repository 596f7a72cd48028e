/** Programs without arrays, in the translated part of Python: what they print is what CPython prints. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { launch } from '../spmd/launch.js';
import { pythonWithNumpy } from './numpy.js';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'python');
const python = pythonWithNumpy();

describe.skipIf(python === null)('prints what CPython prints', () => {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.py'))) {
    it(name, async () => {
      const file = join(folder, name);
      const expected = spawnSync(python ?? '', [file], { encoding: 'utf8' });
      expect(expected.stderr).toBe('');
      const run = await launch({ ranks: 0, script: 'scripts/quadrille.mjs', args: ['run', file] });
      expect(run.output).toBe(expected.stdout);
      expect(run.status).toBe(0);
    });
  }
});
