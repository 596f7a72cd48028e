/**
 * Reductions of elements under a condition, np.sum(u[mask]) or u[mask].mean(): elements and condition in, the tree of a
 * Scalar out. What the condition leaves out counts as what changes nothing.
 */
import { concrete, isFloat } from '../../jit/types.js';
import { QuadrilleError } from '../errors.js';
import { astypeTree, binaryTree, boolLeaf, numberLeaf, type Tree, whereTree } from '../expr.js';
import { type Builder, REDUCERS } from '../reduction.js';
import { sizeOf } from '../shape.js';

/** By name, as NumPy calls them. */
export const MASKED_REDUCTIONS: ReadonlySet<string> = new Set(['sum', 'mean', 'min', 'max', 'any', 'all']);

/** `mask` has as many dimensions as `elements`, of size 1 where it is the same for all. Throws UNSUPPORTED_PYTHON. */
export function maskedReduction(name: string, elements: Tree, mask: Tree, build: Builder): Tree {
  const { dtype, shape } = elements.structure;
  const chosen = (otherwise: Tree): Tree => whereTree(mask, elements, otherwise);
  const count = (): Tree =>
    binaryTree(
      'mul',
      astypeTree(REDUCERS.sum(mask, build, undefined), 'f64'),
      build.number(sizeOf(shape) / Math.max(1, sizeOf(mask.structure.shape))),
    );
  switch (name) {
    case 'sum':
      return REDUCERS.sum(chosen(zeroOf(dtype === 'bool')), build, undefined);
    case 'mean': {
      const type = dtype === 'f32' ? 'f32' : 'f64';
      const floats = whereTree(mask, astypeTree(elements, type), numberLeaf(0));
      return binaryTree('div', REDUCERS.sum(floats, build, undefined), astypeTree(count(), type));
    }
    case 'any':
      return REDUCERS.any(binaryTree('and', elements, mask), build, undefined);
    case 'all':
      return REDUCERS.all(whereTree(mask, astypeTree(elements, 'bool'), boolLeaf(true)), build, undefined);
    case 'min':
    case 'max': {
      if (!isFloat(concrete(dtype))) throw refused(name, 'of integers');
      const extreme = REDUCERS[name](chosen(numberLeaf(name === 'min' ? Infinity : -Infinity)), build, undefined);
      // NumPy raises ValueError where nothing is chosen: here it is NaN, which is seen in whatever it enters.
      const nothing = binaryTree('eq', count(), numberLeaf(0));
      return whereTree(nothing, numberLeaf(Number.NaN), extreme);
    }
    default:
      throw refused(name, '');
  }
}

function zeroOf(truths: boolean): Tree {
  return truths ? boolLeaf(false) : numberLeaf(0);
}

function refused(name: string, what: string): QuadrilleError {
  const which = what === '' ? '' : ` ${what}`;
  return new QuadrilleError(
    'UNSUPPORTED_PYTHON',
    `${name}${which} of the elements under a condition is not translated.`,
    {
      expected: `${[...MASKED_REDUCTIONS].join(', ')} (min and max of floats), without axis`,
      hint: 'np.where(mask, a, b) gives an array of known size: reduce that',
    },
  );
}
