/** What an element of each elementwise function costs: ours, NumPy's, and C++'s with libmvec, in turns. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Expr, type Field, Grid, np } from 'quadrille';
import { build } from '../compilers.js';
import { pythonWith } from '../contestants.js';
import { peerSources } from '../paths.js';
import { median } from '../statistics.js';
import { formatTable } from '../table.js';

const ROUNDS = 5;
/** In L1, as the others' are, and so often that handing over costs nothing. */
const [COUNT, BATCHES, PASSES] = [2048, 20, 25];

type Nanoseconds = Map<string, number>;

/** As functions.cpp and functions.py. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  ...{ sqrt: [0, 100], exp: [-80, 80], exp2: [-80, 80], expm1: [-5, 5], log: [0.01, 100], log1p: [-0.9, 100] },
  ...{ log2: [0.01, 100], log10: [0.01, 100], cbrt: [-50, 50], sin: [-50, 50], cos: [-50, 50], tan: [-50, 50] },
  ...{ arcsin: [-1, 1], arccos: [-1, 1], arctan: [-50, 50], sinh: [-5, 5], cosh: [-5, 5], tanh: [-5, 5] },
  ...{ arcsinh: [-50, 50], arccosh: [1, 50], arctanh: [-0.99, 0.99], power: [0.1, 10], arctan2: [0.1, 10] },
  ...{ hypot: [0.1, 10], rint: [-50, 50], fmod: [0.1, 50] },
};

export async function run(): Promise<void> {
  const cpp = build('functions', ['g++'], 'fast')[0]?.path;
  const python = pythonWith('numpy');
  const samples: Nanoseconds[][] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    samples[0]?.push(await ours());
    if (python) samples[1]?.push(linesOf(python, [join(peerSources, 'functions.py')]));
    if (cpp) samples[2]?.push(linesOf(cpp, []));
  }
  const [mine, numpys, mvecs] = samples.map(mediansOf);
  for (const dtype of ['f64', 'f32']) {
    const rows = Object.keys(RANGES).map((name) => {
      const [a, b, c] = [mine, numpys, mvecs].map((times) => times?.get(`${name} ${dtype}`) ?? Number.NaN);
      const [us, numpy, mvec] = [a ?? Number.NaN, b ?? Number.NaN, c ?? Number.NaN];
      return [name, us.toFixed(2), numpy.toFixed(2), mvec.toFixed(2), (numpy / us).toFixed(1), (mvec / us).toFixed(2)];
    });
    const header = [`${dtype}, ns per element`, 'ours', 'NumPy', 'g++ libmvec', '× NumPy', '× libmvec'];
    console.log(`\n${formatTable(header, rows)}`);
  }
}

async function ours(): Promise<Nanoseconds> {
  const result: Nanoseconds = new Map();
  for (const dtype of ['f64', 'f32'] as const) {
    for (const [name, [lo, hi]] of Object.entries(RANGES)) {
      const grid = new Grid([COUNT], { dtype, threads: 1, odf: 1 });
      const a = grid.field({ init: (i = 0) => lo + ((hi - lo) * ((i * 37) % COUNT)) / COUNT });
      const out = grid.field();
      const expr = call(name, a);
      out.set(expr);
      await grid.sync();
      let best = Infinity; // as the others
      for (let batch = 0; batch < BATCHES; batch++) {
        const before = grid.stats().computeSeconds;
        for (let pass = 0; pass < PASSES; pass++) out.set(expr);
        await grid.sync();
        best = Math.min(best, ((grid.stats().computeSeconds - before) / PASSES / COUNT) * 1e9);
      }
      result.set(`${name} ${dtype}`, best);
      grid.dispose();
    }
  }
  return result;
}

/** By its NumPy name, through text. */
function call(name: string, a: Field): Expr {
  const second = { power: 'a', arctan2: 'a', hypot: 'a', fmod: '0.7' }[name];
  const texts =
    second === undefined
      ? [`np.${name}(`, ')']
      : second === 'a'
        ? [`np.${name}(`, ', ', ')']
        : [`np.${name}(`, `, ${second})`];
  const made = np(Object.assign(texts, { raw: texts }), ...(second === 'a' ? [a, a] : [a]));
  if (made === undefined) throw new Error('an expression in np text gave nothing back');
  return made;
}

function linesOf(command: string, args: readonly string[]): Nanoseconds {
  const lines = execFileSync(command, [...args], { encoding: 'utf8' })
    .trim()
    .split('\n');
  return new Map(
    lines.map((line) => {
      const [name, dtype, ns] = line.split(' ');
      return [`${name} ${dtype}`, Number(ns)];
    }),
  );
}

function mediansOf(rounds: readonly Nanoseconds[]): Nanoseconds {
  const names = [...(rounds[0]?.keys() ?? [])];
  return new Map(names.map((name) => [name, median(rounds.map((round) => round.get(name) ?? Number.NaN))]));
}
