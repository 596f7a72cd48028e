/** Time tiling: whatever order the tiles are taken in, and on any number of ranks, many steps give the plain order's bits. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lower } from '../../jit/passes.js';
import type { Box } from '../../jit/plan.js';
import type { Axis, Program, Statement } from '../../jit/program.js';
import { firstDifference } from '../reference/compare.js';
import { run } from '../reference/interpreter.js';
import { at, expressionsOver, filled, programOf, range } from '../reference/programs.js';
import { PROCESS_GRIDS } from './chain-machine.js';
import { runLoop } from './loop-machine.js';
import { randomProgram } from './random-program.js';

const RUNS = Number(process.env.QUADRILLE_FUZZ_RUNS ?? 300);
// Fixed: how many of the programs are tiled is asked, too.
const SEED = Number(process.env.QUADRILLE_SEED ?? 1);

interface Case {
  readonly program: Program;
  readonly next: readonly number[];
  readonly shape: readonly number[];
}

/** Runs both; returns why the loop ran as it did. */
function agree(
  { program, next }: Pick<Case, 'program' | 'next'>,
  steps: number,
  size: number,
  choose: () => number,
  tiles = {},
): string {
  const params = [0.3, -1.7];
  const bound = program.slots.filter((slot) => !slot.transient).length;
  const decl = (place: number) => program.slots[place] ?? program.slots[0];
  const start = next.map((_, place) => filled(decl(place)?.shape ?? [], decl(place)?.dtype, place + 1));
  let expected = start.map((array) => ({ ...array, data: array.data.slice() }));
  const wanted = [...expected];
  for (let step = 0; step < steps; step++) {
    const temporaries = program.slots.slice(bound).map(({ shape, dtype }) => filled(shape, dtype, 99 + step));
    run(program, [...expected.slice(0, bound), ...temporaries], params);
    const now = expected;
    expected = next.map((place, p) => now[place] ?? now[p]).filter((array) => array !== undefined);
  }
  const why = runLoop({ program, next, steps, size, params, choose, tiles }, start);
  start.forEach((array, place) => {
    const other = wanted[place];
    const difference = other ? firstDifference(array, other) : 'no such place';
    expect(
      difference,
      `place ${place}, ${steps} steps on ${size} ranks, ${why}\n${JSON.stringify(program)}`,
    ).toBeNull();
  });
  return why;
}

function loopOver(
  shape: readonly number[],
  fields: number,
  statements: readonly Statement[],
  timeTile: number | 'auto',
  processGrid?: readonly number[],
): Program {
  const program = programOf(
    Array.from({ length: fields }, () => filled(shape)),
    statements,
    2,
  );
  return {
    ...program,
    options: { ...program.options, timeTile },
    slots: program.slots.map((slot) => ({
      ...slot,
      decomposition: { shape, processGrid: processGrid ?? shape.map(() => 1) },
    })),
  };
}

const e = expressionsOver(['f64', 'f64', 'f64', 'f64']);
const sum = (...terms: ReturnType<typeof e.load>[]): ReturnType<typeof e.load> =>
  terms.reduce((a, b) => e.binary('add', a, b));

/** Bodies of time loops as they are written, over n x m points. */
const BODIES: Record<string, { fields: number; next: number[]; body: (n: number, m: number) => Statement[] }> = {
  'Jacobi, and its sides': {
    fields: 2,
    next: [1, 0],
    body: (n, m) => {
      const [r, c] = [range(1, n - 2), range(1, m - 2)];
      return [
        {
          target: { slot: 0, axes: [r, c] },
          value: sum(
            e.load(1, range(0, n - 2), c),
            e.load(1, range(2, n - 2), c),
            e.load(1, r, range(0, m - 2)),
            e.load(1, r, range(2, m - 2)),
          ),
        },
        { target: { slot: 0, axes: [at(0), range(0, m)] }, value: e.load(0, at(1), range(0, m)) },
        { target: { slot: 0, axes: [at(n - 1), range(0, m)] }, value: e.load(0, at(n - 2), range(0, m)) },
        { target: { slot: 0, axes: [range(0, n), at(0)] }, value: e.param(0) },
        { target: { slot: 0, axes: [range(0, n), at(m - 1)] }, value: e.load(0, range(0, n), at(m - 2)) },
      ];
    },
  },
  'leapfrog, three time levels': {
    fields: 3,
    next: [1, 2, 0],
    body: (n, m) => {
      const [r, c] = [range(2, n - 4), range(2, m - 4)];
      return [
        {
          target: { slot: 2, axes: [r, c] },
          value: e.binary(
            'sub',
            sum(
              e.load(1, range(0, n - 4), c),
              e.load(1, range(4, n - 4), c),
              e.load(1, r, range(0, m - 4)),
              e.load(1, r, range(4, m - 4)),
            ),
            e.load(0, r, c),
          ),
        },
      ];
    },
  },
  'staggered updates in place': {
    fields: 3,
    next: [0, 1, 2],
    body: (n, m) => [
      {
        target: { slot: 1, axes: [range(0, n - 1), range(0, m)] },
        value: sum(e.load(1, range(0, n - 1), range(0, m)), e.load(0, range(1, n - 1), range(0, m))),
      },
      {
        target: { slot: 2, axes: [range(0, n), range(0, m - 1)] },
        value: e.binary('sub', e.load(2, range(0, n), range(0, m - 1)), e.load(0, range(0, n), range(1, m - 1))),
      },
      {
        target: { slot: 0, axes: [range(1, n - 2), range(1, m - 2)] },
        value: sum(
          e.load(1, range(1, n - 2), range(1, m - 2)),
          e.load(1, range(0, n - 2), range(1, m - 2)),
          e.load(2, range(1, n - 2), range(0, m - 2)),
        ),
      },
    ],
  },
  'red and black': {
    fields: 1,
    next: [0],
    body: (n, m) =>
      [0, 1].flatMap((colour) =>
        [1, 2].map((row): Statement => {
          const rows = Math.ceil((n - 1 - row) / 2);
          const column = 1 + ((row + colour) % 2);
          const columns = Math.ceil((m - 1 - column) / 2);
          const [r, c] = [range(row, rows, 2), range(column, columns, 2)];
          return {
            target: { slot: 0, axes: [r, c] },
            value: e.binary(
              'mul',
              e.param(0),
              sum(
                e.load(0, range(row - 1, rows, 2), c),
                e.load(0, range(row + 1, rows, 2), c),
                e.load(0, r, range(column - 1, columns, 2)),
                e.load(0, r, range(column + 1, columns, 2)),
              ),
            ),
          };
        }),
      ),
  },
  'through a temporary': {
    fields: 2,
    next: [0, 1],
    body: (n, m) => [
      {
        target: { slot: 0, axes: [range(1, n - 2), range(0, m)] },
        value: sum(
          e.load(0, range(0, n - 2), range(0, m)),
          e.load(0, range(2, n - 2), range(0, m)),
          e.load(1, range(1, n - 2), range(0, m)),
        ),
      },
    ],
  },
  'a field that waits for its turn': {
    fields: 2,
    next: [1, 2, 0],
    body: (n, m) => [
      {
        target: { slot: 0, axes: [range(1, n - 2), range(0, m)] },
        value: sum(e.load(1, range(0, n - 2), range(0, m)), e.load(1, range(2, n - 2), range(0, m))),
      },
    ],
  },
};

/** From `start` on, n positions around a dimension of n. */
const round = (start: number, n: number): Axis => ({ kind: 'range', start, step: 1, count: n, wrap: true });

/** The same on grids that go around, in both dimensions or in one. */
const PERIODIC: typeof BODIES = {
  'around both ends': {
    fields: 2,
    next: [1, 0],
    body: (n, m) => [
      {
        target: { slot: 0, axes: [range(0, n), range(0, m)] },
        value: sum(
          e.load(1, round(n - 1, n), range(0, m)),
          e.load(1, round(1, n), range(0, m)),
          e.load(1, round(n - 1, n), round(1, m)),
          e.load(1, range(0, n), round(m - 2, m)),
        ),
      },
    ],
  },
  'around, staggered and in place, with a coefficient': {
    fields: 3,
    next: [0, 1, 2],
    body: (n, m) => [
      {
        target: { slot: 1, axes: [range(0, n), range(0, m)] },
        value: sum(e.load(1, range(0, n), range(0, m)), e.load(0, round(1, n), range(0, m))),
      },
      {
        target: { slot: 0, axes: [range(0, n), range(0, m)] },
        value: e.binary(
          'mul',
          e.load(2, range(0, n), range(0, m)),
          sum(
            e.load(0, range(0, n), range(0, m)),
            e.load(1, round(n - 1, n), range(0, m)),
            e.load(1, range(0, n), round(1, m)),
          ),
        ),
      },
    ],
  },
  'around in one dimension, sides in the other': {
    fields: 2,
    next: [1, 0],
    body: (n, m) => [
      {
        target: { slot: 0, axes: [range(1, n - 2), range(0, m)] },
        value: sum(
          e.load(1, range(0, n - 2), range(0, m)),
          e.load(1, range(2, n - 2), range(0, m)),
          e.load(1, range(1, n - 2), round(1, m)),
          e.load(1, range(1, n - 2), round(m - 1, m)),
        ),
      },
      { target: { slot: 0, axes: [at(0), range(0, m)] }, value: e.load(0, at(1), range(0, m)) },
      { target: { slot: 0, axes: [at(n - 1), range(0, m)] }, value: e.param(0) },
    ],
  },
};

describe('a tiled loop', () => {
  it.each(Object.keys({ ...BODIES, ...PERIODIC }))('%s: is the plain order on any ranks', (name) => {
    const { fields, next, body } = { ...BODIES, ...PERIODIC }[name] ?? { fields: 0, next: [], body: () => [] };
    let seed = 1;
    const choose = (): number => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    for (const [n, m] of [
      [12, 11],
      [9, 23],
      [30, 7],
      [61, 8],
    ] as const) {
      for (const [size, processGrid] of PROCESS_GRIDS) {
        for (const [timeTile, steps] of [
          [2, 5],
          [3, 3],
          [7, 16],
        ] as const) {
          const program = loopOver([n, m], fields, body(n, m), timeTile, processGrid);
          const why = agree({ program, next }, steps, size, choose, { height: 4, width: 8, rows: 1 + (steps % 3) });
          expect(why).toBe(`${timeTile} steps in one pass`);
        }
      }
    }
  });

  it('is the plain order for random programs on 1 to 6 ranks', () => {
    let tiled = 0;
    fc.assert(
      fc.property(fc.gen(), fc.integer({ min: 1, max: 9 }), fc.constantFrom(2, 3, 4, 7), (g, steps, timeTile) => {
        const { program, size } = randomProgram(g, [1, 2, 3, 4, 6]);
        fc.pre(!program.ints); // what moves from run to run is no loop
        // Fields of one kind change places at random.
        const own = program.slots.filter((slot) => !slot.transient);
        const next = own.map((_, s) => s);
        own.forEach((slot, s) => {
          const other = g(fc.integer, { min: 0, max: next.length - 1 });
          if (JSON.stringify(slot) !== JSON.stringify(program.slots[other])) return;
          [next[s], next[other]] = [next[other] ?? other, next[s] ?? s];
        });
        const looped = { ...program, options: { ...program.options, timeTile } };
        const tiles = {
          height: g(fc.integer, { min: 1, max: 6 }),
          width: g(fc.integer, { min: 1, max: 9 }),
          rows: g(fc.integer, { min: 1, max: 4 }),
        };
        const why = agree(
          { program: looped, next },
          steps,
          size,
          () => g(fc.double, { min: 0, max: 0.999, noNaN: true }),
          tiles,
        );
        if (why.endsWith('in one pass')) tiled++;
      }),
      { numRuns: RUNS, seed: SEED },
    );
    expect(tiled).toBeGreaterThan(RUNS / 20);
  });

  it('is the plain order for random programs that go around', () => {
    let tiledAround = 0;
    fc.assert(
      fc.property(fc.gen(), fc.integer({ min: 1, max: 9 }), fc.constantFrom(2, 3, 5), (g, steps, timeTile) => {
        const int = (min: number, max: number): number => g(fc.integer, { min, max });
        const most: readonly number[] = g(fc.constantFrom, [19], [11, 9], [7, 6, 5]);
        const shape = most.map((n) => int(1, n));
        const fields = int(1, 3);
        const load = (): ReturnType<typeof e.load> =>
          e.load(int(0, fields - 1), ...shape.map((n) => (int(0, 1) === 1 ? round(int(0, n - 1), n) : range(0, n))));
        const body = Array.from(
          { length: int(1, 3) },
          (): Statement => ({
            target: { slot: int(0, fields - 1), axes: shape.map((n) => range(0, n)) },
            value: e.binary('mul', e.param(0), sum(...Array.from({ length: int(1, 3) }, load))),
          }),
        );
        const size = [1, 2, 3, 4][int(0, 3)] ?? 1;
        const along = int(0, shape.length - 1);
        const program = loopOver(
          shape,
          fields,
          body,
          timeTile,
          shape.map((_, d) => (d === along ? size : 1)),
        );
        const turn = int(0, fields - 1);
        const next = Array.from({ length: fields }, (_, f) => (f + turn) % fields);
        const choose = (): number => g(fc.double, { min: 0, max: 0.999, noNaN: true });
        const tiles = { height: int(1, 6), width: int(1, 9), rows: int(1, 4) };
        const why = agree({ program, next }, steps, size, choose, tiles);
        if (why.endsWith('in one pass')) tiledAround++;
      }),
      { numRuns: RUNS, seed: SEED },
    );
    expect(tiledAround).toBeGreaterThan(RUNS / 4);
  });

  it('leaves alone what is read around an end, and swept in part', () => {
    const [n, m] = [12, 9];
    const part: Statement = {
      target: { slot: 0, axes: [range(1, n - 1), range(0, m)] },
      value: e.load(1, { kind: 'range', start: n - 1, step: 1, count: n - 1, wrap: true }, range(0, m)),
    };
    expect(agree({ program: loopOver([n, m], 2, [part], 3), next: [1, 0] }, 5, 1, () => 0)).toBe(
      'dimension 0 is read around its end, and not swept and read alike all along',
    );
  });

  it('sweeps most of a block while its halos travel', () => {
    const { fields, next, body } = BODIES['Jacobi, and its sides'] ?? { fields: 0, next: [], body: () => [] };
    const program = loopOver([80, 20], fields, body(80, 20), 4, [4, 1]);
    const points = (box: Box | null): number => (box ?? []).reduce((product, [lo, hi]) => product * (hi - lo), 1);
    for (let rank = 0; rank < 4; rank++) {
      const stages = lower(program, { rank, size: 4 }, { next }).plan.loop?.chain?.stages ?? [];
      const [sweep] = stages;
      // Of the first step all but a row beside each neighbour.
      const sides = rank === 0 || rank === 3 ? 1 : 2;
      expect(points(sweep?.inner ?? null)).toBe((20 - (sides === 1 ? 1 : 0) - sides) * 18);
      const inner = stages.map((stage) => points(stage.inner)).filter((count) => count > 50);
      expect(inner).toEqual([...inner].sort((a, b) => b - a)); // ever less
    }
  });
});
