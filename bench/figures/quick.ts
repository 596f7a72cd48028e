/** The headline rows of the Numbers table, in under two minutes on two cores. */
import { writeFileSync } from 'node:fs';
import { machine, missingPeers, quietness } from '../machine.js';
import { Reference } from '../reference.js';
import { formatMeasurements } from '../report.js';
import { title } from '../workloads.js';
import { formatNumbers } from './format.js';
import { contest, GROUPS } from './groups.js';
import { type GroupResult, loopRows, smallRow, solveRow, sweepRows } from './numbers.js';
import { measureSmall } from './small.js';

export interface QuickOptions {
  readonly rounds: number;
  readonly json: string | undefined;
}

const HEADLINES = ['2-D Laplace 4096²', '2-D Laplace 1024²', '3-D Laplace 256³', '2-D Burgers 4096²'];

export async function quick({ rounds, json }: QuickOptions): Promise<void> {
  const { lines, load, cores: available } = machine('fast');
  console.log([...lines, quietness(load), missingPeers() ?? ''].join('\n').trim());
  const cores = available >= 2 ? [1, 2] : [1];
  const reference = new Reference(available);
  const results: GroupResult[] = [];
  for (const group of GROUPS.filter(({ problem }) => HEADLINES.includes(title(problem)))) {
    const modes = group.allPeers ? (['loop', 'sweep', 'solve'] as const) : (['loop', 'sweep'] as const);
    const measurements = await contest(group.problem, { cores, modes, single: false, allPeers: false }, reference, {
      rounds,
      seconds: 0.15,
    });
    results.push({ group, measurements });
    console.log(`\n${formatMeasurements(`${title(group.problem)}, median of ${rounds} rounds`, measurements)}`);
  }
  const small = await measureSmall(reference, rounds);
  await reference.end();
  const first = results.find(({ group }) => group.allPeers);
  const rows = [...loopRows(results), ...sweepRows(results), ...(first ? [solveRow(first)] : []), smallRow(small)];
  console.log(`\n${formatNumbers(rows)}`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ lines, load, results, small }, null, 2)}\n`);
}
