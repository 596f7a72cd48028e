/**
 * The NumPy programs of test/numpy/programs at other sizes, run by NumPy and by `quadrille run`, each on one core. Out:
 * a table of seconds, after what both saved has been compared byte by byte.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './paths.js';
import { median } from './statistics.js';
import { formatTable } from './table.js';
import { ChecksumError } from './verify.js';

interface Problem {
  /** Without .py. */
  readonly program: string;
  readonly size: string;
  /** Lines of the program, and what they become. */
  readonly lines: Readonly<Record<string, string>>;
}

const square = (
  program: string,
  n: number,
  steps: readonly [line: string, value: number],
  names = ['nx', 'ny'],
  was = 41,
) => {
  const [line, value] = steps;
  const size = Object.fromEntries(names.map((name) => [`${name} = ${was}`, `${name} = ${n}`]));
  return { program, size: `${n}²`, lines: { ...size, [line]: `${line.split(' = ')[0]} = ${value}` } };
};

/** NumPy takes a second or more for each, on a machine of 2022. */
const LARGE: readonly Problem[] = [
  square('heat', 1024, ['nt = 60', 60]),
  square('wave', 1024, ['steps = 120', 100], ['n'], 64),
  square('burgers2d', 1024, ['nt = 120', 20]),
  square('poisson', 1024, ['nt = 100', 100], ['nx', 'ny'], 50),
  square('cavity', 257, ['nt = 40', 20]),
  square('grayscott', 1024, ['steps = 100', 30], ['n'], 48),
  square('redblack', 1025, ['sweeps = 60', 30], ['n'], 33),
  square('multigrid', 1025, ['cycles = 4', 4], ['n'], 65),
  {
    program: 'maxwell',
    size: '1024²',
    lines: { 'nx = 60': 'nx = 1024', 'ny = 50': 'ny = 1024', 'steps = 80': 'steps = 100' },
  },
  {
    program: 'shallow',
    size: '1024²',
    lines: { 'nx = 50': 'nx = 1024', 'ny = 40': 'ny = 1024', 'steps = 100': 'steps = 30' },
  },
  { program: 'hdiff', size: '256² × 64', lines: { 'I = 24': 'I = 256', 'J = 20': 'J = 256', 'K = 5': 'K = 64' } },
  {
    program: 'thomas',
    size: '128² × 64',
    lines: { 'nx = 12': 'nx = 128', 'ny = 10': 'ny = 128', 'nz = 16': 'nz = 64' },
  },
  { program: 'adi', size: '1024²', lines: { 'N = 24': 'N = 1024' } },
];

/** Where it is the cost of a statement that counts. */
const SMALL: readonly Problem[] = [
  square('heat', 32, ['nt = 60', 20_000]),
  square('wave', 32, ['steps = 120', 30_000], ['n'], 64),
  square('burgers2d', 32, ['nt = 120', 5_000]),
  square('poisson', 32, ['nt = 100', 20_000], ['nx', 'ny'], 50),
  square('cavity', 32, ['nt = 40', 500]),
  square('grayscott', 32, ['steps = 100', 5_000], ['n'], 48),
];

/** Seconds that the program takes, as it sees them, and the folder of what it saved. */
function run(command: readonly string[], text: string, folder: string): number {
  // Timed from inside: starting Python, or Node, is not what is compared.
  const timed = `import time as _time\n_start = _time.perf_counter()\n${text}\nprint('seconds', _time.perf_counter() - _start)\n`;
  writeFileSync(join(folder, 'program.py'), timed);
  const [name = '', ...args] = command;
  const { status, stdout, stderr } = spawnSync('taskset', ['-c', '0', name, ...args, 'program.py'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' },
  });
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
  return Number(/seconds ([\d.e-]+)/.exec(stdout)?.[1]);
}

function compare(problem: Problem, theirs: string, ours: string): void {
  for (const file of readdirSync(theirs).filter((name) => name.endsWith('.npy'))) {
    if (readFileSync(join(theirs, file)).equals(readFileSync(join(ours, file)))) continue;
    throw new ChecksumError(`${problem.program} at ${problem.size}: ${file} is not what NumPy saves`);
  }
}

function textOf({ program, lines }: Problem): string {
  let text = readFileSync(join(root, 'test', 'numpy', 'programs', `${program}.py`), 'utf8');
  for (const [line, becomes] of Object.entries(lines)) {
    if (!text.includes(`${line}\n`)) throw new Error(`${program}.py has no line '${line}'`);
    text = text.replace(`${line}\n`, `${becomes}\n`);
  }
  return text;
}

function measure(problem: Problem, rounds: number): string[] {
  const text = textOf(problem);
  const folders = ['numpy', 'quadrille'].map((who) => mkdtempSync(join(tmpdir(), `${who}-`)));
  const [theirs = '', ours = ''] = folders;
  const numpy = (): number => run(['python3'], text, theirs);
  const quadrille = (): number => run([process.execPath, join(root, 'scripts', 'quadrille.mjs'), 'run'], text, ours);
  try {
    const cold = quadrille();
    numpy();
    compare(problem, theirs, ours);
    const times = Array.from({ length: rounds }, () => [numpy(), quadrille()] as const);
    const ratio = median(times.map(([a, b]) => a / b));
    const [a, b] = [median(times.map(([t]) => t)), median(times.map(([, t]) => t))];
    return [problem.program, problem.size, a.toFixed(2), b.toFixed(2), cold.toFixed(2), `${ratio.toFixed(1)} ×`];
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true });
  }
}

export async function numpyPrograms({ rounds, names }: { rounds: number; names: readonly string[] }): Promise<void> {
  const wanted = [...LARGE, ...SMALL].filter(({ program }) => names.length === 0 || names.includes(program));
  const rows: string[][] = [];
  for (const problem of wanted) {
    rows.push(measure(problem, rounds));
    console.error(rows.at(-1)?.join('  '));
  }
  const header = ['program', 'size', 'NumPy s', 'quadrille s', 'first run s', 'speed-up'];
  console.log(
    `\nSeconds on one core, recording included; what is saved is the same to the last byte.\n\n${formatTable(header, rows)}`,
  );
}
