/** Statements of a program in, closures that run them out; and its functions, compiled when they are first called. */
import { QuadrilleError } from '../../errors.js';
import type { Node, Statement as TextStatement } from '../ast.js';
import { backpressure } from './arrays.js';
import { iterate } from './builtins.js';
import { type Code, plain, type Steps, sequence, sequenceThen, wait, waiting } from './code.js';
import { arrayOfNumbers } from './creation.js';
import { type Calls, ExpressionCompiler, type PlainItem, unpackError } from './expressions.js';
import { str } from './format.js';
import { Frame } from './frame.js';
import { arithmetic, index } from './numbers.js';
import { baseValue, hasArray, Leaves, type Part, Region } from './region.js';
import type { FunctionScope } from './scope.js';
import { childrenOf, eachStatement, expressionsOf } from './scope.js';
import type { ArithmeticOp, Expression, Statement, SubscriptNode, Target } from './syntax.js';
import { isArray, List, Raised, Tuple, typeName, type Value } from './values.js';
import { MOST_CALLS, Signal, settled, truthOf, UserFunction, type World } from './world.js';

/** Rounds of loops between two looks at how far the engine is behind. The same on every rank. */
const ROUNDS = 512;

/** The body of a module, and its functions. */
export function compileModule(
  world: World,
  statements: readonly Statement[],
): { functions: Functions; body: Code<Signal> } {
  const functions = new Functions(world);
  return { functions, body: new StatementCompiler(world, functions, undefined).block(statements) };
}

export class Functions implements Calls {
  readonly #known = new Map<string, UserFunction>();
  readonly #plain = new Map<UserFunction, boolean>();

  constructor(private readonly world: World) {
    for (const [node, scope] of world.scope.scopes) {
      let body: Code<Signal> | undefined;
      const compile = (): Code<Signal> => (body ??= new StatementCompiler(world, this, scope).block(node.body));
      this.#known.set(node.name, new UserFunction(node, scope.locals.size, compile));
    }
  }

  function(name: string): UserFunction | undefined {
    return this.#known.get(name);
  }

  /** Whether a body may wait is asked before it is compiled: functions may call each other in a circle. */
  isPlain(fn: UserFunction): boolean {
    const known = this.#plain.get(fn);
    if (known !== undefined) return known;
    this.#plain.set(fn, false); // in a circle: it may
    const straight = this.isStraight(fn);
    const result = straight && fn.body().plain !== undefined;
    this.#plain.set(fn, result);
    return result;
  }

  /** Has it neither loops nor conditions, and calls none that has? */
  private isStraight(fn: UserFunction): boolean {
    let straight = true;
    const look = (expression: Expression): void => {
      if (expression.kind === 'call' && expression.callee.kind === 'name') {
        const callee = this.function(expression.callee.name);
        if (callee && !this.isPlain(callee)) straight = false;
      }
      for (const child of childrenOf(expression)) look(child);
    };
    eachStatement(fn.node.body, true, (statement) => {
      if (['for', 'while', 'if', 'assert'].includes(statement.kind)) straight = false;
      for (const expression of expressionsOf(statement)) look(expression);
    });
    return straight;
  }

  callPlain(fn: UserFunction, args: readonly Value[], keywords: ReadonlyMap<string, Value>, caller: Frame): Value {
    const frame = this.enter(fn, args, keywords, caller);
    fn.body().plain?.(frame);
    return this.leave(frame, caller);
  }

  *call(fn: UserFunction, args: readonly Value[], keywords: ReadonlyMap<string, Value>, caller: Frame): Steps<Value> {
    const frame = this.enter(fn, args, keywords, caller);
    const body = fn.body();
    if (body.plain) body.plain(frame);
    else yield* body.steps(frame);
    return this.leave(frame, caller);
  }

  private enter(fn: UserFunction, args: readonly Value[], keywords: ReadonlyMap<string, Value>, caller: Frame): Frame {
    if (caller.depth >= MOST_CALLS) {
      throw new Raised('RecursionError', `more than ${MOST_CALLS} calls within calls`);
    }
    const frame = new Frame(fn.slots, caller.depth + 1);
    const { parameters } = fn.node;
    const { lifetimes } = this.world;
    const positional = parameters.filter(({ keywordOnly }) => !keywordOnly).length;
    if (args.length > positional) {
      throw new Raised(
        'TypeError',
        `${fn.name}() takes ${positional} positional arguments but ${args.length} were given`,
      );
    }
    let used = 0;
    parameters.forEach(({ name }, i) => {
      const named = keywords.get(name);
      if (named !== undefined) used++;
      const given = i < positional ? args[i] : undefined;
      if (given !== undefined && named !== undefined) {
        throw new Raised('TypeError', `${fn.name}() got multiple values for argument '${name}'`);
      }
      const value = given ?? named ?? fn.defaults[i];
      if (value === undefined) throw new Raised('TypeError', `${fn.name}() missing required argument: '${name}'`);
      lifetimes.bind(frame, i, value);
    });
    if (used < keywords.size) {
      const unknown = [...keywords.keys()].find((name) => parameters.every((parameter) => parameter.name !== name));
      throw new Raised('TypeError', `${fn.name}() got an unexpected keyword argument '${unknown}'`);
    }
    return frame;
  }

  private leave(frame: Frame, caller: Frame): Value {
    this.world.lifetimes.leave(frame, caller);
    return frame.result;
  }
}

class StatementCompiler extends ExpressionCompiler {
  constructor(
    world: World,
    private readonly functions: Functions,
    scope: FunctionScope | undefined,
  ) {
    super(world, functions, scope);
  }

  /** Statements one after the other. What goes wrong is told with its line. */
  block(statements: readonly Statement[]): Code<Signal> {
    const { world } = this;
    const { lifetimes } = world;
    const parts = statements.flatMap((statement) => {
      const code = this.statement(statement);
      return code ? [{ code, statement }] : [];
    });
    const runs = parts.flatMap(({ code, statement }) => (code.plain ? [{ run: code.plain, statement }] : []));
    if (runs.length === parts.length) {
      return plain((frame) => {
        let at: Statement | undefined;
        try {
          for (const { run, statement } of runs) {
            at = statement;
            const signal = run(frame);
            if (signal === Signal.Return) return signal; // what it gives is the caller's to look after
            if (frame.loose.length > 0) lifetimes.sweep(frame);
            if (signal !== Signal.Next) return signal;
          }
        } catch (error) {
          throw at ? world.located(error, at) : error;
        }
        return Signal.Next;
      });
    }
    return waiting(function* (frame) {
      let at: Statement | undefined;
      try {
        for (const { code, statement } of parts) {
          at = statement;
          const signal = code.plain ? code.plain(frame) : yield* code.steps(frame);
          if (signal === Signal.Return) return signal;
          if (frame.loose.length > 0) lifetimes.sweep(frame);
          if (signal !== Signal.Next) return signal;
        }
      } catch (error) {
        throw at ? world.located(error, at) : error;
      }
      return Signal.Next;
    });
  }

  private statement(node: Statement): Code<Signal> | undefined {
    switch (node.kind) {
      case 'expression':
        return sequence([this.value(node.value)], () => Signal.Next);
      case 'assign':
        return this.assign(node.targets, node.value, node);
      case 'update':
        return this.update(node.op, node.target, node.value, node);
      case 'function':
        return this.define(node);
      case 'return': {
        const value = node.value ? this.kept(node.value) : plain<Value>(() => null);
        return sequence([value], ([result = null], frame) => {
          frame.result = result;
          return Signal.Return;
        });
      }
      case 'if':
        return this.conditional(node);
      case 'while':
        return this.whileLoop(node);
      case 'for':
        return this.forLoop(node);
      case 'break':
        return plain(() => Signal.Break);
      case 'continue':
        return plain(() => Signal.Continue);
      case 'assert': {
        const message = node.message && this.value(node.message);
        return sequenceThen([this.value(node.test)], function* ([value = null], frame) {
          if (yield* truthOf(value)) return Signal.Next;
          throw new Raised('AssertionError', message ? str(yield* settled(yield* message.steps(frame))) : '');
        });
      }
      case 'raise': {
        const { error } = node;
        const message = node.message && this.value(node.message);
        return sequenceThen<Value, Signal>(message ? [message] : [], function* ([value = '']) {
          throw new Raised(error, str(yield* settled(value)));
        });
      }
      case 'delete': {
        const binds = node.names.map((name) => this.slot(name));
        return plain((frame) => {
          for (const [of, slot] of binds) {
            const owner = of ?? frame;
            this.world.lifetimes.bind(owner, slot, null);
            owner.slots[slot] = undefined;
          }
          return Signal.Next;
        });
      }
      case 'pass':
      case 'global':
      case 'import':
        return undefined;
    }
  }

  private define(node: Extract<Statement, { kind: 'function' }>): Code<Signal> {
    const fn = this.functions.function(node.name);
    const [, slot] = this.slot(node.name);
    const { globals } = this.world;
    const defaults = node.parameters.map((parameter) => parameter.default && this.kept(parameter.default));
    const given = defaults.flatMap((code) => (code ? [code] : []));
    return sequence(given, (values) => {
      if (!fn) return Signal.Next;
      let next = 0;
      fn.defaults = defaults.map((code) => (code ? values[next++] : undefined));
      for (const value of values) this.world.lifetimes.escape(value);
      globals.slots[slot] = fn;
      return Signal.Next;
    });
  }

  // Names

  /** The frame that holds a name (undefined: that of the call) and its slot there. */
  private slot(name: string): [Frame | undefined, number] {
    const local = this.scope?.locals.get(name);
    if (local !== undefined) return [undefined, local];
    return [this.world.globals, this.world.scope.globals.get(name) ?? 0];
  }

  private bindName(name: string): (frame: Frame, value: Value) => void {
    const { lifetimes } = this.world;
    const [of, slot] = this.slot(name);
    // Arrays of the module's names are looked after where the statement ends that named them last.
    if (of) return (_, value) => lifetimes.bind(of, slot, value);
    return (frame, value) => lifetimes.bind(frame, slot, value);
  }

  // Assignment

  private assign(targets: readonly Target[], value: Expression, at: Statement): Code<Signal> {
    const [only] = targets;
    if (targets.length === 1 && only?.kind === 'name') {
      const bind = this.bindName(only.name);
      return sequence([this.value(value)], ([result = null], frame) => {
        bind(frame, result);
        return Signal.Next;
      });
    }
    if (targets.length === 1 && only?.kind === 'subscript') {
      const leaves = new Leaves();
      const listed = value.kind === 'list' || value.kind === 'tuple';
      const from = listed ? leaves.add(value, this.kept(value)) : this.part(value, leaves);
      return this.store(only, from, leaves, at);
    }
    const stores = targets.map((target) => this.receiver(target, at));
    return sequenceThen([this.kept(value)], function* ([result = null], frame) {
      for (const store of stores) yield* store(frame, result);
      return Signal.Next;
    });
  }

  /** Puts a value into a target: unpacks it, binds it, or writes it into an array. */
  private receiver(target: Target, at: Statement): (frame: Frame, value: Value) => Steps<void> {
    if (target.kind === 'name') {
      const bind = this.bindName(target.name);
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
    const { whole, base, read } = this.sliced(target, leaves);
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
      into.items[this.place(into, read(values))] = value;
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

  /** The place of list[i] among its items. */
  private place(list: List, [item, more]: readonly PlainItem[]): number {
    if (item?.kind !== 'index' || more) throw new Raised('TypeError', 'a slice of a list cannot be assigned to here');
    const i = Number(index(item.at));
    const place = i < 0 ? i + list.items.length : i;
    if (place < 0 || place >= list.items.length) throw new Raised('IndexError', 'list assignment index out of range');
    return place;
  }

  /** target op= value */
  private update(op: ArithmeticOp, target: Target, value: Expression, at: Statement): Code<Signal> {
    if (target.kind === 'tuple' || target.kind === 'list')
      throw new QuadrilleError('INTERNAL', 'a tuple cannot be updated');
    const leaves = new Leaves();
    const slices = target.kind === 'subscript' ? this.sliced(target, leaves) : undefined;
    const to = slices?.whole ?? this.part(target, leaves);
    const from = this.part(value, leaves);
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
      const bind = this.bindName(target.name);
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
      const place = this.place(into, slices?.read(values) ?? []);
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

  // Control flow

  private conditional(node: Extract<Statement, { kind: 'if' }>): Code<Signal> {
    const branches = node.branches.map(({ test, body }) => ({ test: this.value(test), body: this.block(body) }));
    const otherwise = this.block(node.otherwise);
    return waiting(function* (frame) {
      for (const { test, body } of branches) {
        const value = test.plain ? test.plain(frame) : yield* test.steps(frame);
        const holds = typeof value === 'boolean' ? value : yield* truthOf(value);
        if (holds) return body.plain ? body.plain(frame) : yield* body.steps(frame);
      }
      return otherwise.plain ? otherwise.plain(frame) : yield* otherwise.steps(frame);
    });
  }

  private whileLoop(node: Extract<Statement, { kind: 'while' }>): Code<Signal> {
    const test = this.value(node.test);
    const body = this.block(node.body);
    const otherwise = this.block(node.otherwise);
    const { world } = this;
    return waiting(function* (frame) {
      for (let round = 1; ; round++) {
        const value = test.plain ? test.plain(frame) : yield* test.steps(frame);
        if (!(typeof value === 'boolean' ? value : yield* truthOf(value))) break;
        if (frame.loose.length > 0) world.lifetimes.sweep(frame);
        const signal = body.plain ? body.plain(frame) : yield* body.steps(frame);
        if (signal === Signal.Break) return Signal.Next;
        if (signal === Signal.Return) return signal;
        if (round % ROUNDS === 0) yield* paused();
      }
      return yield* otherwise.steps(frame);
    });
  }

  private forLoop(node: Extract<Statement, { kind: 'for' }>): Code<Signal> {
    const over = this.kept(node.over);
    const body = this.block(node.body);
    const otherwise = this.block(node.otherwise);
    const { lifetimes } = this.world;
    const receive = this.receiver(node.target, node);
    const bind = node.target.kind === 'name' ? this.bindName(node.target.name) : undefined;
    return waiting(function* (frame) {
      const walked = over.plain ? over.plain(frame) : yield* over.steps(frame);
      lifetimes.retain(walked);
      let round = 0;
      for (const item of iterate(walked)) {
        if (bind) bind(frame, item);
        else yield* receive(frame, item);
        const signal = body.plain ? body.plain(frame) : yield* body.steps(frame);
        if (signal === Signal.Break) {
          lifetimes.drop(walked, frame);
          return Signal.Next;
        }
        if (signal === Signal.Return) {
          lifetimes.drop(walked, frame);
          return signal;
        }
        if (++round % ROUNDS === 0) yield* paused();
      }
      lifetimes.drop(walked, frame);
      return yield* otherwise.steps(frame);
    });
  }
}

/** Lets the engine catch up, if it has much to do. */
function* paused(): Steps<void> {
  const behind = backpressure();
  if (behind) yield* wait(behind);
}

function span({ from, to }: { from: number; to: number }): { from: number; to: number } {
  return { from, to };
}
