import { describe, expect, it } from 'vitest';
import { lower } from '../../jit/passes.js';
import type { Program, Statement, Tune } from '../../jit/program.js';

/** Jacobi's step on n x n points. */
function jacobi(n: number, tune?: Tune, timeTile?: number): Program {
  const view = (slot: number, a: number, b: number) => ({
    slot,
    axes: [a, b].map((start) => ({ kind: 'range' as const, start, step: 1, count: n - 2 })),
  });
  const shape = [n - 2, n - 2];
  const load = (a: number, b: number) => ({ op: 'load' as const, view: view(1, a, b), dtype: 'f64' as const, shape });
  const value = [load(0, 1), load(2, 1), load(1, 0), load(1, 2)].reduce<Statement['value']>(
    (a, b) => ({ op: 'binary', fn: 'add', a, b, dtype: 'f64', shape }),
    load(1, 1),
  );
  const slot = { dtype: 'f64' as const, shape: [n, n], decomposition: { shape: [n, n], processGrid: [1, 1] } };
  return {
    ...{ key: '0'.repeat(32), label: 'test.ts:1', slots: [slot, slot], params: 0 },
    statements: [{ target: view(0, 1, 1), value }],
    options: { odf: 1, threads: 1, contract: false, ...(tune && { tune }), ...(timeTile && { timeTile }) },
  };
}

const caches = { l2Bytes: 2 ** 21 };
const loopOf = (program: Program) => lower(program, { rank: 0, size: 1, caches }, { next: [1, 0] }).plan.loop;
const shapeOf = (chain: { steps: number; height: number; width: number; rows: number } | null) =>
  chain && [chain.steps, chain.height, chain.width, chain.rows].join();

describe('what is timed', () => {
  it('is the choice of the model, first, step by step, and what lies around the choice', () => {
    const { chain, trials = [] } = loopOf(jacobi(4096, 'measure')) ?? {};
    const ways = trials.map(shapeOf);
    expect(ways[0]).toBe(shapeOf(chain ?? null));
    expect(new Set(ways).size).toBe(ways.length);
    expect(ways).toContain(null);
    const { steps = 0, height = 0, width = 0, rows = 0 } = chain ?? {};
    for (const around of [
      [steps / 2, height, width, rows],
      [steps, height, 2 * width, rows],
      [steps, height / 2, width, rows],
    ])
      expect(ways).toContain(around.join());
  });

  it('is tiling, too, where the model sees no use in it', () => {
    const { chain, trials = [] } = loopOf(jacobi(128, 'measure')) ?? {};
    expect(chain).toBeNull();
    expect(trials[0]).toBeNull();
    expect(trials.slice(1).map((trial) => trial?.steps)).toEqual([2, 4, 8, 16]);
  });

  it('is nothing unless it is asked for, or where the steps are given', () => {
    expect(loopOf(jacobi(4096))?.trials).toBeUndefined();
    expect(loopOf(jacobi(4096, 'measure', 4))?.trials).toBeUndefined();
  });
});

it("without tuning, tiles are those of a common machine's caches", () => {
  const large = { rank: 0, size: 1, caches: { l2Bytes: 2 ** 23 } };
  const chainOf = (program: Program) => lower(program, large, { next: [1, 0] }).plan.loop?.chain ?? null;
  const common = lower(jacobi(500), { rank: 0, size: 1 }, { next: [1, 0] }).plan.loop?.chain ?? null;
  expect(chainOf(jacobi(500))).toBeNull(); // its fields stay in so large a cache
  expect(common).not.toBeNull();
  expect(shapeOf(chainOf(jacobi(500, 'off')))).toBe(shapeOf(common));
});
