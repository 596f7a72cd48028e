import { describe, expect, it } from 'vitest';
import { kernelText } from '../../jit/emit.js';
import { jamFactor, mayJam } from '../../jit/jam.js';
import type { KernelExpr, KernelIndex, KernelSpec } from '../../jit/kernel.js';

type Place = readonly KernelIndex[];

/** Position `c` from the current one along each dimension. */
const at = (...offsets: number[]): Place => offsets.map((c, axis) => ({ axis, a: 1, c, biased: false }));
const load = (slot: number, index: Place): KernelExpr => ({ op: 'load', slot, index, dtype: 'f64' });
const sum = (...terms: KernelExpr[]): KernelExpr =>
  terms.reduce((a, b) => ({ op: 'binary', fn: 'add', a, b, dtype: 'f64' }));

function spec(dims: number, ...stores: { slot: number; index: Place; value: KernelExpr }[]): KernelSpec {
  const slots = Array.from({ length: 4 }, () => ({ dtype: 'f64' as const, ndim: dims }));
  return { emitter: 0, dims, slots, stores, constants: 0, contract: false };
}

/** Slot 0 from slot 1's star. */
const star = (dims: number, radius: number): KernelSpec => {
  const loads: KernelExpr[] = [];
  for (let d = 0; d < dims; d++) {
    for (let c = -radius; c <= radius; c++) {
      if (c !== 0) loads.push(load(1, at(...Array.from({ length: dims }, (_, k) => (k === d ? c : 0)))));
    }
  }
  return spec(dims, { slot: 0, index: at(...new Array<number>(dims).fill(0)), value: sum(...loads) });
};

/** Loads in the block of this name. */
function loadsIn(text: string, block: string): number {
  const from = text.indexOf(`\n${block}:`);
  return from < 0 ? -1 : (text.slice(from, text.indexOf('br i1', from)).match(/ load double/g)?.length ?? 0);
}

describe('how many rows are jammed', () => {
  it('is four in 2-D, where they share half of their row reads', () => {
    expect(jamFactor(star(2, 1))).toBe(4);
    expect(jamFactor(star(2, 4))).toBe(4);
  });

  it('is one where rows share little, or nothing, or there is but one', () => {
    expect(jamFactor(star(3, 1))).toBe(1);
    expect(jamFactor(star(3, 4))).toBe(1);
    expect(jamFactor(star(1, 1))).toBe(1);
    expect(jamFactor(spec(2, { slot: 0, index: at(0, 0), value: load(1, at(0, 0)) }))).toBe(1);
  });

  it('is one where each element calls the maths library', () => {
    const plain = star(2, 1).stores[0];
    const value: KernelExpr = { op: 'unary', fn: 'exp', a: plain?.value ?? load(1, at(0, 0)), dtype: 'f64' };
    expect(jamFactor(spec(2, { slot: 0, index: at(0, 0), value }))).toBe(1);
  });
});

describe('jammed rows', () => {
  it('load what they have in common once, and rows left over are done one by one', () => {
    const text = kernelText(star(2, 1), 'k');
    expect(loadsIn(text, 'inner_jam')).toBe(14); // rows -1 .. 4 at x, rows 0 .. 3 at x - 1 and x + 1
    expect(loadsIn(text, 'inner')).toBe(4);
    expect(text.match(/store double/g)).toHaveLength(5);
  });

  it('are not formed where one might read what another one writes', () => {
    const store = (index: Place): KernelSpec => spec(2, { slot: 0, index: at(0, 0), value: load(0, index) });
    expect(mayJam(store(at(1, 0)), 4)).toBe(false);
    expect(mayJam(store(at(-3, 0)), 4)).toBe(false);
    expect(mayJam(store(at(-4, 0)), 4)).toBe(true);
    expect(mayJam(store(at(-3, 0)), 2)).toBe(true);
    const fixed: Place = [{ axis: -1, a: 0, c: 7, biased: false }, ...at(0, 0).slice(1)];
    expect(mayJam(store(fixed), 4)).toBe(false);
  });

  it('are formed over updates in place, other planes and red-black rows', () => {
    const store = (index: Place, value: Place): KernelSpec =>
      spec(index.length, { slot: 0, index, value: load(0, value) });
    expect(mayJam(store(at(0, 0), at(0, 0)), 4)).toBe(true);
    expect(mayJam(store(at(0, 0, 0), at(1, 1, 0)), 4)).toBe(true);
    const everyOther = (c: number): Place => [{ axis: 0, a: 2, c, biased: true }, ...at(0, 0).slice(1)];
    expect(mayJam(store(everyOther(0), everyOther(1)), 4)).toBe(true);
    expect(mayJam(store(everyOther(0), everyOther(2)), 4)).toBe(false);
  });
});
