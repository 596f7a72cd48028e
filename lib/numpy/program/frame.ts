/** One call of a function (or the module itself) while it runs: its names, and arrays that nothing may name any more. */
import type { Storage } from '../../storage.js';
import type { Value } from './values.js';

export class Frame {
  readonly slots: (Value | undefined)[];
  /** Storages to be looked at when the statement ends: if nothing names them, they are given back. */
  readonly loose: Storage[] = [];
  /** What `return` gave. */
  result: Value = null;

  constructor(
    size: number,
    readonly depth: number,
  ) {
    this.slots = new Array<Value | undefined>(size).fill(undefined);
  }
}
