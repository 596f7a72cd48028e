/** What two systems saved in, how far apart it is out. */
import type { NpyData } from '../../lib/io/npy.js';

/** The largest difference, as a share of the largest number; NaN where one has it, infinite if the lengths differ. */
export function farthest(ours: NpyData, theirs: NpyData): number {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY;
  let [most, largest] = [0, 0];
  ours.forEach((x, i) => {
    most = Math.max(most, Math.abs(Number(x) - Number(theirs[i])));
    largest = Math.max(largest, Math.abs(Number(x)));
  });
  return most / largest;
}
