/** What a test case is: a function that records statements with the public API and gives the fields to compare. */
import type { DType, Field, Grid, GridOptions, np, swap } from 'quadrille';

/** How the runner varies what must not change any result, and listens to what is recorded. */
export interface Setup {
  /** A Grid with the process grid, number of threads and over-decomposition of this run. */
  grid(shape: readonly number[], options?: GridOptions): Grid;
  /** The same options, for classes that make their own Grid. */
  options(shape: readonly number[], options?: GridOptions): GridOptions;
  /** quadrille's, but NumPy gets the same lines. */
  readonly np: typeof np;
  readonly swap: typeof swap;
}

export interface TestCase {
  readonly name: string;
  /** Every statement goes through setup.np: the same lines are given to real NumPy, and must give the same bits. */
  readonly numpy?: true;
  /** Or: Python lines that leave the same arrays under the names of the fields given back. `noise(seed, shape)` is there. */
  readonly python?: string;
  /** Units in the last place by which exp, sin, ... may differ from JavaScript's (default 0: the same bits). */
  readonly ulp?: number;
  /** A case that does the same in another form: both are compared with that one's reference. */
  readonly sameAs?: string;
  record(setup: Setup): Promise<Record<string, Field<DType>>> | Record<string, Field<DType>>;
}

/** Numbers in [-1, 1) without any pattern, from the index alone: the same on every rank. */
export function noise(seed = 0): (...index: number[]) => number {
  return (...index) => {
    let hash = 0x9e3779b9 ^ seed;
    for (const i of index) {
      hash = Math.imul(hash ^ (i + 1), 0x85ebca6b);
      hash ^= hash >>> 13;
      hash = Math.imul(hash, 0xc2b2ae35);
      hash ^= hash >>> 16;
    }
    return (hash >>> 0) / 2 ** 31 - 1;
  };
}
