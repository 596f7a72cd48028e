/**
 * Chains of all ranks' Plans in, taken by plain TypeScript: tiles in any order that the Plan allows, on poisoned halos. Waves
 * that a Plan joins are such chains.
 */
import { intersect, isEmpty, peel } from '../../jit/box.js';
import type { Box, Chain, Plan, Stage } from '../../jit/plan.js';
import type { Element } from '../reference/element.js';
import { pack, type Rank, runKernel, runWave, unpack } from './machine.js';

export interface ChainRun {
  /** At most those of the chain. */
  readonly steps: number;
  readonly next?: readonly number[];
  readonly params: readonly number[];
  /** A number in [0, 1): who goes first where it is free. */
  readonly choose: () => number;
  /** Other tiles than the Plan's. */
  readonly tiles?: Partial<Pick<Chain, 'height' | 'width' | 'rows'>>;
}

/** Numbers of ranks, and how they cut two dimensions. */
export const PROCESS_GRIDS: readonly (readonly [ranks: number, processGrid: readonly number[]])[] = [
  [1, [1, 1]],
  [2, [2, 1]],
  [3, [1, 3]],
  [4, [2, 2]],
  [6, [3, 2]],
];

/** All waves once, those that are joined together. */
export function runWaves(ranks: readonly Rank[], run: Omit<ChainRun, 'steps' | 'next'>): void {
  const { waves = [], joins = [] } = ranks[0]?.plan ?? {};
  for (let w = 0; w < waves.length; ) {
    const j = joins.findIndex(({ first }) => first === w);
    if (j >= 0) runChain(ranks, (plan) => plan.joins?.[j]?.chain ?? null, { ...run, steps: 1 });
    else runWave(ranks, w, run.params);
    w += joins[j]?.waves ?? 1;
  }
}

/** A chain, the same on all ranks but for its boxes; `of` finds it in a rank's Plan. */
export function runChain(ranks: readonly Rank[], of: (plan: Plan) => Chain | null, run: ChainRun): void {
  const mail = new Map<string, Element[][]>();
  ranks.forEach(({ plan, memory }, rank) => {
    for (const { peer, parts } of of(plan)?.exchange?.sends ?? [])
      mail.set(
        `${rank}>${peer}`,
        parts.map((part) => pack(part, memory)),
      );
    const moved = (of(plan)?.exchange?.locals ?? []).map(({ from, to }) => ({ to, data: pack(from, memory) }));
    for (const { to, data } of moved) unpack(to, memory, data);
  });
  // All that may be swept before anything arrives is; what it reads of halos is poison.
  for (const rank of ranks) walk(rank, of(rank.plan), 'inner', run);
  ranks.forEach(({ plan, memory }, rank) => {
    for (const { peer, parts } of of(plan)?.exchange?.recvs ?? []) {
      const data = mail.get(`${peer}>${rank}`);
      mail.delete(`${peer}>${rank}`);
      if (data?.length !== parts.length) throw new Error(`rank ${rank} expects ${parts.length} parts of ${peer}`);
      parts.forEach((part, k) => unpack(part, memory, data[k] ?? []));
    }
  });
  if (mail.size > 0) throw new Error(`nobody expects ${[...mail.keys()].join()}`);
  for (const rank of ranks) walk(rank, of(rank.plan), 'rest', run);
}

interface Active {
  readonly lag: readonly number[];
  readonly box: Box;
  readonly stage: Stage;
  readonly step: number;
}

function walk(
  rank: Rank,
  planned: Chain | null,
  zone: 'inner' | 'rest',
  { steps, next = [], params, choose, tiles }: ChainRun,
): void {
  if (!planned) return;
  const chain = { ...planned, ...tiles };
  const perStep = chain.stages.length / chain.steps;
  const active: Active[] = [];
  for (let s = 0; s < steps * perStep; s++) {
    const stage = chain.stages[s + (chain.steps - steps) * perStep];
    const { lag, inner } = chain.stages[s] ?? {};
    if (!stage?.box || !lag) continue;
    const within = inner && stage.box.map((range, d) => intersect(range, inner[d] ?? range));
    const some = within && !isEmpty(within) ? within : null;
    const boxes = zone === 'inner' ? (some ? [some] : []) : some ? peel(stage.box, some) : [stage.box];
    for (const box of boxes) active.push({ lag, box, stage, step: Math.floor(s / perStep) });
  }
  if (active.length === 0) return;
  const biasOf = ({ stage }: Active, d: number): number =>
    (rank.plan.waves[stage.wave]?.tasks[stage.task]?.bias[d] ?? 0) + (stage.lead?.[d] ?? 0);
  const position = (one: Active, d: number, j: number): number => (one.stage.stride[d] ?? 1) * j + biasOf(one, d);
  const range = (d: number): [number, number] => [
    Math.min(...active.map((one) => position(one, d, one.box[d]?.[0] ?? 0) + (one.lag[d] ?? 0))),
    Math.max(...active.map((one) => position(one, d, (one.box[d]?.[1] ?? 0) - 1) + (one.lag[d] ?? 0) + 1)),
  ];
  const tiled = active[0]?.lag.length ?? 0;
  const [lo0, hi0] = range(0);
  const [lo1, hi1] = tiled > 1 ? range(1) : [0, 1];
  const chunks = Math.ceil((hi0 - lo0) / chain.height);
  const blocks = Math.ceil((hi1 - lo1) / chain.width);
  const done = Array.from({ length: chunks }, () => 0);
  const memories = [rank.memory];
  for (let step = 1; step < steps; step++) {
    const now = memories[step - 1] ?? [];
    memories.push(now.map((own, p) => now[next[p] ?? p] ?? own));
  }
  const sweep = (one: Active, windows: readonly [number, number][]): void => {
    const box: Box = one.box.map(([lo, hi], d) => {
      const window = windows[d];
      if (!window) return [lo, hi] as const;
      const stride = one.stage.stride[d] ?? 1;
      const at = (p: number): number => Math.ceil((p - (one.lag[d] ?? 0) - biasOf(one, d)) / stride);
      return [Math.max(lo, at(window[0])), Math.min(hi, at(window[1]))] as const;
    });
    const task = rank.plan.waves[one.stage.wave]?.tasks[one.stage.task];
    const kernel = rank.plan.kernels[task?.kernel ?? -1];
    const spec = rank.specs.get(kernel?.key ?? '');
    if (!task || !kernel || !spec || box.some(([lo, hi]) => lo >= hi)) return;
    const fields = kernel.slots.map((slot) => memories[one.step]?.[slot]).filter((field) => field !== undefined);
    runKernel(spec, fields, box, task, params, kernel.starts);
  };
  for (;;) {
    const ready = done.flatMap((count, c) => (count < blocks && (c === 0 || (done[c - 1] ?? 0) > count) ? [c] : []));
    const c = ready[Math.floor(choose() * ready.length)];
    if (c === undefined) return;
    const b = done[c] ?? 0;
    const end = Math.min(hi0, lo0 + (c + 1) * chain.height);
    for (let i = lo0 + c * chain.height; i < end; i += chain.rows) {
      const columns: [number, number] = [lo1 + b * chain.width, lo1 + (b + 1) * chain.width];
      for (const one of active)
        sweep(
          one,
          [[i, Math.min(end, i + chain.rows)] as [number, number], columns].slice(0, tiled) as [number, number][],
        );
    }
    done[c] = b + 1;
  }
}
