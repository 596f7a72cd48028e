/**
 * The NumPy programs of test/numpy/programs at other sizes, run by NumPy and by quadrille, each on one core. Out: a table
 * of seconds and memory, after what both saved has been compared; with `docs` also in docs/performance.md.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { pythonWith } from './contestants.js';
import { replaceSections } from './figures/document.js';
import { ProgramContest, type Result } from './numpy/contest.js';
import { problems } from './numpy/problems.js';
import { root } from './paths.js';
import { median, spread } from './statistics.js';
import { formatTable } from './table.js';

export interface NumpyOptions {
  readonly rounds: number;
  /** Of programs; none: all. */
  readonly names: readonly string[];
  /** Where results go, beside those that are there: a table can be made in several goes. */
  readonly json: string | undefined;
  /** Nothing is measured: results of before. */
  readonly from: string | undefined;
  readonly docs: boolean;
}

/** Times faster than NumPy, where NumPy takes a second; from 32 x 32 up; bytes more than NumPy's. */
const WANTED = { large: 3, small: 1, memory: 1.2 } as const;
const MB = 1e6;

interface Results {
  readonly machine: string;
  readonly rounds: number;
  readonly results: readonly Result[];
}

export async function numpyPrograms({ rounds, names, json, from, docs }: NumpyOptions): Promise<void> {
  const old = from !== undefined ? read(from) : json !== undefined && existsSync(json) ? read(json) : undefined;
  const machine = machineLine();
  // One line tells where and how all of a table was measured.
  if (from === undefined && old && (undated(old.machine) !== undated(machine) || old.rounds !== rounds))
    throw new Error(`${json} was measured elsewhere, or otherwise: ${old.machine}, ${old.rounds} rounds`);
  const before = old?.results ?? [];
  const measured = from === undefined ? measure(names, rounds) : [];
  const isNew = ({ program, size }: Result) => measured.some((one) => one.program === program && one.size === size);
  const order = problems().map(({ program, size }) => `${program} ${size}`);
  const place = ({ program, size }: Result): number => order.indexOf(`${program} ${size}`);
  const results = [...before.filter((result) => !isNew(result)), ...measured].sort((a, b) => place(a) - place(b));
  const all: Results = from !== undefined && old ? { ...old, results } : { machine, rounds, results };
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(all, null, 1)}\n`);
  for (const small of [false, true]) {
    const rows = results.filter((result) => result.small === small).map(cells);
    if (rows.length > 0) console.log(`\n${formatTable(HEADER, rows)}`);
  }
  if (!docs) return;
  const path = join(root, 'docs', 'performance.md');
  writeFileSync(path, replaceSections(readFileSync(path, 'utf8'), { 'numpy-programs': markdown(all) }));
  console.log(`written: ${path}`);
}

function read(path: string): Results {
  const results: Results = JSON.parse(readFileSync(path, 'utf8'));
  return results;
}

function measure(names: readonly string[], rounds: number): Result[] {
  const python = pythonWith('numpy');
  if (python === undefined) throw new Error('NumPy is not here: bash scripts/setup.sh --bench');
  const contest = new ProgramContest(python);
  const wanted = problems().filter(
    ({ program, size, small }) =>
      names.length === 0 ||
      names.some((name) => [program, `${program} ${size}`, small ? 'small' : 'large'].includes(name)),
  );
  try {
    return wanted.map((problem) => {
      const result = contest.run(problem, rounds);
      console.error(cells(result).join('  '));
      return result;
    });
  } finally {
    contest.end();
  }
}

function machineLine(): string {
  const date = new Date().toISOString().slice(0, 10);
  return `${date}, one core of ${cpus()[0]?.model.trim()} (${availableParallelism()} here), Node ${process.version}`;
}

function undated(machine: string): string {
  return machine.replace(/^[\d-]+, /, '');
}

const HEADER = [
  'program',
  'size',
  'NumPy s',
  'ours s',
  'faster',
  '',
  'first s',
  'NumPy MB',
  'ours MB',
  'runs',
  'lists',
  'kernels',
];

function ratios({ numpy, ours }: Result): number[] {
  return numpy.map((seconds, i) => seconds / (ours[i] ?? Number.NaN));
}

function cells(result: Result): string[] {
  const { program, size, numpy, ours, cold, counts, memory } = result;
  const faster = ratios(result);
  return [
    ...[program, size, median(numpy).toFixed(2), median(ours).toFixed(2)],
    ...[`${median(faster).toFixed(2)} ×`, `±${(spread(faster) * 100).toFixed(0)} %`, cold.toFixed(2)],
    ...memory.map((bytes) => (bytes / MB).toFixed(0)),
    ...[counts.units, counts.lists, counts.kernelsCompiled].map(String),
  ];
}

/** Bold: what is wanted is reached. */
function markdown({ machine, rounds, results }: Results): string {
  const row = (result: Result): string => {
    const [program = '', size = '', numpy = '', ours = '', faster = '', within = '', cold = '', ...rest] =
      cells(result);
    const [theirMB = '', ourMB = '', units = '', lists = '', kernels = ''] = rest;
    const bold = (text: string, reached: boolean): string => (reached ? `**${text}**` : text);
    const fast = median(ratios(result)) >= (result.small ? WANTED.small : WANTED.large);
    const memory = result.small ? [] : [theirMB, bold(ourMB, result.memory[1] <= result.memory[0] * WANTED.memory)];
    const columns = [
      program,
      size,
      numpy,
      ours,
      `${bold(faster, fast)} ${within}`,
      cold,
      ...memory,
      units,
      lists,
      kernels,
    ];
    return `| ${columns.join(' | ')} |`;
  };
  const head = (memory: readonly string[]): string => {
    const names = [
      'program',
      'size',
      'NumPy s',
      'ours s',
      'faster',
      'first run s',
      ...memory,
      'runs',
      'lists',
      'kernels',
    ];
    return `| ${names.join(' | ')} |\n|---|---|${'---:|'.repeat(names.length - 2)}`;
  };
  const [large, small] = [false, true].map((which) => results.filter((result) => result.small === which).map(row));
  return [
    `Measured ${machine}; ${rounds} rounds.\n`,
    ...[head(['NumPy MB', 'ours MB']), ...(large ?? [])],
    ...['', head([]), ...(small ?? [])],
  ].join('\n');
}
