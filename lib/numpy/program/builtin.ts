/** What a function that programs find there is: values in, a value out. */
import type { Keywords } from './arguments.js';
import type { Steps } from './code.js';
import type { Value } from './values.js';

/** Calls a function that was given as a value. */
export type Caller = (fn: Value, args: readonly Value[]) => Steps<Value>;

export interface Builtin {
  /** Values of the engine among the arguments are waited for first. */
  readonly settles?: boolean;
  /** Arrays among the arguments are walked: those that are only computed are stored first. */
  readonly walks?: boolean;
  readonly run: (args: readonly Value[], keywords: Keywords, call: Caller) => Value | Steps<Value>;
  /** The same, where it never waits, nor asks for a value of the engine. */
  readonly instant?: (args: readonly Value[], keywords: Keywords) => Value;
}
