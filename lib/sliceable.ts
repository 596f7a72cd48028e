/** Slices, masks and orders of axes in; Views (and the elements a condition selects) that can be read and assigned to out. */
import type { Walk } from '../jit/view.js';
import { QuadrilleError } from './errors.js';
import { Expr, exprOf, holdsExpr, type Operand, storageLeaf, type Tree, treeOf } from './expr.js';
import { looping } from './looping.js';
import { checkCondition, maskedTree, placeOfMask, sameTree, spread, twoConditions } from './masked.js';
import { flipped, moved, reshaped, swapped, transposed } from './order.js';
import { session } from './session.js';
import { composeWalks, notKnown, readSlice, type Slice, wholeAxes } from './slice.js';
import { slicedView } from './sliced.js';
import { recordAssignment, stored } from './statement.js';
import { clock, type Storage, type ViewStructure } from './storage.js';
import { internView, loadOf } from './structure.js';

/** A field or a part of one: can be sliced, seen in another order, and assigned to; nothing is copied. */
export abstract class Sliceable extends Expr {
  /** @internal */
  abstract override walk(by: Walk): View;

  /**
   * The part that `slices` (at most one per dimension) select, by NumPy's rules: `'1:-1'`, `'::2'`, `':'`, `'...'`, an
   * integer (drops the dimension), [start, stop, step], or null (a new dimension of size 1). A condition in their place
   * selects the elements where it holds: `u.at(u.lt(0)).set(0)`, `u.at(rows, 0).set(1)`. Throws BAD_SLICE,
   * TOO_MANY_SLICES, INDEX_OUT_OF_RANGE, INDEX_NOT_KNOWN, SHAPE_MISMATCH, DISPOSED.
   */
  override at(mask: Expr): Masked;
  override at(...slices: Slice[]): View;
  override at(...slices: (Slice | Expr)[]): Masked;
  override at(...slices: (Slice | Expr)[]): View | Masked {
    const plain: Slice[] = [];
    let mask: Expr | undefined;
    for (const slice of slices) {
      if (holdsExpr(slice)) throw notKnown();
      if (!(slice instanceof Expr)) {
        plain.push(slice);
        continue;
      }
      if (mask) throw twoConditions();
      mask = slice;
      checkCondition(mask.tree().structure);
      // What the condition stands for is taken whole; of that it chooses.
      for (let d = 0; d < mask.shape.length; d++) plain.push(':');
    }
    if (!mask) return this.sliced(plain);
    const read = plain.map(readSlice);
    const walking = read.filter((one) => one !== '...' && one !== 'newaxis').length;
    const at = placeOfMask(read.slice(0, slices.indexOf(mask)), this.shape.length, walking);
    const view = slices.length === 1 ? this.walk({ axes: wholeAxes(this.shape) }) : this.sliced(plain);
    return new Masked(view, spread(mask.tree(), view.shape, at));
  }

  /** @internal */
  protected abstract sliced(slices: readonly Slice[]): View;

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
  protected override sliced(slices: readonly Slice[]): View {
    const { view, ints } = slicedView(this.view, this.ints, slices);
    return new View(this.storage, view, ints);
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
  readonly #mask: Tree;

  /** @internal Users write field.at(condition): one of as many dimensions as the view, of size 1 where it is the same. */
  constructor(target: View, mask: Tree) {
    this.#target = target;
    this.#mask = mask;
  }

  /**
   * Records `this = value` where the condition holds: a number, an expression that broadcasts to the whole view (of
   * which the elements there are taken), or the elements of another view under the same condition. Throws
   * SHAPE_MISMATCH, BAD_OPERAND, INTEGER_OVERFLOW.
   */
  set(value: Operand | Masked): this {
    const [target, mask] = [this.#target, this.#mask];
    if (value instanceof Masked && !sameTree(mask, value.#mask)) {
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

/** A rolled view reads around the ends; writing there is not an assignment NumPy has. */
export function checkTarget(view: ViewStructure): void {
  if (!view.axes.some((axis) => axis.kind === 'range' && axis.wrap)) return;
  throw new QuadrilleError('BAD_OPERAND', 'A shifted or rolled field cannot be assigned to.', {
    hint: 'assign to the field itself and roll the value the other way',
  });
}
