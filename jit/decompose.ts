/**
 * Which rank owns what: from a field's shape and its grid's decomposition to cuts and blocks. Pure arithmetic, the same
 * on every rank, so that nobody has to ask.
 */
import type { Decomposition, SlotDecl } from './program.js';

/** Where a field is cut: `cuts[d]` has processGrid[d] + 1 ascending positions from 0 to shape[d]. */
export interface Layout {
  readonly processGrid: readonly number[];
  readonly cuts: readonly (readonly number[])[];
  /** The inner cuts as they would be if the field had no ends: processGrid[d] - 1 positions, perhaps outside of it. */
  readonly edges: readonly (readonly number[])[];
  /** From one element to the next on the lattice of the grid; see Decomposition. */
  readonly stride: readonly number[];
  /** Every rank has the whole of it for itself (Scalars). */
  readonly replicated?: true;
}

/** One position, which is every rank's own: coordinates in a process grid of 1 are 0 for all. */
export const REPLICATED: Layout = { processGrid: [1], cuts: [[0, 1]], edges: [[]], stride: [1], replicated: true };

/** Slots (with temporaries appended) and their layouts: what all later passes look fields up in. */
export interface SlotTable {
  readonly decls: SlotDecl[];
  readonly layouts: Layout[];
  readonly ranks: number;
}

/** This rank's block of a field: first owned index and number of owned indices per dimension (0: owns nothing). */
export interface Block {
  readonly offset: readonly number[];
  readonly extent: readonly number[];
}

/** P + 1 positions that cut n points into P blocks whose sizes differ by at most one (some empty if P > n). */
export function cutEvenly(n: number, parts: number): number[] {
  return Array.from({ length: parts + 1 }, (_, k) => Math.floor((k * n) / parts));
}

/**
 * Process grid of `size` ranks for a grid of the given shape with the least surface between blocks; no dimension gets
 * more ranks than points unless there is no other way, and then the surplus ranks own nothing.
 */
export function chooseProcessGrid(shape: readonly number[], size: number): number[] {
  let best: number[] | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const candidate of factorizations(size, shape.length)) {
    const cost = haloCost(shape, candidate);
    if (cost < bestCost) {
      best = candidate;
      bestCost = cost;
    }
  }
  return best ?? [];
}

function haloCost(shape: readonly number[], processGrid: readonly number[]): number {
  let surface = 0;
  let empty = 0;
  shape.forEach((n, d) => {
    const p = processGrid[d] ?? 1;
    if (p > Math.max(n, 1)) empty += p - n;
    const face = shape.reduce((area, side, e) => (e === d ? area : area * side), 1);
    surface += (p - 1) * face * (d === shape.length - 1 ? STRIDED_FACE : 1);
  });
  return surface + empty * 1e15;
}

/** Between equal surfaces, the one whose halos are not strided in memory. */
const STRIDED_FACE = 1.001;

/** All ordered ways to write `size` as a product of `dims` factors, larger outer factors first. */
function factorizations(size: number, dims: number): number[][] {
  if (dims === 0) return size === 1 ? [[]] : [];
  if (dims === 1) return [[size]];
  const found: number[][] = [];
  for (let p = size; p >= 1; p--) {
    if (size % p === 0) for (const rest of factorizations(size / p, dims - 1)) found.push([p, ...rest]);
  }
  return found;
}

/**
 * Layout of a field on a decomposition. A field with as many dimensions as the grid follows the grid's cuts, at the
 * places of its own elements on the grid's lattice (half way between two points counts as the one above); the first and
 * the last block take what lies outside of the grid. Any other field is cut for itself. A Scalar (shape []) lies on every
 * rank as a field of shape [1].
 */
export function layoutOf(shape: readonly number[], decomposition: Decomposition): Layout {
  const { shape: gridShape, processGrid, origin, stride } = decomposition;
  const size = processGrid.reduce((a, b) => a * b, 1);
  if (shape.length === 0) return REPLICATED;
  const steps = shape.map((_, d) => stride?.[d] ?? 1);
  if (shape.length !== gridShape.length) {
    const own = chooseProcessGrid(shape, size);
    return layoutAt(
      shape,
      own,
      shape.map((n, d) => cutEvenly(n, own[d] ?? 1).slice(1, -1)),
      steps.map(() => 1),
    );
  }
  const edges = shape.map((_, d) => {
    const inner = cutEvenly(gridShape[d] ?? 0, processGrid[d] ?? 1).slice(1, -1);
    return inner.map((cut) => Math.ceil((cut - 0.5 - (origin?.[d] ?? 0)) / (steps[d] ?? 1)));
  });
  return layoutAt(shape, processGrid, edges, steps);
}

function layoutAt(
  shape: readonly number[],
  processGrid: readonly number[],
  edges: readonly (readonly number[])[],
  stride: readonly number[],
): Layout {
  const cuts = shape.map((n, d) => [0, ...(edges[d] ?? []).map((edge) => Math.min(Math.max(edge, 0), n)), n]);
  return { processGrid, cuts, edges, stride };
}

/** Coordinates of a rank in a process grid, last dimension fastest. */
export function coordsOf(rank: number, processGrid: readonly number[]): number[] {
  const coords = new Array<number>(processGrid.length).fill(0);
  let rest = rank;
  for (let d = processGrid.length - 1; d >= 0; d--) {
    const p = processGrid[d] ?? 1;
    coords[d] = rest % p;
    rest = Math.floor(rest / p);
  }
  return coords;
}

/** Rank at the given coordinates of a process grid. */
export function rankAt(coords: readonly number[], processGrid: readonly number[]): number {
  return coords.reduce((rank, c, d) => rank * (processGrid[d] ?? 1) + c, 0);
}

/** The block of a rank. */
export function blockOf(layout: Layout, rank: number): Block {
  const coords = coordsOf(rank, layout.processGrid);
  const offset = layout.cuts.map((cut, d) => cut[coords[d] ?? 0] ?? 0);
  const extent = layout.cuts.map((cut, d) => (cut[(coords[d] ?? 0) + 1] ?? 0) - (offset[d] ?? 0));
  return { offset, extent };
}

/** True if every rank's blocks of both layouts start at the same index in dimension d (their sizes may differ). */
export function alignedAlong(a: Layout, b: Layout, d: number): boolean {
  const ca = a.cuts[d];
  const cb = b.cuts[d];
  if (!ca || !cb || ca.length !== cb.length) return false;
  return ca.every((cut, k) => k === ca.length - 1 || cut === cb[k]);
}

/**
 * How much greater the index in `a` is than that in `b` of the elements at one place, if it is the same wherever they
 * are cut along dimension d; undefined if not.
 */
export function latticeShift(a: Layout, b: Layout, d: number): number | undefined {
  const [ea, eb] = [a.edges[d], b.edges[d]];
  if (ea?.length === 0 && eb?.length === 0) return 0; // not cut: all of it is in one place
  if (!ea || !eb || ea.length !== eb.length || a.stride[d] !== b.stride[d]) return undefined;
  const shift = (ea[0] ?? 0) - (eb[0] ?? 0);
  return ea.every((edge, k) => edge - (eb[k] ?? 0) === shift) ? shift : undefined;
}

/** The positions a process coordinate owns along dimension d, `lo` more below and `hi` more above, ends disregarded. */
export function sideWithin(
  layout: Layout,
  d: number,
  coord: number,
  lo: number,
  hi: number,
): readonly [number, number] {
  const edges = layout.edges[d] ?? [];
  const [from, to] = [edges[coord - 1] ?? Number.NEGATIVE_INFINITY, edges[coord] ?? Number.POSITIVE_INFINITY];
  return [from - lo, to + hi];
}
