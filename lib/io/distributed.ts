/** What files and pictures ask of a field that lies in blocks on many ranks; the session answers. */
import type { NpyData, NpyDType } from './npy.js';

export interface DistributedArray {
  readonly dtype: NpyDType;
  /** Global shape. */
  readonly shape: readonly number[];
  /** Global index of this rank's first element, and how many it owns, per dimension. */
  readonly offset: readonly number[];
  readonly extent: readonly number[];
  readonly isRoot: boolean;
  /**
   * Elements start, start + step, ... (count of them) per dimension, in C order, on rank 0; undefined on the others.
   * Waits for everything recorded so far. Collective: every rank calls it with the same arguments. `into`: what an
   * earlier call gave and nobody needs any more; it is given again where it fits.
   */
  gather(region: Region, into?: NpyData): Promise<NpyData | undefined>;
  /** Queues this rank's block (C order, `extent`) to become `data`, which must not change afterwards. */
  writeBlock(data: NpyData): void;
  /** Resolves once every rank has come here. */
  barrier(label: string): Promise<void>;
}

/** A strided box: one entry per dimension. */
export interface Region {
  readonly start: readonly number[];
  readonly step: readonly number[];
  readonly count: readonly number[];
}
