/**
 * Who may read whom: waves of placed groups in; out comes whether anything travels at all, and the few ranks that can
 * read a given rank's blocks. Planning visits only those, so that its cost does not grow with the number of ranks.
 */
import { type Interval, image, intersect, preimage } from './box.js';
import { type Layout, rankAt } from './decompose.js';
import type { Group } from './fuse.js';
import { blockAt, type Near, nearness, type SlotTable } from './place.js';
import { type Access, accessesOf, type Loop, type Sweep } from './sweep.js';

/** True if some rank needs something that lies elsewhere (or around the end of a periodic dimension). */
export function anyNeeds(groups: readonly Group[], table: SlotTable): boolean {
  return groups.some((group) => group.sweeps.some((sweep) => travellers(sweep, table).length > 0));
}

/** Ranks that may need something of `rank`, in ascending order: all that do, and perhaps a few that do not. */
export function readersOf(groups: readonly Group[], rank: number, table: SlotTable): number[] {
  const readers = new Set<number>();
  for (const { sweeps } of groups) {
    for (const sweep of sweeps) {
      for (const access of travellers(sweep, table)) addReaders(readers, access, sweep, rank, table);
    }
  }
  return [...readers].sort((a, b) => a - b);
}

/** Accesses of a sweep (what is copied for it included) that some rank cannot serve from its own block. */
function travellers(sweep: Sweep, table: SlotTable): Access[] {
  const near = accessesOf(sweep.value).filter((access) => {
    const dims = nearness(access, sweep.target, sweep.loops, table) ?? [];
    return dims.some((one, d) => crosses(one, d, access.slot, sweep, table));
  });
  return [...near, ...sweep.copies.map((copy) => copy.source)];
}

function crosses(near: Near, d: number, slot: number, { target, loops }: Sweep, table: SlotTable): boolean {
  const mine = table.layouts[target]?.cuts[d];
  const theirs = table.layouts[slot]?.cuts[d];
  const loop = loops[d];
  if (near.kind !== 'halo' || (near.lo === 0 && near.hi === 0) || !mine || !theirs || !loop) return false;
  return theirs.some((_, k) => {
    if (k + 1 >= theirs.length) return false;
    const counters = preimage(loop.step, loop.start, sideOf(mine, k), [0, loop.count]);
    if (counters[0] >= counters[1]) return false;
    const [lo, hi] = image(near.a, near.b, counters);
    const [least, most] = sideOf(theirs, k);
    return lo < least || hi > most;
  });
}

function sideOf(cuts: readonly number[], k: number): Interval {
  return [cuts[k] ?? 0, cuts[k + 1] ?? 0];
}

function addReaders(readers: Set<number>, access: Access, sweep: Sweep, rank: number, table: SlotTable): void {
  const target = table.layouts[sweep.target];
  const counters = countersThatRead(access, sweep.loops, rank, table);
  if (!target || !counters) return;
  if (target.replicated) {
    for (let reader = 0; reader < table.ranks; reader++) readers.add(reader);
    return;
  }
  const coords = sweep.loops.map(({ start, step }, d) => owners(target, d, image(step, start, counters[d] ?? [0, 1])));
  const visit = (chosen: readonly number[]): void => {
    const choices = coords[chosen.length];
    if (choices) for (const coord of choices) visit([...chosen, coord]);
    else readers.add(rankAt(chosen, target.processGrid));
  };
  visit([]);
}

/** A box around the loop counters for which the access reads the rank's block; undefined if there are none. */
function countersThatRead(
  access: Access,
  loops: readonly Loop[],
  rank: number,
  table: SlotTable,
): Interval[] | undefined {
  const block = blockAt(table, access.slot, rank);
  const shape = table.decls[access.slot]?.shape ?? [];
  const counters = loops.map(({ count }): Interval => [0, count]);
  for (const [d, map] of access.maps.entries()) {
    const lo = block.offset[d] ?? 0;
    const own: Interval = [lo, lo + (block.extent[d] ?? 0)];
    if (own[0] >= own[1]) return undefined;
    if (map.axis < 0) {
      if (map.b < own[0] || map.b >= own[1]) return undefined;
      continue;
    }
    const within = counters[map.axis] ?? [0, 0];
    const found = map.wrap
      ? hullOfImages(map.a, map.b, own, within, shape[d] ?? 1)
      : preimage(map.a, map.b, own, within);
    if (found[0] >= found[1]) return undefined;
    counters[map.axis] = found;
  }
  return counters;
}

/** Counters that read `own` in any periodic image. */
function hullOfImages(a: number, b: number, own: Interval, within: Interval, n: number): Interval {
  const [first, end] = image(a, b, within);
  let hull: Interval = [within[1], within[0]];
  for (let turn = Math.floor(first / n); turn <= Math.floor((end - 1) / n); turn++) {
    const part = preimage(a, b, [own[0] + turn * n, own[1] + turn * n], within);
    if (part[0] < part[1]) hull = [Math.min(hull[0], part[0]), Math.max(hull[1], part[1])];
  }
  return hull;
}

/** Process coordinates that own a part of an interval of positions. */
function owners(layout: Layout, d: number, positions: Interval): number[] {
  const cuts = layout.cuts[d] ?? [];
  const found: number[] = [];
  for (let k = 0; k + 1 < cuts.length; k++) {
    const part = intersect(positions, sideOf(cuts, k));
    if (part[0] < part[1]) found.push(k);
  }
  return found;
}
