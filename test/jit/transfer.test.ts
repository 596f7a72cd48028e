/** Gathering on several ranks, against slicing the whole array. */
import { describe, expect, it } from 'vitest';
import { blockOf, layoutOf } from '../../jit/decompose.js';
import type { SlotDecl } from '../../jit/program.js';
import { gatherPlan, type TransferOptions } from '../../jit/transfer.js';
import { indicesOf, positionOf, sizeOf } from '../reference/array.js';
import { Memory, type Rank, runWave } from './machine.js';

const decl: SlotDecl = { dtype: 'f64', shape: [7, 10], decomposition: { shape: [7, 9], processGrid: [2, 3] } };
const layout = layoutOf(decl.shape, decl.decomposition);
const valueAt = (index: readonly number[]): number => 1 + positionOf(decl.shape, index);

function eachOwned(visit: (rank: number, global: number[], local: readonly number[]) => void): void {
  for (let rank = 0; rank < 6; rank++) {
    const block = blockOf(layout, rank);
    for (const local of indicesOf(block.extent))
      visit(
        rank,
        local.map((i, d) => i + (block.offset[d] ?? 0)),
        local,
      );
  }
}

function ranksFor(options: TransferOptions): { ranks: Rank[]; shape: readonly number[] } {
  const made = Array.from({ length: 6 }, (_, rank) => gatherPlan(decl, { rank, size: 6 }, options));
  const ranks = made.map(({ plan }) => ({
    plan,
    specs: new Map(),
    memory: plan.slots.map((slot) => new Memory(slot)),
  }));
  return { ranks, shape: made[0]?.shape ?? [] };
}

/** Indices of the field that a box and step choose, in C order. */
function chosen(box: readonly (readonly [number, number])[], step: readonly number[]): number[][] {
  const counts = box.map(([lo, hi], d) => Math.max(0, Math.ceil((hi - lo) / (step[d] ?? 1))));
  return [...indicesOf(counts)].map((i) => i.map((k, d) => (box[d]?.[0] ?? 0) + k * (step[d] ?? 1)));
}

const cases: { name: string; box: [number, number][]; step: number[] }[] = [
  {
    name: 'everything',
    box: [
      [0, 7],
      [0, 10],
    ],
    step: [1, 1],
  },
  {
    name: 'a slab of rows',
    box: [
      [2, 5],
      [0, 10],
    ],
    step: [1, 1],
  },
  {
    name: 'one element',
    box: [
      [6, 7],
      [9, 10],
    ],
    step: [1, 1],
  },
  {
    name: 'every third column',
    box: [
      [0, 7],
      [1, 10],
    ],
    step: [2, 3],
  },
  {
    name: 'nothing',
    box: [
      [3, 3],
      [0, 10],
    ],
    step: [1, 1],
  },
];

describe('gatherPlan', () => {
  for (const dest of ['all', 0, 4] as const) {
    for (const { name, box, step } of cases) {
      it(`brings ${name} to ${dest}`, () => {
        const { ranks, shape } = ranksFor({ dest, box, step });
        eachOwned((rank, global, local) => {
          const memory = ranks[rank]?.memory[0];
          if (memory) memory.data[memory.at(local)] = valueAt(global);
        });
        runWave(ranks, 0, []);
        const expected = chosen(box, step).map(valueAt);
        expect(sizeOf(shape)).toBe(expected.length);
        ranks.forEach((rank, r) => {
          const holds = dest === 'all' || dest === r;
          expect(rank.plan.bound).toBe(holds ? 2 : 1);
          expect([...(rank.memory[1]?.data ?? [])]).toEqual(holds ? expected : []);
        });
      });
    }
  }

  it('has one key on all ranks and another for another box', () => {
    const keys = (options: TransferOptions) => ranksFor(options).ranks.map((rank) => rank.plan.key);
    expect(new Set(keys({ dest: 0 })).size).toBe(1);
    expect(keys({ dest: 0 })[0]).not.toBe(keys({ dest: 1 })[0]);
  });
});
