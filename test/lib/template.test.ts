/** np text: what it means, that it is parsed once, and that it means what the fluent dialect means. */
import { type Expr, Field, Grid, np, roll, swap, View, where } from 'quadrille';
import { beforeEach, describe, expect, it } from 'vitest';
import { printProgram } from '../../lib/explain.js';
import type { Node, Statement } from '../../lib/numpy/ast.js';
import { parse } from '../../lib/numpy/parse.js';
import { makeSource } from '../../lib/numpy/source.js';
import { session } from '../../lib/session.js';
import { tap } from '../../lib/tap.js';
import { installFakeEngine } from './fake-engine.js';

installFakeEngine();
const grid = new Grid([6, 8], { periodic: [true, false] });
let x: Field;
let y: Field;
beforeEach(() => {
  ({ x, y } = grid.fields('x', 'y'));
});

interface Recorded {
  readonly lines: string[];
  readonly fields: readonly number[];
  readonly params: readonly number[];
  readonly key: string;
}

/** What `body` records, as one unit. */
function recorded(body: () => void): Recorded {
  const units: Recorded[] = [];
  session.recorder.cut();
  const stop = tap({
    unit: ({ program, fields, params }) => {
      const lines = printProgram(program)
        .split('\n')
        .filter((line) => line.includes(' = '))
        .map((line) => line.trim());
      units.push({ lines, fields, params, key: program.key });
    },
  });
  session.recorder.asUnit(body);
  stop();
  const [unit] = units;
  if (!unit || units.length > 1) throw new Error(`${units.length} units`);
  return unit;
}

/** Fully parenthesised, as Python groups it. */
function grouped(node: Node): string {
  switch (node.kind) {
    case 'number':
      return String(node.value);
    case 'name':
      return node.name;
    case 'unary':
      return `(${node.op}${grouped(node.a)})`;
    case 'binary':
      return `(${grouped(node.a)} ${node.op} ${grouped(node.b)})`;
    default:
      return node.kind;
  }
}
const parsed = (text: string): Statement[] => parse(makeSource([text], []));
const grouping = (text: string): string => {
  const [statement] = parsed(text);
  return statement?.kind === 'expression' ? grouped(statement.value) : 'no expression';
};

describe('the grammar', () => {
  it.each([
    ['-x**2', '(-(x ** 2))'],
    ['2**-1', '(2 ** (-1))'],
    ['a**b**c', '(a ** (b ** c))'],
    ['a - b - c', '((a - b) - c)'],
    ['a / b * c', '((a / b) * c)'],
    ['a + b * c', '(a + (b * c))'],
    ['-a * b', '((-a) * b)'],
    ['a & b | c & d', '((a & b) | (c & d))'],
    ['a < b + c', '(a < (b + c))'],
    ['~(a < b) & c', '((~(a < b)) & c)'],
    ['a & b == c', '((a & b) == c)'],
    ['- -a', '(-(-a))'],
  ])('groups %s as Python does', (text, expected) => expect(grouping(text)).toBe(expected));

  it('reads lines, comments, semicolons, and continuations in brackets', () => {
    const kinds = parsed('\n  # one\n  a = 1; b = 2  # two\n  c = (a +\n       b)\n\n').map(({ kind }) => kind);
    expect(kinds).toEqual(['assign', 'assign', 'assign']);
  });

  it('reads numbers of all kinds', () => {
    expect(['1e-3', '1_000', '.5', '2.', '0x10', '1.e-3', '2.5', '1_0.'].map(grouping)).toEqual([
      '0.001',
      '1000',
      '0.5',
      '2',
      '16',
      '0.001',
      '2.5',
      '10',
    ]);
    expect(['2.*x', '1./x1', '(2.)-3.', '2.**3.e1'].map(grouping)).toEqual([
      '(2 * x)',
      '(1 / x1)',
      '(2 - 3)',
      '(2 ** 30)',
    ]);
  });
});

describe('a template', () => {
  it('records what the fluent dialect records, with the same key', () => {
    const text = recorded(
      () => np`${y}[1:-1, 1:-1] = (${x}[:-2, 1:-1] + ${x}[2:, 1:-1] - ${x}[1:-1, :-2] / ${x}[1:-1, 2:]) * ${0.25}`,
    );
    const fluent = recorded(() =>
      y.at('1:-1', '1:-1').set(
        x
          .at(':-2', '1:-1')
          .add(x.at('2:', '1:-1'))
          .sub(x.at('1:-1', ':-2').div(x.at('1:-1', '2:')))
          .mul(0.25),
      ),
    );
    expect(text).toEqual(fluent);
  });

  it('assigns in chains, from left to right', () => {
    expect(recorded(() => np`${x}[0, :] = ${y}[-1] = 3`).lines).toEqual(['a[0, 0:8] = p0', 'b[5, 0:8] = p1']);
  });

  it.each([
    ['+=', '+'],
    ['-=', '-'],
    ['*=', '*'],
    ['/=', '/'],
  ])('updates with %s', (op, sign) => {
    const strings = Object.assign(['', ` ${op} `, '[2:3]'], { raw: ['', ` ${op} `, '[2:3]'] });
    expect(recorded(() => np(strings, x, y)).lines).toEqual([`a[0:6, 0:8] = (a[0:6, 0:8] ${sign} b[2:3, 0:8])`]);
  });

  it('updates with **=', () =>
    expect(recorded(() => np`${x} **= 2`).lines).toEqual(['a[0:6, 0:8] = square(a[0:6, 0:8])']));

  it('exchanges fields, without moving data, for later lines and calls', () => {
    const [a, b] = [x.storage, y.storage];
    const { lines, fields } = recorded(
      () => np`
      ${y}[:] = ${x} + 1
      ${x}, ${y} = ${y}, ${x}
      ${y}[:] = ${x} + 2
    `,
    );
    expect(lines).toEqual(['a[0:6, 0:8] = (b[0:6, 0:8] + p0)', 'b[0:6, 0:8] = (a[0:6, 0:8] + p1)']);
    expect(fields).toEqual([b.id, a.id]);
    expect([x.storage, y.storage]).toEqual([b, a]);
    expect([x.name, y.name]).toEqual(['x', 'y']);
  });

  it('gives a named part of an expression an array of its own', () => {
    const { lines, params } = recorded(
      () => np`
      c = ${0.5} / 2 ** 2
      lap = ${x}[2:, :] - 2 * ${x}[1:-1, :] + ${x}[:-2, :]
      inner = ${y}[1:-1, :]
      inner += c * lap
    `,
    );
    expect(lines).toEqual([
      'c[0:4, 0:8] = ((a[2:6, 0:8] - (p0 * a[1:5, 0:8])) + a[0:4, 0:8])',
      'b[1:5, 0:8] = (b[1:5, 0:8] + (p1 * c[0:4, 0:8]))',
    ]);
    expect(params).toEqual([2, 0.125]);
  });

  it('that is one expression gives it', () => {
    const e: Expr = np`np.where(${x} > 0, np.sqrt(${x}), np.roll(${y}, -1, axis=0))`;
    const fluent = where(x.gt(0), x.sqrt(), roll(y, -1, 0));
    expect(e.tree().structure).toBe(fluent.tree().structure);
  });

  it('that is one expression takes the values of every call, and is as old as the call', () => {
    const scaled = (f: Field, by: number, plus: Expr): Expr => np`t = ${f}[1:] * (${by} + 1); t + ${plus}`;
    const [first, second] = [scaled(x, 1, y.at('1:').mul(7)), scaled(y, 4, x.at('1:').mul(8))];
    const of = (value: Expr) => recorded(() => grid.field().at('1:').set(value));
    expect(of(first)).toMatchObject({ params: [2, 7], fields: [expect.anything(), x.storage.id, y.storage.id] });
    expect(of(second)).toMatchObject({ params: [5, 8], fields: [expect.anything(), y.storage.id, x.storage.id] });
    expect(first.tree().structure).toBe(second.tree().structure);
    x.set(0);
    expect(() => y.set(np`${x} + 1`)).not.toThrow();
    const before = np`${x} + 1`;
    x.set(0);
    expect(() => y.set(before)).toThrow('STALE_EXPRESSION');
    expect(np`${2} * 3`.tree().value).toBe(6);
  });

  it('takes functions with and without np', () => {
    expect(np`sqrt(${x}) + minimum(${x}, 1)`.tree().structure).toBe(
      np`np.sqrt(${x}) + np.minimum(${x}, 1)`.tree().structure,
    );
    expect(np`max(${x}, ${y}, 3)`.tree().structure).toBe(np`np.maximum(np.maximum(${x}, ${y}), 3)`.tree().structure);
    expect(np`np.pi * 2`.tree().value).toBe(2 * Math.PI);
  });

  it('takes slices from interpolated integers, and looks at their values every time', () => {
    const at = (i: number): string => recorded(() => np`${x}[${i}, ${i} // 2:${i} + 1] = 0`).lines[0] ?? '';
    // Those that change are positions; how many there are is part of the program.
    expect([at(3), at(4), at(3), at(5)]).toEqual([
      'a[3, 1:4] = p0',
      'a[i0, i1 (3)] = p0',
      'a[i0, i1 (3)] = p0',
      'a[i0, i1 (4)] = p0',
    ]);
  });

  it('takes exponents from interpolated numbers, and looks at their values every time', () => {
    const to = (p: number): string => recorded(() => np`${x} = ${y} ** ${p}`).lines[0] ?? '';
    expect([to(2), to(3), to(0.5), to(2)]).toEqual([
      'a[0:6, 0:8] = square(b[0:6, 0:8])',
      'a[0:6, 0:8] = (b[0:6, 0:8] ** p0)',
      'a[0:6, 0:8] = sqrt(b[0:6, 0:8])',
      'a[0:6, 0:8] = square(b[0:6, 0:8])',
    ]);
  });

  it('is lowered anew for other kinds of values', () => {
    const half = grid.field({ dtype: 'f32' });
    const scale = (f: Field, by: Field | number | Expr): string =>
      recorded(() => np`${f}[...] = ${f} * ${by}`).lines[0] ?? '';
    expect(scale(x, 2)).toBe('a[0:6, 0:8] = (a[0:6, 0:8] * p0)');
    expect(scale(half, y)).toBe('a[0:6, 0:8] = (a[0:6, 0:8] * b[0:6, 0:8])');
    expect(scale(x, y.add(1))).toBe('a[0:6, 0:8] = (a[0:6, 0:8] * (b[0:6, 0:8] + p0))');
    expect(scale(x, 3)).toBe('a[0:6, 0:8] = (a[0:6, 0:8] * p0)');
  });

  it('tells aliases apart: the same text on one field and on two is two programs', () => {
    const add = (a: Field, b: Field) => recorded(() => np`${a}[1:] = ${b}[:-1] + ${a}[1:]`).key;
    expect(add(x, x)).not.toBe(add(x, y));
    expect(add(x, y)).toBe(add(y, x));
  });

  it('looks at aliases every time: what is stored first, and what may be exchanged, depends on them', () => {
    const both = (a: Field, b: Field, c: Field) => recorded(() => np`${a}[0] = ${b}[0] = ${c}[0] + 1`).lines;
    expect(both(x, y, grid.field())).toEqual(['a[0, 0:8] = (b[0, 0:8] + p0)', 'c[0, 0:8] = (b[0, 0:8] + p1)']);
    expect(both(x, y, x)).toEqual(['a[0, 0:8] = (b[0, 0:8] + p0)', 'b[0, 0:8] = (b[0, 0:8] + p1)']);
    const exchange = (a: Field, b: Field, c: Field, d: Field) => np`${a}, ${b} = ${c}, ${d}`;
    exchange(x, y, y, x);
    const [p, q] = grid.fields(2);
    expect(() => exchange(x, y, p, q)).toThrow('Two fields would hold the same array');
    expect(p.storage).not.toBe(x.storage);
  });

  it('shows the values it was met with in errors, and refuses a divisor that becomes 0', () => {
    const row = (f: Field, i: number, by: number) => recorded(() => np`${f}[${i}] = ${f}[0] * (1 / ${by})`).params;
    expect(row(x, 1, 2)).toEqual([0.5]);
    expect(() => row(y, 70, 2)).toThrow('${y}[${70}] =');
    expect(() => row(x, 1, 0)).toThrow('(1 / ${0})');
  });

  it('does nothing where the target is empty', () => {
    session.recorder.cut();
    const before = session.recorder;
    let units = 0;
    const stop = tap({ unit: () => units++ });
    np`${x}[3:3] = 1`;
    before.cut();
    stop();
    expect(units).toBe(0);
  });

  it('drops leading dimensions of size 1 of a value, as NumPy does when it assigns', () => {
    expect(recorded(() => np`${x}[0] = ${y}[2:3] * 2`).lines).toEqual(['a[0, 0:8] = (b[2, 0:8] * p0)']);
  });
});

describe('what an expression gives', () => {
  it('is a view where NumPy gives one', () => {
    for (const view of [np`${x}[1:]`, np`${x}.T`, np`np.flip(${x}, 0)`, np`${x}[::-1, None]`])
      expect(view).toBeInstanceOf(View);
  });

  it('is values of the moment where NumPy makes an array, though nothing is computed', () => {
    for (const values of [np`+${x}`, np`np.positive(${x}[1:])`, np`${x} ** 1`, np`np.roll(${x}, 1, axis=0)`]) {
      expect(values instanceof View || values instanceof Field).toBe(false);
    }
    const early = np`+${x}`;
    x.set(1);
    expect(() => y.set(early)).toThrow('STALE_EXPRESSION');
  });

  it('and a name in a template keeps', () => {
    const { lines } = recorded(
      () => np`a = +${x}
      ${x}[:] = 5
      ${y}[:] = a`,
    );
    expect(lines).toHaveLength(3);
  });
});

describe('views and swap', () => {
  it('a view stays on the array it was made of', () => {
    const row = x.at(0);
    const [id] = [x.storage.id];
    swap(x, y);
    expect(recorded(() => row.set(1)).fields).toEqual([id]);
  });

  it('shift reads around the ends of a periodic dimension', () => {
    expect(recorded(() => y.set(x.shift(1, 0))).lines).toEqual(['a[0:6, 0:8] = b[1:7 wrapping, 0:8]']);
    expect(x.shift(7, 0).tree().structure).toBe(x.shift(1, 0).tree().structure);
    expect(x.shift(0, 0).tree().structure).toBe(x.at().tree().structure);
  });
});

describe('views at ever new places', () => {
  it('are not all kept, and those in use stay right', () => {
    const long = new Grid([100_000]).field('long');
    const { meta } = long.storage;
    const early = long.at('1:-1');
    for (let k = 0; k < 70_000; k++) long.at(`${k}:${k + 2}`);
    for (let k = 0; k < 5000; k++) long.at(`${k}:`, null).at(k);
    expect(meta.canonical.size).toBeLessThanOrEqual(2 ** 16);
    expect(meta.views.size).toBeLessThanOrEqual(4097);
    expect(meta.patterns.size).toBeLessThanOrEqual(4097);
    expect(recorded(() => early.set(early.add(long.at('2:')))).lines).toEqual(
      recorded(() => long.at('1:-1').set(early.add(long.at('2:')))).lines,
    );
  });
});
