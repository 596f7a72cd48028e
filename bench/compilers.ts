/** A peer's C++ source in; its binaries out, one per compiler found, built when out of date. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { peerBuild, peerSources } from './paths.js';

const FLAGS = ['-std=c++20', '-O3', '-march=native'] as const;

/** What anyone compiles with; and what keeps every operation as it is written, so that the bits are comparable. */
export const MATHS = { fast: '-ffast-math', strict: '-ffp-contract=off' } as const;
export type Maths = keyof typeof MATHS;

export function flagsOf(maths: Maths): string {
  return [...FLAGS.slice(1), MATHS[maths], '-fopenmp'].join(' ');
}

export interface Binary {
  readonly compiler: string;
  readonly openmp: boolean;
  readonly path: string;
}

/** g++, and the newest clang++ there is. */
export function findCompilers(): string[] {
  const clangs = ['clang++', ...[15, 16, 17, 18, 19, 20, 21, 22, 23, 24].map((v) => `clang++-${v}`)].reverse();
  const found = [['g++'], clangs].map((names) => names.find((name) => version(name) !== undefined));
  return found.filter((name) => name !== undefined);
}

/** First line of `compiler --version`, or undefined if it is not there. */
export function version(compiler: string): string | undefined {
  const run = spawnSync(compiler, ['--version'], { encoding: 'utf8' });
  return run.status === 0 ? run.stdout.split('\n')[0] : undefined;
}

/** Compiles `bench/peers/<name>.cpp` with OpenMP; where a compiler lacks its runtime, without, and says so. */
export function build(name: string, compilers: readonly string[], maths: Maths): Binary[] {
  return compilers.map((compiler) => {
    const path = join(peerBuild, `${name}-${compiler}-${maths}`);
    const error = compile(compiler, [MATHS[maths], '-fopenmp'], name, `${path}-openmp`);
    if (error === undefined) return { compiler, openmp: true, path: `${path}-openmp` };
    process.stderr.write(`note: ${compiler} cannot build ${name} with OpenMP: ${error}\n`);
    const serial = compile(compiler, [MATHS[maths], '-Wno-unknown-pragmas'], name, path);
    if (serial !== undefined) throw new Error(`${compiler} cannot build ${name}.cpp:\n${serial}`);
    return { compiler, openmp: false, path };
  });
}

/** Compiles `bench/peers/<name>.cpp` with the MPI library's compiler; undefined where there is none. */
export function buildMpi(name = 'mpi'): string | undefined {
  if (version('mpicxx') === undefined) return undefined;
  const path = join(peerBuild, `${name}-mpicxx-fast`);
  const flags = [MATHS.fast, '-Wno-unknown-pragmas', '-DOMPI_SKIP_MPICXX', '-DMPICH_SKIP_MPICXX'];
  const error = compile('mpicxx', flags, name, path);
  if (error !== undefined) throw new Error(`mpicxx cannot build ${name}.cpp:\n${error}`);
  return path;
}

function compile(compiler: string, options: readonly string[], name: string, path: string): string | undefined {
  mkdirSync(peerBuild, { recursive: true });
  const source = join(peerSources, `${name}.cpp`);
  const headers = readdirSync(peerSources).filter((file) => file.endsWith('.h'));
  const newest = Math.max(...[source, ...headers.map((file) => join(peerSources, file))].map(modified));
  if (modified(path) > newest) return undefined;
  const run = spawnSync(compiler, [...FLAGS, ...options, source, '-o', path], { encoding: 'utf8' });
  return run.status === 0 ? undefined : (run.stderr || String(run.error)).trim().split('\n').slice(0, 5).join('\n');
}

function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
