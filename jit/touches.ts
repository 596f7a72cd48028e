/** Groups of a loop's body in; out comes which fields each touches in each step, where, and at what distance. */
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
    shift: loops.map((_, d) => {
      const one = aligned ? near[d] : undefined;
      return one?.kind === 'shift' ? one.shift : undefined;
    }),
    reach: span.map(({ lo, hi }, d) => ({ from: lo, to: hi, stride: access.maps[d]?.a ?? 1 })),
  };
}

function reachOf({ start, step, count }: Loop): Reach {
  return { from: start, to: start + step * (count - 1), stride: step };
}
