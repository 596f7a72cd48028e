/** Options in; the Laplace table on stdout (and as JSON), with ours against the targets at the end. */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { FLAGS, findCompilers, version } from './compilers.js';
import { firstUse } from './first-use.js';
import { measure, type SizeResult } from './measure.js';
import { memoryPerRank } from './memory.js';
import { recordingCost } from './recording.js';
import { startRows } from './rows.js';
import { median, spread } from './statistics.js';
import { formatTable } from './table.js';
import { better, type Figures, ratio, targets } from './targets.js';

export interface Options {
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly json: string | undefined;
}

export async function laplace2d({ sizes, rounds, json }: Options): Promise<void> {
  console.log(machine());
  const rows = await startRows(availableParallelism());
  const results: SizeResult[] = [];
  try {
    for (const n of sizes) {
      const result = await measure(rows, n, rounds);
      results.push(result);
      console.log(`\n${formatSize(result, rounds)}`);
    }
  } finally {
    await Promise.all([...new Set(rows.map((row) => row.peer))].map((peer) => peer.end()));
  }
  const figures: Figures = {
    sizes: results,
    recording: await recordingCost(),
    firstUse: await firstUse(rounds),
    memory: await memoryPerRank(16),
  };
  console.log(`\n${formatFigures(figures)}\n\n${formatTargets(figures)}`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(asJson(figures), null, 2)}\n`);
}

function machine(): string {
  const compilers = findCompilers().map((name) => `${name}: ${version(name)}`);
  const pages = readFileSync('/sys/kernel/mm/transparent_hugepage/enabled', 'utf8').trim();
  const load = loadavg()[0] ?? 0;
  return [
    `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, Node ${process.version}`,
    ...compilers.map((line) => `${line}  (${FLAGS.join(' ')})`),
    `transparent huge pages: ${pages}`,
    ...(load > 0.5
      ? [`note: load average ${load.toFixed(2)}: something else is running here, times are not to be trusted`]
      : []),
  ].join('\n');
}

function formatSize(result: SizeResult, rounds: number): string {
  const header = ['', 'ns/point/step', 'spread', 'GB/s', 'of better C++'];
  const order = [...result.measurements].sort((a, b) => a.row.cores - b.row.cores);
  const rows = order.map(({ row, samples }) => {
    const time = median(samples);
    const reference = row.kind === 'copy' ? undefined : better(result, row.cores);
    return [
      row.name,
      time.toFixed(3),
      `±${(100 * spread(samples)).toFixed(0)} %`,
      (16 / time).toFixed(1),
      reference ? ratio(samples, reference.samples).toFixed(2) : '',
    ];
  });
  const title = `N = ${result.n}: ${result.steps} steps, median of ${rounds} rounds, checksum ${result.checksum} everywhere`;
  const where = order.flatMap(({ row, shares }) =>
    shares ? [`${row.name}: ${share(shares.compute)} in kernels, ${share(shares.exchange)} in exchange`] : [],
  );
  return `${title}\n${formatTable(header, rows)}\n${where.join('\n')}`;
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

function share(part: number): string {
  return `${(100 * part).toFixed(0)} %`;
}

function percent(samples: readonly number[]): string {
  return `±${(100 * spread(samples)).toFixed(0)} %`;
}

function asJson(figures: Figures): unknown {
  return {
    date: new Date().toISOString(),
    machine: machine().split('\n'),
    sizes: figures.sizes.map(({ n, steps, checksum, measurements }) => ({
      n,
      steps,
      checksum,
      rows: measurements.map(({ row, samples, shares }) => ({
        name: row.name,
        kind: row.kind,
        cores: row.cores,
        nsPerPoint: samples,
        shares,
      })),
    })),
    recordingMicroseconds: figures.recording,
    firstUseMilliseconds: figures.firstUse,
    memoryMegabytes: figures.memory,
    targets: targets(figures),
  };
}
