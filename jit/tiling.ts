/**
 * How a loop is tiled in time: what a step touches, how fast it lags, and the machine's caches in; steps per pass and the
 * shape of tiles out, or why it is taken step by step. Numbers below are of the 2-D Laplace in f64 on a Xeon with 2 MB of L2
 * per core, unless they say otherwise.
 */
import { megabytes } from './bytes.js';
import { type Cost, costOf } from './cost.js';
import type { Group } from './fuse.js';
import type { SlotTable } from './place.js';
import type { ProgramOptions } from './program.js';
import type { Refusal } from './skew.js';

export interface Tiling {
  readonly steps: number;
  readonly height: number;
  readonly width: number;
  readonly rows: number;
  readonly grain: readonly number[];
  /** In words, for explain(). */
  readonly why: string;
}

/** Bytes of cache per core. */
export interface Caches {
  readonly l2Bytes: number;
}

/** Where nobody has looked, and where ranks must agree: of most server cores since 2017. */
export const COMMON_CACHES: Caches = { l2Bytes: 1 << 19 };

/** What a chain of few steps shows of one of many. */
export interface Growth {
  /** By how much a step lags behind the one before, per tiled dimension. */
  readonly lag: readonly number[];
  /** By how much margins around a rank's block grow with every step, per dimension. */
  readonly margin: readonly number[];
}

export interface TilingInput {
  readonly groups: readonly Group[];
  readonly table: SlotTable;
  readonly options: ProgramOptions;
  readonly caches: Caches;
  readonly growth: Growth;
}

/** Rows of a 2-D field that a kernel takes at once: it shares loads between that many. */
const ROWS = 4;
const LINE_BYTES = 64;
/** Steps per pass, at most: 4096 x 4096 points gain 2.2 x with 4, 3.3 x with 8, 4.1 x with 16, 4.6 x with 32. */
const MOST_STEPS = 32;
/**
 * Columns of a 2-D tile, at most: 4096 x 4096 take 0.19 ns per point with 512, 0.27 with 1024 and 0.21 with 256 (one thread;
 * two: 0.11, 0.14, 0.12). Threads follow each other from tile to tile: with few wide ones they come one after the other.
 */
const WIDTH = 512;
/** Rows of a 3-D tile: with fewer, what neighbouring tiles share is most of it. */
const LEAST_ROWS = 4;
const [HEIGHT, HEIGHT_3D] = [128, 32];
/** Rows of a tile that is taken through one step. */
const PASS_HEIGHT = 32;
/** Part of a rank's points that are computed twice to save messages, at most. */
export const MOST_REDUNDANT = 0.08;
/** Chunks per thread, at least: the last thread waits for so many tiles of the first before it can begin. */
const CHUNKS_PER_THREAD = 4;
/** Where computing takes that many times as long as a core's share of memory needs, memory does not matter. */
export const COMPUTE_BOUND = 3;

/** Grain of the tiles along tiled dimensions: whole cache lines along the last dimension. */
export function grainOf(groups: readonly Group[], table: SlotTable): number[] {
  const dims = groups[0]?.loops.length ?? 0;
  const line = LINE_BYTES / costOf(groups, table).leastBytes;
  return dims === 1 ? [line] : [1, dims === 2 ? line : 1];
}

export function chooseTiling(input: TilingInput): Tiling | Refusal {
  const { timeTile = 'auto', threads } = input.options;
  const cost = costOf(input.groups, input.table);
  if (timeTile === 1) return { why: 'timeTile is 1' };
  if (timeTile !== 'auto') return tilingOf(input, timeTile);
  const cached = threads * input.caches.l2Bytes;
  // From the third level a sweep is slower than a tiled pass, on one thread and on several: 0.29 against 0.11 ns per point
  // (1024 x 1024, two threads).
  if (cost.workingSet <= cached)
    return { why: `its fields, ${megabytes(cost.workingSet)}, stay in ${megabytes(cached)} of cache` };
  if (cost.computeNs > COMPUTE_BOUND * cost.memoryNs) return { why: 'computing takes longer than memory does' };
  const steps = stepsFor(input, cost);
  if (steps < 2) return { why: 'tiles that fit into the cache would be too small, or margins around blocks too large' };
  const shape = shapeFor(input, cost, steps);
  if (threads > 1 && (cost.extent[0] ?? 1) < CHUNKS_PER_THREAD * threads * shape.rows)
    return { why: `there are too few rows for ${threads} threads to follow each other` };
  return {
    ...shape,
    why: `${steps} steps in one pass: its fields, ${megabytes(cost.workingSet)}, do not stay in cache`,
  };
}

/**
 * A pass of one step, of sweeps that have `behind` rows (planes) in hand besides those at work: lags, and what is read to the
 * sides. Does so much fit into a cache, and can threads follow each other? FDTD, 4096 x 4096, ns per point: three sweeps 3.64
 * on one thread and 1.90 on two; tiles of 32 x 1024 2.52 and 1.31, of 128 x 512 2.73 and 1.41, whole rows 2.42 and 2.61.
 */
export function onePass(
  { groups, table, options, caches }: Omit<TilingInput, 'growth'>,
  behind: number,
): Omit<Tiling, 'why'> & { readonly fits: boolean } {
  const { extent, bytesPerPoint } = costOf(groups, table);
  const { threads, odf } = options;
  const grain = grainOf(groups, table);
  const [n0 = 1, n1 = 1] = extent;
  const share = Math.ceil(n0 / (CHUNKS_PER_THREAD * threads * odf));
  const whole = (n: number, unit: number): number => Math.ceil(n / unit) * unit;
  const [rowGrain = 1, unit = rowGrain] = grain;
  if (extent.length === 1) {
    const rows = whole(Math.min(share, 2048), rowGrain);
    return { steps: 1, rows, height: 8 * rows, width: 1, grain, fits: true };
  }
  const rows = extent.length === 2 ? ROWS : 1;
  const line = extent.slice(2).reduce((product, n) => product * n, bytesPerPoint);
  const fitting = Math.floor(caches.l2Bytes / ((behind + rows) * line));
  const least = Math.min(n1, extent.length === 2 ? WIDTH : LEAST_ROWS);
  const most = threads > 1 ? Math.ceil(n1 / (2 * threads)) : n1;
  return {
    steps: 1,
    rows,
    height: whole(Math.min(share, PASS_HEIGHT), rows),
    width: whole(Math.max(Math.min(fitting, most), least), unit),
    grain,
    fits: fitting >= least && (threads === 1 || n0 >= CHUNKS_PER_THREAD * threads * rows),
  };
}

/** So many steps at once, whether that pays or not. */
export function tilingOf(input: TilingInput, steps: number): Tiling {
  return { ...shapeFor(input, costOf(input.groups, input.table), steps), why: `${steps} steps in one pass` };
}

/** As many as leave tiles of a reasonable width in the second-level cache. */
function stepsFor({ caches, growth }: TilingInput, cost: Cost): number {
  const flat = cost.extent.length < 3;
  const least = flat ? Math.min(WIDTH, cost.extent[1] ?? 1) : LEAST_ROWS;
  for (let steps = MOST_STEPS; steps > 1; steps /= 2) {
    if (widthFor(caches, growth, cost, steps) < least) continue;
    // Margins are 0 where a rank has all of a dimension, unless it goes around.
    const redundant = cost.extent.reduce((sum, n, d) => sum + (steps * (growth.margin[d] ?? 0)) / n, 0);
    if (redundant <= MOST_REDUNDANT) return steps;
  }
  return 1;
}

/** Columns (2-D) or rows (3-D) for which all that a pass has in hand at once fits into the second-level cache. */
function widthFor({ l2Bytes }: Caches, { lag }: Growth, cost: Cost, steps: number): number {
  if (cost.extent.length === 1) return WIDTH;
  const inHand = steps * Math.max(1, lag[0] ?? 1) + (cost.extent.length === 2 ? ROWS : 1);
  const line = cost.extent.slice(2).reduce((product, n) => product * n, cost.bytesPerPoint);
  return Math.floor(l2Bytes / (inHand * line));
}

function shapeFor(
  { options, caches, growth, table, groups }: TilingInput,
  cost: Cost,
  steps: number,
): Omit<Tiling, 'why'> {
  const grain = grainOf(groups, table);
  const [n0 = 1, n1 = 1] = cost.extent;
  /** Enough tiles for every thread, of whole grains. */
  const share = (n: number, most: number, unit: number): number => {
    const size = Math.max(1, Math.min(most, Math.ceil(n / (CHUNKS_PER_THREAD * options.threads * options.odf))));
    return Math.ceil(size / unit) * unit;
  };
  if (cost.extent.length === 1) {
    const rows = share(n0, 2048, grain[0] ?? 1);
    return { steps, rows, height: 8 * rows, width: 1, grain };
  }
  const fitting = widthFor(caches, growth, cost, steps);
  const unit = grain[1] ?? 1;
  const width = (least: number, most: number): number =>
    Math.ceil(Math.min(Math.max(fitting, least), most, n1) / unit) * unit;
  if (cost.extent.length === 2)
    return { steps, rows: ROWS, height: share(n0, HEIGHT, ROWS), width: width(WIDTH / 2, WIDTH), grain };
  return { steps, rows: 1, height: share(n0, HEIGHT_3D, 1), width: width(LEAST_ROWS, 64), grain };
}
