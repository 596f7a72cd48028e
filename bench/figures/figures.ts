/** All numbers and figures: measures (or takes an earlier measurement), prints, draws, and fills docs/performance.md. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Machine, machine, missingPeers, quietness } from '../machine.js';
import type { Measurement } from '../measure.js';
import { peerBuild, root } from '../paths.js';
import { Reference } from '../reference.js';
import { formatMeasurements } from '../report.js';
import { title } from '../workloads.js';
import { drawBatches, flatness, formatBatches, measureBatches } from './batch.js';
import { replaceSections } from './document.js';
import { formatNumbers, formatRooflines, markdownNumbers, markdownRooflines } from './format.js';
import { contest, groupsOf, lineups, TRIAL } from './groups.js';
import {
  batchRow,
  type GroupResult,
  loopRows,
  type NumberRow,
  rooflines,
  singleRows,
  smallRow,
  solveRows,
  sweepRows,
} from './numbers.js';
import { coreCounts, drawScaling, measureWeak } from './scaling.js';
import { measureSmall } from './small.js';

export interface FiguresOptions {
  readonly rounds: number;
  /** Where the measurements go, for `from`. */
  readonly json: string | undefined;
  readonly from: string | undefined;
  readonly trial: boolean;
  /** Into docs/ (else into build/bench/). */
  readonly docs: boolean;
}

interface Results {
  readonly machine: Machine;
  readonly missing: string | undefined;
  readonly minutes: number;
  readonly rounds: number;
  readonly groups: readonly GroupResult[];
  readonly small: readonly Measurement[];
  readonly batches: readonly Measurement[];
  readonly weak: readonly { readonly group: string; readonly measurements: readonly Measurement[] }[];
}

export async function figures({ rounds, json, from, trial, docs }: FiguresOptions): Promise<void> {
  const results: Results =
    from === undefined ? await measureAll(rounds, trial) : JSON.parse(readFileSync(from, 'utf8'));
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, null, 1)}\n`);
  const rows = numberRows(results);
  const lines = results.groups.flatMap(rooflines);
  console.log(`\n${about(results).join('\n')}\n\n${formatNumbers(rows)}\n\n${formatRooflines(lines)}`);
  draw(results, docs && !trial ? join(root, 'docs', 'figures') : join(peerBuild, 'figures'));
  if (!docs || trial) return;
  const path = join(root, 'docs', 'performance.md');
  const sections = {
    machine: about(results)
      .map((text) => `* ${text}`)
      .join('\n'),
    numbers: markdownNumbers(rows),
    rooflines: markdownRooflines(lines),
  };
  writeFileSync(path, replaceSections(readFileSync(path, 'utf8'), sections));
  console.log(`written: ${path}`);
}

async function measureAll(rounds: number, trial: boolean): Promise<Results> {
  const start = performance.now();
  const here = machine('fast');
  const missing = missingPeers();
  console.log([...here.lines, ...(missing === undefined ? [] : [missing])].join('\n'));
  const all = coreCounts(here.cores);
  const few = all.filter((count) => count <= 2);
  const reference = new Reference(here.cores);
  const options = trial ? { rounds, steps: TRIAL.steps } : { rounds };
  const show = (heading: string, measurements: readonly Measurement[]): void =>
    console.log(`\n${formatMeasurements(`${heading}, median of ${rounds} rounds`, measurements)}`);

  const groups: GroupResult[] = [];
  const weak: { group: string; measurements: Measurement[] }[] = [];
  for (const group of groupsOf(trial)) {
    const { problem, allPeers = false } = group;
    const heats: Measurement[][] = [];
    for (const lineup of lineups(group, allPeers ? all : few)) {
      const measurements = await contest(problem, lineup, reference, options);
      heats.push(measurements);
      show(title(problem), measurements);
    }
    groups.push({ group, heats });
    if (!allPeers) continue;
    const grown = await measureWeak(problem, all, reference, options);
    weak.push({ group: title(problem), measurements: grown });
    show(`${title(problem)}, weak scaling`, grown);
  }
  const small = await measureSmall(reference, rounds, trial);
  show('2-D Laplace 64²', small);
  const batches = await measureBatches(reference, here.cores, trial);
  console.log(`\n${formatBatches(batches)}`);
  await reference.end();
  const minutes = (performance.now() - start) / 60_000;
  return { machine: here, missing, minutes, rounds, groups, small, batches, weak };
}

function numberRows({ groups, small, batches }: Results): NumberRow[] {
  return [
    ...loopRows(groups),
    ...sweepRows(groups),
    ...singleRows(groups),
    ...solveRows(groups),
    batchRow(flatness(batches)),
    smallRow(small),
  ];
}

function about({ machine: { date, lines }, missing, minutes, rounds, ...results }: Results): string[] {
  const groups = results.groups.flatMap(({ heats }) => heats.flat());
  const weak = results.weak.flatMap(({ measurements }) => measurements);
  const disturbances = [...groups, ...weak, ...results.small, ...results.batches].map((row) => row.disturbance);
  const run = `measured ${date} UTC in ${minutes.toFixed(0)} minutes, ${rounds} rounds`;
  return [run, ...lines, quietness(disturbances), ...(missing === undefined ? [] : [missing])];
}

function draw({ groups, weak, batches, machine: { cores } }: Results, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const files: [string, string][] = [['fig6-batch.svg', drawBatches(batches)]];
  for (const [name, workload] of [
    ['fig7-laplace.svg', 'laplace2d'],
    ['fig8-burgers.svg', 'burgers2d'],
  ] as const) {
    const strong = groups.find(({ group: { problem, allPeers } }) => allPeers && problem.workload === workload);
    const grown = strong && weak.find(({ group }) => group === title(strong.group.problem));
    if (!strong || !grown) continue;
    const { problem } = strong.group;
    files.push([name, drawScaling(problem, strong.heats.flat(), grown.measurements, coreCounts(cores))]);
  }
  for (const [name, picture] of files) writeFileSync(join(folder, name), picture);
  console.log(`\ndrawn: ${files.map(([name]) => join(folder, name)).join(', ')}`);
}
