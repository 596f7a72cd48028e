/** Joined waves: sweeps that walk over the fields together, in any order of tiles and on any ranks, are the plain order. */
import { describe, expect, it } from 'vitest';
import { lower } from '../../jit/passes.js';
import type { Plan } from '../../jit/plan.js';
import { printPlan } from '../../jit/print.js';
import type { Program, Statement } from '../../jit/program.js';
import { firstDifference } from '../reference/compare.js';
import { run } from '../reference/interpreter.js';
import { at, expressionsOver, filled, programOf, range, wrapped } from '../reference/programs.js';
import { PROCESS_GRIDS } from './chain-machine.js';
import { runPlans } from './plans-machine.js';

type Shape = readonly number[];

interface Body {
  /** Of each field, on a grid of this shape. */
  readonly fields: (n: number, m: number) => Shape[];
  /** The last so many are temporaries. */
  readonly transient?: number;
  readonly statements: (n: number, m: number) => Statement[];
}

const e = expressionsOver(['f64', 'f64', 'f64', 'f64']);
const add = (...terms: ReturnType<typeof e.load>[]): ReturnType<typeof e.load> =>
  terms.reduce((a, b) => e.binary('add', a, b));
const sub = (a: ReturnType<typeof e.load>, b: ReturnType<typeof e.load>): ReturnType<typeof e.load> =>
  e.binary('sub', a, b);

const FDTD: Body = {
  fields: (n, m) => [
    [n, m],
    [n, m - 1],
    [n - 1, m],
  ],
  statements: (n, m) => {
    const [rows, columns, r, c] = [range(0, n), range(0, m), range(1, n - 2), range(1, m - 2)];
    const [lessRows, lessColumns] = [range(0, n - 1), range(0, m - 1)];
    return [
      {
        target: { slot: 1, axes: [rows, lessColumns] },
        value: sub(e.load(1, rows, lessColumns), sub(e.load(0, rows, range(1, m - 1)), e.load(0, rows, lessColumns))),
      },
      {
        target: { slot: 2, axes: [lessRows, columns] },
        value: add(
          e.load(2, lessRows, columns),
          sub(e.load(0, range(1, n - 1), columns), e.load(0, lessRows, columns)),
        ),
      },
      {
        target: { slot: 0, axes: [r, c] },
        value: add(
          e.load(0, r, c),
          sub(sub(e.load(2, r, c), e.load(2, range(0, n - 2), c)), sub(e.load(1, r, c), e.load(1, r, range(0, m - 2)))),
        ),
      },
    ];
  },
};

const BODIES: Record<string, Body> = {
  'staggered, in place': FDTD,
  'a step and the sides it is computed from next': {
    fields: (n, m) => [
      [n, m],
      [n, m],
    ],
    statements: (n, m) => [
      {
        target: { slot: 1, axes: [range(1, n - 2), range(1, m - 2)] },
        value: add(
          e.load(0, range(0, n - 2), range(1, m - 2)),
          e.load(0, range(2, n - 2), range(2, m - 2)),
          e.load(0, range(1, n - 2), range(0, m - 2)),
        ),
      },
      { target: { slot: 1, axes: [at(0), range(0, m)] }, value: e.load(1, at(1), range(0, m)) },
      { target: { slot: 1, axes: [range(0, n), at(m - 1)] }, value: e.load(1, range(0, n), at(m - 2)) },
      {
        target: { slot: 0, axes: [range(1, n - 2), range(1, m - 2)] },
        value: sub(e.load(1, range(0, n - 2), range(1, m - 2)), e.load(1, range(1, n - 2), range(2, m - 2))),
      },
    ],
  },
  'through temporaries, of which one was there before': {
    fields: (n, m) => [
      [n, m],
      [n, m],
      [n, m],
      [n, m],
    ],
    transient: 2,
    statements: (n, m) => {
      const [r, rows, columns] = [range(1, n - 2), range(0, n), range(0, m)];
      return [
        { target: { slot: 2, axes: [rows, columns] }, value: add(e.load(0, rows, columns), e.load(1, rows, columns)) },
        // Reads from the other end: nothing is joined with this.
        { target: { slot: 1, axes: [rows, columns] }, value: e.load(0, range(n - 1, n, -1), columns) },
        {
          target: { slot: 3, axes: [r, columns] },
          value: sub(e.load(2, range(0, n - 2), columns), e.load(2, range(2, n - 2), columns)),
        },
        { target: { slot: 3, axes: [at(0), columns] }, value: e.param(0) },
        { target: { slot: 3, axes: [at(n - 1), columns] }, value: e.load(2, at(n - 1), columns) },
        {
          target: { slot: 0, axes: [r, columns] },
          value: e.binary('mul', e.load(3, range(0, n - 2), columns), e.load(3, range(2, n - 2), columns)),
        },
      ];
    },
  },
  'around both ends': {
    fields: (n, m) => [
      [n, m],
      [n, m],
    ],
    statements: (n, m) => [
      {
        target: { slot: 1, axes: [range(0, n), range(0, m)] },
        value: add(
          e.load(1, range(0, n), range(0, m)),
          e.load(0, wrapped(1, n), range(0, m)),
          e.load(0, range(0, n), wrapped(m - 1, m)),
        ),
      },
      {
        target: { slot: 0, axes: [range(0, n), range(0, m)] },
        value: sub(e.load(1, wrapped(n - 1, n), range(0, m)), e.load(1, range(0, n), wrapped(2, m))),
      },
    ],
  },
  'in planes': {
    fields: (n, m) => [
      [n, m, 5],
      [n - 1, m, 5],
      [n, m - 1, 4],
    ],
    statements: (n, m) => [
      {
        target: { slot: 1, axes: [range(0, n - 1), range(0, m), range(0, 5)] },
        value: sub(
          e.load(0, range(1, n - 1), range(0, m), range(0, 5)),
          e.load(0, range(0, n - 1), range(0, m), range(0, 5)),
        ),
      },
      {
        target: { slot: 2, axes: [range(0, n), range(0, m - 1), range(0, 4)] },
        value: sub(
          e.load(0, range(0, n), range(1, m - 1), range(0, 4)),
          e.load(0, range(0, n), range(0, m - 1), range(1, 4)),
        ),
      },
      {
        target: { slot: 0, axes: [range(1, n - 2), range(1, m - 2), range(1, 3)] },
        value: add(
          e.load(1, range(0, n - 2), range(1, m - 2), range(1, 3)),
          e.load(2, range(1, n - 2), range(0, m - 2), range(0, 3)),
        ),
      },
    ],
  },
  'of every second point': {
    fields: (n, m) => [[n, m]],
    statements: (n, m) =>
      [0, 1].map((colour): Statement => {
        const rows = Math.floor((n - 1 - colour) / 2);
        const [r, c] = [range(1 + colour, rows, 2), range(1, m - 2)];
        return {
          target: { slot: 0, axes: [r, c] },
          value: add(e.load(0, r, c), e.load(0, range(colour, rows, 2), c), e.load(0, r, range(0, m - 2))),
        };
      }),
  },
};

/** `timeTile`: above 1, all is joined that may be. */
function programOn(
  { fields, transient = 0, statements }: Body,
  [n, m]: readonly [number, number],
  processGrid: readonly number[],
  options: Partial<Program['options']>,
): Program {
  const shapes = fields(n, m);
  const program = programOf(
    shapes.map((shape) => filled(shape.map(() => 1))), // large ones are lowered, not run
    statements(n, m),
    2,
  );
  const shape = [n, m, ...(shapes[0]?.slice(2) ?? [])];
  return {
    ...program,
    options: { ...program.options, ...options },
    slots: program.slots.map((slot, s) => ({
      ...slot,
      shape: shapes[s] ?? slot.shape,
      decomposition: { shape, processGrid: [...processGrid, ...shape.slice(2).map(() => 1)] },
      ...(s >= shapes.length - transient && { transient: true as const }),
    })),
  };
}

/** The Plan's, with tiles of so many rows and columns. */
function inTiles(plan: Plan, height: number, width: number, rows: number): Plan {
  return {
    ...plan,
    joins: (plan.joins ?? []).map((join) => ({ ...join, chain: { ...join.chain, height, width, rows } })),
  };
}

describe('joined waves', () => {
  it.each(Object.keys(BODIES))('%s: are the plain order on any ranks', (name) => {
    const body = BODIES[name] ?? FDTD;
    let seed = 1;
    const choose = (): number => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    for (const shape of [
      [12, 11],
      [9, 23],
      [31, 7],
      [61, 8],
    ] as const) {
      for (const [size, processGrid] of PROCESS_GRIDS) {
        for (const [height, width, rows] of [
          [4, 8, 1],
          [9, 16, 3],
          [64, 8, 4],
        ] as const) {
          const program = programOn(body, shape, processGrid, { timeTile: 2 });
          const start = program.slots.map((slot, s) => filled(slot.shape, slot.dtype, s + 1));
          const expected = start.map((array) => ({ ...array, data: array.data.slice() }));
          run(program, expected, [0.3, -1.7]);
          const tiles = (plan: Plan): Plan => inTiles(plan, height, width, rows);
          const { joins = [] } = runPlans(program, start, [0.3, -1.7], size, { choose, changed: tiles });
          expect(joins.length).toBeGreaterThan(0);
          start.forEach((array, slot) => {
            const wanted = expected[slot];
            if (program.slots[slot]?.transient) return;
            const difference = wanted ? firstDifference(array, wanted) : 'no such slot';
            expect(difference, `slot ${slot}, ${shape} on ${size} ranks, tiles ${height} x ${width}`).toBeNull();
          });
        }
      }
    }
  });

  const planOf = (body: Body, n: number, options: Partial<Program['options']> = {}): Plan =>
    lower(programOn(body, [n, n], [1, 1], options), { rank: 0, size: 1, caches: { l2Bytes: 1 << 20 } }).plan;

  it('touch what they share once: E and H of FDTD in 48 bytes per point', () => {
    const plan = planOf(FDTD, 2048);
    expect(plan.joins).toMatchObject([{ first: 0, waves: 2, why: '48 bytes per point from memory, 80 in 3 sweeps' }]);
    expect(printPlan(plan)).toContain('waves 0 to 1 in one pass over memory: 48 bytes per point');
    // H needs E here and a row below, which is not yet updated; E needs H here and a row above: it may follow at once.
    expect(plan.joins?.[0]?.chain.stages.map(({ lag }) => lag[0])).toEqual([0, 0, 0]);
    expect(planOf(FDTD, 2048, { timeTile: 1 }).joins).toHaveLength(1);
  });

  it('are none where fields stay in cache, or share nothing', () => {
    expect(planOf(FDTD, 100).joins).toBeUndefined();
    const apart: Body = {
      fields: (n, m) => [
        [n, m],
        [n - 1, m],
      ],
      statements: (n, m) =>
        [0, 1].map((slot) => {
          const [r, c] = [range(0, n - slot), range(0, m)];
          return { target: { slot, axes: [r, c] }, value: e.binary('mul', e.load(slot, r, c), e.param(0)) };
        }),
    };
    expect(planOf(apart, 2048).joins).toBeUndefined();
    expect(planOf(apart, 2048, { timeTile: 2 }).joins).toHaveLength(1);
  });

  it('have columns for every thread, who follow each other', () => {
    const widths = [1, 2, 4].map((threads) => planOf(FDTD, 4096, { threads }).joins?.[0]?.chain.width ?? 0);
    const [one = 0, two = 0, four = 0] = widths;
    expect(one).toBeGreaterThan(two);
    expect(4096 / two).toBeGreaterThanOrEqual(2);
    expect(4096 / four).toBeGreaterThanOrEqual(4);
    // Of so few rows the second thread would only wait.
    expect(planOf(FDTD, 8192, { threads: 2 }).joins).toHaveLength(1);
    expect(
      lower(programOn(FDTD, [30, 1 << 19], [1, 1], { threads: 2 }), { rank: 0, size: 1 }).plan.joins,
    ).toBeUndefined();
  });
});
