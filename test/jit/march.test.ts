/** Along which dimension the runs of a sweep by rows do not depend on each other: strips of a Plan. */
import { describe, expect, it } from 'vitest';
import { InvalidIR } from '../../jit/invalid.js';
import { lower } from '../../jit/passes.js';
import type { March, Plan } from '../../jit/plan.js';
import type { Axis, Program, Statement } from '../../jit/program.js';
import { verifyPlan } from '../../jit/verify-plan.js';
import { at, expressionsOver, filled, programOf, range } from '../reference/programs.js';

const e = expressionsOver(['f64', 'f64', 'f64']);
const inner = range(1, 6);
/** The position that moves, and one beside it. */
const moving = (offset = 0): Axis => ({ kind: 'index', at: offset, dyn: 0 });

function planOf(statements: Statement[], { processGrid = [1, 1], rank = 0, int = 3, threads = 1 } = {}): Plan {
  const made = programOf([filled([8, 8]), filled([8, 8]), filled([8, 8])], statements, 0);
  const slots = made.slots.map((slot) => ({ ...slot, decomposition: { shape: [8, 8], processGrid } }));
  const program: Program = { ...made, slots, ints: 1, options: { ...made.options, threads } };
  const size = processGrid.reduce((a, b) => a * b, 1);
  return lower(program, { rank, size, ints: [int] }).plan;
}

const marchOf = (...statements: Statement[]): March | undefined => planOf(statements).march;
const set = (axes: Axis[], value: Statement['value'], slot = 0): Statement => ({ target: { slot, axes }, value });

describe('runs of a sweep', () => {
  it('by rows are taken in strips of columns, by columns in strips of rows', () => {
    expect(marchOf(set([moving(), inner], e.load(0, moving(-1), inner)))?.along).toEqual([[1]]);
    expect(marchOf(set([inner, moving()], e.load(0, inner, moving(-1))))?.along).toEqual([[0]]);
  });

  it('are not where they read beside their strip what they write', () => {
    expect(marchOf(set([moving(), inner], e.load(0, moving(-1), range(0, 6))))).toBeUndefined();
    // Of what nobody writes they may read anything.
    expect(marchOf(set([moving(), inner], e.load(1, moving(-1), range(0, 6))))?.along).toEqual([[1]]);
  });

  it('are not where one array is written by rows and read by columns', () => {
    expect(marchOf(set([moving(), inner], e.load(0, inner, at(7))))).toBeUndefined();
    expect(marchOf(set([moving(), inner], e.load(1, inner, moving())))?.along).toEqual([[1]]);
  });

  it('may be of several statements, of which each keeps to the strips of the others', () => {
    const first = set([inner, moving()], e.load(0, inner, moving(-1)));
    expect(marchOf(first, set([inner, moving()], e.load(0, range(1, 6), moving(-1)), 1))?.width).toBeGreaterThan(0);
    expect(marchOf(first, set([inner, moving()], e.load(0, range(0, 6), moving(-1)), 1))).toBeUndefined();
    // Row i of the one and column i of the other: only if nothing is read across.
    expect(marchOf(first, set([moving(), inner], e.load(1, moving(-1), inner), 1))?.along.flat()).toEqual([0, 1]);
    expect(marchOf(first, set([moving(), inner], e.load(0, moving(-1), inner), 1))).toBeUndefined();
  });

  it('of single elements have no strips', () => {
    expect(marchOf(set([moving(), at(2)], e.load(0, moving(-1), at(2))))).toBeUndefined();
  });

  it('have strips on each rank where nothing is sent, and none where rows come from a neighbour', () => {
    const rows = set([moving(), inner], e.load(0, moving(-1), inner));
    expect(planOf([rows], { processGrid: [1, 4], rank: 1 }).march?.along).toEqual([[1]]);
    expect(planOf([rows], { processGrid: [4, 1], rank: 1, int: 3 }).march?.along).toEqual([[1]]);
    expect(planOf([rows], { processGrid: [4, 1], rank: 1, int: 2 }).march).toBeUndefined();
  });

  it('have a strip for every thread', () => {
    const rows = set([moving(), inner], e.load(0, moving(-1), inner));
    expect(planOf([rows], { threads: 3 }).march?.width).toBe(2);
  });
});

describe('the verifier of Plans', () => {
  it.each<[string, (plan: Plan) => Plan]>([
    ['strips along what moves', (plan) => ({ ...plan, march: { width: 4, along: [[0]] } })],
    ['strips along no dimension', (plan) => ({ ...plan, march: { width: 4, along: [[2]] } })],
    ['a task without strips', (plan) => ({ ...plan, march: { width: 4, along: [[]] } })],
    ['no width', (plan) => ({ ...plan, march: { width: 0, along: [[1]] } })],
  ])('refuses %s', (_, spoiled) => {
    const plan = planOf([set([moving(), inner], e.load(0, moving(-1), inner))]);
    expect(() => verifyPlan(spoiled(plan))).toThrow(InvalidIR);
  });
});
