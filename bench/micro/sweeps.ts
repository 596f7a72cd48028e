/**
 * The row kernels: time per point of one thread on boxes that lie in L1, in L2 and in memory, in both precisions, at odd
 * widths, and with one, two or four rows in lockstep. CPU time, so that neighbours on the machine show less.
 */
import { createHash } from 'node:crypto';
import { emitKernel } from '../../jit/emit.js';
import { jamFactor } from '../../jit/jam.js';
import type { Plan } from '../../jit/plan.js';
import type { DType } from '../../jit/program.js';
import { streamedSlots } from '../../jit/stream.js';
import type { NativeEngine } from '../../lib/native.js';
import { session } from '../../lib/session.js';
import { median } from '../statistics.js';
import { formatTable } from '../table.js';
import { type SweepKernel, sweepKernels } from './sweep-kernels.js';

const CASES: readonly (readonly [kernel: string, ...shape: number[]])[] = [
  ['5-point', 18, 130],
  ['5-point', 66, 514],
  ['5-point', 66, 515],
  ['5-point', 66, 1023],
  ['5-point', 34, 2050],
  ['5-point', 1024, 1024],
  ['5-point', 4095, 4095],
  ['5-point', 4096, 4096],
  ['5-point', 4097, 4097],
  ['5-point', 8192, 8192],
  ['Burgers', 18, 66],
  ['Burgers', 66, 514],
  ['Burgers', 4096, 4096],
  ['7-point', 18, 18, 258],
  ['7-point', 256, 256, 256],
  ['7-point', 512, 512, 512],
  ['wave, radius 4', 24, 24, 264],
  ['wave, radius 4', 256, 256, 256],
];
const ROUNDS = 7;
/** A small box is swept again and again within one unit, but not so often that the unit passes for a large sweep. */
const UNIT_BYTES = 2 ** 25;
const PARAMS = [0.1, 0.05, 0.01, 0.001, 0.0001, 2];

export async function run(): Promise<void> {
  process.env['QUADRILLE_CACHE'] = 'off';
  const rows: string[][] = [];
  for (const [name, ...shape] of CASES) {
    const chosen = await measure(name, shape, 'f64');
    const single = await measure(name, shape, 'f32');
    const alone = await measure(name, shape, 'f64', 1);
    rows.push([`${name}, ${shape.join(' x ')}`, ...[chosen, alone, single].map(nanoseconds), ratio(chosen, single)]);
  }
  console.log(`\n${formatTable(['one sweep, per point', 'f64', 'row by row', 'f32', 'f64 / f32'], rows)}`);
}

async function measure(name: string, shape: readonly number[], dtype: DType, jam?: number): Promise<number> {
  const made = sweepKernels[name]?.(dtype);
  if (!made) throw new RangeError(`no kernel "${name}"`);
  const desc = { dtype, shape, offset: shape.map(() => 0), extent: shape };
  const fields = made.spec.slots.map((_, s) => {
    const field = session.createField(desc, 1);
    session.engine.fillField(field, 0.001 * (s + 1)); // nowhere denormal, however long it runs
    return field;
  });
  const { engine } = session;
  const plan = planOf(engine, made, shape, dtype, jam ?? jamFactor(made.spec));
  const id = engine.loadPlan(JSON.stringify(plan));
  const points = pointsOf(plan);
  const next = made.next.map((slot) => fields[slot] ?? 0);
  const samples: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const before = process.cpuUsage();
    for (const bound of [fields, next]) engine.submit(Int32Array.of(id, ...bound), Float64Array.from(PARAMS));
    await engine.sync();
    const { user, system } = process.cpuUsage(before);
    if (round > 0) samples.push(((user + system) * 1000) / (2 * points)); // the first one finds its memory
  }
  engine.dropPlan(id);
  for (const field of fields) engine.disposeField(field);
  await engine.sync();
  return median(samples);
}

function planOf(engine: NativeEngine, made: SweepKernel, shape: readonly number[], dtype: DType, jam: number): Plan {
  const { spec, radius } = made;
  const key = createHash('sha256')
    .update(JSON.stringify([spec, jam]))
    .digest('hex')
    .slice(0, 32);
  const symbol = `k_${key}`;
  if (!engine.hasKernel(key)) engine.compile(key, symbol, emitKernel(spec, symbol, jam), false);
  const box = shape.map((n) => [radius, n - radius] as const);
  const bytes = box.reduce((count, [lo, hi]) => count * (hi - lo), spec.slots.length * (dtype === 'f64' ? 8 : 4));
  const times = Math.max(1, Math.floor(UNIT_BYTES / bytes));
  const zeros = shape.map(() => 0);
  const task = {
    kernel: 0,
    interior: new Array(times).fill(box),
    boundary: [],
    bias: zeros,
    firstParam: 0,
    constants: [],
  };
  const slot = {
    dtype,
    temp: false,
    shape,
    offset: zeros,
    extent: shape,
    haloLo: zeros,
    haloHi: zeros,
    alignAt: radius,
  };
  const slots = spec.slots.map((_, s) => s);
  return {
    version: 1,
    key,
    label: 'sweeps.ts:1',
    params: PARAMS.length,
    bound: slots.length,
    slots: slots.map(() => slot),
    kernels: [{ key, symbol, dims: spec.dims, slots, streams: streamedSlots(spec) }],
    waves: [{ exchange: null, tasks: [task], writes: [0] }],
    threads: 1,
    odf: 1,
  };
}

function pointsOf({ waves }: Plan): number {
  const boxes = waves.flatMap(({ tasks }) => tasks.flatMap((task) => task.interior));
  return boxes.reduce((sum, box) => sum + box.reduce((product, [lo, hi]) => product * (hi - lo), 1), 0);
}

function nanoseconds(time: number): string {
  return `${time.toFixed(3)} ns`;
}

function ratio(a: number, b: number): string {
  return (a / b).toFixed(2);
}
