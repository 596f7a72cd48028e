/** Fields in blocks on many ranks, and whole arrays: gathering, this rank's block, and what files and pictures ask for. */

import { blockOf, layoutOf } from '../jit/decompose.js';
import type { DType } from '../jit/program.js';
import { gatherPlan } from '../jit/transfer.js';
import { type AnyArray, arrayOf, dtypeOf, type FieldArray, type NumberDType } from './dtype.js';
import { guarded, QuadrilleError } from './errors.js';
import type { DistributedArray } from './io/distributed.js';
import { session } from './session.js';
import { sizeOf } from './shape.js';
import { checkAlive, clock, describe, type FieldMeta, type Storage } from './storage.js';

export type { DistributedArray };

/** This rank's part of a field. */
export interface Block<D extends DType = NumberDType> {
  /** Global index of the first element. */
  readonly offset: readonly number[];
  readonly shape: readonly number[];
  /** A copy, C order. */
  readonly data: FieldArray<D>;
}

export interface ToArrayOptions {
  /** The one rank that gets the array; left out: all do. */
  root?: number;
}

export interface Selection {
  readonly dest: 'all' | number;
  /** Global, half-open; left out: the whole field. */
  readonly box?: readonly (readonly [number, number])[];
  readonly step?: readonly number[];
  /** Becomes the result, if it is as long. */
  readonly into?: AnyArray | undefined;
}

/** This rank's share of fields described by `meta`. */
export function shareOf(meta: FieldMeta): { offset: readonly number[]; extent: readonly number[] } {
  return blockOf(layoutOf(meta.shape, meta.slot.decomposition), session.rank);
}

/** The selected elements in C order on the ranks that asked for them, after all that was recorded. Collective. */
export async function gatherField(
  storage: Storage,
  { dest, box, step, into }: Selection,
): Promise<AnyArray | undefined> {
  checkAlive(storage);
  session.handOver();
  const { engine, rank, size } = session;
  const { meta } = storage;
  const { plan, shape } = gatherPlan(meta.slot, { rank, size }, { dest, ...(box && { box }), ...(step && { step }) });
  if (sizeOf(shape) === 0) {
    await session.sync();
    return dest === 'all' || dest === rank ? arrayOf(meta.dtype, 0) : undefined;
  }
  // Slot 1 of the plan is the result; only ranks that receive it bind it.
  const fits = into?.length === sizeOf(shape) && dtypeOf(into) === meta.dtype;
  const data = plan.bound === 2 ? (fits ? into : arrayOf(meta.dtype, sizeOf(shape))) : undefined;
  const fields = [session.nativeOf(storage)];
  if (data) fields.push(guarded(() => engine.createHostField(data, shape)));
  const id = guarded(() => engine.loadPlan(JSON.stringify(plan)));
  try {
    guarded(() => engine.submit(Int32Array.of(id, ...fields), new Float64Array(0)));
    await session.sync();
  } finally {
    for (const host of fields.slice(1)) engine.disposeField(host);
    engine.dropPlan(id);
  }
  return data;
}

/** Throws NOT_SYNCED, DISPOSED. */
export function localBlock(storage: Storage): Block<DType> {
  checkAlive(storage);
  if (!session.synced) {
    throw new QuadrilleError(
      'NOT_SYNCED',
      `The block of field ${describe(storage)}, was read before everything recorded had run.`,
      {
        hint: 'await grid.sync() first; field.get and field.toArray wait by themselves',
      },
    );
  }
  const { offset, extent } = shareOf(storage.meta);
  return { offset, shape: extent, data: guarded(() => session.engine.readBlock(session.nativeOf(storage))) };
}

/** Queues this rank's block (C order) to become `data`, which must not change until that has run. */
export function writeBlock(storage: Storage, data: AnyArray): void {
  checkAlive(storage);
  session.handOver();
  storage.written = ++clock.now;
  session.taps.written(storage);
  guarded(() => session.engine.writeBlock(session.nativeOf(storage), data));
}

/** A storage as lib/io and lib/plot see it. */
export function distributed(storage: Storage): DistributedArray {
  checkAlive(storage);
  const { dtype, shape } = storage.meta;
  const { offset, extent } = shareOf(storage.meta);
  return {
    dtype,
    shape,
    offset,
    extent,
    isRoot: session.rank === 0,
    gather: ({ start, step, count }, into) =>
      gatherField(storage, {
        into,
        dest: 0,
        box: start.map((from, d) => [from, from + ((count[d] ?? 0) - 1) * (step[d] ?? 1) + 1] as const),
        step,
      }),
    writeBlock: (data) => writeBlock(storage, data),
    barrier: async (label) => {
      session.handOver();
      await session.engine.barrier(label);
    },
  };
}
