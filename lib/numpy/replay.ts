/**
 * What a template recorded, and the arrays of another round in: the same statements with the same numbers recorded out.
 * Nothing is looked at again that the kinds of the arrays and the numbers decide.
 */
import { type Expr, exprOf, storageLeaf, type Tree } from '../expr.js';
import { looseOwner } from '../loose.js';
import type { Recorder } from '../recorder.js';
import { clock, makeResult, type Storage } from '../storage.js';
import type { StatementStructure, Structure } from '../structure.js';
import type { Mold, Op } from './value.js';
import type { Step, Values, Variant } from './variant.js';

interface Again {
  readonly statement: StatementStructure;
  /** Number of the value assigned to; undefined: a new Scalar or array becomes a reduction. */
  readonly target: number | undefined;
  /** Of the statement's loads: a value's number, or -1 - n for what the n-th reduction before made. */
  readonly sources: readonly number[];
  readonly params: readonly number[];
}

type Shaped =
  | { readonly structure: Structure; readonly source: number }
  | { readonly structure: Structure; readonly value: number; readonly kids: readonly Shaped[] };

const NONE: readonly Storage[] = [];

export class Replay {
  private constructor(
    private readonly steps: readonly Again[],
    private readonly result: Shaped | undefined,
    private readonly label: string,
  ) {}

  /** Undefined where more than the arrays may change: positions, expressions among the values, arrays made on the way. */
  static of(variant: Variant, values: Values): Replay | undefined {
    if (variant.places.length > 0) return undefined;
    const steps: Again[] = [];
    for (const step of variant.steps) {
      const again = stepOf(step, values);
      if (!again) return undefined;
      if (again.target === undefined || !again.statement.empty) steps.push(again);
    }
    // A slice alone is a view.
    if (variant.result?.op?.kind === 'storage') return undefined;
    const result = variant.result && shapedOf(variant.result, values);
    return variant.result && !result ? undefined : new Replay(steps, result, variant.label);
  }

  /** `storages`: by number of the value. Gives the expression, if the template is one. */
  run(storages: readonly (Storage | undefined)[], recorder: Recorder): Expr | undefined {
    const made: Storage[] = [];
    let first = true;
    for (const { statement, target, sources, params } of this.steps) {
      const leaves: Storage[] = [];
      for (const source of sources) {
        const storage = source < 0 ? made[-1 - source] : storages[source];
        if (storage) leaves.push(storage);
      }
      let into = target === undefined ? undefined : storages[target];
      if (!into) {
        const batch = leaves[0]?.owner.batch ?? looseOwner.batch;
        into = makeResult('a reduction', statement.target.meta, batch);
        made.push(into);
      }
      if (first) recorder.before(statement, into, into.written === 0 ? leaves : NONE);
      first = false;
      recorder.push(statement, into, leaves, params, undefined, this.label);
    }
    return this.result && exprOf(filled(this.result, storages, made));
  }
}

function filled(shaped: Shaped, storages: readonly (Storage | undefined)[], made: readonly Storage[]): Tree {
  const { structure } = shaped;
  if ('kids' in shaped) {
    const kids = shaped.kids.map((kid) => filled(kid, storages, made));
    return { structure, storage: null, value: shaped.value, stamp: 0, kids };
  }
  const storage = shaped.source < 0 ? made[-1 - shaped.source] : storages[shaped.source];
  if (!storage) throw new RangeError('a replay without one of its arrays');
  return storageLeaf(structure, storage, clock.now);
}

function stepOf(step: Step, values: Values): Again | undefined {
  if (step.kind !== 'assign' && step.kind !== 'reduce') return undefined;
  if (step.kind === 'assign' && !isPlain(values, step.target, step.places)) return undefined;
  const sources: number[] = [];
  const params: number[] = [];
  for (const op of step.ops) {
    if (op.kind === 'number') params.push(op.recipe(values.numbers));
    else {
      const source = sourceOf(op, values);
      if (source === undefined) return undefined;
      sources.push(source);
    }
  }
  const target = step.kind === 'assign' ? step.target : undefined;
  return { statement: step.statement, target, sources, params };
}

function isPlain(values: Values, hole: number, places: readonly number[]): boolean {
  return places.length === 0 && !values.isOwn(hole) && values.isPlain(hole);
}

function sourceOf(op: Op, values: Values): number | undefined {
  if (op.kind === 'reduced') return -1 - op.index;
  // Of expressions only a Scalar that the engine keeps.
  if (op.kind === 'tree') return op.slices.length === 0 && values.trees[op.hole]?.storage ? op.hole : undefined;
  return op.kind === 'storage' && isPlain(values, op.hole, op.places) ? op.hole : undefined;
}

function shapedOf({ structure, op, kids }: Mold, values: Values): Shaped | undefined {
  if (op?.kind === 'number') return { structure, value: op.recipe(values.numbers), kids: [] };
  if (op) {
    const source = sourceOf(op, values);
    return source === undefined ? undefined : { structure, source };
  }
  const shaped = kids.map((kid) => shapedOf(kid, values));
  const known = shaped.filter((kid) => kid !== undefined);
  return known.length === kids.length ? { structure, value: 0, kids: known } : undefined;
}
