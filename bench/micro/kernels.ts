/** What compiling a kernel costs, and what it costs to run one that has nothing to do: the addon is needed. */
import { lower } from '../../jit/passes.js';
import type { FieldDesc } from '../../lib/native.js';
import { session } from '../../lib/session.js';
import { laplaceProgram } from './laplace-program.js';
import { runSuite } from './suite.js';

const UNITS = 1000;

export async function run(): Promise<void> {
  process.env['QUADRILLE_CACHE'] = 'off'; // or the second run of this suite would compile nothing
  const n = 3; // one inner point
  const program = laplaceProgram(n, 1);
  const lowered = lower(program, { rank: 0, size: 1 });
  const desc: FieldDesc = { dtype: 'f64', shape: [n, n], offset: [0, 0], extent: [n, n] };
  const x = session.createField(desc, session.backend.defaultThreads());
  const y = session.createField(desc, session.backend.defaultThreads());
  const { engine } = session;
  const kernel = lowered.kernels[0];
  const spec = lowered.plan.kernels[0];
  if (!kernel || !spec) throw new Error('the Laplace step became no kernel');

  const once = async (plan: number, units: number): Promise<void> => {
    const ids = new Int32Array(3 * units);
    for (let u = 0; u < units; u++) ids.set(u % 2 === 0 ? [plan, x, y] : [plan, y, x], 3 * u);
    engine.submit(ids, new Float64Array(units).fill(0.25));
    await engine.sync();
  };

  // The same code under another key each time: the engine cannot know that it has it.
  let keys = 0;
  const bitcode = kernel.emit();
  const compile = async (): Promise<void> => {
    const key = (++keys).toString(16).padStart(32, 'c');
    engine.compile(key, kernel.symbol, bitcode, false);
    const plan = engine.loadPlan(JSON.stringify({ ...lowered.plan, key, kernels: [{ ...spec, key }] }));
    await once(plan, 1);
    engine.dropPlan(plan);
    engine.dropKernel(key);
  };
  await runSuite('compile', [['Laplace kernel, bitcode to first run', compile]], { calls: 30 });

  const plan = session.plans.load(lowered, program);
  await runSuite('dispatch', [
    ['one unit, submit to sync', () => once(plan, 1)],
    [`each of ${UNITS} units in one batch`, () => once(plan, UNITS), UNITS],
  ]);
}
