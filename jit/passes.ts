/**
 * The way down, top to bottom: a Program becomes this rank's Plan and the kernels it needs. Each pass is a file; its
 * result can be written out (`dump`), and verifiers stand at both ends.
 */
import { buildPlan, symbolOf } from './build.js';
import { planChain } from './chain.js';
import { type Cost, costOf } from './cost.js';
import { emitKernel, kernelText } from './emit.js';
import { fuse, schedule } from './fuse.js';
import { inlineTemporaries } from './inline.js';
import { joinWaves } from './join.js';
import type { KernelSpec } from './kernel.js';
import { marchOf } from './march.js';
import { place, slotTable } from './place.js';
import { withPlaces } from './places.js';
import type { LoopShape, Plan } from './plan.js';
import type { Program } from './program.js';
import { shareTemporaries } from './share.js';
import { type Caches, COMMON_CACHES } from './tiling.js';
import { toSweeps } from './to-sweeps.js';
import { verifyPlan } from './verify-plan.js';
import { verifyProgram } from './verify-program.js';

export interface LowerContext {
  readonly rank: number;
  readonly size: number;
  /** One per integer of the Program: the run the Plan is made for; others of its class (jit/dynamic.ts) may use it. */
  readonly ints?: readonly number[];
  /** Of this process's cores; left out: those of a common machine. The same on every rank. */
  readonly caches?: Caches;
  /** Of this process's own cores: for what ranks need not decide alike. */
  readonly ownCaches?: Caches;
  /** Receives the name and the result of every pass. */
  readonly dump?: (pass: string, result: unknown) => void;
}

/** A kernel of a Plan; emission is left to who finds it in no cache. */
export interface Kernel {
  readonly key: string;
  readonly symbol: string;
  readonly spec: KernelSpec;
  /** LLVM bitcode with the function `symbol`. */
  emit(): Uint8Array;
  /** The same as text. */
  text(): string;
}

export interface Lowered {
  readonly plan: Plan;
  readonly kernels: readonly Kernel[];
  /** Of one step; left out where nothing is swept. */
  readonly cost?: Cost;
}

/** Lowers a Program for one rank, or a loop over it. Deterministic: ranks that lower the same Program agree on every message. */
export function lower(program: Program, context: LowerContext, loop?: LoopShape): Lowered {
  const dump = context.dump ?? (() => {});
  const whole = loop ? withPlaces(program, loop) : program;
  verifyProgram(whole);
  dump('0-program', whole);

  const table = slotTable(whole, context.size);
  const ints = context.ints ?? [];
  if (ints.length !== (program.ints ?? 0)) throw new RangeError(`${ints.length} integers for ${program.ints ?? 0}`);
  const sweeps = toSweeps(whole, table, ints);
  dump('1-sweeps', sweeps);

  const needed = inlineTemporaries(sweeps, whole.slots);
  dump('2-inline', needed);

  const placed = place(needed, table);
  dump('3-place', placed);

  const groups = fuse(placed, table);
  dump('4-fuse', groups);

  const waves = schedule(groups);
  dump('5-schedule', waves);

  const chain = loop ? planChain({ waves, table, loop, program: whole, caches: context.caches }) : null;
  dump('6-chain', chain);

  const joins = ints.length === 0 ? joinWaves({ waves, table, program: whole, caches: context.caches }) : [];
  dump('6-joins', joins);

  const { l2Bytes } = context.ownCaches ?? context.caches ?? COMMON_CACHES;
  const { plan: built, specs } = buildPlan(whole, waves, { rank: context.rank, ints, l2Bytes }, table, chain, joins);
  const march = marchOf(built, waves, context.rank, table);
  dump('6-march', march ?? null);

  const plan = shareTemporaries({ ...built, ...(march && { march }) });
  dump('6-plan', plan);
  verifyPlan(plan);

  const kernels = [...specs].map(([key, spec]): Kernel => {
    const symbol = symbolOf(key);
    return { key, symbol, spec, emit: () => emitKernel(spec, symbol), text: () => kernelText(spec, symbol) };
  });
  if (context.dump) for (const kernel of kernels) dump(`7-kernel-${kernel.key.slice(0, 12)}.ll`, kernel.text());
  return { plan, kernels, ...(groups.length > 0 && { cost: costOf(groups, table) }) };
}
