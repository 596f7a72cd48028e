/** Who is invited in; measurements of all of them, in one interleaved run, out. */
import { Contest, type Row } from './contestants.js';
import { type Measurement, type MeasureOptions, measure } from './measure.js';
import type { Reference } from './reference.js';

/** Starts the peers that `invite` asks for, measures them, lets them end. */
export async function meet(
  reference: Reference,
  options: MeasureOptions,
  invite: (peers: Contest) => Promise<Row[]>,
): Promise<Measurement[]> {
  const peers = new Contest();
  try {
    return await measure(await invite(peers), reference, options);
  } finally {
    await peers.end();
  }
}
