/**
 * Building the Plan: scheduled waves in; this rank's Plan and the kernels it names come out.
 */
import { type Interval, isEmpty, ownedCounters, peel, preimage } from './box.js';
import { type ChainChoice, type ChainShape, chainOf } from './chain.js';
import { writtenBy } from './dependence.js';
import { type Group, slotsOf } from './fuse.js';
import { exchangeOf, haloDepths } from './halo.js';
import type { JoinedWaves } from './join.js';
import { BUFFER, type KernelSpec, kernelKey, kernelOf } from './kernel.js';
import { blockAt, nearness, type SlotTable } from './place.js';
import type {
  Box,
  Chain,
  Exchange,
  Join,
  Move,
  Plan,
  PlanKernel,
  PlanLoop,
  PlanSlot,
  Task,
  TaskReduction,
  Wave,
} from './plan.js';
import { rowsPerBlock } from './plane-block.js';
import type { Program, SlotDecl } from './program.js';
import { sourcesOf } from './source.js';
import { streamedSlots } from './stream.js';
import { accessesOf, type Loop } from './sweep.js';
import { reducedAs } from './types.js';

export interface Built {
  readonly plan: Plan;
  readonly specs: ReadonlyMap<string, KernelSpec>;
}

export function buildPlan(
  program: Program,
  waves: readonly (readonly Group[])[],
  { rank, ints, l2Bytes }: { readonly rank: number; readonly ints: readonly number[]; readonly l2Bytes: number },
  table: SlotTable,
  chain: ChainChoice | null = null,
  joins: readonly JoinedWaves[] = [],
): Built {
  const kernels: PlanKernel[] = [];
  const specs = new Map<string, KernelSpec>();
  const joined = new Set(
    joins.flatMap(({ first, waves: count }) => Array.from({ length: count }, (_, w) => first + w)),
  );
  const planWaves = waves.map((groups, wave): Wave => {
    const exchange = joined.has(wave) ? null : exchangeOf(groups, rank, table);
    const tasks = groups.map((group): Task => {
      const { spec, slots, firstParam, constants, moves } = kernelOf(
        group,
        table,
        program.options.contract,
        originOf(group, rank, table),
      );
      const key = kernelKey(spec);
      specs.set(key, spec);
      const { shifts, ...boxes } = boxesOf(group, rank, table, exchange);
      const sources = sourcesOf(spec, slots.filter((slot) => slot !== BUFFER).length);
      const reductions = reductionsOf(group, shifts, table).map((reduction, b): TaskReduction => {
        const source = sources[b];
        return source ? { ...reduction, source } : reduction;
      });
      const all = [...movesOf(group.loops), ...moves];
      const blockRows = rowsPerBlock(spec, [...boxes.interior, ...boxes.boundary], l2Bytes);
      const starts = startsOf(group, slots, rank, table);
      kernels.push({
        key,
        symbol: symbolOf(key),
        dims: spec.dims,
        slots,
        ...(starts && { starts }),
        // A reduction's buffer is read again at once; a box that moves need not begin on a cache line.
        streams: slots.includes(BUFFER) || all.length > 0 ? [] : streamedSlots(spec),
      });
      return {
        kernel: kernels.length - 1,
        ...boxes,
        firstParam,
        constants,
        ...(blockRows !== null && { blockRows }),
        ...(reductions.length > 0 && { reductions }),
        ...(all.length > 0 && { moves: all }),
      };
    });
    const writes = new Set(groups.flatMap((group) => group.sweeps.map(writtenBy)));
    return { exchange, tasks, writes: [...writes].sort((a, b) => a - b) };
  });
  const shapes = [chain?.shape, ...(chain?.trials ?? []), ...joins.map(({ shape }) => shape)].flatMap(
    (shape) => shape ?? [],
  );
  const slots = planSlots(program, waves.flat(), rank, table, shapes);
  const alignAt = Math.max(0, ...slots.map((slot) => slot.alignAt));
  const parts: Parts = { waves, planWaves, rank, table, bound: boundSlots(program), alignAt };
  const plan: Plan = {
    version: 1,
    key: program.key,
    label: program.label,
    params: program.params,
    ...(ints.length > 0 && { ints }),
    bound: parts.bound,
    slots,
    kernels,
    waves: planWaves,
    threads: program.options.threads,
    odf: program.options.odf,
    ...(joins.length > 0 && { joins: joinsOf(joins, parts) }),
    ...(chain && { loop: loopOf(chain, parts) }),
  };
  return { plan, specs };
}

/** What chains are made of: all of a Plan but them. */
interface Parts {
  readonly waves: readonly (readonly Group[])[];
  readonly planWaves: readonly Wave[];
  readonly rank: number;
  readonly table: SlotTable;
  readonly bound: number;
  readonly alignAt: number;
}

function loopOf({ loop, shape, why, trials }: ChainChoice, parts: Parts): PlanLoop {
  const { waves, planWaves, rank, table, bound, alignAt } = parts;
  const made = (one: ChainShape | null): Chain | null =>
    one && chainOf(one, waves, planWaves, rank, table, (slot) => slot < bound, alignAt);
  return { ...loop, chain: made(shape), why, ...(trials.length > 0 && { trials: trials.map(made) }) };
}

function joinsOf(joins: readonly JoinedWaves[], { waves, planWaves, rank, table, bound, alignAt }: Parts): Join[] {
  return joins.map(({ first, waves: count, shape }): Join => {
    const before = new Set(
      waves.slice(0, first).flatMap((wave) => wave.flatMap(({ sweeps }) => sweeps.map(writtenBy))),
    );
    const [own, planned] = [waves.slice(first, first + count), planWaves.slice(first, first + count)];
    const chain = chainOf(shape, own, planned, rank, table, (slot) => slot < bound || before.has(slot), alignAt);
    const stages = chain.stages.map((stage) => ({ ...stage, wave: stage.wave + first }));
    return { first, waves: count, chain: { ...chain, stages }, why: shape.tiling.why };
  });
}

export function symbolOf(kernel: string): string {
  return `quadrille_${kernel}`;
}

/** How many slots a run brings fields for; what follows are temporaries. */
export function boundSlots(program: Program): number {
  return program.slots.filter((slot) => !slot.transient).length;
}

function planSlots(
  program: Program,
  groups: readonly Group[],
  rank: number,
  table: SlotTable,
  chains: readonly ChainShape[],
): PlanSlot[] {
  const depths = haloDepths(groups, table).map((depth, slot) => {
    const deeper = chains.flatMap(({ deepened }) => deepened.halos.get(slot) ?? []);
    const most = (side: 'lo' | 'hi'): number[] =>
      depth[side].map((n, d) => Math.max(n, ...deeper.map((deep) => deep[side][d] ?? 0)));
    return { lo: most('lo'), hi: most('hi') };
  });
  const bound = boundSlots(program);
  const used = slotsOf(groups.flatMap((group) => group.sweeps));
  return table.decls.map((decl, slot): PlanSlot => {
    const block = blockAt(table, slot, rank);
    // Fields of one kind exchange places (`x, y = y, x`): give all of them the deepest halo at once, not by growing.
    const kin = depths.filter((_, other) => sameKind(decl, table.decls[other]));
    const deepest = (side: 'lo' | 'hi'): number[] =>
      decl.shape.map((_, d) => Math.max(...kin.map((k) => k[side][d] ?? 0)));
    return {
      dtype: decl.dtype,
      temp: slot >= bound,
      ...(program.slots[slot]?.shape.length === 0 && { replicated: true as const }),
      shape: decl.shape,
      offset: block.offset,
      // What only says who does what takes no memory.
      extent: slot < program.slots.length || used.has(slot) ? block.extent : decl.shape.map(() => 0),
      haloLo: deepest('lo'),
      haloHi: deepest('hi'),
      alignAt: table.layouts[slot]?.replicated ? -1 : alignmentOf(slot, decl.shape, groups),
    };
  });
}

function sameKind(a: SlotDecl, b: SlotDecl | undefined): boolean {
  return b !== undefined && JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Where vectors begin along a slot's last dimension, in the largest box that touches it; -1 if even that is a boundary
 * line or so, which should not decide for the sweeps to come.
 */
function alignmentOf(slot: number, shape: readonly number[], groups: readonly Group[]): number {
  let best = 0;
  let most = shape.reduce((product, n) => product * n, 1) / 4;
  let decides = false;
  for (const { loops, sweeps } of groups) {
    const points = loops.reduce((product, loop) => product * loop.count, 1);
    if (points <= most || !sweeps.some((sweep) => touches(sweep, slot))) continue;
    most = points;
    decides = true;
    best = loops[loops.length - 1]?.start ?? 0;
  }
  if (!decides) return -1;
  // Only small offsets matter: the first column or two are boundary.
  return best < 8 ? best : 0;
}

function touches(sweep: Group['sweeps'][number], slot: number): boolean {
  return sweep.target === slot || accessesOf(sweep.value).some((access) => access.slot === slot);
}

/** Unit steps count positions: their boxes move; longer steps count themselves: it is the bias that moves. */
function movesOf(loops: readonly Loop[]): Move[] {
  return loops.flatMap(({ dyn, step }, index): Move[] =>
    dyn === undefined ? [] : [{ what: step === 1 ? 'box' : 'bias', index, int: dyn, by: 1 }],
  );
}

/**
 * Where the kernel's position 0 lies in this rank's blocks, per slot: blocks of fields that are cut elsewhere than the
 * target begin elsewhere. Undefined if that is 0 for all.
 */
function startsOf(group: Group, slots: readonly number[], rank: number, table: SlotTable): number[][] | undefined {
  const starts = slots.map((slot) => (table.decls[slot]?.shape ?? group.loops).map(() => 0));
  for (const { value, target, loops } of group.sweeps) {
    const mine = blockAt(table, target, rank);
    const counters = ownedCounters(loops, mine);
    for (const access of accessesOf(value)) {
      const start = starts[slots.indexOf(access.slot)];
      const source = blockAt(table, access.slot, rank);
      nearness(access, target, loops, table)?.forEach((one, d) => {
        const [loop, counted] = [loops[d], counters[d]];
        if (one.kind !== 'halo' || !loop || !counted || !start) return;
        // Where loops count positions, or positions of the same steps, from the target's block on; else from their first.
        const positions = loop.step === 1 || one.a === loop.step;
        const first = positions ? (one.a / loop.step) * (mine.offset[d] ?? 0) : one.a * counted[0];
        start[d] = first - (source.offset[d] ?? 0);
      });
    }
  }
  return starts.some((start) => start.some((at) => at !== 0)) ? starts : undefined;
}

/** Per dimension the loop counter at which the kernel's counter is 0: see boxesOf. */
function originOf(group: Group, rank: number, table: SlotTable): number[] {
  const block = blockAt(table, group.sweeps[0]?.target ?? -1, rank);
  const counters = ownedCounters(group.loops, block);
  return group.loops.map(({ step, start }, d) =>
    step === 1 ? (block.offset[d] ?? 0) - start : (counters[d]?.[0] ?? 0),
  );
}

/** A group's share of this rank, in kernel coordinates, cut into what needs the exchange and what does not. */
function boxesOf(
  group: Group,
  rank: number,
  table: SlotTable,
  exchange: Exchange | null,
): Pick<Task, 'interior' | 'boundary' | 'bias'> & { readonly shifts: readonly number[] } {
  const first = group.sweeps[0];
  if (!first) return { interior: [], boundary: [], bias: [], shifts: [] };
  const block = blockAt(table, first.target, rank);
  const counters = ownedCounters(group.loops, block);
  const bias = group.loops.map((loop, d) =>
    loop.step === 1 ? 0 : loop.start + loop.step * (counters[d]?.[0] ?? 0) - (block.offset[d] ?? 0),
  );
  // Unit steps count block-local positions; longer steps count from the first owned one.
  const shifts = group.loops.map((loop, d) =>
    loop.step === 1 ? loop.start - (block.offset[d] ?? 0) : -(counters[d]?.[0] ?? 0),
  );
  if (isEmpty(counters)) return { interior: [], boundary: [], bias, shifts };
  const toKernel = (box: Box): Box => box.map(([lo, hi], d) => [lo + (shifts[d] ?? 0), hi + (shifts[d] ?? 0)] as const);
  if (!receives(exchange)) return { interior: [toKernel(counters)], boundary: [], bias, shifts };
  // What is reduced in order stays whole.
  if (group.sweeps.some((sweep) => sweep.copies.length > 0 || sweep.reduce?.axes))
    return { interior: [], boundary: [toKernel(counters)], bias, shifts };
  const inner = interiorOf(group, counters, rank, table);
  if (isEmpty(inner)) return { interior: [], boundary: [toKernel(counters)], bias, shifts };
  return { interior: [toKernel(inner)], boundary: peel(counters, inner).map(toKernel), bias, shifts };
}

/** In kernel positions: loop counters plus `shifts`. */
function reductionsOf(group: Group, shifts: readonly number[], table: SlotTable): TaskReduction[] {
  return group.sweeps.flatMap(({ reduce, value }) => {
    if (!reduce) return [];
    const of = reducedAs(value.dtype);
    const first = reduce.steps.reduce((sum, step, d) => sum - step * (shifts[d] ?? 0), reduce.first);
    const { fn, into, steps, axes } = reduce;
    if (!axes) return [{ fn, of, into, first, steps }];
    const kept = steps.map((_, d) => d).filter((d) => !axes.includes(d));
    const rank = table.decls[into]?.shape.length ?? 0;
    // A field that keeps its dimensions, or one of those that are left (a Scalar: none).
    const dims =
      rank === steps.length && kept.length < rank && !table.layouts[into]?.replicated
        ? steps.map((_, d) => (axes.includes(d) ? -1 : d))
        : kept.length === 0
          ? [-1]
          : kept;
    return [{ fn, of, into, first, steps, axes, dims }];
  });
}

function receives(exchange: Exchange | null): boolean {
  return exchange !== null && exchange.recvs.length + exchange.locals.length > 0;
}

/** Loop counters whose reads stay inside this rank's own blocks. */
function interiorOf(group: Group, counters: Box, rank: number, table: SlotTable): Box {
  const inner: Interval[] = counters.map((range) => range);
  for (const sweep of group.sweeps) {
    for (const access of accessesOf(sweep.value)) {
      const near = nearness(access, sweep.target, sweep.loops, table) ?? [];
      const layout = table.layouts[access.slot];
      const block = blockAt(table, access.slot, rank);
      near.forEach((one, d) => {
        if (one.kind !== 'halo' || !(one.wrap || (layout?.processGrid[d] ?? 1) > 1)) return;
        const lo = block.offset[d] ?? 0;
        inner[d] = preimage(one.a, one.b, [lo, lo + (block.extent[d] ?? 0)], inner[d] ?? [0, 0]);
      });
    }
  }
  return inner;
}
