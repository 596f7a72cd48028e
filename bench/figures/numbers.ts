/** Measurements in; the Numbers table out: per work what is wanted, what was measured, and the limit of one sweep. */
import type { Measurement } from '../measure.js';
import { bandwidth, ratios, speedup } from '../report.js';
import { median, spread } from '../statistics.js';
import { bytesPerPoint, elements, points, title } from '../workloads.js';
import type { Group } from './groups.js';

/** One cell: a value with its spread, and whether that is enough. */
export interface Cell {
  readonly text: string;
  readonly met: boolean | undefined;
}

export interface NumberRow {
  readonly work: string;
  readonly wanted: string;
  readonly one: Cell;
  readonly threads: Cell;
  readonly ranks: Cell;
}

export interface GroupResult {
  readonly group: Group;
  /** Of each contest: only within one are times compared. */
  readonly heats: readonly (readonly Measurement[])[];
}

type Heats = GroupResult['heats'];

type Which = { cores: number; ranks?: boolean; mode?: string; dtype?: 'f64' | 'f32' };

export function find(all: readonly Measurement[], which: Which): Measurement | undefined {
  const { cores, ranks = false, mode = 'loop', dtype = 'f64' } = which;
  return all.find(
    (row) =>
      row.kind === 'ours' &&
      row.cores === cores &&
      row.ranks === ranks &&
      row.mode === mode &&
      row.problem.dtype === dtype,
  );
}

const NOTHING: Cell = { text: '', met: undefined };

function cell(value: number, wide: number, wanted: number): Cell {
  const text = `${value.toFixed(2)} × ±${(100 * wide).toFixed(0)} %`;
  return { text, met: Number(value.toFixed(2)) >= wanted };
}

/** The first heat that says it. */
function firstOf(heats: Heats, cellOf: (all: readonly Measurement[]) => Cell): Cell {
  return heats.map(cellOf).find((each) => each !== NOTHING) ?? NOTHING;
}

function against(heats: Heats, which: Which, wanted: number): Cell {
  return firstOf(heats, (all) => {
    const ours = find(all, which);
    const faster = ours && speedup(ours, all);
    return faster ? cell(faster.value, faster.spread, wanted) : NOTHING;
  });
}

/** The time loop against plain C++. */
export function loopRows(results: readonly GroupResult[]): NumberRow[] {
  return results.map(({ group: { problem, wanted }, heats }) => ({
    work: `${title(problem)}, time loop`,
    wanted: `≥ ${wanted[0]} / ≥ ${wanted[1]} × plain C++`,
    one: against(heats, { cores: 1 }, wanted[0]),
    threads: against(heats, { cores: 2 }, wanted[1]),
    ranks: against(heats, { cores: 2, ranks: true }, wanted[1]),
  }));
}

/** One sweep per step against plain C++. */
export function sweepRows(results: readonly GroupResult[]): NumberRow[] {
  return results.map(({ group: { problem }, heats }) => ({
    work: `${title(problem)}, one step at a time`,
    wanted: '≥ 0.95 × plain C++',
    one: against(heats, { cores: 1, mode: 'sweep' }, 0.95),
    threads: against(heats, { cores: 2, mode: 'sweep' }, 0.95),
    ranks: NOTHING,
  }));
}

function rate(heats: Heats, cores: number): Cell {
  return firstOf(heats, (all) => {
    const [double, single] = [find(all, { cores }), find(all, { cores, dtype: 'f32' })];
    if (!double || !single) return NOTHING;
    const values = ratios(double.samples, single.samples);
    return cell(median(values), spread(values), 1.8);
  });
}

/** f32 against our f64. */
export function singleRows(results: readonly GroupResult[]): NumberRow[] {
  return results.map(({ group: { problem }, heats }) => ({
    work: `${title(problem)}, f32`,
    wanted: '≥ 1.8 × our f64',
    one: rate(heats, 1),
    threads: rate(heats, 2),
    ranks: NOTHING,
  }));
}

function solveAgainstLoop(heats: Heats, cores: number): Cell {
  return firstOf(heats, (all) => {
    const [loop, solve] = [find(all, { cores }), find(all, { cores, mode: 'solve' })];
    if (!loop || !solve) return NOTHING;
    const values = ratios(solve.samples, loop.samples);
    const value = 100 * (median(values) - 1);
    const text = `${value >= 0 ? '+' : ''}${value.toFixed(1)} % ±${(100 * spread(values)).toFixed(0)} %`;
    return { text, met: value <= 3 };
  });
}

/** Of the groups in which both run. */
export function solveRows(results: readonly GroupResult[]): NumberRow[] {
  const both = results.filter(({ heats }) => heats.some((all) => all.some(({ mode }) => mode === 'solve')));
  return both.map(({ group: { problem }, heats }) => ({
    work: `${title(problem)}, time of Stencil.solve against grid.loop`,
    wanted: 'within 3 %',
    one: solveAgainstLoop(heats, 1),
    threads: solveAgainstLoop(heats, 2),
    ranks: NOTHING,
  }));
}

/** Fig. 6: half of the widest difference between batches of 4 to 256, as a share of the time. */
export function batchRow(flatness: number): NumberRow {
  return {
    work: '3-D Laplace 256³, Stencil.solve, batch 4 … 256',
    wanted: 'flat within 5 %',
    one: NOTHING,
    threads: { text: `±${(100 * flatness).toFixed(1)} %`, met: flatness <= 0.05 },
    ranks: NOTHING,
  };
}

/** Steps per second of a grid so small that only overhead counts. */
export function smallRow(measurements: readonly Measurement[]): NumberRow {
  const steps = (which: Which): Cell => {
    const row = find(measurements, which);
    if (!row) return NOTHING;
    const value = 1e9 / (median(row.samples) * points(row.problem));
    return { text: `${Math.round(value).toLocaleString('en')}/s`, met: value >= 300_000 };
  };
  return {
    work: '2-D Laplace 64², steps in grid.loop',
    wanted: '≥ 300 000/s',
    one: steps({ cores: 1 }),
    threads: NOTHING,
    ranks: NOTHING,
  };
}

/**
 * What one sweep per step could reach at most: the least time in which its bytes move at the speed of the copy of the
 * same shape, in ns per point; and how many times faster than plain C++ that would be.
 */
export interface Roofline {
  readonly work: string;
  readonly cores: number;
  readonly copyGBs: number;
  readonly sweepAtBest: number;
  readonly plain: number;
  readonly ours: number;
}

export function rooflines({ group: { problem }, heats }: GroupResult): Roofline[] {
  const measurements = heats.find((all) => all.some(({ kind }) => kind === 'copy')) ?? [];
  const cores = [...new Set(measurements.map((row) => row.cores))];
  return cores.flatMap((count) => {
    const ours = find(measurements, { cores: count });
    const plain = measurements.filter((row) => row.kind === 'c++' && row.cores === count);
    const copies = measurements.filter((row) => row.kind === 'copy' && row.cores === count);
    if (!ours || plain.length === 0 || copies.length === 0) return [];
    const copyGBs = Math.max(...copies.map(bandwidth));
    return [
      {
        work: title(problem),
        cores: count,
        copyGBs,
        // A copy of the field may stay in cache where the working set of the workload does not; then this is optimistic.
        sweepAtBest: ((bytesPerPoint(problem) / copyGBs) * elements(problem.shape)) / points(problem),
        plain: Math.min(...plain.map((row) => median(row.samples))),
        ours: median(ours.samples),
      },
    ];
  });
}
