/**
 * Rows and a size in; every row's samples out. All peers are alive at once and take turns (round-robin, another one
 * first each round), so that a neighbour's noise meets them all alike. Checksums are compared before and after.
 */

import type { Row } from './rows.js';
import { checksum, initialData } from './workload.js';

export interface Measurement {
  readonly row: Row;
  /** ns per point and step, one sample per round. */
  readonly samples: readonly number[];
  /** Of ours: shares of that time which the (first rank's) executor spent in kernels and in exchange. */
  readonly shares?: { readonly compute: number; readonly exchange: number };
}

export interface SizeResult {
  readonly n: number;
  readonly steps: number;
  readonly checksum: string;
  readonly measurements: readonly Measurement[];
}

export class ChecksumError extends Error {}

/**
 * Steps that take the C++ loop about 0.3 s on one core, an even number of at least 4: long enough that waking up, and
 * JavaScript that has not been optimised yet, do not decide.
 */
export function stepsFor(n: number): number {
  return Math.max(4, 2 * Math.round(0.3 / (2 * n * n * (n <= 1024 ? 0.35e-9 : 0.9e-9))));
}

export async function measure(rows: readonly Row[], n: number, rounds: number): Promise<SizeResult> {
  const steps = stepsFor(n);
  const agreed = await verify(rows, n, steps);
  await warnOfSpinning(rows);
  const samples = rows.map((): number[] => []);
  const before = await Promise.all(rows.map(engineSeconds));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < rows.length; turn++) {
      const which = (turn + round) % rows.length;
      const row = rows[which];
      if (!row) continue;
      const seconds = await row.peer.seconds(`run ${steps} ${row.cores}`);
      const points = row.kind === 'copy' ? n * n : (n - 2) * (n - 2);
      samples[which]?.push((seconds * 1e9) / (steps * points));
    }
  }
  const after = await Promise.all(rows.map(engineSeconds));
  await verify(rows, n, steps);
  const measurements = rows.map((row, i): Measurement => {
    const times = samples[i] ?? [];
    const [was, is] = [before[i], after[i]];
    if (!was || !is) return { row, samples: times };
    const total = times.reduce((sum, time) => sum + time, 0) * 1e-9 * steps * (n - 2) * (n - 2);
    const shares = { compute: (is.compute - was.compute) / total, exchange: (is.exchange - was.exchange) / total };
    return { row, samples: times, shares };
  });
  return { n, steps, checksum: agreed, measurements };
}

/** What the engine of ours says about itself. */
async function engineSeconds({ kind, peer }: Row): Promise<{ compute: number; exchange: number } | undefined> {
  if (kind !== 'ours' && kind !== 'ours-ranks') return undefined;
  const [compute = 0, exchange = 0] = (await peer.ask('stats')).split(' ').map(Number);
  return { compute, exchange };
}

/** Every row from the initial data, `steps` steps: all must agree to the bit; a copy must equal the initial data. */
async function verify(rows: readonly Row[], n: number, steps: number): Promise<string> {
  const initial = checksum(initialData(n));
  const answers: { row: Row; sum: string }[] = [];
  for (const row of rows) {
    const answer = await row.peer.ask(`setup ${n}`);
    if (answer !== 'ok') throw new Error(`${row.name} answered "${answer}" to setup ${n}`);
    await row.peer.seconds(`run ${steps} ${row.cores}`);
    answers.push({ row, sum: await row.peer.ask('checksum') });
  }
  const expected = answers.find(({ row }) => row.kind === 'c++')?.sum;
  const wrong = answers.filter(({ row, sum }) => sum !== (row.kind === 'copy' ? initial : expected));
  if (expected === undefined || wrong.length > 0) {
    const lines = answers.map(({ row, sum }) => `  ${sum}  ${row.name}`);
    throw new ChecksumError(
      `N = ${n}, ${steps} steps: checksums differ (initial data ${initial})\n${lines.join('\n')}`,
    );
  }
  return expected;
}

/** A peer that busy-waits while it has nothing to do takes the core from the one that is timed. */
async function warnOfSpinning(rows: readonly Row[]): Promise<void> {
  const peers = [...new Set(rows.map((row) => row.peer))];
  const before = peers.map((peer) => peer.cpuSeconds());
  const idle = 0.5;
  await new Promise((resolve) => setTimeout(resolve, idle * 1000));
  for (const [i, peer] of peers.entries()) {
    const used = peer.cpuSeconds() - (before[i] ?? 0);
    if (used > 0.1 * idle) {
      process.stderr.write(`note: ${peer.name} used ${Math.round((100 * used) / idle)} % of a core while idle\n`);
    }
  }
}
