/**
 * Random programs as a user writes them, recorded; lowered for 1 to 8 ranks and run by the plain machine, plain or as
 * loops tiled in time: what comes out is the reference interpreter's.
 */
import fc from 'fast-check';
import { Grid } from 'quadrille';
import { describe, expect, it } from 'vitest';
import type { Program } from '../../jit/program.js';
import { session } from '../../lib/session.js';
import { tap } from '../../lib/tap.js';
import { installFakeEngine } from '../lib/fake-engine.js';
import { describeProgram, fieldsOf } from '../random/check.js';
import { randomPrograms } from '../random/generate.js';
import { callsLibrary, type RandomProgram } from '../random/program.js';
import { record } from '../random/record.js';
import type { ReferenceArray } from '../reference/array.js';
import { firstDifference } from '../reference/compare.js';
import { run } from '../reference/interpreter.js';
import { poisoned, Replay } from '../reference/replay.js';
import { MOST_THREADS, processGrids, randomFrom, setupFrom } from '../spmd/setup.js';
import { runLoop } from './loop-machine.js';
import { runPlans } from './plans-machine.js';

installFakeEngine();
new Grid([1], { threads: MOST_THREADS }).field(); // the engine starts with as many as any program asks for
const RUNS = Number(process.env.QUADRILLE_FUZZ_RUNS ?? 60);

/** What the engine would be given: a Program, what its fields hold before, and the numbers of this run. */
interface Unit {
  readonly program: Program;
  readonly arrays: readonly ReferenceArray[];
  readonly params: readonly number[];
  readonly ints: readonly number[];
}

/** Every Program that recording makes, with its first run. */
async function unitsOf(program: RandomProgram): Promise<Unit[]> {
  const units = new Map<string, Unit>();
  const setup = setupFrom(program.setup);
  // Before the replay hears of it: it interprets at once.
  const ids: { first?: Replay } = {};
  const stop = tap({
    unit: ({ program: made, fields, params, ints }) => {
      const arrays = fields.map((id) => copyOf(ids.first?.array(id)));
      if (!units.has(made.key)) units.set(made.key, { program: made, arrays, params: [...params], ints: [...ints] });
    },
  });
  const replay = new Replay();
  ids.first = replay;
  try {
    const { fields, common } = fieldsOf(program, setup);
    await record(program, fields, common);
    session.handOver();
    return [...units.values()];
  } finally {
    stop();
    replay.stop();
    for (const grid of setup.grids) grid.dispose();
  }
}

function copyOf(array: ReferenceArray | undefined): ReferenceArray {
  if (!array) throw new Error('the replay has not begun');
  return { ...array, data: array.data.slice() };
}

/** The same Program for so many ranks: every decomposition with a process grid of its own. */
function among(program: Program, size: number, seed: number): Program {
  const random = randomFrom(seed);
  const chosen = new Map<string, number[]>();
  const slots = program.slots.map((slot) => {
    const { shape } = slot.decomposition;
    if (shape.length === 0) return slot;
    const choices = processGrids(shape, size);
    const known = chosen.get(shape.join()) ?? choices[random(Math.max(1, choices.length))];
    const processGrid = known ?? [size, ...shape.slice(1).map(() => 1)];
    chosen.set(shape.join(), processGrid);
    return { ...slot, decomposition: { ...slot.decomposition, processGrid } };
  });
  return { ...program, slots };
}

function compare(program: Program, got: readonly ReferenceArray[], wanted: readonly ReferenceArray[]): void {
  got.forEach((array, slot) => {
    const expected = wanted[slot];
    const difference = expected ? firstDifference(array, expected) : 'no such slot';
    if (difference !== null) throw new Error(`slot ${slot}${difference}\n${JSON.stringify(program)}`);
  });
}

describe('recorded random programs, lowered for several ranks', () => {
  it('compute what their statements mean', { timeout: 60_000 + 200 * RUNS }, async () => {
    const property = fc.asyncProperty(
      randomPrograms,
      fc.constantFrom(1, 2, 3, 4, 6, 8),
      fc.nat(999),
      async (random, size, seed) => {
        fc.pre(random.until === null && !callsLibrary(random));
        for (const { program, arrays, params, ints } of (await unitsOf(random)).slice(0, 4)) {
          const cut = among(program, size, seed);
          const temporaries = program.slots.slice(arrays.length).map(poisoned);
          const wanted = arrays.map(copyOf);
          run(program, [...wanted, ...temporaries], params, ints);
          const got = [...arrays.map(copyOf), ...temporaries];
          runPlans(cut, got, params, size, { ints });
          compare(cut, got.slice(0, arrays.length), wanted);
        }
      },
    );
    await checked(property);
  });

  it('are the plain order as loops tiled in time', { timeout: 60_000 + 200 * RUNS }, async () => {
    let tiled = 0;
    const property = fc.asyncProperty(
      randomPrograms,
      fc.constantFrom(1, 2, 3, 4, 6),
      fc.nat(999),
      async (random, size, seed) => {
        fc.pre(random.until === null && !callsLibrary(random));
        const [unit] = await unitsOf(random);
        if (!unit || unit.ints.length > 0) return;
        const { program, arrays, params } = unit;
        const choose = randomFrom(seed + 1);
        const timeTile = 2 + choose(3);
        const cut = { ...among(program, size, seed), options: { ...program.options, timeTile } };
        const next = nextOf(program, arrays.length, choose);
        const steps = 1 + choose(9);
        const temporaries = program.slots.slice(arrays.length).map(poisoned);
        const wanted = arrays.map(copyOf);
        let places = [...wanted];
        for (let step = 0; step < steps; step++) {
          run(program, [...places, ...temporaries], params);
          const now = places;
          places = next.flatMap((place) => now[place] ?? []);
        }
        const got = arrays.map(copyOf);
        const tiles = { height: 1 + choose(6), width: 1 + choose(9), rows: 1 + choose(4) };
        const why = runLoop({ program: cut, next, steps, size, params, choose: () => choose(1000) / 1000, tiles }, got);
        if (why.endsWith('in one pass')) tiled++;
        compare(cut, got, wanted);
      },
    );
    await checked(property);
    expect(tiled).toBeGreaterThan(RUNS / 20);
  });
});

/** Which place a field has in the next step: some of one kind change places. */
function nextOf(program: Program, own: number, choose: (below: number) => number): number[] {
  const next = Array.from({ length: own }, (_, k) => k);
  const [a, b] = [choose(own), choose(own)];
  const same = JSON.stringify(program.slots[a]) === JSON.stringify(program.slots[b]);
  if (same) [next[a], next[b]] = [b, a];
  return next;
}

async function checked(property: fc.IAsyncProperty<[RandomProgram, number, number]>): Promise<void> {
  const result = await fc.check(property, { seed: Number(process.env.QUADRILLE_SEED ?? 1), numRuns: RUNS });
  if (!result.failed) return;
  const [program, size, seed] = result.counterexample ?? [];
  throw new Error(
    `on ${size} ranks, seed ${seed}:\n${program ? describeProgram(program) : ''}\n${result.errorInstance}`,
  );
}
