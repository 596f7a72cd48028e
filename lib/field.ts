/** Field: an array in blocks on the ranks of a grid, with what users do to the whole of it: assign, roll, read, save, plot. */
import type { DType } from '../jit/program.js';
import type { Walk } from '../jit/view.js';
import { type Block, distributed, gatherField, localBlock, type ToArrayOptions } from './block.js';
import { type AnyArray, dtypeOf, type Element, type FieldArray, type NumberDType } from './dtype.js';
import { QuadrilleError, show } from './errors.js';
import { type Operand, storageLeaf, type Tree, treeOf } from './expr.js';
import { loadNpy, saveNpy } from './io/file.js';
import type { PlotOptions } from './plot/plot.js';
import { rolled, shifted } from './roll.js';
import { session } from './session.js';
import type { Shape } from './shape.js';
import { readSlice, resolveSlices, type Slice } from './slice.js';
import { Sliceable, View } from './sliceable.js';
import { sliced } from './sliced.js';
import { recordAssignment } from './statement.js';
import { checkAlive, clock, type Storage } from './storage.js';
import { internView, loadOf, wholeView } from './structure.js';

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
