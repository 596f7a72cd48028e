/** Options in; the Laplace table on stdout (and as JSON), with ours against the targets at the end. */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Contest } from './contestants.js';
import { firstUse } from './first-use.js';
import { machine, quietness } from './machine.js';
import { type Measurement, measure } from './measure.js';
import { memoryPerRank } from './memory.js';
import { recordingCost } from './recording.js';
import { Reference } from './reference.js';
import { formatMeasurements, percent } from './report.js';
import { median } from './statistics.js';
import { formatTable } from './table.js';
import { type Figures, targets } from './targets.js';
import type { Problem } from './workloads.js';

export interface Options {
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly json: string | undefined;
}

/** C++ is compiled so that its bits are ours. */
export async function laplace2d({ sizes, rounds, json }: Options): Promise<void> {
  const { lines, cores } = machine('strict');
  console.log(lines.join('\n'));
  const reference = new Reference(cores);
  const results: { n: number; measurements: Measurement[] }[] = [];
  for (const n of sizes) {
    const contest = new Contest();
    try {
      const measurements = await measureSize(contest, reference, n, rounds);
      results.push({ n, measurements });
      console.log(
        `\n${formatMeasurements(`N = ${n}, median of ${rounds} rounds, same bits everywhere`, measurements)}`,
      );
    } finally {
      await contest.end();
    }
  }
  await reference.end();
  console.log(`\n${quietness(results.flatMap(({ measurements }) => measurements.map((row) => row.disturbance)))}`);
  const figures: Figures = {
    sizes: results,
    recording: await recordingCost(),
    firstUse: await firstUse(rounds),
    memory: await memoryPerRank(16),
  };
  console.log(`\n${formatFigures(figures)}\n\n${formatTargets(figures)}`);
  if (json !== undefined) {
    const result = { date: new Date().toISOString(), machine: lines, ...figures, targets: targets(figures) };
    writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
  }
}

async function measureSize(contest: Contest, reference: Reference, n: number, rounds: number): Promise<Measurement[]> {
  const problem: Problem = { workload: 'laplace2d', dtype: 'f64', shape: [n, n] };
  const cores = availableParallelism() >= 2 ? [1, 2] : [1];
  const rows = [
    ...(await Promise.all(cores.map((threads) => contest.ours(problem, { cores: threads, mode: 'solve' })))).flat(),
    ...(cores.includes(2) ? await contest.ours(problem, { cores: 2, ranks: true, mode: 'solve' }) : []),
    ...(await contest.plainCpp(problem, cores, 'strict')),
    ...(await contest.numpy(problem)),
    ...(await contest.copies(problem, cores)),
  ];
  return measure(rows, reference, { rounds });
}

function formatFigures({ recording, firstUse, memory }: Figures): string {
  return formatTable(
    ['', 'median', 'spread'],
    [
      ['one recorded iterate, JavaScript', `${median(recording).toFixed(2)} µs`, percent(recording)],
      ['new Grid to first result, cold', `${median(firstUse.cold).toFixed(0)} ms`, percent(firstUse.cold)],
      ['new Grid to first result, disk cache', `${median(firstUse.warm).toFixed(0)} ms`, percent(firstUse.warm)],
      ...(memory
        ? [
            [
              `memory per rank beyond fields, ${memory.length} ranks`,
              `${median(memory).toFixed(1)} MB`,
              percent(memory),
            ],
          ]
        : []),
    ],
  );
}

function formatTargets(figures: Figures): string {
  const rows = targets(figures).map(({ name, value, limit, met }) => [name, value, limit, met ? 'pass' : 'MISS']);
  return `Targets\n${formatTable(['', 'measured', 'wanted', ''], rows)}`;
}
