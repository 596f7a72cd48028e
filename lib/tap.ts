/**
 * What tests may observe: fields with their first contents, and every unit in the order it will run. A reference
 * interpreter that replays them must arrive at the same numbers.
 */
import { session } from './session.js';
import type { Tap } from './taps.js';

export type { Tap };

/** Observes from now on, until the function returned is called. For tests. */
export function tap(observer: Tap): () => void {
  session.taps.add(observer);
  return () => {
    session.taps.delete(observer);
  };
}
