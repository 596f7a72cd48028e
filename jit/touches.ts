/** Groups of a loop's body in; out comes which fields each touches in each step, where, and at what distance. */
import { latticeShift } from './decompose.js';
import { readSpan } from './dependence.js';
import type { Group } from './fuse.js';
import { nearness, type SlotTable } from './place.js';
import type { Reach, StageTouches, Touch } from './skew.js';
import { type Access, accessesOf, type Loop, type Sweep } from './sweep.js';

/** What a group touches while slot s is bound to places[s]. Along dimensions that go `around`, everything and its images. */
export function touchesOf(
  { loops, sweeps }: Group,
  places: readonly number[],
  table: SlotTable,
  around: readonly boolean[],
): StageTouches {
  const everywhere = (touch: Touch): Touch => ({
    ...touch,
    reach: touch.reach.map((reach, d) => (around[d] ? EVERYWHERE : reach)),
  });
  const touches = sweeps.flatMap((sweep): Touch[] => [
    {
      place: places[sweep.target] ?? sweep.target,
      writes: true,
      shift: loops.map(() => 0),
      reach: loops.map(reachOf),
    },
    // Scalars every rank has, and no loop that is tiled writes.
    ...accessesOf(sweep.value).flatMap((access) =>
      table.layouts[access.slot]?.replicated ? [] : [readOf(access, sweep, places, table)],
    ),
  ]);
  return around.includes(true) ? touches.map(everywhere) : touches;
}

const EVERYWHERE: Reach = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY, stride: 1 };

function readOf(access: Access, { target, loops }: Sweep, places: readonly number[], table: SlotTable): Touch {
  const near = nearness(access, target, loops, table) ?? [];
  const aligned = access.maps.length === loops.length;
  const span = readSpan(access, loops);
  return {
    place: places[access.slot] ?? access.slot,
    writes: false,
    shift: loops.map((loop, d) => {
      const one = aligned ? near[d] : undefined;
      if (one?.kind !== 'halo' || one.a !== loop.step) return undefined;
      const apart = indexShift(target, access.slot, d, table);
      return apart === undefined ? undefined : one.b - loop.start + apart;
    }),
    reach: span.map(({ lo, hi }, d) => ({ from: lo, to: hi, stride: access.maps[d]?.a ?? 1 })),
  };
}

/** Positions of the walk are places of the grid: by how much the target's index there is greater than the source's. */
export function indexShift(target: number, source: number, d: number, table: SlotTable): number | undefined {
  const [mine, other] = [table.layouts[target], table.layouts[source]];
  return mine && other && latticeShift(mine, other, d);
}

function reachOf({ start, step, count }: Loop): Reach {
  return { from: start, to: start + step * (count - 1), stride: step };
}
