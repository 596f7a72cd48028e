/** Every rank solves a small problem, waits for the others, and says its proportional set size less its fields (MB). */
import { readFileSync } from 'node:fs';
import { barrier, Grid, np, size } from 'quadrille';

const n = 256;
const grid = new Grid([n, n]);
const x = grid.field('x', { init: 1 });
const y = grid.field('y', { init: 1 });
for (let step = 0; step < 10; step++) {
  np`
    ${y}[1:-1, 1:-1] = 0.25 * (${x}[:-2, 1:-1] + ${x}[2:, 1:-1] + ${x}[1:-1, :-2] + ${x}[1:-1, 2:])
    ${x}, ${y} = ${y}, ${x}
  `;
}
await grid.sync();
await barrier();
const pss = /^Pss: +(\d+) kB$/m.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'))?.[1];
if (pss === undefined) throw new Error('no Pss line in /proc/self/smaps_rollup');
await barrier(); // all are still here while any of them reads: a rank that has left shares no pages
const fieldBytes = (2 * 8 * n * n) / size;
process.stdout.write(`result ${(Number(pss) * 1024 - fieldBytes) / 1e6}\n`);
