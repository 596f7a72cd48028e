/** grid.stats(): the engine's counters with what follows from them. */

import { knownBandwidth } from './bandwidth.js';
import type { NativeStats } from './native.js';
import { session } from './session.js';
import { sharedWindow } from './spmd.js';

export interface GridStats extends NativeStats {
  /** Bytes swept per second of computing, in units of 1e9: each field a kernel touches counts once per element. */
  readonly effectiveGBs: number;
  /**
   * How much of the exchange was hidden behind computing: the part, from 0 to 1, of `messageSeconds` that this rank did not
   * wait. 0 on one rank, where nothing travels.
   */
  readonly exchangeHidden: number;
  /**
   * What memory gives this process's threads, to hold effectiveGBs against; undefined until explain() has measured it on
   * this kind of machine.
   */
  readonly memoryGBs: number | undefined;
  /**
   * This rank's part of the memory through which messages go to other ranks of its node. 0: all are sent; explain() says
   * why.
   */
  readonly sharedWindowBytes: number;
  /** Programs recorded so far. */
  readonly programs: number;
}

/** Of this process, since it began. */
export function statsOf(): GridStats {
  const native = session.running ? session.stats() : NOTHING;
  return {
    ...native,
    effectiveGBs: native.computeSeconds > 0 ? native.bytesSwept / native.computeSeconds / 1e9 : 0,
    exchangeHidden: native.messageSeconds > 0 ? 1 - native.waitSeconds / native.messageSeconds : 0,
    memoryGBs: session.running ? knownBandwidth(session.defaultThreads) : undefined,
    sharedWindowBytes: sharedWindow()?.bytes ?? 0,
    programs: session.recorder.built,
  };
}

/** Of an engine that has done nothing. */
export const NOTHING: NativeStats = {
  units: 0,
  computeSeconds: 0,
  exchangeSeconds: 0,
  messageSeconds: 0,
  waitSeconds: 0,
  bytesHidden: 0,
  compileSeconds: 0,
  idleSeconds: 0,
  bytesSent: 0,
  messagesSent: 0,
  bytesShared: 0,
  bytesSwept: 0,
  kernelsCompiled: 0,
  kernelsFromDisk: 0,
  tuneMeasurements: 0,
};
