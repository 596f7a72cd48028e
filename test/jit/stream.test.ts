import { describe, expect, it } from 'vitest';
import type { KernelExpr, KernelIndex, KernelSpec } from '../../jit/kernel.js';
import { streamedSlots } from '../../jit/stream.js';

const at = (c: number, a = 1): KernelIndex[] => [{ axis: 0, a, c, biased: a > 1 }];
const load = (slot: number): KernelExpr => ({ op: 'load', slot, index: at(0), dtype: 'f64' });

function spec(...stores: { slot: number; index: readonly KernelIndex[]; value: KernelExpr }[]): KernelSpec {
  const slots = Array.from({ length: 3 }, () => ({ dtype: 'f64' as const, ndim: 1 }));
  return { emitter: 0, dims: 1, slots, stores, constants: 0, contract: false };
}

describe('stores around the caches', () => {
  it('are for what a kernel overwrites without reading it', () => {
    const copy = { slot: 0, index: at(0), value: load(1) };
    expect(streamedSlots(spec(copy))).toEqual([0]);
    expect(streamedSlots(spec(copy, { slot: 2, index: at(0), value: load(2) }))).toEqual([0]);
  });

  it('are not for rows written from another column than the box begins with, or with gaps', () => {
    expect(streamedSlots(spec({ slot: 0, index: at(1), value: load(1) }))).toEqual([]);
    expect(streamedSlots(spec({ slot: 0, index: at(0, 2), value: load(1) }))).toEqual([]);
  });
});
