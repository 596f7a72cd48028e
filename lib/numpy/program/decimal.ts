/** Doubles to decimal digits as CPython writes them: exact, and rounded half to even. */

/** `digits` (of a whole number) times 10 to the `exponent`. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** |x| as a fraction of whole numbers. */
function fraction(x: number): [numerator: bigint, denominator: bigint] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(x));
  const bits = view.getBigUint64(0);
  const biased = Number(bits >> 52n);
  const mantissa = bits & ((1n << 52n) - 1n);
  const whole = biased === 0 ? mantissa : mantissa | (1n << 52n);
  const exponent = Math.max(biased, 1) - 1075;
  return exponent >= 0 ? [whole << BigInt(exponent), 1n] : [whole, 1n << BigInt(-exponent)];
}

function roundHalfEven(numerator: bigint, denominator: bigint): bigint {
  const whole = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  return twice > denominator || (twice === denominator && whole % 2n === 1n) ? whole + 1n : whole;
}

/** |x| * 10 ** places, rounded to a whole number. */
export function scaled(x: number, places: number): bigint {
  const [n, d] = fraction(x);
  return places >= 0 ? roundHalfEven(n * 10n ** BigInt(places), d) : roundHalfEven(n, d * 10n ** BigInt(-places));
}

/** |x| with `places` digits after the point. */
export function fixed(x: number, places: number): string {
  const digits = scaled(x, places)
    .toString()
    .padStart(places + 1, '0');
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** |x| rounded to `count` significant digits. */
export function significant(x: number, count: number): Decimal {
  if (x === 0) return { digits: 0n, exponent: 0 };
  let top = Math.floor(Math.log10(Math.abs(x)));
  for (;;) {
    const digits = scaled(x, count - 1 - top);
    if (digits >= 10n ** BigInt(count)) top++;
    else if (digits < 10n ** BigInt(count - 1)) top--;
    else return { digits, exponent: top };
  }
}

/** |x| as d.ddde+XX. */
export function scientific(x: number, places: number, letter: string): string {
  const { digits, exponent } = significant(x, places + 1);
  const text = digits.toString().padStart(places + 1, '0');
  return `${text.slice(0, 1)}${places > 0 ? `.${text.slice(1)}` : ''}${exponentPart(exponent, letter)}`;
}

/** |x| as printf's %g. `keep`: with trailing zeros and the point. `point`: whole numbers end in '.0' and use one digit. */
export function general(x: number, precision: number, letter: string, keep: boolean, point = false): string {
  const count = Math.max(1, precision);
  const { exponent } = significant(x, count);
  const strip = (text: string): string => {
    if (keep) return text.includes('.') ? text : `${text}.`;
    return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  };
  if (exponent >= -4 && exponent < count - (point ? 1 : 0)) {
    const text = strip(fixed(x, count - 1 - exponent));
    return point && !text.includes('.') ? `${text}.0` : text;
  }
  const [mantissa = ''] = scientific(x, count - 1, letter).split(letter);
  return strip(mantissa) + exponentPart(exponent, letter);
}

function exponentPart(exponent: number, letter: string): string {
  return `${letter}${exponent < 0 ? '-' : '+'}${Math.abs(exponent).toString().padStart(2, '0')}`;
}

/** The shortest digits that give x back, the first one before the point; `single`: as a float32. */
export function shortest(x: number, single = false): { digits: string; exponent: number } {
  let text = Math.abs(x).toExponential();
  for (let count = 0; single; count++) {
    text = scientific(x, count, 'e'); // JavaScript's own rounds halves up
    if (Math.fround(Number(text)) === Math.abs(x)) break;
  }
  const [mantissa = '', power = '0'] = text.split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(power) };
}

/** Python's repr of a float, and NumPy's of a float32 (`single`): the shortest digits that give it back. */
export function reprFloat(x: number, single = false): string {
  if (Number.isNaN(x)) return 'nan';
  if (!Number.isFinite(x)) return x < 0 ? '-inf' : 'inf';
  if (x === 0) return Object.is(x, -0) ? '-0.0' : '0.0';
  const { digits, exponent } = shortest(x, single);
  const sign = x < 0 ? '-' : '';
  // NumPy asks the number, not its digits: float32's 0.0001 is a little less than that.
  if (exponent < -4 || exponent >= 16 || (single && Math.abs(x) < 1e-4)) {
    return `${sign}${digits.slice(0, 1)}${digits.length > 1 ? `.${digits.slice(1)}` : ''}${exponentPart(exponent, 'e')}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}
