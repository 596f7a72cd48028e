/** One process, one answer: ms from `new Grid` to the first number that came back (import of the package not included). */
import { Grid, np } from 'quadrille';

const start = performance.now();
const grid = new Grid([256, 256]);
const x = grid.field('x', { init: 1 });
const y = grid.field('y');
np`${y}[1:-1, 1:-1] = 0.25 * (${x}[:-2, 1:-1] + ${x}[2:, 1:-1] + ${x}[1:-1, :-2] + ${x}[1:-1, 2:])`;
const value = await y.get(1, 1);
const elapsed = performance.now() - start;
if (value !== 1) throw new Error(`expected 1, got ${value}`);
console.log(`result ${elapsed}`);
