/** What an element of a full reduction costs, in L2 and in memory: ours and NumPy's, in turns. See decision 13. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Field, Grid, type Scalar } from 'quadrille';
import { pythonWith } from '../contestants.js';
import { peerSources } from '../paths.js';
import { median, spread } from '../statistics.js';
import { formatTable } from '../table.js';

const ROUNDS = 7;
/** As reductions.py. */
const COUNTS = [100_000, 10_000_000] as const;
const ELEMENTS = 2e7; // of one round

const REDUCTIONS: Readonly<Record<string, (x: Field, y: Field) => Scalar>> = {
  sum: (x) => x.sum(),
  max: (x) => x.max(),
  'sum(x * x)': (x) => x.mul(x).sum(),
  argmax: (x) => x.argmax(),
  dot: (x, y) => x.dot(y),
};

export async function run(): Promise<void> {
  const python = pythonWith('numpy');
  for (const count of COUNTS) {
    const samples = new Map<string, number[]>();
    const grid = new Grid([count], { threads: 1, odf: 1 });
    const fields = [1, 2].map((k) => grid.field({ init: (i = 0) => Math.sin(k * i) }));
    await ours(grid, fields); // compiles; memory is slower when it is new
    const keep = (who: string, name: string, ns: number): unknown =>
      samples.set(`${who} ${name}`, [...(samples.get(`${who} ${name}`) ?? []), ns]);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, ns] of await ours(grid, fields)) keep('ours', name, ns);
      if (python !== undefined) for (const [name, ns] of theirs(python, count)) keep('NumPy', name, ns);
    }
    grid.dispose();
    const rows = Object.keys(REDUCTIONS).map((name) => [
      name,
      ...['ours', 'NumPy'].map((who) => cell(samples.get(`${who} ${name}`) ?? [])),
    ]);
    console.log(`\n${formatTable([`${count} f64, ns per element`, 'ours', 'NumPy'], rows)}`);
  }
}

function cell(samples: readonly number[]): string {
  return samples.length === 0 ? '-' : `${median(samples).toFixed(2)} ±${(100 * spread(samples)).toFixed(0)} %`;
}

/** Time in which the engine's thread computed: what a call costs besides is another microbenchmark's. */
async function ours(grid: Grid, [x, y]: readonly Field[]): Promise<[string, number][]> {
  if (!x || !y) throw new Error('two fields were made');
  const [result, count]: [[string, number][], number] = [[], x.shape[0] ?? 0];
  for (const [name, reduce] of Object.entries(REDUCTIONS)) {
    const times = Math.max(1, Math.round(ELEMENTS / count));
    await grid.sync();
    const before = grid.stats().computeSeconds;
    for (let k = 0; k < times; k++) await reduce(x, y);
    await grid.sync();
    result.push([name, ((grid.stats().computeSeconds - before) / times / count) * 1e9]);
  }
  return result;
}

function theirs(python: string, count: number): [string, number][] {
  const env = { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' };
  const text = execFileSync(python, [join(peerSources, 'reductions.py'), String(count)], { encoding: 'utf8', env });
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', ns] = line.split('\t');
      return [name, Number(ns)];
    });
}
