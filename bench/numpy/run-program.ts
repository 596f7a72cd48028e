/**
 * A NumPy program in: run as `quadrille run` runs it. With --count, what was recorded and compiled is told in the last
 * line of stdout, as JSON.
 */
import { nativeBackend } from '../../lib/backend.js';
import { runProgram } from '../../lib/numpy/program/run.js';
import { session } from '../../lib/session.js';
import { tap } from '../../lib/tap.js';

/** How much there was to compile, and how much was compiled. */
export interface Counts {
  /** Runs of statement lists. */
  readonly units: number;
  /** Distinct statement lists. */
  readonly lists: number;
  readonly plans: number;
  /** Plans that were made a second time. */
  readonly plansAgain: number;
  /** Distinct kernels in them. */
  readonly kernels: number;
  readonly kernelsCompiled: number;
}

const [program = '', option] = process.argv.slice(2);
if (option === '--count') await counted(program);
else process.exitCode = await runProgram(program, []);

async function counted(path: string): Promise<void> {
  const keys = new Set<string>();
  const plans: string[] = [];
  const kernels = new Set<string>();
  let units = 0;
  const backend = nativeBackend(() => session.end());
  session.useBackend({
    ...backend,
    lower(lists, ints, loop) {
      const lowered = backend.lower(lists, ints, loop);
      plans.push(JSON.stringify(lowered.plan));
      for (const { key } of lowered.kernels) kernels.add(key);
      return lowered;
    },
  });
  tap({
    unit({ program: { key } }) {
      units++;
      keys.add(key);
    },
  });
  process.exitCode = await runProgram(path, []);
  await session.sync();
  const counts: Counts = {
    units,
    lists: keys.size,
    plans: plans.length,
    plansAgain: plans.length - new Set(plans).size,
    kernels: kernels.size,
    kernelsCompiled: session.stats().kernelsCompiled,
  };
  console.log(JSON.stringify(counts));
}
