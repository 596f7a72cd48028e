import { describe, expect, it } from 'vitest';
import type { Cost } from '../../jit/cost.js';
import { predict, printSpeed } from '../../jit/predict.js';

const MB = 2 ** 20;
/** 16 bytes and 0.16 ns per point. */
const cost = (workingSet: number): Cost => ({
  ...{ extent: [1, 1], bytesPerPoint: 16, leastBytes: 8, workingSet, computeNs: 0.16, memoryNs: 1 },
});
const machine = { threads: 2, l2Bytes: MB, memoryGBs: 20 };

describe('the roofline', () => {
  it('is memory for one sweep that no cache holds, and a part of it per step where several go in one pass', () => {
    expect(predict(cost(100 * MB), 1, machine)).toEqual({ nsPerPoint: 0.8, gbs: 20, waitsFor: 'memory' });
    expect(predict(cost(100 * MB), 8, machine)).toEqual({
      ...{ nsPerPoint: 0.1 + 0.1, gbs: 80, waitsFor: 'the caches' },
    });
  });

  it('is the caches, or computing, for what they hold', () => {
    expect(predict(cost(MB), 1, machine)).toEqual({ nsPerPoint: 0.1, gbs: 160, waitsFor: 'the caches' });
    const heavy = { ...cost(MB), computeNs: 4 };
    expect(predict(heavy, 1, machine)).toEqual({ nsPerPoint: 2, gbs: 8, waitsFor: 'computing' });
  });

  it('is guessed where nobody has measured the memory, and printed so', () => {
    const unknown = { ...machine, memoryGBs: undefined };
    expect(predict(cost(100 * MB), 1, unknown).gbs).toBe(32);
    expect(printSpeed(predict(cost(100 * MB), 1, unknown), undefined, unknown)).toBe(
      'predicted 32 GB/s, 0.5 ns per point and step, waiting for memory; memory gives 2 threads: not measured; not measured yet',
    );
  });

  it('is held against what has run', () => {
    const ran = { units: 64, computeSeconds: 2, bytesSwept: 60e9 };
    expect(printSpeed(predict(cost(100 * MB), 8, machine), ran, machine)).toBe(
      'predicted 80 GB/s, 0.2 ns per point and step, waiting for the caches; memory gives 2 threads: 20 GB/s; measured 30 GB/s in 64 run(s), 1.5 of the roofline',
    );
    expect(printSpeed(predict(cost(MB), 1, machine), { ...ran, units: 0 }, { ...machine, threads: 1 })).toContain(
      'memory gives one thread: 20 GB/s; not measured yet',
    );
  });
});
