/**
 * How two ranks of a node could exchange halos: as messages, through a shared window, or straight from each other's fields.
 * C++ alone (bench/peers/windows.cpp): decides what native/comm should do, see decision 18.
 */
import { buildMpi } from '../compilers.js';
import { numbersFrom } from '../fresh.js';
import { mpirun } from '../launch.js';
import { median, spread } from '../statistics.js';
import { formatTable } from '../table.js';

const ROUNDS = 7;
const WAYS = ['messages', 'shared window', 'neighbour’s field'];
/** Columns of a square grid, and rows of the halo: of one step, and of a pass of 32. */
const HALOS = [1024, 4096].flatMap((columns) => [1, 32].map((rows) => ({ columns, rows })));

export async function run(): Promise<void> {
  const binary = buildMpi('windows');
  const table: string[][] = [];
  for (const { columns, rows } of binary === undefined ? [] : HALOS) {
    const launch = mpirun(2, [binary ?? '', String(columns), String(rows), String(ROUNDS)]);
    if (!launch) break;
    const numbers = await numbersFrom(launch);
    const cells = WAYS.map((_, way) => {
      const samples = numbers.filter((__, i) => i % WAYS.length === way);
      return `${median(samples).toFixed(1)} µs ±${(100 * spread(samples)).toFixed(0)} %`;
    });
    table.push([`${columns}², ${rows} row(s)`, ...cells]);
  }
  if (table.length === 0) console.log('halo exchange on a node: there is no MPI');
  else console.log(`\n${formatTable(['halo exchange on a node, 2 ranks', ...WAYS], table)}`);
}
