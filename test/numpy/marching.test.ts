/** Loops over rows in NumPy programs: which of them are handed over as one march. Nothing is computed here. */
import { numpy } from 'quadrille';
import { expect, it, vi } from 'vitest';
import { session } from '../../lib/session.js';
import { tap } from '../../lib/tap.js';
import { type FakeEngine, installFakeEngine } from '../lib/fake-engine.js';

const fake: FakeEngine = installFakeEngine();

interface Recorded {
  /** Runs, those of marches one by one. */
  readonly units: number;
  /** Integers of the runs, in order. */
  readonly ints: readonly (readonly number[])[];
  /** Runs in each march. */
  readonly marches: readonly number[];
  /** Of these, runs in those that were not recorded round by round: the engine's own batches have marches, too. */
  readonly spared: readonly number[];
}

async function recorded(body: string): Promise<Recorded> {
  const ints: (readonly number[])[] = [];
  const untap = tap({ unit: (unit) => ints.push(unit.ints) });
  const before = fake.submitted.length;
  const header = 'import numpy as np\nn = 20\na = np.ones((n, n))\nb = np.ones((n, n))\n';
  const march = vi.spyOn(session, 'march');
  let spared: number[] = [];
  try {
    await numpy.compile(header + body);
    session.handOver();
    spared = march.mock.calls.map(([, , count]) => count);
  } finally {
    untap();
    march.mockRestore();
  }
  // The number of runs is the last word of a march.
  const marches: number[] = [];
  for (const { units } of fake.submitted.slice(before)) marches.push(...marchesIn(units));
  return { units: ints.length, ints: ints.filter((each) => each.length > 0), marches, spared };
}

/** A sequence of [plan or -1 - plan, fields ..., integers ..., and of a march steps ..., runs]. */
function marchesIn(units: readonly number[]): number[] {
  const found: number[] = [];
  for (let at = 0; at < units.length; ) {
    const id = units[at++] ?? 0;
    const program = fake.programs[id < 0 ? -1 - id : id];
    if (!program) throw new Error(`no plan ${id}`);
    const ints = program.ints ?? 0;
    at += program.slots.filter(({ transient }) => !transient).length + ints;
    if (id >= 0) continue;
    at += ints + 1;
    found.push(units[at - 1] ?? 0);
  }
  return found;
}

it.each<[string, string]>([
  ['by rows', 'for i in range(1, n):\n    a[i] += a[i - 1]'],
  ['backwards', 'for i in range(n - 2, -1, -1):\n    a[i, 1:] = 2.0 * a[i + 1, :-1]'],
  ['of several statements', 'for i in range(1, n):\n    a[:, i] = b[i, :] / a[:, i - 1]\n    b[0, i] = a[3, i] * 2'],
  [
    'with names of the moment',
    'for i in range(1, n):\n    t = a[i - 1] * 2.0\n    a[i] = t\n    b[i] = t / np.sqrt(t)',
  ],
  ['from the end', 'for i in range(1, n):\n    a[-i] = b[n - 1 - i]'],
])('a loop %s is one', async (_, loop) => {
  const { marches, spared, ints, units } = await recorded(loop);
  expect(spared).toHaveLength(1);
  expect(marches).toHaveLength(1);
  expect(marches[0]).toBeGreaterThan(10);
  expect(units).toBeGreaterThanOrEqual(19);
  // What an observer sees are all its runs, each a place further on.
  const steps = ints.slice(1).map((now, k) => (now[0] ?? 0) - (ints[k]?.[0] ?? 0));
  expect(new Set(steps.slice(1)).size).toBe(1);
  expect(ints.length).toBeGreaterThanOrEqual(17);
});

it('known from the time before, a loop is one sooner', async () => {
  const { marches } = await recorded('for s in range(3):\n    for i in range(1, n):\n        a[i] += a[i - 1]');
  expect(marches).toHaveLength(3);
  expect(marches[1]).toBe(16);
  expect(marches[2]).toBe(16);
});

it.each<[string, string]>([
  ['whose numbers follow the variable', 'for i in range(1, n):\n    a[i] = a[i - 1] * i'],
  ['over a list', 'for i in [1, 2, 3, 4, 5, 6, 7, 8, 9]:\n    a[i] += a[i - 1]'],
  ['that reads a list', 'c = [1.0] * 19 + [2.0]\nfor i in range(1, n):\n    a[i] = c[i] * a[i - 1]'],
  ['with a branch', 'for i in range(1, n):\n    if i != 15:\n        a[i] += a[i - 1]'],
  ['whose slices grow', 'for i in range(1, n):\n    a[i, :i] = 1.0'],
  ['whose slices move', 'for i in range(-10, 3):\n    a[0, i:i + 2] = 1.0'],
  ['that is periodic', 'for i in range(n):\n    a[i] = a[(i + 1) % n] * 0.5'],
  ['that carries a number', 'c = 1.0\nfor i in range(1, n):\n    a[i] = c * a[i - 1]\n    c = c / 2'],
  ['that carries an array', 't = b[0] * 1.0\nfor i in range(1, n):\n    a[i] = t\n    t = a[i] * 2'],
  ['that sums', 'for i in range(1, n):\n    a[i] = np.sum(a[i - 1])'],
  ['of few rounds', 'for i in range(1, 6):\n    a[i] += a[i - 1]'],
  ['that passes the first row', 'for i in range(n):\n    a[n - 1 - i] = a[10 - i]'],
])('a loop %s is not', async (_, loop) => {
  expect((await recorded(loop)).spared).toEqual([]);
});

it('an index out of range is told in its round, and what was before it has been recorded', async () => {
  const ints: (readonly number[])[] = [];
  const untap = tap({ unit: (unit) => void (unit.ints.length > 0 && ints.push(unit.ints)) });
  const source =
    'import numpy as np\nn = 20\na = np.ones((n, n))\nfor i in range(1, n):\n    a[0] = 2.0\n    a[i] = a[i + 1]\n';
  await expect(numpy.compile(source)).rejects.toThrow(/program\.py:6:12/);
  session.handOver();
  untap();
  expect(Math.max(...ints.map(([at = 0]) => at))).toBe(18);
});

it('a loop that is no march is handed over in batches', async () => {
  const before = fake.submitted.length;
  await recorded('for i in range(1, 200):\n    a[1] = b[2] * i\n    b[2] = a[1] + 1.0');
  // 199 units, 64 in a batch.
  expect(fake.submitted.length - before).toBeLessThan(10);
});
