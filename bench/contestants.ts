/**
 * Problems in; the rows of a table out, each a started peer and how it runs. A Contest owns the peers: rows that can
 * share a process (the same binary on one and on two threads) do, and all of them end together.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { FAST_MATH_TOLERANCE } from './checksum.js';
import { build, buildMpi, findCompilers, type Maths } from './compilers.js';
import { node } from './fresh.js';
import { mpirun } from './launch.js';
import { peerBuild, peerSources } from './paths.js';
import { Peer, type PeerCommand } from './peer.js';
import { describe, type Problem } from './workloads.js';

export type Kind = 'ours' | 'c++' | 'mpi' | 'numpy' | 'numba' | 'typed-arrays' | 'copy';
/** How ours takes its steps: grid.loop; Stencil.solve; grid.loop without tiling in time, one sweep per step. */
export type LoopMode = 'loop' | 'solve' | 'sweep';

/** What a table says of a row, apart from its times. */
export interface Contestant {
  readonly name: string;
  readonly kind: Kind;
  /** Cores it computes on: threads, or ranks of one thread. */
  readonly cores: number;
  readonly ranks: boolean;
  readonly mode?: LoopMode;
  /** Iterations per hand-over, where it was chosen. */
  readonly batch?: number;
  readonly problem: Problem;
}

export interface Row extends Contestant {
  readonly peer: Peer;
  /** The third word of `run`, where the peer knows one. */
  readonly how?: string;
  /** Of its checksum: 0, the same bits; else the relative difference allowed. */
  readonly tolerance: number;
  /** Too slow for as many steps as the others: it takes what fits. */
  readonly slow: boolean;
}

export interface OursOptions {
  readonly cores: number;
  readonly ranks?: boolean;
  readonly mode?: LoopMode;
  readonly batch?: number;
}

/** OpenMP's threads spin between loops, but not on into the next peer's time; Numba keeps what it compiled. */
const PEER_ENVIRONMENT = { KMP_BLOCKTIME: '1', NUMBA_CACHE_DIR: join(peerBuild, 'numba') };

export class Contest {
  private readonly peers = new Map<string, Peer>();

  /** Lets all peers end. */
  async end(): Promise<void> {
    await Promise.all([...this.peers.values()].map((peer) => peer.end()));
    this.peers.clear();
  }

  /** undefined where it takes ranks and there is no mpirun. */
  async ours(problem: Problem, { cores, ranks = false, mode = 'loop', batch }: OursOptions): Promise<Row[]> {
    const options = {
      threads: ranks ? 1 : cores,
      ...(batch === undefined ? {} : { batch }),
      ...(mode === 'sweep' ? SWEEP_OPTIONS : {}),
    };
    const [runtime = '', ...rest] = node('peers/quadrille.ts', JSON.stringify(options));
    const script = [runtime, '--expose-gc', ...rest];
    const [command = '', ...args] = script;
    const launch = ranks ? mpirun(cores, script) : { command, args };
    if (!launch) return [];
    const what = { loop: '', solve: 'Stencil.solve, ', sweep: 'one step at a time, ' }[mode];
    const name = `ours, ${what}${plural(cores, ranks ? 'rank' : 'thread')}${batch === undefined ? '' : `, batch ${batch}`}`;
    const key = `${describe(problem)} ${launch.command} ${cores} ${script.join(' ')}`;
    const peer = await this.start(key, () => Peer.connected(name, ranks ? cores : 1, launch));
    const row: Row = { name, kind: 'ours', cores, ranks, mode, problem, peer, how: mode, tolerance: 0, slow: false };
    return [batch === undefined ? row : { ...row, batch }];
  }

  /** One row per compiler and thread count. */
  async plainCpp(problem: Problem, cores: readonly number[], maths: Maths = 'fast'): Promise<Row[]> {
    const rows: Row[] = [];
    for (const { compiler, openmp, path } of build('plain', findCompilers(), maths)) {
      const peer = await this.piped(`C++ ${compiler}`, problem, { command: path, args: [] });
      for (const threads of openmp ? cores : [1]) {
        const name = `C++ ${compiler}${openmp ? ' OpenMP' : ''}, ${plural(threads, 'thread')}`;
        const tolerance = maths === 'strict' ? 0 : FAST_MATH_TOLERANCE[problem.dtype];
        rows.push({ name, kind: 'c++', cores: threads, ranks: false, problem, peer, tolerance, slow: false });
      }
    }
    return rows;
  }

  /** C++ and MPI by hand: workloads of radius 1 on one lattice. */
  async mpiCpp(problem: Problem, cores: number): Promise<Row[]> {
    const path = buildMpi();
    const launch = path === undefined ? undefined : mpirun(cores, [path]);
    if (!launch) return [];
    const name = `C++/MPI, ${plural(cores, 'rank')}`;
    const key = `${describe(problem)} ${name}`;
    const peer = await this.start(key, () => Peer.connected(name, cores, launch));
    const tolerance = FAST_MATH_TOLERANCE[problem.dtype];
    return [{ name, kind: 'mpi', cores, ranks: true, problem, peer, tolerance, slow: false }];
  }

  async numpy(problem: Problem): Promise<Row[]> {
    const python = pythonWith('numpy');
    if (python === undefined) return [];
    const command = { command: python, args: [join(peerSources, 'plain_numpy.py')] };
    const peer = await this.piped('NumPy', problem, command);
    return [{ name: 'NumPy', kind: 'numpy', cores: 1, ranks: false, problem, peer, tolerance: 0, slow: true }];
  }

  async numba(problem: Problem, cores: readonly number[]): Promise<Row[]> {
    const python = pythonWith('numba');
    if (python === undefined) return [];
    const command = { command: python, args: [join(peerSources, 'plain_numba.py')] };
    const peer = await this.piped('Numba', problem, command);
    return cores.map((threads) => ({
      name: `Numba, ${plural(threads, 'thread')}`,
      kind: 'numba',
      cores: threads,
      ranks: false,
      problem,
      peer,
      tolerance: FAST_MATH_TOLERANCE[problem.dtype],
      slow: true,
    }));
  }

  /** f64 only. */
  async typedArrays(problem: Problem): Promise<Row[]> {
    const [command = '', ...args] = node('peers/typed-arrays.ts');
    const name = 'TypedArray loops';
    const peer = await this.piped(name, problem, { command, args });
    return [{ name, kind: 'typed-arrays', cores: 1, ranks: false, problem, peer, tolerance: 0, slow: true }];
  }

  /** The limit: copies one field of this shape into another, whatever the workload. */
  async copies({ shape, dtype }: Problem, cores: readonly number[]): Promise<Row[]> {
    const problem: Problem = { workload: shape.length === 3 ? 'laplace3d' : 'laplace2d', shape, dtype };
    const [stream] = build('stream', findCompilers().slice(0, 1), 'strict');
    if (!stream) return [];
    const peer = await this.piped('copy', problem, { command: stream.path, args: [] });
    return (stream.openmp ? cores : [1]).flatMap((threads) =>
      (['plain', 'nt'] as const).map((how): Row => {
        const name = `copy${how === 'nt' ? ', non-temporal' : ''}, ${plural(threads, 'thread')}`;
        return { name, kind: 'copy', cores: threads, ranks: false, problem, peer, how, tolerance: 0, slow: false };
      }),
    );
  }

  private piped(name: string, problem: Problem, { command, args }: PeerCommand): Promise<Peer> {
    const key = `${describe(problem)} ${command} ${args.join(' ')}`;
    return this.start(key, async () => Peer.piped(name, { command, args, env: PEER_ENVIRONMENT }));
  }

  private async start(key: string, begin: () => Promise<Peer>): Promise<Peer> {
    const peer = this.peers.get(key) ?? (await begin());
    this.peers.set(key, peer);
    return peer;
  }
}

/** What a Grid is given so that it does not tile in time. */
const SWEEP_OPTIONS = { timeTile: 1 };

const pythons = new Map<string, string | undefined>();

/** A python3 that has a module: the system's, whose version is known, else the first on the PATH. */
export function pythonWith(module: string): string | undefined {
  if (!pythons.has(module)) {
    const found = ['/usr/bin/python3', 'python3'].find((p) => spawnSync(p, ['-c', `import ${module}`]).status === 0);
    pythons.set(module, found);
  }
  return pythons.get(module);
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
