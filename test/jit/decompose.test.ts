/** Decomposition: every point has one owner, whatever the shape and the number of ranks. */
import { describe, expect, it } from 'vitest';
import {
  blockOf,
  chooseProcessGrid,
  coordsOf,
  cutEvenly,
  latticeShift,
  layoutOf,
  rankAt,
} from '../../jit/decompose.js';
import { sizeOf } from '../reference/array.js';

describe('cutEvenly', () => {
  it('spreads the remainder: sizes differ by at most one', () => {
    for (const [n, parts] of [
      [10, 3],
      [61, 8],
      [3, 5],
      [0, 2],
      [257, 6],
    ] as const) {
      const cuts = cutEvenly(n, parts);
      const sizes = cuts.slice(1).map((cut, k) => cut - (cuts[k] ?? 0));
      expect(sizes.reduce((a, b) => a + b, 0)).toBe(n);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });
});

describe('chooseProcessGrid', () => {
  it('uses all ranks and cuts the longest sides', () => {
    expect(chooseProcessGrid([1000, 10], 4)).toEqual([4, 1]);
    expect(chooseProcessGrid([10, 1000], 4)).toEqual([1, 4]);
    expect(chooseProcessGrid([512, 512, 512], 8)).toEqual([2, 2, 2]);
    expect(chooseProcessGrid([100], 7)).toEqual([7]);
  });

  it('gives no dimension more ranks than points while another has room', () => {
    expect(chooseProcessGrid([2, 50], 6)).toEqual([1, 6]);
    expect(chooseProcessGrid([2, 3], 6)).toEqual([2, 3]);
    expect(chooseProcessGrid([2, 2], 8).reduce((a, b) => a * b)).toBe(8);
  });
});

describe('blocks', () => {
  it('cover every field once: grid-shaped, staggered, smaller, of other rank, on more ranks than points', () => {
    const decomposition = { shape: [9, 4], processGrid: [2, 3] };
    for (const shape of [[9, 4], [10, 5], [8, 3], [3, 1], [40, 2], [7], [2, 3, 4]]) {
      const layout = layoutOf(shape, decomposition);
      const blocks = Array.from({ length: 6 }, (_, rank) => blockOf(layout, rank));
      expect(blocks.map((block) => sizeOf(block.extent)).reduce((a, b) => a + b, 0)).toBe(sizeOf(shape));
      for (const { offset, extent } of blocks) {
        offset.forEach((start, d) => {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(start + (extent[d] ?? 0)).toBeLessThanOrEqual(shape[d] ?? 0);
        });
      }
    }
  });

  it('of staggered fields start where the grid is cut', () => {
    const decomposition = { shape: [9, 4], processGrid: [2, 2] };
    for (let rank = 0; rank < 4; rank++) {
      const own = blockOf(layoutOf([9, 4], decomposition), rank);
      expect(blockOf(layoutOf([10, 5], decomposition), rank).offset).toEqual(own.offset);
    }
  });

  it('of fields on every second point, between points, or shifted follow the places of their elements', () => {
    // The grid is cut at 6, 13 and 20 of 27.
    const layout = (n: number, origin: number, stride = 1) =>
      layoutOf([n], { shape: [27], processGrid: [4], origin: [origin], stride: [stride] });
    expect(layout(25, 1).cuts).toEqual([[0, 5, 12, 19, 25]]);
    expect(layout(29, -1).cuts).toEqual([[0, 7, 14, 21, 29]]);
    expect(layout(14, 0, 2).cuts).toEqual([[0, 3, 7, 10, 14]]);
    expect(layout(26, 0.5).cuts).toEqual([[0, 5, 12, 19, 26]]); // half way counts as above
    expect(layout(28, -0.5).cuts).toEqual([[0, 6, 13, 20, 28]]);
    expect(layout(5, 8)).toMatchObject({ cuts: [[0, 0, 5, 5, 5]], edges: [[-2, 5, 12]] });
  });

  it('that are cut alike but for a shift are told by it', () => {
    const layout = (n: number, origin: number, stride = 1) =>
      layoutOf([n], { shape: [27], processGrid: [4], origin: [origin], stride: [stride] });
    expect(latticeShift(layout(27, 0), layout(5, 8), 0)).toBe(8);
    expect(latticeShift(layout(25, 1), layout(27, 0), 0)).toBe(-1);
    expect(latticeShift(layout(14, 0, 2), layout(27, 0), 0)).toBeUndefined();
    expect(latticeShift(layout(14, 0, 2), layout(13, 1, 2), 0)).toBeUndefined(); // 6 is even, 13 is odd
  });

  it('number their ranks with the last dimension fastest', () => {
    expect([0, 1, 2, 3, 4, 5].map((rank) => coordsOf(rank, [2, 3]))).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
      [1, 2],
    ]);
    expect(rankAt([1, 2], [2, 3])).toBe(5);
  });
});
