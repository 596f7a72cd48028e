/** A grid so small that a step is mostly overhead: ours in both loops, beside C++. */
import { Contest } from '../contestants.js';
import { type Measurement, measure } from '../measure.js';
import type { Reference } from '../reference.js';
import type { Problem } from '../workloads.js';
import { TRIAL } from './groups.js';

const STEPS = 100_000;

export async function measureSmall(reference: Reference, rounds: number, trial: boolean): Promise<Measurement[]> {
  const problem: Problem = { workload: 'laplace2d', dtype: 'f64', shape: [64, 64] };
  const peers = new Contest();
  try {
    const rows = [
      ...(await peers.ours(problem, { cores: 1 })),
      ...(await peers.ours(problem, { cores: 1, mode: 'solve' })),
      ...(await peers.plainCpp(problem, [1])),
    ];
    return await measure(rows, reference, { rounds, steps: trial ? TRIAL.steps : STEPS });
  } finally {
    await peers.end();
  }
}
