/**
 * Fig. 6 of the paper: 3-D Laplace, 16 M points, 1024 iterations of Stencil.solve, time against the number of
 * iterations recorded per hand-over. The 1024 are taken in four interleaved quarters, so that noise meets all alike.
 */
import type { Row } from '../contestants.js';
import type { Measurement } from '../measure.js';
import { meet } from '../meet.js';
import type { Reference } from '../reference.js';
import { plainCpp } from '../report.js';
import { median } from '../statistics.js';
import { formatTable } from '../table.js';
import { type Problem, points, title } from '../workloads.js';
import { TRIAL } from './groups.js';
import { drawChart } from './svg.js';

const BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const QUARTERS = 4;
const QUARTER = 256;

export async function measureBatches(reference: Reference, cores: number, trial: boolean): Promise<Measurement[]> {
  const n = trial ? 256 / TRIAL.divisor : 256;
  const problem: Problem = { workload: 'laplace3d', dtype: 'f64', shape: [n, n, n] };
  return meet(reference, { rounds: QUARTERS, steps: trial ? TRIAL.steps : QUARTER }, async (peers) => {
    const rows: Row[] = [];
    for (const batch of BATCHES) rows.push(...(await peers.ours(problem, { cores, mode: 'solve', batch })));
    rows.push(...(await peers.plainCpp(problem, [cores])), ...(await peers.mpiCpp(problem, cores)));
    return rows;
  });
}

function heading(all: readonly Measurement[]): string {
  return all[0] ? title(all[0].problem) : '';
}

function iterations(all: readonly Measurement[]): number {
  return QUARTERS * (all[0]?.steps ?? 0);
}

/** Seconds for all iterations. */
function seconds({ samples, steps, problem }: Measurement): number {
  return samples.reduce((sum, sample) => sum + sample, 0) * 1e-9 * steps * points(problem);
}

function ours(all: readonly Measurement[]): { batch: number; seconds: number }[] {
  return all.flatMap((row) => (row.batch === undefined ? [] : [{ batch: row.batch, seconds: seconds(row) }]));
}

/** From 4 to 256: half of the widest difference, as a share of the median. */
export function flatness(all: readonly Measurement[]): number {
  const times = ours(all)
    .filter(({ batch }) => batch >= 4)
    .map((point) => point.seconds);
  return (Math.max(...times) - Math.min(...times)) / 2 / median(times);
}

export function formatBatches(all: readonly Measurement[]): string {
  const rows = all.map((row) => [row.name, seconds(row).toFixed(2)]);
  return `Fig. 6: ${heading(all)}, ${iterations(all)} iterations, seconds\n${formatTable(['', 's'], rows)}`;
}

export function drawBatches(all: readonly Measurement[]): string {
  const cores = all[0]?.cores ?? 1;
  const across = (row: Measurement | undefined, name: string) =>
    row ? [{ name, dashed: true, points: BATCHES.map((x) => ({ x, y: seconds(row) })) }] : [];
  const reference = all.find(({ kind }) => kind === 'c++');
  const threads = `${cores} thread${cores === 1 ? '' : 's'}`;
  return drawChart(`${heading(all)}, f64, ${iterations(all)} iterations`, [
    {
      title: `time against batch, ${threads}`,
      xLabel: 'iterations recorded per hand-over (batch)',
      yLabel: 'seconds',
      xTicks: BATCHES,
      series: [
        {
          name: `ours, Stencil.solve, ${threads}`,
          points: ours(all).map(({ batch, seconds: y }) => ({ x: batch, y })),
        },
        ...across(reference && plainCpp(all, reference), `plain C++ (OpenMP), ${threads}`),
        ...across(
          all.find(({ kind }) => kind === 'mpi'),
          `C++/MPI, ${cores} ranks`,
        ),
      ],
    },
  ]);
}
