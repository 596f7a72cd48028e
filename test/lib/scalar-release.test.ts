/** How many fields the engine holds for the Scalars of a NumPy program, however often its loops go round. */
import { Grid, numpy } from 'quadrille';
import { expect, it } from 'vitest';
import { session } from '../../lib/session.js';
import { installFakeEngine } from './fake-engine.js';

const fake = installFakeEngine();
const grid = new Grid([8, 8], { threads: 1 });

const module = await numpy.compile(`
import numpy as np

def carried(u, v, rounds):
    rs = np.sum(u * u)
    for k in range(rounds):
        alpha = rs / np.sum(u * v)
        u += alpha * v
        rs_new = np.sum(u * u)
        v[:] = u + (rs_new / rs) * v
        rs = rs_new

def unnamed(u, v, rounds):
    for k in range(rounds):
        u -= np.mean(u) + np.max(np.abs(v - np.min(v)))
        u[1, 1] = v.sum() / 2

def along(u, v, rounds):
    for k in range(rounds):
        row = np.sum(u, axis=0)
        v[0] = row / np.max(np.sum(u, axis=1))

def called(u, v, rounds):
    for k in range(rounds):
        a = half(np.sum(u) * 3)
        u *= a + half(np.min(v))

def half(s):
    t = s / 2
    return t * np.float64(1)

def waited(u, v, rounds):
    k = 0
    while k < rounds and not np.sqrt(np.sum(u * v)) > 1:
        if u[2, 3] * 2 > np.max(v):
            u += 1
        k += 1

def updated(u, v, rounds):
    total = np.sum(u)
    for k in range(rounds):
        total += np.sum(v)
        u[0] = total

def listed(u, v, rounds):
    last = [np.sum(u), np.sum(v)]
    for k in range(rounds):
        u += last[0] * 2
    more = []
    more.append(np.max(u))
    u += more[0] + last[1]
`);

/** Fields that are made for a call, and not yet given back. */
async function held(name: string, rounds: number): Promise<number> {
  const { u, v } = grid.fields('u', 'v');
  const before = fake.created - fake.disposed.length;
  await module[name]?.(u, v, rounds);
  session.handOver();
  return fake.created - fake.disposed.length - before;
}

for (const name of ['carried', 'unnamed', 'along', 'called', 'waited', 'updated']) {
  it(`${name}: no more in 600 rounds than in 100`, async () => {
    await held(name, 100); // what is kept for the next ones
    const few = await held(name, 100);
    expect(await held(name, 600)).toBeLessThanOrEqual(Math.max(few, 0) + 2);
  });
}

it('Scalars in lists stay', async () => {
  await expect(held('listed', 100)).resolves.toBeDefined();
});
