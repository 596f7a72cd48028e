/** Measurements in; for each target what was measured, what is wanted and whether it is met. Information, no verdict. */
import type { Measurement, SizeResult } from './measure.js';
import type { RowKind } from './rows.js';
import { median } from './statistics.js';

export interface Figures {
  readonly sizes: readonly SizeResult[];
  /** µs per recorded iterate. */
  readonly recording: readonly number[];
  /** ms, each sample a fresh process. */
  readonly firstUse: { readonly cold: readonly number[]; readonly warm: readonly number[] };
  /** MB, one sample per rank; undefined without mpirun. */
  readonly memory: readonly number[] | undefined;
}

export interface Target {
  readonly name: string;
  readonly value: string;
  readonly limit: string;
  readonly met: boolean;
}

/** The C++ row with the least median on as many cores. */
export function better(result: SizeResult, cores: number): Measurement | undefined {
  return result.measurements
    .filter(({ row }) => row.kind === 'c++' && row.cores === cores)
    .sort((a, b) => median(a.samples) - median(b.samples))[0];
}

/** Median of the ratios within each round: what slows a whole round drops out. */
export function ratio(samples: readonly number[], reference: readonly number[]): number {
  return median(samples.map((value, round) => value / (reference[round] ?? Number.NaN)));
}

export function targets({ sizes, recording, firstUse, memory }: Figures): Target[] {
  return [
    ...sizes.flatMap((result) => [
      ...against(result, 'ours', 1),
      ...against(result, 'ours', 2),
      ...against(result, 'ours-ranks', 2),
      ...(result.n === 1024 ? [...speedup(result, 'ours'), ...speedup(result, 'ours-ranks')] : []),
    ]),
    atMost('one recorded iterate', median(recording), 10, 'µs'),
    atMost('first result, cold', median(firstUse.cold), 250, 'ms'),
    atMost('first result, disk cache', median(firstUse.warm), 60, 'ms'),
    ...(memory ? [atMost('memory per rank beyond fields', Math.max(...memory), 60, 'MB')] : []),
  ];
}

function against(result: SizeResult, kind: RowKind, cores: number): Target[] {
  const ours = find(result, kind, cores);
  const reference = better(result, cores);
  if (!ours || !reference) return [];
  const value = ratio(ours.samples, reference.samples);
  const name = `N = ${result.n}: ${ours.row.name} / better C++`;
  return [{ name, value: value.toFixed(2), limit: '≤ 1.10', met: value <= 1.1 }];
}

function speedup(result: SizeResult, kind: RowKind): Target[] {
  const one = find(result, 'ours', 1);
  const two = find(result, kind, 2);
  if (!one || !two) return [];
  const value = ratio(one.samples, two.samples);
  return [
    {
      name: `N = ${result.n}: ${two.row.name}, speed-up over one`,
      value: value.toFixed(2),
      limit: '≥ 1.70',
      met: value >= 1.7,
    },
  ];
}

function find(result: SizeResult, kind: RowKind, cores: number): Measurement | undefined {
  return result.measurements.find(({ row }) => row.kind === kind && row.cores === cores);
}

function atMost(name: string, value: number, limit: number, unit: string): Target {
  return { name, value: `${value.toFixed(1)} ${unit}`, limit: `≤ ${limit} ${unit}`, met: value <= limit };
}
