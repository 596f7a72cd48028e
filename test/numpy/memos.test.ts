/** NumPy programs: which statements are recorded again without another look. Nothing is computed here. */
import { numpy } from 'quadrille';
import { expect, it, vi } from 'vitest';
import { Template } from '../../lib/numpy/template.js';
import { installFakeEngine } from '../lib/fake-engine.js';

installFakeEngine();

/** How often a statement of the program is looked at. */
async function looks(program: string): Promise<number> {
  const apply = vi.spyOn(Template.prototype, 'apply');
  try {
    await numpy.compile(`import numpy as np\n${program}`);
    return apply.mock.calls.length;
  } finally {
    apply.mockRestore();
  }
}

it('a function of all levels of a cycle is looked at once per level', async () => {
  const cycles = (count: number): string => `
def cycle(u):
    u[1:-1] = u[:-2] + u[2:]
    if u.shape[0] > 8:
        cycle(np.zeros(u.shape[0] // 2))
    u += 1
u = np.ones(1024)
for _ in range(${count}):
    cycle(u)
`;
  const first = await looks(cycles(1));
  expect(first).toBe(2 * 8);
  expect(await looks(cycles(50))).toBe(first);
});

it('a statement of ever new numbers is looked at every time', async () => {
  expect(await looks('u = np.ones(64)\nfor k in range(100):\n    u[1:] = u[:-1] * k')).toBe(100);
});
