/** A range of numbers in, the round numbers to write along it out. */

export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** At most `most` (>= 2) multiples of 1, 2 or 5 times a power of ten in [low, high]; for an empty range that number. */
export function ticks(low: number, high: number, most: number): Tick[] {
  if (!(high > low)) return [{ value: low, label: format(low, Math.abs(low)) }];
  const rough = (high - low) / (most - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((candidate) => candidate >= rough * (1 - 1e-12)) ?? 10 * power;
  const slack = step * 1e-9; // 0.3 is 3 x 0.1 only nearly
  const result: Tick[] = [];
  for (let k = Math.ceil((low - slack) / step); k * step <= high + slack; k++) {
    result.push({ value: k * step, label: format(k * step, step) });
  }
  return result;
}

/** As many digits as tell neighbours `step` apart from each other. */
function format(value: number, step: number): string {
  if (value === 0 || step === 0) return '0';
  const size = Math.abs(value);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  if (size >= 1e5 || size < 1e-3) {
    const mantissaDigits = Math.max(0, Math.floor(Math.log10(size) + 1e-9) - Math.floor(Math.log10(step) + 1e-9));
    return value.toExponential(Math.min(mantissaDigits, 6)).replace('e+', 'e');
  }
  return value.toFixed(Math.min(digits, 8));
}
