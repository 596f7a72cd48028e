/**
 * The roofline of a Plan: what its points cost, how many steps go in one pass, the machine in; nanoseconds per point, GB/s
 * and what it waits for, out. For explain(): choices are made in tiling.ts, from the same costs.
 */
import { CORE_BANDWIDTH, type Cost } from './cost.js';

export interface Machine {
  readonly threads: number;
  readonly l2Bytes: number;
  /** GB/s that these threads copy from memory to memory; undefined: nobody has measured it. */
  readonly memoryGBs?: number | undefined;
}

export interface Prediction {
  readonly nsPerPoint: number;
  /** Each field touched counts once per point and step, whether it came from memory or not. */
  readonly gbs: number;
  readonly waitsFor: 'memory' | 'the caches' | 'computing';
}

/** GB/s that a core gets from its second-level cache, rows in lockstep: 5-point 0.19 ns per point, 84 GB/s. */
const CACHE_BANDWIDTH = 80;

/** `steps`: in one pass over memory. */
export function predict(cost: Cost, steps: number, { threads, l2Bytes, memoryGBs }: Machine): Prediction {
  const { bytesPerPoint, workingSet } = cost;
  const compute = cost.computeNs / threads;
  const cache = bytesPerPoint / (CACHE_BANDWIDTH * threads);
  const stays = workingSet <= threads * l2Bytes;
  const memory = stays ? 0 : bytesPerPoint / (memoryGBs ?? CORE_BANDWIDTH * threads);
  // One sweep overlaps them all; tiles fetch a pass's bytes, then do its steps.
  const within = Math.max(compute, cache);
  const nsPerPoint = steps > 1 ? within + memory / steps : Math.max(within, memory);
  const waitsFor =
    memory / steps > within ? 'memory' : compute > cache ? 'computing' : ('the caches' as Prediction['waitsFor']);
  return { nsPerPoint, gbs: bytesPerPoint / nsPerPoint, waitsFor };
}

/** What has run; `bytesSwept` counts as in Prediction.gbs. */
export interface Ran {
  readonly units: number;
  readonly computeSeconds: number;
  readonly bytesSwept: number;
}

/** One line: predicted, measured, and the fraction of the memory's roofline. */
export function printSpeed(predicted: Prediction, ran: Ran | undefined, { threads, memoryGBs }: Machine): string {
  const by = threads === 1 ? 'one thread' : `${threads} threads`;
  const roof = memoryGBs === undefined ? 'not measured' : `${number(memoryGBs)} GB/s`;
  const expected = `${number(predicted.gbs)} GB/s, ${number(predicted.nsPerPoint)} ns per point and step, waiting for ${predicted.waitsFor}`;
  const line = `predicted ${expected}; memory gives ${by}: ${roof}`;
  if (!ran || ran.units === 0 || ran.computeSeconds <= 0 || ran.bytesSwept === 0) return `${line}; not measured yet`;
  const gbs = ran.bytesSwept / ran.computeSeconds / 1e9;
  const fraction = memoryGBs === undefined ? '' : `, ${number(gbs / memoryGBs)} of the roofline`;
  return `${line}; measured ${number(gbs)} GB/s in ${ran.units} run(s)${fraction}`;
}

/** Two digits that count. */
function number(value: number): string {
  return value >= 10 ? value.toFixed(0) : String(Number(value.toPrecision(2)));
}
