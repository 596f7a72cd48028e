/** Panels of series in; one SVG out, with logarithmic axes, a legend, and the number at each line's end. */

export interface Series {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** A limit or an ideal, not a competitor. */
  readonly dashed?: boolean;
}

export interface Panel {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xTicks: readonly number[];
  readonly series: readonly Series[];
}

/** Told apart also by those who see colours otherwise (Okabe and Ito); ours comes first, in blue. */
const COLOURS = ['#0072b2', '#56b4e9', '#d55e00', '#e69f00', '#009e73', '#cc79a7', '#7f7f7f', '#000000', '#b5a800'];
const MARKS = ['●', '■', '▲', '▼', '◆'];

const PANEL = { width: 400, height: 330, left: 62, right: 62, top: 34, bottom: 46 } as const;
const HEAD = 34;
const LEGEND_LINE = 18;
const LEGEND_COLUMN = 266;
const LABEL_HEIGHT = 12;

export function drawChart(title: string, panels: readonly Panel[]): string {
  const names = [...new Set(panels.flatMap(({ series }) => series.map(({ name }) => name)))];
  const width = PANEL.width * Math.max(panels.length, 2);
  const columns = Math.floor((width - 20) / LEGEND_COLUMN);
  const legendTop = HEAD + PANEL.height + 12;
  const height = legendTop + Math.ceil(names.length / columns) * LEGEND_LINE + 10;
  const wide = width / panels.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
      `font-family="Helvetica, Arial, sans-serif" font-size="12" role="img" aria-label="${escaped(title)}">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(width / 2, 22, title, 'text-anchor="middle" font-size="15" font-weight="bold"'),
    ...panels.map((panel, i) => drawPanel(panel, i * wide, HEAD, wide, names)),
    ...names.map((name, i) => {
      const [x, y] = [24 + (i % columns) * LEGEND_COLUMN, legendTop + Math.floor(i / columns) * LEGEND_LINE + 8];
      return legendEntry(name, i, x, y, isDashed(panels, name));
    }),
    '</svg>\n',
  ].join('\n');
}

function isDashed(panels: readonly Panel[], name: string): boolean {
  return panels.some(({ series }) => series.some((each) => each.name === name && each.dashed));
}

function drawPanel(panel: Panel, x0: number, y0: number, wide: number, names: readonly string[]): string {
  const area = { x: x0 + PANEL.left, y: y0 + PANEL.top, w: wide - PANEL.left - PANEL.right, h: 0 };
  area.h = PANEL.height - PANEL.top - PANEL.bottom;
  const ys = panel.series.flatMap(({ points }) => points.map(({ y }) => y));
  const [low, high] = range(ys);
  const xs = panel.xTicks;
  const [first, last] = [Math.min(...xs), Math.max(...xs)];
  const toX = (x: number): number => area.x + area.w * (0.04 + 0.92 * fraction(x, first, last));
  const toY = (y: number): number => area.y + area.h * (1 - fraction(y, low, high));
  const bottom = area.y + area.h;
  const parts = [
    text(area.x + area.w / 2, y0 + 20, panel.title, 'text-anchor="middle" font-weight="bold"'),
    text(area.x + area.w / 2, bottom + 36, panel.xLabel, 'text-anchor="middle"'),
    text(
      0,
      0,
      panel.yLabel,
      `text-anchor="middle" transform="translate(${x0 + 16} ${area.y + area.h / 2}) rotate(-90)"`,
    ),
  ];
  for (const y of ticksBetween(low, high)) {
    parts.push(line(area.x, toY(y), area.x + area.w, toY(y), '#dddddd'));
    parts.push(text(area.x - 6, toY(y) + 4, number(y), 'text-anchor="end"'));
  }
  for (const x of xs) {
    parts.push(line(toX(x), area.y, toX(x), bottom, '#eeeeee'));
    parts.push(text(toX(x), bottom + 17, String(x), 'text-anchor="middle"'));
  }
  parts.push(`<rect x="${area.x}" y="${area.y}" width="${area.w}" height="${area.h}" fill="none" stroke="#888888"/>`);
  const labels: { y: number; value: number; colour: string }[] = [];
  for (const series of panel.series) {
    const which = names.indexOf(series.name);
    const places = series.points.map(({ x, y }): readonly [number, number] => [toX(x), toY(y)]);
    const dash = series.dashed ? ' stroke-dasharray="5 4"' : '';
    const path = places.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
    parts.push(`<polyline points="${path}" fill="none" stroke="${colour(which)}" stroke-width="2"${dash}/>`);
    if (!series.dashed) for (const [x, y] of places) parts.push(mark(which, x, y));
    const end = series.points.at(-1);
    if (end) labels.push({ y: toY(end.y), value: end.y, colour: colour(which) });
  }
  for (const label of apart(labels)) {
    parts.push(text(area.x + area.w + 5, label.y + 4, number(label.value), `fill="${label.colour}" font-size="11"`));
  }
  return parts.join('\n');
}

/** Somewhat more than the values need, and never so little that a few per cent look like a slope. */
function range(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values) / 1.25, Math.max(...values) * 1.25];
  const more = Math.max(1, Math.sqrt((4 * low) / high));
  return [low / more, high * more];
}

/** Where x lies between low and high on a logarithmic axis; one value alone lies in the middle. */
function fraction(x: number, low: number, high: number): number {
  return low === high ? 0.5 : Math.log(x / low) / Math.log(high / low);
}

/** 1, 2, 5 times powers of ten; only powers of ten where that would be a ladder, more where it would be a rung. */
function ticksBetween(low: number, high: number): number[] {
  const steps = high / low > 300 ? [1] : high / low > 8 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 8];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const step of steps) ticks.push(step * 10 ** power);
  }
  return ticks.filter((tick) => tick >= low && tick <= high);
}

/** Labels moved down until none covers another. */
function apart<T extends { y: number }>(labels: readonly T[]): T[] {
  const sorted = [...labels].sort((a, b) => a.y - b.y);
  let free = -Infinity;
  return sorted.map((label) => {
    const y = Math.max(label.y, free);
    free = y + LABEL_HEIGHT;
    return { ...label, y };
  });
}

function legendEntry(name: string, which: number, x: number, y: number, dashed: boolean): string {
  const dash = dashed ? ' stroke-dasharray="5 4"' : '';
  const stroke = `stroke="${colour(which)}" stroke-width="2"${dash}`;
  const rule = `<line x1="${x}" y1="${y}" x2="${x + 24}" y2="${y}" ${stroke}/>`;
  return [rule, dashed ? '' : mark(which, x + 12, y), text(x + 31, y + 4, name, '')].join('');
}

function colour(which: number): string {
  return COLOURS[which % COLOURS.length] ?? '#000000';
}

function mark(which: number, x: number, y: number): string {
  const sign = MARKS[which % MARKS.length] ?? '●';
  return text(x, y + 4, sign, `text-anchor="middle" fill="${colour(which)}"`);
}

function line(x1: number, y1: number, x2: number, y2: number, stroke: string): string {
  return `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${stroke}"/>`;
}

function text(x: number, y: number, words: string, attributes: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** Three digits are enough to read. */
function number(value: number): string {
  return String(Number(value.toPrecision(3)));
}
