/**
 * Rows in; every row's samples out. All peers are alive at once and take turns (round-robin, another one first each
 * round), so that a neighbour's noise meets them all alike. Checksums are compared before the timed rounds and after
 * them, with the reference's: no time leaves here of a peer that has computed something else.
 */
import type { Contestant, Row } from './contestants.js';
import { Disturbance } from './disturbance.js';
import type { Peer } from './peer.js';
import type { Reference } from './reference.js';
import { peersOf, runCommand, verifyBegin, verifyEnd } from './verify.js';
import { elements, type Problem, points, WORKLOADS } from './workloads.js';

export interface Measurement extends Contestant {
  /** ns per point and step, one sample per round. */
  readonly samples: readonly number[];
  /** Steps of a sample. */
  readonly steps: number;
  /** Of ours: shares of that time which the (first rank's) executor spent in kernels and in exchange. */
  readonly shares?: { readonly compute: number; readonly exchange: number };
  /** Cores that other programs used during the rounds: those of a quiet machine are under TOLERABLE. */
  readonly disturbance: number;
}

/** Cores. */
export const TOLERABLE = 0.1;

export interface MeasureOptions {
  readonly rounds: number;
  /** Steps of a sample, for all that are not slow; default: as many as take C++ about `seconds`. */
  readonly steps?: number;
  /** Seconds a sample takes about, on one core (0.3). */
  readonly seconds?: number;
  /** Most steps before the timed rounds, of those that are not slow. */
  readonly verified?: number;
}

/** Slow peers show what they compute in so many steps. */
const SLOW_STEPS = 2;
/** Before the timed rounds, more steps than this (or than the least of a large problem) show nothing new. */
const MOST_VERIFIED_STEPS = 200;

/** Steps of a sample of what is not tiled in time: enough to hide the first and the last. */
const LEAST_STEPS = 4;

/**
 * Long enough that waking up, and JavaScript that has not been optimised yet, do not decide; an even number, because
 * what exchanges two fields repeats after two.
 */
export function stepsFor({ kind, mode, problem }: Contestant, seconds: number): number {
  const { cost, leastSteps } = WORKLOADS[problem.workload];
  const fit = (seconds * 1e9) / (cost * (inCache(problem) ? 0.4 : 1) * elements(problem.shape));
  return Math.max(kind === 'ours' && mode !== 'sweep' ? leastSteps : LEAST_STEPS, 2 * Math.round(fit / 2));
}

function inCache({ workload, shape }: Problem): boolean {
  return elements(shape) * WORKLOADS[workload].traffic * 8 < 32e6;
}

export async function measure(
  rows: readonly Row[],
  reference: Reference,
  { rounds, steps: given, seconds = 0.3, verified: most }: MeasureOptions,
): Promise<Measurement[]> {
  const planned = rows.map((row) => given ?? stepsFor(row, seconds));
  const verified = rows.map(({ slow, problem }, i) =>
    slow ? SLOW_STEPS : Math.min(planned[i] ?? 0, most ?? verifiedSteps(problem)),
  );
  // Steps since the setup of each peer, which rows may share.
  const taken = new Map<Peer, number>();
  const first = await verifyBegin(rows, reference, verified, taken);
  const steps = rows.map((row, i) =>
    row.slow ? Math.max(1, Math.min(planned[i] ?? 1, Math.round(seconds / (first[i] ?? 1)))) : (planned[i] ?? 1),
  );
  await warnOfSpinning(rows);
  const samples = rows.map((): number[] => []);
  const shares = rows.map(() => ({ compute: 0, exchange: 0, total: 0 }));
  const others = new Disturbance(peersOf(rows));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < rows.length; turn++) {
      const which = (turn + round) % rows.length;
      const [row, count, share] = [rows[which], steps[which], shares[which]];
      if (!row || count === undefined || !share) continue;
      const before = await engineSeconds(row);
      const took = await row.peer.seconds(runCommand(row, count));
      const after = await engineSeconds(row);
      share.compute += after.compute - before.compute;
      share.exchange += after.exchange - before.exchange;
      share.total += took;
      taken.set(row.peer, (taken.get(row.peer) ?? 0) + count);
      samples[which]?.push((took * 1e9) / (count * counted(row)));
    }
  }
  const disturbance = others.cores();
  if (disturbance > TOLERABLE) {
    process.stderr.write(
      `note: other programs used ${disturbance.toFixed(2)} cores meanwhile: do not trust these times\n`,
    );
  }
  await verifyEnd(rows, reference, taken);
  return rows.map(({ peer: _peer, how: _how, tolerance: _tolerance, slow: _slow, ...contestant }, i) => {
    const { compute, exchange, total } = shares[i] ?? { compute: 0, exchange: 0, total: 1 };
    const result = { ...contestant, samples: samples[i] ?? [], steps: steps[i] ?? 0, disturbance };
    if (contestant.kind !== 'ours') return result;
    return { ...result, shares: { compute: compute / total, exchange: exchange / total } };
  });
}

/** Points that a row's time is divided by. */
function counted({ kind, problem }: Row): number {
  return kind === 'copy' ? elements(problem.shape) : points(problem);
}

/** What the engine of ours says about itself. */
async function engineSeconds({ kind, peer }: Row): Promise<{ compute: number; exchange: number }> {
  if (kind !== 'ours') return { compute: 0, exchange: 0 };
  const [compute = 0, exchange = 0] = (await peer.ask('stats')).split(' ').map(Number);
  return { compute, exchange };
}

function verifiedSteps(problem: Problem): number {
  return inCache(problem) ? MOST_VERIFIED_STEPS : WORKLOADS[problem.workload].leastSteps;
}

/** A peer that busy-waits while it has nothing to do takes the core from the one that is timed. */
async function warnOfSpinning(rows: readonly Row[]): Promise<void> {
  const peers = peersOf(rows);
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
