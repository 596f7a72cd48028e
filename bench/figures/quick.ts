/** The headline rows of the Numbers table, in under two minutes on two cores. */
import { writeFileSync } from 'node:fs';
import type { LoopMode } from '../contestants.js';
import { machine, missingPeers, quietness } from '../machine.js';
import { Reference } from '../reference.js';
import { formatMeasurements } from '../report.js';
import { title } from '../workloads.js';
import { formatNumbers } from './format.js';
import { contest, GROUPS, groupsOf, TRIAL } from './groups.js';
import { type GroupResult, loopRows, smallRow, solveRows, sweepRows } from './numbers.js';
import { measureSmall } from './small.js';

export interface QuickOptions {
  readonly rounds: number;
  readonly trial: boolean;
  readonly json: string | undefined;
}

const HEADLINES = ['2-D Laplace 4096²', '2-D Laplace 1024²', '3-D Laplace 256³', '2-D Burgers 4096²'];
const isHeadline = GROUPS.map(({ problem }) => HEADLINES.includes(title(problem)));

export async function quick({ rounds, trial, json }: QuickOptions): Promise<void> {
  const { lines, cores: available } = machine('fast');
  console.log([...lines, missingPeers() ?? ''].join('\n').trim());
  const cores = available >= 2 ? [1, 2] : [1];
  const reference = new Reference(available);
  const options = trial ? { rounds, steps: TRIAL.steps } : { rounds, seconds: 0.15, verified: 8 };
  const results: GroupResult[] = [];
  for (const group of groupsOf(trial).filter((_, i) => isHeadline[i])) {
    // One group shows everything; the others, what they add.
    const whole = results.length === 0;
    const modes: LoopMode[] = whole ? ['loop', 'sweep', 'solve'] : ['loop', 'sweep'];
    const lineup = { cores, modes, ranks: true, single: false, plain: true, allPeers: false, copies: whole };
    const measurements = await contest(group.problem, lineup, reference, options);
    results.push({ group, heats: [measurements] });
    console.log(`\n${formatMeasurements(`${title(group.problem)}, median of ${rounds} rounds`, measurements)}`);
  }
  const small = await measureSmall(reference, rounds, trial);
  await reference.end();
  const rows = [...loopRows(results), ...sweepRows(results), ...solveRows(results), smallRow(small)];
  const all = [...results.flatMap(({ heats }) => heats.flat()), ...small];
  console.log(`\n${formatNumbers(rows)}\n\n${quietness(all.map((row) => row.disturbance))}`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ lines, results, small }, null, 2)}\n`);
}
