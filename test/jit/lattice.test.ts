/** Fields on the lattice of one grid: what travels between them, and what does not. */
import { describe, expect, it } from 'vitest';
import { lower } from '../../jit/passes.js';
import type { Plan } from '../../jit/plan.js';
import type { Axis, Decomposition, Expr, Program, Statement } from '../../jit/program.js';
import { firstDifference } from '../reference/compare.js';
import { run } from '../reference/interpreter.js';
import { expressionsOver, filled, programOf, range } from '../reference/programs.js';
import { runPlans } from './plans-machine.js';

const n = 65;
const RANKS = 4;
const e = expressionsOver(['f64', 'f64']);
const grid: Decomposition = { shape: [n], processGrid: [RANKS] };

/** Slot 0 on the grid, slot 1 of m points where `where` says. */
function program(m: number, where: Partial<Decomposition>, ...statements: Statement[]): Program {
  const made = programOf([filled([n]), filled([m])], statements);
  return {
    ...made,
    slots: made.slots.map((slot, s) => ({ ...slot, decomposition: s === 0 ? grid : { ...grid, ...where } })),
  };
}

function plansOf(program: Program): Plan[] {
  return Array.from({ length: RANKS }, (_, rank) => lower(program, { rank, size: RANKS }).plan);
}

/** Elements that all ranks together send. */
function sent(program: Program): number {
  const parts = plansOf(program).flatMap(({ waves }) =>
    waves.flatMap(({ exchange }) => exchange?.sends.flatMap((message) => message.parts) ?? []),
  );
  return parts.reduce((sum, { axes }) => sum + axes.reduce((product, { count }) => product * count, 1), 0);
}

function expectRight(program: Program): void {
  const start = program.slots.map(({ shape, dtype }, s) => filled(shape, dtype, s + 1));
  const expected = start.map((array) => ({ ...array, data: array.data.slice() }));
  run(program, expected, []);
  runPlans(program, start, [], RANKS);
  start.forEach((array, s) => {
    expect(firstDifference(array, expected[s] ?? array)).toBeNull();
  });
}

const sum = (...terms: Expr[]): Expr => terms.reduce((a, b) => e.binary('add', a, b));
const from = (start: number, count: number, step = 1): Axis => ({ kind: 'range', start, step, count });

describe('a field of the interior', () => {
  const m = n - 2;
  const whole = [range(0, m)];
  const lap: Statement = {
    target: { slot: 1, axes: whole },
    value: sum(...[0, 1, 2].map((k) => e.load(0, from(k, m)))),
  };
  const back: Statement = { target: { slot: 0, axes: [from(1, m)] }, value: e.load(1, ...whole) };
  const around: Statement = {
    target: { slot: 0, axes: [from(2, m - 2)] },
    value: sum(e.load(1, from(0, m - 2)), e.load(1, from(2, m - 2))),
  };

  it('takes the stencil halo, one point at each side of each cut, and gives its own for nothing', () => {
    const aligned = { origin: [1] };
    expect(sent(program(m, aligned, lap))).toBe(2 * (RANKS - 1));
    expect(sent(program(m, aligned, back))).toBe(0);
    expect(sent(program(m, aligned, around))).toBe(2 * (RANKS - 1));
    // Where it is cut at the grid's indices it lies one point off.
    expect(sent(program(m, {}, back))).toBe(RANKS - 1);
    for (const statement of [lap, back, around]) expectRight(program(m, aligned, statement));
  });

  it('is read by the same kernel on every rank, and by the one that one process would run', () => {
    const aligned = program(m, { origin: [1] }, back);
    const keys = plansOf(aligned).flatMap(({ kernels }) => kernels.map(({ key }) => key));
    const alone = {
      ...aligned,
      slots: aligned.slots.map((slot) => ({ ...slot, decomposition: { ...grid, processGrid: [1] } })),
    };
    const [kernel] = lower(alone, { rank: 0, size: 1 }).kernels;
    expect(new Set(keys)).toEqual(new Set([kernel?.key]));
    // On the first rank both blocks begin at index 0, on the others they begin at one place of the grid.
    expect(plansOf(aligned).map(({ kernels }) => kernels[0]?.starts?.[1] ?? [0])).toEqual([[0], [1], [1], [1]]);
  });
});

describe('a coarse field', () => {
  const m = (n + 1) / 2;
  const inner = m - 2;
  const restrict: Statement = {
    target: { slot: 1, axes: [from(1, inner)] },
    value: sum(...[1, 2, 3].map((k) => e.load(0, from(k, inner, 2)))),
  };
  const prolong: Statement[] = [
    { target: { slot: 0, axes: [from(0, m, 2)] }, value: e.load(1, range(0, m)) },
    {
      target: { slot: 0, axes: [from(1, m - 1, 2)] },
      value: sum(e.load(1, from(0, m - 1)), e.load(1, from(1, m - 1))),
    },
  ];
  const aligned = { origin: [0], stride: [2] };

  it('takes no more than the points beside the cuts, without copies', () => {
    const plans = plansOf(program(m, aligned, restrict));
    expect(plans.every(({ slots }) => slots.every((slot) => !slot.temp))).toBe(true);
    expect(sent(program(m, aligned, restrict))).toBeLessThanOrEqual(2 * (RANKS - 1));
    // Cut at its own indices, half of it and more lies on other ranks than what it is made of.
    expect(sent(program(m, {}, restrict))).toBeGreaterThan(m / 2);
    expect(sent(program(m, aligned, ...prolong))).toBeLessThanOrEqual(2 * (RANKS - 1));
    for (const statements of [[restrict], prolong, [restrict, ...prolong]])
      expectRight(program(m, aligned, ...statements));
  });

  it('of every third point, between two, or with rows outside of the grid, is as good', () => {
    for (const [count, origin, stride, start] of [
      [22, 0, 3, 0],
      [32, 0.5, 2, 1],
      [34, -1, 2, -1],
    ] as const) {
      const skipped = start < 0 ? 1 : 0;
      const points = count - 2 * skipped;
      const average: Statement = {
        target: { slot: 1, axes: [from(skipped, points)] },
        value: sum(
          e.load(0, from(start + skipped * stride, points, stride)),
          e.load(0, from(Math.max(0, start + skipped * stride - 1), points, stride)),
        ),
      };
      const made = program(count, { origin: [origin], stride: [stride] }, average);
      expect(sent(made)).toBeLessThanOrEqual(RANKS - 1);
      expectRight(made);
    }
  });

  it('that is read at its own stride is copied as before', () => {
    const slow: Statement = { target: { slot: 1, axes: [range(0, m)] }, value: e.load(0, range(0, m)) };
    const made = program(m, aligned, slow);
    expect(plansOf(made).some(({ slots }) => slots.some((slot) => slot.temp))).toBe(true);
    expectRight(made);
  });
});

describe('full weighting of 1025 x 1025 points on 2 x 2 ranks (decision 20)', () => {
  const [fine, coarse] = [1025, 513];
  const inner = coarse - 2;
  const weights = [0, 1, 2].flatMap((i) => [0, 1, 2].map((j) => [i, j] as const));
  const restrict: Statement = {
    target: { slot: 1, axes: [from(1, inner), from(1, inner)] },
    value: sum(...weights.map(([i, j]) => e.load(0, from(1 + i, inner, 2), from(1 + j, inner, 2)))),
  };
  const on = (where: Partial<Decomposition>): Program => {
    const made = programOf([filled([fine, fine]), filled([coarse, coarse])], [restrict]);
    const both: Decomposition = { shape: [fine, fine], processGrid: [2, 2] };
    return {
      ...made,
      slots: made.slots.map((slot, s) => ({ ...slot, decomposition: s === 0 ? both : { ...both, ...where } })),
    };
  };

  it('sends 2047 elements where the coarse field lies on the lattice, and 1 763 333 where it does not', () => {
    const aligned = on({ origin: [0, 0], stride: [2, 2] });
    expect(sent(aligned)).toBe(2047);
    expect(plansOf(aligned).every(({ slots }) => slots.every((slot) => !slot.temp))).toBe(true);
    expect(sent(on({}))).toBe(1_763_333);
  });
});
