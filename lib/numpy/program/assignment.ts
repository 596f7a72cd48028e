/** Assignments and updates in; closures that bind names, write into arrays, or put items into lists out. */
import { QuadrilleError } from '../../errors.js';
import type { ArithmeticOp, BinaryOp, Node, Statement as TextStatement } from '../ast.js';
import { storageOf } from './arrays.js';
import { after, type Code, plain, type Steps, sequence, sequenceThen } from './code.js';
import { arrayOfItems } from './creation.js';
import type { ExpressionCompiler } from './expressions.js';
import type { Frame } from './frame.js';
import { hasList, hasPlaces, scattered } from './gather.js';
import { entryOf, isSlice, keyOf, type PlainItem, placeIn, replaceItems, unpackError } from './indexing.js';
import { iterate } from './iteration.js';
import type { Names } from './names.js';
import { arithmetic } from './numbers.js';
import { checkWrite } from './partners.js';
import { arePlaces } from './places.js';
import { baseValue, hasArray, Leaves, type Part, Region } from './region.js';
import { mentions } from './scope.js';
import {
  type AttributeNode,
  type Expression,
  type Statement,
  type SubscriptNode,
  span,
  type Target,
} from './syntax.js';
import { Class, Dict, Instance, isArray, List, Raised, Tuple, typeName, type Value } from './values.js';
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
      const assigned = sequence([this.expressions.value(value)], ([result = null], frame) => {
        bind(frame, result);
        return Signal.Next;
      });
      if (!this.names.isPrivate(only.name) || mentions(value, only.name)) return assigned;
      const { slot } = this.names.place(only.name);
      return after((frame) => this.world.lifetimes.vacate(frame, slot), assigned);
    }
    if (targets.length === 1 && only?.kind === 'subscript' && hasList(only)) {
      return sequenceThen([this.expressions.value(value)], this.scatter(only));
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
    if (target.kind === 'subscript' && hasList(target)) {
      const store = this.scatter(target);
      return function* (frame, value) {
        yield* store([value], frame);
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
    if (target.kind === 'attribute') {
      const of = this.expressions.value(target.a);
      const { name } = target;
      const { lifetimes } = this.world;
      return function* (frame, value) {
        setMember(yield* of.steps(frame), name, value);
        lifetimes.escape(value);
      };
    }
    if (target.kind === 'starred') return this.receiver(target.a, at);
    const stores = target.items.map((item) => this.receiver(item, at));
    const star = target.items.findIndex(({ kind }) => kind === 'starred');
    return function* (frame, value) {
      const items = [...iterate(value)];
      if (star >= 0) {
        const rest = items.length - stores.length + 1;
        if (rest < 0)
          throw new Raised(
            'ValueError',
            `not enough values to unpack (expected at least ${stores.length - 1}, got ${items.length})`,
          );
        items.splice(star, rest, new List(items.slice(star, star + rest)));
      }
      if (items.length !== stores.length) throw unpackError(items.length, stores.length);
      for (const [i, store] of stores.entries()) yield* store(frame, items[i] ?? null);
    };
  }

  /** del target */
  deletion(target: Target): Code<Signal> {
    const { lifetimes } = this.world;
    if (target.kind === 'name') {
      const { frameOf, slot } = this.names.place(target.name);
      return plain((frame) => {
        const owner = frameOf(frame);
        lifetimes.bind(owner, slot, null);
        owner.slots[slot] = undefined;
        return Signal.Next;
      });
    }
    if (target.kind === 'starred') return this.deletion(target.a);
    if (target.kind === 'attribute') {
      const { name } = target;
      return sequence([this.expressions.value(target.a)], ([owner = null]) => {
        if (owner instanceof Instance && owner.attributes.delete(name)) return Signal.Next;
        throw new Raised('AttributeError', name);
      });
    }
    if (target.kind !== 'subscript')
      return sequence(
        target.items.map((item) => this.deletion(item)),
        () => Signal.Next,
      );
    const leaves = new Leaves();
    const { base, read } = this.expressions.parts.sliced(target, leaves);
    return sequence(leaves.codes, (values) => {
      const from = baseValue(base, values);
      if (from instanceof Dict) {
        const key = keyOf(read(values), target);
        entryOf(from, key);
        from.delete(key);
      } else if (from instanceof List && isSlice(read(values))) replaceItems(from, read(values), []);
      else if (from instanceof List) from.items.splice(placeIn(from, read(values)), 1);
      else throw new Raised('TypeError', `'${typeName(from)}' object doesn't support item deletion`);
      return Signal.Next;
    });
  }

  /** target[[...], ...] = value */
  private scatter(target: SubscriptNode): (given: readonly Value[], frame: Frame) => Steps<Signal> {
    const leaves = new Leaves();
    const { read } = this.expressions.parts.sliced(target, leaves);
    const codes = [this.expressions.value(target.a), ...leaves.codes];
    return function* ([given = null], frame) {
      const [base = null, ...values] = yield* sequence(codes, (all) => all).steps(frame);
      if (isArray(base)) checkWrite(storageOf(base));
      scattered(base, read(values), given);
      return Signal.Next;
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
    const listed = target.items.some(
      (item) => item.kind === 'index' && ['name', 'attribute', 'subscript'].includes(item.at.kind),
    );
    const computed = this.textRegion(at, (of) => ({ kind: 'expression', value: of(from), ...span(at) }));
    return sequence(leaves.codes, (values, frame) => {
      const into = baseValue(base, values);
      if (isArray(into)) {
        checkWrite(storageOf(into));
        if (listed && base.leaf !== undefined && values.some(arePlaces)) {
          const items = read(values);
          if (hasPlaces(items)) {
            scattered(into, items, this.valueOf(from, computed, values, frame));
            return Signal.Next;
          }
        }
        lifetimes.run(region, this.asArrays(values, from, frame), frame);
        return Signal.Next;
      }
      const result = this.valueOf(from, computed, values, frame);
      this.putItem(into, target, read(values), lifetimes.stored(result, frame));
      return Signal.Next;
    });
  }

  /** Of a part, which may have arrays below. */
  private valueOf(part: Part, region: Region, values: readonly Value[], frame: Frame): Value {
    const below = part.leaves.map((leaf) => values[leaf] ?? null);
    return part.leaf === undefined && hasArray(below)
      ? this.world.lifetimes.run(region, values, frame)
      : part.plain(values);
  }

  /** list[i] = value, dict[key] = value */
  private putItem(into: Value, target: SubscriptNode, items: readonly PlainItem[], value: Value): void {
    if (into instanceof List && isSlice(items)) replaceItems(into, items, [...iterate(value)]);
    else if (into instanceof List) into.items[placeIn(into, items)] = value;
    else if (into instanceof Dict) into.set(keyOf(items, target), value);
    else throw new Raised('TypeError', `'${typeName(into)}' object does not support item assignment`);
    this.world.lifetimes.escape(value);
  }

  /** The value stored, where it is a list or tuple of numbers, as an array. */
  private asArrays(values: Value[], from: Part, frame: Frame): Value[] {
    if (from.leaf === undefined) return values;
    const value = values[from.leaf];
    if (!(value instanceof List || value instanceof Tuple)) return values;
    const made = this.world.lifetimes.adopt(arrayOfItems(value), frame);
    return values.map((other, i) => (i === from.leaf ? made : other));
  }

  /** target op= value */
  update(op: ArithmeticOp, target: Target, value: Expression, at: Statement): Code<Signal> {
    if (target.kind !== 'name' && target.kind !== 'subscript' && target.kind !== 'attribute')
      throw new QuadrilleError('INTERNAL', 'a tuple cannot be updated');
    if (target.kind === 'subscript' && (hasList(target) || this.names.mayBePlaces(target)))
      return this.assign([target], { kind: 'binary', op, a: target, b: value, ...span(at) }, at);
    const leaves = new Leaves();
    const slices = target.kind === 'subscript' ? this.expressions.parts.sliced(target, leaves) : undefined;
    const to = slices?.whole ?? this.expressions.parts.part(target, leaves);
    const from = this.expressions.parts.part(value, leaves);
    const { lifetimes } = this.world;
    const operator = (): BinaryOp => {
      if (op === '@') throw new Raised('TypeError', '@= of an array');
      return op;
    };
    const changed = (left: (of: (part: Part) => Node) => Node): Region =>
      this.textRegion(at, (of) => ({ kind: 'update', op: operator(), target: left(of), value: of(from), ...span(at) }));
    const inPlace = changed((of) => (to.leaf === undefined ? to.node(of) : of(to)));
    // An array in a list or dict is a whole: base[...] is not its slice.
    const item = changed((of) => of(to));
    // A number, also one of the engine's, is not changed: its name gets another.
    const rebound = this.textRegion(at, (of) => ({
      kind: 'expression',
      value: { kind: 'binary', op: operator(), a: of(to), b: of(from), ...span(at) },
      ...span(at),
    }));
    if (target.kind === 'name' || target.kind === 'attribute') {
      const bind = target.kind === 'name' ? this.names.binder(target.name) : this.memberBinder(target);
      return sequence(leaves.codes, (values, frame) => {
        const old = to.plain(values);
        if (isArray(old) && old.shape.length > 0) {
          checkWrite(storageOf(old));
          lifetimes.run(inPlace, values, frame);
        } else if (old instanceof List && op === '+') this.extend(old, from.plain(values));
        else if (hasArray(values)) bind(frame, lifetimes.run(rebound, values, frame));
        else bind(frame, arithmetic(op, old, from.plain(values)));
        return Signal.Next;
      });
    }
    return sequence(leaves.codes, (values, frame) => {
      const into = slices ? baseValue(slices.base, values) : null;
      if (isArray(into)) {
        checkWrite(storageOf(into));
        lifetimes.run(inPlace, values, frame);
        return Signal.Next;
      }
      const old = to.plain(values);
      if (isArray(old) && old.shape.length > 0) {
        checkWrite(storageOf(old));
        lifetimes.run(item, values, frame);
        return Signal.Next;
      }
      const below = from.leaves.map((leaf) => values[leaf] ?? null);
      const computed = isArray(old) || hasArray(below);
      const result = computed ? lifetimes.run(rebound, values, frame) : arithmetic(op, old, from.plain(values));
      this.putItem(into, target, slices?.read(values) ?? [], lifetimes.stored(result, frame));
      return Signal.Next;
    });
  }

  /** Gives object.name another value. */
  private memberBinder({ a, name }: AttributeNode): (frame: Frame, value: Value) => void {
    const of = this.expressions.value(a);
    const { lifetimes } = this.world;
    return (frame, value) => {
      if (!of.plain) throw new Raised('TypeError', 'name the object first, then update its attribute');
      const kept = lifetimes.stored(value, frame);
      setMember(of.plain(frame), name, kept);
      lifetimes.escape(kept);
    };
  }

  /** list += values */
  private extend(list: List, values: Value): void {
    for (const value of iterate(values)) {
      this.world.lifetimes.escape(value);
      list.items.push(value);
    }
  }

  private textRegion(at: Statement, build: (of: (part: Part) => Node) => TextStatement): Region {
    return new Region(this.world.source, this.world.label(at), build);
  }
}

function setMember(owner: Value, name: string, value: Value): void {
  if (owner instanceof Instance) owner.attributes.set(name, value);
  else if (owner instanceof Class) owner.members.set(name, value);
  else throw new Raised('AttributeError', `'${typeName(owner)}' object has no attribute '${name}' to assign to`);
}
