/** Samples in; median and spread out. */

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** Half the interquartile range as a share of the median: 0.02 reads "±2 %". */
export function spread(samples: readonly number[]): number {
  return (quantile(samples, 0.75) - quantile(samples, 0.25)) / 2 / median(samples);
}

function quantile(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  if (below === undefined || above === undefined) throw new RangeError('quantile of no samples');
  return below + (above - below) * (at - Math.floor(at));
}
