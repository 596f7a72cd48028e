/** One call of a function (or the module itself) while it runs: its names, and arrays that nothing may name any more. */
import type { Storage } from '../../storage.js';
import type { Value } from './values.js';

export class Frame {
  readonly slots: (Value | undefined)[];
  /** Storages to be looked at when the statement ends: if nothing names them, they are given back. */
  readonly loose: Storage[] = [];
  /** Exceptions whose except clauses run, the innermost last. */
  readonly handled: unknown[] = [];
  /** What `return` gave. */
  result: Value = null;
  /** A function made in it, which may outlive the call, sees its names. */
  captured = false;
  /** The call is over. */
  left = false;

  constructor(
    size: number,
    readonly depth: number,
    /** Of the function around: what the names of a function within it may mean. */
    readonly parent: Frame | undefined = undefined,
  ) {
    this.slots = new Array<Value | undefined>(size).fill(undefined);
  }
}
