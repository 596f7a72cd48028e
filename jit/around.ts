/**
 * Periodic dimensions of a loop's body: its groups in; out comes along which dimensions something is read around the end, or
 * why images cannot stand in for what lies there. Where every sweep covers such a dimension whole and reads it at fixed
 * shifts only, what lies beyond an end is the image of what lies inside, and stays so in every step: a halo is filled with it
 * once (by this very rank, where it has all of the dimension) and swept on as any margin around a block.
 */
import type { Group } from './fuse.js';
import { nearness, type SlotTable } from './place.js';
import type { Refusal } from './skew.js';
import { accessesOf, type Sweep, type SweepExpr } from './sweep.js';
import { indexShift } from './touches.js';

/** Per loop dimension of the groups, which all have equally many. */
export function aroundOf(groups: readonly Group[], table: SlotTable): boolean[] | Refusal {
  const around = (groups[0]?.loops ?? []).map((_, d) =>
    groups.some(({ sweeps }) => sweeps.some((sweep) => readsAround(sweep, d, table))),
  );
  for (const [d, is] of around.entries()) {
    if (!is) continue;
    const leader = groups[0]?.sweeps[0]?.target ?? 0;
    const extent = extentOf(leader, d, table);
    const images = ({ sweeps }: Group): boolean =>
      sweeps.every((sweep) => isImage(sweep, d, extent, table) && indexShift(leader, sweep.target, d, table) === 0);
    if (!groups.every(images))
      return { why: `dimension ${d} is read around its end, and not swept and read alike all along` };
  }
  return around;
}

function readsAround({ target, loops, value }: Sweep, d: number, table: SlotTable): boolean {
  return accessesOf(value).some((access) => {
    const near = nearness(access, target, loops, table)?.[d];
    return near?.kind === 'halo' && near.wrap;
  });
}

/** Does the sweep do beyond the ends of dimension d what it does inside? */
function isImage({ target, loops, value }: Sweep, d: number, extent: number, table: SlotTable): boolean {
  const loop = loops[d];
  if (loop?.start !== 0 || loop.step !== 1 || loop.count !== extent) return false;
  if (extentOf(target, d, table) !== extent || countsAlong(value, d)) return false;
  return accessesOf(value).every((access) => {
    const near = nearness(access, target, loops, table) ?? [];
    return access.maps.every(
      ({ axis }, e) =>
        axis !== d ||
        (near[e]?.kind === 'halo' &&
          extentOf(access.slot, d, table) === extent &&
          indexShift(target, access.slot, d, table) === 0),
    );
  });
}

/** Positions themselves have no images. */
function countsAlong(expr: SweepExpr, d: number): boolean {
  switch (expr.op) {
    case 'load':
    case 'param':
      return false;
    case 'iota':
      return expr.map.axis === d;
    case 'unary':
      return countsAlong(expr.a, d);
    case 'binary':
      return countsAlong(expr.a, d) || countsAlong(expr.b, d);
    case 'where':
      return countsAlong(expr.cond, d) || countsAlong(expr.a, d) || countsAlong(expr.b, d);
  }
}

function extentOf(slot: number | undefined, d: number, table: SlotTable): number {
  return table.decls[slot ?? -1]?.shape[d] ?? 0;
}
