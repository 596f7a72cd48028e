/** 2-D Burgers equation: two coupled fields, upwind advection and viscosity, the lines as in "12 steps to Navier-Stokes". */
import { Grid, np, print, swap } from 'quadrille';

const n = Number(process.argv[2] ?? 201);
const steps = Number(process.argv[3] ?? 400);
const [nu, dx] = [0.01, 2 / (n - 1)];
const dt = 0.1 * dx;

const grid = new Grid([n, n]);
const hat = (i: number, j: number) => (i * dx >= 0.5 && i * dx <= 1 && j * dx >= 0.5 && j * dx <= 1 ? 2 : 1);
const [u, v, un, vn] = [hat, hat, 1, 1].map((init) => grid.field({ init }));
if (!u || !v || !un || !vn) throw new Error('four fields');

const [a, d] = [dt / dx, (nu * dt) / dx ** 2]; // changing them would not recompile anything
for (let k = 0; k < steps; k++) {
  np`
    ${un}[1:-1, 1:-1] = (${u}[1:-1, 1:-1]
        - ${a} * ${u}[1:-1, 1:-1] * (${u}[1:-1, 1:-1] - ${u}[1:-1, :-2])
        - ${a} * ${v}[1:-1, 1:-1] * (${u}[1:-1, 1:-1] - ${u}[:-2, 1:-1])
        + ${d} * (${u}[1:-1, 2:] - 2 * ${u}[1:-1, 1:-1] + ${u}[1:-1, :-2])
        + ${d} * (${u}[2:, 1:-1] - 2 * ${u}[1:-1, 1:-1] + ${u}[:-2, 1:-1]))
    ${vn}[1:-1, 1:-1] = (${v}[1:-1, 1:-1]
        - ${a} * ${u}[1:-1, 1:-1] * (${v}[1:-1, 1:-1] - ${v}[1:-1, :-2])
        - ${a} * ${v}[1:-1, 1:-1] * (${v}[1:-1, 1:-1] - ${v}[:-2, 1:-1])
        + ${d} * (${v}[1:-1, 2:] - 2 * ${v}[1:-1, 1:-1] + ${v}[1:-1, :-2])
        + ${d} * (${v}[2:, 1:-1] - 2 * ${v}[1:-1, 1:-1] + ${v}[:-2, 1:-1]))`;
  swap(u, un);
  swap(v, vn);
}

await u.plot('burgers2d.png', { range: [1, 2] });
print(`after ${steps} steps, in the middle: u = ${await u.get(n >> 1, n >> 1)}`);
