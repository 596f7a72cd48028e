/** Sizes: a dtype in, bytes out; bytes in, words out. */
import type { DType } from './program.js';

export const BYTES: Readonly<Record<DType, number>> = { f64: 8, i64: 8, f32: 4, i32: 4, bool: 1 };

/** `512 KB`, `3 MB`. */
export function megabytes(bytes: number): string {
  return bytes < 1 << 20 ? `${Math.round(bytes / 1024)} KB` : `${Math.round(bytes / (1 << 20))} MB`;
}
