/**
 * Fusion and waves: placed sweeps in; out come groups (sweeps in one loop body) in waves (groups that may run at the
 * same time). Only neighbours are fused, so that the order the user wrote is kept.
 */

import { alignedAlong } from './decompose.js';
import { conflicts, fusible, sameLoops } from './dependence.js';
import type { SlotTable } from './place.js';
import { accessesOf, type Loop, type Sweep } from './sweep.js';

/** Sweeps that share one loop nest, in order. */
export interface Group {
  readonly loops: readonly Loop[];
  readonly sweeps: readonly Sweep[];
}

/** Fields streamed by one loop nest: beyond this, hardware prefetchers and registers run out and fusion costs. */
const MAX_STREAMS = 12;

/** Neighbouring sweeps over the same box become one group where no iteration could see another's work. */
export function fuse(sweeps: readonly Sweep[], table: SlotTable): Group[] {
  const groups: Group[] = [];
  for (const sweep of sweeps) {
    const last = groups[groups.length - 1];
    if (last && mayJoin(last, sweep, table))
      groups[groups.length - 1] = { loops: last.loops, sweeps: [...last.sweeps, sweep] };
    else groups.push({ loops: sweep.loops, sweeps: [sweep] });
  }
  return groups;
}

function mayJoin(group: Group, sweep: Sweep, table: SlotTable): boolean {
  const first = group.sweeps[0];
  if (!first || !sameLoops(group.loops, sweep.loops) || !sameOwners(first.target, sweep.target, table)) return false;
  if (slotsOf([...group.sweeps, sweep]).size > MAX_STREAMS) return false;
  return group.sweeps.every((earlier) => fusible(earlier, sweep));
}

function sameOwners(a: number, b: number, table: SlotTable): boolean {
  const la = table.layouts[a];
  const lb = table.layouts[b];
  if (!la || !lb || la.cuts.length !== lb.cuts.length) return false;
  return la.cuts.every((_, d) => alignedAlong(la, lb, d));
}

/** Slots a list of sweeps touches in its loop body. */
export function slotsOf(sweeps: readonly Sweep[]): Set<number> {
  const slots = new Set<number>();
  for (const sweep of sweeps) {
    if (!sweep.reduce) slots.add(sweep.target);
    for (const access of accessesOf(sweep.value)) slots.add(access.slot);
  }
  return slots;
}

/**
 * Groups by waves: each group comes right after the last wave it depends on. A group whose copies read a field sees it
 * as it is when the wave starts, so reads and writes of one field never share a wave unless they lie apart.
 */
export function schedule(groups: readonly Group[]): Group[][] {
  const waves: Group[][] = [];
  for (const group of groups) {
    // Backwards: what a group depends on is mostly near.
    let wave = waves.length;
    while (wave > 0 && !waves[wave - 1]?.some((other) => groupsConflict(other, group))) wave--;
    const existing = waves[wave];
    if (existing) existing.push(group);
    else waves.push([group]);
  }
  return late(waves);
}

/** Groups that read nothing wait until just before they are needed: temporaries take memory from then on. */
function late(waves: readonly Group[][]): Group[][] {
  const moved: Group[][] = waves.map(() => []);
  waves.forEach((groups, w) => {
    for (const group of groups) {
      const needed = isFill(group) ? waves.findIndex((later, k) => k > w && meets(later, group)) : w + 1;
      moved[needed < 0 ? w : needed - 1]?.push(group);
    }
  });
  return moved.filter((groups) => groups.length > 0);
}

function isFill({ sweeps }: Group): boolean {
  return sweeps.every(({ value, copies, reduce }) => !reduce && copies.length === 0 && accessesOf(value).length === 0);
}

function meets(groups: readonly Group[], group: Group): boolean {
  return groups.some((other) => groupsConflict(group, other));
}

function groupsConflict(a: Group, b: Group): boolean {
  return a.sweeps.some((first) => b.sweeps.some((second) => conflicts(first, second)));
}
