/**
 * The exchange before a chain: how deep each field's halo must be known in; messages that bring it out. Every rank works
 * out what the ranks around it need, so both ends agree.
 */
import { type Interval, intersect, isEmpty, peel } from './box.js';
import { coordsOf, rankAt, sideWithin } from './decompose.js';
import type { Deepened, Margin } from './deepen.js';
import type { Group } from './fuse.js';
import { haloNeed, type Need, pieces, product } from './halo.js';
import { blockAt, type SlotTable } from './place.js';
import type { Box, Exchange, Message, Part } from './plan.js';
import type { StageTouches } from './skew.js';

/** Of each step, in order, what its groups touch. */
type Touches = readonly (readonly StageTouches[])[];

/** Null if no rank needs anything of another. */
export function deepExchange(
  {
    touches,
    deepened,
    around,
  }: { readonly touches: Touches; readonly deepened: Deepened; readonly around: readonly boolean[] },
  waves: readonly (readonly Group[])[],
  rank: number,
  table: SlotTable,
  holds: (slot: number) => boolean,
): Exchange | null {
  const fields = [...deepened.halos]
    .filter(([place, { lo, hi }]) => holds(place) && [...lo, ...hi].some((depth) => depth > 0))
    .map(
      ([place, margin]): DeepField => ({
        place,
        margin,
        overwritten: firstWritten(place, touches, waves.flat(), around),
      }),
    );
  if (fields.length === 0) return null;
  const needsOf = (reader: number): Need[] => fields.flatMap((field) => needs(field, around, reader, table));
  const recvs = new Map<number, Part[]>();
  const locals: { from: Part; to: Part }[] = [];
  for (const { from, out, into } of needsOf(rank)) {
    if (from === rank) locals.push({ from: out, to: into });
    else recvs.set(from, [...(recvs.get(from) ?? []), into]);
  }
  const sends = readers(fields, around, rank, table).flatMap((peer): Message[] => {
    const parts = needsOf(peer).filter(({ from }) => from === rank);
    return parts.length > 0 ? [{ peer, parts: parts.map(({ out }) => out) }] : [];
  });
  return {
    sends,
    recvs: [...recvs].sort(([a], [b]) => a - b).map(([peer, parts]) => ({ peer, parts })),
    locals,
  };
}

interface DeepField {
  readonly place: number;
  readonly margin: Margin;
  /** Global box that the chain writes before it reads anything of the field; null if it reads first. */
  readonly overwritten: Box | null;
}

function firstWritten(
  place: number,
  touches: Touches,
  groups: readonly Group[],
  around: readonly boolean[],
): Box | null {
  for (const step of touches) {
    for (const [g, stage] of step.entries()) {
      const here = stage.filter((touch) => touch.place === place);
      if (here.length === 0) continue;
      const loops = groups[g]?.loops ?? [];
      // A fused group reads where it writes, before it writes.
      if (here.some((touch) => !touch.writes) || loops.some(({ step: stride }) => stride !== 1)) return null;
      return loops.map(({ start, count }, d): Interval => (around[d] ? EVERYWHERE : [start, start + count]));
    }
  }
  return null;
}

const EVERYWHERE: Interval = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** What `rank` must be told of one field, by itself where that is an image of its own. */
function needs(
  { place, margin, overwritten }: DeepField,
  around: readonly boolean[],
  rank: number,
  table: SlotTable,
): Need[] {
  const layout = table.layouts[place];
  const shape = table.decls[place]?.shape ?? [];
  if (!layout) return [];
  const coords = coordsOf(rank, layout.processGrid);
  const { offset, extent } = blockAt(table, place, rank);
  const below = (d: number): number => margin.lo[d] ?? 0;
  const above = (d: number): number => margin.hi[d] ?? 0;
  const known = shape.map((n, d): Interval => {
    if (!around[d]) return intersect(sideWithin(layout, d, coords[d] ?? 0, below(d), above(d)), [0, n]);
    const from = offset[d] ?? 0;
    return [from - below(d), from + (extent[d] ?? 0) + above(d)];
  });
  if (isEmpty(known)) return [];
  const written = overwritten?.map((range, d) => intersect(range, known[d] ?? range));
  const boxes = written && !isEmpty(written) ? peel(known, written) : [known];
  return boxes.flatMap((box) =>
    product(box.map((range, d) => pieces(layout, d, range, around[d] === true))).flatMap((choice): Need[] => {
      const from = rankAt(
        choice.map((piece) => piece.coord),
        layout.processGrid,
      );
      const turns = choice.map(({ turn }) => turn);
      const part = choice.map((piece) => piece.range);
      return from === rank && turns.every((turn) => turn === 0)
        ? []
        : [haloNeed({ slot: place, from, turns, box: part, dyn: box.map(() => undefined) }, rank, table)];
    }),
  );
}

/** Ranks whose margins reach into a block of `rank`. */
function readers(fields: readonly DeepField[], around: readonly boolean[], rank: number, table: SlotTable): number[] {
  const found = new Set<number>();
  for (const { place, margin } of fields) {
    const layout = table.layouts[place];
    const own = blockAt(table, place, rank);
    if (!layout) continue;
    const near = layout.cuts.map((cuts, d) => {
      const [lo, hi] = [own.offset[d] ?? 0, (own.offset[d] ?? 0) + (own.extent[d] ?? 0)];
      const n = cuts.at(-1) ?? 0;
      return cuts.slice(1).flatMap((end, c) => {
        const [below, above] = [margin.lo[d] ?? 0, margin.hi[d] ?? 0];
        const reach: Interval = around[d]
          ? [(cuts[c] ?? 0) - below, end + above]
          : sideWithin(layout, d, c, below, above);
        const meets = pieces(layout, d, reach, around[d] === true).some(
          ({ range, turn }) => range[0] - turn * n < hi && lo < range[1] - turn * n,
        );
        return meets ? [c] : [];
      });
    });
    for (const coords of product(near)) found.add(rankAt(coords, layout.processGrid));
  }
  found.delete(rank);
  return [...found].sort((a, b) => a - b);
}
