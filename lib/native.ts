/**
 * The border to native code: finds and loads the addons, states their interface. The only file that does.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DType } from '../jit/program.js';
import type { AnyArray } from './dtype.js';
import { type ErrorCode, QuadrilleError } from './errors.js';

export interface FieldDesc {
  readonly dtype: DType;
  /** Global shape; this rank's block is [offset, offset + extent) per dimension. */
  readonly shape: readonly number[];
  readonly offset: readonly number[];
  readonly extent: readonly number[];
}

export interface Topology {
  /** Cores this process is bound to (hwloc / affinity mask). */
  readonly cores: number;
  readonly l2Bytes: number;
  readonly l3Bytes: number;
  readonly cpus: CpuSet;
}

export interface StartOptions {
  /** Size of the thread team, executor thread included. */
  readonly threads: number;
  /** `comm()` of quadrille_mpi.node; absent: one process. */
  readonly comm?: unknown;
  /** Object cache directory (created 0700), null: memory only. */
  readonly cacheDir: string | null;
  /** Ranks on this node, which share its memory; default 1. */
  readonly localRanks?: number;
  /** More threads on this node than cores: waiting threads sleep at once instead of spinning. Default: threads > cores. */
  readonly oversubscribed?: boolean;
  /**
   * Do mathematical functions fuse multiply-adds? The last bits depend on it, so all ranks must agree. Default: if this
   * processor can.
   */
  readonly fusedMaths?: boolean;
  /** Hardware threads (OS indices) that each member of the team stays on. Default: the system moves them as it likes. */
  readonly places?: readonly (readonly number[])[];
}

export interface NativeStats {
  readonly units: number;
  readonly computeSeconds: number;
  /** Packing, unpacking, and waiting for what had not arrived by then; reductions' messages, too. */
  readonly exchangeSeconds: number;
  /** From when the messages of an exchange of halos or copies are posted until all of them have arrived and left; summed up. */
  readonly messageSeconds: number;
  /** The part of it in which nothing was computed for want of them. */
  readonly waitSeconds: number;
  readonly compileSeconds: number;
  readonly idleSeconds: number;
  readonly bytesSent: number;
  /** Of these, what travelled while something was computed that did not need what was to arrive. */
  readonly bytesHidden: number;
  readonly messagesSent: number;
  /** Of bytesSent, what went through memory that both ranks share, on the same node. */
  readonly bytesShared: number;
  readonly bytesSwept: number;
  readonly kernelsCompiled: number;
  readonly kernelsFromDisk: number;
  /** Times taken of ways to tile a loop; see GridOptions.tune. */
  readonly tuneMeasurements: number;
}

/** What one Plan has done; where it is tuned, since its choice was made. */
export interface PlanStats {
  readonly units: number;
  readonly computeSeconds: number;
  readonly bytesSwept: number;
  /** Which of its loop's trials it takes steps in; -1: none has been chosen. */
  readonly chosen: number;
}

/** quadrille.node. Calls return at once; work runs in submission order on the executor thread. */
export interface NativeEngine {
  info(): { llvm: string; cpu: string; features: string };
  topology(): Topology;
  /** Bytes this process may still take (min of MemAvailable and the cgroup's limit) less what is promised to fields. */
  memoryAvailable(): number;
  start(options: StartOptions): void;

  /** True if the kernel is in memory or (valid) on disk; then nothing need be emitted. Begins loading it. */
  hasKernel(key: string): boolean;
  /** Hands bitcode to the compiler thread. */
  compile(key: string, symbol: string, bitcode: Uint8Array, contract: boolean): void;
  /** Optimised IR of a kernel, for explain(); compiles `bitcode` afresh, blocking. */
  optimizedIR(bitcode: Uint8Array, contract: boolean): string;
  dropKernel(key: string): void;
  /**
   * A mathematical function (`q_exp_f64`, `q_pow_f32`) of one element after the other: what kernels compute in vectors.
   * For tests and tables; `b` for functions of two.
   */
  maths<T extends Float64Array | Float32Array>(name: string, a: T, b?: T): T;

  /**
   * A new field of zeros; memory is promised now (throws OUT_OF_MEMORY, after waiting for fields disposed of before),
   * taken and first touched by the executor. Ids count creations, hence are the same on every rank.
   */
  createField(desc: FieldDesc): number;
  /** A field over a TypedArray's own memory (whole shape, C order); kept alive until disposed. */
  createHostField(data: AnyArray, shape: readonly number[]): number;
  disposeField(id: number): void;
  /** Queued: every element of the block becomes `value`, which the field's dtype can hold. */
  fillField(id: number, value: number): void;
  /** Queued: this rank's block, C order, copied from `data` (which must not change until then). */
  writeBlock(id: number, data: AnyArray): void;
  /** After sync() only: this rank's block, C order, a copy. */
  readBlock(id: number): AnyArray;

  /**
   * The first element of a Scalar's block, if all submitted work has run or does so within a millisecond, for which this
   * call waits (or which it runs itself, where that is little); else, or if something failed, undefined: sync() tells. A round through the event loop takes longer than
   * a step of a small grid.
   */
  valueSoon(id: number): number | undefined;

  /** Plan JSON (jit/plan.ts) to a plan id. */
  loadPlan(json: string): number;
  dropPlan(id: number): void;
  planStats(id: number): PlanStats;
  /**
   * Queue runs: `units` is a sequence of [plan, field ids of its bound slots ..., its integers ...]; params follow the same
   * order. A march, which is several runs, is [-1 - plan, field ids ..., the first run's integers ..., how far each moves on
   * after each run ..., number of runs]. Of both lists the first `words` and `values`, or all. `soon`: valueSoon() is called
   * next, and runs them.
   */
  submit(units: Int32Array, params: Float64Array, words?: number, values?: number, soon?: boolean): void;
  /**
   * Queues `count` steps of a Plan with a loop: `fields` are what its places hold in the first step (see PlanLoop).
   * Joined to the loop queued last, if this one continues it.
   */
  loop(plan: number, fields: Int32Array, params: Float64Array, count: number): void;
  /**
   * Queues a loop of at most `most` steps that ends when a Scalar is not 0: after every `every` steps the check, a Plan
   * with a loop of its own whose places are given as of the end of the first step, computes it. How many steps were
   * taken is written into the host field `stepsInto`, of f64.
   */
  until(
    plan: number,
    fields: Int32Array,
    params: Float64Array,
    most: number,
    checkPlan: number,
    checkFields: Int32Array,
    checkParams: Float64Array,
    condition: number,
    stepsInto: number,
    every: number,
  ): void;
  /** Units (steps of loops, too) submitted and not yet run. */
  queued(): number;
  /** Resolves once all submitted work has run; rejects with the first error since the last sync. */
  sync(): Promise<void>;
  /** sync on every rank. `label` is file:line, compared among ranks. */
  barrier(label: string): Promise<void>;
  stats(): NativeStats;
  /**
   * GB/s that so many threads copy from memory to memory (read and written bytes). Blocking, about 0.1 s; 0 while the
   * engine has work, which it would disturb, and where there is no memory for it.
   */
  bandwidth(threads: number): number;
  /** Runs what is queued, ends the threads, frees everything. Blocking; called once at exit. */
  shutdown(): void;
  /** After a failure, instead of shutdown: nothing more is compiled from now on. Waits for the kernel at hand. */
  abandon(): void;
}

/** What one rank may run on: PU i (a hardware thread, OS index) belongs to core cores[i] (unique on the node). */
export interface CpuSet {
  readonly pus: readonly number[];
  readonly cores: readonly number[];
  /** CPU time granted by the control group, in cores; Infinity without a limit. */
  readonly quota: number;
}

/** quadrille_mpi.node: loaded only under an MPI launcher (lib/spmd.ts). */
export interface NativeMpi {
  /** MPI_Init_thread and everything ranks tell each other once. Collective. Throws with MPI's own words. */
  init(): void;
  rank(): number;
  size(): number;
  /** Rank among, and number of, the ranks on this node. */
  localRank(): number;
  localSize(): number;
  /** Of every rank on this node, by local rank; gathered in init(). */
  localCpus(): readonly CpuSet[];
  /** Can every rank's processor fuse multiply-adds? Asked in init(); for StartOptions.fusedMaths. */
  everyRankFuses(): boolean;
  /** MPI's name and version, first line. */
  library(): string;
  /** An External holding the Comm of the executor: NativeEngine.start({ comm }). */
  comm(): unknown;
  /**
   * This rank's part of the memory through which messages of 2 KB and more go to other ranks of its node; of 0 bytes
   * where all are sent: `absent` says why.
   */
  sharedWindow(): { bytes: number; absent: string };
  /** Collective, blocking, for as long as no engine runs (then it is the engine's): waits for every rank. */
  barrier(label: string): void;
  /** Ends every rank of the job with this exit code; does not return. */
  abort(code: number): never;
  /** Collective, blocking: waits for every rank, telling those that still wait for this one that it has ended. */
  finalize(): void;
}

let engine: NativeEngine | undefined;
let mpi: NativeMpi | undefined;

/** quadrille.node, loaded once. Throws ADDON_MISSING. */
export function loadEngine(): NativeEngine {
  engine ??= load<NativeEngine>(
    'quadrille.node',
    'ADDON_MISSING',
    'build it: npx quadrille setup, or npm run build:native in a checkout',
  );
  return engine;
}

/** quadrille_mpi.node, loaded once. Throws MPI_MISSING. */
export function loadMpi(): NativeMpi {
  mpi ??= load<NativeMpi>(
    'quadrille_mpi.node',
    'MPI_MISSING',
    'install an MPI (libopenmpi-dev openmpi-bin, or MPICH), then npx quadrille setup',
  );
  return mpi;
}

/** What require gives is taken at its word: the interfaces above are the contract with native/addon.cc. */
function load<T>(name: string, code: ErrorCode, hint: string): T {
  const file = path.join(addonDirectory(), name);
  if (!existsSync(file)) {
    throw new QuadrilleError(code, `The native addon ${name} is not there.`, { expected: file, hint });
  }
  try {
    const addon: T = createRequire(import.meta.url)(file);
    return addon;
  } catch (error) {
    throw new QuadrilleError(
      code,
      `The native addon ${name} does not load: ${error instanceof Error ? error.message : String(error)}.`,
      {
        hint,
        cause: error,
      },
    );
  }
}

/** build/Release of the package, seen from lib/ or dist/lib/; QUADRILLE_ADDON_DIR overrides. */
function addonDirectory(): string {
  const given = process.env.QUADRILLE_ADDON_DIR;
  if (given !== undefined && given !== '') return path.resolve(given);
  let root = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(root, 'package.json')) && path.dirname(root) !== root) root = path.dirname(root);
  return path.join(root, 'build', 'Release');
}
