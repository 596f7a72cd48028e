/** What the halo exchange benchmark measures; known to who starts it and to the ranks. */

export const MESSAGE_BYTES = [8, 128, 1024, 8192, 65536, 524288, 4194304] as const;
export const ROUNDS = 9;

/** Steps of one round: fewer of the large ones. */
export function exchangeSteps(bytes: number): number {
  return Math.max(20, Math.min(2000, Math.round(2e7 / (bytes + 5000))));
}
