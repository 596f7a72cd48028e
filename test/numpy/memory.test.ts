/** NumPy programs: how many arrays have memory at once. Nothing is computed here. */
import { numpy } from 'quadrille';
import { expect, it } from 'vitest';
import { type FakeEngine, installFakeEngine } from '../lib/fake-engine.js';

const fake: FakeEngine = installFakeEngine();

/** Fields made while the program runs; `n`: so many points a side that an array counts as large. */
async function made(body: string): Promise<number> {
  const before = fake.created;
  await numpy.compile(`import numpy as np\nn = 400\n${body}`);
  return fake.created - before;
}

it('names that are computed anew in every round keep one array each', async () => {
  const fields = await made(`
U = np.ones((n, n))
V = np.zeros((n, n))
def laplacian(Z):
    return np.roll(Z, 1, axis=0) + np.roll(Z, -1, axis=0) - 2 * Z
for i in range(40):
    Lu = laplacian(U)
    Lv = laplacian(V)
    uvv = U * V * V
    U += Lu - uvv
    V += Lv + uvv
`);
  expect(fields).toBe(5);
});

it('arrays of a function that has returned are those of its next call', async () => {
  const fields = await made(`
def solve(d):
    cp = np.zeros((n + 1, n))
    x = np.zeros((n + 1, n))
    cp[0] = d[0]
    for k in range(1, 5):
        cp[k] = cp[k - 1] * 2
        x[k] = d[k] - cp[k]
    for k in range(4, -1, -1):
        x[k] -= cp[k] * x[k + 1]
    return x
t = np.ones((n + 1, n))
for step in range(6):
    t = solve(t)
`);
  expect(fields).toBe(3);
});

it('arrays of a function that records little are those of its next call, too', async () => {
  const fields = await made(`
n = 2000
def shifted(d):
    c = np.zeros((n + 1, n))
    x = np.zeros((n + 1, n))
    c[1:] = d[:-1]
    x[1:] = c[:-1]
    return x
t = np.ones((n + 1, n))
for step in range(6):
    t = shifted(t)
`);
  expect(fields).toBe(3);
});

it.each([
  ['read where it is computed', 'a = a + 1'],
  ['read by a function that computes it', 'a = f()'],
  ['captured by a lambda that computes it', 'a = g()'],
  ['assigned by a function within', 'a = h()'],
])('a name that is %s keeps its array until it has the new one', async (_, line) => {
  const program = `
def main():
    a = np.ones((n, n))
    g = lambda: a + 1
    def h():
        nonlocal a
        a[1] = 3
        a = a * 2
        return a + 1
    ${line.includes('f()') ? 'pass' : line}
    return a.copy()
def f():
    return a + 1
a = main()
${line.includes('f()') ? line : 'pass'}
`;
  // Else: there is no value yet.
  await expect(made(program)).resolves.toBeGreaterThan(0);
});

it('what stands before a time loop is no part of its rounds: their temporaries are theirs alone', async () => {
  const fields = await made(`
b = np.zeros((n, n), dtype=int)
b[1, 2] = b[2, 3] = b[3, 1] = b[3, 2] = b[3, 3] = 1
b[20, 10:13] = 1
b[30, 30:32] = 1
def step(b):
    around = sum(np.roll(np.roll(b, i, 0), j, 1) for i in (-1, 0, 1) for j in (-1, 0, 1) if i != 0 or j != 0)
    return ((around == 3) | ((b == 1) & (around == 2))).astype(int)
for t in range(40):
    b = step(b)
`);
  // The array, and the next one.
  expect(fields).toBe(2);
});
