/** Named functions in; Benchmark.js runs them, and each one's mean time and relative margin of error come out. */
import Benchmark from 'benchmark';
import { formatTable } from '../table.js';

export type Case = readonly [name: string, run: () => void];

/** Runs the cases one after the other and prints a table. A case that throws ends the run. */
export function runSuite(title: string, cases: readonly Case[], { samples = 0 } = {}): void {
  const rows: string[][] = [];
  for (const [name, run] of cases) {
    run(); // an error here has its own stack; Benchmark.js would swallow it
    // `samples`: that many runs of one call each, for what must not be repeated at will.
    const bench = new Benchmark(name, run, samples > 0 ? { minTime: 1e-9, maxTime: 0, minSamples: samples, initCount: 1 } : { maxTime: 1 });
    bench.run();
    if (bench.error) throw bench.error;
    rows.push([name, time(bench.stats.mean), `±${bench.stats.rme.toFixed(1)} %`]);
  }
  console.log(`\n${formatTable([title, 'mean', ''], rows)}`);
}

/** Seconds as text with a unit that fits. */
export function time(seconds: number): string {
  if (seconds >= 1e-3) return `${(seconds * 1e3).toFixed(2)} ms`;
  if (seconds >= 1e-6) return `${(seconds * 1e6).toFixed(2)} µs`;
  return `${(seconds * 1e9).toFixed(0)} ns`;
}
