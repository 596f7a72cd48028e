/** How fast memory is for a number of threads: measured by a few processes per kind of machine, then known. */
import { session } from './session.js';
import { localSize } from './spmd.js';

/** Others may have kept the memory busy: that many processes measure it, and the fastest counts. */
const PROCESSES = 3;
/** Thread counts that this process has measured. */
const asked = new Set<number>();

/**
 * GB/s that this process's `threads` threads copy from memory to memory; undefined where that is not known and cannot be
 * measured now. Blocks for about 0.1 s where it is measured: by one process, with nothing running. Ranks would disturb
 * each other: they take their share of what a single process with the threads of all of them found.
 */
export function memoryBandwidth(threads: number): number | undefined {
  const { gbs, processes } = stored(threads * localSize);
  if (processes < PROCESSES && localSize === 1 && session.running && !asked.has(threads)) {
    const found = session.engine.bandwidth(threads);
    if (found > 0) {
      asked.add(threads);
      const best = { gbs: Math.max(found, gbs), processes: processes + 1 };
      session.backend.memory?.().store(nameOf(threads), best);
      return best.gbs;
    }
  }
  return knownBandwidth(threads);
}

/** The same, if somebody has measured it. */
export function knownBandwidth(threads: number): number | undefined {
  const { gbs } = stored(threads * localSize);
  return gbs > 0 ? gbs / localSize : undefined;
}

function stored(threads: number): { gbs: number; processes: number } {
  const found = session.backend.memory?.().find(nameOf(threads));
  const { gbs, processes }: Partial<Record<string, unknown>> = typeof found === 'object' ? { ...found } : {};
  const known = typeof gbs === 'number' && gbs > 0 && typeof processes === 'number';
  return known ? { gbs, processes } : { gbs: 0, processes: 0 };
}

function nameOf(threads: number): string {
  return `memory bandwidth of ${threads} threads`;
}
