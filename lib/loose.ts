/** Arrays made without naming a Grid: a shape in, the description of an array on the default grid of that shape out. */
import { chooseProcessGrid } from '../jit/decompose.js';
import type { Decomposition, DType, ProgramOptions } from '../jit/program.js';
import { alignment } from './lattice.js';
import { session } from './session.js';
import { checkShape, type Shape } from './shape.js';
import { type FieldMeta, internMeta, internOptions, type Storage } from './storage.js';
import { tuneOption } from './tune.js';

/** Whose memory such arrays are: nobody's, it goes with each of them. */
export const looseOwner: Storage['owner'] = { batch: 64 };

/** Smaller ones are not worth it, and near to too much. */
const LEAST = 17;
/** Shapes in the order they were first met, at most so many: each is what those near it are cut like. */
const MOST_LATTICES = 64;
const lattices: Decomposition[] = [];

/** How arrays of a shape are cut: as the first array that it is near to. Every rank makes the same arrays in the same order. */
function latticeOf(shape: Shape): Decomposition {
  const exact = lattices.find((lattice) => String(lattice.shape) === String(shape));
  if (exact) return exact;
  for (const lattice of lattices) {
    const lies = Math.min(...lattice.shape) >= LEAST && alignment(shape, lattice.shape);
    if (lies) return { ...lattice, ...lies };
  }
  const made = { shape, processGrid: chooseProcessGrid(shape, session.size) };
  if (lattices.length < MOST_LATTICES) lattices.push(made);
  return made;
}

function defaultOptions(): ProgramOptions {
  return internOptions({ odf: 1, threads: session.defaultThreads, contract: false, ...tuneOption() });
}

/** Descriptions made so far, by dtype and shape: a loop asks for the same few in every round. */
const known = new WeakMap<ProgramOptions, Map<string, FieldMeta>>();

/** `options`: of what the array is computed from; statements on both then stay in one Program. */
export function looseMeta(given: Shape, dtype: DType, options = defaultOptions()): FieldMeta {
  const shape = checkShape('array', given);
  let metas = known.get(options);
  if (!metas) {
    metas = new Map();
    known.set(options, metas);
  }
  const key = `${dtype} ${shape.join()}`;
  let meta = metas.get(key);
  if (!meta) {
    meta = internMeta(
      { dtype, shape, decomposition: latticeOf(shape) },
      options,
      shape.map(() => false),
    );
    metas.set(key, meta);
  }
  return meta;
}
