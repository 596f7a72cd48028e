/** Slices, masks and orders of axes in; Views (and the elements a condition selects) that can be read and assigned to out. */
import type { Walk } from '../jit/view.js';
import { QuadrilleError } from './errors.js';
import { Expr, exprOf, type Operand, storageLeaf, type Tree, treeOf } from './expr.js';
import { looping } from './looping.js';
import { maskedTree, sameTree, spread } from './masked.js';
import { flipped, moved, reshaped, swapped, transposed } from './order.js';
import { session } from './session.js';
import { composeWalks, readSlice, resolveSlices, type Slice, wholeAxes } from './slice.js';
import { recordAssignment, stored } from './statement.js';
import { clock, type Storage, type ViewStructure } from './storage.js';
import { internView, loadOf } from './structure.js';

/** A field or a part of one: can be sliced, seen in another order, and assigned to; nothing is copied. */
export abstract class Sliceable extends Expr {
  /** @internal */
  abstract override walk(by: Walk): View;

  /**
   * The part that `slices` (at most one per dimension) select, by NumPy's rules: `'1:-1'`, `'::2'`, `':'`, `'...'`, an
   * integer (drops the dimension), [start, stop, step], or null (a new dimension of size 1). A condition alone selects
   * the elements where it holds: `u.at(u.lt(0)).set(0)`. Throws BAD_SLICE, TOO_MANY_SLICES, INDEX_OUT_OF_RANGE,
   * SHAPE_MISMATCH, DISPOSED.
   */
  override at(mask: Expr): Masked;
  override at(...slices: Slice[]): View;
  override at(...slices: [Expr] | Slice[]): View | Masked {
    const [first] = slices;
    if (first instanceof Expr && slices.length === 1)
      return new Masked(this.walk({ axes: wholeAxes(this.shape) }), first);
    const plain: Slice[] = [];
    for (const slice of slices) plain.push(slice instanceof Expr ? refuseArray() : slice);
    return this.sliced(plain);
  }

  /** @internal */
  protected sliced(slices: readonly Slice[]): View {
    return this.walk(resolveSlices(slices.map(readSlice), this.shape));
  }

  override get T(): View {
    return this.walk(transposed(this.shape));
  }
  override transpose(...axes: number[]): View {
    return this.walk(transposed(this.shape, axes));
  }
  override swapaxes(a: number, b: number): View {
    return this.walk(swapped(this.shape, a, b));
  }
  override moveaxis(from: number, to: number): View {
    return this.walk(moved(this.shape, from, to));
  }
  override flip(axis?: number | readonly number[]): View {
    return this.walk(flipped(this.shape, axis));
  }
  override reshape(...shape: number[]): View {
    return this.walk(reshaped(this.shape, shape));
  }
}

/** Arrays of indices gather, which is no view. */
function refuseArray(): never {
  throw new QuadrilleError('BAD_SLICE', 'An array among other indices is not translated.', {
    expected: 'slices, integers and null, or one condition alone',
    hint: 'where(condition, a, b) chooses among elements',
  });
}

/** Part of a field, as NumPy's basic slicing gives it: no copy, it sees what is written to the field later. */
export class View extends Sliceable {
  readonly #storage: Storage;
  readonly #made = clock.now;
  /** @internal */
  readonly view: ViewStructure;
  /** @internal Where its moving axes are. */
  readonly ints: readonly number[];

  /** @internal Users write field.at(...). */
  constructor(storage: Storage, view: ViewStructure, ints: readonly number[] = []) {
    super();
    this.#storage = storage;
    this.view = view;
    this.ints = ints;
  }

  /** @internal */
  get storage(): Storage {
    const { watch } = looping;
    if (watch && this.#made < watch.since) watch.views.add(this.#storage);
    return this.#storage;
  }

  /** @internal */
  override walk(by: Walk): View {
    const { meta } = this.view;
    return new View(this.storage, internView(meta, composeWalks(this.view, by, meta.shape)), this.ints);
  }

  /**
   * Records `this = value`: the value is broadcast and converted to this view's dtype, and is read as a whole before
   * anything is written. Throws SHAPE_MISMATCH, BAD_OPERAND, DISPOSED, STALE_EXPRESSION.
   */
  set(value: Operand): this {
    checkTarget(this.view);
    recordAssignment(session.recorder, this.view, this.storage, treeOf('set', value), this.ints);
    return this;
  }

  override tree(): Tree {
    return storageLeaf(loadOf(this.view), this.storage, clock.now, this.ints);
  }
}

/** The elements of a view where a condition holds, NumPy's `u[mask]`: they can be assigned to. */
export class Masked {
  readonly #target: View;
  readonly #mask: Expr;

  /** @internal Users write field.at(condition). */
  constructor(target: View, mask: Expr) {
    if (mask.dtype !== 'bool') throw notACondition(mask);
    spread(mask.tree(), target.shape);
    this.#target = target;
    this.#mask = mask;
  }

  /**
   * Records `this = value` where the condition holds: a number, an expression that broadcasts to the whole view (of
   * which the elements there are taken), or the elements of another view under the same condition. Throws
   * SHAPE_MISMATCH, BAD_OPERAND, INTEGER_OVERFLOW.
   */
  set(value: Operand | Masked): this {
    const [target, mask] = [this.#target, spread(this.#mask.tree(), this.#target.shape)];
    if (value instanceof Masked && !sameTree(mask, spread(value.#mask.tree(), value.#target.shape))) {
      throw new QuadrilleError('BAD_OPERAND', 'The two conditions differ.', {
        expected: 'elements under the same condition: u.at(mask).set(v.at(mask))',
      });
    }
    const { dtype } = target.view.meta;
    const given = treeOf('set', value instanceof Masked ? value.#target : value);
    target.set(exprOf(maskedTree(mask, stored(given, dtype), target.tree(), dtype)));
    return this;
  }
}

function notACondition(mask: Expr): QuadrilleError {
  return new QuadrilleError('BAD_SLICE', `An array of ${mask.dtype} as an index is not translated.`, {
    expected: 'a condition (bool), or slices and integers',
    hint: 'NumPy would gather elements one by one; where(condition, a, b) chooses among elements',
  });
}

/** A rolled view reads around the ends; writing there is not an assignment NumPy has. */
export function checkTarget(view: ViewStructure): void {
  if (!view.axes.some((axis) => axis.kind === 'range' && axis.wrap)) return;
  throw new QuadrilleError('BAD_OPERAND', 'A shifted or rolled field cannot be assigned to.', {
    hint: 'assign to the field itself and roll the value the other way',
  });
}
