/**
 * Complete solvers as NumPy's users write them: run by NumPy, and by `quadrille run` in one process and on 3 and 4
 * ranks. What they save is the same to the last byte.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { farthest } from '../../bench/numpy/farthest.js';
import { readNpy } from '../../lib/io/file.js';
import { launch } from '../spmd/launch.js';
import { pythonWithNumpy } from './numpy.js';

const programs = join(dirname(fileURLToPath(import.meta.url)), 'programs');
const python = pythonWithNumpy();
const scratch = mkdtempSync(join(tmpdir(), 'quadrille-programs-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/**
 * Where sums enter the arithmetic: ours are exact, NumPy's rounded at every addition, so that results differ by rounding.
 * On any number of ranks ours are the same to the last byte.
 */
const ROUNDED: Readonly<Record<string, number>> = { 'conjugate_gradients.py': 1e-12 };

/** Everything in a folder, by name. */
function filesIn(folder: string): Map<string, Buffer> {
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
}

describe.skipIf(python === null).each(readdirSync(programs).filter((name) => name.endsWith('.py')))('%s', (name) => {
  const file = join(programs, name);
  const folder = (who: string) => mkdtempSync(join(scratch, `${name}-${who}-`));

  const alone = new Map<string, Buffer>();

  it.each([1, 3, 4])('saves on %i ranks what NumPy saves', async (ranks) => {
    const [theirs, ours] = [folder('numpy'), folder(`${ranks}`)];
    const numpy = spawnSync(python ?? '', [file], { cwd: theirs, encoding: 'utf8' });
    expect(numpy.stderr).toBe('');
    const run = await launch({
      ranks: ranks === 1 ? 0 : ranks,
      script: 'scripts/quadrille.mjs',
      args: ['run', file],
      cwd: ours,
      env: { QUADRILLE_OVERSUBSCRIBE: 'ok' },
    });
    expect(run.output).toBe(numpy.stdout);
    expect(run.status).toBe(0);
    const [expected, saved] = [filesIn(theirs), filesIn(ours)];
    expect([...saved.keys()]).toEqual([...expected.keys()]);
    for (const [array, bytes] of expected) {
      const tolerance = ROUNDED[name];
      // Archives of NumPy's hold the time; what is in them the programs save once more.
      if (array.endsWith('.npz')) expect(saved.get(array)?.length).toBeGreaterThan(0);
      else if (tolerance === undefined) expect(saved.get(array)?.equals(bytes), array).toBe(true);
      else expect(farthest(readNpy(join(ours, array)).data, readNpy(join(theirs, array)).data)).toBeLessThan(tolerance);
      const first = alone.get(array) ?? saved.get(array);
      if (first) alone.set(array, first);
      expect(saved.get(array)?.equals(first ?? bytes), `${array} on ${ranks} ranks`).toBe(true);
    }
  });
});
