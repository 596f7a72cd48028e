/**
 * Placement: sweeps in; out come sweeps whose every load is *near*: at a fixed shift within the reach of a halo, or
 * anywhere in a dimension that is not distributed. Whatever else is read (other shapes, strides, mirrors, far shifts,
 * other grids) becomes a Copy into a temporary that lies beside the target. Sweeps that would see their own results
 * write a temporary first.
 */
import { type Interval, image, intersect, preimage } from './box.js';
import { alignedAlong, type Block, blockOf, type Layout, layoutOf, type SlotTable } from './decompose.js';
import { readsOwnResults } from './dependence.js';
import type { Program, SlotDecl } from './program.js';
import {
  type Access,
  accessKey,
  type Copy,
  type IndexMap,
  identityAccess,
  type Loop,
  replaceAccesses,
  type Sweep,
} from './sweep.js';

/** How a kernel finds a source's index along one dimension. */
export type Near =
  /**
   * a * i + b, i the loop counter of this dimension (outside of the domain where it wraps): each rank has it in its own
   * block or at most `lo` below or `hi` above that, if the dimension is distributed.
   */
  | {
      readonly kind: 'halo';
      readonly a: number;
      readonly b: number;
      readonly wrap: boolean;
      readonly lo: number;
      readonly hi: number;
    }
  /** a * i[axis] + b in a dimension that nobody shares. */
  | { readonly kind: 'affine'; readonly axis: number; readonly a: number; readonly b: number }
  /** The one position this rank has of a temporary. */
  | { readonly kind: 'single' };

export type { SlotTable };

export function slotTable(program: Program, ranks: number): SlotTable {
  return {
    // A Scalar is one element on each rank.
    decls: program.slots.map((slot) => (slot.shape.length === 0 ? { ...slot, shape: [1] } : slot)),
    layouts: program.slots.map((slot) => layoutOf(slot.shape, slot.decomposition)),
    ranks,
  };
}

/** A rank's block of a slot. */
export function blockAt(table: SlotTable, slot: number, rank: number): Block {
  const layout = table.layouts[slot];
  if (!layout) throw new RangeError(`slot ${slot} is not in the table`);
  return blockOf(layout, rank);
}

/** Deepest halo worth having along a dimension; what lies farther is copied. */
export function haloLimit(layout: Layout, d: number): number {
  const cuts = layout.cuts[d] ?? [0];
  const n = cuts[cuts.length - 1] ?? 0;
  return Math.max(8, Math.ceil(n / (layout.processGrid[d] ?? 1) / 4));
}

/** Per source dimension how the kernel reads it, or undefined if the access must be copied. */
export function nearness(access: Access, target: number, loops: readonly Loop[], table: SlotTable): Near[] | undefined {
  const source = table.layouts[access.slot];
  const mine = table.layouts[target];
  if (!source || !mine) return undefined;
  if (source.replicated && access.maps.length === 1 && access.maps[0]?.single) return [{ kind: 'single' }];
  if (table.ranks > 1 && !sameProcessGrid(source, mine)) return undefined;
  const near: Near[] = [];
  for (const [d, map] of access.maps.entries()) {
    const one = nearAlong(map, d, { source, mine, loops });
    if (!one) return undefined;
    near.push(one);
  }
  return near;
}

interface Pair {
  readonly source: Layout;
  readonly mine: Layout;
  readonly loops: readonly Loop[];
}

function nearAlong(map: IndexMap, d: number, pair: Pair): Near | undefined {
  const { source, mine, loops } = pair;
  if (map.single) return { kind: 'single' };
  const loop = loops[map.axis];
  const shared = (source.processGrid[d] ?? 1) > 1;
  if (map.axis >= 0 && map.dyn !== loop?.dyn) return undefined; // moves otherwise than the loop
  if (map.axis === d && loop && (shared || map.a === loop.step)) return inHalo(map, d, loop, pair);
  if (map.wrap || shared || (map.axis >= 0 && (mine.processGrid[map.axis] ?? 1) > 1)) return undefined;
  // Kernels know where their loops are only up to what moves them.
  if (map.axis >= 0 && loop?.dyn !== undefined) return undefined;
  return { kind: 'affine', axis: map.axis, a: map.a, b: map.b };
}

/** Undefined if it lies beyond the halo limit. */
function inHalo({ a, b, wrap, dyn }: IndexMap, d: number, loop: Loop, { source, mine }: Pair): Near | undefined {
  const shared = (source.processGrid[d] ?? 1) > 1;
  const limit = haloLimit(source, d);
  const alike = !shared || source.stride[d] === mine.stride[d];
  if (a === loop.step && alike && alignedAlong(source, mine, d)) {
    const n = extentOf(source, d);
    // Periodic images of a field of another extent lie at other shifts than its neighbours': copied.
    if (wrap && n !== extentOf(mine, d)) return undefined;
    const shift = wrap ? nearestImage(b - loop.start, n) : b - loop.start;
    if ((shared || wrap) && Math.abs(shift) > limit) return undefined;
    return { kind: 'halo', a, b: loop.start + shift, wrap, lo: Math.max(0, -shift), hi: Math.max(0, shift) };
  }
  // Elsewhere in its block on every rank: one step of the loops must be one step on the common lattice, so that all
  // that a group reads of a field lies by the same distance elsewhere.
  if (wrap || a * (source.stride[d] ?? 1) !== loop.step * (mine.stride[d] ?? 1)) return undefined;
  if (dyn !== undefined && a !== loop.step) return undefined;
  const { lo, hi } = depthsAcross({ a, b, dyn }, loop, mine.cuts[d] ?? [], source.cuts[d] ?? []);
  return Math.max(lo, hi) > limit ? undefined : { kind: 'halo', a, b, wrap, lo, hi };
}

/** How far beyond their blocks of the source the owners of the target read; in any run, where it moves. */
function depthsAcross(
  { a, b, dyn }: Pick<IndexMap, 'a' | 'b' | 'dyn'>,
  loop: Loop,
  mine: readonly number[],
  source: readonly number[],
): { lo: number; hi: number } {
  let [below, above] = [0, 0];
  const n = source[source.length - 1] ?? 0;
  for (let k = 0; k + 1 < mine.length; k++) {
    const own = [mine[k] ?? 0, mine[k + 1] ?? 0] as const;
    const counters = preimage(loop.step, loop.start, own, [0, loop.count]);
    const positions: Interval = dyn === undefined ? counters : own;
    if (positions[0] >= positions[1]) continue;
    const shift = b - loop.start;
    const [lo, hi] = dyn === undefined ? image(a, b, counters) : intersect([own[0] + shift, own[1] + shift], [0, n]);
    if (lo >= hi) continue;
    below = Math.max(below, (source[k] ?? 0) - lo);
    above = Math.max(above, hi - (source[k + 1] ?? 0));
  }
  return { lo: below, hi: above };
}

function nearestImage(shift: number, n: number): number {
  const positive = ((shift % n) + n) % n;
  return positive > n / 2 ? positive - n : positive;
}

function extentOf(layout: Layout, d: number): number {
  const cuts = layout.cuts[d] ?? [0];
  return cuts[cuts.length - 1] ?? 0;
}

function sameProcessGrid(a: Layout, b: Layout): boolean {
  return a.processGrid.length === b.processGrid.length && a.processGrid.every((p, d) => p === b.processGrid[d]);
}

/** The pass: copies for what is far, then temporaries for sweeps that read their own target. Extends `table`. */
export function place(sweeps: readonly Sweep[], table: SlotTable): Sweep[] {
  return sweeps.flatMap((sweep) => throughTemporary(withCopies(sweep, table), table));
}

function withCopies(sweep: Sweep, table: SlotTable): Sweep {
  const copies = new Map<string, Copy>();
  const value = replaceAccesses(sweep.value, (access) => {
    if (nearness(access, sweep.target, sweep.loops, table)) return access;
    const key = accessKey(access);
    let copy = copies.get(key);
    if (!copy) {
      const dtype = table.decls[access.slot]?.dtype ?? 'f64';
      const single = sweep.loops.map((_, d) => d).filter((d) => keptOnce(access, sweep.loops, d));
      copy = { source: access, temp: addTemporary(sweep.target, dtype, table, single) };
      copies.set(key, copy);
    }
    return copiedAccess(copy, sweep.loops);
  });
  return { ...sweep, value, copies: [...copies.values()] };
}

function throughTemporary(sweep: Sweep, table: SlotTable): Sweep[] {
  if (!readsOwnResults(sweep)) return [sweep];
  const dtype = table.decls[sweep.target]?.dtype ?? 'f64';
  const temp = addTemporary(sweep.target, dtype, table);
  const back: Sweep = {
    target: sweep.target,
    loops: sweep.loops,
    value: { op: 'load', access: identityAccess(temp, sweep.loops), dtype },
    copies: [],
  };
  return [{ ...sweep, target: temp }, back];
}

/**
 * Is one position per rank enough for a copy along a loop dimension? Where the access reads the same again and again,
 * and where the loop has one step: a copied boundary row must not take the memory of a whole field.
 */
export function keptOnce(access: Access, loops: readonly Loop[], d: number): boolean {
  return loops[d]?.count === 1 || !access.maps.some((map) => map.axis === d);
}

function copiedAccess({ source, temp }: Copy, loops: readonly Loop[]): Access {
  const identity = identityAccess(temp, loops);
  return {
    slot: temp,
    maps: identity.maps.map((map, d) =>
      keptOnce(source, loops, d) ? { axis: -1, a: 0, b: 0, wrap: false, single: true } : map,
    ),
  };
}

/** A temporary that lies as `like` does, with one position per rank along the `single` dimensions. */
function addTemporary(
  like: number,
  dtype: SlotDecl['dtype'],
  table: SlotTable,
  single: readonly number[] = [],
): number {
  const decl = table.decls[like];
  const layout = table.layouts[like];
  if (!decl || !layout) throw new RangeError(`slot ${like} is not in the table`);
  const ranksAlong = (d: number): number => layout.processGrid[d] ?? 1;
  table.decls.push({ ...decl, dtype, shape: decl.shape.map((n, d) => (single.includes(d) ? ranksAlong(d) : n)) });
  table.layouts.push({
    ...layout,
    cuts: layout.cuts.map((cut, d) => (single.includes(d) ? cut.map((_, k) => k) : cut)),
  });
  return table.decls.length - 1;
}
