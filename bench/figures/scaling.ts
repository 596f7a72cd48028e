/** Figs. 7 and 8 of the paper: strong and weak scaling of 2-D Laplace and 2-D Burgers over threads and over ranks. */
import type { Kind, Row } from '../contestants.js';
import type { Measurement, MeasureOptions } from '../measure.js';
import { meet } from '../meet.js';
import type { Reference } from '../reference.js';
import { median } from '../statistics.js';
import { type Problem, points, title } from '../workloads.js';
import { drawChart, type Panel, type Series } from './svg.js';

/** 1, 2, 4, … up to all cores. */
export function coreCounts(available: number): number[] {
  const counts = [];
  for (let count = 1; count < available; count *= 2) counts.push(count);
  return [...counts, available];
}

/** As many times the points as cores, along the first dimension. */
function scaled(problem: Problem, cores: number): Problem {
  const [first = 1, ...rest] = problem.shape;
  return { ...problem, shape: [first * cores, ...rest] };
}

/** Every peer that uses several cores, with a problem that grows with them. */
export async function measureWeak(
  problem: Problem,
  cores: readonly number[],
  reference: Reference,
  options: MeasureOptions,
): Promise<Measurement[]> {
  return meet(reference, options, async (peers) => {
    const rows: Row[] = [];
    for (const count of cores) {
      const grown = scaled(problem, count);
      rows.push(...(await peers.ours(grown, { cores: count })));
      if (count > 1) rows.push(...(await peers.ours(grown, { cores: count, ranks: true })));
      rows.push(...(await peers.plainCpp(grown, [count])), ...(await peers.mpiCpp(grown, count)));
      rows.push(...(await peers.numba(grown, [count])));
    }
    return rows;
  });
}

interface Line {
  readonly name: string;
  readonly kind: Kind;
  /** Of ours. On one core, one rank of one thread is the row of one thread. */
  readonly ranks?: boolean;
}

const LINES: readonly Line[] = [
  { name: 'ours, threads', kind: 'ours' },
  { name: 'ours, ranks', kind: 'ours', ranks: true },
  { name: 'plain C++, OpenMP', kind: 'c++' },
  { name: 'C++/MPI by hand', kind: 'mpi' },
  { name: 'Numba, parallel', kind: 'numba' },
  { name: 'NumPy', kind: 'numpy' },
  { name: 'TypedArray loops in Node', kind: 'typed-arrays' },
];

/** ms per step. */
function series(all: readonly Measurement[], cores: readonly number[]): Series[] {
  return LINES.flatMap(({ name, kind, ranks }) => {
    const drawn = cores.flatMap((x) => {
      const times = all
        .filter((row) => row.kind === kind && row.cores === x && row.problem.dtype === 'f64')
        .filter((row) => kind !== 'ours' || (row.mode === 'loop' && row.ranks === (ranks === true && x > 1)))
        .map((row) => (median(row.samples) * points(row.problem)) / 1e6);
      return times.length === 0 ? [] : [{ x, y: Math.min(...times) }];
    });
    return drawn.length === 0 ? [] : [{ name, points: drawn }];
  });
}

export function drawScaling(
  problem: Problem,
  strong: readonly Measurement[],
  weak: readonly Measurement[],
  cores: readonly number[],
): string {
  const axes = { xLabel: 'cores (threads or ranks)', yLabel: 'ms per step', xTicks: cores };
  const panels: Panel[] = [
    { ...axes, title: 'strong scaling', series: series(strong, cores) },
    { ...axes, title: 'weak scaling (as many times the points)', series: series(weak, cores) },
  ];
  return drawChart(`${title(problem)}, f64: time per step`, panels);
}
