/** A parsed template and values of certain kinds in, the steps that record it out. */
import type { ExprType, ProgramOptions, ReduceFn } from '../../jit/program.js';
import { concrete, isFloat } from '../../jit/types.js';
import { QuadrilleError, userLabel } from '../errors.js';
import type { Tree } from '../expr.js';
import { Field } from '../field.js';
import { maskedTree } from '../masked.js';
import { type Along, resultView } from '../reduction.js';
import { plainOptions } from '../scalar.js';
import { checkTarget } from '../sliceable.js';
import { makeStorage, type Storage } from '../storage.js';
import * as structures from '../structure.js';
import { loadOf, type Structure, wholeView } from '../structure.js';
import { isStorable, placeFor } from '../temporary.js';
import type { Node, Span, Statement } from './ast.js';
import { Evaluator } from './evaluate.js';
import { under } from './masks.js';
import { errorAt, locating, type Source, textOf } from './source.js';
import type { Condition, Op, Value, ViewValue } from './value.js';
import { fieldAt, type Step, storageOf, type Values, type Variant } from './variant.js';

/** bool, integer, float: NumPy's kinds, in the order of what may be cast in place. */
function kindOf(type: ExprType): number {
  return type === 'bool' ? 0 : isFloat(type) ? 2 : 1;
}

/** Nothing is recorded here; all that can be wrong with the text for these values is thrown here. */
export function lower(
  source: Source,
  statements: readonly Statement[],
  values: Values,
  moving: ReadonlySet<number>,
  label?: string,
): Variant {
  return new Lowering(source, values, moving, label).run(statements);
}

class Lowering {
  private readonly evaluator: Evaluator;
  private readonly steps: Step[] = [];
  private reductions = 0;
  /** Values that were given a name or several targets, so far; a stamp is the number of one. */
  private stamps = 0;
  /** What fields hold, and how many stamps there were when it was last written, as the steps so far would leave them. */
  private readonly writes = new Map<Storage, number>();
  private readonly holds: (Storage | null)[];
  /** Assignments to fields so far. */
  private stores = 0;
  /** The template gives an expression: its names are parts of that, nothing is recorded. */
  private gives = false;

  constructor(
    private readonly source: Source,
    private readonly values: Values,
    moving: ReadonlySet<number>,
    private readonly label: string | undefined,
  ) {
    this.evaluator = new Evaluator(
      source,
      values,
      moving,
      (at, name, tree) => this.temporary(at, name, tree),
      (fn, tree, along) => this.reduce(fn, tree, along),
    );
    this.holds = [...values.storages];
  }

  run(statements: readonly Statement[]): Variant {
    this.gives = statements.at(-1)?.kind === 'expression';
    let result: Tree | undefined;
    let isView = false;
    statements.forEach((statement, i) => {
      if (statement.kind !== 'expression') {
        locating(this.source, statement, () => this.statement(statement));
        return;
      }
      result = locating(this.source, statement, () => {
        const value = this.evaluator.value(statement.value);
        isView = value.kind === 'view';
        return this.evaluator.tree(value);
      });
      if (i < statements.length - 1 || this.stores > 0) {
        throw errorAt(this.source, statement, 'UNSUPPORTED_PYTHON', 'An expression by itself has no effect here.', {
          hint: 'a template that is one expression gives its value; otherwise assign it to a field',
        });
      }
    });
    const { fixed } = this.evaluator;
    const holes = [...fixed].map((hole) => ({ hole, value: this.values.numbers[hole] ?? 0 }));
    return {
      codes: [...this.values.codes],
      fixed: holes,
      places: this.evaluator.places.map(({ recipe }) => recipe),
      wholes: this.evaluator.wholes,
      steps: this.steps,
      result: result && this.evaluator.origins.mold(result),
      isView,
      label: this.label ?? userLabel(),
    };
  }

  /** A step of its own: what it gives is known to later ones by its number. */
  private reduce(fn: ReduceFn, tree: Tree, along?: Along): Tree {
    const { origins } = this.evaluator;
    const options = firstOptions(tree.structure) ?? plainOptions();
    const target = resultView(fn, tree, options, along);
    const ops = origins.ops(tree);
    this.checkUnwritten(ops);
    this.steps.push({ kind: 'reduce', statement: structures.reduction(target, fn, tree.structure, along?.axes), ops });
    const leaf = { structure: loadOf(wholeView(target.meta)), storage: null, value: 0, stamp: 0, kids: [] };
    return origins.leaf(leaf, { kind: 'reduced', index: this.reductions++ });
  }

  /** Throws STALE_EXPRESSION where a named value is used after what it is computed from was overwritten. */
  private checkUnwritten(ops: readonly Op[]): void {
    for (const op of ops) {
      if (op.kind !== 'storage' || op.since === undefined) continue;
      const storage = this.holds[op.hole];
      if (!storage || (this.writes.get(storage) ?? -1) <= op.since) continue;
      const message = `'${storage.name}' was overwritten after the value stored here was computed from it.`;
      throw new QuadrilleError('STALE_EXPRESSION', message, {
        hint: 'store the value in a field of its own first, or change the order of the lines',
      });
    }
  }

  private statement(statement: Exclude<Statement, { kind: 'expression' }>): void {
    switch (statement.kind) {
      case 'assign':
        this.assign(statement.targets, statement.value);
        break;
      case 'update':
        this.update(statement);
        break;
      case 'exchange':
        this.exchange(statement);
        break;
    }
  }

  private assign(targets: readonly Node[], node: Node): void {
    let value = this.evaluator.value(node);
    // Python computes the value once, then stores it from left to right; here it is computed at each store: last into
    // what it is computed from (fields stored into earlier than that hold the same value whatever the order).
    const names = targets.filter((target) => target.kind === 'name');
    if (value.kind === 'tree' && (targets.length > 1 || names.length > 0)) {
      value = { kind: 'tree', tree: this.evaluator.origins.stamped(value.tree, this.stamps++) };
      // What is given a name is an array of its own, and all names are that array.
      if (names[0] && !this.gives && isStorable(value.tree.structure))
        value = this.temporary(names[0], names[0].name, value.tree);
    }
    const stores: { at: Node; view: ViewValue; mask?: Condition }[] = [];
    for (const target of targets) {
      if (target.kind === 'name') this.bind(target, target.name, value);
      else stores.push({ at: target, ...this.target(target) });
    }
    const read = this.readBy(value);
    const isRead = ({ view }: { view: ViewValue }): boolean => read.has(this.holds[view.hole] ?? null);
    const [overwritten, again] = stores.filter(isRead);
    if (value.kind === 'tree' && overwritten && again && isStorable(value.tree.structure))
      value = this.temporary(overwritten.at, 'value', value.tree);
    for (const { at, view, mask } of [...stores.filter((store) => !isRead(store)), ...stores.filter(isRead)]) {
      this.store(at, view, value, mask);
    }
  }

  /** Storages a computed value is computed from. (A plain view is none: Python stores what it shows at each store.) */
  private readBy(value: Value): Set<Storage | null> {
    const computed = value.kind === 'masked' ? value.base : value;
    if (computed.kind !== 'tree') return new Set();
    const ops = this.evaluator.origins.ops(computed.tree);
    return new Set(ops.flatMap((op) => (op.kind === 'storage' ? [this.holds[op.hole] ?? null] : [])));
  }

  private update({ target, op, value, from, to }: Extract<Statement, { kind: 'update' }>): void {
    const right = this.evaluator.value(value);
    const left = this.evaluator.value(target);
    const result = locating(this.source, { from, to }, () =>
      this.evaluator.arithmetic.binary(op, left, right, { from, to }),
    );
    const [into, under] = left.kind === 'masked' ? [left.base, left] : [left, undefined];
    const made = result.kind === 'masked' ? result.base : result;
    if (into.kind === 'view') {
      if (made.kind === 'tree') this.checkInPlace({ from, to }, made.tree, into);
      this.store(target, into, result, under);
    } else if (target.kind === 'name' && left.kind === 'number' && result.kind === 'number') {
      this.bind(target, target.name, result);
    } else {
      const message = `${textOf(this.source, target)} cannot be updated in place.`;
      throw errorAt(this.source, target, 'UNSUPPORTED_PYTHON', message, {
        expected: 'a field, a slice of one, or the name of a number',
      });
    }
  }

  /** NumPy writes into the target what may lose digits, but not its fraction, and no number into a boolean. */
  private checkInPlace(at: Span, { structure: { dtype } }: Tree, { view }: ViewValue): void {
    const target = view.meta.dtype;
    if (kindOf(dtype) <= kindOf(target)) return;
    throw errorAt(
      this.source,
      at,
      'UNSAFE_CAST',
      `The result is ${concrete(dtype)}, which does not go into ${target} in place.`,
      {
        hint: 'x[...] = x + value converts, towards zero; or give the field another dtype',
      },
    );
  }

  private bind(at: Span, name: string, value: Value): void {
    if (name === 'np' || name === 'numpy')
      throw errorAt(this.source, at, 'UNSUPPORTED_PYTHON', `An assignment to ${name} is not translated.`);
    this.evaluator.locals.set(name, { value, exchanges: this.evaluator.exchanges });
  }

  /** Steps that make an array of the value, as it is now. The variant releases it when it has run. */
  private temporary(at: Span, name: string, tree: Tree): ViewValue {
    const { meta, owner } = placeFor(tree);
    const hole = this.values.append(makeStorage(name, meta, -1, owner));
    this.holds.push(this.values.storages[hole] ?? null);
    this.steps.push({ kind: 'temporary', hole, name, meta });
    const view: ViewValue = { kind: 'view', hole, view: structures.wholeView(meta), places: [] };
    this.store(at, view, { kind: 'tree', tree });
    return view;
  }

  private target(node: Node): { view: ViewValue; mask?: Condition } {
    const value = this.evaluator.value(node);
    if (value.kind === 'view') return { view: value };
    if (value.kind === 'masked' && value.base.kind === 'view') return { view: value.base, mask: value };
    throw errorAt(this.source, node, 'BAD_OPERAND', `${textOf(this.source, node)} cannot be assigned to.`, {
      expected: 'a field or a slice of one',
    });
  }

  private store(at: Span, target: ViewValue, value: Value, mask?: Condition): void {
    const { hole, view, places } = target;
    const tree = locating(this.source, at, () => {
      const { dtype } = view.meta;
      if (!mask) return this.evaluator.arithmetic.stored(value, dtype);
      // Everywhere: where the condition does not hold, what is there.
      const given = this.evaluator.arithmetic.stored(under(this.evaluator, mask, value), dtype);
      return maskedTree(mask.mask, given, this.evaluator.tree(target), dtype);
    });
    const statement = locating(this.source, at, () => {
      checkTarget(view);
      return structures.statement(view, tree.structure);
    });
    const ops = this.evaluator.origins.ops(tree);
    locating(this.source, at, () => this.checkUnwritten(ops));
    this.steps.push({ kind: 'assign', statement, target: hole, places, ops });
    if (!this.values.isOwn(hole)) this.stores++;
    const written = this.holds[hole];
    if (written) this.writes.set(written, this.stamps);
  }

  private exchange(statement: Extract<Statement, { kind: 'exchange' }>): void {
    const hole = (node: Node): number => {
      if (node.kind === 'hole' && this.values.exprs[node.index] instanceof Field) return node.index;
      throw errorAt(
        this.source,
        node,
        'UNSUPPORTED_PYTHON',
        'Unpacking is translated only where it exchanges fields.',
        {
          hint: 'x, y = y, x with both interpolated; write other assignments one by one',
        },
      );
    };
    const targets = statement.targets.map(hole);
    const sources = statement.values.map(hole);
    const fields = (holes: readonly number[]): Set<Field> => new Set(holes.map((at) => fieldAt(this.values, at)));
    const [into, from] = [fields(targets), fields(sources)];
    if (into.size !== targets.length || from.size !== targets.length || [...into].some((field) => !from.has(field))) {
      throw errorAt(this.source, statement, 'UNSUPPORTED_PYTHON', 'Two fields would hold the same array after this.', {
        expected: 'the same fields on both sides, each once',
        hint: 'copy instead: x[:] = y',
      });
    }
    targets.forEach((target, i) => {
      const [a, b] = [storageOf(this.values, target), storageOf(this.values, sources[i] ?? target)];
      if (a.meta !== b.meta || a.owner !== b.owner) {
        throw errorAt(this.source, statement, 'SHAPE_MISMATCH', `'${a.name}' and '${b.name}' cannot be exchanged.`, {
          expected: 'fields of one grid, shape and dtype',
        });
      }
    });
    this.steps.push({ kind: 'exchange', targets, sources });
    this.evaluator.exchanges++;
    // Several values may be the same Field: what it holds is followed by field.
    const held = new Map(
      targets.map((target, i) => [fieldAt(this.values, target), this.holds[sources[i] ?? target] ?? null]),
    );
    this.values.exprs.forEach((expr, i) => {
      if (expr instanceof Field && held.has(expr)) this.holds[i] = held.get(expr) ?? null;
    });
  }
}

/** Of the first field that an expression reads. */
function firstOptions(structure: Structure): ProgramOptions | undefined {
  switch (structure.op) {
    case 'load':
      return structure.view.meta.options;
    case 'param':
    case 'iota':
      return undefined;
    case 'unary':
      return firstOptions(structure.a);
    case 'binary':
      return firstOptions(structure.a) ?? firstOptions(structure.b);
    case 'where':
      return firstOptions(structure.cond) ?? firstOptions(structure.a) ?? firstOptions(structure.b);
  }
}
