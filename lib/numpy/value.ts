/**
 * What an expression of a template is while it is lowered: a number together with how to compute it again from other
 * interpolated values, or a tree whose leaves remember which value they came from.
 */
import type { Walk } from '../../jit/view.js';
import type { Tree } from '../expr.js';
import type { Builder } from '../reduction.js';
import { rollTree, sliceTree } from '../slice-tree.js';
import type { ViewStructure } from '../storage.js';
import type { Structure } from '../structure.js';
import type { Call, Node } from './ast.js';
import type { Source } from './source.js';
import type { Values, Variant } from './variant.js';

/** From the template's values (numbers, booleans as 0 and 1) to a number. */
export type Recipe = (numbers: readonly number[]) => number;

/** From the template's values to the position of a moving axis; undefined where they make it another axis. */
export type PlaceRecipe = (numbers: readonly number[]) => number | undefined;
/**
 * What a number is to Python. `open`: a JavaScript number, which among integers and booleans is an int if it is whole,
 * else a float. The others are NumPy's, which do not give way: a np.float64 is what functions of numbers give.
 */
export type NumberType = 'int' | 'float' | 'bool' | 'open' | NumpyType;
export type NumpyType = 'f64' | 'f32' | 'i64' | 'i32';

export function isNumpyType(type: NumberType): type is NumpyType {
  return type === 'f64' || type === 'f32' || type === 'i64' || type === 'i32';
}

export interface NumberValue {
  readonly kind: 'number';
  readonly type: NumberType;
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

/** u[mask], or what operators made of such: elements that only an assignment under the same mask can take. */
export interface MaskedValue extends Condition {
  readonly kind: 'masked';
  readonly base: NumberValue | ViewValue | TreeValue;
}

/** A condition of some dimensions of an array. */
export interface Condition {
  /** Of as many dimensions as the array: of size 1 where it is the same for all. */
  readonly mask: Tree;
  /** How many dimensions lie behind those of the condition. */
  readonly free: number;
}

export type ArrayValue = ViewValue | TreeValue;
export type Value = NumberValue | ArrayValue | MaskedValue;

/** How a leaf is filled in when the template runs again. */
export type Op =
  /** The storage that value `hole` holds; if `since` is there, it must be unwritten since that stamp (see lower.ts). */
  | {
      readonly kind: 'storage';
      readonly hole: number;
      readonly since: number | undefined;
      readonly places: readonly number[];
    }
  | { readonly kind: 'number'; readonly recipe: Recipe; readonly holes: readonly number[] }
  /** What the how-many-th reduction of the template gave. */
  | { readonly kind: 'reduced'; readonly index: number }
  /** All leaves of an interpolated expression, sliced by each of `slices` in turn. */
  | { readonly kind: 'tree'; readonly hole: number; readonly slices: readonly Walk[] };

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
  readonly values: Values;
  readonly origins: Origins;
  /** How reductions are composed: each becomes a step of its own. */
  readonly build: Builder;
  /** Values whose numbers go into structure: another number makes another program. */
  readonly fixed: Set<number>;
  /** Positions that follow values which keep changing: how, and which. */
  readonly places: { readonly recipe: PlaceRecipe; readonly holes: readonly number[] }[];
  /** Numbers of which it went into structure whether they are whole. */
  readonly wholes: Variant['wholes'][number][];
  value(node: Node): Value;
  /** A value as part of an expression. */
  tree(value: Value): Tree;
  /** A whole number that shapes the program: another value makes another program, unless `fixes` is false. */
  whole(node: Node, fixes?: boolean): number;
  arity(node: Call, expected: string): Error;
}

/** What an operator that changes nothing gives: the elements of this moment, not the array. */
export function asValue(on: Pick<Evaluation, 'tree'>, value: Value): Value {
  return value.kind === 'view' ? { kind: 'tree', tree: on.tree(value) } : value;
}

export function constant(value: number, type: NumberType): NumberValue {
  return { kind: 'number', type, value, recipe: () => value, holes: [] };
}

/** Where the leaves of the trees of one lowering came from. */
export class Origins {
  readonly #of = new Map<Tree, Op>();

  leaf(tree: Tree, op: Op): Tree {
    this.#of.set(tree, op);
    return tree;
  }

  number(leaf: Tree, recipe: Recipe, holes: readonly number[]): Tree {
    return this.leaf(leaf, { kind: 'number', recipe, holes });
  }

  /** The operations that fill in the leaves of `tree`, in order. */
  ops(tree: Tree): Op[] {
    const op = this.#opOf(tree);
    return op ? [op] : tree.kids.flatMap((kid) => this.ops(kid));
  }

  /** A number that came from nowhere is part of what an operator means (1 in x ** 0). */
  #opOf(tree: Tree): Op | undefined {
    if (tree.structure.op !== 'param') return this.#of.get(tree);
    const { value } = tree;
    return this.#of.get(tree) ?? { kind: 'number', recipe: () => value, holes: [] };
  }

  /**
   * Are they the same expression of the same values? Numbers, and positions, of other values make other expressions: the
   * holes they depend on are told to `fix`.
   */
  same(a: Tree, b: Tree, places: Evaluation['places'], fix: (hole: number) => void): boolean {
    if (a.structure !== b.structure) return false;
    const [one, other] = [this.#opOf(a), this.#opOf(b)];
    if (!one || !other) return a.kids.every((kid, k) => this.same(kid, b.kids[k] ?? a, places, fix));
    if (one.kind === 'reduced') return other.kind === 'reduced' && one.index === other.index;
    if (one.kind === 'storage') {
      if (other.kind !== 'storage' || a.storage !== b.storage) return false;
      if (!a.ints && !b.ints) return true;
      if (one.hole !== other.hole || String(a.ints) !== String(b.ints)) return false;
      for (const place of [...one.places, ...other.places]) for (const hole of places[place]?.holes ?? []) fix(hole);
      return true;
    }
    if (one.kind === 'tree')
      return (
        other.kind === 'tree' && one.hole === other.hole && JSON.stringify(one.slices) === JSON.stringify(other.slices)
      );
    if (other.kind !== 'number' || !Object.is(a.value, b.value)) return false;
    for (const hole of [...one.holes, ...other.holes]) fix(hole);
    return true;
  }

  /** The tree without its values, to be filled in again. */
  mold(tree: Tree): Mold {
    const op = this.#opOf(tree);
    return { structure: tree.structure, op, kids: op ? [] : tree.kids.map((kid) => this.mold(kid)) };
  }

  /** `tree[...]`, whose leaves come from where those of `tree` do. */
  sliced(tree: Tree, by: Walk): Tree {
    return sliceTree(tree, by, this.#carry);
  }

  /** np.roll, or undefined where it takes an array of its own. */
  rolled(tree: Tree, dim: number, shift: number): Tree | undefined {
    if (this.ops(tree).some((op) => op.kind === 'tree')) return undefined;
    return rollTree(tree, dim, shift, this.#carry);
  }

  readonly #carry = (from: Tree, to: Tree, by: Walk): void => {
    const op = this.#of.get(from);
    if (op) this.#of.set(to, op.kind === 'tree' ? { ...op, slices: [...op.slices, by] } : op);
  };

  /** Tells every storage leaf that it stands for the moment of stamp `since`: the value was computed then. */
  stamped(tree: Tree, since: number): Tree {
    const op = this.#of.get(tree);
    if (op?.kind === 'storage') return this.leaf({ ...tree }, { ...op, since });
    if (op) return tree;
    return { ...tree, kids: tree.kids.map((kid) => this.stamped(kid, since)) };
  }
}
