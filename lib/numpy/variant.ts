/**
 * A template lowered for values of certain kinds: what runs every time the template is met again. Nothing is parsed,
 * typed or looked up here; leaves are filled in and statements recorded.
 */
import { QuadrilleError, show } from '../errors.js';
import { Expr, storageLeaf, type Tree } from '../expr.js';
import { Field } from '../field.js';
import { looseOwner } from '../loose.js';
import type { Recorder } from '../recorder.js';
import type { Session } from '../session.js';
import { sliceTree } from '../slice-tree.js';
import { View } from '../sliceable.js';
import { gather } from '../statement.js';
import { checkAlive, clock, type FieldMeta, makeResult, makeStorage, type Storage } from '../storage.js';
import { PARAM, type StatementStructure, type Structure, TYPED, wholeView } from '../structure.js';
import { permute } from '../swap.js';
import type { Mold, NumberType, Op, PlaceRecipe, Recipe } from './value.js';

export type Step =
  | {
      readonly kind: 'assign';
      readonly statement: StatementStructure;
      readonly target: number;
      /** Of the target's moving axes. */
      readonly places: readonly number[];
      readonly ops: readonly Op[];
    }
  /** Value `hole` is from here on a new array, until the template has run. */
  | { readonly kind: 'temporary'; readonly hole: number; readonly name: string; readonly meta: FieldMeta }
  /** A new Scalar, or array, becomes a reduction of the value. */
  | { readonly kind: 'reduce'; readonly statement: StatementStructure; readonly ops: readonly Op[] }
  /** Fields exchange what they hold: targets[i] gets what sources[i] held. */
  | { readonly kind: 'exchange'; readonly targets: readonly number[]; readonly sources: readonly number[] };

export interface Variant {
  /** One per value: what it was lowered for (see Values.codes). */
  readonly codes: readonly number[];
  /** Values that went into structure (slices, exponents) and must be the same again. */
  readonly fixed: readonly { readonly hole: number; readonly value: number }[];
  /** Integers in slices that keep changing: positions, not structure. */
  readonly places: readonly PlaceRecipe[];
  /** Numbers that meet integers: whether each is whole went into structure. */
  readonly wholes: readonly { readonly recipe: Recipe; readonly whole: boolean }[];
  readonly steps: readonly Step[];
  /** Of a template that is one expression. */
  readonly result: Mold | undefined;
  /** What it gives is a view of an array, not values of this moment. */
  readonly isView: boolean;
  readonly label: string;
}

const NUMBER = 3;
/** Of no structure: their ids begin at 1. */
const BOOLEAN = 2;
const BIGINT = 1;
const FLOATING = 0;

const NO_STORAGES: readonly Storage[] = [];

/** More values than a template has. */
const ALIASES = 4096;

/** Interpolated values, told apart once per call. */
export class Values {
  /**
   * Of a field 4 * view id, of a view that + 1, of an expression 4 * structure id + 2, of a number 3, a boolean 2, a
   * bigint 1, a Python float 0, one of NumPy's as an expression of its structure; all that times ALIASES, and where two values are one storage or expression, the number of
   * the first.
   */
  readonly codes: number[] = [];
  readonly storages: (Storage | null)[] = [];
  readonly numbers: number[] = [];
  readonly exprs: (Expr | null)[] = [];
  /** Of expressions, as they were at the call: a Scalar may be evaluated on the way. */
  readonly trees: (Tree | null)[] = [];
  /** For the variant that matched last. */
  readonly places: number[] = [];

  constructor(given: readonly unknown[]) {
    for (const value of given) {
      if (value instanceof Field) this.#add(wholeView(value.storage.meta).id * 4, value.storage, 0, value);
      else if (typeof value === 'number') this.#add(NUMBER, null, value, null);
      else if (value instanceof View) this.#add(value.view.id * 4 + 1, value.storage, 0, value);
      else if (value instanceof Expr) this.#expression(value);
      else if (typeof value === 'boolean') this.#add(BOOLEAN, null, value ? 1 : 0, null);
      else if (typeof value === 'bigint') this.#add(BIGINT, null, Number(value), null);
      else {
        throw new QuadrilleError(
          'BAD_OPERAND',
          `np text cannot take ${show(value)} as value ${this.codes.length + 1}.`,
          {
            expected: 'a Field, View, expression, number or boolean',
            hint: typeof value === 'string' ? 'names and slices are written in the text itself' : undefined,
          },
        );
      }
    }
  }

  /** One value more, which the template makes itself: its number. */
  append(storage: Storage): number {
    this.exprs.push(null);
    this.numbers.push(Number.NaN);
    return this.storages.push(storage) - 1;
  }

  /** Does it come without moving axes of its own? */
  isPlain(hole: number): boolean {
    const expr = this.exprs[hole];
    return !(expr instanceof View) || expr.ints.length === 0;
  }

  /** The number of the first value that is the same array or expression. */
  firstOf(hole: number): number {
    return (this.codes[hole] ?? hole) % ALIASES;
  }

  /** Is it one that the template makes? */
  isOwn(hole: number): boolean {
    return hole >= this.codes.length;
  }

  #expression(value: Expr): void {
    const tree = value.tree();
    const { structure, value: number } = tree;
    if (structure.op === 'param') this.#add(codeOfNumber(structure), null, number, null);
    else this.#add(structure.id * 4 + 2, null, 0, value, tree);
  }

  #add(code: number, storage: Storage | null, number: number, expr: Expr | null, tree: Tree | null = null): void {
    if (storage?.disposed) checkAlive(storage);
    // What is stored first, what may be exchanged, and which conditions are one, depends on which values are the same.
    const first = storage ? this.storages.indexOf(storage) : tree ? this.exprs.indexOf(expr) : -1;
    this.codes.push(code * ALIASES + (first < 0 ? this.storages.length : first));
    this.storages.push(storage);
    this.numbers.push(number);
    this.exprs.push(expr);
    this.trees.push(tree);
  }
}

export function matches(variant: Variant, values: Values): boolean {
  const { codes } = variant;
  for (let i = 0; i < codes.length; i++) if (codes[i] !== values.codes[i]) return false;
  for (const { hole, value } of variant.fixed) if (!Object.is(values.numbers[hole], value)) return false;
  for (let k = 0; k < variant.places.length; k++) {
    const at = variant.places[k]?.(values.numbers);
    if (at === undefined) return false;
    values.places[k] = at;
  }
  for (const { recipe, whole } of variant.wholes) if (Number.isInteger(recipe(values.numbers)) !== whole) return false;
  return true;
}

/**
 * Records everything, and gives the Scalars that its reductions made. Throws STALE_EXPRESSION where an interpolated
 * expression was overwritten before it was stored.
 */
export function run(
  variant: Variant,
  values: Values,
  { recorder, memory }: Pick<Session, 'recorder' | 'memory'>,
): void {
  const made: Storage[] = [];
  try {
    record(variant, values, recorder, made);
  } finally {
    for (const storage of made) memory.release(storage);
  }
}

/**
 * Records what the expression that a template is needs before it: arrays that go when nothing holds them, and Scalars,
 * which are given back.
 */
export function prepare(variant: Variant, values: Values, { recorder }: Pick<Session, 'recorder'>): Storage[] {
  return record(variant, values, recorder, []);
}

/** Gives the Scalars that the template's reductions made. */
function record(variant: Variant, values: Values, recorder: Recorder, made: Storage[]): Storage[] {
  let first = true;
  const reduced: Storage[] = [];
  const push = (
    statement: StatementStructure,
    target: Storage,
    leaves: readonly Storage[],
    params: readonly number[],
    ints: readonly number[],
  ): void => {
    if (first) recorder.before(statement, target, target.written === 0 ? leaves : NO_STORAGES);
    first = false;
    recorder.push(statement, target, leaves, params, ints, variant.label);
  };
  for (const step of variant.steps) {
    if (step.kind === 'temporary') {
      const storage = makeStorage(step.name, step.meta, -1, looseOwner);
      values.storages[step.hole] = storage;
      made.push(storage);
    } else if (step.kind !== 'exchange') {
      const leaves: Storage[] = [];
      const params: number[] = [];
      const ints: number[] = [];
      if (step.kind === 'assign') gatherPlaces(values, { hole: step.target, places: step.places }, ints);
      for (const op of step.ops) {
        if (op.kind === 'storage') {
          leaves.push(storageOf(values, op.hole));
          gatherPlaces(values, op, ints);
        } else if (op.kind === 'number') params.push(op.recipe(values.numbers));
        else if (op.kind === 'reduced') leaves.push(reducedAt(reduced, op.index));
        else gather(treeAt(values, op.hole), leaves, params, ints);
      }
      if (step.kind === 'reduce') {
        const batch = leaves[0]?.owner.batch ?? looseOwner.batch;
        const target = makeResult('a reduction', step.statement.target.meta, batch);
        push(step.statement, target, leaves, params, ints);
        reduced.push(target);
        continue;
      }
      if (step.statement.empty) continue;
      const target = storageOf(values, step.target);
      const isNew = target.written === 0;
      push(step.statement, target, leaves, params, ints);
      if (isNew && made.at(-1) === target) target.born = target.epoch;
    } else {
      permute(
        step.targets.map((hole) => fieldAt(values, hole)),
        step.sources.map((hole) => fieldAt(values, hole)),
      );
      values.exprs.forEach((expr, i) => {
        if (expr instanceof Field) values.storages[i] = expr.storage;
      });
    }
  }
  return reduced;
}

function reducedAt(reduced: readonly Storage[], index: number): Storage {
  const storage = reduced[index];
  if (!storage) throw new QuadrilleError('INTERNAL', `reduction ${index} of the template has not run`);
  return storage;
}

/** The expression that a template is, as its values stand now. */
export function fill({ structure, op, kids }: Mold, values: Values, reduced: readonly Storage[]): Tree {
  switch (op?.kind) {
    case 'storage':
      return storageLeaf(structure, storageOf(values, op.hole), clock.now, placesOf(values, op));
    case 'number':
      return { structure, storage: null, value: op.recipe(values.numbers), stamp: 0, kids: [] };
    case 'reduced':
      return storageLeaf(structure, reducedAt(reduced, op.index), clock.now);
    case 'tree':
      return op.slices.reduce((tree, axes) => sliceTree(tree, axes), treeAt(values, op.hole));
    case undefined:
      return { structure, storage: null, value: 0, stamp: 0, kids: kids.map((kid) => fill(kid, values, reduced)) };
  }
}

interface Placed {
  readonly hole: number;
  readonly places: readonly number[];
}

/** Where the moving axes of a view are: as an interpolated view has them, or as the text says. */
function gatherPlaces(values: Values, { hole, places }: Placed, ints: number[]): void {
  const view = values.exprs[hole];
  if (view instanceof View) for (const at of view.ints) ints.push(at);
  for (const place of places) ints.push(values.places[place] ?? Number.NaN);
}

export function placesOf(values: Values, placed: Placed): number[] {
  const ints: number[] = [];
  gatherPlaces(values, placed, ints);
  return ints;
}

export function storageOf(values: Values, hole: number): Storage {
  const storage = values.storages[hole];
  if (!storage) throw new QuadrilleError('INTERNAL', `value ${hole} of the template holds no field`);
  return storage;
}

const TYPES = ['f64', 'f32', 'i64', 'i32'] as const;

/** How the number `hole` was given. */
export function numberType(values: Values, hole: number): NumberType {
  const types: readonly NumberType[] = ['float', 'int', 'bool', 'open'];
  const code = Math.floor((values.codes[hole] ?? 0) / ALIASES);
  return types[code] ?? TYPES.find((type) => TYPED[type].id * 4 + 2 === code) ?? 'open';
}

function codeOfNumber(structure: Structure): number {
  if (structure === PARAM) return NUMBER;
  if (TYPES.some((type) => TYPED[type] === structure)) return structure.id * 4 + 2;
  return structure.dtype === 'bool' ? BOOLEAN : structure.dtype === 'weakint' ? BIGINT : FLOATING;
}

export function treeAt(values: Values, hole: number): Tree {
  const tree = values.trees[hole];
  if (!tree) throw new QuadrilleError('INTERNAL', `value ${hole} of the template is no expression`);
  return tree;
}

export function fieldAt(values: Values, hole: number): Field {
  const field = values.exprs[hole];
  if (field instanceof Field) return field;
  throw new QuadrilleError('INTERNAL', `value ${hole} of the template is no field`);
}
