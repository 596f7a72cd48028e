/** Named functions in; Benchmark.js runs them, and each one's mean time and relative margin of error come out. */
import Benchmark from 'benchmark';
import { formatTable } from '../table.js';

/** What is timed, and how many units of work one call does (1 if left out). A promise is awaited within the time. */
export type Case = readonly [name: string, run: () => void | Promise<void>, units?: number];

export interface SuiteOptions {
  /** So many calls and no more, for what must not be repeated at will. */
  readonly calls?: number;
}

/** Runs the cases one after the other and prints a table. A case that throws ends the run. */
export async function runSuite(title: string, cases: readonly Case[], options: SuiteOptions = {}): Promise<void> {
  const rows: string[][] = [];
  for (const [name, run, units = 1] of cases) {
    const first = run(); // an error here has its own stack; Benchmark.js would swallow it
    await first;
    const { mean, rme } = first instanceof Promise ? await timeAsync(name, run, options) : timeSync(name, run, options);
    rows.push([name, time(mean / units), `±${rme.toFixed(1)} %`]);
  }
  console.log(`\n${formatTable([title, 'mean', ''], rows)}`);
}

function timeSync(name: string, run: () => void | Promise<void>, options: SuiteOptions): Benchmark.Stats {
  const bench = new Benchmark(name, run, limits(options));
  bench.run();
  if (bench.error) throw bench.error;
  return bench.stats;
}

function timeAsync(name: string, run: () => void | Promise<void>, options: SuiteOptions): Promise<Benchmark.Stats> {
  return new Promise((resolve, reject) => {
    const call = (deferred: { resolve(): void }): void => {
      Promise.resolve(run()).then(() => deferred.resolve(), reject);
    };
    const bench = new Benchmark(name, call, {
      ...limits(options),
      defer: true,
      onComplete: () => (bench.error ? reject(bench.error) : resolve(bench.stats)),
    });
    bench.run({ async: true });
  });
}

function limits({ calls }: SuiteOptions): Benchmark.Options {
  return calls === undefined ? { maxTime: 1 } : { minTime: 1e-9, maxTime: 0, minSamples: calls, initCount: 1 };
}

/** Seconds as text with a unit that fits. */
function time(seconds: number): string {
  if (seconds >= 1e-3) return `${(seconds * 1e3).toFixed(2)} ms`;
  if (seconds >= 1e-6) return `${(seconds * 1e6).toFixed(2)} µs`;
  return `${(seconds * 1e9).toFixed(0)} ns`;
}
