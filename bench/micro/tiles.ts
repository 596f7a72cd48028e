/** 2-D Laplace on one thread with so many steps in a pass over memory: time per point and step. See decision 12. */
import { Grid, np, swap } from 'quadrille';
import { median, spread } from '../statistics.js';
import { formatTable } from '../table.js';

const ROUNDS = 5;
const [N, STEPS] = [4096, 64];
const TILES = [1, 4, 8, 16, 32, 'auto'] as const;

export async function run(): Promise<void> {
  const samples = TILES.map((): number[] => []);
  for (let round = -1; round < ROUNDS; round++) {
    for (const [i, timeTile] of TILES.entries()) {
      const ns = await perPoint(timeTile);
      if (round >= 0) samples[i]?.push(ns); // the first compiles
    }
  }
  const rows = TILES.map((tile, i) => {
    const times = samples[i] ?? [];
    return [`timeTile ${tile}`, `${median(times).toFixed(3)} ns`, `±${(100 * spread(times)).toFixed(0)} %`];
  });
  console.log(`\n${formatTable([`Laplace ${N}², one thread, per point and step`, 'median', ''], rows)}`);
}

async function perPoint(timeTile: (typeof TILES)[number]): Promise<number> {
  const grid = new Grid([N, N], { threads: 1, timeTile });
  const [x, y] = [grid.field({ init: 1 }), grid.field({ init: 1 })];
  await grid.sync();
  const before = grid.stats().computeSeconds;
  await grid.loop(
    () => {
      np`${y}[1:-1, 1:-1] = 0.25 * (${x}[:-2, 1:-1] + ${x}[2:, 1:-1] + ${x}[1:-1, :-2] + ${x}[1:-1, 2:])`;
      swap(x, y);
    },
    { steps: STEPS },
  );
  const seconds = grid.stats().computeSeconds - before;
  grid.dispose();
  return (seconds * 1e9) / N / N / STEPS;
}
