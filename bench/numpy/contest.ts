/**
 * A problem in: its program run by NumPy and by quadrille, in turns, each on one core in a process of its own; times,
 * memory and counts out, after what both saved has been compared.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNpy } from '../../lib/io/file.js';
import { root, script } from '../paths.js';
import { ChecksumError } from '../verify.js';
import { farthest } from './farthest.js';
import { originalText, type Problem, textOf } from './problems.js';
import type { Counts } from './run-program.js';

/** Bytes that a process had at most. */
interface Run {
  readonly seconds: number;
  readonly peak: number;
}

export interface Result {
  readonly program: string;
  readonly size: string;
  readonly small: boolean;
  /** Seconds of each round. */
  readonly numpy: readonly number[];
  readonly ours: readonly number[];
  /** Of the first run, with nothing compiled yet. */
  readonly cold: number;
  readonly counts: Counts;
  /** Bytes that each had at most, more than it has for the same program at its size in the tests. */
  readonly memory: readonly [numpy: number, ours: number];
}

/** Wants a Python that has NumPy. Throws ChecksumError before there is a time, if what is saved differs. */
export class ProgramContest {
  readonly #folder = mkdtempSync(join(tmpdir(), 'quadrille-numpy-'));
  /** Of each program: with next to no data, what its process takes. */
  readonly #least = new Map<string, readonly [number, number]>();

  constructor(private readonly python: string) {}

  run(problem: Problem, rounds: number): Result {
    const text = textOf(problem);
    const counts = this.#count(problem, text);
    const cold = this.#ours(text, 'cold').seconds;
    const first = this.#numpy(text);
    compare(problem, join(this.#folder, 'numpy'), join(this.#folder, 'ours'));
    const pairs = Array.from({ length: rounds }, (_, round) => {
      if (round % 2 === 0) return [this.#numpy(text), this.#ours(text)] as const;
      const ours = this.#ours(text);
      return [this.#numpy(text), ours] as const;
    });
    const least = this.#leastOf(problem.program);
    const most = ([numpy, ours]: readonly [Run, Run]): readonly [number, number] => [numpy.peak, ours.peak];
    const peaks = [most([first, pairs[0]?.[1] ?? first]), ...pairs.map(most)];
    return {
      program: problem.program,
      size: problem.size,
      small: problem.small,
      numpy: pairs.map(([{ seconds }]) => seconds),
      ours: pairs.map(([, { seconds }]) => seconds),
      cold,
      counts,
      memory: [Math.max(...peaks.map(([a]) => a)) - least[0], Math.max(...peaks.map(([, b]) => b)) - least[1]],
    };
  }

  end(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #leastOf(program: string): readonly [number, number] {
    const known = this.#least.get(program);
    if (known) return known;
    const text = originalText(program);
    this.#ours(text); // compiles
    const least = [this.#numpy(text).peak, this.#ours(text).peak] as const;
    this.#least.set(program, least);
    return least;
  }

  #numpy(text: string): Run {
    return timed(this.python, [this.python], this.#write('numpy', text), {});
  }

  /** `cold`: with an empty cache of kernels. */
  #ours(text: string, cache: 'cold' | 'warm' = 'warm'): Run {
    const kernels = this.#cache(cache);
    return timed(this.python, OURS, this.#write('ours', text), { QUADRILLE_CACHE_DIR: kernels });
  }

  #cache(state: 'cold' | 'warm'): string {
    const kernels = join(this.#folder, 'kernels');
    if (state === 'cold') rmSync(kernels, { recursive: true, force: true });
    return kernels;
  }

  #count(problem: Problem, text: string): Counts {
    const folder = this.#write('ours', text);
    const { stdout } = run([...OURS, 'program.py', '--count'], folder, { QUADRILLE_CACHE: 'off' });
    const counts: Counts = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    const { plansAgain, kernels, kernelsCompiled } = counts;
    if (plansAgain > 0 || kernelsCompiled > kernels) {
      throw new ChecksumError(
        `${problem.program} at ${problem.size}: ${plansAgain} plans were made twice, ${kernelsCompiled} kernels compiled of ${kernels}`,
      );
    }
    return counts;
  }

  /** The program in an empty folder, which is returned. */
  #write(who: 'numpy' | 'ours', text: string): string {
    const named = join(this.#folder, who);
    rmSync(named, { recursive: true, force: true });
    mkdirSync(named);
    // Timed from inside: starting Python, or Node, is not what is compared.
    const begin = 'import time as _time\n_start = _time.perf_counter()\n';
    const end = "print('seconds', _time.perf_counter() - _start)\n";
    writeFileSync(join(named, 'program.py'), `${begin}${text}\n${end}`);
    return named;
  }
}

const OURS = [process.execPath, script('numpy/run-program.ts')];
const PEAK = join(root, 'bench', 'numpy', 'peak.py');

function timed(python: string, command: readonly string[], folder: string, env: Record<string, string>): Run {
  const { stdout, stderr } = run([python, PEAK, ...command, 'program.py'], folder, env);
  const [seconds, peak] = [/^seconds ([\d.e-]+)/m.exec(stdout)?.[1], /^peak (\d+)/m.exec(stderr)?.[1]];
  if (seconds === undefined || peak === undefined) throw new Error(`${command.join(' ')}: no seconds, or no peak`);
  return { seconds: Number(seconds), peak: Number(peak) * 1024 };
}

function run(
  command: readonly string[],
  cwd: string,
  more: Record<string, string>,
): { stdout: string; stderr: string } {
  const env = { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', ...more };
  const { status, stdout, stderr } = spawnSync('taskset', ['-c', '0', ...command], { cwd, encoding: 'utf8', env });
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
  return { stdout, stderr };
}

function compare({ program, size, tolerance }: Problem, theirs: string, ours: string): void {
  const files = readdirSync(theirs).filter((name) => name.endsWith('.npy'));
  if (files.length === 0) throw new ChecksumError(`${program} at ${size} saves nothing to compare`);
  for (const file of files) {
    const [expected, saved] = [join(theirs, file), join(ours, file)];
    if (readFileSync(expected).equals(readFileSync(saved))) continue;
    if (tolerance !== undefined && farthest(readNpy(saved).data, readNpy(expected).data) < tolerance) continue;
    throw new ChecksumError(`${program} at ${size}: ${file} is not what NumPy saves`);
  }
}
