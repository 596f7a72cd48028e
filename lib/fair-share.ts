/** What each rank of a node may run on in; how many cores of it are one rank's fair share, out. */
import type { CpuSet } from './native.js';

export interface FairShare {
  /** Threads this rank should run: its whole cores, at least 1. */
  readonly threads: number;
  /** Some rank of the node has less than one hardware thread to itself. */
  readonly oversubscribed: boolean;
}

/**
 * Each core is divided among the ranks bound to it (by their hardware threads there), a rank's share is the sum over
 * its cores, and not more than its part of the CPU time its control group grants. `all` holds the ranks of one node.
 */
export function fairShare(all: readonly CpuSet[], me: number): FairShare {
  const mine = all[me];
  if (mine === undefined) throw new RangeError(`rank ${me} of ${all.length}`);
  const perCore = tally(all.flatMap((cpus) => cpus.cores));
  const perPu = tally(all.flatMap((cpus) => cpus.pus));
  const granted = (cpus: CpuSet): number => cpus.quota / all.length;
  const cores = Math.min(sumOfShares(mine.cores, perCore), granted(mine));
  return {
    threads: Math.max(1, wholePart(cores)),
    oversubscribed: all.some((cpus) => wholePart(Math.min(sumOfShares(cpus.pus, perPu), granted(cpus))) < 1),
  };
}

/**
 * The hardware threads that each of `threads` team members should stay on: a core each, if that uses exactly the cores
 * this rank has to itself. Undefined if it shares them, or uses fewer (others may need to go around it) or more.
 */
export function placesFor(all: readonly CpuSet[], me: number, threads: number): number[][] | undefined {
  const mine = all[me];
  if (mine === undefined) throw new RangeError(`rank ${me} of ${all.length}`);
  const places = new Map<number, number[]>();
  mine.pus.forEach((pu, i) => {
    const core = mine.cores[i] ?? pu;
    places.set(core, [...(places.get(core) ?? []), pu]);
  });
  const shared = all.some((cpus, rank) => rank !== me && cpus.cores.some((core) => places.has(core)));
  if (shared || threads < 2 || threads !== places.size || mine.quota < threads) return undefined;
  return [...places.values()];
}

function tally(ids: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function sumOfShares(ids: readonly number[], counts: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (const id of ids) sum += 1 / (counts.get(id) ?? 1);
  return sum;
}

/** Six sixths of a core are one. */
function wholePart(cores: number): number {
  return Math.floor(cores + 1e-9);
}
