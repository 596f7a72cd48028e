/**
 * Assignment where a condition holds, NumPy's `u[mask] = value`: a view, a condition and a value in; recorded as one
 * where over the whole view.
 */

import type { DType } from '../jit/program.js';
import { QuadrilleError } from './errors.js';
import { astypeTree, type Tree, whereTree } from './expr.js';
import { formatShape, type Shape } from './shape.js';
import { wholeAxes } from './slice.js';
import { sliceTree } from './slice-tree.js';

/** `mask` as it counts for elements of an array of `shape`: its dimensions are the leading ones. Throws SHAPE_MISMATCH. */
export function spread(mask: Tree, shape: Shape): Tree {
  const { shape: own } = mask.structure;
  if (own.length > shape.length || own.some((n, d) => n !== shape[d])) {
    throw new QuadrilleError(
      'SHAPE_MISMATCH',
      `A condition of shape ${formatShape(own)} for an array of shape ${formatShape(shape)}.`,
      { expected: 'the sizes of all dimensions of the array, or of its leading ones' },
    );
  }
  return sliceTree(mask, spreading(own, shape.length));
}

/** New dimensions behind those of the condition. @internal */
export function spreading(own: Shape, dims: number) {
  const order = Array.from({ length: dims }, (_, d) => (d < own.length ? d : -1));
  return own.length === dims ? { axes: wholeAxes(own) } : { axes: wholeAxes(own), dims: order };
}

/** What the whole view becomes: the value where the condition holds, converted as an assignment would, itself elsewhere. */
export function maskedTree(mask: Tree, value: Tree, present: Tree, dtype: DType): Tree {
  const converted = value.structure.op === 'param' ? value : astypeTree(value, dtype);
  return whereTree(mask, converted, present);
}

/** Are the two the same condition on the same values? */
export function sameTree(a: Tree, b: Tree): boolean {
  if (a.structure !== b.structure || a.storage !== b.storage || !Object.is(a.value, b.value)) return false;
  return a.kids.every((kid, k) => {
    const other = b.kids[k];
    return other !== undefined && sameTree(kid, other);
  });
}
