/** How fields change places in a loop: a Program and the permutation in; which field stands where in each step out. */
import type { LoopShape } from './plan.js';
import type { Program, SlotDecl } from './program.js';

/**
 * The Program with a slot for every place, so that fields that only wait for their turn are bound, and have halos, as well.
 * They come after the Program's own fields and before its temporaries.
 */
export function withPlaces(program: Program, { next }: LoopShape): Program {
  const own = program.slots.filter((slot) => !slot.transient);
  const temporaries = program.slots.slice(own.length);
  const slots: (SlotDecl | undefined)[] = next.map((_, place) => own[place]);
  for (let place = 0; place < own.length; place++) {
    // Fields change places only with their like.
    for (let p = next[place] ?? place; p >= own.length; p = next[p] ?? place) slots[p] = own[place];
  }
  const more = next.length - own.length;
  const renumbered = (key: string, value: unknown): unknown =>
    key === 'slot' && typeof value === 'number' && value >= own.length ? value + more : value;
  return {
    ...program,
    slots: [...slots.filter((slot) => slot !== undefined), ...temporaries],
    statements: more > 0 ? JSON.parse(JSON.stringify(program.statements), renumbered) : program.statements,
  };
}

/**
 * places[t][s]: the place, as of the first step, whose field slot s is bound to in step t of `steps`. Temporaries stay.
 */
export function placesOf({ next }: LoopShape, slots: number, steps: number): number[][] {
  let places = Array.from({ length: slots }, (_, s) => s);
  return Array.from({ length: steps }, () => {
    const now = places;
    places = now.map((place, s) => now[next[s] ?? s] ?? place);
    return now;
  });
}
