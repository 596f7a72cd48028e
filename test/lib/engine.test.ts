/** Recording down to native code and back, in one process: what goes in as NumPy text comes out as numbers. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Grid, np, Stencil, swap } from 'quadrille';
import { describe, expect, it } from 'vitest';
import { cacheDirectory } from '../../lib/backend.js';
import { runScript } from '../errors/thrown.js';
import { scratchFolder } from '../scratch.js';

const folder = scratchFolder('lib');

describe('solve', () => {
  it('draws the steps that have run, and nothing unless asked', () => {
    const source = (options: string) => `
      import { Stencil, np } from 'QUADRILLE';
      class Heat extends Stencil {
        constructor() { super([64, 64], { batch: 16 }); [this.x, this.y] = this.fields(2); }
        iterate() {
          np\`\${this.y}[1:-1] = 0.5 * (\${this.x}[2:] + \${this.x}[:-2])\`;
          [this.x, this.y] = [this.y, this.x];
          return true;
        }
      }
      await new Heat().solve(200, ${options});`;
    const drawn = runScript(source('{ progress: true }'), { NODE_OPTIONS: '' });
    expect(drawn.status, drawn.stderr).toBe(0);
    expect(drawn.stderr).toMatch(/\[#{24}\] 100% {2}200\/200 steps .* steps\/s .* GB\/s\n$/);
    expect(runScript(source('{}'), {}).stderr).toBe('');
  });
});

describe('a field', () => {
  it('begins with a number, a function, a TypedArray or nested arrays', async () => {
    const grid = new Grid([2, 3]);
    const all = [
      grid.field({ init: 7 }),
      grid.field({ init: (i = 0, j = 0) => 10 * i + j }),
      grid.field({ init: Int8Array.of(1, 2, 3, 4, 5, 6), dtype: 'f32' }),
      grid.field({
        init: [
          [1, 2, 3],
          [4, 5, 6.5],
        ],
      }),
      grid.field({ init: -0 }),
    ];
    expect(await Promise.all(all.map((field) => field.toArray()))).toEqual([
      new Float64Array(6).fill(7),
      Float64Array.of(0, 1, 2, 10, 11, 12),
      Float32Array.of(1, 2, 3, 4, 5, 6),
      Float64Array.of(1, 2, 3, 4, 5, 6.5),
      new Float64Array(6).fill(-0),
    ]);
  });

  it('gives one element, the local block, and whole arrays', async () => {
    const grid = new Grid([3, 4]);
    const u = grid.field({ init: (i = 0, j = 0) => 10 * i + j });
    expect(await u.get(-1, 2)).toBe(22);
    await grid.sync();
    expect(u.local).toEqual({ offset: [0, 0], shape: [3, 4], data: await u.toArray({ root: 0 }) });
    // Reading one element leaves something to be given back, which nobody waits for.
    await grid.sync();
    const first = await u.get(0, 0);
    expect(u.local.data[0]).toBe(first);
  });

  it('comes back from a file', async () => {
    const grid = new Grid([5, 6]);
    const u = grid.field({ init: (i = 0, j = 0) => Math.sin(i + 7 * j) });
    const v = grid.field();
    await u.save(join(folder, 'u.npy'));
    await v.load(join(folder, 'u.npy'));
    expect(await v.toArray()).toEqual(await u.toArray());
  });

  it('comes back from a file that was written in pieces', async () => {
    const grid = new Grid([700, 800]); // 4.5 MB
    const u = grid.field({ init: (i = 0, j = 0) => Math.sin(i + 7 * j) });
    const v = grid.field();
    await u.save(join(folder, 'pieces.npy'));
    await v.load(join(folder, 'pieces.npy'));
    expect(await v.toArray()).toEqual(await u.toArray());
  });

  it('exchanges what it holds with another, while views stay', async () => {
    const grid = new Grid([3]);
    const [u, v] = [grid.field({ init: 1 }), grid.field({ init: 2 })];
    const first = u.at(0);
    swap(u, v);
    first.set(9);
    np`${u}, ${v} = ${v}, ${u}`;
    expect(await u.toArray()).toEqual(Float64Array.of(9, 1, 1));
    expect(await v.toArray()).toEqual(Float64Array.of(2, 2, 2));
  });

  it('of no elements can be used', async () => {
    const u = new Grid([0, 4]).field({ init: 3 });
    u.set(u.add(1));
    expect(await u.toArray()).toEqual(new Float64Array(0));
  });
});

describe('a grid', () => {
  it('explains what was recorded', async () => {
    const grid = new Grid([17, 19]);
    const { u, v } = grid.fields('u', 'v');
    np`${v}[1:-1] = ${u}[:-2] * 0.5 + ${u}[2:]`;
    const text = grid.explain();
    expect(text).toContain('a[1:16, 0:19] = ((b[0:15, 0:19] * p0) + b[2:17, 0:19])');
    expect(text).toContain('wave 0');
    expect(text).toContain('fmul double');
    expect(text).toContain('a (%0): f64 (17, 19)');
    const kernels = (): number => grid.explain().split('define void').length - 1;
    const before = kernels();
    np`${u}[1:-1] = ${v}[:-2] * 0.5 + ${v}[2:]; ${u}[3:3] = 0; ${u}[2, 3] = 1`;
    np`${v}[2:-1] = ${u}[1:-2] * 0.5 + ${u}[3:]`;
    expect(kernels()).toBe(before + 1); // a stencil that is there already, and one for the point
    expect(new Grid([17, 20]).explain()).toBe('nothing recorded yet');
  });

  it('explains how a large sweep is gone through, and what it reaches', async () => {
    const grid = new Grid([2900, 1500], { threads: 1, timeTile: 1 });
    const { u, v } = grid.fields('u', 'v');
    np`${v}[1:-1, 1:-1] = ${u}[:-2, 1:-1] + ${u}[2:, 1:-1] + ${u}[1:-1, :-2] + ${u}[1:-1, 2:]`;
    const before = grid.explain();
    expect(before).toContain('stores around the caches: the wave moves 66 MB');
    expect(before).toMatch(/predicted [\d.]+ GB\/s, [\d.]+ ns per point and step, waiting for [\w ]+/);
    await grid.sync();
    expect(grid.explain()).toMatch(
      /predicted .*; memory gives one thread: [\d.]+ GB\/s; measured [\d.]+ GB\/s in 1 run\(s\)/,
    );
    const flat = new Grid([50, 60], { threads: 1 });
    const { a, b } = flat.fields('a', 'b');
    np`${b}[1:-1, 1:-1] = ${a}[:-2, 1:-1] + ${a}[2:, 1:-1] + ${a}[1:-1, :-2] + ${a}[1:-1, 2:]`;
    expect(flat.explain()).toContain('4 rows in lockstep: they share what they load\n      stores through the caches');
    expect(flat.explain()).toContain('not measured yet');
    grid.dispose();
  });

  it('counts what has run', async () => {
    const grid = new Grid([100, 100]);
    const u = grid.field();
    await grid.sync();
    const before = grid.stats();
    for (let i = 0; i < 10; i++) u.set(u.add(1));
    await grid.sync();
    const after = grid.stats();
    expect(after.units - before.units).toBe(10);
    expect(after.bytesSwept - before.bytesSwept).toBe(10 * 8 * 10000);
    expect(after.programs).toBeGreaterThan(before.programs);
    expect(await u.get(3, 3)).toBe(10);
  });
});

it('a Stencil stops where iterate says so, or after the given number of steps', async () => {
  class Count extends Stencil {
    u = this.field();
    calls = 0;
    override boundary(value = 0): void {
      np`${this.u} = ${value}`;
    }
    iterate(steps: number): boolean {
      np`${this.u} += 1`;
      return ++this.calls !== Math.min(steps, 7);
    }
  }
  const count = new Count([4], { batch: 3 });
  count.applyBoundary(100);
  count.exchangeGhosts(count.u);
  await count.solve(20);
  expect(await count.u.get(0)).toBe(107);
  count.calls = 100;
  await count.solve(5);
  expect(await count.u.get(0)).toBe(112);
});

describe('a program', () => {
  it('runs what it never awaited before it ends', () => {
    const dump = join(folder, 'dump');
    const { status, stderr } = runScript(
      `import { Grid } from 'QUADRILLE';
       const grid = new Grid([4]); grid.field().set(3);
       process.on('beforeExit', () => { process.exitCode = grid.stats().units === 1 ? 0 : 7; });`,
      { QUADRILLE_DUMP: dump, QUADRILLE_CACHE: 'off' },
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const [program = ''] = readdirSync(dump);
    expect(program).toMatch(/^[0-9a-f]{12}-rank0$/);
    expect(JSON.parse(readFileSync(join(dump, program, '0-program'), 'utf8'))).toMatchObject({ params: 1 });
    const [kernel = ''] = readdirSync(join(dump, program)).filter((name) => name.endsWith('.ll'));
    expect(readFileSync(join(dump, program, kernel), 'utf8')).toContain('define void @quadrille_');
  });

  it('keeps kernels where the environment says', () => {
    expect(cacheDirectory({ QUADRILLE_CACHE: 'off', QUADRILLE_CACHE_DIR: '/a' })).toBeNull();
    expect(cacheDirectory({ QUADRILLE_CACHE_DIR: '/a/b' })).toBe('/a/b');
    expect(cacheDirectory({ XDG_CACHE_HOME: '/c' })).toBe('/c/quadrille');
    expect(cacheDirectory({})).toMatch(/\/\.cache\/quadrille$/);
  });

  it('gets the memory of arrays back that it dropped, one by one', () => {
    const { stdout, stderr } = runScript(
      `import { copy, zeros } from 'QUADRILLE';
       const u = zeros([1024, 1024]);
       let most = 0;
       for (let i = 0; i < 150; i++) {
         const t = copy(u.add(i));
         u.set(t.mul(2));
         await t.get(0, 0);
         most = Math.max(most, process.memoryUsage().rss / 2 ** 20);
       }
       console.log(most);`,
      {},
    );
    expect(stderr).toBe('');
    expect(Number(stdout)).toBeLessThan(800); // 150 of 8 MB were made, and none disposed of
  });

  it('gets the memory of grids back that it dropped', () => {
    const { stdout, stderr } = runScript(
      `import { setFlagsFromString } from 'node:v8';
       import { runInNewContext } from 'node:vm';
       import { Grid } from 'QUADRILLE';
       setFlagsFromString('--expose-gc');
       const gc = runInNewContext('gc');
       const rss = () => process.memoryUsage().rss / 2 ** 20;
       async function use() { const grid = new Grid([1024, 1024]); grid.field({ init: 1 }); await grid.sync(); }
       for (let i = 0; i < 100; i++) { await use(); if (i % 5 === 4) { gc(); await new Promise((r) => setTimeout(r, 10)); } }
       console.log(rss());`,
      {},
    );
    expect(stderr).toBe('');
    expect(Number(stdout)).toBeLessThan(600); // 100 fields of 8 MB were made
  });
});
