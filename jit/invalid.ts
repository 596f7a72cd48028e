/** A broken invariant between layers: never the user's fault, always ours. */
export class InvalidIR extends Error {
  override readonly name = 'InvalidIR';
}

/** Throws InvalidIR with `what` unless `condition` holds. */
export function invariant(condition: boolean, what: string): asserts condition {
  if (!condition) throw new InvalidIR(what);
}
