/**
 * Gathering: Plans with no kernel, that move (a box of) a distributed field to a whole array on one or all ranks. The
 * same parts and messages as any exchange.
 */
import { createHash } from 'node:crypto';
import { type Interval, isEmpty, preimage } from './box.js';
import { type Block, blockOf, type Layout, layoutOf } from './decompose.js';
import type { Box, Exchange, Message, Part, Plan, PlanSlot } from './plan.js';
import type { SlotDecl } from './program.js';
import { verifyPlan } from './verify-plan.js';

export interface RankContext {
  readonly rank: number;
  readonly size: number;
}

export interface TransferOptions {
  /** Ranks that hold the whole array: one, or all of them. */
  readonly dest: number | 'all';
  /** Global half-open box of the field (default: all of it). */
  readonly box?: Box;
  /** Every step-th element per dimension of the box (default 1). */
  readonly step?: readonly number[];
}

export interface TransferPlan {
  /**
   * Slot 0 is the field; slot 1, bound only on ranks that hold it (`plan.bound` is 2 there, 1 elsewhere), is a host
   * field of shape `shape`.
   */
  readonly plan: Plan;
  readonly shape: readonly number[];
}

interface Job {
  readonly layout: Layout;
  readonly size: number;
  readonly dest: number | 'all';
  readonly starts: readonly number[];
  readonly steps: readonly number[];
  readonly counts: readonly number[];
}

/** field[box][::step] to the whole array. */
export function gatherPlan(slot: SlotDecl, context: RankContext, options: TransferOptions): TransferPlan {
  const box = options.box ?? slot.shape.map((n) => [0, n] as const);
  const steps = options.step ?? slot.shape.map(() => 1);
  const starts = box.map(([lo]) => lo);
  const counts = box.map(([lo, hi], d) => Math.max(0, Math.ceil((hi - lo) / (steps[d] ?? 1))));
  const layout = layoutOf(slot.shape, slot.decomposition);
  const job: Job = { layout, size: context.size, dest: options.dest, starts, steps, counts };
  const holds = options.dest === 'all' || options.dest === context.rank;
  const whole: PlanSlot = { ...plainSlot(slot, { offset: counts.map(() => 0), extent: counts }), shape: counts };
  const plan: Plan = {
    version: 1,
    key: createHash('sha256')
      .update(JSON.stringify(['gather', slot, options]))
      .digest('hex')
      .slice(0, 32),
    label: 'gather',
    params: 0,
    bound: holds ? 2 : 1,
    slots: [plainSlot(slot, blockOf(layout, context.rank)), ...(holds ? [whole] : [])],
    kernels: [],
    waves: [
      {
        exchange: exchangeFor(job, context.rank),
        tasks: [],
        writes: holds ? [1] : [],
      },
    ],
    threads: 1,
    odf: 1,
  };
  verifyPlan(plan);
  return { plan, shape: counts };
}

function plainSlot(slot: SlotDecl, block: Block): PlanSlot {
  const none = slot.shape.map(() => 0);
  return { dtype: slot.dtype, temp: false, shape: slot.shape, ...block, haloLo: none, haloHi: none, alignAt: -1 };
}

/** What `owner` owns of the box: its part of the field and the same elements in the whole array. */
function share(job: Job, owner: number): { field: Part; whole: Part } | undefined {
  const block = blockOf(job.layout, owner);
  const counters = job.counts.map((count, d): Interval => {
    const lo = block.offset[d] ?? 0;
    return preimage(job.steps[d] ?? 1, job.starts[d] ?? 0, [lo, lo + (block.extent[d] ?? 0)], [0, count]);
  });
  if (isEmpty(counters)) return undefined;
  const axes = (step: (d: number) => number): Part['axes'] =>
    counters.map(([lo, hi], dim) => ({ dim, step: step(dim), count: hi - lo }));
  const origin = counters.map(([lo], d) => (job.starts[d] ?? 0) + (job.steps[d] ?? 1) * lo - (block.offset[d] ?? 0));
  return {
    field: { slot: 0, origin, axes: axes((d) => job.steps[d] ?? 1), halo: -1 },
    whole: { slot: 1, origin: counters.map(([lo]) => lo), axes: axes(() => 1), halo: -1 },
  };
}

function exchangeFor(job: Job, rank: number): Exchange {
  const everyone = Array.from({ length: job.size }, (_, r) => r);
  const holders = job.dest === 'all' ? everyone : [job.dest];
  const holds = holders.includes(rank);
  const mine = share(job, rank);
  const messages = (peers: readonly number[], part: (peer: number) => Part | undefined): Message[] =>
    peers.flatMap((peer) => {
      const one = peer === rank ? undefined : part(peer);
      return one ? [{ peer, parts: [one] }] : [];
    });
  return {
    sends: messages(holders, () => mine?.field),
    recvs: holds ? messages(everyone, (peer) => share(job, peer)?.whole) : [],
    locals: holds && mine ? [{ from: mine.field, to: mine.whole }] : [],
  };
}
