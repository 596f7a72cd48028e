/** Hand-written Plans without kernels: rows of two fields around a ring of ranks, and moves within a rank. */
import type { Exchange, Message, Part, Plan, PlanSlot } from '../../jit/plan.js';

/** This rank's block: all fields are cut along dimension 0 only, into blocks of equal height. */
export interface Ring {
  readonly rank: number;
  readonly size: number;
  readonly rows: number;
  readonly columns: number;
}

export function slot(ring: Ring, dtype: 'f64' | 'f32', depth: number): PlanSlot {
  return {
    dtype,
    temp: false,
    shape: [ring.rows * ring.size, ring.columns],
    offset: [ring.rows * ring.rank, 0],
    extent: [ring.rows, ring.columns],
    haloLo: [depth, 0],
    haloHi: [depth, 0],
    alignAt: 0,
  };
}

/** Rows [first, first + count) of a slot's block; negative and beyond the block: halo. */
export function rowsOf(ring: Ring, of: number, first: number, count: number, halo = -1): Part {
  return {
    slot: of,
    origin: [first, 0],
    axes: [
      { dim: 0, step: 1, count },
      { dim: 1, step: 1, count: ring.columns },
    ],
    halo,
  };
}

/** Refreshes `depth` rows of halo of each given slot, around the ring: one message per neighbour, several fields in it. */
export function ringExchange(ring: Ring, depths: readonly (readonly [slot: number, depth: number])[]): Exchange {
  const { rank, size, rows } = ring;
  const [next, previous] = [(rank + 1) % size, (rank + size - 1) % size];
  const last = ([s, depth]: readonly [number, number]): Part => rowsOf(ring, s, rows - depth, depth, s);
  const first = ([s, depth]: readonly [number, number]): Part => rowsOf(ring, s, 0, depth, s);
  const above = ([s, depth]: readonly [number, number]): Part => rowsOf(ring, s, -depth, depth, s);
  const below = ([s, depth]: readonly [number, number]): Part => rowsOf(ring, s, rows, depth, s);
  if (size === 1) {
    const down = depths.map((d) => ({ from: last(d), to: above(d) }));
    return { sends: [], recvs: [], locals: [...down, ...depths.map((d) => ({ from: first(d), to: below(d) }))] };
  }
  return {
    sends: byPeer([next, depths.map(last)], [previous, depths.map(first)]),
    // The same order at both ends: what travels downwards first.
    recvs: byPeer([previous, depths.map(above)], [next, depths.map(below)]),
    locals: [],
  };
}

/** Two ranks are each other's neighbour on both sides: one message all the same. */
function byPeer(...sides: readonly (readonly [peer: number, parts: readonly Part[]])[]): Message[] {
  const messages = new Map<number, Part[]>();
  for (const [peer, parts] of sides) messages.set(peer, [...(messages.get(peer) ?? []), ...parts]);
  return [...messages].map(([peer, parts]) => ({ peer, parts }));
}

/** Waves of exchanges alone. `writes`: per wave, the slots that count as written. */
export function planOf(
  slots: readonly PlanSlot[],
  waves: readonly (readonly [exchange: Exchange, writes: readonly number[]])[],
  { key = 'ab'.repeat(16), label = 'ring.ts:1', params = 0 } = {},
): string {
  const plan: Plan = {
    version: 1,
    key,
    label,
    params,
    bound: slots.length,
    slots,
    kernels: [],
    waves: waves.map(([exchange, writes]) => ({ exchange, tasks: [], writes })),
    threads: 1,
    odf: 1,
  };
  return JSON.stringify(plan);
}
