/**
 * Expressions as users build them: operators and functions over fields, views and numbers. Nothing is computed; an
 * expression holds its structure (lib/structure.ts) and, at the leaves, storages and values.
 */
import type { BinaryFn, ExprType, UnaryFn } from '../jit/program.js';
import { QuadrilleError, show } from './errors.js';
import { foldBinary, foldUnary } from './fold.js';
import { looping } from './looping.js';
import type { Shape } from './shape.js';
import { readSlice, resolveSlices, type Slice } from './slice.js';
import { sliceTree } from './slice-tree.js';
import { clock, type Storage } from './storage.js';
import * as structures from './structure.js';
import { PARAM, type Structure } from './structure.js';
import type { Tree } from './tree.js';

/** What operators and functions take. A number takes the dtype of what it meets, as Python's do in NumPy. */
export type Operand = Expr | number;
export type { Tree };

const NONE: readonly Tree[] = [];

export function storageLeaf(structure: Structure, storage: Storage, stamp: number, ints: readonly number[] = []): Tree {
  const leaf = { structure, storage, value: 0, stamp, kids: NONE };
  return ints.length > 0 ? { ...leaf, ints } : leaf;
}

export function numberLeaf(value: number): Tree {
  return { structure: PARAM, storage: null, value, stamp: 0, kids: NONE };
}

/**
 * Anything elementwise: a Field, a View, or what operators made of them. Operators follow NumPy: operands broadcast,
 * f32 with f64 gives f64, comparisons give conditions for `where`, `and`, `or`, `not`. They throw SHAPE_MISMATCH and
 * BAD_OPERAND where they are written.
 */
export abstract class Expr {
  /** For the recorder: this expression as it stands now. */
  abstract tree(): Tree;

  /** Shape after broadcasting. */
  get shape(): Shape {
    return this.tree().structure.shape;
  }

  /** Type of the elements: 'f64', 'f32', 'bool' (a comparison) or 'weak' (a plain number). */
  get dtype(): ExprType {
    return this.tree().structure.dtype;
  }

  /**
   * The part that `slices` (at most one per dimension) select, by NumPy's rules; only that part is computed. Throws
   * BAD_SLICE, TOO_MANY_SLICES, INDEX_OUT_OF_RANGE.
   */
  at(...slices: Slice[]): Expr {
    const tree = this.tree();
    return exprOf(sliceTree(tree, resolveSlices(slices.map(readSlice), tree.structure.shape)));
  }

  add(b: Operand): Expr {
    return binary('add', this, b);
  }
  sub(b: Operand): Expr {
    return binary('sub', this, b);
  }
  mul(b: Operand): Expr {
    return binary('mul', this, b);
  }
  div(b: Operand): Expr {
    return binary('div', this, b);
  }
  /** As NumPy's `**`: exponents 2, 0.5, -1 and 1 are a square, a root, a reciprocal and the value itself. */
  pow(b: Operand): Expr {
    return power(this, b);
  }
  neg(): Expr {
    return unary('neg', this);
  }
  abs(): Expr {
    return unary('abs', this);
  }
  sqrt(): Expr {
    return unary('sqrt', this);
  }
  lt(b: Operand): Expr {
    return binary('lt', this, b);
  }
  le(b: Operand): Expr {
    return binary('le', this, b);
  }
  gt(b: Operand): Expr {
    return binary('gt', this, b);
  }
  ge(b: Operand): Expr {
    return binary('ge', this, b);
  }
  eq(b: Operand): Expr {
    return binary('eq', this, b);
  }
  ne(b: Operand): Expr {
    return binary('ne', this, b);
  }
  /** Of two conditions. */
  and(b: Operand): Expr {
    return binary('and', this, b);
  }
  or(b: Operand): Expr {
    return binary('or', this, b);
  }
  not(): Expr {
    return unary('not', this);
  }
}

/** What operators return. */
class Computed extends Expr {
  readonly #tree: Tree;
  readonly #made = clock.now;

  constructor(tree: Tree) {
    super();
    this.#tree = tree;
  }

  override tree(): Tree {
    const { watch } = looping;
    if (watch && this.#made < watch.since) addStorages(this.#tree, watch.expressions);
    return this.#tree;
  }
}

function addStorages({ storage, kids }: Tree, found: Set<Storage>): void {
  if (storage) found.add(storage);
  for (const kid of kids) addStorages(kid, found);
}

/** What a tree of shape () is made into; lib/scalar.ts, which builds on this file, puts Scalars here. */
export const zeroDimensional = { of: (tree: Tree): Expr => new Computed(tree) };

/** An expression from the inside. */
export function exprOf(tree: Tree): Expr {
  return tree.structure.shape.length === 0 ? zeroDimensional.of(tree) : new Computed(tree);
}

/** Throws BAD_OPERAND unless `operand` is an expression or a number. `what` names the operation. */
export function treeOf(what: string, operand: unknown): Tree {
  if (operand instanceof Expr) return operand.tree();
  if (typeof operand === 'number') return numberLeaf(operand);
  throw new QuadrilleError('BAD_OPERAND', `${what} cannot take ${show(operand)}.`, {
    expected: 'a Field, View, expression or number',
    hint:
      Array.isArray(operand) || ArrayBuffer.isView(operand)
        ? 'put the data into a field: grid.field({ init: data })'
        : undefined,
  });
}

export function unaryTree(fn: UnaryFn, a: Tree): Tree {
  if (a.structure.op === 'param') return numberLeaf(foldUnary(fn, a.value));
  return { structure: structures.unary(fn, a.structure), storage: null, value: 0, stamp: 0, kids: [a] };
}

export function binaryTree(fn: BinaryFn, a: Tree, b: Tree): Tree {
  if (a.structure.op === 'param' && b.structure.op === 'param') return numberLeaf(foldBinary(fn, a.value, b.value));
  return {
    structure: structures.binary(fn, a.structure, b.structure),
    storage: null,
    value: 0,
    stamp: 0,
    kids: [a, b],
  };
}

export function whereTree(cond: Tree, a: Tree, b: Tree): Tree {
  return {
    structure: structures.where(cond.structure, a.structure, b.structure),
    storage: null,
    value: 0,
    stamp: 0,
    kids: [cond, a, b],
  };
}

/** NumPy's fast_scalar_power (numpy/core/src/multiarray/number.c): by the value of a scalar exponent. */
export function powerTree(a: Tree, b: Tree): Tree {
  if (b.structure.op !== 'param' || a.structure.op === 'param') return binaryTree('pow', a, b);
  if (a.structure.dtype !== 'bool') {
    if (b.value === 1) return a;
    if (b.value === 2) return unaryTree('square', a);
    if (b.value === 0.5) return unaryTree('sqrt', a);
    if (b.value === -1) return unaryTree('reciprocal', a);
  }
  return binaryTree('pow', a, b);
}

export function unary(fn: UnaryFn, a: Operand): Expr {
  return exprOf(unaryTree(fn, treeOf(fn, a)));
}

export function binary(fn: BinaryFn, a: Operand, b: Operand): Expr {
  return exprOf(binaryTree(fn, treeOf(fn, a), treeOf(fn, b)));
}

export function power(a: Operand, b: Operand): Expr {
  return exprOf(powerTree(treeOf('pow', a), treeOf('pow', b)));
}
