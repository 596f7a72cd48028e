/**
 * Communication, derived: waves of placed groups in; out comes what each rank needs from whom. A halo and a general
 * copy are the same thing here, the intersection of what a rank reads with what another owns. Every rank works out
 * every other rank's needs, so both ends of a message agree without a word.
 */
import { hull, type Interval, image, intersect, isEmpty, ownedCounters, preimage } from './box.js';
import { type Layout, rankAt } from './decompose.js';
import type { Group } from './fuse.js';
import { blockAt, keptOnce, type Near, nearness, type SlotTable } from './place.js';
import type { Box, Exchange, Message, Part } from './plan.js';
import { anyNeeds, readersOf } from './readers.js';
import { type Access, accessesOf, type Copy, type Loop } from './sweep.js';

/** A piece that `from` sends to the needing rank: `out` on the sender, `into` on the receiver, equal counts. */
export interface Need {
  readonly from: number;
  readonly out: Part;
  readonly into: Part;
}

/** One way to cut a dimension: positions [lo, hi) that process coordinate `coord` owns in periodic image `turn`. */
interface Piece {
  readonly coord: number;
  readonly turn: number;
  readonly range: Interval;
}

/** The exchange of one wave as seen by `rank`, or null if no rank needs anything of another. */
export function exchangeOf(groups: readonly Group[], rank: number, table: SlotTable): Exchange | null {
  if (!anyNeeds(groups, table)) return null;
  const recvs = new Map<number, Part[]>();
  const locals: { from: Part; to: Part }[] = [];
  for (const { from, out, into } of needsOf(groups, rank, table)) {
    if (from === rank) locals.push({ from: out, to: into });
    else recvs.set(from, [...(recvs.get(from) ?? []), into]);
  }
  const sends = readersOf(groups, rank, table).flatMap((peer): Message[] => {
    const needs = peer === rank ? [] : needsOf(groups, peer, table).filter((need) => need.from === rank);
    return needs.length > 0 ? [{ peer, parts: needs.map((need) => need.out) }] : [];
  });
  return { sends, recvs: [...recvs].sort(([a], [b]) => a - b).map(([peer, parts]) => ({ peer, parts })), locals };
}

function needsOf(groups: readonly Group[], rank: number, table: SlotTable): Need[] {
  const halos = new Map<string, HaloNeed>();
  const copies: Need[] = [];
  for (const group of groups) {
    for (const sweep of group.sweeps) {
      const counters = ownedCounters(sweep.loops, blockAt(table, sweep.target, rank));
      if (isEmpty(counters)) continue;
      for (const access of accessesOf(sweep.value)) {
        const near = nearness(access, sweep.target, sweep.loops, table);
        if (near) collectHalo(halos, access, { near, counters }, rank, table);
      }
      for (const copy of sweep.copies) copies.push(...copyNeeds(copy, sweep.loops, counters, rank, table));
    }
  }
  return [...[...halos.values()].map((halo) => haloNeed(halo, rank, table)), ...copies];
}

interface HaloNeed {
  readonly slot: number;
  readonly from: number;
  readonly turns: readonly number[];
  /** In the reader's global positions (outside the domain where a periodic image is read). */
  box: Box;
  /** Per dimension the integer of the run that moves it. */
  readonly dyn: readonly (number | undefined)[];
}

interface Reading {
  readonly near: readonly Near[];
  readonly counters: Box;
}

/** Global positions that the given loop counters read through a near access. */
function readBox(near: readonly Near[], counters: Box): Box {
  return near.map((one, d) => {
    if (one.kind === 'single') return [0, 0] as const;
    const range = counters[one.kind === 'halo' ? d : one.axis];
    return range ? image(one.a, one.b, range) : ([one.b, one.b + 1] as const);
  });
}

function collectHalo(
  halos: Map<string, HaloNeed>,
  { slot, maps }: Access,
  { near, counters }: Reading,
  rank: number,
  table: SlotTable,
): void {
  const layout = table.layouts[slot];
  if (!layout || layout.replicated) return; // each rank has all of it
  const box = readBox(near, counters);
  const dyn = maps.map((map) => map.dyn);
  const perDim = box.map((range, d) => {
    const one = near[d];
    const found = pieces(layout, d, range, one?.kind === 'halo' && one.wrap);
    return one ? found.filter((piece) => isRead(one, d, counters, piece.range)) : found;
  });
  for (const choice of product(perDim)) {
    const from = rankAt(
      choice.map((piece) => piece.coord),
      layout.processGrid,
    );
    const turns = choice.map((piece) => piece.turn);
    if (from === rank && turns.every((turn) => turn === 0)) continue;
    // What moves differently is not taken together.
    const key = `${slot}|${from}|${turns.join()}|${dyn.join()}`;
    const part: Box = choice.map((piece) => piece.range);
    const known = halos.get(key);
    if (known) known.box = hull(known.box, part);
    else halos.set(key, { slot, from, turns, box: part, dyn });
  }
}

/** False for an owner between two of the positions read: it sends nothing, as nobody reads it (readers.ts). */
function isRead(near: Near, d: number, counters: Box, own: Interval): boolean {
  if (near.kind === 'single') return true;
  const within = counters[near.kind === 'halo' ? d : near.axis];
  if (!within) return true;
  const [first, end] = preimage(near.a, near.b, own, within);
  return first < end;
}

/** Owners of an interval of positions along one dimension. */
export function pieces(layout: Layout, d: number, range: Interval, wrap: boolean): Piece[] {
  const cuts = layout.cuts[d] ?? [0];
  const n = cuts[cuts.length - 1] ?? 0;
  if (n === 0) return [];
  const found: Piece[] = [];
  const firstTurn = wrap ? Math.floor(range[0] / n) : 0;
  const lastTurn = wrap ? Math.floor((range[1] - 1) / n) : 0;
  for (let turn = firstTurn; turn <= lastTurn; turn++) {
    for (let coord = 0; coord + 1 < cuts.length; coord++) {
      const own: Interval = [(cuts[coord] ?? 0) + turn * n, (cuts[coord + 1] ?? 0) + turn * n];
      const piece = intersect(range, own);
      if (piece[0] < piece[1]) found.push({ coord, turn, range: piece });
    }
  }
  return found;
}

/** The integers that move a part, by dimension of its slot. */
function moving(dyn: readonly (number | undefined)[]): Pick<Part, 'moves'> {
  const moves = dyn.flatMap((int, dim) => (int === undefined ? [] : [{ dim, int }]));
  return moves.length > 0 ? { moves } : {};
}

export function haloNeed({ slot, from, turns, box, dyn }: HaloNeed, rank: number, table: SlotTable): Need {
  const owner = blockAt(table, slot, from);
  const reader = blockAt(table, slot, rank);
  const shape = table.decls[slot]?.shape ?? [];
  const axes = box.map(([lo, hi], dim) => ({ dim, step: 1, count: hi - lo }));
  return {
    from,
    out: {
      slot,
      origin: box.map(([lo], d) => lo - (turns[d] ?? 0) * (shape[d] ?? 0) - (owner.offset[d] ?? 0)),
      axes,
      halo: slot,
      ...moving(dyn),
    },
    into: { slot, origin: box.map(([lo], d) => lo - (reader.offset[d] ?? 0)), axes, halo: slot, ...moving(dyn) },
  };
}

function copyNeeds(copy: Copy, loops: readonly Loop[], counters: Box, rank: number, table: SlotTable): Need[] {
  const { source } = copy;
  const layout = table.layouts[source.slot];
  const shape = table.decls[source.slot]?.shape ?? [];
  if (!layout) return [];
  // Per source dimension: which owner serves which loop counters.
  const perDim = source.maps.map((map, d) => {
    if (map.axis < 0) return pieces(layout, d, [map.b, map.b + 1], false);
    const within = counters[map.axis] ?? [0, 0];
    return pieces(layout, d, image(map.a, map.b, within), map.wrap).map((piece) => {
      const n = (shape[d] ?? 0) * piece.turn;
      const cuts = layout.cuts[d] ?? [];
      const own: Interval = [(cuts[piece.coord] ?? 0) + n, (cuts[piece.coord + 1] ?? 0) + n];
      return { ...piece, range: preimage(map.a, map.b, own, within) };
    });
  });
  const needs: Need[] = [];
  for (const choice of product(perDim)) {
    const box = counters.map((range, e) => {
      const d = source.maps.findIndex((map) => map.axis === e);
      return d < 0 ? range : (choice[d]?.range ?? range);
    });
    if (isEmpty(box)) continue;
    const from = rankAt(
      choice.map((piece) => piece.coord),
      layout.processGrid,
    );
    needs.push(copyNeed(copy, loops, { box, choice, from, to: rank }, table));
  }
  return needs;
}

interface CopyPiece {
  /** Loop counters moved. */
  readonly box: Box;
  /** Per source dimension, the owner's piece. */
  readonly choice: readonly Piece[];
  readonly from: number;
  readonly to: number;
}

function copyNeed(copy: Copy, loops: readonly Loop[], { box, choice, from, to }: CopyPiece, table: SlotTable): Need {
  const { source, temp } = copy;
  const owner = blockAt(table, source.slot, from);
  const reader = blockAt(table, temp, to);
  const shape = table.decls[source.slot]?.shape ?? [];
  const first = (e: number): number => box[e]?.[0] ?? 0;
  const count = (e: number): number => (box[e]?.[1] ?? 0) - first(e);
  const origin = source.maps.map((map, d) => {
    const index = map.axis < 0 ? map.b : map.a * first(map.axis) + map.b;
    return index - (choice[d]?.turn ?? 0) * (shape[d] ?? 0) - (owner.offset[d] ?? 0);
  });
  const dimOf = (e: number): number => source.maps.findIndex((map) => map.axis === e);
  const once = (e: number): boolean => keptOnce(source, loops, e);
  const sourceAxes = loops.flatMap((_, e) => {
    const dim = dimOf(e);
    return once(e) ? [] : [{ dim, step: source.maps[dim]?.a ?? 0, count: count(e) }];
  });
  return {
    from,
    out: { slot: source.slot, origin, axes: sourceAxes, halo: -1, ...moving(source.maps.map((map) => map.dyn)) },
    into: {
      slot: temp,
      origin: loops.map((loop, e) => (once(e) ? 0 : loop.start + loop.step * first(e) - (reader.offset[e] ?? 0))),
      axes: loops.flatMap((loop, dim) => (once(dim) ? [] : [{ dim, step: loop.step, count: count(dim) }])),
      halo: -1,
      ...moving(loops.map((loop, e) => (once(e) ? undefined : loop.dyn))),
    },
  };
}

export function product<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>((rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])), [[]]);
}

/** Halo depths that all accesses of the groups need, per slot: the same on every rank. */
export function haloDepths(groups: readonly Group[], table: SlotTable): { lo: number[]; hi: number[] }[] {
  const depths = table.decls.map((decl) => ({ lo: decl.shape.map(() => 0), hi: decl.shape.map(() => 0) }));
  for (const { sweeps } of groups) {
    for (const sweep of sweeps) {
      for (const access of accessesOf(sweep.value)) {
        const near = nearness(access, sweep.target, sweep.loops, table) ?? [];
        const depth = depths[access.slot];
        const layout = table.layouts[access.slot];
        near.forEach((one, d) => {
          if (!depth || one.kind !== 'halo' || !(one.wrap || (layout?.processGrid[d] ?? 1) > 1)) return;
          depth.lo[d] = Math.max(depth.lo[d] ?? 0, one.lo);
          depth.hi[d] = Math.max(depth.hi[d] ?? 0, one.hi);
        });
      }
    }
  }
  return depths;
}
