/** Arrays made without naming a Grid: a shape in, the description of an array on the default grid of that shape out. */
import { chooseProcessGrid } from '../jit/decompose.js';
import type { DType } from '../jit/program.js';
import { session } from './session.js';
import { checkShape, type Shape } from './shape.js';
import { type FieldMeta, internMeta, internOptions, type Storage } from './storage.js';

/** Whose memory such arrays are: nobody's, it goes with each of them. */
export const looseOwner: Storage['owner'] = { batch: 64 };

export function looseMeta(given: Shape, dtype: DType): FieldMeta {
  const shape = checkShape('array', given);
  const processGrid = chooseProcessGrid(shape, session.size);
  const options = internOptions({ odf: 1, threads: session.defaultThreads, contract: false });
  return internMeta(
    { dtype, shape, decomposition: { shape, processGrid } },
    options,
    shape.map(() => false),
  );
}
