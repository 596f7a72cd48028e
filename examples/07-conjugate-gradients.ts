/** Conjugate gradients for the Poisson equation: dot products are Scalars that stay in the engine. */
import { dot, Grid, norm, np, print } from 'quadrille';

const n = Number(process.argv[2] ?? 256);
const grid = new Grid([n, n]);
const { x, r, p, q } = grid.fields('x', 'r', 'p', 'q');
np`${r}[${n >> 2}, ${n >> 2}] = 1
  ${r}[${n - (n >> 2)}, ${n - (n >> 2)}] = -1
  ${p}[...] = ${r}`;

let rr = dot(r, r);
for (let step = 0; ; step++) {
  if (step % 20 === 0) {
    const residual = await norm(r, Infinity).value(); // waits: everything else runs ahead
    if (residual < 1e-10 || step >= 10 * n) {
      print(`${step} steps, residual ${residual.toExponential(2)}`);
      break;
    }
  }
  np`${q}[1:-1, 1:-1] = 4 * ${p}[1:-1, 1:-1] - ${p}[:-2, 1:-1] - ${p}[2:, 1:-1] - ${p}[1:-1, :-2] - ${p}[1:-1, 2:]`;
  const alpha = rr.div(dot(p, q));
  np`${x} += ${alpha} * ${p}
    ${r} -= ${alpha} * ${q}`;
  const next = dot(r, r);
  np`${p}[...] = ${r} + ${next.div(rr)} * ${p}`;
  rr = next;
}
