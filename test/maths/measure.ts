/**
 * A function and a sample in; how far the engine (or NumPy) errs on it out, in units in the last place, by comparison
 * with 113-bit arithmetic (exact.cpp, compiled when first needed).
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Grid } from 'quadrille';
import { runNumpy } from '../numpy/numpy.js';
import { referenceArray } from '../reference/array.js';
import type { Float, Measured, Point } from './functions.js';

type Numbers = Float64Array | Float32Array;

export interface Sample {
  readonly a: Numbers;
  readonly b: Numbers;
}

export interface Accuracy {
  /** Greatest error. */
  readonly ulp: number;
  readonly x: string;
  readonly y: string;
  /** How many results are not the nearest float. */
  readonly different: number;
}

/** `count` points, the edges first; the same in every run. */
export function sampleOf(measured: Measured, dtype: Float, count: number): Sample {
  const random = randomNumbers();
  const around = measured.edges.flatMap((x): Point[] =>
    [-3, -2, -1, 0, 1, 2, 3].map((k) => [neighbour(x, k, dtype), 0]),
  );
  const points = Array.from({ length: count }, (_, k) => around[k] ?? measured.points(random, dtype));
  const make = (values: number[]): Numbers => (dtype === 'f64' ? Float64Array.from(values) : Float32Array.from(values));
  return { a: make(points.map(([x]) => x)), b: make(points.map(([, y]) => y)) };
}

/** By kernels, in vectors. */
export async function computed(measured: Measured, { a, b }: Sample): Promise<Numbers> {
  const grid = new Grid([a.length], { dtype: a instanceof Float64Array ? 'f64' : 'f32' });
  try {
    const [x, y, result] = [grid.field({ init: a }), grid.field({ init: b }), grid.field()];
    return await result.set(measured.apply(x, y)).toArray();
  } finally {
    grid.dispose();
  }
}

export function computedByNumpy(measured: Measured, { a, b }: Sample): Numbers {
  const dtype = a instanceof Float64Array ? 'f64' : 'f32';
  const arrays = [a, b, referenceArray([a.length], dtype).data].map(
    (data) => ({ dtype, shape: [a.length], data }) as const,
  );
  const operands = measured.arguments === 1 ? 'f[0]' : 'f[0], f[1]';
  const [results] = runNumpy([{ source: `f[2][:] = np.${measured.numpy[0]}(${operands})`, arrays }]);
  const result = results?.[2];
  if (!(result?.data instanceof Float64Array || result?.data instanceof Float32Array))
    throw new Error('NumPy gave too few arrays, or of another dtype');
  return result.data;
}

/** Of `results`, whoever computed them. */
export function accuracyOf(measured: Measured, { a, b }: Sample, results: Numbers): Accuracy {
  const triples = new Float64Array(3 * a.length);
  for (let k = 0; k < a.length; k++) triples.set([a[k] ?? 0, b[k] ?? 0, results[k] ?? 0], 3 * k);
  const folder = mkdtempSync(join(tmpdir(), 'quadrille-maths-'));
  try {
    const file = join(folder, 'triples');
    writeFileSync(file, triples);
    const dtype = a instanceof Float64Array ? 'f64' : 'f32';
    const accuracy: Accuracy = JSON.parse(execFileSync(judge(), [measured.name, dtype, file], { encoding: 'utf8' }));
    return accuracy;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** exact.cpp as a program, built if its source is newer. */
function judge(): string {
  const [source, program] = ['test/maths/exact.cpp', 'build/exact'];
  const built = statSync(program, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (statSync(source).mtimeMs < built) return program;
  mkdirSync('build', { recursive: true });
  execFileSync('g++', ['-O2', '-std=gnu++20', source, '-o', program, '-lquadmath']);
  return program;
}

/** mulberry32. */
function randomNumbers(): () => number {
  let state = 1;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The float `k` steps from the one nearest to `x`. */
function neighbour(x: number, k: number, dtype: Float): number {
  const digits = dtype === 'f64' ? 52 : 23;
  const near = dtype === 'f64' ? x : Math.fround(x);
  const step = 2 ** (Math.floor(Math.log2(Math.abs(near) || 2 ** -1000)) - digits);
  return near + k * step;
}
