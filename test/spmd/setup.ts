/** A seed in, the Setup of one run out: process grids, threads and tiles that must not change any result. */
import { type DType, Field, Grid, type GridOptions, np, size, swap } from 'quadrille';
import type { Setup } from '../cases/case.js';

/** The most threads any grid may ask for: the first grid starts the engine with them. */
export const MOST_THREADS = 4;

/** Steps of a loop taken in one pass. */
const TIME_TILES = [1, 2, 3, 7, 'auto'] as const;

/** The same numbers on every rank: xorshift32. */
export function randomFrom(seed: number): (below: number) => number {
  let state = (seed * 2654435761 + 1) >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

/** All ways to write `ranks` as one factor per dimension, none larger than the dimension. */
export function processGrids(shape: readonly number[], ranks: number): number[][] {
  const [n, ...rest] = shape;
  if (n === undefined) return ranks === 1 ? [[]] : [];
  const found: number[][] = [];
  for (let p = 1; p <= Math.min(n, ranks); p++) {
    if (ranks % p === 0) for (const more of processGrids(rest, ranks / p)) found.push([p, ...more]);
  }
  return found;
}

/** Collects Python lines as the case's np templates are called; see Setup.np. */
export interface Transcript {
  readonly lines: string[];
  /** In order of first appearance: `f[0]`, `f[1]`, ... */
  readonly fields: Field<DType>[];
  /** Told of a field before the first statement with it. */
  readonly begins: (field: Field<DType>) => void;
}

export function setupFrom(seed: number, transcript?: Transcript): Setup & { readonly grids: Grid[] } {
  const random = randomFrom(seed);
  const grids: Grid[] = [];
  const options = (shape: readonly number[], given: GridOptions = {}): GridOptions => {
    const choices = processGrids(shape, size);
    // No choice where the ranks outnumber the points: the library decides who stays idle. Else now and then, too.
    const processGrid = random(4) === 0 ? undefined : choices[random(Math.max(1, choices.length))];
    const [threads, odf] = [1 + random(MOST_THREADS), 1 + random(8)];
    const timeTile = TIME_TILES[random(TIME_TILES.length)] ?? 'auto';
    const tune = random(3) === 0 ? 'measure' : 'model';
    return { threads, odf, timeTile, tune, ...(processGrid && { processGrid }), ...given };
  };
  const heard = transcript;
  return {
    grids,
    options,
    grid(shape, given) {
      const grid = new Grid(shape, options(shape, given));
      grids.push(grid);
      return grid;
    },
    np: heard === undefined ? np : listening(heard),
    swap: (a, b) => {
      swap(a, b);
      if (heard)
        heard.lines.push(`${nameIn(heard, a)}, ${nameIn(heard, b)} = ${nameIn(heard, b)}, ${nameIn(heard, a)}`);
    },
  };
}

/** quadrille's np, which also writes the lines down for NumPy. */
function listening(transcript: Transcript): typeof np {
  return (strings, ...values) => {
    const text = strings.map((part, k) => {
      if (k === values.length) return part;
      const value = values[k];
      return part + (typeof value === 'number' ? pythonNumber(value) : nameIn(transcript, value));
    });
    transcript.lines.push(...dedented(text.join('')));
    return np(strings, ...values);
  };
}

function nameIn({ fields, begins }: Transcript, value: unknown): string {
  if (!(value instanceof Field)) throw new Error('only fields and numbers can be given to NumPy');
  let at = fields.indexOf(value);
  if (at < 0) {
    at = fields.push(value) - 1;
    begins(value);
  }
  return `f[${at}]`;
}

function pythonNumber(value: number): string {
  return Number.isFinite(value) ? `(${value})` : `float('${value}')`;
}

/** Lines without the indentation of the TypeScript around them; a line that goes on (open bracket) is joined. */
function dedented(text: string): string[] {
  const lines: string[] = [];
  let depth = 0;
  for (const line of text.split('\n').map((part) => part.trim())) {
    if (line === '') continue;
    if (depth > 0) lines.push(`${lines.pop()} ${line}`);
    else lines.push(line);
    for (const c of line) depth += '([{'.includes(c) ? 1 : ')]}'.includes(c) ? -1 : 0;
  }
  return lines;
}
