/** Elements under a condition, u[mask]: values in, what operators make of them under one common mask out. */
import { QuadrilleError } from '../errors.js';
import type { Tree } from '../expr.js';
import { spread, spreading } from '../masked.js';
import { formatShape, type Shape } from '../shape.js';
import type { ArrayValue, Evaluation, Value } from './value.js';

/** `apply` of what lies under a mask, if any of the values does: all others must be under the same, or one number. */
export function lifted(
  on: Evaluation,
  values: readonly Value[],
  apply: (inner: readonly Value[]) => Value,
): Value | undefined {
  const first = values.find((value) => value.kind === 'masked');
  if (first?.kind !== 'masked') return undefined;
  const { mask, base: array } = first;
  const free = shapeOf(array).length - mask.structure.shape.length;
  const inner = values.map((value) => under(on, mask, value, free));
  const base = apply(inner);
  if (base.kind === 'masked') throw new QuadrilleError('INTERNAL', 'a mask within a mask');
  return { kind: 'masked', base, mask };
}

/**
 * What `value` is for elements under `mask`. Throws SHAPE_MISMATCH unless it is under the same one, one element, or the
 * same for all: of at most `free` dimensions, those of the array behind the condition's.
 */
export function under(on: Evaluation, mask: Tree, value: Value, free = 0): Exclude<Value, { kind: 'masked' }> {
  if (value.kind === 'masked') {
    if (on.origins.same(mask, value.mask, (hole) => on.fixed.add(hole))) return value.base;
    throw new QuadrilleError('SHAPE_MISMATCH', 'The two conditions differ.', {
      expected: 'elements under the same condition: u[mask] = v[mask]',
    });
  }
  const shape = shapeOf(value);
  if (shape.length <= free) return value;
  throw new QuadrilleError(
    'SHAPE_MISMATCH',
    `An array of shape ${formatShape(shape)} among elements under a condition.`,
    {
      expected: 'a number, or elements under the same condition: u[mask] = v[mask]',
      hint: 'np.where(mask, a, b) chooses among the elements of two arrays',
    },
  );
}

function shapeOf(value: Exclude<Value, { kind: 'masked' }>): Shape {
  return value.kind === 'number' ? [] : value.kind === 'view' ? value.view.shape : value.tree.structure.shape;
}

/** A mask of an array: a condition that broadcasts to it. Throws UNSUPPORTED_PYTHON, SHAPE_MISMATCH. */
export function checkedMask(mask: Tree, base: ArrayValue): Tree {
  const { dtype } = mask.structure;
  if (mask.structure.shape.length === 0 && dtype !== 'bool') {
    throw new QuadrilleError(
      'UNSUPPORTED_PYTHON',
      'A value that is still being computed as an index is not translated.',
      {
        expected: 'integers that are known when the statement is recorded, slices, or one condition',
        hint: 'in a program: u[int(np.argmax(x))], which waits for the value',
      },
    );
  }
  if (dtype !== 'bool') {
    throw new QuadrilleError('UNSUPPORTED_PYTHON', `An array of ${dtype} as an index is not translated.`, {
      expected: 'slices, integers, or one condition',
      hint: 'NumPy would gather elements one by one; np.where(condition, a, b) chooses among elements',
    });
  }
  spread(mask, base.kind === 'view' ? base.view.shape : base.tree.structure.shape);
  return mask;
}

/** The condition as it counts for every element of an array of `shape`. */
export function spreadMask(on: Evaluation, mask: Tree, shape: Shape): Tree {
  return on.origins.sliced(mask, spreading(mask.structure.shape, shape.length));
}
