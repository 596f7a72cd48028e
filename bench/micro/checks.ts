/** What a loop's convergence test costs on two ranks, and how much of it are messages. See decision 19. */
import { node, numbersFrom } from '../fresh.js';
import { mpirun } from '../launch.js';
import { median, spread } from '../statistics.js';
import { formatTable } from '../table.js';

/** Points of a side; steps between two tests. */
export const CASES = [
  [1024, 10],
  [256, 1],
] as const;
export const ROUNDS = 7;

export async function run(): Promise<void> {
  const launch = mpirun(2, node('peers/checks.ts'));
  if (!launch) {
    console.log('convergence tests: there is no mpirun');
    return;
  }
  const numbers = await numbersFrom(launch); // each round: without a test, with one, in exchanges with one
  const rows = CASES.map(([n, every], i) => {
    const rounds = numbers.slice(3 * i * ROUNDS, 3 * (i + 1) * ROUNDS);
    const cells = [0, 1, 2].map((which) => {
      const samples = rounds.filter((_, k) => k % 3 === which);
      return `${median(samples).toFixed(0)} µs ±${(100 * spread(samples)).toFixed(0)} %`;
    });
    return [`${n}², a test after ${every}`, ...cells];
  });
  const header = ['norm(y - x) on 2 ranks, per test', 'steps alone', 'steps and test', 'of it in exchanges'];
  console.log(`\n${formatTable(header, rows)}`);
}
