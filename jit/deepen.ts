/**
 * Many steps on what one exchange brought: a chain's stages in; out comes how far beyond its own block each rank must
 * sweep in each of them, and how deep the halos must be at the beginning, so that no step in between needs a message.
 * Found backwards: a stage must give all that later ones read.
 */
import type { StageTouches } from './skew.js';

/** Positions below and above a rank's block, per dimension. */
export interface Margin {
  readonly lo: readonly number[];
  readonly hi: readonly number[];
}

export interface Deepened {
  /** Per stage: how far beyond the block its target is swept. */
  readonly margins: readonly Margin[];
  /** Per place: how far beyond the block it must be known when the chain begins, or becomes known in it. */
  readonly halos: ReadonlyMap<number, Margin>;
}

/**
 * `shared[d]`: the dimension is cut among ranks, or goes around. In others a rank has everything: margins are 0 there, as they
 * are where something is read at no fixed distance.
 */
export function deepen(stages: readonly StageTouches[], shared: readonly boolean[]): Deepened {
  const halos = new Map<number, { lo: number[]; hi: number[] }>();
  const haloOf = (place: number): { lo: number[]; hi: number[] } => {
    const known = halos.get(place);
    if (known) return known;
    const none = { lo: shared.map(() => 0), hi: shared.map(() => 0) };
    halos.set(place, none);
    return none;
  };
  const margins = [...stages].reverse().map((touches): Margin => {
    const written = touches.filter((touch) => touch.writes).map(({ place }) => haloOf(place));
    const most = (side: 'lo' | 'hi'): number[] =>
      shared.map((_, d) => Math.max(0, ...written.map((h) => h[side][d] ?? 0)));
    const margin = { lo: most('lo'), hi: most('hi') };
    for (const { place, shift } of touches) {
      const halo = haloOf(place);
      shared.forEach((isShared, d) => {
        const by = shift[d];
        if (!isShared || by === undefined) return;
        halo.lo[d] = Math.max(halo.lo[d] ?? 0, (margin.lo[d] ?? 0) - by);
        halo.hi[d] = Math.max(halo.hi[d] ?? 0, (margin.hi[d] ?? 0) + by);
      });
    }
    return margin;
  });
  return { margins: margins.reverse(), halos };
}
