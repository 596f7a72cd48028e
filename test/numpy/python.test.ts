/** Programs without arrays, in the translated part of Python: what they print is what CPython prints. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { launch } from '../spmd/launch.js';
import { NUMPY_2, pythonWithNumpy } from './numpy.js';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'python');
const python = pythonWithNumpy();

describe.skipIf(python === null)('prints what CPython prints', () => {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.py'))) {
    it(name, async () => {
      const file = join(folder, name);
      // As a program of its own, with NumPy 2's types.
      const execution = "exec(compile(open(sys.argv[0]).read(), sys.argv[0], 'exec'), {'__name__': '__main__'})";
      const script = `import sys, numpy as np\n${NUMPY_2}\nsys.argv = sys.argv[1:]\n${execution}`;
      const expected = spawnSync(python ?? '', ['-W', 'ignore', '-c', script, file], { encoding: 'utf8' });
      expect(expected.stderr).toBe('');
      const run = await launch({ ranks: 0, script: 'scripts/quadrille.mjs', args: ['run', file] });
      expect(run.output).toBe(expected.stdout);
      expect(run.status).toBe(0);
    });
  }
});
