import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import * as m from './machine.js';

/** Runs JavaScript in a process of its own, with the addon as `engine`, started. */
function inProcess(body: string): { status: number | null; stdout: string; stderr: string } {
  const script = `
    const engine = require(${JSON.stringify(m.addonFile)});
    engine.start({ threads: 2, cacheDir: null });
    const field = engine.createField({ dtype: 'f64', shape: [1 << 22], offset: [0], extent: [1 << 22] });
    const work = () => { for (let i = 0; i < 20; i++) engine.fillField(field, i); };
    const bad = () => {
      engine.compile('bad', 'bad', new Uint8Array(4), false);
      const slot = { dtype: 'f64', temp: false, shape: [1 << 22], offset: [0], extent: [1 << 22], haloLo: [0], haloHi: [0], alignAt: 0 };
      engine.submit(Int32Array.of(engine.loadPlan(JSON.stringify({
        version: 1, key: '00', label: 'solver.ts:3', params: 0, bound: 1, slots: [slot], threads: 1, odf: 1,
        kernels: [{ key: 'bad', symbol: 'bad', dims: 1, slots: [0], streams: [] }],
        waves: [{ exchange: null, writes: [0], tasks: [{ kernel: 0, interior: [[[0, 1]]], boundary: [], bias: [0], firstParam: 0, constants: [] }] }],
      })), field), new Float64Array(0));
    };
    ${body}`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', timeout: 60_000 });
  return { status, stdout, stderr };
}

describe('the queue', () => {
  it('keeps the process alive while a sync is pending, and not longer', () => {
    expect(inProcess(`work(); engine.sync().then(() => console.log('synced'));`)).toMatchObject({
      status: 0,
      stdout: 'synced\n',
    });
  });

  it('does not keep the process alive without one', () => {
    expect(inProcess('work();')).toMatchObject({ status: 0, stderr: '' });
    expect(inProcess('work(); process.exit(3);')).toMatchObject({ status: 3, stderr: '' });
  });

  it('is run to its end by shutdown', () => {
    const body = `
      const data = new Float64Array(1 << 22), host = engine.createHostField(data, [1 << 22]);
      work(); engine.fillField(host, 9);
      process.on('exit', () => { engine.shutdown(); console.log(data[12345]); });`;
    expect(inProcess(body)).toMatchObject({ status: 0, stdout: '9\n', stderr: '' });
  });

  it('tells an error that no sync has reported at shutdown', () => {
    const body = `
      bad();
      process.on('exit', () => { try { engine.shutdown(); } catch (error) { console.log(error.code, error.label); } });`;
    expect(inProcess(body)).toMatchObject({ status: 0, stdout: 'COMPILE_FAILED solver.ts:3\n' });
  });

  it('reports an error at the next sync, once, to barriers as well', () => {
    const body = `
      bad();
      engine.barrier('solver.ts:9').catch((error) => console.log(error.code)).then(() => engine.sync())
        .then(() => { engine.shutdown(); console.log('then nothing'); });`;
    expect(inProcess(body)).toMatchObject({ status: 0, stdout: 'COMPILE_FAILED\nthen nothing\n' });
  });

  it('checks ids and counts where submit is called', async () => {
    await m.withEngine({}, async (engine) => {
      const made = m.kernel(1, 2, m.binary('add', m.load(1, [0]), m.param(0)));
      m.provide(engine, made);
      const plan = engine.loadPlan(JSON.stringify(m.planOf(made, [10], [[0, 10]], { params: 1 })));
      const [x, y] = [m.createField(engine, [10]), m.createField(engine, [10])];
      const small = m.createField(engine, [9]);
      const usage = expect.objectContaining({ code: 'ENGINE_USAGE' });
      expect(() => m.run(engine, plan, [y, 99], [1])).toThrow(usage);
      expect(() => m.run(engine, 99, [y, x], [1])).toThrow(usage);
      expect(() => m.run(engine, plan, [y], [1])).toThrow(usage);
      expect(() => m.run(engine, plan, [y, x], [1, 2])).toThrow(usage);
      // What only the executor can see comes with the sync.
      m.run(engine, plan, [y, small], [1]);
      await expect(engine.sync()).rejects.toMatchObject({ code: 'ENGINE_USAGE', label: 'test.ts:1' });
      m.run(engine, plan, [x, x], [1]);
      await expect(engine.sync()).rejects.toThrow(/two slots/);
    });
  });

  it('refuses Plans that are none, naming the place', async () => {
    await m.withEngine({}, async (engine) => {
      const made = m.kernel(1, 1, m.param(0));
      const plan = m.planOf(made, [10], [[0, 10]], { params: 1 });
      const load = (changed: object) => () => engine.loadPlan(JSON.stringify({ ...plan, ...changed }));
      const bad = expect.objectContaining({ code: 'ENGINE_BAD_PLAN' });
      expect(() => engine.loadPlan('{')).toThrow(bad);
      expect(load({ bound: 2 })).toThrow(/plan\.bound/);
      expect(load({ waves: [{ exchange: null, writes: [1], tasks: [] }] })).toThrow(/plan\.waves\[0\]\.writes\[0\]/);
      const task = {
        kernel: 0,
        interior: [
          [
            [0, 10],
            [0, 10],
          ],
        ],
        boundary: [],
        bias: [0],
        ...m.RUN,
      };
      expect(load({ waves: [{ exchange: null, writes: [], tasks: [task] }] })).toThrow(/tasks\[0\]\.interior\[0\]/);
      expect(load({})).not.toThrow();
      // What moves with an integer of the run stands still in a chain.
      const [wave] = plan.waves;
      if (!wave) throw new Error('a wave was expected');
      const stage = { wave: 0, task: 0, lag: [0], stride: [1], box: null, inner: null };
      const shape = { steps: 1, height: 8, width: 8, rows: 1, alignAt: 0, grain: [1], exchange: null };
      const joined = (moves: object[]): object => ({
        ints: [0],
        waves: [{ ...wave, tasks: wave.tasks.map((one) => ({ ...one, ...(moves.length > 0 && { moves }) })) }],
        joins: [{ first: 0, waves: 1, chain: { ...shape, stages: [stage] } }],
      });
      expect(load(joined([]))).not.toThrow();
      expect(load(joined([{ what: 'box', index: 0, int: 0, by: 1 }]))).toThrow(
        /stages\[0\]\.task.*neither reduces nor moves/,
      );
      // Parts are looked at where the exchange is made; the Plan then stays refused.
      const beyond = { slot: 0, origin: [9], axes: [{ dim: 0, step: 1, count: 2 }], halo: -1 };
      const exchange = { sends: [], recvs: [], locals: [{ from: beyond, to: beyond }] };
      const id = engine.loadPlan(JSON.stringify({ ...plan, waves: [{ exchange, writes: [], tasks: [] }] }));
      await expect(engine.sync()).rejects.toThrow(/slot 0 leaves the block and its halo along dimension 0/);
      m.run(engine, id, [m.createField(engine, [10])], [1]);
      await expect(engine.sync()).rejects.toMatchObject({ code: 'ENGINE_USAGE' });
    });
  });

  it('leaves what is asked for soon to who asks', async () => {
    await m.withEngine({}, async (engine) => {
      const made = m.kernel(1, 1, m.binary('add', m.load(0, [0]), m.param(0)));
      m.provide(engine, made);
      const plan = engine.loadPlan(JSON.stringify(m.planOf(made, [8], [[0, 8]], { params: 1 })));
      const x = m.createField(engine, [8]);
      m.run(engine, plan, [x], [1]);
      await engine.sync(); // compiled
      const soon = (): void => engine.submit(Int32Array.of(plan, x), Float64Array.of(1), 2, 1, true);
      const pause = (): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      for (const value of [2, 3, 4]) {
        pause(); // an executor that is still awake takes it at once
        soon();
        pause();
        expect(engine.queued()).toBe(1);
        expect(engine.valueSoon(x)).toBe(value);
        expect(engine.queued()).toBe(0);
      }
      soon();
      await engine.sync();
      expect(engine.readBlock(x)[7]).toBe(5);
    });
  });

  it('tells an error of what the asking thread ran at the next sync', async () => {
    await m.withEngine({}, async (engine) => {
      const made = m.kernel(1, 2, m.binary('add', m.load(1, [0]), m.param(0)));
      m.provide(engine, made);
      const plan = engine.loadPlan(JSON.stringify(m.planOf(made, [10], [[0, 10]], { params: 1 })));
      const [x, y, small] = [m.createField(engine, [10]), m.createField(engine, [10]), m.createField(engine, [9])];
      m.run(engine, plan, [y, x], [1]);
      await engine.sync();
      engine.submit(Int32Array.of(plan, y, small), Float64Array.of(1), 3, 1, true);
      expect(engine.valueSoon(y)).toBeUndefined();
      await expect(engine.sync()).rejects.toMatchObject({ code: 'ENGINE_USAGE', label: 'test.ts:1' });
      expect(engine.valueSoon(y)).toBe(1);
    });
  });

  it('runs ten thousand small units in order', async () => {
    await m.withEngine({ threads: 2 }, async (engine) => {
      const made = m.kernel(1, 2, m.binary('add', m.binary('mul', m.load(1, [0]), m.param(0)), m.param(1)));
      m.provide(engine, made);
      const plan = engine.loadPlan(JSON.stringify(m.planOf(made, [8], [[0, 8]], { params: 2 })));
      const [x, y] = [m.createField(engine, [8]), m.createField(engine, [8])];
      const count = 10_000;
      const units = Int32Array.from(
        { length: 3 * count },
        (_, i) => [plan, ...(i % 6 < 3 ? [y, x] : [x, y])][i % 3] ?? 0,
      );
      const params = Float64Array.from({ length: 2 * count }, (_, i) => (i % 2 ? Math.floor(i / 2) : 0.5));
      engine.submit(units, params);
      let expected = 0;
      for (let i = 0; i < count; i++) expected = expected * 0.5 + i;
      await engine.sync();
      expect(engine.readBlock(x)[3]).toBe(expected);
    });
  });
});
