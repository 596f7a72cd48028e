/**
 * PCG XSL RR 128/64 (O'Neill 2014), and the SeedSequence that starts it: seeds in, the bits of NumPy's default_rng out.
 * The 128 bits of its state are eight limbs of 16, whose products are exact in a number.
 */
import type { BitGenerator } from './bits.js';

const LIMBS = 8;

/** Least limb first. */
function limbsOf(value: bigint): Uint32Array {
  return Uint32Array.from({ length: LIMBS }, (_, i) => Number((value >> BigInt(16 * i)) & 0xffffn));
}

const MULTIPLIER = limbsOf((2549297995355413924n << 64n) | 4865540595714422341n);

export class PCG64 implements BitGenerator {
  readonly #state: Uint32Array;
  readonly #increment: Uint32Array;
  readonly #product = new Float64Array(LIMBS);
  /** The upper half of a number whose lower one has been given. */
  #half: number | undefined;
  #high = 0;
  #low = 0;

  constructor(entropy: readonly bigint[]) {
    const [a = 0n, b = 0n, c = 0n, d = 0n] = wordsOf(entropy);
    const mask = (1n << 128n) - 1n;
    const increment = ((((c << 64n) | d) << 1n) | 1n) & mask;
    this.#increment = limbsOf(increment);
    this.#state = limbsOf((increment + ((a << 64n) | b)) & mask);
    this.#step();
  }

  next32(): number {
    const half = this.#half;
    if (half !== undefined) {
      this.#half = undefined;
      return half;
    }
    this.#next();
    this.#half = this.#high;
    return this.#low;
  }

  nextDouble(): number {
    this.#next();
    return (this.#high * 2 ** 21 + (this.#low >>> 11)) / 2 ** 53;
  }

  /** 64 bits more, into #high and #low. */
  #next(): void {
    this.#step();
    const s = this.#state;
    const word = (i: number): number => ((s[2 * i] ?? 0) | ((s[2 * i + 1] ?? 0) << 16)) >>> 0;
    const [low, high] = [(word(0) ^ word(2)) >>> 0, (word(1) ^ word(3)) >>> 0];
    const turn = word(3) >>> 26;
    const by = turn & 31;
    const [x, y] = turn & 32 ? [low, high] : [high, low];
    this.#high = by === 0 ? x : ((x >>> by) | (y << (32 - by))) >>> 0;
    this.#low = by === 0 ? y : ((y >>> by) | (x << (32 - by))) >>> 0;
  }

  /** state = state * multiplier + increment */
  #step(): void {
    const [state, product] = [this.#state, this.#product];
    for (let i = 0; i < LIMBS; i++) product[i] = this.#increment[i] ?? 0;
    for (let i = 0; i < LIMBS; i++) {
      const x = state[i] ?? 0;
      for (let j = 0; i + j < LIMBS; j++) product[i + j] = (product[i + j] ?? 0) + x * (MULTIPLIER[j] ?? 0);
    }
    let carry = 0;
    for (let i = 0; i < LIMBS; i++) {
      const sum = (product[i] ?? 0) + carry;
      carry = Math.floor(sum / 65536);
      state[i] = sum - carry * 65536;
    }
  }
}

/** np.random.SeedSequence(entropy).generate_state(4, np.uint64) */
function wordsOf(entropy: readonly bigint[]): bigint[] {
  const given = entropy.flatMap((value) => {
    const words = [Number(value & 0xffffffffn)];
    for (let rest = value >> 32n; rest > 0n; rest >>= 32n) words.push(Number(rest & 0xffffffffn));
    return words;
  });
  const mixed = (value: number): number => (value ^ (value >>> 16)) >>> 0;
  const hash = (start: number, by: number) => {
    let constant = start;
    return (value: number): number => {
      const x = value ^ constant;
      constant = Math.imul(constant, by);
      return mixed(Math.imul(x, constant));
    };
  };
  const mix = (x: number, y: number): number => mixed(Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y));
  const into = hash(0x43b0d7e5, 0x931e8875);
  const pool = [0, 1, 2, 3].map((i) => into(given[i] ?? 0));
  for (let from = 0; from < 4; from++)
    for (let to = 0; to < 4; to++) if (from !== to) pool[to] = mix(pool[to] ?? 0, into(pool[from] ?? 0));
  for (const word of given.slice(4)) for (let to = 0; to < 4; to++) pool[to] = mix(pool[to] ?? 0, into(word));
  const out = hash(0x8b51f9dd, 0x58f38ded);
  const words = Array.from({ length: 8 }, (_, i) => BigInt(out(pool[i % 4] ?? 0)));
  return [0, 2, 4, 6].map((i) => ((words[i + 1] ?? 0n) << 32n) | (words[i] ?? 0n));
}
