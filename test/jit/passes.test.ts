/** What lowering decides, seen in its Plans and kernels. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { classifier } from '../../jit/dynamic.js';
import { InvalidIR } from '../../jit/invalid.js';
import { lower } from '../../jit/passes.js';
import { printPlan } from '../../jit/print.js';
import type { Axis, Program, Statement } from '../../jit/program.js';
import { at, expressionsOver, filled, programOf, range, samples } from '../reference/programs.js';

const e = expressionsOver(['f64', 'f64', 'f64']);
const inner = range(1, 6);

function program(statements: Statement[], processGrid = [1, 1], params = 0): Program {
  const fields = [filled([8, 8]), filled([8, 8]), filled([8, 8])];
  const made = programOf(fields, statements, params);
  return { ...made, slots: made.slots.map((s) => ({ ...s, decomposition: { shape: [8, 8], processGrid } })) };
}

const star = (slot: number) =>
  e.binary(
    'add',
    e.load(slot, range(0, 6), inner),
    e.binary('add', e.load(slot, range(2, 6), inner), e.load(slot, inner, range(2, 6))),
  );
const jacobi: Statement = { target: { slot: 0, axes: [inner, inner] }, value: star(1) };

describe('lowering', () => {
  it('needs no exchange and no halo on one rank', () => {
    const { plan } = lower(program([jacobi]), { rank: 0, size: 1 });
    expect(plan.waves).toHaveLength(1);
    expect(plan.waves[0]?.exchange).toBeNull();
    expect(plan.slots.map((slot) => [...slot.haloLo, ...slot.haloHi])).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
  });

  it('sends faces of the inferred depth, and no corner that nobody reads', () => {
    const { plan } = lower(program([jacobi], [2, 2]), { rank: 0, size: 4 });
    const exchange = plan.waves[0]?.exchange;
    // (i+1, j) comes from below, (i, j+1) from the right; nothing from the diagonal rank 3.
    expect(exchange?.recvs.map((message) => message.peer)).toEqual([1, 2]);
    expect(exchange?.recvs[0]?.parts[0]).toMatchObject({ slot: 1, origin: [1, 4], halo: 1 });
    expect(exchange?.recvs[1]?.parts[0]?.axes.map((axis) => axis.count)).toEqual([1, 3]);
  });

  it('computes while messages travel what needs none of them', () => {
    const { plan } = lower(program([jacobi], [2, 1]), { rank: 0, size: 2 });
    expect(plan.waves[0]?.tasks[0]).toMatchObject({
      interior: [
        [
          [1, 3],
          [1, 7],
        ],
      ],
      boundary: [
        [
          [3, 4],
          [1, 7],
        ],
      ],
    });
  });

  it('puts several fields of one neighbour in one message', () => {
    const both = { ...jacobi, value: e.binary('add', star(1), star(2)) };
    const { plan } = lower(program([both], [2, 1]), { rank: 1, size: 2 });
    expect(plan.waves[0]?.exchange?.recvs.map((m) => m.parts.map((part) => part.slot))).toEqual([[1, 2]]);
  });

  it('fuses pointwise neighbours and keeps apart what is not', () => {
    const follow: Statement = { target: { slot: 2, axes: [inner, inner] }, value: e.load(0, inner, inner) };
    const shifted: Statement = { target: { slot: 2, axes: [inner, inner] }, value: e.load(0, range(0, 6), inner) };
    expect(lower(program([jacobi, follow]), { rank: 0, size: 1 }).kernels).toHaveLength(1);
    expect(lower(program([jacobi, shifted]), { rank: 0, size: 1 }).plan.waves).toHaveLength(2);
  });

  it('runs independent boundary lines in one wave', () => {
    const side = (axes: Statement['target']['axes']): Statement => ({ target: { slot: 0, axes }, value: e.param(0) });
    const { plan } = lower(program([side([at(0), range(0, 8)]), side([at(7), range(0, 8)])], [1, 1], 1), {
      rank: 0,
      size: 1,
    });
    expect(plan.waves).toHaveLength(1);
    expect(plan.kernels[0]?.key).toBe(plan.kernels[1]?.key);
  });

  it('gives an overlapping update a temporary, a red-black one none', () => {
    const overlap: Statement = { target: { slot: 0, axes: [inner, inner] }, value: star(0) };
    const redBlack: Statement = {
      target: { slot: 0, axes: [range(0, 4, 2), range(0, 8)] },
      value: e.load(0, range(1, 4, 2), range(0, 8)),
    };
    const temporaries = (s: Statement) =>
      lower(program([s]), { rank: 0, size: 1 }).plan.slots.filter((slot) => slot.temp);
    expect(temporaries(overlap)).toHaveLength(1);
    expect(temporaries(redBlack)).toHaveLength(0);
  });

  describe('a transient temporary', () => {
    const whole = range(0, 8);
    const temporary = { slot: 2, axes: [whole, whole] };
    const sum = e.binary('add', e.load(1, whole, whole), e.load(1, whole, range(7, 8, -1)));
    const lowered = (...statements: Statement[]) => {
      const made = program(statements);
      const slots = made.slots.map((slot, s) => (s === 2 ? { ...slot, transient: true as const } : slot));
      const { plan, kernels } = lower({ ...made, slots }, { rank: 0, size: 1 });
      return { temporaries: plan.slots.filter(({ temp }) => temp).length, kernels: kernels.length };
    };
    const use = (...places: Axis[]): Statement => ({
      target: { slot: 0, axes: [inner, inner] },
      value: places.map((rows) => e.load(2, rows, inner)).reduce((a, b) => e.binary('mul', a, b)),
    });

    it('that is read at one place is computed there', () => {
      expect(lowered({ target: temporary, value: sum }, use(range(0, 6)))).toEqual({ temporaries: 0, kernels: 1 });
    });

    it('that is read at many places is computed again where it is cheap, and kept where it is not', () => {
      const rows = [range(0, 6), range(1, 6), range(2, 6)];
      expect(lowered({ target: temporary, value: sum }, use(...rows)).temporaries).toBe(0);
      const costly = e.unary('exp', sum);
      expect(lowered({ target: temporary, value: costly }, use(...rows))).toEqual({ temporaries: 1, kernels: 2 });
      expect(lowered({ target: temporary, value: costly }, use(range(0, 6))).temporaries).toBe(0);
    });

    it('is kept where what it was made of is overwritten before it is read', () => {
      const overwrite: Statement = { target: { slot: 1, axes: [at(3), whole] }, value: e.load(0, at(0), whole) };
      expect(lowered({ target: temporary, value: sum }, overwrite, use(range(0, 6))).temporaries).toBe(1);
      const elsewhere: Statement = { ...overwrite, target: { slot: 0, axes: [at(3), whole] } };
      expect(
        lowered({ target: temporary, value: sum }, { ...elsewhere, value: e.load(1, at(0), whole) }, use(range(0, 6)))
          .temporaries,
      ).toBe(0);
    });

    it('that is not read is not computed', () => {
      expect(lowered({ target: temporary, value: sum })).toEqual({ temporaries: 0, kernels: 0 });
    });
  });

  it('serves all rows of a sweep with one Plan per owner', () => {
    const row = (by: number): Axis => ({ kind: 'index', at: by, dyn: 0 });
    const sweep: Statement = { target: { slot: 0, axes: [row(0), inner] }, value: e.load(0, row(-1), inner) };
    const made = { ...program([sweep], [4, 1]), ints: 1 };
    const classify = classifier(made, 4);
    // Blocks of two rows: the second row of each needs nothing, the first the row of the neighbour.
    const classes = [1, 2, 3, 4, 5, 6, 7].map((i) => classify([i]));
    expect(new Set(classes).size).toBe(7);
    expect(new Set([1, 2, 3, 4, 5, 6, 7].map((i) => classifier(made, 1)([i]))).size).toBe(1);
    const at = (rank: number, i: number) => lower(made, { rank, size: 4, ints: [i] }).plan.waves[0];
    expect([at(1, 2)?.exchange?.recvs.length, at(0, 2)?.exchange?.sends.length, at(2, 2)?.tasks[0]?.interior]).toEqual([
      1,
      1,
      [],
    ]);
    expect(at(1, 3)?.exchange).toBeNull();
  });

  it('copies a far boundary row into a row, not into a whole field', () => {
    const n = 100;
    const all = range(0, n);
    const made = programOf(
      [filled([n, n])],
      [{ target: { slot: 0, axes: [at(0), all] }, value: e.load(0, at(n - 2), all) }],
    );
    const slots = made.slots.map((s) => ({ ...s, decomposition: { shape: [n, n], processGrid: [4, 1] } }));
    const { plan } = lower({ ...made, slots }, { rank: 0, size: 4 });
    const [, temporary] = plan.slots;
    expect(temporary).toMatchObject({ temp: true, extent: [1, n] });
  });

  it('asks for one kernel, whatever the size of the problem and the rank', () => {
    const keys = new Set<string>();
    for (const n of [8, 61, 300]) {
      const small = range(1, n - 2);
      const value = e.binary('add', e.load(1, range(0, n - 2), small), e.load(1, range(2, n - 2), small));
      const made = programOf([filled([n, n]), filled([n, n])], [{ target: { slot: 0, axes: [small, small] }, value }]);
      for (const rank of [0, 1]) {
        const slots = made.slots.map((s) => ({ ...s, decomposition: { shape: [n, n], processGrid: [2, 1] } }));
        for (const kernel of lower({ ...made, slots }, { rank, size: 2 }).kernels) keys.add(kernel.key);
      }
    }
    expect(keys.size).toBe(1);
  });

  it('asks for one kernel for the same work later in a Program, with other numbers and at other fixed positions', () => {
    const scaled = (target: number, rows: Axis, row: number, param: number): Statement => ({
      target: { slot: target, axes: [rows, inner] },
      value: e.binary('mul', e.load(1, at(row), inner), e.param(param)),
    });
    const statements = [scaled(0, range(1, 6), 3, 0), scaled(2, range(2, 4), 5, 1)];
    const { plan, kernels } = lower(program(statements, [1, 1], 2), { rank: 0, size: 1 });
    expect(kernels).toHaveLength(1);
    const tasks = plan.waves.flatMap((wave) => wave.tasks);
    expect(tasks.map(({ firstParam, constants }) => [firstParam, ...constants])).toEqual([
      [0, 3],
      [1, 5],
    ]);
  });

  it('refuses a Program that breaks its own rules', () => {
    const outside: Statement = { target: { slot: 0, axes: [range(4, 6), inner] }, value: star(1) };
    expect(() => lower(program([outside]), { rank: 0, size: 1 })).toThrow(InvalidIR);
  });

  it('leaves no file behind', () => {
    const folder = mkdtempSync(join(tmpdir(), 'quadrille-test-'));
    vi.stubEnv('TMPDIR', folder);
    const [kernel] = lower(program([jacobi]), { rank: 0, size: 1 }).kernels;
    expect(kernel?.emit().length).toBeGreaterThan(100);
    expect(readdirSync(folder)).toEqual([]);
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  it('prints a Plan', () => {
    const { plan } = lower(program([jacobi], [2, 1]), { rank: 0, size: 2 });
    expect(printPlan(plan).replaceAll(/[0-9a-f]{32}/g, 'KEY')).toMatchInlineSnapshot(`
      "plan KEY (test:1)  threads 1, odf 1, 0 parameter(s)
        %0: f64[8, 8]  block [0:4, 0:8]  halo 1+1 x 0+0
        %1: f64[8, 8]  block [0:4, 0:8]  halo 1+1 x 0+0
        %2: f64[8, 8]  block [0:4, 0:8]  halo 1+1 x 0+0
        wave 0: writes %0
          send to rank 1: %1[3, 1:7] (6)
          receive from rank 1: %1[4, 1:7] (6)
          kernel KEY on %0, %1
            interior [1:3, 1:7]
            after the exchange [3:4, 1:7]"
    `);
  });
});

describe('emission', () => {
  it('gives valid IR for every operation, with one flat index per load', () => {
    for (const { program: each, name } of samples()) {
      for (const kernel of lower(each, { rank: 0, size: 1 }).kernels)
        expect(kernel.emit().length, name).toBeGreaterThan(0);
    }
    const text = lower(program([jacobi]), { rank: 0, size: 1 }).kernels[0]?.text() ?? '';
    const inner = text.slice(text.indexOf('\ninner:'), text.indexOf('br i1', text.indexOf('\ninner:')));
    expect(inner.match(/load double/g)).toHaveLength(3);
    expect(inner).not.toContain('mul i64');
  });
});
