/**
 * This process among its ranks. In: the launcher's environment; out: rank and size, what only one rank should do, the
 * barrier, and how many threads are this rank's due. MPI is loaded here, and only under a launcher of several ranks.
 */
import os from 'node:os';
import { format } from 'node:util';
import { engineRuns, installEnding, onEnd, runAll } from './ending.js';
import { fromNative, QuadrilleError, userLabel } from './errors.js';
import { fairShare, placesFor } from './fair-share.js';
import { detectLaunch, type Launch } from './launcher.js';
import { loadEngine, loadMpi, type NativeMpi, type Topology } from './native.js';

export { onEnd };

const mpi = join();

/** This process's number among the ranks of the job, from 0. Alone: 0. */
export const rank: number = mpi?.rank() ?? 0;
/** Number of ranks of the job. Alone: 1. */
export const size: number = mpi?.size() ?? 1;
/** Is this rank 0? */
export const isRoot: boolean = rank === 0;
/** This process's number among the ranks on this node. */
export const localRank: number = mpi?.localRank() ?? 0;
/** Number of ranks on this node. */
export const localSize: number = mpi?.localSize() ?? 1;

installEnding(rank, mpi);
if (mpi !== undefined) warnIfOversubscribed(mpi);

/** As console.log, on rank 0 only, and without colours: launchers give rank 0 a terminal even where it is a file. */
export function print(...values: unknown[]): void {
  if (isRoot) process.stdout.write(`${format(...values)}\n`);
}

/**
 * Resolves when every rank has come here and everything recorded before has run everywhere.
 * @throws (rejects) QuadrilleError RANK_DIVERGED if another rank is elsewhere in the program, or has ended.
 */
export async function barrier(): Promise<void> {
  const label = userLabel();
  await runAll();
  try {
    if (engineRuns()) await loadEngine().barrier(label);
    else mpi?.barrier(label);
  } catch (error) {
    throw fromNative(error, label);
  }
}

/** What NativeEngine.start wants as `comm`; undefined without MPI. */
export function comm(): unknown {
  return mpi?.comm();
}

/** StartOptions.fusedMaths: the same on all ranks; undefined without MPI. */
export function fusedMaths(): boolean | undefined {
  return mpi?.everyRankFuses();
}

/** How messages between the ranks of a node go, as NativeMpi.sharedWindow() says; undefined without MPI. */
export function sharedWindow(): { bytes: number; absent: string } | undefined {
  return mpi?.sharedWindow();
}

/** Threads for this process: its fair share of the cores it is bound to, at least 1. */
export function defaultThreads(): number {
  return mpi === undefined ? topology().cores : fairShare(mpi.localCpus(), mpi.localRank()).threads;
}

/** Has some rank of this node less than one hardware thread to itself? */
export function oversubscribed(): boolean {
  return mpi !== undefined && fairShare(mpi.localCpus(), mpi.localRank()).oversubscribed;
}

/** Where each of the `threads` members of this process's team should stay; undefined: anywhere. QUADRILLE_PIN=off. */
export function places(threads: number): number[][] | undefined {
  if (process.env.QUADRILLE_PIN === 'off') return undefined;
  return mpi === undefined
    ? placesFor([topology().cpus], 0, threads)
    : placesFor(mpi.localCpus(), mpi.localRank(), threads);
}

let known: Topology | undefined;

/** Of this process. Takes some milliseconds to find out: once. */
export function topology(): Topology {
  known ??= loadEngine().topology();
  return known;
}

/** MPI, initialised, if this process is one of several. */
function join(): NativeMpi | undefined {
  const launch = detectLaunch(process.env);
  // `mpirun -n 1` is a single process: it need not pay for MPI, nor have one.
  if (launch === undefined || (launch.size === 1 && process.env.QUADRILLE_MPI !== 'on')) return undefined;
  const addon = loadMpiFor(launch);
  try {
    addon.init();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new QuadrilleError('BAD_LAUNCH', `Started by ${launch.launcher}, but MPI does not start: ${reason}.`, {
      cause: error,
    });
  }
  if (launch.size !== undefined && addon.size() !== launch.size) {
    throw new QuadrilleError(
      'BAD_LAUNCH',
      `${launch.launcher} started ${launch.size} processes, but to the MPI library of quadrille_mpi.node they are ${addon.size()}.`,
      {
        found: addon.library(),
        expected: `the MPI that ${launch.launcher} belongs to`,
        hint: 'use the launcher of that library, or rebuild: npm rebuild quadrille with the right mpicc first in PATH',
      },
    );
  }
  return addon;
}

/** A missing addon must not become as many serial runs as there are ranks. */
function loadMpiFor(launch: Launch): NativeMpi {
  try {
    return loadMpi();
  } catch (error) {
    if (!(error instanceof QuadrilleError)) throw error;
    const several = launch.size === undefined ? 'under MPI' : `as ${launch.size} ranks`;
    throw new QuadrilleError('MPI_MISSING', `Started ${several} by ${launch.launcher}. ${error.summary}`, {
      expected: error.expected,
      hint: `${error.hint ?? ''}; to run without MPI all the same, set QUADRILLE_MPI=off`,
      cause: error,
    });
  }
}

/** Once per node, by its first rank. */
function warnIfOversubscribed(addon: NativeMpi): void {
  if (addon.localRank() !== 0 || process.env.QUADRILLE_OVERSUBSCRIBE === 'ok') return;
  const all = addon.localCpus();
  if (!oversubscribed()) return;
  const cores = new Set(all.flatMap((cpus) => cpus.cores)).size;
  process.stderr.write(
    `quadrille: ${all.length} ranks share ${cores} ${cores === 1 ? 'core' : 'cores'} of ${os.hostname()}; ` +
      'they will wait for each other more than they compute. QUADRILLE_OVERSUBSCRIBE=ok silences this.\n',
  );
}
