/** A program while it runs: its text, its names, its functions, and which arrays it holds. */

import { QuadrilleError } from '../../errors.js';
import type { Expr } from '../../expr.js';
import type { Span } from '../ast.js';
import { errorAt, type Source } from '../source.js';
import { numberOf, numpyNumberOf, textOf } from './arrays.js';
import { type Code, type Steps, wait } from './code.js';
import { showing } from './exceptions.js';
import { Frame } from './frame.js';
import { Lifetimes } from './lifetime.js';
import { truth } from './numbers.js';
import type { ModuleScope } from './scope.js';
import type { FunctionNode } from './syntax.js';
import { Callable, Dict, isArray, List, Raised, Tuple, type Value } from './values.js';

/** How a statement ended. */
export enum Signal {
  Next,
  Break,
  Continue,
  Return,
}

/** Calls within calls, at most: each takes stack of the process. */
export const MOST_CALLS = 256;

export class World {
  readonly globals: Frame;
  readonly lifetimes = new Lifetimes();

  constructor(
    readonly source: Source,
    readonly scope: ModuleScope,
    /** __name__ */
    readonly name: string,
    readonly argv: readonly string[],
  ) {
    this.globals = new Frame(scope.globals.size, 0);
  }

  /** `file:line`, for what is recorded there. */
  label(span: Span): string {
    const line = this.source.text.slice(0, span.from).split('\n').length;
    return `${this.source.file ?? 'program'}:${line}`;
  }

  /** What went wrong while `span` ran, as an error that shows it. */
  located(error: unknown, span: Span): unknown {
    const { text } = this.source;
    const end = text.indexOf('\n', span.from);
    const line = { from: span.from, to: Math.min(span.to, end < 0 ? text.length : end) };
    if (error instanceof Raised) return this.raised(error.type, error.message, line);
    if (error instanceof RangeError && /call stack/i.test(error.message)) {
      return this.raised('RecursionError', 'maximum recursion depth exceeded', line);
    }
    if (error instanceof RangeError && /Invalid (array|string|typed array) length|BigInt/.test(error.message)) {
      return this.raised('MemoryError', error.message, line);
    }
    if (error instanceof Exit) return error;
    if (!(error instanceof QuadrilleError)) {
      const what = error instanceof Error ? error.message : String(error);
      return errorAt(this.source, line, 'INTERNAL', `${what}.`, { cause: error });
    }
    if (error.located || error.code === 'INTERNAL') return error;
    const { code, summary, found, expected, hint } = error;
    return errorAt(this.source, line, code, summary, { found, expected, hint });
  }

  private raised(type: string, message: string, span: Span): QuadrilleError {
    const text = message === '' ? `${type}.` : `${type}: ${message}`;
    return showing(errorAt(this.source, span, 'PYTHON_EXCEPTION', text), new Raised(type, message));
  }
}

/** sys.exit(code): not an error, and nothing catches it. */
export class Exit extends Error {
  constructor(readonly status: number) {
    super(`the program ended with ${status}`);
  }
}

/** A function of the program. Its body is compiled when it is first needed. */
export class UserFunction extends Callable {
  defaults: readonly (Value | undefined)[] = [];

  constructor(
    readonly node: FunctionNode,
    readonly slots: number,
    readonly body: () => Code<Signal>,
    /** The call of the function it was made in. */
    readonly around: Frame | undefined,
  ) {
    super(node.name, 'user', node.name);
  }

  /** `values` in the order of the parameters that have a default. */
  withDefaults(values: readonly Value[]): this {
    let next = 0;
    this.defaults = this.node.parameters.map((parameter) => (parameter.default ? values[next++] : undefined));
    return this;
  }
}

/** An expression without dimensions as the number it is; lists and tuples of them, too. Other arrays stay. */
export function* settled(value: Value): Steps<Value> {
  if (typeof value !== 'object' || value === null) return value;
  if (isArray(value)) return value.shape.length === 0 ? yield* numpyNumberOf(value) : value;
  if (value instanceof Dict) {
    const entries: [Value, Value][] = [];
    for (const [key, item] of value.entries()) entries.push([key, yield* settled(item)]);
    return new Dict(entries);
  }
  if (value instanceof Tuple || value instanceof List) {
    if (!value.items.some((item) => typeof item === 'object')) return value;
    const items: Value[] = [];
    for (const item of value.items) items.push(yield* settled(item));
    return value instanceof Tuple ? new Tuple(items) : new List(items);
  }
  return value;
}

/** A value that is about to become text: an array as what NumPy prints. */
export function* printable(value: Value): Steps<Value> {
  const shown = yield* settled(value);
  return isArray(shown) ? yield* wait(textOf(shown)) : shown;
}

/** Values that are about to be formatted: numbers of the engine waited for, and the texts of what NumPy prints. */
export function* shown(values: readonly Value[]): Steps<{ ready: Value[]; texts: ReadonlyMap<Value, string> }> {
  const ready: Value[] = [];
  const texts = new Map<Value, string>();
  for (const value of values) {
    const one = yield* settled(value);
    if (isArray(one)) texts.set(one, yield* wait(textOf(one)));
    ready.push(one);
  }
  return { ready, texts };
}

/** Python's truth of any value; waits for one of the engine's. */
export function* truthOf(value: Value): Steps<boolean> {
  if (!isArray(value)) return truth(value);
  if (value.shape.length === 0) return truth(yield* numberOf(value));
  throw ambiguous(value);
}

function ambiguous(value: Expr): Raised {
  return new Raised(
    'ValueError',
    `the truth value of an array of shape (${value.shape.join(', ')}) is ambiguous. Use np.any(...), np.all(...) or np.where(...)`,
  );
}
