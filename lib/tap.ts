/**
 * What tests may observe: fields with their first contents, and every unit in the order it will run. A reference
 * interpreter that replays them must arrive at the same numbers.
 */
import type { DType, Program } from '../jit/program.js';
import type { Init } from './initial.js';
import { session } from './session.js';

export interface Tap {
  /** A field was created. `id` is the same on every rank; `init` is what the user gave (see initialValues). */
  created?(field: { readonly id: number; readonly name: string; readonly dtype: DType; readonly shape: readonly number[]; readonly init: Init }): void;
  /** The whole field was overwritten from outside (load, restore), block by block; contents are not shown. */
  written?(id: number): void;
  /** A unit was recorded: `fields[s]` is the id bound to slot s. */
  unit?(unit: { readonly program: Program; readonly fields: readonly number[]; readonly params: readonly number[] }): void;
}

/** Observes from now on, until the function returned is called. For tests. */
export function tap(observer: Tap): () => void {
  session.taps.add(observer);
  return () => {
    session.taps.delete(observer);
  };
}
