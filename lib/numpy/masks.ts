/** Elements under a condition, u[mask]: values in, what operators make of them under one common mask out. */
import { QuadrilleError } from '../errors.js';
import type { Tree } from '../expr.js';
import { spreading } from '../masked.js';
import { formatShape, type Shape } from '../shape.js';
import { notKnown } from '../slice.js';
import type { ArrayValue, Condition, Evaluation, Value } from './value.js';

/** `apply` of what lies under a mask, if any of the values does: all others must be under the same, or one number. */
export function lifted(
  on: Evaluation,
  values: readonly Value[],
  apply: (inner: readonly Value[]) => Value,
): Value | undefined {
  const first = values.find((value) => value.kind === 'masked');
  if (first?.kind !== 'masked') return undefined;
  const { mask, free } = first;
  const inner = values.map((value) => under(on, first, value));
  const base = apply(inner);
  if (base.kind === 'masked') throw new QuadrilleError('INTERNAL', 'a mask within a mask');
  return { kind: 'masked', base, mask, free };
}

/**
 * What `value` is for elements under a condition. Throws SHAPE_MISMATCH unless it is under the same one, one element, or
 * the same for all: of at most the dimensions behind those of the condition.
 */
export function under(on: Evaluation, { mask, free }: Condition, value: Value): Exclude<Value, { kind: 'masked' }> {
  if (value.kind === 'masked') {
    if (on.origins.same(mask, value.mask, on.places, (hole) => on.fixed.add(hole))) return value.base;
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

/** Throws INDEX_NOT_KNOWN of an index that is one value, UNSUPPORTED_PYTHON of an array of indices. */
export function checkMask({ structure: { dtype, shape } }: Tree): void {
  if (dtype === 'bool') return;
  if (shape.length === 0) throw notKnown();
  throw new QuadrilleError('UNSUPPORTED_PYTHON', `An array of ${dtype} as an index is not translated.`, {
    expected: 'slices, integers, or one condition',
    hint: 'NumPy would gather elements one by one; np.where(condition, a, b) chooses among elements',
  });
}

/** The elements of `base` under a condition of its dimensions from `at` on. Throws SHAPE_MISMATCH. */
export function maskedBy(on: Evaluation, mask: Tree, base: ArrayValue, at: number): Value {
  const shape = shapeOf(base);
  const own = mask.structure.shape;
  const spread = on.origins.sliced(mask, spreading(own, shape, at));
  return { kind: 'masked', base, mask: spread, free: shape.length - at - own.length };
}
