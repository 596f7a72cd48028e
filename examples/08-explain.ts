/** What quadrille makes of a time loop: waves on a membrane, two fields, and what explain() says of them, without the IR. */
import { Grid, np, print } from 'quadrille';

const n = Number(process.argv[2] ?? 2048);
const steps = Number(process.argv[3] ?? 256);
const bump = (i: number, j: number) => Math.exp(-((i - n / 2) ** 2 + (j - n / 2) ** 2) / 100);

const grid = new Grid([n, n], { threads: 1, tune: 'off' }); // the choices for a common machine, on any
const u = grid.field('u', { init: bump }); // height
const v = grid.field('v'); // its speed

await grid.loop(
  () => {
    np`${v}[1:-1, 1:-1] += 0.2 * (${u}[:-2, 1:-1] + ${u}[2:, 1:-1] + ${u}[1:-1, :-2] + ${u}[1:-1, 2:] - 4 * ${u}[1:-1, 1:-1])`;
    np`${u}[1:-1, 1:-1] += ${v}[1:-1, 1:-1]`;
  },
  { steps },
);

// What is left out here is the kernels' IR.
print(grid.explain().split('\n; ModuleID')[0]);
print(`after ${steps} steps, in the middle: ${await u.get(n >> 1, n >> 1)}`);
