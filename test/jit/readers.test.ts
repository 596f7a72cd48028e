/** Planning looks at the ranks that can read each other, however many there are. */
import { describe, expect, it } from 'vitest';
import { fuse, type Group } from '../../jit/fuse.js';
import { place, type SlotTable, slotTable } from '../../jit/place.js';
import type { Statement } from '../../jit/program.js';
import { anyNeeds, readersOf } from '../../jit/readers.js';
import { toSweeps } from '../../jit/to-sweeps.js';
import { expressionsOver, filled, programOf, range } from '../reference/programs.js';

const e = expressionsOver(['f64', 'f64']);
const side = 32;
const n = 4 * side;

/** Groups of one statement on 32 x 32 ranks with 4 x 4 points each. */
function planned(statement: Statement): { groups: Group[]; table: SlotTable } {
  const made = programOf([filled([n, n]), filled([n, n])], [statement], 0);
  const decomposition = { shape: [n, n], processGrid: [side, side] };
  const program = { ...made, slots: made.slots.map((slot) => ({ ...slot, decomposition })) };
  const table = slotTable(program, side * side);
  return { groups: fuse(place(toSweeps(program, table), table), table), table };
}

const inner = range(1, n - 2);
const rank = 5 * side + 7;

describe('ranks that may read one', () => {
  it('are its neighbours where a stencil reads one point away', () => {
    const target = { slot: 0, axes: [inner, inner] };
    const value = e.binary('add', e.load(1, range(0, n - 2), inner), e.load(1, inner, range(2, n - 2)));
    const { groups, table } = planned({ target, value });
    const others = readersOf(groups, rank, table).filter((reader) => reader !== rank);
    expect(others).toEqual([rank - 1, rank + side]);
  });

  it('are the one rank that mirrors it, and all that repeat it', () => {
    const whole = range(0, n);
    const mirrored = planned({
      target: { slot: 0, axes: [whole, whole] },
      value: e.load(1, { kind: 'range', start: n - 1, step: -1, count: n }, whole),
    });
    expect(readersOf(mirrored.groups, rank, mirrored.table)).toEqual([(side - 1 - 5) * side + 7]);
    const repeated = planned({ target: { slot: 0, axes: [whole, whole] }, value: e.load(1, range(20, 1), whole) });
    const column = Array.from({ length: side }, (_, k) => k * side + 7);
    expect(readersOf(repeated.groups, rank, repeated.table)).toEqual(column);
    expect(readersOf(repeated.groups, rank + side, repeated.table)).toEqual([]);
  });

  it('are none where everybody has what it reads', () => {
    const { groups, table } = planned({ target: { slot: 0, axes: [inner, inner] }, value: e.load(1, inner, inner) });
    expect(anyNeeds(groups, table)).toBe(false);
    const within = planned({ target: { slot: 0, axes: [range(1, 1), inner] }, value: e.load(1, range(2, 1), inner) });
    expect(anyNeeds(within.groups, within.table)).toBe(false);
  });
});
