/**
 * Chains: several steps of a loop in one pass over memory. Scheduled waves of the body and how fields change places in;
 * this rank's stages with their boxes and lags, and the one exchange before them, out; or why there is no chain.
 */
import { aroundOf } from './around.js';
import { type Interval, intersect, isEmpty, preimage } from './box.js';
import { coordsOf, sideWithin } from './decompose.js';
import { deepExchange } from './deep-exchange.js';
import { type Deepened, deepen, type Margin } from './deepen.js';
import type { Group } from './fuse.js';
import { type Inner, innerOf } from './inner.js';
import { blockAt, nearness, type SlotTable } from './place.js';
import { placesOf } from './places.js';
import type { Box, Chain, LoopShape, Stage, Task, Wave } from './plan.js';
import type { Program } from './program.js';
import { type Refusal, type StageTouches, skew } from './skew.js';
import { type Access, accessesOf, type Sweep } from './sweep.js';
import { type Caches, COMMON_CACHES, chooseTiling, type Growth, grainOf, type Tiling } from './tiling.js';
import { indexShift, touchesOf } from './touches.js';
import { trialsOf } from './trials.js';

/** A chain before anybody asked for a rank. */
export interface ChainShape {
  readonly tiling: Tiling;
  /** Of each step, in order: the groups of all waves. */
  readonly touches: readonly (readonly StageTouches[])[];
  readonly lags: readonly (readonly number[])[];
  readonly deepened: Deepened;
  /** Dimensions in which something is read around the end. */
  readonly around: readonly boolean[];
}

/** What is known of a loop before anybody asked for a rank: the chain, or why it is taken step by step. */
export interface ChainChoice {
  readonly loop: LoopShape;
  readonly shape: ChainShape | null;
  readonly why: string;
  /** What to time, the choice first; null: step by step. Empty where nothing is measured. */
  readonly trials: readonly (ChainShape | null)[];
}

export function planChain(input: {
  readonly waves: readonly (readonly Group[])[];
  readonly table: SlotTable;
  readonly loop: LoopShape;
  readonly program: Program;
  readonly caches?: Caches | undefined;
}): ChainChoice {
  const { waves, table, loop, program } = input;
  const refused = (why: string): ChainChoice => ({ loop, shape: null, why, trials: [] });
  const stop = obstacle(waves, loop, table);
  if (stop !== null) return refused(stop);
  const groups = waves.flat();
  const grain = grainOf(groups, table);
  const probe = shapeOf(waves, loop, table, { steps: PROBE, grain });
  if ('why' in probe) return refused(probe.why);
  const { options } = program;
  const caches = options.tune === 'off' ? COMMON_CACHES : (input.caches ?? COMMON_CACHES);
  const asked = { groups, table, options, caches, growth: growthOf(probe) };
  const shaped = new Map<number, ReturnType<typeof shapeOf>>();
  /** Null: these cannot be walked so many steps at once after all. */
  const shapeFor = (tiling: Tiling): ChainShape | null => {
    const shape = shaped.get(tiling.steps) ?? shapeOf(waves, loop, table, tiling);
    shaped.set(tiling.steps, shape);
    return 'why' in shape ? null : { ...shape, tiling };
  };
  const chosen = chooseTiling(asked);
  const trials = (options.tune === 'measure' ? trialsOf(asked, chosen) : []).flatMap((tiling) => {
    const shape = tiling && shapeFor(tiling);
    return tiling && !shape ? [] : [shape];
  });
  const shape = 'steps' in chosen ? shapeFor(chosen) : null;
  return { loop, shape, why: chosen.why, trials: trials.length > 1 ? trials : [] };
}

/** Steps after which lags and margins grow evenly. */
const PROBE = 6;

function growthOf({ lags, touches, deepened }: Omit<ChainShape, 'tiling'>): Growth {
  const tasks = touches[0]?.length ?? 1;
  const [half, last] = [lags[(PROBE / 2) * tasks - 1], lags[PROBE * tasks - 1]];
  const margin = [...deepened.halos.values()].flatMap(({ lo, hi }) => [lo, hi]);
  return {
    lag: (last ?? []).map((value, d) => (value - (half?.[d] ?? 0)) / (PROBE / 2)),
    margin: (margin[0] ?? []).map((_, d) => Math.max(...margin.map((side) => side[d] ?? 0)) / PROBE),
  };
}

/** Leading dimensions that are walked in tiles. */
export function tiledDimensions(dims: number): number {
  return Math.min(dims, 2);
}

/** Why the groups of a body cannot be walked together at all, or null. */
export function obstacle(waves: readonly (readonly Group[])[], { next }: LoopShape, table: SlotTable): string | null {
  if (next.some((from, place) => from !== place && table.layouts[place]?.replicated)) return 'Scalars change places';
  const groups = waves.flat();
  const [first] = groups;
  if (!first) return 'nothing is computed';
  const leader = leaderOf(waves);
  const grid = table.layouts[leader]?.processGrid.join();
  const apart = (a: number, b: number, d: number): boolean => indexShift(a, b, d, table) === undefined;
  for (const { loops, sweeps } of groups) {
    if (loops.length !== first.loops.length) return 'fields of different numbers of dimensions are written';
    for (const sweep of sweeps) {
      if (sweep.reduce || table.layouts[sweep.target]?.replicated) return 'a Scalar is computed in every step';
      if (sweep.copies.length > 0) return 'something read lies elsewhere and is moved every step';
      const reads = accessesOf(sweep.value);
      if (reads.some((access) => nearHalo(access, sweep, table).some((d) => apart(access.slot, sweep.target, d))))
        return 'fields are cut among the ranks in different ways';
      if (table.ranks > 1 && table.layouts[sweep.target]?.processGrid.join() !== grid)
        return 'fields are cut among the ranks in different ways';
      if (loops.some((_, d) => apart(sweep.target, leader, d)))
        return 'fields are cut among the ranks in different ways';
    }
  }
  return null;
}

/** Dimensions along which the access is served by the rank's block and its halo. */
function nearHalo(access: Access, { target, loops }: Sweep, table: SlotTable): number[] {
  const near = nearness(access, target, loops, table) ?? [];
  return near.flatMap((one, d) => (one.kind === 'halo' ? [d] : []));
}

/** Lags and margins for `tiling.steps` steps. */
export function shapeOf(
  waves: readonly (readonly Group[])[],
  loop: LoopShape,
  table: SlotTable,
  tiling: Pick<Tiling, 'steps' | 'grain'>,
): Omit<ChainShape, 'tiling'> | Refusal {
  const groups = waves.flat();
  const dims = groups[0]?.loops.length ?? 0;
  const around = aroundOf(groups, table);
  if ('why' in around) return around;
  const touches = placesOf(loop, table.decls.length, tiling.steps).map((places) =>
    groups.map((group) => touchesOf(group, places, table, around)),
  );
  const skewed = skew(touches.flat(), { tiled: tiledDimensions(dims), grain: tiling.grain }, (place) => `%${place}`);
  if ('why' in skewed) return skewed;
  const grid = table.layouts[groups[0]?.sweeps[0]?.target ?? 0]?.processGrid ?? [];
  const shared = around.map((goesAround, d) => goesAround || (grid[d] ?? 1) > 1);
  return { touches, lags: skewed.lags, deepened: deepen(touches.flat(), shared), around };
}

/** One rank's share; `holds`: what has values when the chain begins (not: temporaries that it makes). */
export function chainOf(
  shape: ChainShape,
  waves: readonly (readonly Group[])[],
  planWaves: readonly Wave[],
  rank: number,
  table: SlotTable,
  holds: (slot: number) => boolean,
  alignAt: number,
): Chain {
  const tasks = waves.flatMap((groups, wave) =>
    groups.map((group, task) => ({ group, wave, task, plan: planWaves[wave]?.tasks[task] })),
  );
  const { lags, deepened, around } = shape;
  const leader = leaderOf(waves);
  const { steps, height, width, rows, grain } = shape.tiling;
  const exchange = deepExchange(shape, waves, rank, table, holds);
  const inner = exchange && exchange.recvs.length > 0 ? innerHere(shape, waves, rank, table) : null;
  const stages = shape.touches.flatMap((step, t) =>
    step.map((_, g): Stage => {
      const s = t * tasks.length + g;
      const { group, wave, task, plan } = tasks[g] ?? missing();
      const target = group.sweeps[0]?.target ?? 0;
      const reach = reachOf(target, deepened.margins[s], around, rank, table);
      const box = boxOf(group, reach, around, rank, table, plan);
      const within = inner?.[s]?.map(([lo, hi], d): Interval => {
        const by = indexShift(leader, target, d, table) ?? 0;
        return [lo - by, hi - by];
      });
      const innerBox =
        within && boxOf(group, within, around, rank, table, plan).map((range, d) => intersect(range, box[d] ?? range));
      const lead = leadOf(target, leader, rank, table).slice(0, grain.length);
      return {
        wave,
        task,
        lag: lags[s] ?? [],
        ...(lead.some((by) => by !== 0) && { lead }),
        stride: group.loops.map(({ step: stride }) => stride),
        box: isEmpty(box) ? null : box,
        inner: innerBox === undefined || isEmpty(innerBox) ? null : innerBox,
      };
    }),
  );
  return {
    steps,
    height,
    width,
    rows,
    grain,
    alignAt,
    stages: worthHiding(stages) ? stages : stages.map((stage) => ({ ...stage, inner: null })),
    exchange,
  };
}

/** What `rank` may sweep before its halos have arrived, per stage: places of the grid, as the first task's field counts them. */
function innerHere(
  { touches, around }: ChainShape,
  waves: readonly (readonly Group[])[],
  rank: number,
  table: SlotTable,
): readonly Inner[] | null {
  const leader = leaderOf(waves);
  const grid = table.layouts[leader]?.processGrid ?? [];
  const coords = coordsOf(rank, grid);
  const sides = {
    lo: grid.map((ranks, d) => ranks > 1 && (around[d] === true || (coords[d] ?? 0) > 0)),
    hi: grid.map((ranks, d) => ranks > 1 && (around[d] === true || (coords[d] ?? 0) + 1 < ranks)),
  };
  return innerOf(touches.flat(), sides, (place) => {
    const { offset, extent } = blockAt(table, place, rank);
    return { offset: offset.map((at, d) => at + (indexShift(leader, place, d, table) ?? 0)), extent };
  });
}

/**
 * Part of a pass's points that needs no halo, at least, for the pass to be cut in two: the rest is thin, comes after
 * everything else and finds less in cache.
 */
const LEAST_INNER = 0.5;

function worthHiding(stages: readonly Stage[]): boolean {
  const points = (box: Box | null): number => (box ? box.reduce((product, [lo, hi]) => product * (hi - lo), 1) : 0);
  const sum = (of: (stage: Stage) => Box | null): number => stages.reduce((all, stage) => all + points(of(stage)), 0);
  return sum(({ inner }) => inner) >= LEAST_INNER * sum(({ box }) => box);
}

/** Positions within `margin` of what this rank owns, the ends of the field disregarded unless it goes around them. */
function reachOf(
  target: number,
  margin: Margin | undefined,
  around: readonly boolean[],
  rank: number,
  table: SlotTable,
): Interval[] {
  const layout = table.layouts[target] ?? missing();
  const { offset, extent } = blockAt(table, target, rank);
  const coords = coordsOf(rank, layout.processGrid);
  return offset.map((from, d): Interval => {
    const [below, above] = [margin?.lo[d] ?? 0, margin?.hi[d] ?? 0];
    if (around[d]) return [from - below, from + (extent[d] ?? 0) + above];
    // Not from the block on, which may be cut off by an end.
    return sideWithin(layout, d, coords[d] ?? 0, below, above);
  });
}

/** Kernel coordinates of a group's positions within `reach`; of their images, too, where the dimension goes around. */
function boxOf(
  group: Group,
  reach: readonly Interval[],
  around: readonly boolean[],
  rank: number,
  table: SlotTable,
  task: Task | undefined,
): Box {
  const { offset } = blockAt(table, group.sweeps[0]?.target ?? 0, rank);
  return group.loops.map(({ start, step, count }, d): Interval => {
    const all: Interval = around[d] ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] : [0, count];
    const [lo, hi] = preimage(step, start, reach[d] ?? [0, 0], all);
    // A kernel's counter j stands for position step * j + bias of the block.
    const move = (start - (offset[d] ?? 0) - (task?.bias[d] ?? 0)) / step;
    return [lo + move, hi + move];
  });
}

/** How far the block of `target` begins, on the grid, after that of `leader`, from which the walk counts positions. */
function leadOf(target: number, leader: number, rank: number, table: SlotTable): number[] {
  const [own, walked] = [blockAt(table, target, rank), blockAt(table, leader, rank)];
  return own.offset.map((at, d) => at + (indexShift(leader, target, d, table) ?? 0) - (walked.offset[d] ?? 0));
}

/** What the first task writes. */
function leaderOf(waves: readonly (readonly Group[])[]): number {
  return waves.flat()[0]?.sweeps[0]?.target ?? 0;
}

function missing(): never {
  throw new RangeError('a chain has more stages than tasks');
}
