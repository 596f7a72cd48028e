/**
 * `npm run fuzz -- --programs 10000 --mpi 500 [--seed 1]`: so many random programs in one process, compared with the
 * reference interpreter and NumPy, and so many under mpirun at 2 to 8 ranks, compared with the interpreter. They run in
 * slices, each a job of its own with its own seed; a slice that has run is not run again by giving the seed after it.
 * Every failure is printed when its slice ends: the shrunk program, the seed, and how to run it again. Ends with 1 if
 * there was one.
 */
import { parseArgs } from 'node:util';
import { launch } from '../spmd/launch.js';

const { values } = parseArgs({
  options: {
    programs: { type: 'string', default: '0' },
    mpi: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
  },
});
const first = wholeOf('seed', values.seed);

/** Programs per process: few enough that memory stays small, enough that starting costs little. */
const SLICE = { alone: 250, mpi: 50 } as const;
const MOST_SECONDS = 1800;

let failures = 0;
await slices(wholeOf('programs', values.programs), SLICE.alone, () => 0);
await slices(wholeOf('mpi', values.mpi), SLICE.mpi, (seed) => 2 + (seed % 7));
process.exitCode = failures > 0 ? 1 : 0;

function wholeOf(name: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new Error(`--${name} ${text} is no whole number`);
}

async function slices(count: number, slice: number, ranksOf: (seed: number) => number): Promise<void> {
  for (let k = 0; k * slice < count; k++) {
    const seed = first + k;
    const ranks = ranksOf(seed);
    const args = [String(seed), String(Math.min(slice, count - k * slice))];
    const start = Date.now();
    const { status, timedOut, output } = await launch({
      ranks,
      script: 'test/spmd/run-random.ts',
      args,
      timeoutSeconds: MOST_SECONDS,
    });
    const where = ranks === 0 ? 'one process' : `${ranks} ranks`;
    const seconds = Math.round((Date.now() - start) / 1000);
    if (status === 0 && output.includes(`${args[1]} programs agree`))
      console.log(`seed ${seed}, ${where}: ${args[1]} programs agree (${seconds} s)`);
    else {
      failures++;
      console.log(`seed ${seed}, ${where}: ${timedOut ? 'still running' : 'FAILED'} after ${seconds} s; again by`);
      console.log(`  ${ranks > 0 ? `mpirun -n ${ranks} ` : ''}node dist/test/spmd/run-random.js ${args.join(' ')}`);
      console.log(output);
    }
  }
}
