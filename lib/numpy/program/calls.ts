/** Calls in, closures that make them out: of the program's functions, of what Python and NumPy have, of methods. */
import { QuadrilleError } from '../../errors.js';
import { errorAt } from '../source.js';
import { iterate, methodOf } from './builtins.js';
import { type Code, plain, type Steps, sequence, sequenceThen } from './code.js';
import type { Frame } from './frame.js';
import { builtinOf } from './known-functions.js';
import type { Names } from './names.js';
import { arithmetic } from './numbers.js';
import type { PartCompiler, ValueCompiler } from './parts.js';
import { hasArray, Leaves, Region } from './region.js';
import type { CallNode, Expression } from './syntax.js';
import { Callable, isArray, List, Raised, typeName, type Value } from './values.js';
import { settled, type UserFunction, type World } from './world.js';

/** Calls of the program's functions. */
export interface UserFunctions {
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
    const split = (values: readonly Value[]): [Value[], ReadonlyMap<string, Value>] => {
      if (names.length === 0) return [[...values], NO_KEYWORDS];
      const given = values.slice(0, args.length);
      return [given, new Map(names.map((name, i) => [name, values[args.length + i] ?? null]))];
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
    const { functions, world } = this;
    const compiler = this;
    return sequenceThen([callee, ...all], function* ([fn = null, ...values], frame) {
      if (!(fn instanceof Callable)) throw new Raised('TypeError', `'${typeName(fn)}' object is not callable`);
      const [given, named] = split(values.map((value) => world.lifetimes.stored(value, frame)));
      if (fn.from === 'user') {
        const user = functions.function(fn.path);
        if (user) return yield* functions.call(user, given, named, frame);
      }
      const codes = [...given, ...named.values()].map((value) => plain<Value>(() => value));
      return yield* compiler.callBuiltin(fn.from, fn.path, codes, split, node).steps(frame);
    });
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
    const builtin = builtinOf(module, path);
    if (!builtin) {
      if (module === 'numpy') return this.textCall(path, all, node);
      throw errorAt(this.world.source, node, 'UNSUPPORTED_PYTHON', `${module}.${path} is not translated.`);
    }
    return sequenceThen(all, function* (values, frame) {
      const [given, named] = split(values);
      const ready: Value[] = [];
      for (const value of given) ready.push(builtin.settles ? yield* settled(value) : value);
      return lifetimes.adopt(yield* finished(builtin.run(ready, named)), frame);
    });
  }

  /** Python's sum: of numbers, or of arrays. */
  private sum(all: readonly Code<Value>[], node: CallNode): Code<Value> {
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
    return sequence(all, ([items = null, start = 0n]) => {
      let total = start;
      for (const item of iterate(items)) {
        total = hasArray([total, item]) ? added.run([total, item]) : arithmetic('+', total, item);
      }
      return total;
    });
  }

  /** np.name(...) of values that only running tells. */
  private textCall(path: string, all: readonly Code<Value>[], node: CallNode): Code<Value> {
    const leaves = new Leaves();
    const parts = all.map((code) => leaves.add(node, code));
    return this.parts.regionOf(leaves, this.parts.callPart(path, parts, node));
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
      value: this.parts.callPart(name, parts, node).node(of),
      ...span(node),
    }));
    const of = this.values.value(callee.a);
    // What most loops begin with.
    if (name === 'copy' && all.length === 0 && of.plain) {
      return sequence([of], ([self = null], frame) => {
        const method = methodOf(self, name);
        if (!method) throw new Raised('AttributeError', `'${typeName(self)}' object has no attribute '${name}'`);
        return lifetimes.adopt(made(method(self, [], NO_KEYWORDS)), frame);
      });
    }
    return sequenceThen([of, ...all], function* ([self = null, ...values], frame) {
      if (name === 'item' && isArray(self)) return yield* settled(self);
      const method = methodOf(self, name);
      if (method) {
        const ready: Value[] = [];
        for (const value of values)
          ready.push(isArray(self) || name === 'append' ? lifetimes.stored(value, frame) : yield* settled(value));
        if (self instanceof List) for (const value of ready) lifetimes.escape(value);
        const [given, named] = split(ready);
        return lifetimes.adopt(yield* finished(method(self, given, named)), frame);
      }
      if (isArray(self)) return region.run([self, ...values]);
      throw new Raised('AttributeError', `'${typeName(self)}' object has no attribute '${name}'`);
    });
  }
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

function span({ from, to }: { from: number; to: number }): { from: number; to: number } {
  return { from, to };
}
