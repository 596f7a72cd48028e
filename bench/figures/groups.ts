/**
 * The contests of the Numbers table: for each problem, which peers meet in one interleaved run, and what is wanted of
 * ours against the best plain C++ on one core and on two.
 */
import type { Contest, LoopMode, Row } from '../contestants.js';
import type { Measurement, MeasureOptions } from '../measure.js';
import { meet } from '../meet.js';
import type { Reference } from '../reference.js';
import type { Problem, WorkloadName } from '../workloads.js';

export interface Group {
  readonly problem: Problem;
  /** Times faster than plain C++ that the time loop shall be: on one thread, on two (or two ranks). */
  readonly wanted: readonly [one: number, two: number];
  /** Too large for all forms of ours to lie in memory at once: they meet plain C++ one after the other. */
  readonly heavy?: boolean;
  /** With C++/MPI, NumPy, Numba, TypedArrays and Stencil.solve: what the figures show. */
  readonly allPeers?: boolean;
}

function group(workload: WorkloadName, shape: readonly number[], wanted: Group['wanted'], allPeers = false): Group {
  return { problem: { workload, dtype: 'f64', shape }, wanted, allPeers };
}

export const GROUPS: readonly Group[] = [
  group('laplace2d', [8192, 8192], [2.5, 2.5]),
  group('laplace2d', [4096, 4096], [2.0, 2.0], true),
  group('laplace2d', [1024, 1024], [1.2, 1.0]),
  group('laplace2d', [256, 256], [1.0, 1.0]),
  { ...group('laplace3d', [512, 512, 512], [1.6, 1.7]), heavy: true },
  group('laplace3d', [256, 256, 256], [1.25, 1.35]),
  group('burgers2d', [4096, 4096], [1.4, 1.5], true),
  group('wave3d', [256, 256, 256], [1.5, 1.6]),
  group('fdtd2d', [4096, 4096], [1.5, 1.5]),
];

/** A trial of the harness: the same contests, smaller and shorter, so that no time means anything. */
export const TRIAL = { divisor: 16, steps: 6 } as const;

export function groupsOf(trial: boolean): readonly Group[] {
  if (!trial) return GROUPS;
  const shrink = (n: number): number => n / TRIAL.divisor;
  return GROUPS.map(({ problem, ...rest }) => ({ ...rest, problem: { ...problem, shape: problem.shape.map(shrink) } }));
}

export interface Lineup {
  readonly cores: readonly number[];
  readonly modes: readonly LoopMode[];
  /** Also ours on ranks; the time loop of ours in f32; plain C++; what a user might pick instead; the limit. */
  readonly ranks: boolean;
  readonly single: boolean;
  readonly plain: boolean;
  readonly allPeers: boolean;
  readonly copies: boolean;
}

/** Who meets whom: everyone at once, if they fit in memory. */
export function lineups({ allPeers = false, heavy = false }: Group, cores: readonly number[]): Lineup[] {
  const modes = allPeers ? (['loop', 'sweep', 'solve'] as const) : (['loop', 'sweep'] as const);
  const all = { cores, modes, ranks: true, single: true, plain: true, allPeers, copies: true };
  if (!heavy) return [all];
  return [
    { ...all, modes: ['loop'], single: false },
    { ...all, modes: ['sweep'], ranks: false, single: false, copies: false },
    { ...all, modes: ['loop'], ranks: false, plain: false, copies: false },
  ];
}

/** All of a line-up in one interleaved run. */
export async function contest(
  problem: Problem,
  { cores, modes, ranks, single, plain, allPeers, copies }: Lineup,
  reference: Reference,
  options: MeasureOptions,
): Promise<Measurement[]> {
  return meet(reference, options, async (peers) => {
    const rows: Row[] = [];
    for (const threads of cores) {
      for (const mode of modes) rows.push(...(await peers.ours(problem, { cores: threads, mode })));
      if (single) rows.push(...(await peers.ours({ ...problem, dtype: 'f32' }, { cores: threads })));
      if (ranks && threads > 1) rows.push(...(await peers.ours(problem, { cores: threads, ranks })));
    }
    if (plain) rows.push(...(await peers.plainCpp(problem, cores)));
    if (allPeers) rows.push(...(await otherPeers(peers, problem, cores)));
    if (copies) rows.push(...(await peers.copies(problem, cores)));
    return rows;
  });
}

/** What a user might pick instead. */
export async function otherPeers(peers: Contest, problem: Problem, cores: readonly number[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const ranks of cores) rows.push(...(await peers.mpiCpp(problem, ranks)));
  rows.push(...(await peers.numba(problem, cores)), ...(await peers.numpy(problem)));
  rows.push(...(await peers.typedArrays(problem)));
  return rows;
}
