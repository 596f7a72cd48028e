/** 2-D wave equation, second order in time: a drop in a basin whose right half is shallower, so waves are slower there. */
import { Grid, np, print, swap } from 'quadrille';

const n = Number(process.argv[2] ?? 400);
const steps = Number(process.argv[3] ?? 500);
const drop = (i: number, j: number) => Math.exp(-((i - n / 2) ** 2 + (j - n / 3) ** 2) / 50);

const grid = new Grid([n, n]);
const before = grid.field('before', { init: drop });
const now = grid.field('now', { init: drop });
const speed2 = grid.field('speed2', { init: (_, j) => (j < n / 2 ? 0.25 : 0.08) }); // (c dt / dx)^2

for (let k = 0; k < steps; k++) {
  // In place: what was before is read at its own point only.
  np`${before}[1:-1, 1:-1] = (2 * ${now}[1:-1, 1:-1] - ${before}[1:-1, 1:-1] + ${speed2}[1:-1, 1:-1]
       * (${now}[2:, 1:-1] + ${now}[:-2, 1:-1] + ${now}[1:-1, 2:] + ${now}[1:-1, :-2] - 4 * ${now}[1:-1, 1:-1]))`;
  swap(before, now);
}

await now.plot('wave2d.png', { colormap: 'diverging' });
print(`after ${steps} steps, in the middle: ${await now.get(n >> 1, n >> 1)}`);
