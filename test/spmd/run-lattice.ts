/**
 * `run-lattice.js`, alone or under mpirun: temporaries and coarse arrays that outlive their unit, and how much is sent to
 * use them; prints what each statement sent, over all ranks, in elements.
 */
import { copy, type Field, Grid, max, np, print, rank, size } from 'quadrille';

const n = 129;
const grid = new Grid([n, n], { processGrid: [size, 1], batch: 1 });
const u = grid.field('u', { init: (i, j) => Math.sin(i * 12.9898 + j * 78.233) });
const v = grid.field('v');
await grid.sync();

async function sentBy(statement: () => void): Promise<number> {
  const before = grid.stats().bytesSent;
  statement();
  await grid.sync();
  const mine = (grid.stats().bytesSent - before) / 8;
  const each = new Grid([size], { processGrid: [size] }).field({ init: (i) => (i === rank ? mine : 0) });
  let total = 0;
  for (const count of await each.toArray()) total += count;
  return total;
}

const lap: Field[] = [];
const coarse = grid.field('coarse', { shape: [65, 65] });
const report: Record<string, number> = {
  lap: await sentBy(() => lap.push(copy(np`${u}[2:] - 2 * ${u}[1:-1] + ${u}[:-2]`))),
  back: await sentBy(() => np`${v}[1:-1] = ${lap[0] ?? u}`),
  restrict: await sentBy(
    () => np`${coarse}[1:-1, 1:-1] = ${u}[2:-2:2, 2:-2:2] + ${u}[1:-3:2, 2:-2:2] + ${u}[3:-1:2, 2:-2:2]`,
  ),
  inject: await sentBy(() => np`${u}[::2, ::2] = ${coarse}`),
};
const check = await max(v.add(u).abs()).value();
print(JSON.stringify({ report, check }));
