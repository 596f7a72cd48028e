/** A field and options in, a PNG file out: field.plot. Every rank thins out its block before rank 0 gathers it. */
import { writeFileSync } from 'node:fs';
import { QuadrilleError } from '../errors.js';
import type { DistributedArray, Region } from '../io/distributed.js';
import { COLORMAPS, type Colormap } from './colormap.js';
import { drawImage, drawLine, type Range, rangeOf } from './draw.js';

export interface PlotOptions {
  /** 'viridis' (default), or 'diverging': blue over grey to red, for numbers about zero. */
  readonly colormap?: Colormap;
  /** The numbers at the ends of the colour bar. Default: the least and greatest drawn (diverging: symmetric about 0). */
  readonly range?: readonly [number, number];
  /** Pixels of the longer side, at most (16 to 8192; default 640). */
  readonly width?: number;
  /** Of 3-D and 4-D fields: which index of the leading dimensions to draw (negative: from the end; default: the middle). */
  readonly slice?: number | readonly number[];
}

/** Samples per pixel of a line plot: enough that a peak between two pixels is seen. */
const LINE_SAMPLES = 4;

/**
 * Draws a field to a PNG file: 1-D as a line, 2-D as a colour image (row 0 on top), 3-D and 4-D one slice of it.
 * Large fields are drawn at every k-th point. Collective; rank 0 writes. Throws BAD_OPTION, or FILE_ACCESS on rank 0.
 */
export async function plotField(field: DistributedArray, path: string, options: PlotOptions = {}): Promise<void> {
  const { colormap = 'viridis', width = 640 } = options;
  checkOptions(field, options, colormap, width);
  const planar = field.shape.length > 1;
  const region = sampled(field.shape, options.slice, planar ? width : width * LINE_SAMPLES);
  const gathered = await field.gather(region);
  const data = gathered instanceof BigInt64Array ? Float64Array.from(gathered, Number) : gathered;
  if (data !== undefined) {
    const range: Range = options.range ?? rangeOf(data, colormap);
    const count = region.count.slice(-2);
    const picture = planar
      ? drawImage(data, [count[0] ?? 0, count[1] ?? 0], { map: colormap, range, width })
      : drawLine(data, { last: Math.max(0, (field.shape[0] ?? 1) - 1), range, width });
    try {
      writeFileSync(path, picture.png());
    } catch (error) {
      throw new QuadrilleError(
        'FILE_ACCESS',
        `${path} cannot be written: ${error instanceof Error ? error.message : error}.`,
      );
    }
  }
}

/** The points to draw: one index of each leading dimension, every k-th of the last two, k the same in both. */
export function sampled(shape: readonly number[], slice: PlotOptions['slice'], most: number): Region {
  const leading = Math.max(0, shape.length - 2);
  const chosen = typeof slice === 'number' ? [slice] : (slice ?? []);
  const step = Math.max(1, ...shape.slice(leading).map((n) => Math.ceil(n / most)));
  const start = shape.map((n, d) => {
    if (d >= leading) return 0;
    const at = chosen[d] ?? Math.floor(n / 2);
    return at < 0 ? at + n : at;
  });
  return {
    start,
    step: shape.map((_, d) => (d < leading ? 1 : step)),
    count: shape.map((n, d) => (d < leading ? Math.min(1, n) : Math.ceil(n / step))),
  };
}

function checkOptions({ shape }: DistributedArray, options: PlotOptions, colormap: string, width: number): void {
  const refuse = (message: string, hint?: string): never => {
    throw new QuadrilleError('BAD_OPTION', message, hint === undefined ? {} : { hint });
  };
  if (!COLORMAPS.some((known) => known === colormap)) {
    refuse(`plot: there is no colormap '${colormap}'.`, `Known: ${COLORMAPS.join(', ')}.`);
  }
  if (!Number.isInteger(width) || width < 16 || width > 8192) {
    refuse(`plot: width is ${width}, not a whole number of pixels from 16 to 8192.`);
  }
  if (shape.includes(0)) refuse('plot: the field has no elements.');
  const { range, slice } = options;
  if (
    range !== undefined &&
    !(range.length === 2 && Number.isFinite(range[0]) && Number.isFinite(range[1]) && range[0] < range[1])
  ) {
    refuse(`plot: range is [${range.join(', ')}], not two finite numbers, the smaller first.`);
  }
  if (slice === undefined) return;
  const chosen = typeof slice === 'number' ? [slice] : slice;
  const leading = Math.max(0, shape.length - 2);
  if (chosen.length > leading) {
    refuse(`plot: slice has ${chosen.length} indices, a ${shape.length}-D field needs ${leading}.`);
  }
  chosen.forEach((at, d) => {
    const n = shape[d] ?? 0;
    if (!Number.isInteger(at) || at < -n || at >= n)
      refuse(`plot: slice ${at} is outside dimension ${d}, which has ${n}.`);
  });
}
