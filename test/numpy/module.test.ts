/** Functions of NumPy programs, called from TypeScript. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type Expr, Field, Grid, numpy, ones, QuadrilleError } from 'quadrille';
import { afterAll, expect, it } from 'vitest';
import { release } from '../../lib/temporary.js';

const scratch = mkdtempSync(join(tmpdir(), 'quadrille-module-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const SOURCE = `
import numpy as np

SCALE = 2.0
made = np.zeros(4)

def smooth(u, steps=1, *, factor=0.5):
    for step in range(steps):
        u[1:-1] = factor * (u[:-2] + u[2:])

def both(u):
    return u + 1, u[1:3], SCALE, u.shape

def largest(u):
    return np.max(u)

def converge(u, tol):
    n = 0
    while np.max(np.abs(u)) > tol:
        u *= 0.5
        n += 1
    return n

def swap(a, b):
    a, b = b, a
    a[:] = 7
    return a

def shift(a, b, k):
    a[1:] = b[:-1] + k

def product(a, b):
    return np.sum(a * b)

def passed(u):
    x = np.asarray(u)
    x[0] = 5
    held = [u]
    x = held.copy()[0].reshape((1, 4))
    x = 0
    y = np.ones(4)
    return np.sum(u)

def nothing(u, *, flag=None):
    if flag is None:
        return
    return 'given'
`;

const module = await numpy.compile(SOURCE, { filename: 'm.py' });

async function call(name: string, ...args: Parameters<NonNullable<(typeof module)[string]>>): Promise<unknown> {
  const fn = module[name];
  if (!fn) throw new Error(`no function ${name}`);
  return fn(...args);
}

it("leave their caller's arrays alone that functions give back", async () => {
  const u = ones([4]);
  expect(await call('passed', u)).toBe(8);
  expect(await u.sum().value()).toBe(8);
});

it('change arrays in place', async () => {
  const u = new Grid([6]).field('u', { init: [0, 1, 2, 3, 4, 100] });
  await call('smooth', u, 2);
  expect([...(await u.toArray())]).toEqual([0, 1, 2, 26.75, 51.5, 100]);
});

it('give tuples as arrays, with views and numbers', async () => {
  const u = ones([4]);
  const result = await call('both', u);
  if (!Array.isArray(result)) throw new Error('not a tuple');
  const [sum, view, scale, shape] = result;
  expect(sum instanceof Field ? [...(await sum.toArray())] : sum).toEqual([2, 2, 2, 2]);
  view.set(5);
  expect([...(await u.toArray())]).toEqual([1, 5, 5, 1]);
  expect(scale).toBe(2);
  expect(shape).toEqual([4]);
});

it('give Scalars as numbers, None as undefined', async () => {
  const u = new Grid([3]).field({ init: [1, 8, 3] });
  expect(await call('largest', u)).toBe(8);
  expect(await call('converge', u, 1)).toBe(3);
  expect(await call('nothing', u)).toBeUndefined();
});

it('pass arrays by reference: exchanging names moves nothing', async () => {
  const [a, b] = [ones([3]), ones([3])];
  const result = await call('swap', a, b);
  expect(result).toBe(b);
  expect([...(await a.toArray())]).toEqual([1, 1, 1]);
  expect([...(await b.toArray())]).toEqual([7, 7, 7]);
});

it('record anew what other arrays, numbers or kinds than in the calls before ask for', async () => {
  const grid = new Grid([4]);
  const given = [1, 2, 3, 4];
  const field = (dtype: 'f64' | 'f32' = 'f64') => grid.field({ init: given, dtype });
  const shifted = async (a: Field, b: Expr, k: number) => {
    await call('shift', a, b, k);
    return [...(await a.toArray())];
  };
  const [u, v] = [field(), field()];
  for (const other of [field(), field(), v]) expect(await shifted(u, other, 1)).toEqual([1, 2, 3, 4]);
  expect(await shifted(u, v, 2)).toEqual([1, 3, 4, 5]);
  expect(await shifted(v, v, 10)).toEqual([1, 11, 12, 13]);
  expect(await shifted(u, v, 2)).toEqual([1, 3, 13, 14]);
  expect(await shifted(u, v.at('::-1'), 2)).toEqual([1, 15, 14, 13]);
  expect(await shifted(field('f32'), field('f32'), 0.1)).toEqual([
    1,
    ...given.slice(0, 3).map((x) => Math.fround(x + Math.fround(0.1))),
  ]);
  for (const [a, b, sum] of [
    [field(), field(), 30],
    [field(), v, 1 + 22 + 36 + 52],
    [v, v, 1 + 121 + 144 + 169],
  ] as const)
    expect(await call('product', a, b)).toBe(sum);
  const gone = ones([4]);
  await call('shift', u, gone, 3);
  release(gone);
  await expect(call('shift', u, gone, 3)).rejects.toThrow('DISPOSED');
});

it('are loaded from a path below the current folder, or anywhere', async () => {
  const file = join(scratch, 'two.py');
  writeFileSync(file, 'def double(x):\n    return 2 * x\n');
  for (const path of [file, relative(process.cwd(), file)]) {
    const { double } = await numpy.load<'double'>(path);
    expect(await double(21)).toBe(42);
  }
  await expect(numpy.load(join(scratch, 'none.py'))).rejects.toThrow('FILE_ACCESS');
});

it('refuse what is no argument of a program', async () => {
  const wrong = new Map();
  // @ts-expect-error a Map is no argument
  const error: unknown = await call('largest', wrong).catch((reason: unknown) => reason);
  expect(error instanceof QuadrilleError && error.code).toBe('BAD_OPERAND');
});

it('tell what went wrong as Python does, with code and line', async () => {
  const cases: readonly (readonly [string, string])[] = [
    ["'%d' % float('inf')", 'OverflowError: cannot convert float Infinity to integer'],
    ["'%d' % float('nan')", 'ValueError: cannot convert float NaN to integer'],
    ['[0] * 10**10', 'MemoryError'],
    ["'ab' * 10**10", 'MemoryError'],
    ['float(10**400)', 'OverflowError: int too large to convert to float'],
    ['10**400 * 1.0', 'OverflowError: int too large to convert to float'],
    ["'%d' % np.ones(3)", 'TypeError: %d format: a real number is required, not numpy.ndarray'],
    ["'{:.2f}'.format(np.ones(3))", 'TypeError: unsupported format string passed to numpy.ndarray.__format__'],
  ];
  for (const [form, expected] of cases) {
    const error: unknown = await numpy
      .compile(`import numpy as np\nx = ${form}\n`, { filename: 'wrong.py' })
      .catch((reason: unknown) => reason);
    if (!(error instanceof QuadrilleError)) throw new Error(`${form}: ${String(error)}`);
    expect(error.code).toBe('PYTHON_EXCEPTION');
    expect(error.message).toContain(expected);
    expect(error.message).toContain('wrong.py:2');
  }
});
