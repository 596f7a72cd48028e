import { describe, expect, it } from 'vitest';
import type { KernelExpr, KernelIndex, KernelSpec } from '../../jit/kernel.js';
import type { Box } from '../../jit/plan.js';
import { rowsPerBlock } from '../../jit/plane-block.js';

const at = (...offsets: number[]): KernelIndex[] => offsets.map((c, axis) => ({ axis, a: 1, c, biased: false }));
const load = (...offsets: number[]): KernelExpr => ({ op: 'load', slot: 1, index: at(...offsets), dtype: 'f64' });

/** Slot 0 from slot 1's neighbours up to `radius` away along each dimension. */
function star(dims: number, radius: number): KernelSpec {
  const zeros = new Array<number>(dims).fill(0);
  const loads = zeros.flatMap((_, d) =>
    Array.from({ length: 2 * radius + 1 }, (_, k) => load(...zeros.with(d, k - radius))),
  );
  const value = loads.reduce((a, b): KernelExpr => ({ op: 'binary', fn: 'add', a, b, dtype: 'f64' }));
  const slots = zeros.slice(0, 2).map(() => ({ dtype: 'f64' as const, ndim: dims }));
  return { emitter: 0, dims, slots, stores: [{ slot: 0, index: at(...zeros), value }], constants: 0, contract: false };
}

const cube = (dims: number, n: number): Box => Array.from({ length: dims }, () => [0, n] as const);
const L2 = 1 << 20;

describe('rows of a plane block', () => {
  it('are as many as fit into half of the cache with the planes around them', () => {
    // 7-point: three planes read, one written, of rows of 512 numbers; two rows beyond its edges.
    expect(rowsPerBlock(star(3, 1), [cube(3, 512)], L2)).toBe(L2 / 2 / (4 * 8 * 512) - 2);
    expect(rowsPerBlock(star(3, 1), [cube(3, 512)], 4 * L2)).toBe((4 * L2) / 2 / (4 * 8 * 512) - 2);
  });

  it('are all rows where planes fit, or where none is read twice, or there are none', () => {
    expect(rowsPerBlock(star(3, 1), [cube(3, 128)], L2)).toBeNull();
    expect(rowsPerBlock(star(3, 0), [cube(3, 512)], L2)).toBeNull();
    expect(rowsPerBlock(star(2, 1), [cube(2, 8192)], L2)).toBeNull();
    expect(rowsPerBlock(star(3, 1), [], L2)).toBeNull();
  });

  it('are all rows where blocks would be mostly edges', () => {
    expect(rowsPerBlock(star(3, 4), [cube(3, 512)], L2 / 2)).toBeNull();
    expect(rowsPerBlock(star(3, 4), [cube(3, 512)], 8 * L2)).toBe(Math.floor((4 * L2) / (10 * 8 * 512)) - 8);
  });

  it('are counted by the largest box, and in four dimensions by the last three', () => {
    expect(rowsPerBlock(star(3, 1), [cube(3, 2), cube(3, 512)], L2)).toBe(30);
    expect(rowsPerBlock(star(4, 1), [[[0, 3], ...cube(3, 512)]], L2)).toBe(30);
  });
});
