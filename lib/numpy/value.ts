/**
 * What an expression of a template is while it is lowered: a number together with how to compute it again from other
 * interpolated values, or a tree whose leaves remember which value they came from.
 */
import type { Axis } from '../../jit/program.js';
import { numberLeaf, type Tree } from '../expr.js';
import type { Builder } from '../reduction.js';
import { rollTree, sliceTree } from '../slice-tree.js';
import type { ViewStructure } from '../storage.js';
import type { Structure } from '../structure.js';
import type { Call, Node } from './ast.js';
import type { Source } from './source.js';

/** From the template's values (numbers, booleans as 0 and 1) to a number. */
export type Recipe = (numbers: readonly number[]) => number;

/** From the template's values to the position of a moving axis; undefined where they make it another axis. */
export type PlaceRecipe = (numbers: readonly number[]) => number | undefined;

export interface NumberValue {
  readonly kind: 'number';
  readonly value: number;
  readonly recipe: Recipe;
  /** Values it depends on. */
  readonly holes: readonly number[];
}

/** A field or view, whole or sliced: can be assigned to, and sees later writes. */
export interface ViewValue {
  readonly kind: 'view';
  readonly hole: number;
  readonly view: ViewStructure;
  /** Where its moving axes are: numbers of Variant.places. */
  readonly places: readonly number[];
}

export interface TreeValue {
  readonly kind: 'tree';
  readonly tree: Tree;
}

export type Value = NumberValue | ViewValue | TreeValue;

/** How a leaf is filled in when the template runs again. */
export type Op =
  /** The storage that value `hole` holds; if `since` is there, it must be unwritten since that stamp (see lower.ts). */
  | {
      readonly kind: 'storage';
      readonly hole: number;
      readonly since: number | undefined;
      readonly places: readonly number[];
    }
  | { readonly kind: 'number'; readonly recipe: Recipe }
  /** What the how-many-th reduction of the template gave. */
  | { readonly kind: 'reduced'; readonly index: number }
  /** All leaves of an interpolated expression, sliced by each of `slices` in turn. */
  | { readonly kind: 'tree'; readonly hole: number; readonly slices: readonly (readonly Axis[])[] };

/** An expression whose leaves are filled in when the template runs again. */
export interface Mold {
  readonly structure: Structure;
  /** Of a leaf. */
  readonly op: Op | undefined;
  readonly kids: readonly Mold[];
}

/** What those who evaluate a part of an expression need of the whole. */
export interface Evaluation {
  readonly source: Source;
  readonly build: Builder;
  /** Values whose numbers go into structure: another number makes another program. */
  readonly fixed: Set<number>;
  value(node: Node): Value;
  tree(value: Value): Tree;
  arity(node: Call, expected: string): Error;
}

export function constant(value: number): NumberValue {
  return { kind: 'number', value, recipe: () => value, holes: [] };
}

/** Where the leaves of the trees of one lowering came from. */
export class Origins {
  readonly #of = new Map<Tree, Op>();

  leaf(tree: Tree, op: Op): Tree {
    this.#of.set(tree, op);
    return tree;
  }

  number({ value, recipe }: NumberValue): Tree {
    return this.leaf(numberLeaf(value), { kind: 'number', recipe });
  }

  /** The operations that fill in the leaves of `tree`, in order. */
  ops(tree: Tree): Op[] {
    const op = this.#of.get(tree);
    return op ? [op] : tree.kids.flatMap((kid) => this.ops(kid));
  }

  /** The tree without its values, to be filled in again. */
  mold(tree: Tree): Mold {
    const op = this.#of.get(tree);
    return { structure: tree.structure, op, kids: op ? [] : tree.kids.map((kid) => this.mold(kid)) };
  }

  /** `tree[axes]`, whose leaves come from where those of `tree` do. */
  sliced(tree: Tree, axes: readonly Axis[]): Tree {
    return sliceTree(tree, axes, this.#carry);
  }

  /** np.roll, or undefined where it takes an array of its own. */
  rolled(tree: Tree, dim: number, shift: number): Tree | undefined {
    if (this.ops(tree).some((op) => op.kind === 'tree')) return undefined;
    return rollTree(tree, dim, shift, this.#carry);
  }

  readonly #carry = (from: Tree, to: Tree, axes: readonly Axis[]): void => {
    const op = this.#of.get(from);
    if (op) this.#of.set(to, op.kind === 'tree' ? { ...op, slices: [...op.slices, axes] } : op);
  };

  /** Tells every storage leaf that it stands for the moment of stamp `since`: the value was computed then. */
  stamped(tree: Tree, since: number): Tree {
    const op = this.#of.get(tree);
    if (op?.kind === 'storage') return this.leaf({ ...tree }, { ...op, since });
    if (op) return tree;
    return { ...tree, kids: tree.kids.map((kid) => this.stamped(kid, since)) };
  }
}
