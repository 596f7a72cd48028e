/** What every peer computes: initial data and checksum, as in peers/protocol.h, for peers written in TypeScript. */

/** Initial value of point (i, j), boundary included: exact in every language, nowhere denormal. */
export function initial(i: number, j: number): number {
  return ((7 * i + 13 * j) % 101) / 101;
}

export function initialData(n: number): Float64Array {
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) data[i * n + j] = initial(i, j);
  return data;
}

/** Sum over the field's 32-bit words of word * (2 * index + 1), modulo 2^32, as 8 hex digits. */
export function checksum(field: Float64Array): string {
  const words = new Uint32Array(field.buffer, field.byteOffset, field.length * 2);
  let sum = 0;
  for (let k = 0; k < words.length; k++) sum = (sum + Math.imul(words[k] ?? 0, 2 * k + 1)) | 0;
  return (sum >>> 0).toString(16).padStart(8, '0');
}
