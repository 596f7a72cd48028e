/** The Numbers table in; text for a terminal and Markdown for docs/performance.md out. */
import { formatTable } from '../table.js';
import type { Cell, NumberRow, Roofline } from './numbers.js';

const HEADER = ['work', 'wanted', 'one thread', 'two threads', 'two ranks'];

function cells(rows: readonly NumberRow[], mark: (cell: Cell) => string): string[][] {
  return rows.map(({ work, wanted, one, threads, ranks }) => [work, wanted, mark(one), mark(threads), mark(ranks)]);
}

/** "two threads (or two ranks)": a row reaches what is wanted if the better of the two does. */
export function formatNumbers(rows: readonly NumberRow[]): string {
  const mark = ({ text, met }: Cell): string => (met === undefined ? text : `${text} ${met ? '✓' : '–'}`);
  return formatTable(HEADER, cells(rows, mark));
}

export function markdownNumbers(rows: readonly NumberRow[]): string {
  return markdown(
    HEADER,
    cells(rows, ({ text, met }) => (met ? `**${text}**` : text)),
  );
}

const ROOFLINE_HEADER = ['', 'cores', 'copy GB/s', 'one sweep at best', 'plain C++', 'ours', 'ours / best sweep'];

function rooflineCells(lines: readonly Roofline[]): string[][] {
  return lines.map(({ work, cores, copyGBs, sweepAtBest, plain, ours }) => [
    work,
    String(cores),
    copyGBs.toFixed(1),
    sweepAtBest.toFixed(3),
    plain.toFixed(3),
    ours.toFixed(3),
    (sweepAtBest / ours).toFixed(2),
  ]);
}

export function formatRooflines(lines: readonly Roofline[]): string {
  return `Limit of one sweep per step, ns/point/step\n${formatTable(ROOFLINE_HEADER, rooflineCells(lines))}`;
}

export function markdownRooflines(lines: readonly Roofline[]): string {
  return markdown(ROOFLINE_HEADER, rooflineCells(lines));
}

function markdown(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`;
  return [line(header), line(header.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
