/** Pictures: decoded again and looked at pixel by pixel. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterAll, describe, expect, it } from 'vitest';
import { QuadrilleError } from '../../../lib/errors.js';
import { colorAt } from '../../../lib/plot/colormap.js';
import { type PlotOptions, plotField } from '../../../lib/plot/plot.js';
import { ticks } from '../../../lib/plot/ticks.js';
import { referenceArray } from '../../reference/array.js';
import { memoryField } from '../io/memory-field.js';

const folder = mkdtempSync(join(tmpdir(), 'quadrille-plot-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'u.png');
/** Top left pixel of the image: pictures have a margin of 14. */
const LEFT = 14;
const TOP = 14;

/** A field whose element (i, j, ...) is value(i, j, ...). */
function fieldOf(shape: readonly number[], value: (...index: number[]) => number) {
  const array = referenceArray(shape);
  array.data.forEach((_, at) => {
    const index: number[] = [];
    let rest = at;
    for (const n of [...shape].reverse()) {
      index.unshift(rest % n);
      rest = Math.floor(rest / n);
    }
    array.data[at] = value(...index);
  });
  return memoryField(array);
}

async function plotted(field: ReturnType<typeof fieldOf>, options: PlotOptions = {}) {
  await plotField(field, file, options);
  const { width, height, data, channels } = decode(readFileSync(file));
  return {
    width,
    height,
    pixel: (x: number, y: number) => [...data.slice((y * width + x) * channels, (y * width + x) * channels + 3)],
  };
}

describe('plot', () => {
  it('draws every element of a small field as a square of its colour', async () => {
    const { pixel } = await plotted(
      fieldOf([3, 4], (i, j) => 4 * i + j),
      { width: 64 },
    );
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 4; j++) {
        const color = [...colorAt('viridis', (4 * i + j) / 11)];
        expect(pixel(LEFT + 16 * j, TOP + 16 * i)).toEqual(color);
        expect(pixel(LEFT + 16 * j + 15, TOP + 16 * i + 15)).toEqual(color);
      }
    }
  });

  it('gathers no more points than it draws', async () => {
    const field = fieldOf([300, 90], (i) => i);
    const { pixel } = await plotted(field, { width: 100 });
    expect(field.gathered).toEqual([{ start: [0, 0], step: [3, 3], count: [100, 30] }]);
    expect(pixel(LEFT, TOP + 99)).toEqual([...colorAt('viridis', 1)]);
  });

  it('puts zero in the grey middle of a diverging map', async () => {
    const { pixel } = await plotted(
      fieldOf([1, 3], (_, j) => [-1, 0, 4][j] ?? 0),
      { colormap: 'diverging', width: 96 },
    );
    expect(pixel(LEFT + 40, TOP + 4)).toEqual([221, 221, 221]);
    expect(pixel(LEFT + 80, TOP + 4)).toEqual([180, 4, 38]);
  });

  it('keeps to a given range, and shows what is no number', async () => {
    const field = fieldOf([1, 3], (_, j) => [-5, 0.5, Number.NaN][j] ?? 0);
    const { pixel } = await plotted(field, { range: [0, 1], width: 96 });
    expect(pixel(LEFT, TOP)).toEqual([...colorAt('viridis', 0)]);
    expect(pixel(LEFT + 40, TOP)).toEqual([...colorAt('viridis', 0.5)]);
    expect(pixel(LEFT + 80, TOP)).toEqual([255, 0, 255]);
  });

  it('draws a colour bar, greatest on top, with numbers beside it', async () => {
    const { width, height, pixel } = await plotted(
      fieldOf([64, 64], (i) => i),
      { width: 128 },
    );
    const bar = LEFT + 128 + 14;
    expect(pixel(bar + 5, TOP)).toEqual([...colorAt('viridis', 1)]);
    expect(pixel(bar + 5, height - 15)).toEqual([...colorAt('viridis', 0)]);
    const dark = (x0: number, x1: number) => {
      let count = 0;
      for (let y = 0; y < height; y++) for (let x = x0; x < x1; x++) if (pixel(x, y).every((c) => c === 0)) count++;
      return count;
    };
    expect(dark(bar + 18 + 8, width)).toBeGreaterThan(60); // seven labels of one or two digits
    expect(dark(width - 14, width)).toBe(0);
  });

  it('draws the middle slice of a 3-D field, or the one asked for', async () => {
    const field = fieldOf([5, 2, 2], (i) => i);
    const options = { range: [0, 4] as const, width: 16 };
    expect((await plotted(field, options)).pixel(LEFT, TOP)).toEqual([...colorAt('viridis', 0.5)]);
    expect((await plotted(field, { ...options, slice: -1 })).pixel(LEFT, TOP)).toEqual([...colorAt('viridis', 1)]);
    expect((await plotted(field, { ...options, slice: [0] })).pixel(LEFT, TOP)).toEqual([...colorAt('viridis', 0)]);
  });

  it('draws a 1-D field as a line', async () => {
    const { width, height, pixel } = await plotted(
      fieldOf([200], (i) => i),
      { width: 200 },
    );
    const line = [49, 104, 142].join();
    const rowOf = (x: number) => Array.from({ length: height }, (_, y) => y).find((y) => pixel(x, y).join() === line);
    const columns = Array.from({ length: width }, (_, x) => x).filter((x) => rowOf(x) !== undefined);
    expect(columns).toHaveLength(200);
    expect(rowOf(columns[0] ?? 0)).toBe(TOP + 99);
    expect(rowOf(columns[199] ?? 0)).toBe(TOP);
  });

  it('draws constant fields and fields without any number', async () => {
    expect(
      (
        await plotted(
          fieldOf([4, 4], () => 3),
          { width: 16 },
        )
      ).pixel(LEFT, TOP),
    ).toEqual([...colorAt('viridis', 0.5)]);
    expect(
      (
        await plotted(
          fieldOf([4, 4], () => Number.NaN),
          { width: 16 },
        )
      ).pixel(LEFT, TOP),
    ).toEqual([255, 0, 255]);
  });

  it('writes on rank 0 only', async () => {
    rmSync(file, { force: true });
    await plotField(memoryField(referenceArray([4, 4]), { isRoot: false }), file);
    expect(readdirSync(folder)).toEqual([]);
  });

  // Through JSON, as from a JavaScript caller: TypeScript would not let some of these through.
  it.each([
    '{ "colormap": "jet" }',
    '{ "width": 0 }',
    '{ "width": 20.5 }',
    '{ "range": [1, 1] }',
    '{ "range": [0, null] }',
    '{ "slice": 1 }',
  ])('refuses %s', async (json) => {
    const options: PlotOptions = JSON.parse(json);
    const error: unknown = await plotField(memoryField(referenceArray([4, 4])), file, options).catch((e: unknown) => e);
    expect(error instanceof QuadrilleError && error.code).toBe('BAD_OPTION');
  });
});

describe('ticks', () => {
  it.each([
    [0, 1, 6, ['0', '0.2', '0.4', '0.6', '0.8', '1.0']],
    [0, 100, 6, ['0', '20', '40', '60', '80', '100']],
    [-1, 1, 3, ['-1', '0', '1']],
    [0, 3e-7, 4, ['0', '1e-7', '2e-7', '3e-7']],
    [1e6, 3e6, 3, ['1e6', '2e6', '3e6']],
    [0.13, 0.36, 6, ['0.15', '0.20', '0.25', '0.30', '0.35']],
    [5, 5, 4, ['5']],
  ])('from %d to %d, at most %d', (low, high, most, labels) => {
    expect(ticks(low, high, most).map(({ label }) => label)).toEqual(labels);
  });
});
