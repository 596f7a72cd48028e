/** What it costs to bring one recorded step down to a Plan and to bitcode: once per Program, not per step. */
import { lower } from '../../jit/passes.js';
import { laplaceProgram } from './laplace-program.js';
import { runSuite } from './suite.js';

export async function run(): Promise<void> {
  const alone = laplaceProgram(1024, 1);
  const ranked = laplaceProgram(1024, 64);
  const { plan, kernels } = lower(alone, { rank: 0, size: 1 });
  await runSuite('lowering', [
    ['Laplace step to Plan, one rank', () => void lower(alone, { rank: 0, size: 1 })],
    ['Laplace step to Plan, rank 7 of 64', () => void lower(ranked, { rank: 7, size: 64 })],
    ['Plan to JSON', () => void JSON.stringify(plan)],
  ]);
  // llvm-bindings never frees a module, so this one does not run for a second like the others.
  const emit = (): void => kernels.forEach((kernel) => void kernel.emit());
  await runSuite('emission', [['Laplace kernel to bitcode', emit]], { calls: 50 });
}
