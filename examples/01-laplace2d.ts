/** 2-D Laplace equation: heated on three sides, Jacobi steps as NumPy text. `npm start` runs this at two ranks. */
import { Grid, np, print, size, swap } from 'quadrille';

const n = Number(process.argv[2] ?? 512);
const steps = Number(process.argv[3] ?? 10000);

const grid = new Grid([n, n]);
const { x, y, change } = grid.fields('x', 'y', 'change');
np`
  ${x}[0, :] = ${y}[0, :] = 100 # the top is hot, the sides are warm
  ${x}[1:, 0] = ${y}[1:, 0] = ${x}[1:, -1] = ${y}[1:, -1] = 50`;

function step(): void {
  np`${y}[1:-1, 1:-1] = 0.25 * (${x}[:-2, 1:-1] + ${x}[2:, 1:-1] + ${x}[1:-1, :-2] + ${x}[1:-1, 2:])`;
  swap(x, y);
}

step();
await grid.sync(); // compiled now: the clock below times the steps alone

const before = grid.stats();
const start = performance.now();
for (let k = 1; k < steps; k++) step();
await grid.sync();
const seconds = (performance.now() - start) / 1000;
const swept = grid.stats().bytesSwept - before.bytesSwept; // by this rank; the others sweep as much

// The residual: the greatest change of the last step.
np`${change}[:, :] = abs(${x} - ${y})`;
let residual = 0;
for (const d of (await change.toArray({ root: 0 })) ?? []) residual = Math.max(residual, d);

print(`size        ${n} x ${n}, ${size} rank${size > 1 ? 's' : ''}`);
print(`steps       ${steps}`);
print(`residual    ${residual.toExponential(3)}`);
print(`per step    ${((seconds / (steps - 1)) * 1e3).toFixed(3)} ms`);
print(`effective   ${((swept * size) / seconds / 1e9).toFixed(1)} GB/s`);

await x.plot('laplace2d.png', { colormap: 'viridis', range: [0, 100] });
print('picture     laplace2d.png');
