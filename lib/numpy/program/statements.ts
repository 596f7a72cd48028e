/** Statements of a program in, closures that run them out. */
import { session } from '../../session.js';
import { backpressure } from './arrays.js';
import { AssignmentCompiler } from './assignment.js';
import { type Code, plain, type Steps, sequence, sequenceThen, wait, waiting } from './code.js';
import { catches, exceptionOf } from './exceptions.js';
import { ExpressionCompiler } from './expressions.js';
import { str } from './format.js';
import type { Frame } from './frame.js';
import { iterate } from './iteration.js';
import { Marching, Rounds } from './marching.js';
import { Names } from './names.js';
import { Walk } from './places.js';
import type { FunctionScope } from './scope.js';
import type { ClassNode, Statement } from './syntax.js';
import { Functions } from './user-functions.js';
import { Class, Raised, Range, type Value } from './values.js';
import { Signal, settled, truthOf, type World } from './world.js';

/** Rounds of loops between two looks at how far the engine is behind. The same on every rank. */
const ROUNDS = 512;

/** Rounds from which on a loop is worth a unit that begins with it. */
const LONG = 8;

/** The body of a module, and its functions. */
export function compileModule(
  world: World,
  statements: readonly Statement[],
): { functions: Functions; body: Code<Signal> } {
  const functions: Functions = new Functions(world, ({ body }, scope) =>
    new StatementCompiler(world, functions, scope).block(body),
  );
  return { functions, body: new StatementCompiler(world, functions, undefined).block(statements) };
}

class StatementCompiler {
  readonly #names: Names;
  readonly #expressions: ExpressionCompiler;
  readonly #assignments: AssignmentCompiler;

  constructor(
    private readonly world: World,
    private readonly functions: Functions,
    scope: FunctionScope | undefined,
  ) {
    this.#names = new Names(world, scope);
    this.#expressions = new ExpressionCompiler(world, functions, this.#names);
    this.#assignments = new AssignmentCompiler(world, this.#names, this.#expressions);
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
        return sequence([this.#expressions.value(node.value)], () => Signal.Next);
      case 'assign':
        return this.#assignments.assign(node.targets, node.value, node);
      case 'update':
        return this.#assignments.update(node.op, node.target, node.value, node);
      case 'function':
        return this.define(node);
      case 'class':
        return this.defineClass(node);
      case 'return': {
        const value = node.value ? this.#expressions.kept(node.value) : plain<Value>(() => null);
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
        const message = node.message && this.#expressions.value(node.message);
        return sequenceThen([this.#expressions.value(node.test)], function* ([value = null], frame) {
          if (yield* truthOf(value)) return Signal.Next;
          throw new Raised('AssertionError', message ? str(yield* settled(yield* message.steps(frame))) : '');
        });
      }
      case 'try':
        return this.attempt(node);
      case 'raise': {
        const { error } = node;
        if (error === undefined)
          return plain((frame) => {
            throw frame.handled.at(-1);
          });
        const message = node.message && this.#expressions.value(node.message);
        return sequenceThen<Value, Signal>(message ? [message] : [], function* ([value = '']) {
          throw new Raised(error, str(yield* settled(value)));
        });
      }
      case 'delete': {
        const deletes = node.targets.map((target) => this.#assignments.deletion(target));
        return sequenceThen([], function* (_, frame) {
          for (const one of deletes) yield* one.steps(frame);
          return Signal.Next;
        });
      }
      case 'pass':
      case 'global':
      case 'nonlocal':
      case 'import':
        return undefined;
    }
  }

  private define(node: Extract<Statement, { kind: 'function' }>): Code<Signal> {
    const known = this.#names.isWithin ? undefined : this.functions.function(node.name);
    const bind = this.#names.binder(node.name);
    const given = node.parameters.flatMap(({ default: value }) => (value ? [this.#expressions.kept(value)] : []));
    return sequence(given, (values, frame) => {
      const fn = known ?? this.functions.make(node, this.#names.isWithin ? frame : undefined);
      for (const value of values) this.world.lifetimes.escape(value);
      bind(frame, fn.withDefaults(values));
      return Signal.Next;
    });
  }

  private defineClass(node: ClassNode): Code<Signal> {
    const bind = this.#names.binder(node.name);
    const base = node.base ? this.#expressions.value(node.base) : plain<Value>(() => null);
    const shared = node.attributes.map(({ value }) => this.#expressions.kept(value));
    const defaults = node.methods.map(({ parameters }) =>
      parameters.flatMap(({ default: value }) => (value ? [this.#expressions.kept(value)] : [])),
    );
    return sequence([base, ...shared, ...defaults.flat()], ([above = null, ...values], frame) => {
      if (above !== null && !(above instanceof Class)) throw new Raised('TypeError', 'the base of a class is a class');
      const made = new Class(node.name, above ?? undefined);
      for (const value of values) this.world.lifetimes.escape(value);
      node.attributes.forEach(({ name }, k) => {
        made.members.set(name, values[k] ?? null);
      });
      let at = shared.length;
      node.methods.forEach((method, k) => {
        const count = defaults[k]?.length ?? 0;
        const fn = this.functions.make(method, this.#names.isWithin ? frame : undefined);
        made.members.set(method.name, fn.withDefaults(values.slice(at, at + count)));
        at += count;
      });
      bind(frame, made);
      return Signal.Next;
    });
  }

  private attempt({ body, handlers, otherwise, last }: Extract<Statement, { kind: 'try' }>): Code<Signal> {
    const [within, after, always] = [this.block(body), this.block(otherwise), this.block(last)];
    const cases = handlers.map(({ types, name, body: handler }) => ({
      types,
      bind: name === undefined ? undefined : this.#names.binder(name),
      handler: this.block(handler),
    }));
    const { lifetimes } = this.world;
    function* handled(frame: Frame): Steps<Signal> {
      let signal: Signal;
      try {
        signal = yield* within.steps(frame);
      } catch (error) {
        const exception = exceptionOf(error);
        const found = exception && cases.find(({ types }) => catches(types, exception));
        if (!found) throw error;
        lifetimes.sweep(frame);
        found.bind?.(frame, exception.message);
        frame.handled.push(error);
        try {
          return yield* found.handler.steps(frame);
        } finally {
          frame.handled.pop();
        }
      }
      return signal === Signal.Next ? yield* after.steps(frame) : signal;
    }
    return waiting(function* (frame) {
      let signal: Signal;
      try {
        signal = yield* handled(frame);
      } catch (error) {
        const left = yield* always.steps(frame);
        if (left !== Signal.Next) return left; // return in finally: the exception is gone
        throw error;
      }
      const result = frame.result;
      const left = yield* always.steps(frame);
      if (left !== Signal.Next) return left;
      frame.result = result;
      return signal;
    });
  }

  private conditional(node: Extract<Statement, { kind: 'if' }>): Code<Signal> {
    const branches = node.branches.map(({ test, body }) => ({
      test: this.#expressions.value(test),
      body: this.block(body),
    }));
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
    const test = this.#expressions.value(node.test);
    const body = this.block(node.body);
    const otherwise = this.block(node.otherwise);
    const { world } = this;
    return waiting(function* (frame) {
      session.recorder.loopBegins();
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
    const over = this.#expressions.kept(node.over);
    const body = this.block(node.body);
    const otherwise = this.block(node.otherwise);
    const { lifetimes } = this.world;
    const receive = this.#assignments.receiver(node.target, node);
    const bind = node.target.kind === 'name' ? this.#names.binder(node.target.name) : undefined;
    const marching = body.plain && Marching.of(node, this.#names);
    return waiting(function* (frame) {
      const walk = yield* Walk.of(over.plain ? over.plain(frame) : yield* over.steps(frame));
      const { walked } = walk;
      lifetimes.retain(walked);
      if (walked instanceof Range && walked.length >= LONG) session.recorder.loopBegins();
      const rounds = marching && walked instanceof Range ? new Rounds(marching, walked, frame) : undefined;
      let round = 0;
      try {
        for (const item of iterate(walked)) {
          const done = rounds?.isDone(round) === true;
          round++; // outside of the call, which may be left out
          if (done) continue;
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
          if (rounds?.watching) rounds.ended(round);
          if (walk.isStale) yield* walk.renew();
          if (round % ROUNDS === 0) yield* paused();
        }
      } finally {
        rounds?.end();
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
