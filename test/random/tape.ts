/** Small numbers in, choices out: each is read off the tape, 0 being the simplest, so that shrinking it shrinks what was made. */
export class Tape {
  #at = 0;
  constructor(readonly values: readonly number[]) {}

  /** A whole number in [0, below). */
  next(below: number): number {
    const value = this.values[this.#at++] ?? 0;
    return below > 0 ? value % below : 0;
  }

  /** One time in so many; never for a tape that has run out. */
  rarely(outOf: number): boolean {
    return this.next(outOf) === outOf - 1;
  }

  pick<const T>(choices: readonly [T, ...(readonly T[])]): T {
    return choices[this.next(choices.length)] ?? choices[0];
  }

  /** The numbers below n in some order. */
  shuffled(n: number): number[] {
    const list = Array.from({ length: n }, (_, k) => k);
    for (let k = 0; k + 1 < n; k++) {
      const other = k + this.next(n - k);
      [list[k], list[other]] = [list[other] ?? 0, list[k] ?? 0];
    }
    return list;
  }
}
