import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NativeEngine, NativeStats } from '../../lib/native.js';
import * as m from './machine.js';

const made = m.kernel(1, 2, m.binary('add', m.load(1, [0]), m.param(0)));
const plan = JSON.stringify(m.planOf(made, [10], [[0, 10]], { params: 1 }));

/** Runs the kernel once; 1 + 41 is expected everywhere. */
async function useKernel(engine: NativeEngine): Promise<NativeStats> {
  m.provide(engine, made);
  const [x, y] = [m.createField(engine, [10]), m.createField(engine, [10])];
  engine.fillField(x, 1);
  m.run(engine, engine.loadPlan(plan), [y, x], [41]);
  await engine.sync();
  expect(engine.readBlock(y)).toEqual(new Float64Array(10).fill(42));
  return engine.stats();
}

describe('the object cache', () => {
  let folder: string;
  let cacheDir: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'quadrille-cache-'));
    cacheDir = path.join(folder, 'deep', 'cache');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const use = (): Promise<NativeStats> => m.withEngine({ cacheDir }, useKernel);
  const onlyFile = (): string => {
    const [file, ...others] = readdirSync(cacheDir);
    expect(others).toEqual([]);
    return path.join(cacheDir, file ?? 'nothing was stored');
  };
  const compiled = { kernelsCompiled: 1, kernelsFromDisk: 0 };
  const loaded = { kernelsCompiled: 0, kernelsFromDisk: 1 };

  it('hands a kernel to the next engine, and to another process', async () => {
    expect(await use()).toMatchObject(compiled);
    expect(await use()).toMatchObject(loaded);
    const script = `
      const engine = require(${JSON.stringify(m.addonFile)});
      engine.start({ threads: 1, cacheDir: ${JSON.stringify(cacheDir)} });
      if (!engine.hasKernel(${JSON.stringify(made.key)})) throw new Error('not on disk');
      const create = () => engine.createField({ dtype: 'f64', shape: [10], offset: [0], extent: [10] });
      const x = create(), y = create();
      engine.submit(Int32Array.of(engine.loadPlan(${JSON.stringify(plan)}), y, x), Float64Array.of(42));
      engine.sync().then(() => {
        console.log(engine.readBlock(y)[9], engine.stats().kernelsFromDisk);
        engine.shutdown();
      });`;
    expect(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })).toBe('42 1\n');
  });

  it('is for its owner only', async () => {
    await use();
    expect(statSync(cacheDir).mode & 0o777).toBe(0o700);
    expect(statSync(onlyFile()).mode & 0o777).toBe(0o600);
    chmodSync(cacheDir, 0o777);
    await use();
    expect(statSync(cacheDir).mode & 0o777).toBe(0o700);
  });

  it('ignores and replaces a file with any one byte changed', async () => {
    await use();
    const whole = readFileSync(onlyFile());
    for (const at of [0, 9, 17, 60, Math.floor(whole.length / 2), whole.length - 1]) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      writeFileSync(onlyFile(), damaged);
      expect(await use()).toMatchObject(compiled);
      expect(readFileSync(onlyFile()).equals(whole)).toBe(true);
    }
    for (const length of [0, 10, 24, whole.length - 1]) {
      writeFileSync(onlyFile(), whole.subarray(0, length));
      expect(await use()).toMatchObject(compiled);
    }
    expect(await use()).toMatchObject(loaded);
  });

  it('names LLVM and CPU in each file, and ignores a whole file that is not what its name says', async () => {
    await use();
    const whole = readFileSync(onlyFile());
    const { llvm, cpu } = m.addonInfo();
    expect(whole.includes(`llvm ${llvm}\n`)).toBe(true);
    expect(whole.includes(`cpu ${cpu}\n`)).toBe(true);
    // The same file under another kernel's key: whole, but not what its name says.
    const other = m.kernel(1, 2, m.binary('mul', m.load(1, [0]), m.param(0)));
    writeFileSync(onlyFile().replace(made.key, other.key), whole);
    await m.withEngine({ cacheDir }, async (engine) => {
      expect(engine.hasKernel(made.key)).toBe(true);
      expect(engine.hasKernel(other.key)).toBe(false);
    });
  });

  it('refuses a path that is not a directory, by name', () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'file'), '');
    expect(() => m.startEngine({ cacheDir: path.join(folder, 'file') })).toThrow(
      expect.objectContaining({ code: 'FILE_ACCESS', message: expect.stringContaining('not a directory') }),
    );
  });

  it('works with many processes storing the same kernel at once', async () => {
    const bitcode = path.join(folder, 'kernel.bc');
    writeFileSync(bitcode, m.bitcodeOf(made));
    const script = `
      const engine = require(${JSON.stringify(m.addonFile)});
      engine.start({ threads: 1, cacheDir: ${JSON.stringify(cacheDir)} });
      engine.compile(${JSON.stringify(made.key)}, ${JSON.stringify(made.symbol)}, require('fs').readFileSync(${JSON.stringify(bitcode)}), false);
      const create = () => engine.createField({ dtype: 'f64', shape: [10], offset: [0], extent: [10] });
      engine.submit(Int32Array.of(engine.loadPlan(${JSON.stringify(plan)}), create(), create()), Float64Array.of(1));
      engine.sync().then(() => engine.shutdown());`;
    const all = `for i in 1 2 3 4 5 6; do "${process.execPath}" -e "$SCRIPT" & done; wait`;
    execFileSync('/bin/sh', ['-c', all], { env: { ...process.env, SCRIPT: script } });
    expect(existsSync(onlyFile())).toBe(true);
    expect(await use()).toMatchObject(loaded);
  });
});

describe('kernels', () => {
  it('that are dropped still serve the runs submitted before, and no Plan made after', async () => {
    await m.withEngine({}, async (engine) => {
      m.provide(engine, made);
      const [x, y] = [m.createField(engine, [10]), m.createField(engine, [10])];
      m.run(engine, engine.loadPlan(plan), [y, x], [5]);
      engine.dropKernel(made.key);
      await engine.sync();
      expect(engine.readBlock(y)[0]).toBe(5);
      expect(engine.hasKernel(made.key)).toBe(false);
      m.run(engine, engine.loadPlan(plan), [y, x], [5]);
      await expect(engine.sync()).rejects.toMatchObject({ code: 'ENGINE_USAGE' });
      m.provide(engine, made);
      m.run(engine, engine.loadPlan(plan), [y, x], [6]);
      await engine.sync();
      expect(engine.readBlock(y)[0]).toBe(6);
    });
  });

  it('that are no bitcode, or call anything but mathematical functions, fail when they are needed, with the label', async () => {
    await m.withEngine({}, async (engine) => {
      const [x, y] = [m.createField(engine, [10]), m.createField(engine, [10])];
      engine.compile(made.key, made.symbol, Uint8Array.from([1, 2, 3]), false);
      m.run(engine, engine.loadPlan(plan), [y, x], [5]);
      await expect(engine.sync()).rejects.toMatchObject({ code: 'COMPILE_FAILED', label: 'test.ts:1' });
      // Reported once; what was queued behind the failure did not run, what comes after the sync does.
      engine.fillField(y, 7);
      await engine.sync();
      expect(engine.readBlock(y)[0]).toBe(7);
      expect(() => engine.optimizedIR(m.foreignCall('system'), false)).toThrow(/may not call 'system'/);
      expect(() => engine.hasKernel('../../etc/passwd')).toThrow(expect.objectContaining({ code: 'ENGINE_USAGE' }));
    });
  });

  it('that wait to be compiled when the compiler is stopped fail, and so do those that come later', async () => {
    await m.withEngine({}, async (engine) => {
      const queued = Array.from({ length: 30 }, (_, k) => m.kernel(1, 2, m.binary('mul', m.load(1, [k]), m.param(0))));
      const bitcode = queued.map(m.bitcodeOf);
      const fields = [m.createField(engine, [10]), m.createField(engine, [10])];
      const use = (one: m.TestKernel): void =>
        m.run(
          engine,
          engine.loadPlan(JSON.stringify(m.planOf(one, [10], [[0, 1]], { halo: 32, params: 1 }))),
          fields,
          [2],
        );
      queued.forEach((one, k) => {
        engine.compile(one.key, one.symbol, bitcode[k] ?? new Uint8Array(), false);
      });
      use(queued[29] ?? made); // which the executor waits for from here on
      engine.abandon();
      const stopped = { code: 'COMPILE_FAILED', message: expect.stringContaining('the engine has stopped') };
      await expect(engine.sync()).rejects.toMatchObject(stopped);
      const late = m.kernel(1, 2, m.binary('sub', m.load(1, [0]), m.param(0)));
      m.provide(engine, late);
      use(late);
      await expect(engine.sync()).rejects.toMatchObject(stopped);
    });
  });

  it('are vectorised, with noalias, and fused multiply-adds only on request', () => {
    const jacobi = m.bitcodeOf(m.jacobi2d());
    expect(m.optimizedIR(jacobi, false)).toMatch(/fadd <\d x double>/);
    expect(m.optimizedIR(jacobi, false)).not.toMatch(/memcheck|contract/);
    const axpy = m.bitcodeOf(
      m.kernel(1, 3, m.binary('add', m.binary('mul', m.load(1, [0]), m.param(0)), m.load(2, [0]))),
    );
    expect(m.optimizedIR(axpy, true)).toMatch(/fmul contract/);
  });

  it('that call mathematical functions are vectorised as far as the processor goes', () => {
    const exp = m.bitcodeOf(m.kernel(1, 2, { op: 'unary', fn: 'exp', a: m.load(1, [0]), dtype: 'f64' }));
    const longest = m.addonInfo().features.includes('+avx512f') ? 8 : m.addonInfo().features.includes('+avx,') ? 4 : 2;
    expect(m.optimizedIR(exp, false)).toMatch(new RegExp(`call <${longest} x double> @q_exp_f64_x${longest}`));
  });

  it('are vectorised where they read x[j] and x[j + 1], too, and load whole vectors once', () => {
    const [left, here, right] = [m.load(1, [-1]), m.load(1, [0]), m.load(1, [1])];
    const ir = m.optimizedIR(m.bitcodeOf(m.kernel(1, 2, m.binary('add', m.binary('add', left, here), right))), false);
    const body = ir.slice(ir.indexOf('\nvector.body:'), ir.indexOf('br i1', ir.indexOf('\nvector.body:')));
    const stores = body.match(/store <\d x double>/g)?.length ?? 0;
    expect(stores).toBeGreaterThan(0);
    expect(body.match(/load <\d x double>/g)).toHaveLength(stores);
    expect(body).toMatch(/phi <\d x double>/);
  });

  it('by the thousand, compiled and dropped, grow the process by less than 100 MB', async () => {
    await m.withEngine({}, async (engine) => {
      const kernels = Array.from({ length: 1000 }, (_, k) => m.kernel(1, 2, m.load(1, [k - 500])));
      // Beforehand: llvm-bindings keeps every module for ever, which is not this side's doing.
      const bitcode = kernels.map(m.bitcodeOf);
      const fields = [m.createField(engine, [10]), m.createField(engine, [10])];
      const useAndDrop = async (k: number): Promise<void> => {
        const one = kernels[k] ?? made;
        engine.compile(one.key, one.symbol, bitcode[k] ?? new Uint8Array(), false);
        const id = engine.loadPlan(JSON.stringify(m.planOf(one, [10], [[0, 10]], { halo: 512 })));
        m.run(engine, id, fields);
        engine.dropPlan(id);
        engine.dropKernel(one.key);
        await engine.sync();
      };
      await useAndDrop(0);
      const before = process.memoryUsage().rss;
      for (let k = 1; k < 1000; k++) await useAndDrop(k);
      expect(engine.stats().kernelsCompiled).toBe(1000);
      expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(100);
    });
  }, 600_000);
});
