/** Functions of a program in, by their definitions; their calls out. Each is compiled when it is first called. */
import type { UserFunctions } from './calls.js';
import type { Code, Steps } from './code.js';
import { Frame } from './frame.js';
import type { FunctionScope } from './scope.js';
import { childrenOf, eachStatement, expressionsOf } from './scope.js';
import type { Expression, FunctionNode } from './syntax.js';
import { Raised, type Value } from './values.js';
import { MOST_CALLS, type Signal, UserFunction, type World } from './world.js';

export class Functions implements UserFunctions {
  readonly #known = new Map<string, UserFunction>();
  readonly #plain = new Map<UserFunction, boolean>();

  constructor(
    private readonly world: World,
    compile: (node: FunctionNode, scope: FunctionScope) => Code<Signal>,
  ) {
    for (const [node, scope] of world.scope.scopes) {
      let body: Code<Signal> | undefined;
      const compiled = (): Code<Signal> => (body ??= compile(node, scope));
      this.#known.set(node.name, new UserFunction(node, scope.locals.size, compiled));
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
