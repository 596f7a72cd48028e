import { describe, expect, it } from 'vitest';
import * as m from './machine.js';

describe('a field', () => {
  it('is zeros when new, and its value after fill', async () => {
    await m.withEngine({ threads: 2 }, async (engine) => {
      const [x, y] = [m.createField(engine, [7, 300]), m.createField(engine, [7, 300], 'f32')];
      await engine.sync();
      expect(engine.readBlock(x)).toEqual(new Float64Array(2100));
      engine.fillField(y, 0.1);
      await engine.sync();
      expect(engine.readBlock(y)).toEqual(new Float32Array(2100).fill(0.1));
    });
  });

  it.each([[[1000]], [[33, 65]], [[5, 6, 7]], [[3, 4, 5, 6]], [[700, 1024]], [[4, 512, 512]]])(
    'of shape %j comes back as it was written',
    async (shape) => {
      await m.withEngine({ threads: 3 }, async (engine) => {
        const values = m.noise(shape.reduce((a, b) => a * b));
        const field = m.createField(engine, shape);
        engine.writeBlock(field, values);
        await engine.sync();
        // Bytes: comparing element by element takes seconds for the large ones.
        expect(m.bytesOf(m.readFloats(engine, field)).equals(m.bytesOf(values))).toBe(true);
      });
    },
  );

  it('keeps its contents when a Plan makes its halo grow', async () => {
    await m.withEngine({ threads: 2 }, async (engine) => {
      const shape = [90, 130] as const;
      const values = m.noise(90 * 130);
      const made = m.kernel(2, 2, m.load(1, [0, 0]));
      m.provide(engine, made);
      const box = shape.map((n) => [0, n] as const);
      const [x, y] = [m.createField(engine, shape), m.createField(engine, shape)];
      engine.writeBlock(x, values);
      const plans = [0, 1, 5].map((halo) => engine.loadPlan(JSON.stringify(m.planOf(made, shape, box, { halo }))));
      for (const plan of [...plans, ...plans]) {
        engine.fillField(y, 0);
        m.run(engine, plan, [y, x]);
        await engine.sync();
        expect(engine.readBlock(y)).toEqual(values);
        expect(engine.readBlock(x)).toEqual(values);
      }
    });
  });

  it('that leaves no room for a second one is not moved for the sake of alignment', async () => {
    await m.withEngine({ localRanks: 24 }, async (engine) => {
      const made = m.kernel(1, 1, m.param(0));
      m.provide(engine, made);
      const n = Math.floor((engine.memoryAvailable() * 0.6) / 8);
      const x = m.createField(engine, [n]);
      engine.fillField(x, 3);
      m.run(engine, engine.loadPlan(JSON.stringify(m.planOf(made, [n], [[0, 10]], { params: 1 }))), [x], [5]);
      await engine.sync();
      expect([...engine.readBlock(x).subarray(9, 11)]).toEqual([5, 3]);
      // A deeper halo, on the other hand, must be had.
      m.run(engine, engine.loadPlan(JSON.stringify(m.planOf(made, [n], [[0, 10]], { params: 1, halo: 1 }))), [x], [5]);
      await expect(engine.sync()).rejects.toMatchObject({ code: 'OUT_OF_MEMORY', label: 'test.ts:1' });
    });
  });

  it('over a typed array reads and writes that array', async () => {
    await m.withEngine({}, async (engine) => {
      const made = m.kernel(2, 2, m.binary('mul', m.load(1, [0, 0]), m.param(0)));
      m.provide(engine, made);
      const plan = engine.loadPlan(
        JSON.stringify(
          m.planOf(
            made,
            [8, 9],
            [
              [0, 8],
              [0, 9],
            ],
            { params: 1 },
          ),
        ),
      );
      const [from, to] = [m.noise(72), new Float64Array(72)];
      const [x, y] = [engine.createHostField(from, [8, 9]), engine.createHostField(to, [8, 9])];
      m.run(engine, plan, [y, x], [2]);
      await engine.sync();
      expect(to).toEqual(from.map((value) => value * 2));
      engine.disposeField(x);
      engine.disposeField(y);
      await engine.sync();
    });
  });

  it('of absurd size is refused with what was asked and what there is, and costs nothing', async () => {
    await m.withEngine({}, async (engine) => {
      const before = engine.memoryAvailable();
      for (const n of [1e6, 1e9, 2 ** 40]) {
        expect(() => m.createField(engine, [n, n])).toThrow(
          expect.objectContaining({ code: 'OUT_OF_MEMORY', asked: expect.any(Number), available: expect.any(Number) }),
        );
      }
      expect(engine.memoryAvailable()).toBeGreaterThan(before - 2 ** 28);
    });
  });

  it('is promised its memory at once: many that fit alone do not fit together', async () => {
    await m.withEngine({}, async (engine) => {
      const quarter = Math.floor(engine.memoryAvailable() / 4 / 8);
      const made: number[] = [];
      const createAll = (): void => {
        for (let i = 0; i < 5; i++) made.push(m.createField(engine, [quarter]));
      };
      // Never touched: no memory is taken.
      expect(createAll).toThrow(expect.objectContaining({ code: 'OUT_OF_MEMORY' }));
      expect(made.length).toBeGreaterThanOrEqual(3);
      for (const id of made) engine.disposeField(id);
      await engine.sync();
      expect(m.createField(engine, [quarter])).toBeGreaterThan(0);
    });
  });

  it('that is disposed of makes room at once, even behind queued work', async () => {
    await m.withEngine({}, async (engine) => {
      const busy = m.createField(engine, [1 << 22]);
      const most = Math.floor((engine.memoryAvailable() * 0.6) / 8);
      const first = m.createField(engine, [most]);
      for (let i = 0; i < 20; i++) engine.fillField(busy, i);
      expect(() => m.createField(engine, [most])).toThrow(expect.objectContaining({ code: 'OUT_OF_MEMORY' }));
      for (let i = 0; i < 20; i++) engine.fillField(busy, i);
      engine.disposeField(first);
      m.createField(engine, [most]);
      await engine.sync();
    });
  });

  it('takes the temporaries of the Plans it ran in along', async () => {
    await m.withEngine({}, async (engine) => {
      const made = m.kernel(1, 3, m.binary('add', m.load(1, [0]), m.load(2, [0])));
      m.provide(engine, made);
      const once = async (n: number): Promise<void> => {
        const plan = m.planOf(made, [n], [[0, n]], { temporaries: 1 }); // never dropped, as lib/ never does
        const [x, y] = [m.createField(engine, [n]), m.createField(engine, [n])];
        m.run(engine, engine.loadPlan(JSON.stringify(plan)), [y, x]);
        engine.disposeField(x);
        engine.disposeField(y);
        await engine.sync();
      };
      await once(2 << 20);
      const before = process.memoryUsage().rss;
      for (let i = 1; i <= 20; i++) await once((2 << 20) + i); // 16 MiB each, of 20 sizes
      expect(process.memoryUsage().rss - before).toBeLessThan(64 << 20);
    });
  });

  it('shares the memory of a node with the other ranks there', async () => {
    const alone = await m.withEngine({}, async (engine) => engine.memoryAvailable());
    const oneOfFour = await m.withEngine({ localRanks: 4 }, async (engine) => engine.memoryAvailable());
    expect(oneOfFour).toBeLessThan(alone / 3);
    expect(oneOfFour).toBeGreaterThan(alone / 5);
  });

  it('is gone after dispose', async () => {
    await m.withEngine({}, async (engine) => {
      const field = m.createField(engine, [10]);
      engine.disposeField(field);
      expect(() => engine.disposeField(field)).toThrow(expect.objectContaining({ code: 'ENGINE_USAGE' }));
      expect(() => engine.fillField(field, 1)).toThrow(/no field/);
      await engine.sync();
    });
  });

  it('gives its memory back: a hundred large ones, one after the other', async () => {
    await m.withEngine({}, async (engine) => {
      const once = async (): Promise<void> => {
        const field = m.createField(engine, [4 << 20]); // 32 MiB
        engine.fillField(field, 1);
        engine.disposeField(field);
        await engine.sync();
      };
      await once();
      const before = process.memoryUsage().rss;
      for (let i = 0; i < 100; i++) await once();
      expect(process.memoryUsage().rss - before).toBeLessThan(64 << 20);
    });
  });

  it('cannot be read while work is queued', async () => {
    await m.withEngine({}, async (engine) => {
      const field = m.createField(engine, [1 << 20]);
      for (let i = 0; i < 50; i++) engine.fillField(field, i);
      expect(() => engine.readBlock(field)).toThrow(/sync\(\) first/);
      await engine.sync();
      expect(engine.readBlock(field)[5]).toBe(49);
    });
  });
});
