/** What draws random numbers from: a source of bits in; whole numbers of a range, evenly distributed as NumPy does it, out. */

export interface BitGenerator {
  /** 0 to 2^32 - 1. */
  next32(): number;
  /** 0 to 1 without 1, of 53 bits. */
  nextDouble(): number;
}

const ALL = 0xffffffff;

/** 0 to `most`: bits under a mask, until they fit (RandomState). */
export function masked(bits: BitGenerator, most: number): number {
  if (most === 0) return 0;
  const mask = 2 ** (32 - Math.clz32(most)) - 1;
  for (;;) {
    const value = (bits.next32() & mask) >>> 0;
    if (value <= most) return value;
  }
}

/** 0 to `most` by one multiplication (Lemire 2019), as Generator does it. */
export function multiplied(bits: BitGenerator, most: number): number {
  if (most === 0) return 0;
  if (most === ALL) return bits.next32();
  const count = BigInt(most + 1);
  const threshold = BigInt((ALL - most) % (most + 1));
  for (;;) {
    const product = BigInt(bits.next32()) * count;
    if ((product & 0xffffffffn) >= threshold) return Number(product >> 32n);
  }
}
