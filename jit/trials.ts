/**
 * What to time where `tune` is 'measure': the model's choice in; the ways of taking a loop's steps that lie around it, out.
 * The executor takes the first steps of the loop in each of them (native/executor/tuner.h): results are the same in all.
 */
import type { Refusal } from './skew.js';
import { type Tiling, type TilingInput, tilingOf } from './tiling.js';

/** Where the model takes loops step by step, it may err, too. */
const STEPS = [2, 4, 8, 16];
const MOST_STEPS = 64;

/** Null: step by step. The model's own choice comes first; all differ; ranks that ask alike are told alike. */
export function trialsOf(input: TilingInput, chosen: Tiling | Refusal): (Tiling | null)[] {
  if (typeof input.options.timeTile === 'number') return [];
  const tiled = 'steps' in chosen;
  const all: (Tiling | null)[] = [tiled ? chosen : null];
  const add = (tiling: Tiling | null): void => {
    if (!all.some((one) => sameTiling(one, tiling))) all.push(tiling);
  };
  add(null);
  const steps = tiled ? [chosen.steps / 4, chosen.steps / 2, chosen.steps * 2] : STEPS;
  for (const k of steps) if (k >= 2 && k <= MOST_STEPS) add(tilingOf(input, k));
  if (!tiled) return all;
  const { grain, height, width, rows } = chosen;
  const dims = grain.length === 1 ? 1 : (input.groups[0]?.loops.length ?? 2);
  for (const [num, den] of [
    [1, 2],
    [2, 1],
  ] as const) {
    const scaled = (n: number, unit = 1): number => Math.max(unit, Math.round((n * num) / den / unit) * unit);
    if (dims === 1) add({ ...chosen, rows: scaled(rows, grain[0]), height: 8 * scaled(rows, grain[0]) });
    else {
      add({ ...chosen, width: scaled(width, grain[1]) });
      add({ ...chosen, height: scaled(height, rows) });
      // More rows at a time: fewer calls, more in hand.
      if (dims === 2) add({ ...chosen, rows: scaled(rows), height: Math.max(height, scaled(rows)) });
    }
  }
  return all;
}

/** What tells one way from another. */
export function sameTiling(
  a: Pick<Tiling, 'steps' | 'height' | 'width' | 'rows'> | null,
  b: Pick<Tiling, 'steps' | 'height' | 'width' | 'rows'> | null,
): boolean {
  if (a === null || b === null) return a === b;
  return a.steps === b.steps && a.height === b.height && a.width === b.width && a.rows === b.rows;
}
