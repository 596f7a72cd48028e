/** Fields in, the checksum of peers/checksum.h out; two checksums in, whether their peers computed the same out. */

export interface Checksum {
  /** Over the bits, 8 hex digits. */
  readonly bits: string;
  /** Weighted sum of squares. */
  readonly squares: number;
}

/** Relative difference of the sum of squares that -ffast-math may make, in f64 and f32; the bits must agree otherwise. */
export const FAST_MATH_TOLERANCE = { f64: 1e-11, f32: 1e-6 } as const;

export function parseChecksum(answer: string): Checksum {
  const [bits = '', squares = ''] = answer.split(' ');
  return { bits, squares: Number(squares) };
}

/** tolerance 0: the bits must be the same. */
export function agrees(found: Checksum, expected: Checksum, tolerance: number): boolean {
  if (tolerance === 0) return found.bits === expected.bits;
  return Math.abs(found.squares - expected.squares) <= tolerance * Math.abs(expected.squares);
}

type Row = Float64Array | Float32Array;

/** Of fields one after the other, each with the length of its rows. */
export function checksum(fields: readonly { readonly data: Row; readonly row: number }[]): string {
  let bits = 0;
  let weight = 1;
  let squares = 0;
  let number = 0;
  for (const { data, row } of fields) {
    const words = new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4);
    for (let k = 0; k < words.length; k++) {
      bits = (bits + Math.imul(words[k] ?? 0, weight)) | 0;
      weight = (weight + 2) | 0;
    }
    for (let k = 0; k < data.length; k += row) {
      squares += rowOfSquares(data, k, row, number);
      number = (number + row) % 97;
    }
  }
  return `${(bits >>> 0).toString(16).padStart(8, '0')} ${squares}`;
}

function rowOfSquares(data: Row, from: number, count: number, number: number): number {
  let sum = 0;
  let weight = number;
  for (let k = from; k < from + count; k++) {
    const value = data[k] ?? 0;
    sum += value * value * (1 + weight);
    if (++weight === 97) weight = 0;
  }
  return sum;
}
