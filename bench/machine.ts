/** What a table of times must say about the machine, and whether that was quiet. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { findCompilers, flagsOf, type Maths, version } from './compilers.js';
import { pythonWith } from './contestants.js';
import { TOLERABLE } from './measure.js';

export interface Machine {
  readonly date: string;
  readonly cores: number;
  readonly lines: readonly string[];
}

export function machine(maths: Maths): Machine {
  const cores = availableParallelism();
  const compilers = findCompilers().map((name) => `${name}: ${version(name)}  (${flagsOf(maths)})`);
  const pages = readFileSync('/sys/kernel/mm/transparent_hugepage/enabled', 'utf8').trim();
  const lines = [
    `${cpus()[0]?.model.trim()}, ${cores} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
    ...compilers,
    `transparent huge pages: ${pages}`,
  ];
  return { date: new Date().toISOString().slice(0, 16).replace('T', ' '), cores, lines };
}

/** Cores that other programs used while times were taken: of each contest. */
export function quietness(disturbances: readonly number[]): string {
  const most = Math.max(...disturbances);
  const few = `other programs used ${most.toFixed(2)} cores at most while times were taken`;
  return most > TOLERABLE ? `NOTE: ${few}: do not trust them` : `a quiet machine: ${few}`;
}

/** Peers that are left out on this machine, and how to get them. */
export function missingPeers(): string | undefined {
  const missing = [
    ...(findCompilers().length < 2 ? ['C++ by clang (clang-22, libomp-22-dev)'] : []),
    ...(version('mpicxx') === undefined ? ['C++/MPI (libopenmpi-dev, openmpi-bin)'] : []),
    ...(pythonWith('numpy') === undefined ? ['NumPy (python3-numpy)'] : []),
    ...(pythonWith('numba') === undefined ? ['Numba (python3-numba)'] : []),
  ];
  if (missing.length === 0) return undefined;
  return `left out, because it is not here: ${missing.join(', ')}. To have all: bash scripts/setup.sh --bench`;
}
