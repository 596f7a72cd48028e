/**
 * `run-random.js SEED COUNT [trace | as-found]`, also under mpirun: random programs, each with a process grid, threads and tiles of
 * its own, compared with the reference interpreter and, in one process, with NumPy. All ranks draw the same programs, see
 * the same arrays, and so shrink a failure together. Ends with 1 and prints the smallest failing program if there is one;
 * `as-found` the first, at once; `trace` every program before it runs.
 */
import { isRoot, print, size } from 'quadrille';
import { describeProgram } from '../random/check.js';
import { runPrograms } from '../random/run.js';

const [seed, count] = process.argv.slice(2, 4).map(Number);
if (seed === undefined || count === undefined) throw new Error('usage: run-random.js SEED COUNT [trace | as-found]');

const traced = process.argv[4] === 'trace' && isRoot;
const failure = await runPrograms({
  seed,
  count,
  numpy: size === 1,
  shrink: process.argv[4] !== 'as-found',
  ...(traced && { begins: (program) => console.log(`${describeProgram(program)}\n`) }),
});
if (failure !== null) {
  print(`FAILED ${failure}`);
  process.exitCode = 1;
} else print(`${count} programs agree`);
