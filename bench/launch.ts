/** A number of ranks and a command in; the mpirun command line for this machine out. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { PeerCommand } from './peer.js';

const mpiVersion = (() => {
  const run = spawnSync('mpirun', ['--version'], { encoding: 'utf8' });
  return run.status === 0 ? run.stdout : undefined;
})();

/** undefined where there is no mpirun. */
export function mpirun(ranks: number, command: readonly string[]): PeerCommand | undefined {
  if (mpiVersion === undefined) return undefined;
  const openmpi = mpiVersion.includes('Open MPI');
  const flags = openmpi && ranks > availableParallelism() ? ['--oversubscribe'] : [];
  // Open MPI refuses to run as root, as which containers run, unless told twice.
  const env: Record<string, string> =
    openmpi && process.getuid?.() === 0 ? { OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' } : {};
  return { command: 'mpirun', args: [...flags, '-n', String(ranks), ...command], env };
}
