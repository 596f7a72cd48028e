/** Lowering, run by the plain machine on several ranks, against the reference interpreter on whole arrays. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstDifference } from '../reference/compare.js';
import { run } from '../reference/interpreter.js';
import { expressionsOver, filled, programOf, range } from '../reference/programs.js';
import { runPlans } from './plans-machine.js';
import { randomProgram } from './random-program.js';

const RUNS = Number(process.env.QUADRILLE_FUZZ_RUNS ?? 400);

describe('plans of all ranks together', () => {
  it('compute what the statements mean, for random programs on 1 to 8 ranks', () => {
    let joined = 0;
    fc.assert(
      fc.property(fc.gen(), fc.constantFrom(1, 2), (g, timeTile) => {
        const { program: given, params, size, ints, madeFor } = randomProgram(g, [1, 2, 3, 4, 6, 8]);
        // Above 1: what may be joined is.
        const program = { ...given, options: { ...given.options, timeTile } };
        const start = program.slots.map((slot, s) => filled(slot.shape, slot.dtype, s + 1));
        const expected = start.map((array) => ({ ...array, data: array.data.slice() }));
        run(program, expected, params, ints);
        const { joins = [] } = runPlans(program, start, params, size, { ints, madeFor });
        joined += joins.length;
        start.forEach((array, slot) => {
          if (program.slots[slot]?.transient) return;
          const wanted = expected[slot];
          const difference = wanted ? firstDifference(array, wanted) : 'no such slot';
          expect(
            difference,
            `slot ${slot} on ${size} ranks, ${ints} by ${madeFor}\n${JSON.stringify(program)}`,
          ).toBeNull();
        });
      }),
      { numRuns: RUNS },
    );
    expect(joined).toBeGreaterThan(RUNS / 40);
  });

  it('send nothing for positions between those read, also where a rank owns only such', () => {
    // Found by the random programs: rank 0, which owns all of `there`, waited for rank 2, whose one point nobody reads.
    const axes = [range(0, 1), { kind: 'range', start: 0, step: 2, count: 2 } as const];
    const here = { shape: [1, 3], processGrid: [1, 4] };
    const arrays = [filled([1, 3]), filled([1, 3], 'f64', 2)];
    const statement = { target: { slot: 1, axes }, value: expressionsOver(['f64', 'f64']).load(0, ...axes) };
    const made = programOf(arrays, [statement], 0);
    const there = { ...here, origin: [0, -3], stride: [1, 1] };
    const slots = made.slots.map((slot, s) => ({ ...slot, decomposition: s === 0 ? here : there }));
    const expected = arrays.map((array) => ({ ...array, data: array.data.slice() }));
    run(made, expected, []);
    runPlans({ ...made, slots }, arrays, [], 4);
    arrays.forEach((array, s) => expect(firstDifference(array, expected[s] ?? array)).toBeNull());
  });
});
