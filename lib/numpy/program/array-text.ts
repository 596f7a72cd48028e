/**
 * Arrays to text as NumPy prints them (numpy/_core/arrayprint.py, with its usual options): elements in, brackets and
 * columns out. Of more than 1000 elements only three at each end of every dimension are asked for.
 */
import type { DType } from '../../../jit/program.js';
import type { AnyArray } from '../../dtype.js';
import { fixed, scientific, shortest } from './decimal.js';

const [THRESHOLD, EDGE, PRECISION, WIDTH] = [1000, 3, 8, 75];

/** How many positions at either end of each dimension are shown; undefined: all. */
export function shownEnds(shape: readonly number[]): number | undefined {
  return shape.reduce((product, n) => product * n, 1) > THRESHOLD ? EDGE : undefined;
}

/** `data`: what is shown of an array of this shape, in C order: no more of each dimension than its ends. */
export function arrayText(shape: readonly number[], dtype: DType, data: AnyArray): string {
  if (shape.includes(0)) return '[]';
  const words = elementTexts(dtype, data);
  const edge = shownEnds(shape);
  const extents = shape.map((n) => (edge === undefined ? n : Math.min(n, 2 * edge)));

  function nested(axis: number, offset: number, indent: string, width: number): string {
    const n = extents[axis];
    if (n === undefined) return words[offset] ?? '';
    const inner = extents.slice(axis + 1).reduce((product, m) => product * m, 1);
    const item = (i: number): string => nested(axis + 1, offset + i * inner, `${indent} `, width - 1);
    const cut = n < (shape[axis] ?? n) ? EDGE : undefined;
    const items = Array.from({ length: n }, (_, i) => item(i));
    if (cut !== undefined) items.splice(cut, 0, '...');
    const last = axis === extents.length - 1;
    const text = last
      ? inLines(items, indent, width - 1)
      : indent + items.join('\n'.repeat(extents.length - axis - 1) + indent);
    return `[${text.slice(indent.length)}]`;
  }

  return nested(0, 0, ' ', WIDTH);
}

function inLines(words: readonly string[], indent: string, width: number): string {
  let [text, line] = ['', indent];
  words.forEach((word, i) => {
    if (line.length + word.length > width && line.length > indent.length) {
      text += `${line.trimEnd()}\n`;
      line = indent;
    }
    line += i + 1 < words.length ? `${word} ` : word;
  });
  return text + line;
}

function elementTexts(dtype: DType, data: AnyArray): string[] {
  const elements: (number | bigint)[] = [...data];
  if (dtype === 'bool') return elements.map((x) => (x ? ' True' : 'False'));
  if (dtype === 'f64' || dtype === 'f32') return floatTexts(elements.map(Number), dtype === 'f32');
  const words = elements.map(String);
  const width = Math.max(...words.map((word) => word.length));
  return words.map((word) => word.padStart(width));
}

function floatTexts(values: readonly number[], single: boolean): string[] {
  const round = (x: number): number => (single ? Math.fround(x) : x);
  const finite = values.filter(Number.isFinite);
  const sizes = finite.map(Math.abs).filter((x) => x !== 0);
  const [most, least] = [Math.max(...sizes), Math.min(...sizes)];
  const exponents = sizes.length > 0 && (most >= 1e8 || least < round(0.0001) || round(most / least) > 1000);
  const parts = new Map(finite.map((x) => [textKey(x), exponents ? withExponent(x, single) : positional(x, single)]));
  const longest = (of: (part: Parts) => string): number =>
    Math.max(0, ...[...parts.values()].map((part) => of(part).length));
  const [fraction, power] = [longest((part) => part.fraction), longest((part) => part.power)];
  const right = fraction + power;
  let left = longest((part) => part.whole);
  for (const x of values) {
    if (Number.isNaN(x)) left = Math.max(left, 3 - right - 1);
    else if (!Number.isFinite(x))
      left = Math.max(left, (values.includes(Number.NEGATIVE_INFINITY) ? 4 : 3) - right - 1);
  }
  return values.map((x) => {
    const part = parts.get(textKey(x));
    if (!part) return (Number.isNaN(x) ? 'nan' : x < 0 ? '-inf' : 'inf').padStart(left + right + 1);
    // With exponents as many digits as the longest has: beyond its shortest ones those that an f32 really has.
    const digits = exponents ? digitsOf(x, fraction) : part.fraction.padEnd(fraction);
    return `${part.whole.padStart(left)}.${digits}${padPower(part.power, power)}`;
  });
}

/** A Map takes -0 for 0. */
function textKey(x: number): string {
  return Object.is(x, -0) ? '-0' : String(x);
}

/** e+05 among e+100 is e+005. */
function padPower(power: string, length: number): string {
  return length === 0 ? '' : `${power.slice(0, 2)}${power.slice(2).padStart(length - 2, '0')}`;
}

interface Parts {
  readonly whole: string;
  /** After the point, without zeros at the end. */
  readonly fraction: string;
  /** 'e+05', or nothing. */
  readonly power: string;
}

function positional(x: number, single: boolean): Parts {
  const { digits, exponent } = shortest(x, single);
  const sign = x < 0 || Object.is(x, -0) ? '-' : '';
  const places = Math.max(0, digits.length - 1 - exponent);
  if (places > PRECISION) {
    const [whole = '', fraction = ''] = fixed(x, PRECISION).split('.');
    return { whole: sign + whole, fraction: fraction.replace(/0+$/, ''), power: '' };
  }
  const all = exponent < 0 ? '0'.repeat(-exponent) + digits : digits.padEnd(exponent + 1, '0');
  const point = Math.max(exponent, 0) + 1;
  return { whole: sign + all.slice(0, point), fraction: all.slice(point).replace(/0+$/, ''), power: '' };
}

function withExponent(x: number, single: boolean): Parts {
  const { digits, exponent } = shortest(x, single);
  const sign = x < 0 || Object.is(x, -0) ? '-' : '';
  const rounded = digits.length - 1 > PRECISION;
  const text = rounded ? scientific(x, PRECISION, 'e') : '';
  const [mantissa = '', power = ''] = text.split('e');
  const own = `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  return {
    whole: sign + (rounded ? mantissa.slice(0, 1) : digits.slice(0, 1)),
    fraction: (rounded ? mantissa.slice(2) : digits.slice(1)).replace(/0+$/, ''),
    power: `e${rounded ? power : own}`,
  };
}

/** So many digits after the first. */
function digitsOf(x: number, count: number): string {
  return count === 0 ? '' : scientific(x, count, 'e').slice(2, 2 + count);
}
