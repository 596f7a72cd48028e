/**
 * The Plan: what jit/ hands to native/. One rank's share of a Program as flat data: which boxes which kernel sweeps,
 * what travels to whom before that. JSON in, nothing else needed to replay it (kernels are found by key in the engine).
 * All indices are *block-local*: 0 is the first element this rank owns of that field, negative or >= extent is halo.
 */
import type { DType, ReduceFn } from './program.js';

/** Half-open box, one [lo, hi) pair per dimension. */
export type Box = readonly (readonly [number, number])[];

/**
 * A field as the Plan needs it. The first slots are the Program's, in order; then come temporaries (`temp: true`), which
 * the executor takes from a pool and whose contents do not outlive one run of the Plan.
 */
export interface PlanSlot {
  readonly dtype: DType;
  readonly temp: boolean;
  /** A Scalar: shape [1], the whole of it on every rank. */
  readonly replicated?: true;
  /** Global shape. */
  readonly shape: readonly number[];
  /** Global index of this rank's first element, per dimension, and how many it owns (0 = none). */
  readonly offset: readonly number[];
  readonly extent: readonly number[];
  /** Least halo depth, below and above, per dimension: the same on all ranks. The executor grows a field to it. */
  readonly haloLo: readonly number[];
  readonly haloHi: readonly number[];
  /**
   * Block-local index along the last dimension that should fall on a 64-byte boundary (vector stores start there), the
   * same on all ranks; -1: this Plan sweeps too little of the field to have an opinion.
   */
  readonly alignAt: number;
}

/**
 * ABI: `void symbol(void *const *ptr, const double *params, const int64_t *ints)`.
 * ptr[i] is the address of block-local index `starts[i]` (left out: (0, ..., 0)) of slot `slots[i]`. params are the Program's parameters from
 * the task's `firstParam` on. ints: for each loop dimension (outermost first) lo, hi, bias; then for each slot in `slots`
 * its strides in elements, outermost first, without the last (which is 1); then the task's constants. The kernel sweeps
 * [lo, hi) in every dimension. Slots of -1, the last ones, are the buffers of the task's reductions: f64 or i64,
 * as many dimensions as loops, element (lo, ..., lo) first.
 */
export interface PlanKernel {
  readonly key: string;
  readonly symbol: string;
  readonly dims: number;
  readonly slots: readonly number[];
  /** Fields whose blocks begin at another place of the grid than the target's; may lie outside of their memory. */
  readonly starts?: readonly (readonly number[])[];
  /** Places among these of what it writes whole rows of and does not read (jit/stream.ts). */
  readonly streams: readonly number[];
}

/**
 * A strided set of elements of one slot: element (i_0, ..., i_k), 0 <= i_a < axes[a].count, lies at
 * origin + sum over a of i_a * axes[a].step along dimension axes[a].dim. Elements are packed in C order of
 * (i_0, ..., i_k).
 */
export interface Part {
  readonly slot: number;
  readonly origin: readonly number[];
  readonly axes: readonly { readonly dim: number; readonly step: number; readonly count: number }[];
  /**
   * Slot whose contents this part refreshes the halo of, or -1. A part with `halo >= 0` may be left out while that
   * field has not been written since this very exchange last ran; every rank decides alike (versions count writes of
   * the whole field, by whichever rank).
   */
  readonly halo: number;
  /** Dimensions along which the origin moves with an integer of the run; see Plan.ints. */
  readonly moves?: readonly { readonly dim: number; readonly int: number }[];
}

/** What goes to, or comes from, one rank: parts one after the other, in the same order at both ends. */
export interface Message {
  readonly peer: number;
  readonly parts: readonly Part[];
}

export interface Exchange {
  readonly sends: readonly Message[];
  readonly recvs: readonly Message[];
  /** Moves within this rank (periodic images, shifted copies): `from` and `to` have the same counts. */
  readonly locals: readonly { readonly from: Part; readonly to: Part }[];
}

/**
 * The values that the kernel leaves in a buffer, reduced over all boxes of all ranks; stored in a Scalar at the end of
 * the wave. No order of evaluation can change its bits. With `axes`: along these only.
 */
export interface TaskReduction {
  readonly fn: ReduceFn;
  /** What the buffer holds: floats, or integers and truth values. */
  readonly of: 'f64' | 'i64';
  /** The Scalar's slot. */
  readonly into: number;
  /** Number of the element at loop position j among all elements reduced: first + sum of steps[d] * j[d]. */
  readonly first: number;
  readonly steps: readonly number[];
  /**
   * Loop dimensions that are reduced in order (see jit/program.ts): boxes hold them whole, every rank reduces its own.
   * `into` is then a field, its element at the box's other positions is written (those in `dims`, in its order; -1: 0).
   */
  readonly axes?: readonly number[];
  readonly dims?: readonly number[];
  /**
   * The values are a field's elements as they are, of the kernel's slot number `place`, and lie side by side: that at
   * loop position j is element j + shift. They need not go through the buffer if all of the task's reductions have one.
   */
  readonly source?: { readonly place: number; readonly shift: readonly number[] };
}

export interface Task {
  /** Index into Plan.kernels. */
  readonly kernel: number;
  /** Boxes that need nothing of the wave's exchange: swept while messages travel. */
  readonly interior: readonly Box[];
  /** Boxes swept once the exchange is complete. */
  readonly boundary: readonly Box[];
  /** One per loop dimension, see PlanKernel. */
  readonly bias: readonly number[];
  /** The Program's parameter that is the kernel's first: the same work later in a Program is the same kernel. */
  readonly firstParam: number;
  /** Fixed positions the kernel reads at (`u = history[k]`): another k is no other kernel. */
  readonly constants: readonly number[];
  /**
   * Rows (positions of the last dimension but one) to sweep through all planes before the next rows' turn: see
   * jit/plane-block.ts. Left out: all of them.
   */
  readonly blockRows?: number;
  /** One per buffer of the kernel, in order. */
  readonly reductions?: readonly TaskReduction[];
  /** What moves with the run's integers; see Plan.ints. */
  readonly moves?: readonly Move[];
}

/**
 * Per unit of the run's integer `int`: `by` more in dimension `index` of the boxes ('box') or of the bias ('bias'), or
 * in constant number `index`.
 */
export interface Move {
  readonly what: 'box' | 'bias' | 'constant';
  readonly index: number;
  readonly int: number;
  readonly by: number;
}

/**
 * Tasks of one wave do not depend on each other: they may run in any order and at the same time. Waves run one after
 * the other. An exchange starts before the wave's first task.
 */
export interface Wave {
  readonly exchange: Exchange | null;
  readonly tasks: readonly Task[];
  /** Slots written by the wave on any rank (their versions advance on every rank). */
  readonly writes: readonly number[];
}

/** How a Program is looped: what lowering is told. */
export interface LoopShape {
  /**
   * Places that hold fields: the Program's slots, then those whose fields only step into a slot later. In the next step
   * place p holds what place next[p] holds now.
   */
  readonly next: readonly number[];
}

/** One task in one step of a chain. */
export interface Stage {
  /** The task: of which wave, and which of its tasks. */
  readonly wave: number;
  readonly task: number;
  /** Per tiled dimension: at position i of the walk it sweeps position i - lag (jit/skew.ts). */
  readonly lag: readonly number[];
  /**
   * Per tiled dimension: the walk counts from the block of the first task's field; this one's begins so much after it.
   * Left out: 0.
   */
  readonly lead?: readonly number[];
  /** Per loop dimension: the kernel's counter j stands for position stride * j + bias (the task's) of its own block. */
  readonly stride: readonly number[];
  /** In kernel coordinates, all that it sweeps if as many steps follow as do in the whole chain; null: nothing. */
  readonly box: Box | null;
  /**
   * The part of `box` that may be swept before halos have arrived, if as many steps came before it as do in the chain
   * (jit/inner.ts); null: nothing.
   */
  readonly inner: Box | null;
}

/**
 * Several steps in one pass over memory: a walk over the positions of the leading one or two dimensions in tiles of
 * height x width, in each of which all stages sweep their share, a few rows at a time. Tile (c, b) comes after all
 * (c', b') with c' <= c and b' <= b. A pass of fewer steps takes the lags of the first steps and the boxes of the last
 * ones: boxes shrink towards the end where they began with the margins that ranks have around their blocks. Where stages
 * have an `inner` box (the first steps', too), there are two such walks: one over what is inner, while the exchange is under
 * way, and one over the rest.
 */
export interface Chain {
  /** In one pass. */
  readonly steps: number;
  readonly height: number;
  readonly width: number;
  /** Positions of the outermost dimension that a stage sweeps before the next stage's turn. */
  readonly rows: number;
  /** Columns of tiles begin at multiples of grain[1] from here on: vector stores are whole and aligned then. */
  readonly grain: readonly number[];
  /** A block-local position along dimension 1 that stands on such a boundary. */
  readonly alignAt: number;
  /** Step by step, in the order of the waves' tasks. */
  readonly stages: readonly Stage[];
  /** Before each pass, instead of the waves' own. */
  readonly exchange: Exchange | null;
}

/** Waves `first` to `first + waves - 1` in one pass over memory: they are run as this chain of one step (jit/join.ts). */
export interface Join {
  readonly first: number;
  readonly waves: number;
  readonly chain: Chain;
  /** For explain(). */
  readonly why: string;
}

/** A loop over the Plan's waves. Its Plan has a bound slot per place. */
export interface PlanLoop extends LoopShape {
  /** Null: step by step. */
  readonly chain: Chain | null;
  /** Why it runs as it does, for explain(). */
  readonly why: string;
  /** Ways to take its steps, `chain` first, to be timed while the first steps run; null: step by step. */
  readonly trials?: readonly (Chain | null)[];
  /** Which of these an earlier run chose; left out: none did. Ranks may remember different ones: then all measure. */
  readonly remembered?: number;
}

/**
 * Runs whose integers move on by constants may be taken in strips of `width` counters of one loop dimension: all runs in
 * one strip, wave by wave, and the strips in any order, or at the same time. See jit/march.ts.
 */
export interface March {
  readonly width: number;
  /** By wave and task: that dimension. Tasks that sweep something sweep one box, of one length along it. */
  readonly along: readonly (readonly number[])[];
}

export interface Plan {
  readonly version: 1;
  /** The Program's key and label: ranks compare keys, messages show labels. */
  readonly key: string;
  readonly label: string;
  readonly params: number;
  /**
   * A run brings as many integers, after its fields. Everything in the Plan stands where it is if they have these
   * values; it moves by how much they differ. A Plan is for integers of one class (jit/dynamic.ts): those for which all
   * that moves stays within the same blocks.
   */
  readonly ints?: readonly number[];
  /** Number of leading slots bound at run time; the rest are temporaries. */
  readonly bound: number;
  readonly slots: readonly PlanSlot[];
  readonly kernels: readonly PlanKernel[];
  readonly waves: readonly Wave[];
  readonly threads: number;
  readonly odf: number;
  /** In order, apart from each other; left out: each wave is a sweep of its own. Such waves have no exchange of their own. */
  readonly joins?: readonly Join[];
  /** There if it may be run so. No wave has an exchange, and no task reduces. */
  readonly march?: March;
  /** There if the Plan is made for running many steps in a row. */
  readonly loop?: PlanLoop;
}
