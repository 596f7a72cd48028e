/** 3-D heat equation on a periodic box: `shift` reads around the ends, nothing is special at the boundary. */
import { Grid, print, swap } from 'quadrille';

const n = Number(process.argv[2] ?? 96);
const steps = Number(process.argv[3] ?? 100);
const middle = (i: number) => Math.abs(i - n / 2) < n / 8;

const grid = new Grid([n, n, n], { periodic: true, dtype: 'f32' });
const u = grid.field('u', { init: (i, j, k) => (middle(i) && middle(j) && middle(k) ? 1 : 0) });
const next = grid.field('next');

for (let step = 0; step < steps; step++) {
  const neighbours = u
    .shift(1, 0, 0)
    .add(u.shift(-1, 0, 0))
    .add(u.shift(0, 1, 0))
    .add(u.shift(0, -1, 0))
    .add(u.shift(0, 0, 1))
    .add(u.shift(0, 0, -1));
  next.set(u.add(neighbours.sub(u.mul(6)).mul(0.15)));
  swap(u, next);
}

let heat = 0;
for (const value of (await u.toArray({ root: 0 })) ?? []) heat += value;
print(`heat in the box: ${heat.toFixed(2)} (nothing is lost)`);
await u.plot('heat3d.png'); // the middle slice
