/** `npm run bench -- NAME [options]`: arguments in, tables out. Each benchmark is loaded when it is asked for. */
import { parseArgs } from 'node:util';
import { ChecksumError } from './verify.js';

interface Arguments {
  /** What stands after the name. */
  readonly names: readonly string[];
  readonly quick: boolean;
  readonly sizes: readonly number[] | undefined;
  readonly rounds: number | undefined;
  readonly json: string | undefined;
  readonly from: string | undefined;
  readonly trial: boolean;
  readonly docs: boolean;
}

interface Benchmark {
  readonly usage: string;
  readonly does: string;
  run(given: Arguments): Promise<void>;
}

const benchmarks: Readonly<Record<string, Benchmark>> = {
  quick: {
    usage: '[--rounds n] [--trial] [--json file]',
    does: 'the headline numbers, in two minutes',
    run: async ({ rounds = 3, trial, json }) => (await import('./figures/quick.js')).quick({ rounds, trial, json }),
  },
  figures: {
    usage: '[--rounds n] [--trial] [--json file] [--from file] [--docs]',
    does: 'all numbers and figures, in twenty; --docs puts them into docs/performance.md, --from takes an earlier --json',
    run: async ({ rounds = 4, json, from, trial, docs }) =>
      (await import('./figures/figures.js')).figures({ rounds, json, from, trial, docs }),
  },
  laplace2d: {
    usage: '[--quick] [--sizes 256,1024] [--rounds n] [--json file]',
    does: 'the 2-D Laplace solver bit for bit against C++; first use, memory, cost of recording',
    run: async ({ quick, sizes, rounds, json }) =>
      (await import('./laplace2d.js')).laplace2d({
        sizes: sizes ?? (quick ? [256, 1024] : [256, 1024, 4096, 8192]),
        rounds: rounds ?? (quick ? 3 : 7),
        json,
      }),
  },
  'numpy-programs': {
    usage: '[large|small|name ...] [--rounds n] [--json file] [--from file] [--docs]',
    does: "NumPy's solvers, unmodified (test/numpy/programs), against NumPy itself, each on one core",
    run: async ({ names, rounds = 3, json, from, docs }) =>
      (await import('./numpy-programs.js')).numpyPrograms({ names, rounds, json, from, docs }),
  },
  micro: {
    usage: '[name]',
    does: 'the parts of the path that a step takes, one by one',
    run: async ({ names: [name] }) => (await import('./micro/index.js')).micro(name),
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    sizes: { type: 'string' },
    rounds: { type: 'string' },
    json: { type: 'string' },
    from: { type: 'string' },
    trial: { type: 'boolean', default: false },
    docs: { type: 'boolean', default: false },
  },
});

const [name = '', ...names] = positionals;
const benchmark = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
if (benchmark) {
  try {
    await benchmark.run({
      names,
      quick: values.quick,
      sizes: values.sizes?.split(',').map(Number),
      rounds: values.rounds === undefined ? undefined : Number(values.rounds),
      json: values.json,
      from: values.from,
      trial: values.trial,
      docs: values.docs,
    });
  } catch (error) {
    if (!(error instanceof ChecksumError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
} else {
  for (const [each, { usage, does }] of Object.entries(benchmarks)) {
    console.error(`npm run bench -- ${each} ${usage}\n    ${does}`);
  }
  process.exitCode = 2;
}
