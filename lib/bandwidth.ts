/** How fast memory is for a number of threads: measured once per kind of machine, then known. */
import { session } from './session.js';
import { localSize } from './spmd.js';

/**
 * GB/s that this process's `threads` threads copy from memory to memory; undefined where that is not known and cannot be
 * measured now. Blocks for about 0.1 s where it is measured: by one process, with nothing running. Ranks would disturb
 * each other: they take their share of what a single process with the threads of all of them found.
 */
export function memoryBandwidth(threads: number): number | undefined {
  const known = knownBandwidth(threads);
  if (known !== undefined || localSize > 1 || !session.running) return known;
  const found = session.engine.bandwidth(threads);
  if (found <= 0) return undefined;
  session.backend.memory?.().store(nameOf(threads), found);
  return found;
}

/** The same, if somebody has measured it. */
export function knownBandwidth(threads: number): number | undefined {
  const found = session.backend.memory?.().find(nameOf(threads * localSize));
  return typeof found === 'number' && found > 0 ? found / localSize : undefined;
}

function nameOf(threads: number): string {
  return `memory bandwidth of ${threads} threads`;
}
