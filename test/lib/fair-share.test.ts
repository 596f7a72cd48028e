/** How the cores of a node are divided among its ranks. */
import { describe, expect, it } from 'vitest';
import { fairShare, placesFor } from '../../lib/fair-share.js';

/** Ranks bound to these hardware threads; two of them to a core if `smt`. */
function ranks(bindings: readonly (readonly number[])[], { smt = false, quota = Infinity } = {}) {
  return bindings.map((pus) => ({ pus, cores: pus.map((pu) => (smt ? pu >> 1 : pu)), quota }));
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('fairShare', () => {
  it('gives a rank alone all its cores', () => {
    expect(fairShare(ranks([upTo(6)]), 0)).toEqual({ threads: 6, oversubscribed: false });
  });

  it('divides cores that several ranks share, and rounds down', () => {
    const all = ranks([upTo(8), upTo(8), upTo(8)]);
    expect([0, 1, 2].map((rank) => fairShare(all, rank).threads)).toEqual([2, 2, 2]);
  });

  it('gives whole cores where the division comes out even', () => {
    expect(fairShare(ranks(Array.from({ length: 6 }, () => upTo(6))), 3)).toEqual({
      threads: 1,
      oversubscribed: false,
    });
  });

  it('leaves bound cores to the rank bound to them', () => {
    const all = ranks([[0, 1, 2], [3], [2, 3]]);
    expect(all.map((_, rank) => fairShare(all, rank).threads)).toEqual([2, 1, 1]);
  });

  it('counts cores, not hardware threads', () => {
    expect(fairShare(ranks([upTo(8)], { smt: true }), 0).threads).toBe(4);
  });

  it('does not call two ranks on the two hardware threads of a core oversubscribed', () => {
    expect(fairShare(ranks([[0], [1]], { smt: true }), 0)).toEqual({ threads: 1, oversubscribed: false });
  });

  it('says when any rank of the node has less than a hardware thread', () => {
    expect(fairShare(ranks([[0, 1], [2], [2]]), 0)).toEqual({ threads: 2, oversubscribed: true });
  });

  it('keeps within the CPU time that the control group grants', () => {
    expect(fairShare(ranks([upTo(16), upTo(16)], { quota: 4 }), 0)).toEqual({ threads: 2, oversubscribed: false });
    expect(fairShare(ranks([upTo(16), upTo(16)], { quota: 1 }), 0)).toEqual({ threads: 1, oversubscribed: true });
  });
});

describe('placesFor', () => {
  const cpus = (pus: number[], cores = pus, quota = Number.POSITIVE_INFINITY) => ({ pus, cores, quota });

  it("gives each thread a core, with all its hardware threads, where the team fills the rank's own cores", () => {
    expect(placesFor([cpus([0, 1, 2, 3], [0, 1, 0, 1])], 0, 2)).toEqual([
      [0, 2],
      [1, 3],
    ]);
    expect(placesFor([cpus([0, 1]), cpus([2, 3])], 1, 2)).toEqual([[2], [3]]);
  });

  it('leaves threads free where cores are shared, not all used, or not enough', () => {
    expect(placesFor([cpus([0, 1]), cpus([0, 1])], 0, 2)).toBeUndefined();
    expect(placesFor([cpus([0, 1, 2])], 0, 2)).toBeUndefined();
    expect(placesFor([cpus([0, 1])], 0, 3)).toBeUndefined();
    expect(placesFor([cpus([0])], 0, 1)).toBeUndefined();
    expect(placesFor([cpus([0, 1], [0, 1], 1.5)], 0, 2)).toBeUndefined();
  });
});
