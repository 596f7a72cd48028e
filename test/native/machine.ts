/**
 * quadrille.node alone: hand-written kernels and Plans in, fields' contents out. No lib/, no lowering, so that a
 * failure here is the native code's.
 */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { emitKernel } from '../../jit/emit.js';
import { ModuleBuilder } from '../../jit/ir.js';
import type { KernelExpr, KernelIndex, KernelSpec } from '../../jit/kernel.js';
import type { Box, Plan, PlanSlot, Task } from '../../jit/plan.js';
import type { BinaryFn, DType } from '../../jit/program.js';
import { streamedSlots } from '../../jit/stream.js';
import type { NativeEngine, StartOptions } from '../../lib/native.js';

export const addonFile = path.join(
  process.env.QUADRILLE_ADDON_DIR ?? fileURLToPath(new URL('../../build/Release', import.meta.url)),
  'quadrille.node',
);

const addon: NativeEngine = createRequire(import.meta.url)(addonFile);

export const addonInfo = (): ReturnType<NativeEngine['info']> => addon.info();
export const optimizedIR = (bitcode: Uint8Array, contract: boolean): string => addon.optimizedIR(bitcode, contract);

/** This rank's block of a field of floats. */
export function readFloats(engine: NativeEngine, id: number): Float64Array | Float32Array {
  const data = engine.readBlock(id);
  if (data instanceof Float64Array || data instanceof Float32Array) return data;
  throw new Error(`field ${id} holds no floats`);
}

/** For calls that must fail. */
export function startEngine(options: Partial<StartOptions>): void {
  addon.start({ threads: 1, cacheDir: null, ...options });
}

/** Runs `body` with a fresh engine, and ends it whatever happens. */
export async function withEngine<T>(
  options: Partial<StartOptions>,
  body: (engine: NativeEngine) => Promise<T>,
): Promise<T> {
  addon.start({ threads: 1, cacheDir: null, ...options });
  try {
    return await body(addon);
  } finally {
    addon.shutdown();
  }
}

/** Number `slot`, shifted by `offsets` from the current point. */
export function load(slot: number, offsets: readonly number[], dtype: DType = 'f64'): KernelExpr {
  return { op: 'load', slot, index: at(offsets), dtype };
}

export function param(index: number): KernelExpr {
  return { op: 'param', index, dtype: 'weak' };
}

export function binary(fn: BinaryFn, a: KernelExpr, b: KernelExpr, dtype: DType = 'f64'): KernelExpr {
  return { op: 'binary', fn, a, b, dtype };
}

function at(offsets: readonly number[]): KernelIndex[] {
  return offsets.map((c, axis) => ({ axis, a: 1, c, biased: false }));
}

/** A kernel that stores `value` at each point of slot 0. */
export interface TestKernel {
  readonly key: string;
  readonly symbol: string;
  readonly spec: KernelSpec;
}

export function kernel(dims: number, slots: number, value: KernelExpr, dtype: DType = 'f64'): TestKernel {
  const spec: KernelSpec = {
    emitter: 1,
    dims,
    slots: Array.from({ length: slots }, () => ({ dtype, ndim: dims })),
    stores: [{ slot: 0, index: at(new Array<number>(dims).fill(0)), value }],
    constants: 0,
    contract: false,
  };
  const key = createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 32);
  return { key, symbol: `k_${key}`, spec };
}

export function bitcodeOf({ spec, symbol }: TestKernel): Uint8Array {
  return emitKernel(spec, symbol);
}

/** Compiles, unless the engine has it already. */
export function provide(engine: NativeEngine, made: TestKernel): void {
  if (!engine.hasKernel(made.key)) engine.compile(made.key, made.symbol, bitcodeOf(made), false);
}

/** A kernel's bitcode that calls a C function of this name. */
export function foreignCall(name: string): Uint8Array {
  const ir = new ModuleBuilder('foreign');
  ir.at(ir.block('entry', ir.defineFunction('foreign', ['ptr*', 'f64*', 'i64*'], 'external')));
  ir.call(ir.defineFunction(name, [], 'external'), []); // without a body: declared
  ir.returnVoid();
  return ir.bitcode();
}

export interface PlanOptions {
  readonly threads?: number;
  readonly odf?: number;
  readonly halo?: number;
  readonly params?: number;
  readonly dtype?: DType;
  /** Of the kernel's slots, how many are temporaries (the last ones). */
  readonly temporaries?: number;
  readonly blockRows?: number;
}

export function slot(shape: readonly number[], { halo = 0, dtype = 'f64' }: PlanOptions = {}, temp = false): PlanSlot {
  const all = (value: number): number[] => shape.map(() => value);
  return { dtype, temp, shape, offset: all(0), extent: shape, haloLo: all(halo), haloHi: all(halo), alignAt: 1 };
}

/** A task whose kernel begins at parameter 0 and knows no fixed positions. */
export const RUN: Pick<Task, 'firstParam' | 'constants'> = { firstParam: 0, constants: [] };

/** One kernel swept over one box, in one process. */
export function planOf(made: TestKernel, shape: readonly number[], box: Box, options: PlanOptions = {}): Plan {
  const count = made.spec.slots.length;
  const bound = count - (options.temporaries ?? 0);
  const { blockRows } = options;
  const task: Task = {
    ...{ kernel: 0, interior: [box], boundary: [], bias: shape.map(() => 0), ...RUN },
    ...(blockRows !== undefined && { blockRows }),
  };
  return {
    version: 1,
    key: made.key,
    label: 'test.ts:1',
    params: options.params ?? 0,
    bound,
    slots: made.spec.slots.map((_, k) => slot(shape, options, k >= bound)),
    kernels: [
      {
        key: made.key,
        symbol: made.symbol,
        dims: shape.length,
        slots: made.spec.slots.map((_, k) => k),
        streams: streamedSlots(made.spec),
      },
    ],
    waves: [{ exchange: null, tasks: [task], writes: [0] }],
    threads: options.threads ?? 1,
    odf: options.odf ?? 1,
  };
}

export function createField(engine: NativeEngine, shape: readonly number[], dtype: DType = 'f64'): number {
  return engine.createField({ dtype, shape, offset: shape.map(() => 0), extent: shape });
}

/** The inside of a shape: one point less on every side. */
export function inside(shape: readonly number[]): Box {
  return shape.map((n) => [1, n - 1] as const);
}

export function run(
  engine: NativeEngine,
  plan: number,
  fields: readonly number[],
  params: readonly number[] = [],
): void {
  engine.submit(Int32Array.of(plan, ...fields), Float64Array.from(params));
}

/** Values without a pattern that a wrong stride could reproduce; the same on every call. */
export function noise(count: number): Float64Array {
  let state = 12345;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

/** The memory of a typed array. */
export function bytesOf(values: Float64Array | Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

/** param(0) times the sum of the four neighbours, in this order. */
export function jacobi2d(): TestKernel {
  const sum = [load(1, [1, 0]), load(1, [0, -1]), load(1, [0, 1])].reduce(
    (left, right) => binary('add', left, right),
    load(1, [-1, 0]),
  );
  return kernel(2, 2, binary('mul', sum, param(0)));
}

/** What jacobi2d() computes, in JavaScript: the same operations in the same order. */
export function jacobi2dReference(x: Float64Array, y: Float64Array, ny: number, nx: number, factor: number): void {
  const get = (i: number): number => x[i] ?? Number.NaN;
  for (let i = 1; i < ny - 1; i++) {
    for (let j = 1; j < nx - 1; j++) {
      const p = i * nx + j;
      y[p] = (get(p - nx) + get(p + nx) + get(p - 1) + get(p + 1)) * factor;
    }
  }
}
