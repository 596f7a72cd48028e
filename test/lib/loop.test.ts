/** grid.loop: one recorded step, taken many times in the engine, is what a plain loop over the same body gives. */
import { copy, type Field, Grid, type GridOptions, max, norm, np, QuadrilleError, release, swap } from 'quadrille';
import { describe, expect, it } from 'vitest';
import { noise } from '../cases/case.js';
import { firstDifference } from '../reference/compare.js';
import { Replay } from '../reference/replay.js';

new Grid([2], { threads: 4 }).field(); // the engine starts with as many threads as any test asks for

/** Runs `body` in a plain loop and in grid.loop, on fields of equal contents; both must be the interpreter's. */
async function compare(
  names: readonly string[],
  body: (fields: Field[], other: Field) => void,
  steps: number,
): Promise<void> {
  const replay = new Replay();
  try {
    const grid = new Grid([13, 17]);
    const other = new Grid([13, 17], { odf: 3 }).field();
    const make = (): Field[] => names.map((name, k) => grid.field(name, { init: noise(k) }));
    const [looped, plain] = [make(), make()];
    const result = await grid.loop(() => body(looped, other), { steps });
    expect(result).toEqual({ steps });
    for (let step = 0; step < steps; step++) body(plain, other);
    for (const [k, field] of looped.entries()) {
      const data = await field.toArray();
      expect(data).toEqual(await plain[k]?.toArray());
      expect(
        firstDifference({ ...field, dtype: 'f64', shape: field.shape, data }, replay.array(field.storage.id)),
      ).toBe(null);
    }
  } finally {
    replay.stop();
  }
}

const jacobi = (x: Field, y: Field): void => {
  np`${y}[1:-1, 1:-1] = 0.25 * (${x}[:-2, 1:-1] + ${x}[2:, 1:-1] + ${x}[1:-1, :-2] + ${x}[1:-1, 2:])`;
};

describe('grid.loop', () => {
  it('tiles one dimension in time on several threads, with the bits of the plain loop', async () => {
    const run = async (options: GridOptions, n: number): Promise<unknown> => {
      const grid = new Grid([n], options);
      const [x, y] = [grid.field({ init: noise(1) }), grid.field({ init: noise(2) })];
      await grid.loop(
        () => {
          np`${y}[1:-1] = 0.25 * (${x}[:-2] + ${x}[2:]) + 0.5 * ${x}[1:-1]
          ${y}[0] = 0.5 * ${y}[1]
          ${x}[3:-2] = 0.125 * ${y}[1:-4] - ${x}[3:-2]`;
          swap(x, y);
        },
        { steps: 37 },
      );
      const arrays = [await x.toArray(), await y.toArray()];
      grid.dispose();
      return arrays;
    };
    for (const n of [700, 20_011]) {
      const plain = await run({ timeTile: 1, threads: 1 }, n);
      for (const [threads, timeTile, odf] of [
        [4, 16, 1],
        [3, 20, 5],
        [2, 2, 1],
        [4, 1, 1],
      ] as const)
        expect(await run({ threads, timeTile, odf }, n)).toEqual(plain);
    }
  });

  it.each([0, 1, 2, 7, 100])('takes %i steps of two fields that change places', async (steps) => {
    await compare(
      ['x', 'y'],
      ([x, y]) => {
        if (!x || !y) throw new Error('two fields');
        jacobi(x, y);
        np`${y}[0] = ${y}[1]`;
        swap(x, y);
      },
      steps,
    );
  });

  it.each([1, 5, 6])('takes %i steps of three time levels', async (steps) => {
    await compare(
      ['u', 'v', 'w'],
      ([u, v, w]) => {
        if (!u || !v || !w) throw new Error('three fields');
        np`${w}[1:-1] = 2 * ${v}[1:-1] - ${u}[1:-1] + 0.1 * (${v}[2:] - ${v}[:-2])
        ${u}, ${v}, ${w} = ${v}, ${w}, ${u}`;
      },
      steps,
    );
  });

  it.each([1, 4, 7])('takes %i steps where a field waits for its turn', async (steps) => {
    await compare(
      ['x', 'y', 'z'],
      ([x, y, z]) => {
        if (!x || !y || !z) throw new Error('three fields');
        np`${y} = ${x} * 0.5 + 1`;
        swap(x, y);
        swap(y, z);
      },
      steps,
    );
  });

  it('takes steps without any swap, and statements on two grids', async () => {
    await compare(
      ['x', 'y'],
      ([x, y]) => {
        if (x && y) x.set(x.add(y.mul(0.5)));
      },
      5,
    );
    await compare(
      ['x', 'y'],
      ([x, y], a) => {
        if (!x || !y) throw new Error('two fields');
        np`${x} = ${x} * 0.5`;
        np`${a} = ${a} + 1`;
        np`${y} = ${y} - ${x}`;
        swap(x, y);
      },
      5,
    );
  });

  it('keeps memory that temporaries gave back while a body on two grids goes over step by step', async () => {
    const x = new Grid([13, 17]).field('x', { init: 1 });
    const grid = new Grid([13, 17], { odf: 3 });
    const other = grid.field('other');
    const body = (): void => {
      const more = copy(x.add(1)); // lives on into another Program: it has memory
      other.set(other.add(more));
      x.set(more);
      release(more);
    };
    await grid.loop(body, { steps: 100 });
    expect([await x.get(12, 16), await other.get(12, 16)]).toEqual([101, 5150]);
  });

  it('calls its body once, and counts its steps', async () => {
    const grid = new Grid([8, 8]);
    const x = grid.field('x');
    let calls = 0;
    await grid.sync();
    const before = grid.stats().units;
    await grid.loop(
      () => {
        calls++;
        np`${x} = ${x} + 1`;
      },
      { steps: 1000 },
    );
    expect(calls).toBe(1);
    expect(grid.stats().units - before).toBe(1000);
    expect(await x.get(0, 0)).toBe(1000);
  });

  it('lets fields be used at once for what comes after it', async () => {
    const grid = new Grid([8, 8]);
    const [x, y] = [grid.field({ init: 1 }), grid.field({ init: 2 })];
    const looped = grid.loop(
      () => {
        np`${y} = ${x} + 1`;
        swap(x, y);
      },
      { steps: 3 },
    );
    np`${y} = ${x} * 10`;
    await looped;
    expect([await x.get(0, 0), await y.get(0, 0)]).toEqual([4, 40]);
  });
});

describe('grid.loop refuses', () => {
  const grid = new Grid([6, 6]);
  const { x, y } = grid.fields('x', 'y');
  const code = async (body: () => void, options: object = { steps: 2 }): Promise<string> => {
    try {
      await grid.loop(body, { steps: 2, ...options });
      return 'nothing';
    } catch (error) {
      return error instanceof QuadrilleError ? error.code : String(error);
    }
  };

  it('what is no body and no number of steps', async () => {
    expect(await code(() => {}, { steps: -1 })).toBe('BAD_OPTION');
    expect(await code(() => {}, { steps: 2, step: 3 })).toBe('BAD_OPTION');
    expect(await code(async () => {})).toBe('BAD_OPTION');
    const inner: Promise<string>[] = [];
    await grid.loop(() => void inner.push(code(() => {})), { steps: 1 });
    expect(await Promise.all(inner)).toEqual(['BAD_OPTION']);
  });

  it('views made before of fields that are swapped, and expressions of fields that are written', async () => {
    const [view, sum] = [x.at('1:'), x.add(1)];
    const held = x.storage;
    expect(
      await code(() => {
        y.at('1:').set(view);
        swap(x, y);
      }),
    ).toBe('STALE_EXPRESSION');
    expect(x.storage).toBe(held);
    expect(await code(() => y.set(sum))).toBe('nothing');
    expect(await code(() => y.at('1:').set(view))).toBe('nothing');
    expect(await code(() => x.set(sum))).toBe('STALE_EXPRESSION');
  });
});

describe('grid.loop with until', () => {
  /** Relaxation that settles: each step halves what is left. */
  const halving = (grid: Grid): { x: Field; y: Field; body: () => void } => {
    const [x, y] = [grid.field({ init: 1024 }), grid.field({ init: 5 })];
    return {
      x,
      y,
      body: () => {
        np`${y}[:] = ${x} * 0.5`;
        swap(x, y);
      },
    };
  };

  it.each([
    [1, 'auto', 6],
    [4, 3, 8],
    [5, 7, 10],
  ] as const)('ends at the first look at which it holds, every %i steps', async (every, timeTile, expected) => {
    const replay = new Replay();
    const grid = new Grid([13, 17], { timeTile });
    const { x, y, body } = halving(grid);
    const result = await grid.loop(body, { until: () => max(x).lt(20), every, maxSteps: 1000 });
    expect(result).toEqual({ steps: expected, value: 1024 / 2 ** expected, converged: true });
    expect([await x.get(3, 4), await y.get(3, 4)]).toEqual([1024 / 2 ** expected, 2048 / 2 ** expected]);
    expect(replay.array(x.storage.id).data[0]).toBe(1024 / 2 ** expected);
    replay.stop();
  });

  it('takes a body that makes arrays of fewer dimensions, whatever the options of its grid', async () => {
    const grid = new Grid([9, 9], { odf: 8, threads: 2, timeTile: 7 });
    const x = grid.field('x', { init: (i) => i });
    const body = (): void => {
      const row = copy(x.at(8));
      x.set(row.mul(2));
    };
    expect(await grid.loop(body, { until: () => max(x).gt(50), maxSteps: 9 })).toMatchObject({ steps: 3, value: 64 });
  });

  it('looks at every arrangement where the body only makes fields change places', async () => {
    const grid = new Grid([6, 6]);
    const fields = [1, 2, 3].map((init) => grid.field({ init }));
    const [x, y, z] = fields;
    if (!x || !y || !z) throw new Error('three fields');
    const around = (): void => {
      swap(x, y); // 2 1 3
      swap(y, z); // 2 3 1
    };
    const held = () => Promise.all(fields.map((field) => field.get(0, 0)));
    const until = (value: number) => () => max(x).eq(value);
    expect(await grid.loop(around, { until: until(3), maxSteps: 9 })).toEqual({ steps: 2, value: 3, converged: true });
    expect(await held()).toEqual([3, 1, 2]);
    expect(await grid.loop(around, { until: until(3), every: 2, maxSteps: 9 })).toMatchObject({ steps: 6 });
    expect(await held()).toEqual([3, 1, 2]);
    expect(await grid.loop(around, { until: until(7), every: 2, maxSteps: 10 })).toEqual({
      steps: 10,
      value: 1,
      converged: false,
    });
    expect(await held()).toEqual([1, 2, 3]);
  });

  it('gives the nearest number of an integer beyond 2^53', async () => {
    const grid = new Grid([3], { dtype: 'i64' });
    const x = grid.field('x', { init: 2 ** 52 });
    const until = () => max(x).gt(2 ** 53 - 1);
    const result = await grid.loop(() => void x.set(x.mul(3)), { until, maxSteps: 9 });
    expect(result).toEqual({ steps: 1, value: 3 * 2 ** 52, converged: true });
  });

  it('looks once where the body has nothing to do', async () => {
    const grid = new Grid([6, 6]);
    const x = grid.field('x', { init: 3 });
    const nothing = (): void => void x.at('6:').set(1);
    const loop = (limit: number, every: number) =>
      grid.loop(nothing, { until: () => max(x).lt(limit), every, maxSteps: 10 });
    expect(await loop(4, 2)).toEqual({ steps: 2, value: 3, converged: true });
    expect(await loop(2, 2)).toEqual({ steps: 10, value: 3, converged: false });
  });

  it('ends at maxSteps, and says so', async () => {
    const grid = new Grid([13, 17]);
    const { x, y, body } = halving(grid);
    const until = () => norm(y.sub(x), Number.POSITIVE_INFINITY).lt(1e-300);
    expect(await grid.loop(body, { until, every: 4, maxSteps: 7 })).toEqual({ steps: 7, value: 8, converged: false });
    expect(await x.get(0, 0)).toBe(8);
    expect(await grid.loop(body, { until, maxSteps: 1 })).toEqual({ steps: 1, value: 4, converged: false });
  });

  it('refuses what cannot end, and statements meanwhile', async () => {
    const grid = new Grid([13, 17]);
    const { x, y, body } = halving(grid);
    const code = async (options: object): Promise<string> => {
      try {
        await grid.loop(body, { maxSteps: 3, until: () => max(x).lt(1), ...options });
        return 'nothing';
      } catch (error) {
        return error instanceof QuadrilleError ? error.code : String(error);
      }
    };
    expect(await code({ maxSteps: undefined })).toBe('BAD_OPTION');
    expect(await code({ until: () => true })).toBe('BAD_OPTION');
    expect(await code({ every: 0 })).toBe('BAD_OPTION');
    expect([await x.get(0, 0), await y.get(0, 0)]).toEqual([1024, 5]);
    const looped = grid.loop(body, { until: () => max(x).lt(1), maxSteps: 3 });
    expect(() => y.set(1)).toThrow(QuadrilleError);
    expect(await looped).toMatchObject({ steps: 3 });
    y.set(1);
    expect([await x.get(0, 0), await y.get(0, 0)]).toEqual([128, 1]);
  });
});
