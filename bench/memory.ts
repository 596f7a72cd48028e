/** Number of ranks in; each rank's memory beyond its fields out (MB of PSS: shared pages count by their share). */
import { node, numbersFrom } from './fresh.js';
import { mpirun } from './launch.js';

export async function memoryPerRank(ranks: number): Promise<number[] | undefined> {
  const launch = mpirun(ranks, node('peers/memory.ts'));
  return launch ? numbersFrom(launch) : undefined;
}
