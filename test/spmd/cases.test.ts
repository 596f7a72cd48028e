/** Every case at every number of ranks: the bits of the reference interpreter, and of NumPy run on the same lines. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNpy } from '../../lib/io/file.js';
import { cases } from '../cases/index.js';
import { pythonWithNumpy } from '../numpy/numpy.js';
import { firstDifference } from '../reference/compare.js';
import { launch, type Run } from './launch.js';

const SEED = Number(process.env.QUADRILLE_SEED ?? 1);
const RANKS = [1, 2, 3, 4, 6, 8];
/** Seconds until a run counts as hanging; idle, two cores need 10 for 8 ranks. */
const PATIENCE = 300;
const root = mkdtempSync(join(tmpdir(), 'quadrille-cases-'));
const alone = mkdtempSync(join(root, 'alone-'));
let single: Run;

beforeAll(
  async () => {
    single = await launch({
      ranks: 0,
      script: 'test/spmd/run-cases.ts',
      args: [alone, String(SEED), 'reference'],
      timeoutSeconds: PATIENCE,
    });
  },
  (PATIENCE + 10) * 1000,
);
afterAll(() => rmSync(root, { recursive: true }));

/** Fails with what the run said, if it did not end well. */
function expectSuccess(run: Run, folder: string): void {
  if (run.status === 0) return;
  const begun = existsSync(join(folder, 'begun.txt'))
    ? readFileSync(join(folder, 'begun.txt'), 'utf8').trim().split('\n').at(-1)
    : 'nothing';
  const end = run.timedOut ? 'did not end' : `ended with ${run.status ?? run.signal}`;
  throw new Error(`the run ${end} in ${begun} (QUADRILLE_SEED=${SEED})\n${run.output.slice(-8000)}`);
}

/** Fails with the error of the case, if it had one. */
function expectNoError(folder: string, name: string): void {
  const file = join(folder, `${name}.error.txt`);
  if (existsSync(file)) throw new Error(`${name} (QUADRILLE_SEED=${SEED}): ${readFileSync(file, 'utf8')}`);
}

/** Names of the fields that the case `name` gave back when it ran alone. Fails if there are none. */
function fieldsOf(name: string): string[] {
  const suffix = '.reference.npy';
  const files = readdirSync(alone).filter((file) => file.startsWith(`${name}.`) && file.endsWith(suffix));
  expect(files, `fields of ${name}`).not.toHaveLength(0);
  return files.map((file) => file.slice(name.length + 1, -suffix.length));
}

describe('every case in one process', () => {
  it('runs to its end', () => expectSuccess(single, alone));

  for (const { name, sameAs = name, numpy, python, ulp = 0 } of cases) {
    it(`${name} is the reference interpreter's`, () => {
      expectNoError(alone, name);
      for (const field of fieldsOf(sameAs)) {
        const got = readNpy(join(alone, `${name}.${field}.npy`));
        expect(
          firstDifference(got, readNpy(join(alone, `${sameAs}.${field}.reference.npy`)), { ulp }),
          field,
        ).toBeNull();
      }
    });
    if (!numpy && python === undefined) continue;
    it.skipIf(pythonWithNumpy() === null)(`${name} is NumPy's`, () => {
      expectNoError(alone, name);
      for (const field of fieldsOf(sameAs)) {
        const got = readNpy(join(alone, `${name}.${field}.npy`));
        expect(firstDifference(got, readNpy(join(alone, `${name}.${field}.numpy.npy`))), field).toBeNull();
      }
    });
  }
});

describe.each(RANKS)('every case at %i ranks', (ranks) => {
  const folder = mkdtempSync(join(root, `${ranks}-`));
  let run: Run;

  beforeAll(
    async () => {
      run = await launch({
        ranks,
        script: 'test/spmd/run-cases.ts',
        args: [folder, String(SEED + ranks)],
        timeoutSeconds: PATIENCE,
      });
    },
    (PATIENCE + 10) * 1000,
  );

  it('runs to its end', () => expectSuccess(run, folder));

  for (const { name, sameAs = name, ulp = 0 } of cases) {
    it(`${name} has the same bytes as in one process`, () => {
      expectNoError(folder, name);
      for (const field of fieldsOf(sameAs)) {
        const file = `${name}.${field}.npy`;
        const got = readNpy(join(folder, file));
        expect(
          firstDifference(got, readNpy(join(alone, `${sameAs}.${field}.reference.npy`)), { ulp }),
          field,
        ).toBeNull();
        expect(readFileSync(join(folder, file)).equals(readFileSync(join(alone, file))), `bytes of ${file}`).toBe(true);
      }
    });
  }
});
