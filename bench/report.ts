/** Measurements in; a table for people out, and the ratios that the targets speak of. */
import type { Measurement } from './measure.js';
import { median, spread } from './statistics.js';
import { formatTable } from './table.js';
import { bytesPerPoint, title } from './workloads.js';

/** The plain C++ row with the least median on as many cores, of the same problem. */
export function plainCpp(
  all: readonly Measurement[],
  like: Pick<Measurement, 'cores' | 'problem'>,
): Measurement | undefined {
  return all
    .filter(
      ({ kind, cores, problem }) => kind === 'c++' && cores === like.cores && title(problem) === title(like.problem),
    )
    .sort((a, b) => median(a.samples) - median(b.samples))[0];
}

/** Median of the ratios within each round: what slows a whole round drops out. */
export function ratio(samples: readonly number[], reference: readonly number[]): number {
  return median(ratios(samples, reference));
}

export function ratios(samples: readonly number[], reference: readonly number[]): number[] {
  return samples.map((value, round) => value / (reference[round] ?? Number.NaN));
}

/** How many times faster than the best plain C++ on as many cores, and half the interquartile range of that. */
export function speedup(of: Measurement, all: readonly Measurement[]): { value: number; spread: number } | undefined {
  const reference = plainCpp(all, of);
  if (!reference || of.kind === 'copy') return undefined;
  const values = ratios(reference.samples, of.samples);
  return { value: median(values), spread: spread(values) };
}

/** Least bytes per second: what had to move, whatever caches and write-allocation add. GB/s. */
export function bandwidth({ kind, problem, samples }: Measurement): number {
  const bytes = kind === 'copy' ? 2 * (problem.dtype === 'f64' ? 8 : 4) : bytesPerPoint(problem);
  return bytes / median(samples);
}

export function formatMeasurements(heading: string, all: readonly Measurement[]): string {
  const mixed = new Set(all.map(({ problem }) => String(problem.shape))).size > 1;
  const header = ['', 'ns/point/step', 'spread', 'GB/s', '× plain C++', 'steps'];
  const order = [...all].sort((a, b) => a.cores - b.cores);
  const rows = order.map((row) => {
    const faster = speedup(row, all);
    return [
      label(row, mixed),
      median(row.samples).toFixed(3),
      percent(row.samples),
      bandwidth(row).toFixed(1),
      faster ? faster.value.toFixed(2) : '',
      String(row.steps),
    ];
  });
  const where = order.flatMap(({ name, shares, ranks }) =>
    shares && ranks ? [`${name}: ${share(shares.compute)} in kernels, ${share(shares.exchange)} in exchange`] : [],
  );
  return [heading, formatTable(header, rows), ...where].join('\n');
}

function label({ name, problem }: Measurement, mixed: boolean): string {
  if (mixed) return `${name}: ${title(problem)}`;
  return problem.dtype === 'f32' ? `${name}, f32` : name;
}

export function percent(samples: readonly number[]): string {
  return `±${(100 * spread(samples)).toFixed(0)} %`;
}

function share(part: number): string {
  return `${(100 * part).toFixed(0)} %`;
}
