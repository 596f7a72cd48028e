/** A peer's C++ source in; its binaries out, one per compiler found, with and without OpenMP, built when out of date. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { peerBuild, peerSources } from './paths.js';

/** What anyone compiles with; no -ffast-math, so that the bits are comparable. */
export const FLAGS = ['-std=c++20', '-O3', '-march=native'] as const;

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

/** Compiles `bench/peers/<name>.cpp`; a compiler without OpenMP runtime is skipped with a note. */
export function build(name: string, compilers: readonly string[], openmp: readonly boolean[]): Binary[] {
  mkdirSync(peerBuild, { recursive: true });
  const binaries: Binary[] = [];
  for (const compiler of compilers) {
    for (const withOpenmp of openmp) {
      const path = join(peerBuild, `${name}-${compiler}${withOpenmp ? '-openmp' : ''}`);
      const error = compile(compiler, withOpenmp, name, path);
      if (error === undefined) binaries.push({ compiler, openmp: withOpenmp, path });
      else if (withOpenmp) process.stderr.write(`note: ${compiler} cannot build ${name} with OpenMP: ${error}\n`);
      else throw new Error(`${compiler} cannot build ${name}.cpp:\n${error}`);
    }
  }
  return binaries;
}

function compile(compiler: string, openmp: boolean, name: string, path: string): string | undefined {
  const source = join(peerSources, `${name}.cpp`);
  const newest = Math.max(modified(source), modified(join(peerSources, 'protocol.h')));
  if (modified(path) > newest) return undefined;
  const args = [...FLAGS, ...(openmp ? ['-fopenmp'] : ['-Wno-unknown-pragmas']), source, '-o', path];
  const run = spawnSync(compiler, args, { encoding: 'utf8' });
  return run.status === 0 ? undefined : (run.stderr || String(run.error)).trim().split('\n').slice(0, 5).join('\n');
}

function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
