/** Random programs in one process: the engine, the reference interpreter and NumPy agree to the bit. */
import fc from 'fast-check';
import { Grid } from 'quadrille';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Setup } from '../cases/case.js';
import { pythonWithNumpy, runNumpy } from '../numpy/numpy.js';
import type { ReferenceArray } from '../reference/array.js';
import { firstDifference } from '../reference/compare.js';
import { MOST_THREADS, setupFrom } from '../spmd/setup.js';
import { check, describeProgram } from './check.js';
import { callsLibrary, type RandomProgram, randomPrograms } from './program.js';
import { pythonSource } from './render.js';

const seed = Number(process.env.QUADRILLE_SEED ?? 1);
const numRuns = Number(process.env.QUADRILLE_RUNS ?? 300);

describe('random programs', () => {
  const ran: { program: RandomProgram; before: readonly ReferenceArray[]; after: readonly ReferenceArray[] }[] = [];
  const setups: { dispose(): void }[] = [];
  // The engine starts with as many threads as any program will ask for.
  beforeAll(() => void new Grid([1], { threads: MOST_THREADS }).field());
  afterAll(() => {
    for (const setup of setups) setup.dispose();
  });

  it(`${numRuns} of them are the reference interpreter's`, { timeout: 120_000 + 1000 * numRuns }, async () => {
    let k = 0;
    const property = fc.asyncProperty(randomPrograms, async (program) => {
      const setup: Setup & ReturnType<typeof setupFrom> = setupFrom(seed * 100_000 + k++);
      try {
        const { difference, before, after } = await check(program, setup);
        if (difference !== null) throw new Error(`${difference}\n${describeProgram(program)}`);
        if (!callsLibrary(program)) ran.push({ program, before, after });
      } finally {
        for (const grid of setup.grids) grid.dispose();
      }
    });
    const result = await fc.check(property, { seed, numRuns });
    if (result.failed)
      throw new Error(`QUADRILLE_SEED=${seed}, after ${result.numRuns} programs: ${result.errorInstance}`);
  });

  it.skipIf(pythonWithNumpy() === null)("and NumPy's", () => {
    expect(ran.length).toBeGreaterThan(0);
    const results = runNumpy(ran.map(({ program, before }) => ({ source: pythonSource(program), arrays: before })));
    ran.forEach(({ program, after }, k) => {
      after.forEach((array, i) => {
        const expected = results[k]?.[i];
        if (!expected) throw new Error('NumPy gave too few arrays');
        expect(firstDifference(array, expected), describeProgram(program)).toBeNull();
      });
    });
  });
});
