/** What a Session runs on: the native engine, the way down to it, and this process's place among the ranks. */
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type LowerContext, type Lowered, lower } from '../jit/passes.js';
import type { LoopShape } from '../jit/plan.js';
import type { Program } from '../jit/program.js';
import { COMMON_CACHES } from '../jit/tiling.js';
import { HostMemory } from './host-memory.js';
import { loadEngine, type NativeEngine } from './native.js';
import {
  comm,
  defaultThreads,
  fusedMaths,
  localRank,
  localSize,
  onEnd,
  oversubscribed,
  places,
  rank,
  size,
  topology,
} from './spmd.js';

export interface Backend {
  readonly rank: number;
  readonly size: number;
  defaultThreads(): number;
  /** Called once. */
  start(threads: number): NativeEngine;
  /**
   * `ints`: one per integer of the Program; what comes back serves their whole class. With `loop`: for running many steps
   * in a row.
   */
  lower(program: Program, ints: readonly number[], loop?: LoopShape): Lowered;
  /** Of each core of this process; left out: nobody knows. */
  l2Bytes?(): number;
  /** What was measured on machines like this one; left out: nothing is kept. */
  memory?(): HostMemory;
}

/** The addon, under whatever launched this process. `atEnd` runs what is left when the program ends. */
export function nativeBackend(atEnd: () => Promise<void>): Backend {
  return {
    rank,
    size,
    defaultThreads,
    start(threads) {
      const engine = loadEngine();
      const external = comm();
      const where = places(threads);
      const fused = fusedMaths();
      engine.start({
        threads,
        cacheDir: cacheDirectory(),
        localRanks: localSize,
        ...(external !== undefined && { comm: external }),
        ...(fused !== undefined && { fusedMaths: fused }),
        ...(oversubscribed() && { oversubscribed: true }),
        ...(where && { places: where }),
      });
      onEnd(atEnd);
      return engine;
    },
    memory: hostMemory,
    l2Bytes: () => cachesHere().ownCaches.l2Bytes,
    lower: (program, ints, loop) =>
      lower(program, { rank, size, ints, ...cachesHere(), ...dumpTo(process.env.QUADRILLE_DUMP, program) }, loop),
  };
}

let measured: HostMemory | undefined;

function hostMemory(): HostMemory {
  if (measured) return measured;
  const { cpu, features } = loadEngine().info();
  const { l2Bytes, l3Bytes, cores } = topology();
  const host = JSON.stringify({ cpu, features, l2Bytes, l3Bytes, cores });
  measured = new HostMemory(cacheDirectory(), host, localRank === 0);
  return measured;
}

/** Of this machine; ranks, which may be on different ones, must tile alike and take what is common. */
function cachesHere(): Required<Pick<LowerContext, 'caches' | 'ownCaches'>> {
  const { l2Bytes } = topology();
  const ownCaches = { l2Bytes: l2Bytes || COMMON_CACHES.l2Bytes };
  return { ownCaches, caches: size > 1 ? COMMON_CACHES : ownCaches };
}

/** Where compiled kernels are kept; null where QUADRILLE_CACHE=off. */
export function cacheDirectory(env: Readonly<Record<string, string | undefined>> = process.env): string | null {
  if (env.QUADRILLE_CACHE === 'off') return null;
  if (env.QUADRILLE_CACHE_DIR) return path.resolve(env.QUADRILLE_CACHE_DIR);
  return path.join(env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'quadrille');
}

/** QUADRILLE_DUMP=dir: the result of every pass, one folder per Program and rank. */
function dumpTo(directory: string | undefined, program: Program): Pick<LowerContext, 'dump'> {
  if (!directory) return {};
  const folder = path.join(directory, `${program.key.slice(0, 12)}-rank${rank}`);
  mkdirSync(folder, { recursive: true });
  return {
    dump: (pass, result) => {
      const text = typeof result === 'string' ? result : JSON.stringify(result, (_, value) => plain(value), 1);
      writeFileSync(path.join(folder, pass), text);
    },
  };
}

/** Maps and sets, which JSON leaves out. */
function plain(value: unknown): unknown {
  return value instanceof Map || value instanceof Set ? [...value] : value;
}
