/** A random program in; run by the engine and by the reference interpreter; the first difference (or null) out. */
import type { Field, Grid } from 'quadrille';
import type { DType } from '../../jit/program.js';
import { noise, type Setup } from '../cases/case.js';
import type { ReferenceArray } from '../reference/array.js';
import { firstDifference } from '../reference/compare.js';
import { engineMaths } from '../reference/engine-maths.js';
import { useLibrary } from '../reference/functions.js';
import { Replay } from '../reference/replay.js';
import type { RandomProgram } from './program.js';
import { pythonSource, record } from './render.js';

export interface Outcome {
  readonly difference: string | null;
  readonly before: readonly ReferenceArray[];
  readonly after: readonly ReferenceArray[];
}

/** Collective: every rank gets the whole fields, so that every rank comes to the same conclusion. */
export async function check(program: RandomProgram, setup: Setup): Promise<Outcome> {
  useLibrary(engineMaths);
  const replay = new Replay();
  try {
    const grids: Grid[] = [];
    const fields = fieldsOf(program, (shape) => {
      const grid = setup.grid(shape);
      grids.push(grid);
      return grid;
    });
    const before = fields.map((field) => copyOf(replay.array(field.storage.id)));
    if (grids[0]) await record(program, fields, grids[0]);
    const after: ReferenceArray[] = [];
    let difference: string | null = null;
    for (const [k, field] of fields.entries()) {
      const array = { dtype: field.dtype, shape: field.shape, data: await field.toArray() };
      after.push(array);
      const found = firstDifference(array, replay.array(field.storage.id));
      if (found !== null) difference ??= `f[${k}]${found}`;
    }
    return { difference, before, after };
  } finally {
    replay.stop();
  }
}

/** The fields of a program, on Grids that `gridOf` makes. */
export function fieldsOf(program: RandomProgram, gridOf: (shape: readonly number[]) => Grid): Field<DType>[] {
  const common = gridOf(program.fields[0]?.shape ?? [1]);
  return program.fields.map(({ shape, dtype, seed, apart }) =>
    (apart ? gridOf(shape) : common).field({ shape, dtype, init: noise(seed) }),
  );
}

function copyOf(array: ReferenceArray): ReferenceArray {
  return { ...array, data: array.data.slice() };
}

/** What a failure prints: fields and lines, as NumPy would run them. */
export function describeProgram(program: RandomProgram): string {
  const fields = program.fields.map(
    ({ shape, dtype, apart }, k) => `f[${k}]: ${dtype} (${shape.join(', ')})${apart ? ' on another grid' : ''}`,
  );
  return `${fields.join('; ')}; ${program.asText ? 'as np text' : 'with methods'}${program.looped ? ', in grid.loop' : ''}\n${pythonSource(program)}`;
}
