/**
 * What the body of a loop is watched for while it is recorded: which fields change places, and which views and
 * expressions it uses that were made before it. Those go on meaning what they meant, while a Field's name follows `swap`.
 */
import type { Storage } from './storage.js';

interface Handle {
  storage: Storage;
}

export interface Watch {
  /** The recorder's clock when the body began. */
  readonly since: number;
  /** What Fields held before `swap` gave them something else. */
  readonly held: Map<Handle, Storage>;
  /** Storages of earlier views, and of earlier expressions, that the body used. */
  readonly views: Set<Storage>;
  readonly expressions: Set<Storage>;
}

/** The body that is being recorded, if any. */
export const looping: { watch: Watch | undefined } = { watch: undefined };
