/**
 * Assignment where a condition holds, NumPy's `u[mask] = value`: a view, a condition and a value in; recorded as one
 * where over the whole view. A condition among other indices, `u[mask, 0]`, is one of the view that these make.
 */

import type { DType } from '../jit/program.js';
import type { Walk } from '../jit/view.js';
import { QuadrilleError } from './errors.js';
import { astypeTree, type Tree, whereTree } from './expr.js';
import { formatShape, type Shape } from './shape.js';
import { type Subscript, wholeAxes } from './slice.js';
import { sliceTree } from './slice-tree.js';

/**
 * `mask` as it counts for elements of an array of `shape`: its dimensions are those from `at` on, along all others it is
 * the same. Throws SHAPE_MISMATCH.
 */
export function spread(mask: Tree, shape: Shape, at = 0): Tree {
  return sliceTree(mask, spreading(mask.structure.shape, shape, at));
}

/** New dimensions before and behind those of the condition. Throws SHAPE_MISMATCH. @internal */
export function spreading(own: Shape, shape: Shape, at: number): Walk {
  if (at + own.length > shape.length || own.some((n, d) => n !== shape[at + d])) {
    throw new QuadrilleError(
      'SHAPE_MISMATCH',
      `A condition of shape ${formatShape(own)} for an array of shape ${formatShape(shape)}.`,
      {
        expected:
          at === 0
            ? 'the sizes of all dimensions of the array, or of its leading ones'
            : `the sizes of its dimensions from ${at} on`,
      },
    );
  }
  const order = shape.map((_, d) => (d >= at && d < at + own.length ? d - at : -1));
  return own.length === shape.length ? { axes: wholeAxes(own) } : { axes: wholeAxes(own), dims: order };
}

/**
 * Which dimension of what a subscript gives is the first of the condition that stands in it: behind those of `before`.
 * `dims` are the array's, `walking` how many of them all entries walk, the condition for as many as it has.
 */
export function placeOfMask(before: readonly Subscript[], dims: number, walking: number): number {
  return before.reduce<number>((at, one) => {
    if (typeof one === 'number') return at;
    return one === '...' ? at + dims - walking : at + 1;
  }, 0);
}

/** Throws BAD_SLICE of what gathers. */
export function checkCondition({ dtype }: Tree['structure']): void {
  if (dtype === 'bool') return;
  throw new QuadrilleError('BAD_SLICE', `An array of ${dtype} as an index is not translated.`, {
    expected: 'slices, integers, or one condition',
    hint: 'NumPy would gather elements one by one; np.where(condition, a, b) chooses among elements',
  });
}

export function twoConditions(): QuadrilleError {
  return new QuadrilleError('BAD_SLICE', 'Two conditions in one subscript are not translated.', {
    expected: 'one condition, alone or beside slices and integers',
    hint: 'NumPy would pair the places where they hold; for a condition of all dimensions combine them: a[:, None] & b',
  });
}

/** What the whole view becomes: the value where the condition holds, converted as an assignment would, itself elsewhere. */
export function maskedTree(mask: Tree, value: Tree, present: Tree, dtype: DType): Tree {
  const converted = value.structure.op === 'param' ? value : astypeTree(value, dtype);
  return whereTree(mask, converted, present);
}

/** Are the two the same condition on the same values? */
export function sameTree(a: Tree, b: Tree): boolean {
  if (a.structure !== b.structure || a.storage !== b.storage || !Object.is(a.value, b.value)) return false;
  if (a.ints?.some((at, k) => at !== b.ints?.[k])) return false;
  return a.kids.every((kid, k) => {
    const other = b.kids[k];
    return other !== undefined && sameTree(kid, other);
  });
}
