/**
 * Halo exchange between two ranks by message size: the time of a step that does nothing but send a row each way and
 * read it. Both ranks must take the same number of steps, which Benchmark.js cannot promise, so the rounds are counted
 * here; the table looks the same.
 */
import { node, numbersFrom } from '../fresh.js';
import { mpirun } from '../launch.js';
import { median, spread } from '../statistics.js';
import { formatTable } from '../table.js';
import { MESSAGE_BYTES, ROUNDS } from './exchange-sizes.js';

export async function run(): Promise<void> {
  const launch = mpirun(2, node('peers/exchange.ts'));
  if (!launch) {
    console.log('halo exchange: there is no mpirun');
    return;
  }
  const numbers = await numbersFrom(launch);
  const rows = MESSAGE_BYTES.map((bytes, i) => {
    const samples = numbers.slice(i * ROUNDS, (i + 1) * ROUNDS);
    const microseconds = median(samples);
    const rate = bytes / microseconds / 1000;
    return [
      `${bytes} B each way`,
      `${microseconds.toFixed(2)} µs`,
      `±${(100 * spread(samples)).toFixed(1)} %`,
      `${rate.toFixed(2)} GB/s`,
    ];
  });
  console.log(`\n${formatTable(['halo exchange, 2 ranks, per step', 'median', '', ''], rows)}`);
}
