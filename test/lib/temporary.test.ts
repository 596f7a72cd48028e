/** Arrays of expressions: what they cost, when their memory goes, and what may still be asked of them. */
import { arange, copy, type Field, Grid, np, release, roll, swap, zeros, zeros_like } from 'quadrille';
import { beforeEach, describe, expect, it } from 'vitest';
import { session } from '../../lib/session.js';
import { tap } from '../../lib/tap.js';
import { thrown } from '../errors/thrown.js';
import { type FakeEngine, installFakeEngine } from './fake-engine.js';

const fake: FakeEngine = installFakeEngine();
let created = 0;
let units: { key: string; fields: readonly number[]; slots: number }[] = [];
tap({
  created: () => created++,
  unit: ({ program: { key, slots }, fields }) => units.push({ key, fields, slots: slots.length }),
});

let u: Field;
let v: Field;
beforeEach(() => {
  session.handOver();
  const grid = new Grid([12, 9]);
  ({ u, v } = grid.fields('u', 'v'));
  [created, units] = [0, []];
});

const keys = (): number => new Set(units.map(({ key }) => key)).size;

describe('a temporary', () => {
  it('that is released in the unit that made it has no memory of its own', () => {
    for (let step = 0; step < 20; step++) {
      const lap = copy(u.at('2:').add(u.at(':-2')));
      v.at('1:-1').set(lap);
      release(lap);
      swap(u, v);
    }
    session.handOver();
    expect([created, units.length, keys()]).toEqual([0, 20, 1]);
    expect(units[0]).toMatchObject({ slots: 3, fields: [expect.anything(), expect.anything()] });
  });

  it('has none in np text, where names are released with the template', () => {
    for (let step = 0; step < 20; step++) {
      np`lap = ${u}[2:] + ${u}[:-2]
        lap *= 2
        ${v}[1:-1] = lap`;
    }
    session.handOver();
    expect([created, units.length, keys()]).toEqual([0, 20, 1]);
  });

  it('keeps rounds of a loop apart also where a prologue came before', () => {
    u.at(0).set(1);
    for (let step = 0; step < 20; step++) {
      const t = copy(u.mul(2));
      v.at('1:-1').set(t.at('1:-1'));
      release(t);
    }
    session.handOver();
    expect([created, keys()]).toEqual([0, 2]);
  });

  it('that outlives its unit takes what another released, so that the same few are bound', () => {
    const ids = new Set<number>();
    let last = copy(u.mul(2));
    for (let step = 0; step < 200; step++) {
      const next = copy(last.add(u));
      release(last);
      last = next;
      session.handOver();
      ids.add(last.storage.native);
    }
    expect(ids.size).toBe(2);
    expect(keys()).toBeLessThan(5);
    release(last);
  });

  it('that replaces a large one has its memory: the unit that uses both ends first', () => {
    const large = new Grid([512, 512]);
    const w = large.field('w', { init: 1 });
    session.handOver();
    const before = fake.created;
    let lap = copy(w.roll(1, 0).add(w.roll(1, 1)));
    for (let step = 0; step < 20; step++) {
      w.set(lap);
      release(lap);
      lap = copy(w.roll(1, 0).add(w.roll(1, 1)));
    }
    session.handOver();
    expect(fake.created - before).toBe(1);
    release(lap);
    large.dispose();
  });

  it('that replaces one the unit does not use has its memory, of any size', () => {
    let kept = copy(u.mul(5));
    session.handOver();
    const before = fake.created;
    for (let step = 0; step < 20; step++) {
      u.set(v);
      release(kept);
      kept = copy(v.mul(5));
      session.handOver();
    }
    expect(fake.created).toBe(before);
    release(kept);
  });

  it('gives its memory back where nothing asks for it any more', () => {
    const t = copy(u.mul(3));
    session.handOver();
    const { native } = t.storage;
    release(t);
    for (let step = 0; step < 200; step++) session.recorder.asUnit(() => v.set(step));
    session.handOver();
    expect(fake.disposed).toContain(native);
  });

  it('cannot be used once it was released', () => {
    const t = copy(u.mul(3));
    release(t);
    thrown('DISPOSED', () => v.set(t));
    thrown('DISPOSED', () => t.at(0));
  });

  it('lies where what it is made of lies, and like a field of that grid if it has the shape', () => {
    expect(copy(u.mul(3)).storage.meta).toBe(u.storage.meta);
    expect(copy(u.at('1:').mul(3)).storage.meta.slot.decomposition.shape).toEqual([12, 9]);
    expect(zeros_like(u).storage.meta).toBe(u.storage.meta);
    expect(copy(u.at(3)).shape).toEqual([9]);
  });
});

describe('an array on the lattice of its grid', () => {
  const lies = (field: Field) => {
    const { origin = [0, 0], stride = [1, 1] } = field.storage.meta.slot.decomposition;
    return [origin, stride];
  };

  it('lies in the middle of what it is computed from', () => {
    const lap = copy(u.at('2:', '1:-1').add(u.at(':-2', '1:-1')).sub(u.at('1:-1', '2:')));
    expect(lies(lap)).toEqual([
      [1, 1.5],
      [1, 1],
    ]);
    const flux = copy(lap.at('1:').sub(lap.at(':-1')));
    expect(lies(flux)).toEqual([
      [1.5, 1.5],
      [1, 1],
    ]);
    // What is read as a whole says where, and a type changes nothing.
    expect(lies(copy(flux.add(v.at('1:-2', '2:'))))).toEqual(lies(flux));
    expect(lies(copy(flux.lt(0)))).toEqual(lies(flux));
    expect(copy(lap.at('1:-1').mul(2)).storage.meta).toBe(copy(lap.at('1:-1').sub(lap.at('1:-1'))).storage.meta);
  });

  it('of slices with steps is a coarse one, and a finer one of that is no finer than its grid', () => {
    const coarse = copy(u.at('1::2', '::4').mul(0.5));
    expect(lies(coarse)).toEqual([
      [1, 0],
      [2, 4],
    ]);
    expect(lies(copy(coarse.at('1:-1:2').add(1)))).toEqual([
      [3, 0],
      [4, 4],
    ]);
  });

  it('lies where it would without slices, if those go backwards, around or elsewhere', () => {
    expect(lies(copy(u.at('-2:0:-1').add(1)))).toEqual([
      [1, 0],
      [1, 1],
    ]);
    expect(lies(copy(u.at('1:').T.at(':', ':').mul(1)))).toEqual(lies(new Grid([12, 9]).field({ shape: [9, 11] })));
  });

  it('made on a grid in another shape lies in its middle: staggered, padded, or every second point', () => {
    const grid = new Grid([64, 33]);
    const at = (...shape: number[]) => lies(grid.field({ shape }));
    expect(at(65, 33)).toEqual([
      [-0.5, 0],
      [1, 1],
    ]);
    expect(at(62, 35)).toEqual([
      [1, -1],
      [1, 1],
    ]);
    expect(at(32, 17)).toEqual([
      [0.5, 0],
      [2, 2],
    ]);
    expect(at(7, 33)).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  it('made without a grid lies beside the first that it fits', () => {
    const rootOf = (shape: number[]) => zeros(shape).storage.meta.slot.decomposition;
    expect(rootOf([1030, 513])).toEqual({ shape: [1030, 513], processGrid: [1, 1] });
    expect(rootOf([1028, 513])).toEqual({ shape: [1030, 513], processGrid: [1, 1], origin: [1, 0] });
    expect(rootOf([515, 257])).toEqual({ shape: [1030, 513], processGrid: [1, 1], origin: [0.5, 0], stride: [2, 2] });
    expect(rootOf([130, 65])).toMatchObject({ shape: [1030, 513], stride: [8, 8] });
    expect(rootOf([515, 100])).toEqual({ shape: [515, 100], processGrid: [1, 1] });
  });
});

describe('a slice of an expression', () => {
  it('is the expression of sliced leaves', () => {
    const structureOf = (expr: { tree(): { structure: unknown } }): unknown => expr.tree().structure;
    const row = arange(9);
    expect(structureOf(u.mul(row).at('1:', 2))).toBe(structureOf(u.at('1:', 2).mul(row.at(2))));
    expect(structureOf(np`(${u} * ${row} + 1)[1:, ::2][0]`)).toBe(
      structureOf(u.at(1, '::2').mul(row.at('::2')).add(1)),
    );
    expect(structureOf(roll(u.add(v), 2, 0))).toBe(structureOf(roll(u, 2, 0).add(roll(v, 2, 0))));
  });

  it('of an interpolated expression takes its numbers and arrays every time', () => {
    const part = (a: Field, by: number): unknown[] => {
      const tree = np`(${a.mul(by)} + 1)[1:, 3]`.tree();
      return [tree.structure.shape, tree.kids[0]?.kids[0]?.storage, tree.kids[0]?.kids[1]?.value];
    };
    expect(part(u, 2)).toEqual([[11], u.storage, 2]);
    expect(part(v, 5)).toEqual([[11], v.storage, 5]);
  });

  it('keeps to what its fields held when it was built', () => {
    const sum = u.add(v);
    u.set(0);
    thrown('STALE_EXPRESSION', () => v.at('1:').set(sum.at('1:')));
  });

  it('out of range is refused with the shape of the expression', () => {
    expect(thrown('INDEX_OUT_OF_RANGE', () => u.at('1:').add(1).at(11)).summary).toContain('size 11');
    thrown('TOO_MANY_SLICES', () => u.add(1).at(0, 0, 0));
  });
});
