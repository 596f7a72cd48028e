/** What an expression is inside: its structure with the storages and numbers at its leaves. */
import type { Storage } from './storage.js';
import type { Structure } from './structure.js';

/** One node with its values. A leaf is a storage or a number. */
export interface Tree {
  readonly structure: Structure;
  readonly storage: Storage | null;
  readonly value: number;
  /** The recorder's clock when the storage was put into an expression; see `lib/statement.ts`. */
  readonly stamp: number;
  readonly kids: readonly Tree[];
  /** Of a load: where its moving axes are (see ViewStructure), in order. */
  readonly ints?: readonly number[];
}
