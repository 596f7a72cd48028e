/** Sampled numbers in, a finished picture out: a colour image with its bar, or a line with its axes. */
import { type Colormap, colorAt, type Rgb } from './colormap.js';
import { ADVANCE, GLYPH_HEIGHT } from './font.js';
import { Picture } from './picture.js';
import { ticks } from './ticks.js';

const MARGIN = 14;
const GAP = 14;
const BAR_WIDTH = 18;
const TICK_LENGTH = 4;
const BLACK: Rgb = [0, 0, 0];
const LINE: Rgb = [49, 104, 142];

export type Range = readonly [number, number];

/** Least and greatest finite number, symmetric about zero for a diverging map; [0, 0] if there is none. */
export function rangeOf(data: ArrayLike<number>, map: Colormap): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let k = 0; k < data.length; k++) {
    const x = data[k] ?? Number.NaN;
    if (!Number.isFinite(x)) continue;
    low = Math.min(low, x);
    high = Math.max(high, x);
  }
  if (low > high) return [0, 0];
  const most = Math.max(Math.abs(low), Math.abs(high));
  return map === 'diverging' ? [-most, most] : [low, high];
}

/**
 * Row 0 on top, as matplotlib's imshow; each sample becomes a square of whole pixels, so that small fields fill
 * `width` pixels too.
 */
export function drawImage(
  data: ArrayLike<number>,
  [rows, columns]: readonly [number, number],
  { map, range: [low, high], width }: { map: Colormap; range: Range; width: number },
): Picture {
  const scale = Math.max(1, Math.floor(width / Math.max(rows, columns)));
  const [imageWidth, imageHeight] = [columns * scale, rows * scale];
  const barHeight = Math.max(imageHeight, 60);
  const marks = ticks(low, high, Math.max(2, Math.min(9, Math.floor(barHeight / 25))));
  const labelWidth = Math.max(...marks.map(({ label }) => label.length)) * ADVANCE;
  const barAt = MARGIN + imageWidth + GAP;
  const picture = new Picture(barAt + BAR_WIDTH + TICK_LENGTH + 4 + labelWidth + MARGIN, barHeight + 2 * MARGIN);

  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const color = colorAt(map, fraction(data[i * columns + j] ?? Number.NaN, low, high));
      picture.fill(MARGIN + j * scale, MARGIN + i * scale, scale, scale, color);
    }
  }
  picture.frame(MARGIN, MARGIN, imageWidth, imageHeight, BLACK);

  for (let y = 0; y < barHeight; y++) {
    picture.fill(barAt, MARGIN + y, BAR_WIDTH, 1, colorAt(map, 1 - y / (barHeight - 1)));
  }
  picture.frame(barAt, MARGIN, BAR_WIDTH, barHeight, BLACK);
  for (const { value, label } of marks) {
    const y = MARGIN + Math.round((1 - fraction(value, low, high)) * (barHeight - 1));
    picture.fill(barAt + BAR_WIDTH, y, TICK_LENGTH, 1, BLACK);
    picture.text(barAt + BAR_WIDTH + TICK_LENGTH + 4, y - (GLYPH_HEIGHT >> 1), label, BLACK);
  }
  return picture;
}

/** A line through the samples; `last` is the index of the last one, written at the right end of the axis. */
export function drawLine(
  data: ArrayLike<number>,
  { last, range: [low, high], width }: { last: number; range: Range; width: number },
): Picture {
  const height = Math.max(60, Math.round(width * 0.5));
  const [yMarks, xMarks] = [ticks(low, high, 8), ticks(0, last, 9)];
  const left = MARGIN + Math.max(...yMarks.map(({ label }) => label.length)) * ADVANCE + TICK_LENGTH + 4;
  const lastLabel = (xMarks.at(-1)?.label.length ?? 0) * ADVANCE;
  const picture = new Picture(
    left + width + MARGIN + (lastLabel >> 1),
    height + 2 * MARGIN + GLYPH_HEIGHT + TICK_LENGTH + 4,
  );
  const yOf = (x: number) => MARGIN + Math.round((1 - fraction(x, low, high)) * (height - 1));
  const xOf = (t: number) => left + Math.round(t * (width - 1));

  let before: readonly [number, number] | undefined;
  for (let k = 0; k < data.length; k++) {
    const value = data[k] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      before = undefined; // a gap
      continue;
    }
    const here = [xOf(data.length > 1 ? k / (data.length - 1) : 0.5), yOf(value)] as const;
    drawSegment(picture, before ?? here, here, MARGIN, MARGIN + height);
    before = here;
  }
  picture.frame(left, MARGIN, width, height, BLACK);
  for (const { value, label } of yMarks) {
    const y = yOf(value);
    picture.fill(left - 1 - TICK_LENGTH, y, TICK_LENGTH, 1, BLACK);
    picture.textEndingAt(left - TICK_LENGTH - 3, y - (GLYPH_HEIGHT >> 1), label, BLACK);
  }
  for (const { value, label } of xMarks) {
    const x = xOf(last > 0 ? value / last : 0.5);
    picture.fill(x, MARGIN + height + 1, 1, TICK_LENGTH, BLACK);
    picture.text(x - ((label.length * ADVANCE) >> 1), MARGIN + height + TICK_LENGTH + 4, label, BLACK);
  }
  return picture;
}

/** Where x lies between low and high; the middle if they are the same. */
function fraction(x: number, low: number, high: number): number {
  if (Number.isNaN(x)) return x;
  return high > low ? (x - low) / (high - low) : 0.5 + Math.sign(x - low);
}

/** Two pixels thick, clipped to rows [top, bottom). */
function drawSegment(
  picture: Picture,
  from: readonly [number, number],
  to: readonly [number, number],
  top: number,
  bottom: number,
): void {
  const clip = (y: number) => Math.min(Math.max(y, top - 2), bottom + 1); // a given range may lie far inside the data
  const [y0, y1] = [clip(from[1]), clip(to[1])];
  const steps = Math.max(Math.abs(to[0] - from[0]), Math.abs(y1 - y0), 1);
  for (let s = 0; s <= steps; s++) {
    const x = Math.round(from[0] + ((to[0] - from[0]) * s) / steps);
    const y = Math.round(y0 + ((y1 - y0) * s) / steps);
    for (const row of [y, y + 1]) if (row >= top && row < bottom) picture.set(x, row, LINE);
  }
}
