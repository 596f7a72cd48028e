/** Finds the peers of this machine and starts them; out come the rows of the table, each a peer and a thread count. */
import { spawnSync } from 'node:child_process';
import { build, findCompilers } from './compilers.js';
import { mpirun } from './launch.js';
import { peerSources, script } from './paths.js';
import { Peer } from './peer.js';

export type RowKind = 'ours' | 'ours-ranks' | 'c++' | 'numpy' | 'copy';

export interface Row {
  readonly name: string;
  readonly kind: RowKind;
  /** Cores it computes on: threads, or ranks of one thread. */
  readonly cores: number;
  readonly peer: Peer;
}

export async function startRows(maxCores: number): Promise<Row[]> {
  const cores = maxCores >= 2 ? [1, 2] : [1];
  const compilers = findCompilers();
  const rows: Row[] = [...(await startOurs(cores))];

  for (const binary of build('laplace2d', compilers, [false, true])) {
    const name = `C++ ${binary.compiler}${binary.openmp ? ' -fopenmp' : ''}`;
    const peer = Peer.piped(name, { command: binary.path, args: [] });
    for (const threads of binary.openmp ? cores : [1]) {
      rows.push({ name: `${name}, ${plural(threads, 'thread')}`, kind: 'c++', cores: threads, peer });
    }
  }

  const python = numpyPython();
  if (python) {
    const peer = Peer.piped('NumPy', { command: python, args: [`${peerSources}/laplace2d.py`] });
    rows.push({ name: 'NumPy', kind: 'numpy', cores: 1, peer });
  }

  const [stream] = build('stream', compilers.slice(0, 1), [true]);
  if (stream) {
    for (const [mode, name] of [
      ['plain', 'copy'],
      ['nt', 'copy, non-temporal'],
    ] as const) {
      const peer = Peer.piped(name, { command: stream.path, args: [mode] });
      for (const threads of cores) {
        rows.push({ name: `${name}, ${plural(threads, 'thread')}`, kind: 'copy', cores: threads, peer });
      }
    }
  }
  return rows;
}

async function startOurs(cores: readonly number[]): Promise<Row[]> {
  const rows: Row[] = [];
  const path = script('peers/quadrille.ts');
  for (const threads of cores) {
    const name = `ours, ${plural(threads, 'thread')}`;
    const peer = await Peer.connected(name, 1, { command: process.execPath, args: [path, String(threads)] });
    rows.push({ name, kind: 'ours', cores: threads, peer });
  }
  const ranks = 2;
  const launch = cores.includes(ranks) ? mpirun(ranks, [process.execPath, path, '1']) : undefined;
  if (launch) {
    const name = `ours, ${ranks} ranks`;
    rows.push({ name, kind: 'ours-ranks', cores: ranks, peer: await Peer.connected(name, ranks, launch) });
  }
  return rows;
}

/** A python3 that has NumPy: the system's, whose version is known, else the first on the PATH. */
function numpyPython(): string | undefined {
  return ['/usr/bin/python3', 'python3'].find((p) => spawnSync(p, ['-c', 'import numpy']).status === 0);
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
