/** Arrays made without naming a Grid: a shape in, the description of an array on the default grid of that shape out. */
import { chooseProcessGrid } from '../jit/decompose.js';
import type { Decomposition, DType } from '../jit/program.js';
import { session } from './session.js';
import { checkShape, type Shape } from './shape.js';
import { type FieldMeta, internMeta, internOptions, type Storage } from './storage.js';
import { tuneOption } from './tune.js';

/** Whose memory such arrays are: nobody's, it goes with each of them. */
export const looseOwner: Storage['owner'] = { batch: 64 };

/** Sizes that differ by so little follow one another's cuts: staggered arrays, interiors, padded ones. */
const NEAR = 4;
/** Shapes in the order they were first met, at most so many: each is what those near it are cut like. */
const MOST_LATTICES = 64;
const lattices: Decomposition[] = [];

/** How arrays of a shape are cut: as the first array that it is near to. Every rank makes the same arrays in the same order. */
function latticeOf(shape: Shape): Decomposition {
  const near = ({ shape: other }: Decomposition): boolean =>
    other.length === shape.length && other.every((n, d) => n === shape[d] || Math.abs(n - (shape[d] ?? 0)) <= NEAR);
  const exact = lattices.find((lattice) => String(lattice.shape) === String(shape));
  const known = exact ?? (Math.min(...shape) > 4 * NEAR ? lattices.find(near) : undefined);
  if (known) return known;
  const made = { shape, processGrid: chooseProcessGrid(shape, session.size) };
  if (lattices.length < MOST_LATTICES) lattices.push(made);
  return made;
}

export function looseMeta(given: Shape, dtype: DType): FieldMeta {
  const shape = checkShape('array', given);
  const options = internOptions({ odf: 1, threads: session.defaultThreads, contract: false, ...tuneOption() });
  return internMeta(
    { dtype, shape, decomposition: latticeOf(shape) },
    options,
    shape.map(() => false),
  );
}
