/** Field and View: what users slice, combine and assign to. */
import type { Axis, DType } from '../jit/program.js';
import type { Walk } from '../jit/view.js';
import { type Block, distributed, gatherField, localBlock, type ToArrayOptions } from './block.js';
import { type AnyArray, dtypeOf, type Element, type FieldArray, type NumberDType } from './dtype.js';
import { QuadrilleError, show } from './errors.js';
import { Expr, exprOf, type Operand, storageLeaf, type Tree, treeOf } from './expr.js';
import { loadNpy, saveNpy } from './io/file.js';
import { looping } from './looping.js';
import { maskedTree, sameTree, spread } from './masked.js';
import { flipped, moved, reshaped, swapped, transposed } from './order.js';
import type { PlotOptions } from './plot/plot.js';
import { session } from './session.js';
import type { Shape } from './shape.js';
import { composeWalks, readSlice, resolveSlices, type Slice, wholeAxes, wrapAxes } from './slice.js';
import { recordAssignment, stored } from './statement.js';
import { checkAlive, clock, type FieldMeta, type Storage, type ViewStructure } from './storage.js';
import { internView, loadOf, wholeView } from './structure.js';

/** A field or a part of one: can be sliced, seen in another order, and assigned to; nothing is copied. */
abstract class Sliceable extends Expr {
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

/**
 * An array of numbers or booleans that lies in blocks on the ranks of a grid. As an operand it stands for all its
 * elements. `swap` exchanges what two Fields hold. The type parameter is the dtype, where the compiler knows it.
 */
export class Field<D extends DType = NumberDType> extends Sliceable {
  /** Of this handle: swap leaves it where it is. */
  readonly name: string;
  /** @internal Exchanged by swap. */
  storage: Storage;

  /** @internal Users write grid.field(...). */
  constructor(storage: Storage) {
    super();
    this.name = storage.name;
    this.storage = storage;
  }

  override get shape(): Shape {
    return this.storage.meta.shape;
  }

  override get dtype(): DType {
    return this.storage.meta.dtype;
  }

  /** @internal */
  protected override sliced(slices: readonly Slice[]): View {
    checkAlive(this.storage);
    const { view, ints } = sliced(this.storage.meta, slices);
    return new View(this.storage, view, ints);
  }

  /** @internal */
  override walk(by: Walk): View {
    checkAlive(this.storage);
    return new View(this.storage, internView(this.storage.meta, by));
  }

  /** Records `this[...] = value`; see View.set. */
  set(value: Operand): this {
    recordAssignment(session.recorder, wholeView(this.storage.meta), this.storage, treeOf('set', value));
    return this;
  }

  /**
   * The field moved by whole offsets, one per dimension: element i is this field's element i + offset, around the ends
   * where the grid is periodic. Throws BAD_SHIFT along a dimension that is not.
   */
  shift(...offsets: number[]): View {
    checkAlive(this.storage);
    return new View(this.storage, shifted(this.storage.meta, offsets));
  }

  /** As np.roll along one axis (needed unless the field has one dimension): element i is element i - shift, around the ends. */
  roll(shift: number, axis?: number): View {
    checkAlive(this.storage);
    return new View(this.storage, rolled(this.storage.meta, shift, axis));
  }

  override tree(): Tree {
    return storageLeaf(loadOf(wholeView(this.storage.meta)), this.storage, clock.now);
  }

  /** Gives its memory back once what was recorded has run. The field cannot be used afterwards. */
  dispose(): void {
    session.dispose([this.storage]);
  }

  /** One element, on every rank, after all that was recorded: a bigint of i64, 0 or 1 of bool. Collective. */
  async get(...index: number[]): Promise<Element<D>> {
    const { meta } = this.storage;
    if (index.length !== meta.shape.length) {
      throw new QuadrilleError(
        'BAD_SLICE',
        `get takes ${meta.shape.length} indices for this field, not ${index.length}.`,
      );
    }
    const at = resolveSlices(index.map(readSlice), meta.shape).axes.map((axis) =>
      axis.kind === 'index' ? axis.at : 0,
    );
    const data = await gatherField(this.storage, { dest: 'all', box: at.map((i) => [i, i + 1] as const) });
    const value: unknown = data?.[0];
    if (!this.#isElement(value)) throw new QuadrilleError('INTERNAL', 'get: nothing came back');
    return value;
  }

  /** What the field's dtype says of its elements and arrays, for the compiler. */
  #isElement(value: unknown): value is Element<D> {
    return typeof value === (this.storage.meta.dtype === 'i64' ? 'bigint' : 'number');
  }
  #isArray(data: AnyArray): data is FieldArray<D> {
    return dtypeOf(data) === this.storage.meta.dtype;
  }

  /** All elements in C order, on every rank; with { root } there only, undefined elsewhere. Collective. */
  async toArray(options: { root: number }): Promise<FieldArray<D> | undefined>;
  async toArray(options?: Record<string, never>): Promise<FieldArray<D>>;
  async toArray(options: ToArrayOptions = {}): Promise<FieldArray<D> | undefined> {
    const data = await gatherField(this.storage, { dest: rootOf(options) });
    if (data && !this.#isArray(data)) throw new QuadrilleError('INTERNAL', 'toArray: an array of another dtype came');
    return data;
  }

  /**
   * This rank's block: global index of its first element, its shape, and a copy of its elements in C order. Throws
   * NOT_SYNCED unless `await grid.sync()` came after the last statement.
   */
  get local(): Block<D> {
    const { offset, shape, data } = localBlock(this.storage);
    if (!this.#isArray(data)) throw new QuadrilleError('INTERNAL', 'local: an array of another dtype came');
    return { offset, shape, data };
  }

  /** Saves all elements as .npy, which NumPy reads. Collective. Throws FILE_ACCESS. */
  async save(path: string): Promise<void> {
    await saveNpy(distributed(this.storage), path);
  }

  /** Fills the field from an .npy file of its shape and dtype. Collective. Throws FILE_ACCESS, FILE_FORMAT, SHAPE_MISMATCH, BAD_DTYPE. */
  async load(path: string): Promise<void> {
    await loadNpy(distributed(this.storage), path);
  }

  /** Draws the field into a PNG file. Collective. Throws BAD_OPTION, FILE_ACCESS. */
  async plot(path: string, options: PlotOptions = {}): Promise<void> {
    const { plotField } = await import('./plot/plot.js'); // most programs draw nothing
    await plotField(distributed(this.storage), path, options);
  }
}

function rootOf(options: ToArrayOptions): number | 'all' {
  for (const key of Object.keys(options)) {
    if (key !== 'root')
      throw new QuadrilleError('BAD_OPTION', `toArray has no option '${key}'`, { expected: "'root'" });
  }
  if (options.root === undefined) return 'all';
  if (Number.isInteger(options.root) && options.root >= 0 && options.root < session.size) return options.root;
  throw new QuadrilleError('BAD_OPTION', `toArray: root is ${show(options.root)}.`, {
    expected: `a rank, 0 to ${session.size - 1}`,
  });
}

/** Integers in one place of one slice that are part of the Program; where there are more, a loop is walking there. */
const FIXED_INTEGERS = 4;
const NO_INTS: readonly number[] = [];

interface Sliced {
  readonly view: ViewStructure;
  readonly ints: readonly number[];
}

/** Looked up by how it was written, so that a slice met before costs no more than joining a few strings. */
function sliced(meta: FieldMeta, slices: readonly Slice[]): Sliced {
  let key = '';
  // Each kind ends in a character of its own, or '1,2' would be found where '1', '2' was met.
  for (const slice of slices)
    key += typeof slice === 'string' ? `${slice}\0` : typeof slice === 'number' ? `${slice}\x01` : `${show(slice)}\x02`;
  const known = meta.views.get(key);
  if (known) return { view: known, ints: NO_INTS };
  const by = resolveSlices(slices.map(readSlice), meta.shape);
  const { axes, dims } = by;
  if (walked(meta, slices)) {
    const ints = axes.flatMap((axis) => (axis.kind === 'index' ? [axis.at] : []));
    const moving = axes.map((axis): Axis => (axis.kind === 'index' ? { kind: 'index', at: 0, dyn: 0 } : axis));
    return { view: internView(meta, { axes: moving, dims }), ints };
  }
  const view = internView(meta, by);
  // Bounded: a program that slices at ever new places must not fill the memory with keys.
  if (meta.views.size > 4096) meta.views.clear();
  meta.views.set(key, view);
  return { view, ints: NO_INTS };
}

/** Have these slices been met with so many integers that they are a loop's? */
function walked(meta: FieldMeta, slices: readonly Slice[]): boolean {
  if (!slices.some((slice) => typeof slice === 'number')) return false;
  const key = slices.map((slice) => (typeof slice === 'number' ? '#' : show(slice))).join('\0');
  const pattern = meta.patterns.get(key);
  if (pattern) return ++pattern.seen > FIXED_INTEGERS;
  meta.patterns.set(key, { seen: 1 });
  return false;
}

/** @internal */
export function shifted(meta: FieldMeta, offsets: readonly number[]): ViewStructure {
  const { shape, periodic } = meta;
  if (offsets.length !== shape.length) {
    throw new QuadrilleError('BAD_SHIFT', `shift takes ${shape.length} offsets for this field, not ${offsets.length}.`);
  }
  offsets.forEach((offset, d) => {
    if (!Number.isSafeInteger(offset)) {
      throw new QuadrilleError('BAD_SHIFT', `shift: the offset in dimension ${d} is ${show(offset)}.`, {
        expected: 'a whole number',
      });
    }
    if (offset !== 0 && periodic[d] !== true) {
      throw new QuadrilleError('BAD_SHIFT', `shift by ${offset} along dimension ${d}, which is not periodic.`, {
        expected: 'offset 0 there',
        hint: 'give the grid { periodic: true }, use roll (which wraps in any dimension), or slices that leave out the ends',
      });
    }
  });
  return internView(meta, { axes: wrapAxes(shape, offsets) });
}

/** @internal */
export function rolled(meta: FieldMeta, shift: unknown, along: unknown): ViewStructure {
  const { shape } = meta;
  const [by, dim] = rollOf(shape, shift, along);
  const axes = wrapAxes(
    shape,
    shape.map((_, d) => (d === dim ? -by : 0)),
  );
  return internView(meta, { axes });
}

/** Shift and dimension of a roll, checked. @internal */
export function rollOf(shape: Shape, shift: unknown, along: unknown): [shift: number, dim: number] {
  const axis = along === undefined && shape.length === 1 ? 0 : along;
  if (typeof shift !== 'number' || !Number.isSafeInteger(shift)) {
    throw new QuadrilleError('BAD_SHIFT', `roll: the shift is ${show(shift)}.`, { expected: 'a whole number' });
  }
  if (typeof axis !== 'number' || !Number.isInteger(axis) || axis < -shape.length || axis >= shape.length) {
    throw new QuadrilleError('BAD_SHIFT', `roll: the axis is ${show(axis)}.`, {
      expected: `a dimension, ${-shape.length} to ${shape.length - 1}`,
      hint: axis === undefined ? 'name the axis: roll(x, 1, 0), or np.roll(x, 1, axis=0) in np text' : undefined,
    });
  }
  return [shift, axis < 0 ? axis + shape.length : axis];
}

/** Exchanges what two fields hold, without moving data. Both must be of one grid, shape and dtype. Throws SHAPE_MISMATCH, BAD_DTYPE, BAD_OPERAND. */
export function swap(a: Field<DType>, b: Field<DType>): void {
  permute([a, b], [b, a]);
}

/** `targets = sources` at once, for Fields: each target holds what its source held. @internal */
export function permute(targets: readonly Field<DType>[], sources: readonly Field<DType>[]): void {
  targets.forEach((target, i) => {
    const source = sources[i];
    if (!(target instanceof Field) || !(source instanceof Field)) {
      throw new QuadrilleError('BAD_OPERAND', `swap cannot take ${show(target instanceof Field ? source : target)}.`, {
        expected: 'two Fields',
      });
    }
    if (target.storage.meta === source.storage.meta && target.storage.owner === source.storage.owner) return;
    const [one, other] = [target.storage.meta, source.storage.meta];
    if (one.dtype !== other.dtype)
      throw new QuadrilleError('BAD_DTYPE', `swap of a field of ${one.dtype} with one of ${other.dtype}.`, {
        expected: 'two fields of one dtype',
      });
    if (String(one.shape) !== String(other.shape)) {
      throw new QuadrilleError(
        'SHAPE_MISMATCH',
        `swap of fields of shapes (${one.shape.join(', ')}) and (${other.shape.join(', ')}).`,
        { expected: 'two fields of one shape' },
      );
    }
    throw new QuadrilleError('BAD_OPERAND', 'swap of fields of two grids.', {
      expected: 'two fields of one grid',
      hint: 'copy instead: x.set(y)',
    });
  });
  const held = sources.map((source) => source.storage);
  targets.forEach((target, i) => {
    const storage = held[i];
    if (!storage) return;
    if (looping.watch && !looping.watch.held.has(target)) looping.watch.held.set(target, target.storage);
    target.storage = storage;
  });
}
