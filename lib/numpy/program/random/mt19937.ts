/**
 * The Mersenne Twister (Matsumoto and Nishimura 1998) as np.random.seed starts it: a seed in, NumPy's bits out.
 */
import type { BitGenerator } from './bits.js';

const [LENGTH, SHIFT] = [624, 397];

export class MT19937 implements BitGenerator {
  readonly #key = new Uint32Array(LENGTH);
  #next = LENGTH;

  /** `seed`: 0 to 2^32 - 1. */
  constructor(seed: number) {
    let x = seed >>> 0;
    for (let i = 0; i < LENGTH; i++) {
      this.#key[i] = x;
      x = (Math.imul(1812433253, x ^ (x >>> 30)) + i + 1) >>> 0;
    }
  }

  next32(): number {
    if (this.#next === LENGTH) this.#twist();
    let y = this.#key[this.#next++] ?? 0;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  nextDouble(): number {
    const [high, low] = [this.next32() >>> 5, this.next32() >>> 6];
    return (high * 67108864 + low) / 9007199254740992;
  }

  #twist(): void {
    const key = this.#key;
    for (let i = 0; i < LENGTH; i++) {
      const y = ((key[i] ?? 0) & 0x80000000) | ((key[(i + 1) % LENGTH] ?? 0) & 0x7fffffff);
      key[i] = (key[(i + SHIFT) % LENGTH] ?? 0) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }
}
