/**
 * Arrays made of expressions: an expression in, a Field of its own with NumPy's meaning out: its value is that of the
 * moment. What is made and released within one unit takes no memory of its own (see SlotDecl.transient).
 */
import type { DType, SlotDecl } from '../jit/program.js';
import { concrete } from '../jit/types.js';
import { type Expr, exprOf, type Operand, type Tree, treeOf } from './expr.js';
import { Field } from './field.js';
import { type Alignment, alignmentAmong } from './lattice.js';
import { looseMeta, looseOwner } from './loose.js';
import { rollOf } from './roll.js';
import { session } from './session.js';
import { type Shape, sameShape } from './shape.js';
import { rollTree } from './slice-tree.js';
import type { View } from './sliceable.js';
import { recordAssignment } from './statement.js';
import { type FieldMeta, internMeta, makeStorage, type Storage, type ViewStructure } from './storage.js';
import { type Structure, wholeView } from './structure.js';

/** A new array with the present value of `value`. Throws BAD_OPERAND, OUT_OF_MEMORY, DISPOSED, STALE_EXPRESSION. */
export function materialise(value: Operand, name?: string): Field {
  return new Field(materialiseTree(treeOf('copy', value), name));
}

/**
 * The array is not used any more by what is recorded from now on: its memory is used again. Other uses throw DISPOSED. Of
 * a grid's field it is `dispose`.
 */
export function release(field: Field<DType>): void {
  const { storage } = field;
  if (storage.owner.owns?.(storage)) session.dispose([storage]);
  else session.memory.release(storage);
}

/** An array of its own with the present value of `value`: as np.copy. */
export function copy(value: Operand): Field {
  return materialise(value);
}

/**
 * As np.roll(value, shift, axis): element i is element i - shift, around the ends. The axis may be left out for one
 * dimension. Of a field a view; of what is sliced or computed where that is possible, else an array with the value of
 * now. Throws BAD_SHIFT.
 */
export function roll(field: Field, shift: number, axis?: number): View;
export function roll(value: Expr, shift: number, axis?: number): Expr;
export function roll(value: Expr, shift: number, axis?: number): Expr {
  if (value instanceof Field) return value.roll(shift, axis);
  const tree = treeOf('roll', value);
  const [by, dim] = rollOf(tree.structure.shape, shift, axis);
  const rolled = rollTree(tree, dim, by);
  return rolled ? exprOf(rolled) : materialise(value).roll(by, dim);
}

/** @internal */
export function materialiseTree(tree: Tree, name?: string): Storage {
  const { meta, owner } = placeFor(tree);
  const storage = makeStorage(name, meta, -1, owner);
  define(storage, tree);
  return storage;
}

/** Records the first statement that writes a new array: all of it. @internal */
export function define(storage: Storage, value: Tree): void {
  recordAssignment(session.recorder, wholeView(storage.meta), storage, value);
  // An empty array has no statement.
  if (storage.epoch === session.recorder.unit) storage.born = storage.epoch;
}

/** Where an array of an expression's shape and type lies best: beside what it is computed from. */
export function placeFor(tree: Tree, as?: DType): { meta: FieldMeta; owner: Storage['owner'] } {
  const { structure } = tree;
  const { shape } = structure;
  const dtype = as ?? concrete(structure.dtype);
  const beside = leafLike(tree, shape.length);
  if (!beside) return { meta: looseMeta(shape, dtype, firstLeaf(tree)?.meta.options), owner: looseOwner };
  const { meta, owner } = beside;
  if (!sameShape(meta.shape, shape)) {
    return { meta: siblingOf(meta, shape, dtype, alignmentOf(structure)), owner };
  }
  return { meta: meta.dtype === dtype ? meta : siblingOf(meta, shape, dtype, meta.slot.decomposition), owner };
}

const alignments = new WeakMap<Structure, Alignment>();

function alignmentOf(structure: Structure): Alignment {
  const known = alignments.get(structure);
  if (known) return known;
  const { shape } = structure;
  const found = alignmentAmong(shape, viewsLike(structure, shape.length));
  alignments.set(structure, found);
  return found;
}

/** Descriptions of other shapes or dtypes beside one: a loop asks for the same few in every round. */
const siblings = new WeakMap<FieldMeta, Map<string, FieldMeta>>();

function siblingOf(meta: FieldMeta, shape: Shape, dtype: DType, { origin, stride }: Alignment): FieldMeta {
  const key = `${dtype} ${shape.join()} ${origin?.join()} ${stride?.join()}`;
  const known = siblings.get(meta) ?? new Map<string, FieldMeta>();
  siblings.set(meta, known);
  let sibling = known.get(key);
  if (!sibling) {
    const { shape: grid, processGrid } = meta.slot.decomposition;
    const decomposition = { shape: grid, processGrid, ...(origin && { origin }), ...(stride && { stride }) };
    const slot: SlotDecl = { dtype, shape, decomposition };
    const periodic = shape.map(() => false);
    sibling = internMeta(slot, meta.options, periodic);
    known.set(key, sibling);
  }
  return sibling;
}

function firstLeaf({ storage, kids }: Tree): Storage | undefined {
  if (storage) return storage;
  for (const kid of kids) {
    const found = firstLeaf(kid);
    if (found) return found;
  }
  return undefined;
}

/** The first leaf of as many dimensions: of an array of the expression's own number of dimensions, none dropped. */
function leafLike({ storage, structure, kids }: Tree, dims: number): Storage | undefined {
  if (storage) return storage.meta.shape.length === dims && structure.shape.length === dims ? storage : undefined;
  for (const kid of kids) {
    const found = leafLike(kid, dims);
    if (found) return found;
  }
  return undefined;
}

/** What all such leaves are views of. */
function viewsLike(a: Structure, dims: number): ViewStructure[] {
  switch (a.op) {
    case 'load':
      return a.view.meta.shape.length === dims && a.shape.length === dims ? [a.view] : [];
    case 'param':
    case 'iota':
      return [];
    case 'unary':
      return viewsLike(a.a, dims);
    case 'binary':
      return [a.a, a.b].flatMap((part) => viewsLike(part, dims));
    case 'where':
      return [a.cond, a.a, a.b].flatMap((part) => viewsLike(part, dims));
  }
}

/** Can an array of its own hold it? */
export function isStorable({ dtype, shape }: Tree['structure']): boolean {
  return dtype !== 'weak' && dtype !== 'weakint' && shape.length > 0;
}
