/** A number between 0 and 1 in, a colour out: the two colour maps of field.plot. */

export type Rgb = readonly [number, number, number];
export type Colormap = 'viridis' | 'diverging';
export const COLORMAPS: readonly Colormap[] = ['viridis', 'diverging'];

/** Equidistant samples of the originals, straight lines between them. */
const STOPS: Record<Colormap, readonly Rgb[]> = {
  // Matplotlib's default (van der Walt and Smith): perceptually uniform, readable in grey and by the colour-blind.
  viridis: [
    [68, 1, 84],
    [72, 40, 120],
    [62, 73, 137],
    [49, 104, 142],
    [38, 130, 142],
    [31, 158, 137],
    [53, 183, 121],
    [109, 205, 89],
    [180, 222, 44],
    [253, 231, 37],
  ],
  // "Cool to warm" (Moreland, Diverging Color Maps for Scientific Visualization, 2009): grey in the middle.
  diverging: [
    [59, 76, 192],
    [77, 104, 215],
    [98, 130, 234],
    [119, 154, 247],
    [141, 176, 254],
    [163, 194, 255],
    [184, 208, 249],
    [204, 217, 238],
    [221, 221, 221],
    [236, 211, 197],
    [245, 196, 173],
    [247, 177, 148],
    [244, 154, 123],
    [236, 127, 99],
    [222, 96, 77],
    [203, 62, 56],
    [180, 4, 38],
  ],
};

/** What is no number: none of the maps' colours. */
export const NOT_A_NUMBER: Rgb = [255, 0, 255];

/** The colour at t, clamped to [0, 1]. */
export function colorAt(map: Colormap, t: number): Rgb {
  if (Number.isNaN(t)) return NOT_A_NUMBER;
  const stops = STOPS[map];
  const position = Math.min(Math.max(t, 0), 1) * (stops.length - 1);
  const below = Math.min(Math.floor(position), stops.length - 2);
  const weight = position - below;
  const [a, b] = [stops[below] ?? NOT_A_NUMBER, stops[below + 1] ?? NOT_A_NUMBER];
  const mix = (k: 0 | 1 | 2) => Math.round(a[k] + (b[k] - a[k]) * weight);
  return [mix(0), mix(1), mix(2)];
}
