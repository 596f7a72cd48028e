/**
 * Waves of one run in one pass over memory: scheduled waves in; out come stretches of neighbouring waves whose sweeps walk
 * over the fields together, each as far behind the others as their dependences ask (jit/skew.ts), so that what several of
 * them touch comes from memory once. Sweeps of different boxes (staggered fields), and those that read what the ones before
 * them wrote, where fusion into one kernel would not be right. The same as a loop tiled in time, of one step.
 */
import { BYTES } from './bytes.js';
import { type ChainShape, obstacle, shapeOf } from './chain.js';
import { costOf, extentOf, pointsAlong } from './cost.js';
import { writtenBy } from './dependence.js';
import { type Group, slotsOf } from './fuse.js';
import type { SlotTable } from './place.js';
import type { Program, ProgramOptions } from './program.js';
import { accessesOf } from './sweep.js';
import { type Caches, COMMON_CACHES, COMPUTE_BOUND, grainOf, MOST_REDUNDANT, onePass } from './tiling.js';

export interface JoinedWaves {
  readonly first: number;
  readonly waves: number;
  readonly shape: ChainShape;
}

interface Input {
  readonly waves: readonly (readonly Group[])[];
  readonly table: SlotTable;
  readonly program: Program;
  readonly caches?: Caches | undefined;
}

/** What of the bytes that sweeps move one by one they may still move together. */
const MOST_TRAFFIC = 0.85;
/** Sweeps in a pass: each is a call per few rows of a tile, and more bring more lag. */
const MOST_SWEEPS = 16;

/** In order. Every rank finds the same. */
export function joinWaves({ waves, table, program, caches: given }: Input): JoinedWaves[] {
  const { options } = program;
  const caches = options.tune === 'off' ? COMMON_CACHES : (given ?? COMMON_CACHES);
  // Whoever fixes the steps of a pass has all joined that can be, whether that pays or not.
  const forced = typeof options.timeTile === 'number' && options.timeTile > 1;
  const asked = { table, options, caches, forced };
  const joined: JoinedWaves[] = [];
  // Small programs are lowered as quickly as before.
  if (!forced && bytesOf(waves.flat(), table) <= options.threads * caches.l2Bytes) return joined;
  for (let first = 0; first < waves.length; ) {
    // What is quickly seen is asked first: most stretches end there.
    let count = stretchAt(first, waves, asked);
    for (; count > 0; count--) {
      const own = waves.slice(first, first + count);
      const groups = own.flat();
      if (groups.length < 2 || !(forced || pays(groups, asked))) continue;
      const shape = together(own, asked);
      if (!shape) continue;
      joined.push({ first, waves: count, shape });
      break;
    }
    first += Math.max(1, count);
  }
  return joined;
}

/** All that is touched, on one rank. */
function bytesOf(groups: readonly Group[], table: SlotTable): number {
  const slots = [...slotsOf(groups.flatMap(({ sweeps }) => sweeps))];
  return slots.reduce((sum, slot) => {
    const { shape, dtype } = table.decls[slot] ?? { shape: [0], dtype: 'f64' as const };
    return sum + shape.reduce((product, n) => product * n, BYTES[dtype] / table.ranks);
  }, 0);
}

interface Asked {
  readonly table: SlotTable;
  readonly options: ProgramOptions;
  readonly caches: Caches;
  readonly forced: boolean;
}

/** Waves from `first` on that might be walked together, each of which gains by it. */
function stretchAt(first: number, waves: readonly (readonly Group[])[], { table, forced }: Asked): number {
  let count = 0;
  let before: Traffic = { apart: 0, joined: 0 };
  while (first + count < waves.length) {
    const longer = waves.slice(first, first + count + 1);
    const groups = longer.flat();
    if (groups.length > MOST_SWEEPS || obstacle(longer, { next: [] }, table) !== null) break;
    const now = traffic(groups, table);
    // Does the last of them find in cache what it would else fetch?
    if (!forced && count > 0 && now.joined - before.joined > MOST_TRAFFIC * (now.apart - before.apart)) break;
    before = now;
    count++;
  }
  return count;
}

/** Null: they cannot be walked together, or tiles would not stay in cache. */
function together(waves: readonly (readonly Group[])[], { table, options, caches, forced }: Asked): ChainShape | null {
  const groups = waves.flat();
  const shape = shapeOf(waves, { next: [] }, table, { steps: 1, grain: grainOf(groups, table) });
  if ('why' in shape) return null;
  const lag = Math.max(...shape.lags.map(([rows = 0]) => rows));
  const shifts = shape.touches.flat(2).map(({ shift }) => Math.abs(shift[0] ?? 0));
  const { fits, ...tiling } = onePass({ groups, table, options, caches }, lag + 2 * Math.max(0, ...shifts));
  if (!forced && (!fits || redundant(shape, extentOf(groups, table)) > MOST_REDUNDANT)) return null;
  return { ...shape, tiling: { ...tiling, why: whyOf(groups, table) } };
}

/** Part of the points that ranks compute twice. */
function redundant({ deepened }: Omit<ChainShape, 'tiling'>, extent: readonly number[]): number {
  const parts = deepened.margins.map(({ lo, hi }) =>
    extent.reduce((sum, n, d) => sum + ((lo[d] ?? 0) + (hi[d] ?? 0)) / n, 0),
  );
  return Math.max(0, ...parts);
}

function pays(groups: readonly Group[], { table, options, caches }: Asked): boolean {
  const { apart, joined } = traffic(groups, table);
  if (joined > MOST_TRAFFIC * apart) return false;
  const { workingSet, computeNs, memoryNs } = costOf(groups, table);
  return workingSet > options.threads * caches.l2Bytes && computeNs <= COMPUTE_BOUND * memoryNs;
}

function whyOf(groups: readonly Group[], table: SlotTable): string {
  const { apart, joined } = traffic(groups, table);
  return `${joined.toFixed(0)} bytes per point from memory, ${apart.toFixed(0)} in ${groups.length} sweeps`;
}

/** Bytes per point of the largest extent that go to and from memory: in sweeps of their own; in one pass. */
interface Traffic {
  readonly apart: number;
  readonly joined: number;
}

function traffic(groups: readonly Group[], table: SlotTable): Traffic {
  const extent = extentOf(groups, table);
  const size = (slot: number): number =>
    table.layouts[slot]?.replicated ? 0 : BYTES[table.decls[slot]?.dtype ?? 'f64'];
  const most = new Map<number, number>();
  let apart = 0;
  for (const group of groups) {
    const share = extent.reduce((part, n, d) => (part * pointsAlong(group, d, table)) / n, 1);
    const written = new Set(group.sweeps.map(writtenBy));
    const read = new Set(group.sweeps.flatMap(({ value }) => accessesOf(value).map(({ slot }) => slot)));
    for (const slot of slotsOf(group.sweeps)) {
      // A sweep that reads nothing of what it writes may store around the caches.
      const times = (read.has(slot) ? 1 : 0) + (written.has(slot) ? 1 : 0);
      apart += share * times * size(slot);
      // In a pass, what is written was read, or fetched to be overwritten.
      most.set(slot, Math.max(most.get(slot) ?? 0, share * (written.has(slot) ? 2 : 1) * size(slot)));
    }
  }
  return { apart, joined: [...most.values()].reduce((sum, bytes) => sum + bytes, 0) };
}
