/** A grid so small that a step is mostly overhead: ours in both loops, beside C++. */
import type { Measurement } from '../measure.js';
import { meet } from '../meet.js';
import type { Reference } from '../reference.js';
import type { Problem } from '../workloads.js';
import { TRIAL } from './groups.js';

const STEPS = 100_000;

export async function measureSmall(reference: Reference, rounds: number, trial: boolean): Promise<Measurement[]> {
  const problem: Problem = { workload: 'laplace2d', dtype: 'f64', shape: [64, 64] };
  return meet(reference, { rounds, steps: trial ? TRIAL.steps : STEPS }, async (peers) => [
    ...(await peers.ours(problem, { cores: 1 })),
    ...(await peers.ours(problem, { cores: 1, mode: 'solve' })),
    ...(await peers.plainCpp(problem, [1])),
  ]);
}
