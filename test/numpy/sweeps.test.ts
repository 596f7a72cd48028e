/**
 * Random loops over rows, columns and planes in NumPy programs (see test/random/sweeps.ts): run by NumPy, and by
 * `quadrille run` in one process and on 3 and 4 ranks. What is computed is the same to the last byte.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomSweeps } from '../random/sweeps.js';
import { launch } from '../spmd/launch.js';
import { pythonWithNumpy } from './numpy.js';

const python = pythonWithNumpy();
const scratch = mkdtempSync(join(tmpdir(), 'quadrille-sweeps-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const seed = Number(process.env.QUADRILLE_SEED ?? 1);
const programs = fc.sample(randomSweeps, { seed, numRuns: Number(process.env.QUADRILLE_SWEEPS ?? 40) });
const NAMES = ['a', 'b', 'c'];

/** One after the other, each as a function (`t = ...` is its own) and saved. */
const source = [
  'import numpy as np',
  ...programs.flatMap((lines, k) => [
    `def program${k}():`,
    ...lines.map((line) => `    ${line.replaceAll('\n', '\n    ')}`),
    ...NAMES.map((name) => `    np.save('${k}-${name}.npy', ${name})`),
    `program${k}()`,
  ]),
].join('\n');

describe.skipIf(python === null)('random loops over rows', () => {
  const file = join(scratch, 'program.py');
  const theirs = join(scratch, 'numpy-');
  let expected = '';
  beforeAll(() => {
    writeFileSync(file, source);
    expected = mkdtempSync(theirs);
    const numpy = spawnSync(python ?? '', [file], { cwd: expected, encoding: 'utf8' });
    expect(numpy.stderr).toBe('');
  });

  it.each([1, 3, 4])('on %i ranks', async (ranks) => {
    const ours = mkdtempSync(join(scratch, `${ranks}-`));
    const run = await launch({
      ranks: ranks === 1 ? 0 : ranks,
      script: 'scripts/quadrille.mjs',
      args: ['run', file],
      cwd: ours,
      env: { QUADRILLE_OVERSUBSCRIBE: 'ok' },
      timeoutSeconds: 240,
    });
    expect(run.output).toBe('');
    expect(run.status).toBe(0);
    programs.forEach((lines, k) => {
      for (const name of NAMES) {
        const [a, b] = [expected, ours].map((folder) => readFileSync(join(folder, `${k}-${name}.npy`)));
        expect(a && b?.equals(a), `${name} after\n${lines.join('\n')}`).toBe(true);
      }
    });
  });
});
