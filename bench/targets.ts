/** Measurements in; for each target what was measured, what is wanted and whether it is met. Information, no verdict. */
import type { Measurement } from './measure.js';
import { plainCpp, ratio } from './report.js';
import { median } from './statistics.js';

export interface SizeResult {
  readonly n: number;
  readonly measurements: readonly Measurement[];
}

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

export function targets({ sizes, recording, firstUse, memory }: Figures): Target[] {
  return [
    ...sizes.flatMap((result) => [
      ...against(result, { cores: 1, ranks: false }),
      ...against(result, { cores: 2, ranks: false }),
      ...against(result, { cores: 2, ranks: true }),
      ...(result.n === 1024 ? [false, true].flatMap((ranks) => speedup(result, ranks)) : []),
    ]),
    atMost('one recorded iterate', median(recording), 10, 'µs'),
    atMost('first result, cold', median(firstUse.cold), 250, 'ms'),
    atMost('first result, disk cache', median(firstUse.warm), 60, 'ms'),
    ...(memory ? [atMost('memory per rank beyond fields', Math.max(...memory), 60, 'MB')] : []),
  ];
}

type Which = Pick<Measurement, 'cores' | 'ranks'>;

function against(result: SizeResult, which: Which): Target[] {
  const ours = find(result, which);
  const reference = ours && plainCpp(result.measurements, ours);
  if (!reference) return [];
  const value = ratio(ours.samples, reference.samples);
  const name = `N = ${result.n}: ${ours.name} / better C++`;
  return [{ name, value: value.toFixed(2), limit: '≤ 1.10', met: value <= 1.1 }];
}

function speedup(result: SizeResult, ranks: boolean): Target[] {
  const one = find(result, { cores: 1, ranks: false });
  const two = find(result, { cores: 2, ranks });
  if (!one || !two) return [];
  const value = ratio(one.samples, two.samples);
  const name = `N = ${result.n}: ${two.name}, speed-up over one`;
  return [{ name, value: value.toFixed(2), limit: '≥ 1.70', met: value >= 1.7 }];
}

function find({ measurements }: SizeResult, { cores, ranks }: Which): Measurement | undefined {
  return measurements.find((row) => row.kind === 'ours' && row.cores === cores && row.ranks === ranks);
}

function atMost(name: string, value: number, limit: number, unit: string): Target {
  return { name, value: `${value.toFixed(1)} ${unit}`, limit: `≤ ${limit} ${unit}`, met: value <= limit };
}
