/** Calls in, closures that make them out: of the program's functions, of what Python and NumPy have, of methods. */
import { QuadrilleError } from '../../errors.js';
import { lastStorage } from '../../storage.js';
import { errorAt } from '../source.js';
import { numberOf } from './arrays.js';
import type { Caller } from './builtin.js';
import { methodOf } from './builtins.js';
import { type Code, plain, type Steps, sequence, sequenceThen } from './code.js';
import type { Frame } from './frame.js';
import { iterate } from './iteration.js';
import { builtinOf } from './known-functions.js';
import { callPart } from './made-parts.js';
import type { Names } from './names.js';
import { arithmetic } from './numbers.js';
import type { PartCompiler, ValueCompiler } from './parts.js';
import { walkable } from './places.js';
import { hasArray, Leaves, Region } from './region.js';
import { type CallNode, type Expression, type FunctionNode, span } from './syntax.js';
import {
  BoundMethod,
  Callable,
  Class,
  Dict,
  Instance,
  isArray,
  List,
  memberOf,
  Raised,
  typeName,
  type Value,
} from './values.js';
import { settled, UserFunction, type World } from './world.js';

/** Calls of the program's functions. */
export interface UserFunctions {
  /** As its def, or lambda, makes it; `around`: the call of the function that stands in. */
  make(node: FunctionNode, around: Frame | undefined): UserFunction;
  function(name: string): UserFunction | undefined;
  /** Can its body run without waiting? */
  isPlain(fn: UserFunction): boolean;
  callPlain(fn: UserFunction, args: readonly Value[], keywords: ReadonlyMap<string, Value>, frame: Frame): Value;
  call(fn: UserFunction, args: readonly Value[], keywords: ReadonlyMap<string, Value>, frame: Frame): Steps<Value>;
}

const NO_KEYWORDS: ReadonlyMap<string, Value> = new Map();

type Split = (values: readonly Value[]) => [Value[], ReadonlyMap<string, Value>];

export class CallCompiler {
  constructor(
    private readonly world: World,
    private readonly functions: UserFunctions,
    private readonly names: Names,
    private readonly parts: PartCompiler,
    private readonly values: ValueCompiler,
  ) {}

  /** The value of a call. */
  call(node: CallNode): Code<Value> {
    const args = node.args.map((arg) => this.values.value(arg));
    const keywords = node.keywords.map(({ value }) => this.values.value(value));
    const names = node.keywords.map(({ name }) => name);
    const opened = node.args.some(({ kind }) => kind === 'starred');
    const split = (values: readonly Value[]): [Value[], ReadonlyMap<string, Value>] => {
      const given = names.length === 0 ? [...values] : values.slice(0, args.length);
      const all = opened
        ? given.flatMap((value, i) => (node.args[i]?.kind === 'starred' ? [...iterate(value)] : [value]))
        : given;
      return [all, names.length === 0 ? NO_KEYWORDS : keywordsOf(names, values.slice(args.length))];
    };
    const all = [...args, ...keywords];
    const imported = this.names.imported(node.callee);
    if (imported) return this.callBuiltin(imported.module, imported.path, all, split, node);
    if (node.callee.kind === 'attribute') return this.method(node.callee, all, split, node);
    if (node.callee.kind !== 'name') return this.dynamic(this.values.value(node.callee), all, split, node);
    const { name } = node.callee;
    const bound = this.names.isBound(name);
    if (!bound) return this.callBuiltin('builtins', name, all, split, node);
    const fn = this.names.isLocal(name) ? undefined : this.functions.function(name);
    if (!fn) return this.dynamic(this.values.value(node.callee), all, split, node);
    const { functions, world } = this;
    const keep = (values: readonly Value[], frame: Frame): Value[] =>
      values.map((value) => world.lifetimes.stored(value, frame));
    const defined = this.values.value(node.callee); // NameError if its def has not run yet
    if (functions.isPlain(fn) && all.every((code) => code.plain)) {
      return sequence(all, (values, frame) => {
        defined.plain?.(frame);
        const [given, named] = split(keep(values, frame));
        return functions.callPlain(fn, given, named, frame);
      });
    }
    return sequenceThen(all, function* (values, frame) {
      defined.plain?.(frame);
      const [given, named] = split(keep(values, frame));
      return yield* functions.call(fn, given, named, frame);
    });
  }

  /** A function that only running tells. */
  private dynamic(callee: Code<Value>, all: readonly Code<Value>[], split: Split, node: CallNode): Code<Value> {
    const { world } = this;
    const compiler = this;
    return sequenceThen([callee, ...all], function* ([fn = null, ...values], frame) {
      const [given, named] = split(values.map((value) => world.lifetimes.stored(value, frame)));
      return yield* compiler.callValue(fn, given, named, node, frame);
    });
  }

  /** Calls what `fn` turned out to be. */
  private *callValue(
    fn: Value,
    given: readonly Value[],
    named: ReadonlyMap<string, Value>,
    node: CallNode,
    frame: Frame,
  ): Steps<Value> {
    if (fn instanceof Class) return yield* this.instance(fn, given, named, frame);
    if (fn instanceof BoundMethod) return yield* this.callValue(fn.fn, [fn.self, ...given], named, node, frame);
    const called = memberOf(fn, '__call__');
    if (called !== undefined) return yield* this.callValue(called, given, named, node, frame);
    if (!(fn instanceof Callable)) throw new Raised('TypeError', `'${typeName(fn)}' object is not callable`);
    if (fn instanceof UserFunction) return yield* this.functions.call(fn, given, named, frame);
    const codes = [...given, ...named.values()].map((value) => plain<Value>(() => value));
    const keywords = [...named.keys()];
    const again: Split = (values) => [
      values.slice(0, given.length),
      new Map(keywords.map((name, i) => [name, values[given.length + i] ?? null])),
    ];
    const { callee, from, to } = node;
    const site: CallNode = {
      ...node,
      args: given.map(() => callee),
      keywords: keywords.map((name) => ({ name, value: callee, from, to })),
    };
    return yield* this.callBuiltin(fn.from, fn.path, codes, again, site).steps(frame);
  }

  /** An object of the class, after its __init__. */
  private *instance(
    made: Class,
    given: readonly Value[],
    named: ReadonlyMap<string, Value>,
    frame: Frame,
  ): Steps<Value> {
    const self = new Instance(made);
    const init = made.member('__init__');
    if (init instanceof UserFunction) yield* this.functions.call(init, [self, ...given], named, frame);
    else if (given.length + named.size > 0) throw new Raised('TypeError', `${made.name}() takes no arguments`);
    return self;
  }

  private callBuiltin(
    module: string,
    path: string,
    all: readonly Code<Value>[],
    split: Split,
    node: CallNode,
  ): Code<Value> {
    const { lifetimes } = this.world;
    if (module === 'builtins' && path === 'sum') return this.sum(all, node);
    if (module === 'builtins' && path === 'abs') return this.textCall(path, all, node, true);
    const builtin = builtinOf(module, path);
    if (!builtin) {
      if (module === 'numpy') return this.textCall(path, all, node);
      throw errorAt(this.world.source, node, 'UNSUPPORTED_PYTHON', `${module}.${path} is not translated.`);
    }
    const { instant } = builtin;
    if (instant) {
      return sequence(all, (values, frame) => {
        const [given, named] = split(values);
        return lifetimes.adopt(instant(given, named), frame);
      });
    }
    const compiler = this;
    return sequenceThen(all, function* (values, frame) {
      const [given, named] = split(values);
      const ready: Value[] = [];
      for (const value of given) {
        const argument = builtin.settles ? yield* settled(value) : value;
        ready.push(builtin.walks ? lifetimes.stored(yield* walkable(argument), frame) : argument);
      }
      const call: Caller = function* (fn, args) {
        const kept = args.map((value) => lifetimes.stored(value, frame));
        return lifetimes.stored(yield* compiler.callValue(fn, kept, NO_KEYWORDS, node, frame), frame);
      };
      const since = lastStorage();
      return lifetimes.adopt(yield* finished(builtin.run(ready, named, call)), frame, since);
    });
  }

  /** Python's sum: of numbers, or of arrays. */
  private sum(all: readonly Code<Value>[], node: CallNode): Code<Value> {
    const { lifetimes } = this.world;
    const leaves = new Leaves();
    const [a, b] = [0, 1].map(() =>
      leaves.add(
        node,
        plain<Value>(() => null),
      ),
    );
    const added = new Region(this.world.source, this.world.label(node), (of) => ({
      kind: 'expression',
      value:
        a && b
          ? { kind: 'binary', op: '+', a: of(a), b: of(b), ...span(node) }
          : { kind: 'number', value: 0, type: 'int', ...span(node) },
      ...span(node),
    }));
    return sequence(all, ([items = null, start = 0n], frame) => {
      let total = start;
      for (const item of iterate(lifetimes.stored(items, frame))) {
        total = hasArray([total, item]) ? lifetimes.run(added, [total, item], frame) : arithmetic('+', total, item);
      }
      return total;
    });
  }

  /** np.name(...) of values that only running tells. */
  private textCall(path: string, all: readonly Code<Value>[], node: CallNode, builtin = false): Code<Value> {
    const leaves = new Leaves();
    const parts = all.map((code) => leaves.add(node, code));
    return this.parts.regionOf(leaves, callPart(path, parts, node, builtin));
  }

  private method(
    callee: Extract<Expression, { kind: 'attribute' }>,
    all: readonly Code<Value>[],
    split: Split,
    node: CallNode,
  ): Code<Value> {
    const { name } = callee;
    const { lifetimes } = this.world;
    const leaves = new Leaves();
    const parts = [callee.a, ...node.args, ...node.keywords].map((arg) =>
      leaves.add(
        arg,
        plain<Value>(() => null),
      ),
    );
    const region = new Region(this.world.source, this.world.label(node), (of) => ({
      kind: 'expression',
      value: callPart(name, parts, node).node(of),
      ...span(node),
    }));
    const of = this.values.value(callee.a);
    // What most loops begin with.
    if (name === 'copy' && all.length === 0 && of.plain && !this.world.scope.members.has(name)) {
      return sequence([of], ([self = null], frame) => {
        const method = methodOf(self, name);
        if (!method) throw new Raised('AttributeError', `'${typeName(self)}' object has no attribute '${name}'`);
        return lifetimes.adopt(made(method(self, [], NO_KEYWORDS, nothingCalled)), frame);
      });
    }
    const compiler = this;
    return sequenceThen([of, ...all], function* ([self = null, ...values], frame) {
      if (name === 'item' && isArray(self) && self.shape.length === 0) return yield* numberOf(self);
      const member = memberOf(self, name);
      if (member !== undefined) {
        const [given, named] = split(values.map((value) => lifetimes.stored(value, frame)));
        return yield* compiler.callValue(member, given, named, node, frame);
      }
      const method = methodOf(self, name);
      if (method) {
        const ready: Value[] = [];
        for (const value of values)
          ready.push(keeps(self, name) ? lifetimes.stored(value, frame) : yield* settled(value));
        if (self instanceof List || self instanceof Dict) for (const value of ready) lifetimes.escape(value);
        const [given, named] = split(ready);
        const call: Caller = (fn, args) => compiler.callValue(fn, args, NO_KEYWORDS, node, frame);
        const since = name === 'pop' ? 0 : lastStorage(); // the list has it no longer
        return lifetimes.adopt(yield* finished(method(self, given, named, call)), frame, since);
      }
      if (isArray(self)) return lifetimes.run(region, [self, ...values], frame);
      throw new Raised('AttributeError', `'${typeName(self)}' object has no attribute '${name}'`);
    });
  }
}

/** Does the method keep the arrays it is given as they are? */
function keeps(self: Value, name: string): boolean {
  return isArray(self) || self instanceof Dict || ['append', 'insert', 'extend'].includes(name);
}

const nothingCalled: Caller = () => {
  throw new QuadrilleError('INTERNAL', 'a copy calls nothing');
};

/** Keyword arguments by name; one without a name is a dict of them. */
function keywordsOf(names: readonly (string | undefined)[], values: readonly Value[]): ReadonlyMap<string, Value> {
  const all = new Map<string, Value>();
  const add = (name: Value, value: Value): void => {
    if (typeof name !== 'string') throw new Raised('TypeError', 'keywords must be strings');
    if (all.has(name)) throw new Raised('TypeError', `got multiple values for keyword argument '${name}'`);
    all.set(name, value);
  };
  names.forEach((name, i) => {
    const value = values[i] ?? null;
    if (name !== undefined) add(name, value);
    else if (value instanceof Dict) for (const [key, item] of value.entries()) add(key, item);
    else throw new Raised('TypeError', `argument after ** must be a mapping, not ${typeName(value)}`);
  });
  return all;
}

/** A generator's result, waited for; anything else as it is. */
export function* finished(result: Value | Steps<Value>): Steps<Value> {
  return isSteps(result) ? yield* result : result;
}

/** Of what never waits. */
function made(result: Value | Steps<Value>): Value {
  if (isSteps(result)) throw new QuadrilleError('INTERNAL', 'a copy is waited for');
  return result;
}

function isSteps(result: Value | Steps<Value>): result is Steps<Value> {
  return typeof result === 'object' && result !== null && 'next' in result && typeof result.next === 'function';
}
