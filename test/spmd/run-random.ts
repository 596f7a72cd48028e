/**
 * `run-random.js SEED RUNS` under mpirun: random programs, each with a process grid, threads and tiles of its own,
 * compared with the reference interpreter. All ranks draw the same programs, see the same arrays, and so shrink a
 * failure together. Ends with 1 and prints the smallest failing program if there is one.
 */
import fc from 'fast-check';
import { Grid, print } from 'quadrille';
import { check, describeProgram } from '../random/check.js';
import { randomPrograms } from '../random/program.js';
import { MOST_THREADS, setupFrom } from './setup.js';

const [seed, numRuns] = process.argv.slice(2).map(Number);
if (seed === undefined || numRuns === undefined) throw new Error('usage: run-random.js SEED RUNS');

// The engine starts with as many threads as any program will ask for.
new Grid([1], { threads: MOST_THREADS }).field();

let k = 0;
const property = fc.asyncProperty(randomPrograms, async (program) => {
  const setup = setupFrom(seed * 100_000 + k++);
  try {
    const { difference } = await check(program, setup);
    if (difference !== null) throw new Error(`${difference}\n${describeProgram(program)}`);
  } finally {
    for (const grid of setup.grids) grid.dispose();
  }
});
const result = await fc.check(property, { seed, numRuns });
if (result.failed) {
  print(`QUADRILLE_SEED=${seed}, after ${result.numRuns} programs: ${result.errorInstance}`);
  process.exitCode = 1;
} else {
  print(`${result.numRuns} programs are the reference interpreter's`);
}
