/** Kernels on boxes of any height, width and start: the same bits as plain loops, however many rows go in lockstep. */
import { createHash } from 'node:crypto';
import fc, { type GeneratorValue } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emitKernel } from '../../jit/emit.js';
import { mayJam } from '../../jit/jam.js';
import type { KernelExpr, KernelSpec } from '../../jit/kernel.js';
import type { Box } from '../../jit/plan.js';
import type { DType } from '../../jit/program.js';
import * as m from './machine.js';

const RUNS = Number(process.env.QUADRILLE_FUZZ_RUNS ?? 60);
const REACH = 4;
// Sweeps of any size go around the caches where their rows begin on a boundary.
process.env.QUADRILLE_STREAM_BYTES = '0';
/** What the task brings along: iota begins there. */
const CONSTANT = 5;
const FUNCTIONS = ['add', 'sub', 'mul', 'minimum', 'maximum'] as const;

interface Case {
  readonly spec: KernelSpec;
  readonly shape: readonly number[];
  readonly box: Box;
  readonly jam: number;
  /** Where the fields' vectors begin: with the box, or elsewhere. */
  readonly alignAt: number;
}

/** One or two statements on three fields: 0 and 1 are written (0 perhaps in place), 2 is read around each point. */
function randomCase(g: GeneratorValue): Case {
  const int = (min: number, max: number): number => g(fc.integer, { min, max });
  const dims = int(1, 4);
  const dtype: DType = int(0, 1) === 0 ? 'f64' : 'f32';
  const here = new Array<number>(dims).fill(0);
  const leaf = (): KernelExpr => {
    const kind = int(0, 9);
    if (kind === 0) return m.param(int(0, 1));
    if (kind === 1) return m.load(0, here, dtype);
    if (kind === 2) return { op: 'iota', axis: int(0, dims - 1), a: int(-2, 3), constant: 0, dtype };
    // Mostly along the last two dimensions, where rows and columns are shared.
    const near = here.map((_, d) => (d >= dims - 2 || int(0, 3) === 0 ? int(-REACH, REACH) : 0));
    return m.load(2, near, dtype);
  };
  const tree = (depth: number): KernelExpr => {
    if (depth === 0)
      return m.load(
        2,
        here.map((_, d) => (d === dims - 1 ? int(-1, 1) : 0)),
        dtype,
      );
    const fn = FUNCTIONS[int(0, FUNCTIONS.length - 1)] ?? 'add';
    return m.binary(fn, tree(depth - 1), int(0, 2) === 0 ? tree(depth - 1) : leaf(), dtype);
  };
  const index = here.map((_, axis) => ({ axis, a: 1, c: 0, biased: false }));
  const stores = [0, 1].slice(int(0, 1)).map((slot) => ({ slot, index, value: tree(int(1, 5)) }));
  const slots = [0, 1, 2].map(() => ({ dtype, ndim: dims }));
  const most = [200, 70, 40, 9][dims - 1] ?? 9;
  const box = here.map((_, d) => {
    const lo = REACH + int(0, 9);
    return [lo, lo + int(1, d === dims - 1 ? Math.max(most, 70) : Math.min(most, 13))] as const;
  });
  const shape = box.map(([, hi]) => hi + REACH + int(0, 5));
  return {
    spec: { emitter: 0, dims, slots, stores, constants: 1, contract: false },
    shape,
    box,
    jam: [1, 2, 4][int(0, 2)] ?? 1,
    alignAt: int(0, 1) === 0 ? (box[dims - 1]?.[0] ?? 0) : 1,
  };
}

type Values = Float64Array | Float32Array;

/** What the kernel means, point by point, each operation rounded to the fields' type. */
function plainLoops({ spec, shape, box }: Case, fields: readonly Values[], params: readonly number[]): void {
  const round = spec.slots[0]?.dtype === 'f32' ? Math.fround : (x: number): number => x;
  const flat = (point: readonly number[]): number => point.reduce((sum, i, d) => sum * (shape[d] ?? 1) + i, 0);
  const evaluate = (expr: KernelExpr, point: readonly number[]): number => {
    if (expr.op === 'param') return round(params[expr.index] ?? Number.NaN);
    if (expr.op === 'load')
      return fields[expr.slot]?.[flat(point.map((i, d) => i + (expr.index[d]?.c ?? 0)))] ?? Number.NaN;
    if (expr.op === 'iota') return expr.a * (point[expr.axis] ?? Number.NaN) + CONSTANT;
    if (expr.op !== 'binary') throw new RangeError(expr.op);
    const [a, b] = [evaluate(expr.a, point), evaluate(expr.b, point)];
    if (expr.fn === 'add') return round(a + b);
    if (expr.fn === 'sub') return round(a - b);
    if (expr.fn === 'mul') return round(a * b);
    if (expr.fn === 'minimum') return a < b ? a : b;
    return a > b ? a : b;
  };
  const sweep = (point: readonly number[]): void => {
    const range = box[point.length];
    if (range) {
      for (let i = range[0]; i < range[1]; i++) sweep([...point, i]);
      return;
    }
    for (const store of spec.stores) {
      const field = fields[store.slot];
      if (field) field[flat(point)] = evaluate(store.value, point);
    }
  };
  sweep([]);
}

describe('a kernel', () => {
  it('computes what plain loops do, on boxes of any shape and start, in one to four dimensions', async () => {
    await m.withEngine({}, (engine) =>
      fc.assert(
        fc.asyncProperty(fc.gen(), async (g) => {
          const made = randomCase(g);
          const { spec, shape, box } = made;
          const jam = made.jam > 1 && (spec.dims < 2 || !mayJam(spec, made.jam)) ? 1 : made.jam;
          const key = createHash('sha256')
            .update(JSON.stringify([spec, jam]))
            .digest('hex')
            .slice(0, 32);
          const kernel = { key, symbol: `k_${key}`, spec };
          if (!engine.hasKernel(key)) engine.compile(key, kernel.symbol, emitKernel(spec, kernel.symbol, jam), false);
          const dtype = spec.slots[0]?.dtype ?? 'f64';
          const plan = m.planOf(kernel, shape, box, { params: 2, dtype });
          const [wave] = plan.waves;
          const tasks = wave?.tasks.map((task) => ({ ...task, constants: [CONSTANT] }));
          const id = engine.loadPlan(
            JSON.stringify({
              ...plan,
              slots: plan.slots.map((slot) => ({ ...slot, alignAt: made.alignAt })),
              waves: [{ ...wave, tasks, writes: [0, 1] }],
            }),
          );
          const count = shape.reduce((a, b) => a * b);
          const start = spec.slots.map((_, s): Values => {
            const noise = m.noise(count + s).subarray(s);
            return dtype === 'f64' ? noise : Float32Array.from(noise);
          });
          const fields = start.map((values) => {
            const field = m.createField(engine, shape, dtype);
            engine.writeBlock(field, values);
            return field;
          });
          m.run(engine, id, fields, [0.3, -1.7]);
          await engine.sync();
          const expected = start.map((values) => values.slice());
          plainLoops(made, expected, [0.3, -1.7]);
          const results = fields.map((field) => m.bytesOf(m.readFloats(engine, field)));
          for (const field of fields) engine.disposeField(field);
          results.forEach((result, s) => {
            const wanted = m.bytesOf(expected[s] ?? new Float64Array());
            expect(result.equals(wanted), `field ${s}, ${jam} rows: ${JSON.stringify(made)}`).toBe(true);
          });
          engine.dropPlan(id);
          engine.dropKernel(key);
        }),
        { numRuns: RUNS },
      ),
    );
  }, 300_000);

  it('does whole rows of a power of two and one point more or less alike', async () => {
    for (const [ny, nx] of [
      [7, 1024],
      [8, 1025],
      [9, 1023],
      [10, 9],
      [5, 8],
    ] as const) {
      await m.withEngine({}, async (engine) => {
        const made = m.jacobi2d();
        m.provide(engine, made);
        const shape = [ny + 2, nx + 2];
        const plan = engine.loadPlan(JSON.stringify(m.planOf(made, shape, m.inside(shape), { params: 1 })));
        const [x, y] = [m.createField(engine, shape), m.createField(engine, shape)];
        const values = m.noise((ny + 2) * (nx + 2));
        engine.writeBlock(x, values);
        m.run(engine, plan, [y, x], [0.25]);
        await engine.sync();
        const expected = new Float64Array(values.length);
        m.jacobi2dReference(values, expected, ny + 2, nx + 2, 0.25);
        expect(engine.readBlock(y)).toEqual(expected);
      });
    }
  });
});
