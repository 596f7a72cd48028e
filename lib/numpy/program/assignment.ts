/** Assignments and updates in; closures that bind names, write into arrays, or put items into lists out. */
import { QuadrilleError } from '../../errors.js';
import type { ArithmeticOp, Node, Statement as TextStatement } from '../ast.js';
import { iterate } from './builtins.js';
import { type Code, plain, type Steps, sequence, sequenceThen } from './code.js';
import { arrayOfNumbers } from './creation.js';
import type { ExpressionCompiler } from './expressions.js';
import type { Frame } from './frame.js';
import { placeIn, unpackError } from './indexing.js';
import type { Names } from './names.js';
import { arithmetic } from './numbers.js';
import { baseValue, hasArray, Leaves, type Part, Region } from './region.js';
import type { Expression, Statement, SubscriptNode, Target } from './syntax.js';
import { isArray, List, Raised, Tuple, typeName, type Value } from './values.js';
import { Signal, type World } from './world.js';

export class AssignmentCompiler {
  constructor(
    private readonly world: World,
    private readonly names: Names,
    private readonly expressions: ExpressionCompiler,
  ) {}

  /** targets = value */
  assign(targets: readonly Target[], value: Expression, at: Statement): Code<Signal> {
    const [only] = targets;
    if (targets.length === 1 && only?.kind === 'name') {
      const bind = this.names.binder(only.name);
      return sequence([this.expressions.value(value)], ([result = null], frame) => {
        bind(frame, result);
        return Signal.Next;
      });
    }
    if (targets.length === 1 && only?.kind === 'subscript') {
      const leaves = new Leaves();
      const listed = value.kind === 'list' || value.kind === 'tuple';
      const from = listed
        ? leaves.add(value, this.expressions.kept(value))
        : this.expressions.parts.part(value, leaves);
      return this.store(only, from, leaves, at);
    }
    const stores = targets.map((target) => this.receiver(target, at));
    return sequenceThen([this.expressions.kept(value)], function* ([result = null], frame) {
      for (const store of stores) yield* store(frame, result);
      return Signal.Next;
    });
  }

  /** Puts a value into a target: unpacks it, binds it, or writes it into an array. */
  receiver(target: Target, at: Statement): (frame: Frame, value: Value) => Steps<void> {
    if (target.kind === 'name') {
      const bind = this.names.binder(target.name);
      // biome-ignore lint/correctness/useYield: others of its kind wait
      return function* (frame, value) {
        bind(frame, value);
      };
    }
    if (target.kind === 'subscript') {
      const leaves = new Leaves();
      let given: Value = null;
      const from = leaves.add(
        target,
        plain(() => given),
      );
      const code = this.store(target, from, leaves, at);
      return function* (frame, value) {
        given = value;
        yield* code.steps(frame);
      };
    }
    const stores = target.items.map((item) => this.receiver(item, at));
    return function* (frame, value) {
      const items = [...iterate(value)];
      if (items.length !== stores.length) throw unpackError(items.length, stores.length);
      for (const [i, store] of stores.entries()) yield* store(frame, items[i] ?? null);
    };
  }

  /** target[...] = from */
  private store(target: SubscriptNode, from: Part, leaves: Leaves, at: Statement): Code<Signal> {
    const { whole, base, read } = this.expressions.parts.sliced(target, leaves);
    const region = this.textRegion(at, (of) => ({
      kind: 'assign',
      targets: [whole.node(of)],
      value: of(from),
      ...span(at),
    }));
    const { lifetimes } = this.world;
    return sequence(leaves.codes, (values, frame) => {
      const into = baseValue(base, values);
      if (isArray(into)) {
        region.run(this.asArrays(values, from, frame));
        return Signal.Next;
      }
      if (hasArray(values.filter((_, i) => !from.leaves.includes(i))))
        throw new Raised('TypeError', 'an array cannot be an index here');
      if (!(into instanceof List))
        throw new Raised('TypeError', `'${typeName(into)}' object does not support item assignment`);
      const value = lifetimes.stored(from.plain(values), frame);
      lifetimes.escape(value);
      into.items[placeIn(into, read(values))] = value;
      return Signal.Next;
    });
  }

  /** The value stored, where it is a list or tuple of numbers, as an array. */
  private asArrays(values: Value[], from: Part, frame: Frame): Value[] {
    if (from.leaf === undefined) return values;
    const value = values[from.leaf];
    if (!(value instanceof List || value instanceof Tuple)) return values;
    const made = this.world.lifetimes.adopt(arrayOfNumbers(value), frame);
    return values.map((other, i) => (i === from.leaf ? made : other));
  }

  /** target op= value */
  update(op: ArithmeticOp, target: Target, value: Expression, at: Statement): Code<Signal> {
    if (target.kind === 'tuple' || target.kind === 'list')
      throw new QuadrilleError('INTERNAL', 'a tuple cannot be updated');
    const leaves = new Leaves();
    const slices = target.kind === 'subscript' ? this.expressions.parts.sliced(target, leaves) : undefined;
    const to = slices?.whole ?? this.expressions.parts.part(target, leaves);
    const from = this.expressions.parts.part(value, leaves);
    const { lifetimes } = this.world;
    const text = (of: (part: Part) => Node): TextStatement => {
      if (op === '@') throw new Raised('TypeError', '@= of an array');
      const left = to.leaf === undefined ? to.node(of) : of(to);
      return { kind: 'update', op, target: left, value: of(from), ...span(at) };
    };
    const inPlace = this.textRegion(at, text);
    // A number, also one of the engine's, is not changed: its name gets another.
    const rebound = this.textRegion(at, (of) => {
      const statement = text(of);
      if (statement.kind !== 'update') throw new QuadrilleError('INTERNAL', 'an update was expected');
      return {
        kind: 'expression',
        value: { kind: 'binary', op: statement.op, a: of(to), b: statement.value, ...span(at) },
        ...span(at),
      };
    });
    if (target.kind === 'name') {
      const bind = this.names.binder(target.name);
      return sequence(leaves.codes, (values, frame) => {
        const old = to.plain(values);
        if (isArray(old) && old.shape.length > 0) inPlace.run(values);
        else if (hasArray(values)) bind(frame, rebound.run(values));
        else if (old instanceof List && op === '+') old.items.push(...iterate(from.plain(values)));
        else bind(frame, arithmetic(op, old, from.plain(values)));
        return Signal.Next;
      });
    }
    return sequence(leaves.codes, (values, frame) => {
      const into = slices ? baseValue(slices.base, values) : null;
      if (isArray(into)) {
        inPlace.run(values);
        return Signal.Next;
      }
      if (!(into instanceof List))
        throw new Raised('TypeError', `'${typeName(into)}' object does not support item assignment`);
      const place = placeIn(into, slices?.read(values) ?? []);
      const old = into.items[place] ?? null;
      if (isArray(old))
        throw new Raised('TypeError', 'an array in a list is updated by a name of its own: u = arrays[i]; u += ...');
      const result = lifetimes.stored(arithmetic(op, old, from.plain(values)), frame);
      into.items[place] = result;
      return Signal.Next;
    });
  }

  private textRegion(at: Statement, build: (of: (part: Part) => Node) => TextStatement): Region {
    return new Region(this.world.source, this.world.label(at), build);
  }
}

function span({ from, to }: { from: number; to: number }): { from: number; to: number } {
  return { from, to };
}
