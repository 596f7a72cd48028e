/** A random program in; run by the engine, by the reference interpreter and by NumPy; the first difference (or null) out. */
import { array, type Field, Grid, size } from 'quadrille';
import type { DType } from '../../jit/program.js';
import { initialBlock } from '../../lib/initial.js';
import { session } from '../../lib/session.js';
import { noise, type Setup } from '../cases/case.js';
import type { ReferenceArray } from '../reference/array.js';
import { firstDifference } from '../reference/compare.js';
import { engineMaths } from '../reference/engine-maths.js';
import { useLibrary } from '../reference/functions.js';
import { Replay } from '../reference/replay.js';
import { setupFrom } from '../spmd/setup.js';
import type { NumpyProcess } from './numpy-process.js';
import { callsLibrary, type RandomField, type RandomProgram } from './program.js';
import { pythonSource } from './python.js';
import { record } from './record.js';

export interface Judges {
  /** The engine is asked (true), or only the interpreter, with the others: what is recorded means what NumPy means. */
  readonly engine?: boolean;
  readonly numpy: NumpyProcess | null;
}

/** Collective: every rank gets the whole fields, so that every rank comes to the same conclusion. */
export async function check(program: RandomProgram, { engine = true, numpy }: Judges): Promise<string | null> {
  useLibrary(engineMaths);
  const replay = new Replay();
  const setup = setupFrom(program.setup);
  try {
    const { fields, common } = fieldsOf(program, setup);
    const before = fields.map((field) => copyOf(replay.array(field.storage.id)));
    const after = await record(program, fields, common);
    const got: ReferenceArray[] = [];
    session.handOver();
    for (const field of after) {
      const { data } = engine ? { data: await field.toArray() } : replay.array(field.storage.id);
      got.push({ dtype: field.dtype, shape: field.shape, data });
    }
    for (const [k, field] of after.entries()) {
      const found = differenceAt(k, got, replay.array(field.storage.id));
      if (found !== null) return `${found}, says the reference interpreter`;
    }
    if (!numpy || callsLibrary(program)) return null;
    for (const [k, expected] of (await numpy.run(pythonSource(program), before)).entries()) {
      const found = differenceAt(k, got, expected);
      if (found !== null) return `${found}, says NumPy`;
    }
    return null;
  } finally {
    replay.stop();
    for (const grid of setup.grids) grid.dispose();
  }
}

/** The fields of a program, and the grid that most of them lie on. */
export function fieldsOf(program: RandomProgram, setup: Setup): { fields: Field<DType>[]; common: Grid } {
  const common = setup.grid(program.fields[0]?.shape ?? [1], { periodic: program.periodic });
  const fields = program.fields.map((field): Field<DType> => {
    const { shape, dtype, place } = field;
    const init = elementsOf(field);
    if (place === 'loose') return looseArray(init, shape, dtype);
    return (place === 'apart' ? setup.grid(shape) : common).field({ shape, dtype, init });
  });
  return { fields, common };
}

function differenceAt(k: number, got: readonly ReferenceArray[], expected: ReferenceArray): string | null {
  const array = got[k];
  const found = array ? firstDifference(array, expected) : 'is missing';
  return found === null ? null : `f[${k}]${found}`;
}

/** On no grid: made of its elements. */
function looseArray(init: ElementOf, shape: readonly number[], dtype: DType): Field<DType> {
  const data = initialBlock(
    init,
    dtype,
    shape,
    shape.map(() => 0),
    shape,
  );
  return array(data, shape, dtype);
}

type ElementOf = (...index: number[]) => number | bigint | boolean;

/** From the index alone: the same on every rank. */
function elementsOf({ dtype, seed, special }: RandomField): ElementOf {
  const [number, kind] = [noise(seed), noise(seed + 100)];
  const floats = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 1e300, -1e-310];
  const integers = [2 ** 31 - 1, -(2 ** 31), 0, 46341, -1];
  const long = [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n, 0n, -1n];
  return (...index) => {
    const x = number(...index);
    const at = Math.floor((kind(...index) + 1) * 20);
    switch (dtype) {
      case 'bool':
        return x > 0;
      case 'i32':
        return (special ? integers[at] : undefined) ?? Math.round(x * 9);
      case 'i64':
        return (special ? long[at] : undefined) ?? Math.round(x * 9);
      default:
        return (special ? floats[at] : undefined) ?? x;
    }
  };
}

function copyOf(array: ReferenceArray): ReferenceArray {
  return { ...array, data: array.data.slice() };
}

/** What a failure prints: fields and lines, as NumPy would run them. */
export function describeProgram(program: RandomProgram): string {
  const fields = program.fields.map(
    ({ shape, dtype, place, special }, k) =>
      `f[${k}]: ${dtype} (${shape.join(', ')})${special ? ' with NaN, inf, ...' : ''}${place === 'common' ? '' : `, ${place}`}`,
  );
  const how = [`written as ${program.written}`];
  if (program.loop === 'grid.loop') how.push('in grid.loop');
  if (program.swapped) how.push(program.byVariables ? 'variables exchanged' : 'swapped');
  if (program.periodic) how.push('on a periodic grid');
  const shape = program.fields[0]?.shape ?? [1];
  const options = new Grid(shape, setupFrom(program.setup).options(shape)); // with its defaults
  how.push(
    `setup ${program.setup} (grid [${options.processGrid}] of ${size}, ${options.threads} threads, odf ${options.odf}, timeTile ${options.timeTile})`,
  );
  return `${fields.join('; ')}; ${how.join(', ')}\n${pythonSource(program, 'quadrille')}`;
}
