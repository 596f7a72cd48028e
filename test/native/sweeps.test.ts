import { describe, expect, it } from 'vitest';
import * as m from './machine.js';

async function jacobi(
  shape: [number, number],
  steps: number,
  threads: number,
  odf: number,
): Promise<ArrayLike<number>> {
  return m.withEngine({ threads }, async (engine) => {
    const made = m.jacobi2d();
    m.provide(engine, made);
    const plan = engine.loadPlan(JSON.stringify(m.planOf(made, shape, m.inside(shape), { threads, odf, params: 1 })));
    const [x, y] = [m.createField(engine, shape), m.createField(engine, shape)];
    engine.writeBlock(x, m.noise(shape[0] * shape[1]));
    for (let step = 0; step < steps; step++) m.run(engine, plan, step % 2 ? [x, y] : [y, x], [0.25]);
    await engine.sync();
    return m.readFloats(engine, steps % 2 ? y : x);
  });
}

function reference([ny, nx]: [number, number], steps: number): Float64Array {
  let x = m.noise(ny * nx);
  let y: Float64Array = new Float64Array(ny * nx);
  for (let step = 0; step < steps; step++) {
    m.jacobi2dReference(x, y, ny, nx, 0.25);
    [x, y] = [y, x];
  }
  return x;
}

describe('a sweep', () => {
  it.each<[number, number]>([
    [3, 3],
    [5, 64],
    [61, 67],
    [64, 64],
    [300, 257],
  ])('computes a 5-point stencil on %i x %i as plain loops do', async (ny, nx) => {
    expect(await jacobi([ny, nx], 7, 1, 1)).toEqual(reference([ny, nx], 7));
  });

  it.each([
    [2, 1],
    [2, 4],
    [3, 2],
    [5, 7],
    [1, 16],
  ])('gives the same bits on %i threads with odf %i', async (threads, odf) => {
    expect(await jacobi([300, 257], 20, threads, odf)).toEqual(reference([300, 257], 20));
  });

  it('is cut along the second dimension where the first has too few points, and along the last where nothing else is left', async () => {
    for (const shape of [
      [1, 2, 20000],
      [2, 3, 9000],
      [1, 40000, 1],
    ]) {
      await m.withEngine({ threads: 4 }, async (engine) => {
        const made = m.kernel(3, 2, m.binary('add', m.load(1, [0, 0, 0]), m.param(0)));
        m.provide(engine, made);
        const box = shape.map((n) => [0, n] as const);
        const plan = engine.loadPlan(JSON.stringify(m.planOf(made, shape, box, { threads: 4, odf: 3, params: 1 })));
        const [x, y] = [m.createField(engine, shape), m.createField(engine, shape)];
        const values = m.noise(shape.reduce((a, b) => a * b));
        engine.writeBlock(x, values);
        m.run(engine, plan, [y, x], [1]);
        await engine.sync();
        expect(engine.readBlock(y)).toEqual(values.map((value) => value + 1));
      });
    }
  });

  it('in blocks of planes meets every point once, whatever the blocks, the threads and the dimensions', async () => {
    for (const shape of [
      [9, 37, 70],
      [3, 5, 21, 66],
    ]) {
      const zeros = shape.map(() => 0);
      const neighbours = shape.flatMap((_, d) => [-1, 1].map((by) => m.load(1, zeros.with(d, by))));
      const made = m.kernel(
        shape.length,
        2,
        neighbours.reduce((left, right) => m.binary('add', left, right), m.load(0, zeros)),
      );
      const count = shape.reduce((a, b) => a * b);
      const swept = (options: m.PlanOptions): Promise<ArrayLike<number>> =>
        m.withEngine({ threads: options.threads ?? 1 }, async (engine) => {
          m.provide(engine, made);
          const plan = engine.loadPlan(JSON.stringify(m.planOf(made, shape, m.inside(shape), options)));
          const [x, y] = [m.createField(engine, shape), m.createField(engine, shape)];
          engine.writeBlock(x, m.noise(count));
          for (let step = 0; step < 3; step++) m.run(engine, plan, [y, x]);
          await engine.sync();
          return m.readFloats(engine, y);
        });
      const whole = await swept({});
      for (const blockRows of [1, 2, 7, 18, 19, 35, 100]) {
        expect(await swept({ blockRows })).toEqual(whole);
        expect(await swept({ blockRows, threads: 3, odf: 2 })).toEqual(whole);
      }
    }
  });

  it('rounds f32 fields to f32', async () => {
    await m.withEngine({}, async (engine) => {
      const made = m.kernel(1, 2, m.binary('mul', m.load(1, [0], 'f32'), m.param(0), 'f32'), 'f32');
      m.provide(engine, made);
      const plan = engine.loadPlan(JSON.stringify(m.planOf(made, [100], [[0, 100]], { params: 1, dtype: 'f32' })));
      const [x, y] = [m.createField(engine, [100], 'f32'), m.createField(engine, [100], 'f32')];
      const values = Float32Array.from(m.noise(100));
      engine.writeBlock(x, values);
      m.run(engine, plan, [y, x], [0.1]);
      await engine.sync();
      expect(engine.readBlock(y)).toEqual(values.map((value) => value * Math.fround(0.1)));
    });
  });

  it('sweeps boundary boxes as well as the interior', async () => {
    const shape = [200, 200] as const;
    await m.withEngine({ threads: 2 }, async (engine) => {
      const made = m.kernel(2, 1, m.param(0));
      m.provide(engine, made);
      const plan = m.planOf(
        made,
        shape,
        [
          [10, 190],
          [10, 190],
        ],
        { threads: 2, params: 1 },
      );
      const [wave] = plan.waves;
      const boundary = [
        [
          [0, 10],
          [0, 200],
        ],
        [
          [190, 200],
          [0, 200],
        ],
        [
          [10, 190],
          [0, 10],
        ],
        [
          [10, 190],
          [190, 200],
        ],
      ] as const;
      const tasks = wave?.tasks.map((task) => ({ ...task, boundary })) ?? [];
      // With an empty exchange the boundary is swept behind it, without one together with the interior.
      for (const exchange of [null, { sends: [], recvs: [], locals: [] }]) {
        const id = engine.loadPlan(JSON.stringify({ ...plan, waves: [{ ...wave, exchange, tasks }] }));
        const y = m.createField(engine, shape);
        m.run(engine, id, [y], [3]);
        await engine.sync();
        expect(engine.readBlock(y)).toEqual(new Float64Array(200 * 200).fill(3));
      }
    });
  });

  it('keeps temporaries of Plans apart within a run', async () => {
    await m.withEngine({}, async (engine) => {
      // t1 = x + 1; t2 = x + 2; y = t1 * t2
      const add = m.kernel(1, 2, m.binary('add', m.load(1, [0]), m.param(0)));
      const add2 = m.kernel(1, 2, m.binary('add', m.load(1, [0]), m.param(1)));
      const multiply = m.kernel(1, 3, m.binary('mul', m.load(1, [0]), m.load(2, [0])));
      const kernels = [add, add2, multiply].map((made, k) => {
        m.provide(engine, made);
        return {
          key: made.key,
          symbol: made.symbol,
          dims: 1,
          streams: [],
          slots: [
            [2, 1],
            [3, 1],
            [0, 2, 3],
          ][k],
        };
      });
      const task = (number: number): object => ({
        kernel: number,
        interior: [[[0, 50]]],
        boundary: [],
        bias: [0],
        ...m.RUN,
      });
      const plan = engine.loadPlan(
        JSON.stringify({
          ...m.planOf(add, [50], [[0, 50]], { params: 2 }),
          slots: [m.slot([50]), m.slot([50]), m.slot([50], {}, true), m.slot([50], {}, true)],
          kernels,
          waves: [
            { exchange: null, tasks: [task(0), task(1)], writes: [2, 3] },
            { exchange: null, tasks: [task(2)], writes: [0] },
          ],
        }),
      );
      const [x, y] = [m.createField(engine, [50]), m.createField(engine, [50])];
      const values = m.noise(50);
      engine.writeBlock(x, values);
      for (let again = 0; again < 3; again++) m.run(engine, plan, [y, x], [1, 2]);
      await engine.sync();
      expect(engine.readBlock(y)).toEqual(values.map((value) => (value + 1) * (value + 2)));
    });
  });

  it.each([true, false])('gives exp the same bits wherever in a tile a point lies (fused maths: %s)', async (fused) => {
    await m.withEngine({ fusedMaths: fused }, async (engine) => {
      const made = m.kernel(1, 2, { op: 'unary', fn: 'exp', a: m.load(1, [0]), dtype: 'f64' });
      m.provide(engine, made);
      const values = m.noise(1000);
      const [x, y, z] = [m.createField(engine, [1000]), m.createField(engine, [1000]), m.createField(engine, [1000])];
      engine.writeBlock(x, values);
      const whole = engine.loadPlan(JSON.stringify(m.planOf(made, [1000], [[0, 1000]])));
      m.run(engine, whole, [y, x]);
      for (let at = 0; at < 1000; at += 3) {
        const piece = engine.loadPlan(JSON.stringify(m.planOf(made, [1000], [[at, Math.min(at + 3, 1000)]])));
        m.run(engine, piece, [z, x]);
      }
      await engine.sync();
      expect(engine.readBlock(z)).toEqual(engine.readBlock(y));
      expect(engine.maths('q_exp_f64', values)).toEqual(engine.readBlock(y));
      // V8 has an exp of its own, hence not toEqual.
      expect(Math.abs((m.readFloats(engine, y)[7] ?? 0) - Math.exp(values[7] ?? 0))).toBeLessThan(1e-15);
    });
  });

  it('counts what it did', async () => {
    await m.withEngine({}, async (engine) => {
      const made = m.jacobi2d();
      m.provide(engine, made);
      const plan = engine.loadPlan(JSON.stringify(m.planOf(made, [66, 66], m.inside([66, 66]), { params: 1 })));
      const [x, y] = [m.createField(engine, [66, 66]), m.createField(engine, [66, 66])];
      for (let step = 0; step < 10; step++) m.run(engine, plan, [y, x], [0.25]);
      await engine.sync();
      expect(engine.queued()).toBe(0);
      const stats = engine.stats();
      expect(stats).toMatchObject({ units: 10, bytesSwept: 10 * 64 * 64 * 16, kernelsCompiled: 1, kernelsFromDisk: 0 });
      expect(stats.computeSeconds).toBeGreaterThan(0);
      expect(stats.compileSeconds).toBeGreaterThan(0);
    });
  });
});
