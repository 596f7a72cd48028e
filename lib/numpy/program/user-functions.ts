/** Functions of a program in, by their definitions; their calls out. Each is compiled when it is first called. */
import { QuadrilleError } from '../../errors.js';
import type { UserFunctions } from './calls.js';
import type { Code, Steps } from './code.js';
import { Frame } from './frame.js';
import type { FunctionScope } from './scope.js';
import { childrenOf, eachStatement, expressionsOf } from './scope.js';
import type { Expression, FunctionNode } from './syntax.js';
import { Dict, Raised, Tuple, type Value } from './values.js';
import { MOST_CALLS, type Signal, UserFunction, type World } from './world.js';

export class Functions implements UserFunctions {
  /** Those that the module defines once and names nothing else. */
  readonly #known = new Map<string, UserFunction>();
  readonly #bodies = new Map<FunctionNode, { slots: number; body: () => Code<Signal> }>();
  readonly #plain = new Map<UserFunction, boolean>();

  constructor(
    private readonly world: World,
    compile: (node: FunctionNode, scope: FunctionScope) => Code<Signal>,
  ) {
    for (const [node, scope] of world.scope.scopes) {
      let body: Code<Signal> | undefined;
      this.#bodies.set(node, { slots: scope.locals.size, body: () => (body ??= compile(node, scope)) });
    }
    for (const [name, node] of world.scope.functions) {
      if (world.scope.constant.has(name)) this.#known.set(name, this.make(node, undefined));
    }
  }

  /** The function as its def, or lambda, makes it where it stands; `around`: the call of the function it stands in. */
  make(node: FunctionNode, around: Frame | undefined): UserFunction {
    const made = this.#bodies.get(node);
    if (!made) throw new QuadrilleError('INTERNAL', `${node.name} has no scope`);
    if (around) around.captured = true;
    return new UserFunction(node, made.slots, made.body, around);
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
      // What a function within it does is seen where it is called.
      if (expression.kind === 'call' && expression.callee.kind === 'name') {
        const callee = this.function(expression.callee.name);
        if (callee && !this.isPlain(callee)) straight = false;
      }
      for (const child of childrenOf(expression)) look(child);
    };
    eachStatement(fn.node.body, true, (statement) => {
      if (['for', 'while', 'if', 'assert', 'try'].includes(statement.kind)) straight = false;
      for (const expression of expressionsOf(statement)) look(expression);
    });
    return straight;
  }

  callPlain(fn: UserFunction, args: readonly Value[], keywords: ReadonlyMap<string, Value>, caller: Frame): Value {
    const frame = this.enter(fn, args, keywords, caller);
    try {
      fn.body().plain?.(frame);
    } catch (error) {
      this.leave(frame, caller);
      throw error;
    }
    return this.leave(frame, caller);
  }

  *call(fn: UserFunction, args: readonly Value[], keywords: ReadonlyMap<string, Value>, caller: Frame): Steps<Value> {
    const frame = this.enter(fn, args, keywords, caller);
    const body = fn.body();
    try {
      if (body.plain) body.plain(frame);
      else yield* body.steps(frame);
    } catch (error) {
      this.leave(frame, caller);
      throw error;
    }
    return this.leave(frame, caller);
  }

  private enter(fn: UserFunction, args: readonly Value[], keywords: ReadonlyMap<string, Value>, caller: Frame): Frame {
    if (caller.depth >= MOST_CALLS) {
      throw new Raised('RecursionError', `more than ${MOST_CALLS} calls within calls`);
    }
    const frame = new Frame(fn.slots, caller.depth + 1, fn.around);
    const { parameters } = fn.node;
    const { lifetimes } = this.world;
    const positional = parameters.filter(({ keywordOnly }) => !keywordOnly).length;
    const spread = parameters.some(({ rest }) => rest === '*');
    if (args.length > positional && !spread) {
      throw new Raised(
        'TypeError',
        `${fn.name}() takes ${positional} positional arguments but ${args.length} were given`,
      );
    }
    let used = 0;
    const known = (name: string): boolean => parameters.some((one) => one.name === name && !one.rest);
    parameters.forEach(({ name, rest }, i) => {
      if (rest === '*') {
        lifetimes.bind(frame, i, new Tuple(args.slice(positional)));
        return;
      }
      if (rest === '**') {
        const others = [...keywords].filter(([keyword]) => !known(keyword));
        used += others.length;
        lifetimes.bind(frame, i, new Dict(others));
        return;
      }
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
      const unknown = [...keywords.keys()].find((name) => !known(name));
      throw new Raised('TypeError', `${fn.name}() got an unexpected keyword argument '${unknown}'`);
    }
    return frame;
  }

  private leave(frame: Frame, caller: Frame): Value {
    this.world.lifetimes.leave(frame, caller);
    return frame.result;
  }
}
