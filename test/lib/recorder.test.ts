/** Where units end, what their keys depend on, and that a program is built once. */
import { type Expr, type Field, Grid, np, Stencil, swap } from 'quadrille';
import { beforeEach, describe, expect, it } from 'vitest';
import { MAX_PROGRAMS } from '../../lib/recorder.js';
import { session } from '../../lib/session.js';
import { tap } from '../../lib/tap.js';
import { type FakeEngine, installFakeEngine } from './fake-engine.js';

const fake: FakeEngine = installFakeEngine();
interface Seen {
  readonly key: string;
  readonly statements: number;
  readonly fields: readonly number[];
  readonly params: readonly number[];
  readonly ints: readonly number[];
  readonly label: string;
}
let units: Seen[] = [];
tap({
  unit: ({ program, fields, params, ints }) =>
    units.push({ key: program.key, statements: program.statements.length, label: program.label, fields, params, ints }),
});

let grid: Grid;
let x: Field;
let y: Field;
beforeEach(() => {
  session.recorder.cut();
  units = [];
  grid = new Grid([8, 8]);
  ({ x, y } = grid.fields('x', 'y'));
});

const counts = (): number[] => {
  session.recorder.cut();
  return units.map(({ statements }) => statements);
};
const keys = (): number => new Set(units.map(({ key }) => key)).size;

class Jacobi extends Stencil {
  x: Field;
  y: Field;
  count = 0;
  constructor(
    batch: number,
    private readonly value: (step: number) => number = () => 1,
  ) {
    super([8, 8], { batch });
    [this.x, this.y] = this.fields(2);
  }
  iterate(steps: number): boolean {
    const { x, y } = this;
    np`${y}[1:-1] = ${x}[2:] + ${x}[:-2]`;
    np`${y}[0] = ${this.value(this.count)}`;
    [this.x, this.y] = [y, x];
    return ++this.count !== steps;
  }
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe('a unit', () => {
  it('is one iterate of a Stencil, and all of them are one Program', async () => {
    await new Jacobi(10).solve(25);
    expect(counts()).toEqual(new Array(25).fill(2));
    expect(keys()).toBe(1);
    const [a = [], b = []] = units.map(({ fields }) => fields);
    expect(units.map(({ fields }) => fields)).toEqual(units.map((_, i) => (i % 2 ? b : a)));
    expect(a).toEqual([...b].reverse());
  });

  it('goes to the engine in batches, with ids and parameters in order', async () => {
    fake.submitted.length = 0;
    await new Jacobi(10, (step) => step).solve(25);
    expect(fake.submitted.map(({ params }) => params)).toEqual([range(0, 10), range(10, 20), range(20, 25)]);
    expect(fake.submitted[2]?.units.length).toBe(5 * 3);
  });

  it('that continues the one before is a step of a loop', async () => {
    fake.submitted.length = fake.loops.length = 0;
    await new Jacobi(10).solve(25);
    expect(fake.submitted).toEqual([]);
    const [a = 0, b = 0] = fake.loops[0]?.fields ?? [];
    expect(fake.loops).toEqual([10, 10, 5].map((count) => ({ fields: [a, b], params: [1], count })));
    fake.loops.length = 0;
    await new Jacobi(10).solve(21);
    expect(fake.loops.map(({ count }) => count)).toEqual([10, 10, 1]);
    await new Jacobi(3).solve(5);
    expect(fake.loops.slice(3).map(({ count }) => count)).toEqual([3, 2]);
    const [first = [], second = []] = fake.loops.slice(3).map(({ fields }) => fields);
    expect(second).toEqual([...first].reverse());
  });

  it('ends where the statement that opened it returns: a plain loop is one Program', () => {
    for (let i = 0; i < 5; i++) {
      np`${y}[1:-1] = ${x}[2:] + ${x}[:-2]`;
      np`${y}[0] = ${i}`;
      swap(x, y);
    }
    expect(counts()).toEqual([2, 2, 2, 2, 2]);
    expect(keys()).toBe(1);
    expect(units.map(({ params }) => params)).toEqual([[0], [1], [2], [3], [4]]);
  });

  it('ends where a loop shows after a prologue', () => {
    np`${x}[0] = 1`;
    np`${x}[:, 0] = 2`;
    for (let i = 0; i < 5; i++) np`${y}[1:-1] = ${x}[2:] + ${x}[:-2]`;
    expect(counts()).toEqual([3, 1, 1, 1, 1]);
  });

  it('does not take what follows a loop into the last round', () => {
    for (let i = 0; i < 5; i++) np`${y}[1:-1] = ${x}[2:] + ${x}[:-2]`;
    np`${x}[0] = 1`;
    expect(counts()).toEqual([1, 1, 1, 1, 1, 1]);
    expect(keys()).toBe(2);
  });

  it('ends at 64 statements', () => {
    for (let i = 0; i < 70; i++) {
      const column = `${Math.floor(i / 8) % 8}:`;
      x.at(`${i % 8}`, column).set(y.at(0, column));
    }
    expect(counts()[0]).toBe(64);
  });

  it('never ends within a template', () => {
    np`${x}[0] = 1`;
    np`
      ${y}[0] = 1
      ${x}[0] = 2
      ${x}[0] = 3
    `;
    np`${x}[0] = 1`;
    expect(counts()).toEqual([1, 3, 1]);
  });

  it('ends at an await and when the program pauses', async () => {
    np`${x}[0] = 1`;
    await grid.sync();
    np`${x}[1] = 1`;
    await Promise.resolve();
    np`${x}[2] = 1`;
    expect(counts()).toEqual([1, 1, 1]);
  });

  it('ends where the options of the grid change', () => {
    const other = new Grid([8, 8], { contract: true });
    const z = other.field('z');
    np`${x}[0] = 1`;
    np`${z}[1] = 1`;
    expect(counts()).toEqual([1, 1]);
    expect(keys()).toBe(2);
    session.recorder.asUnit(
      () => np`
      ${x}[0] = 1
      ${z}[0] = 2
      ${z}[1] = 3
      ${x}[0] = 4
    `,
    );
    expect(counts()).toEqual([1, 1, 1, 2, 1]);
  });

  it('begins anew after an error, which records nothing', () => {
    expect(() => np`${x}[0] = ${y}`).toThrow(/SHAPE_MISMATCH/);
    np`${x}[0] = 1`;
    expect(counts()).toEqual([1]);
  });
});

describe('the key of a Program', () => {
  const keyOf = (body: () => void): string => {
    session.recorder.cut();
    units = [];
    body();
    session.recorder.cut();
    return units[0]?.key ?? 'none';
  };

  it('has 128 bits', () => expect(keyOf(() => x.set(1))).toMatch(/^[0-9a-f]{32}$/));
  it('does not depend on values', () => expect(keyOf(() => x.set(y.mul(1)))).toBe(keyOf(() => x.set(y.mul(7)))));
  it('does not depend on which fields', () => expect(keyOf(() => x.set(y.mul(2)))).toBe(keyOf(() => y.set(x.mul(2)))));
  it('depends on aliasing', () => expect(keyOf(() => x.set(y.mul(2)))).not.toBe(keyOf(() => x.set(x.mul(2)))));
  it('depends on slices', () => expect(keyOf(() => x.at('1:').set(0))).not.toBe(keyOf(() => x.at(':-1').set(0))));
  it('depends on dtype', () => {
    const f = grid.field({ dtype: 'f32' });
    expect(keyOf(() => x.set(0))).not.toBe(keyOf(() => f.set(0)));
  });
  it('depends on shape and options', () => {
    const seen = [
      new Grid([8, 9]),
      new Grid([8, 8], { contract: true }),
      new Grid([8, 8], { odf: 3 }),
      new Grid([8, 8]),
    ].map((other) => {
      const f = other.field();
      return keyOf(() => f.set(0));
    });
    expect(new Set(seen).size).toBe(4);
    expect(seen[3]).toBe(keyOf(() => x.set(0)));
  });

  it('stands for a Program that is lowered once', () => {
    const before = fake.programs.length;
    for (let i = 0; i < 3; i++) {
      const other = new Grid([3, 14]).field();
      session.recorder.asUnit(() => other.set(i));
    }
    expect(fake.programs.length).toBe(before + 1);
  });

  it('comes with the line it was first recorded on', () => {
    keyOf(() => x.at('2:5', '3:4').set(0));
    expect(units[0]?.label).toMatch(/recorder\.test\.ts:\d+$/);
  });
});

describe('a loop over positions', () => {
  const rows = (body: (i: number) => void): number => {
    const before = session.recorder.built;
    for (let i = 1; i < 200; i++) body(i);
    session.handOver();
    return session.recorder.built - before;
  };
  const long = (): Field => new Grid([200, 200]).field();

  it('is one Program for all rows, after the first, in np text', () => {
    const [a, b] = [long(), long()];
    expect(rows((i) => np`${a}[${i}, 1:-1] += ${a}[${i} - 1, :-2] * ${b}[${i}, 2:]`)).toBe(2);
    expect(units.at(-1)).toMatchObject({ ints: [199] });
    expect(rows((i) => np`${a}[1:-1, -${i}] = ${a}[1:-1, -${i} - 1] + ${b}[${i}, 1:-1]`)).toBeLessThan(30);
    expect(rows((j) => np`${a}[:, ${j} - 1:${j} + 1] *= 0.5; ${b}[${j}, ${j}] = 1`)).toBe(2);
  });

  it('is one in the fluent dialect, after a few, and takes what else is sliced as it is', () => {
    const [a, b] = [long(), long()];
    expect(rows((i) => a.at(i, '1:-1').set(a.at(i - 1, ':-2').add(b.at(0, '2:'))))).toBeLessThan(8);
    expect(rows((i) => a.at(i).at('1:').set(b.at(i).mul(2).at(':-1')))).toBeLessThan(8);
  });

  it('is one over rows of transposed, flipped and sliced views', () => {
    const [a, b] = [long(), long()];
    expect(rows((i) => np`${a}.T[${i}, 1:] += ${b}.T[1:][${i} - 1, :-1]`)).toBe(2);
    // Where rows of both come near each other, how far apart they are is structure.
    expect(rows((i) => np`${a}.T[${i}, 1:] += ${a}.T[::-1][${i} - 1, :-1]`)).toBeLessThan(30);
    const [turned, rest] = [a.T, b.at('::-1', '1:')];
    expect(rows((i) => turned.at(i, '1:').set(rest.at(i - 1)))).toBeLessThan(8);
  });

  it('of reduced ranges makes a Plan for every place, and does not keep them all', () => {
    const [a, b] = [new Grid([700]).field(), new Grid([700]).field()];
    const [built, lowered, dropped] = [session.recorder.built, fake.programs.length, fake.dropped.length];
    for (let i = 0; i < 600; i++) np`${b}[${i}] = np.sum(${a}[${i}:${i} + 3])`;
    session.handOver();
    expect(session.recorder.built - built).toBe(2);
    expect(fake.programs.length - lowered).toBe(599); // the first two rounds are one unit
    expect(fake.dropped.length - dropped).toBe(512);
  });

  it('says where it has left the array, in the line and the words of every other slice', () => {
    const a = long();
    expect(() => rows((i) => np`${a}[${i} + 1] = 0`)).toThrow('Index 200 is out of range for dimension 0 of size 200');
    expect(() => rows((i) => a.at(i + 1).set(0))).toThrow('Index 200 is out of range for dimension 0 of size 200');
  });
});

describe('memory', () => {
  it('is given back after what uses it has been handed over', () => {
    const f = grid.field();
    fake.submitted.length = 0;
    fake.disposed.length = 0;
    f.set(3);
    grid.dispose();
    expect(fake.submitted.length).toBe(1);
    expect(fake.disposed).toContain(f.storage.native);
  });

  it('does not grow with every slice a long loop writes: Programs are forgotten, and built again where needed', () => {
    const rows = new Grid([3 * MAX_PROGRAMS, 2], { batch: 1 }).field();
    const { recorder } = session;
    const write = (k: number): Expr => recorder.asUnit(() => np`${rows}[${k}:, :] = ${k}`);
    const [built, dropped] = [recorder.built, fake.dropped.length];
    for (let k = 0; k < 3 * MAX_PROGRAMS; k++) write(k);
    expect(recorder.built - built).toBe(3 * MAX_PROGRAMS);
    expect([...recorder.recorded].length).toBeLessThanOrEqual(MAX_PROGRAMS);
    expect(fake.dropped.length - dropped).toBeGreaterThanOrEqual(2 * MAX_PROGRAMS);
    fake.submitted.length = 0;
    write(0);
    const [plan = -1] = fake.submitted[0]?.units ?? [];
    expect(fake.dropped).not.toContain(plan);
    expect(units.at(-1)).toMatchObject({ fields: [rows.storage.id], params: [0], ints: [0] });
  });

  it('an initial value reaches this block only', () => {
    const calls: number[][] = [];
    fake.writes.length = 0;
    new Grid([2, 3]).field({
      init: (i, j) => {
        calls.push([i ?? 0, j ?? 0]);
        return 10 * (i ?? 0) + (j ?? 0);
      },
    });
    expect(fake.writes[0]?.data).toEqual(Float64Array.of(0, 1, 2, 10, 11, 12));
    expect(calls.length).toBe(6);
  });
});
