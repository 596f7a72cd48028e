/**
 * The programs of test/numpy/programs at other sizes: a program, its size and how often it repeats itself in, its text
 * out. Large: NumPy takes a second or more for each, on a machine of 2022. Small: it is the cost of a statement that counts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths.js';

export interface Problem {
  /** Without .py. */
  readonly program: string;
  readonly size: string;
  readonly small: boolean;
  /** What stands in the program, once, and what it becomes. */
  readonly lines: Readonly<Record<string, string>>;
  /** Lines from the one that begins with the first text to the one that begins with the second, run so often. */
  readonly repeat?: { readonly from: string; readonly to: string; readonly times: number };
  /** The largest difference, as a share of the largest number: sums that enter the arithmetic are rounded otherwise. */
  readonly tolerance?: number;
}

const folder = join(root, 'test', 'numpy', 'programs');

/** Large size and its repetitions, then those of 32, 64 and 128 points a side. */
type Counts = readonly [large: number, at32: number, at64: number, at128: number];

interface Series {
  readonly large: number;
  readonly counts: Counts;
  /** What changes for n points a side and so many repetitions. */
  readonly vary: (n: number, count: number) => Pick<Problem, 'lines' | 'repeat'>;
  /** How the size is shown; else n². */
  readonly size?: (n: number) => string;
  /** 2^k + 1 points a side. */
  readonly odd?: boolean;
  readonly tolerance?: number;
}

const lines = (changed: Readonly<Record<string, string>>): Pick<Problem, 'lines'> => ({ lines: changed });

/** In one dimension. */
const pointsOfLine = (n: number): number => (n > 128 ? n : n * n);

/** The repetitions make NumPy take about a second. */
const SERIES: Readonly<Record<string, Series>> = {
  heat: {
    large: 1024,
    counts: [120, 88_000, 64_000, 12_000],
    vary: (n, count) => lines({ 'nx = 41': `nx = ${n}`, 'ny = 41': `ny = ${n}`, 'nt = 60': `nt = ${count}` }),
  },
  wave: {
    large: 1024,
    counts: [120, 80_000, 40_000, 12_000],
    vary: (n, count) => lines({ 'n = 64': `n = ${n}`, 'steps = 120': `steps = ${count}` }),
  },
  burgers1d: {
    large: 1 << 21,
    counts: [60, 80_000, 80_000, 16_000],
    // As many points as the 2-D grids have; the time step is shorter, or it would not be stable.
    vary: (n, count) =>
      lines({
        'nx = 101': `nx = ${pointsOfLine(n)}`,
        'nt = 100': `nt = ${count}`,
        'dt = dx * nu': `dt = dx * nu * 50 / ${pointsOfLine(n)}`,
      }),
    size: (n) => `${pointsOfLine(n)}`,
  },
  burgers2d: {
    large: 1024,
    counts: [24, 16_000, 9_600, 2_800],
    vary: (n, count) => lines({ 'nx = 41': `nx = ${n}`, 'ny = 41': `ny = ${n}`, 'nt = 120': `nt = ${count}` }),
  },
  laplace: {
    large: 1024,
    counts: [120, 72_000, 48_000, 14_400],
    vary: (n, count) =>
      lines({
        'nx = 31': `nx = ${n}`,
        'ny = 31': `ny = ${n}`,
        'while l1norm > l1norm_target:': `while l1norm != l1norm_target and sweeps < ${count}:`,
      }),
  },
  poisson: {
    large: 1024,
    counts: [120, 72_000, 40_000, 11_200],
    vary: (n, count) => lines({ 'nx = 50': `nx = ${n}`, 'ny = 50': `ny = ${n}`, 'nt = 100': `nt = ${count}` }),
  },
  cavity: {
    large: 257,
    counts: [120, 1_600, 880, 200],
    vary: (n, count) =>
      lines({
        'nx = 41': `nx = ${n}`,
        'ny = 41': `ny = ${n}`,
        'nt = 40': `nt = ${count}`,
        'dt = .001': `dt = ${n > 64 ? 0.0001 : 0.001}`,
      }),
  },
  channel: {
    large: 512,
    counts: [6, 800, 560, 200],
    vary: (n, count) =>
      lines({
        'def main(nx=41, ny=41, rho=1, nu=.1, F=1, dt=.01, most=30):': `def main(nx=${n}, ny=${n}, rho=1, nu=.1, F=1, dt=${n > 41 ? 0.4 / n : 0.01}, most=${count}):`,
        'udiff > .001': 'udiff != .001',
      }),
  },
  maxwell: {
    large: 1024,
    counts: [120, 80_000, 64_000, 32_000],
    vary: (n, count) => lines({ 'nx = 60': `nx = ${n}`, 'ny = 50': `ny = ${n}`, 'steps = 80': `steps = ${count}` }),
  },
  shallow: {
    large: 1024,
    counts: [60, 56_000, 20_000, 8_000],
    vary: (n, count) => lines({ 'nx = 50': `nx = ${n}`, 'ny = 40': `ny = ${n}`, 'steps = 100': `steps = ${count}` }),
  },
  hdiff: {
    large: 256,
    counts: [9, 8_800, 2_800, 480],
    vary: (n, count) =>
      lines({
        'I = 24': `I = ${n}`,
        'J = 20': `J = ${n}`,
        'K = 5': `K = ${n > 128 ? 64 : 8}`,
        'steps = 10': `steps = ${count}`,
      }),
    size: (n) => `${n}² × ${n > 128 ? 64 : 8}`,
  },
  grayscott: {
    large: 1024,
    counts: [90, 16_000, 12_800, 7_200],
    vary: (n, count) => lines({ 'n = 48': `n = ${n}`, 'steps = 100': `steps = ${count}` }),
  },
  adi: {
    large: 1024,
    counts: [12, 1_600, 800, 352],
    // More steps than four at once would be shorter ones, and overflow.
    vary: (n, count) => ({
      lines: { 'N = 24': `N = ${n}` },
      repeat: { from: 'for i in range(N):', to: '        u[1:N - 1, j] =', times: Math.ceil(count / 4) },
    }),
  },
  thomas: {
    large: 160,
    counts: [6, 3_200, 120, 16],
    vary: (n, count) =>
      lines({
        'nx = 12': `nx = ${n}`,
        'ny = 10': `ny = ${n}`,
        'nz = 16': `nz = ${n}`,
        'steps = 5': `steps = ${count}`,
      }),
    size: (n) => `${n}³`,
  },
  redblack: {
    large: 1025,
    counts: [180, 40_000, 28_000, 12_000],
    vary: (n, count) => lines({ 'n = 33': `n = ${n}`, 'sweeps = 60': `sweeps = ${count}` }),
    odd: true,
  },
  multigrid: {
    large: 1025,
    counts: [30, 3_600, 2_800, 1_000],
    vary: (n, count) => lines({ 'n = 65': `n = ${n}`, 'cycles = 4': `cycles = ${count}` }),
    odd: true,
  },
  life: {
    large: 1024,
    counts: [60, 12_000, 9_600, 5_400],
    vary: (n, count) => lines({ 'n = 40': `n = ${n}`, 'range(50)': `range(${count})` }),
    odd: true, // row 32 is set
  },
  conjugate_gradients: {
    large: 1024,
    counts: [3, 440, 160, 24],
    vary: (n, times) => ({
      lines: {
        'n = 32': `n = ${n}`,
        'while np.sqrt(rs) > 1e-8:': `while np.sqrt(rs) > 1e-8 and iterations < ${n > 128 ? 40 : 10_000}:`,
      },
      repeat: { from: 'x = np.zeros((n, n))', to: '    iterations += 1', times },
    }),
    tolerance: 1e-9,
  },
};

/** These show what is translated; what they compute, others of the table do. */
const UNTIMED: ReadonlySet<string> = new Set([
  ...['cahn_hilliard', 'crank_nicolson', 'lattice_boltzmann', 'life_random', 'limiters', 'sor_archive', 'sweeps'],
  ...['vortices', 'wave_pml'],
]);

/** Throws where a program of test/numpy/programs has no sizes here: a table with a row less would not show it. */
export function problems(): Problem[] {
  const programs = readdirSync(folder).flatMap((name) => (name.endsWith('.py') ? [name.slice(0, -3)] : []));
  return programs.flatMap((program) => {
    if (UNTIMED.has(program)) return [];
    const series = SERIES[program];
    if (!series) throw new Error(`bench/numpy/problems.ts has no sizes of ${program}.py`);
    const { large, counts, vary, odd, tolerance, size = (n: number) => `${n}²` } = series;
    return [large, 32, 64, 128].map((side, k) => {
      const n = odd && side < large ? side + 1 : side;
      return {
        program,
        size: size(n),
        small: k > 0,
        ...vary(n, counts[k] ?? 1),
        ...(tolerance !== undefined && { tolerance }),
      };
    });
  });
}

/** The program as it is in the tests. */
export function originalText(program: string): string {
  return readFileSync(join(folder, `${program}.py`), 'utf8');
}

export function textOf({ program, lines: changed, repeat }: Problem): string {
  let text = originalText(program);
  for (const [line, becomes] of Object.entries(changed)) {
    if (text.split(line).length !== 2) throw new Error(`${program}.py has '${line}' not once`);
    text = text.replace(line, becomes);
  }
  return repeat ? repeated(text, repeat) : text;
}

function repeated(text: string, { from, to, times }: NonNullable<Problem['repeat']>): string {
  const all = text.split('\n');
  const [first, last] = [from, to].map((start) => all.findIndex((line) => line.startsWith(start)));
  if (first === undefined || last === undefined || first < 0 || last < first)
    throw new Error(`no lines '${from}' to '${to}'`);
  const body = all.slice(first, last + 1).map((line) => `    ${line}`);
  return [...all.slice(0, first), `for time_ in range(${times}):`, ...body, ...all.slice(last + 1)].join('\n');
}
