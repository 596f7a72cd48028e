/**
 * np.random: seeds in, numbers and arrays with NumPy's bits out. Every rank draws the same numbers, in full, and keeps
 * its part: they cost each rank what they would cost one process.
 */

import { gatherField } from '../../../block.js';
import * as create from '../../../create.js';
import { sizeOf } from '../../../shape.js';
import { agreed } from '../agreed.js';
import { Arguments, type Keywords } from '../arguments.js';
import { storageOf } from '../arrays.js';
import type { Builtin } from '../builtin.js';
import { type Steps, wait } from '../code.js';
import { asField } from '../creation.js';
import { iterate } from '../iteration.js';
import { index } from '../numbers.js';
import { pythonOf } from '../numpy-numbers.js';
import { Generator, isArray, isNumber, List, Raised, Tuple, typeName, type Value } from '../values.js';
import { masked, multiplied } from './bits.js';
import { MT19937 } from './mt19937.js';
import { PCG64 } from './pcg64.js';

/** What np.random.rand and the others draw from: one for the process, as in NumPy. */
let shared: Generator | undefined;

function* sharedState(): Steps<Generator> {
  shared ??= legacy(yield* entropy());
  return shared;
}

/** For who names no seed: rank 0's, everywhere. */
function* entropy(): Steps<number> {
  return yield* agreed(Math.floor(Math.random() * 2 ** 32));
}

function legacy(seed: number): Generator {
  return new Generator('RandomState', new MT19937(seed), masked);
}

function* legacySeed(value: Value): Steps<number> {
  if (value === null) return yield* entropy();
  const seed = index(value);
  if (seed >= 0n && seed < 2n ** 32n) return Number(seed);
  throw new Raised('ValueError', 'Seed must be between 0 and 2**32 - 1');
}

function* modern(value: Value): Steps<Generator> {
  if (value instanceof Generator) return value;
  const given = value instanceof List || value instanceof Tuple ? value.items : value === null ? [] : [value];
  const seeds = given.map((item) => {
    const seed = index(item);
    if (seed < 0n) throw new Raised('ValueError', 'expected non-negative integer');
    return seed;
  });
  return new Generator('Generator', new PCG64(value === null ? [BigInt(yield* entropy())] : seeds), multiplied);
}

/** None is one number; otherwise a shape. */
function shapeOf(given: Arguments): readonly number[] | undefined {
  return given.get('size', null) === null ? undefined : given.shape('size');
}

function floats(shape: readonly number[] | undefined, draw: () => number): Value {
  return shape ? create.array(Float64Array.from({ length: sizeOf(shape) }, draw), [...shape], 'f64') : draw();
}

function integers(shape: readonly number[] | undefined, draw: () => bigint): Value {
  return shape ? create.array(BigInt64Array.from({ length: sizeOf(shape) }, draw), [...shape], 'i64') : draw();
}

function random({ bits }: Generator, given: Arguments): Value {
  return floats(shapeOf(given), () => bits.nextDouble());
}

function uniform({ bits }: Generator, given: Arguments): Value {
  const [low, high] = [given.number('low', 0), given.number('high', 1)];
  return floats(shapeOf(given), () => low + (high - low) * bits.nextDouble());
}

function whole({ bits, below }: Generator, given: Arguments): Value {
  const high = given.get('high', null);
  const [from, end] = high === null ? [0n, given.integer('low')] : [given.integer('low'), given.integer('high')];
  const most = end - from - (given.has('endpoint') && given.boolean('endpoint', false) ? 0n : 1n);
  if (most < 0n) throw new Raised('ValueError', 'low >= high');
  if (most >= 2n ** 32n) throw new Raised('ValueError', 'a range of 2**32 numbers and more is not there');
  return integers(shapeOf(given), () => from + BigInt(below(bits, Number(most))));
}

/** One of the values for each element, or with the probabilities p. */
function* choice({ bits, below }: Generator, given: Arguments): Steps<Value> {
  const from = given.get('a');
  const values = isNumber(from) ? undefined : yield* listed(from);
  const count = values ? values.length : Number(index(from));
  if (count <= 0) throw new Raised('ValueError', 'a must be a positive integer or a non-empty sequence');
  if (!given.boolean('replace', true)) throw new Raised('ValueError', 'choice without replacement is not there');
  const p = given.get('p', null);
  const limits = p === null ? undefined : cumulated((yield* listed(p)).map(Number), count);
  const pick = (): number => {
    if (!limits) return below(bits, count - 1);
    const x = bits.nextDouble();
    return limits.findIndex((limit) => x < limit);
  };
  const shape = shapeOf(given);
  if (!values) return integers(shape, () => BigInt(pick()));
  if (values.some((value) => typeof value === 'number')) return floats(shape, () => Number(values[pick()]));
  return integers(shape, () => BigInt(values[pick()] ?? 0));
}

function cumulated(p: readonly number[], count: number): readonly number[] {
  let sum = 0;
  const sums = p.map((x) => (sum += x));
  if (p.length !== count) throw new Raised('ValueError', "'a' and 'p' must have same size");
  if (!(Math.abs(sum - 1) <= 1e-8)) throw new Raised('ValueError', 'probabilities do not sum to 1');
  return sums.map((x) => x / sum);
}

function* listed(value: Value): Steps<(number | bigint)[]> {
  if (isArray(value)) {
    const field = asField(value);
    const data = storageOf(field) && (yield* wait(gatherField(field.storage, { dest: 'all' })));
    return data ? Array.from<number | bigint>(data) : [];
  }
  return [...iterate(value)].map((given) => {
    const item = isNumber(given) ? pythonOf(given) : given;
    if (typeof item === 'number' || typeof item === 'bigint') return item;
    throw new Raised('TypeError', `one of several '${typeName(item)}' is not chosen here`);
  });
}

type Draw = (from: Generator, given: Arguments) => Value | Steps<Value>;

const DRAWS: Readonly<Record<string, readonly [draw: Draw, ...names: string[]]>> = {
  random: [random, 'size'],
  random_sample: [random, 'size'],
  ranf: [random, 'size'],
  uniform: [uniform, 'low', 'high', 'size'],
  randint: [whole, 'low', 'high', 'size'],
  integers: [whole, 'low', 'high', 'size', 'dtype', 'endpoint'],
  choice: [choice, 'a', 'size', 'replace', 'p'],
};

/** rng.name(...) and np.random.name(...). */
export const DRAW_NAMES: readonly string[] = [...Object.keys(DRAWS), 'rand'];

export function* draw(from: Generator, name: string, args: readonly Value[], keywords: Keywords): Steps<Value> {
  if (name === 'rand') return random(from, sized(args));
  if (name === 'seed') {
    from.bits = new MT19937(yield* legacySeed(args[0] ?? keywords.get('seed') ?? null));
    return null;
  }
  const [act, ...names] = DRAWS[name] ?? [];
  // Each kind of source has names of its own.
  if (!act || name === (from.kind === 'Generator' ? 'randint' : 'integers'))
    throw new Raised('AttributeError', `'numpy.random.${from.kind}' object has no attribute '${name}'`);
  const result = act(from, new Arguments(name, args, keywords, names));
  return typeof result === 'object' && result !== null && 'next' in result ? yield* result : result;
}

/** rand(2, 3) is random((2, 3)). */
function sized(args: readonly Value[]): Arguments {
  return new Arguments('rand', args.length === 0 ? [] : [new Tuple(args)], new Map(), ['size']);
}

export const RANDOM_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  ...Object.fromEntries(
    [...DRAW_NAMES, 'seed']
      .filter((name) => name !== 'integers')
      .map((name): [string, Builtin] => [
        `random.${name}`,
        {
          settles: true,
          *run(args, keywords) {
            return yield* draw(yield* sharedState(), name, args, keywords);
          },
        },
      ]),
  ),
  'random.RandomState': {
    settles: true,
    *run([seed = null], keywords) {
      return legacy(yield* legacySeed(keywords.get('seed') ?? seed));
    },
  },
  'random.default_rng': {
    settles: true,
    *run([seed = null], keywords) {
      return yield* modern(keywords.get('seed') ?? seed);
    },
  },
};
