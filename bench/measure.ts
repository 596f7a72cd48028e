/**
 * Rows in; every row's samples out. All peers are alive at once and take turns (round-robin, another one first each
 * round), so that a neighbour's noise meets them all alike. Checksums are compared before the timed rounds and after
 * them, with the reference's: no time leaves here of a peer that has computed something else.
 */
import { agrees, type Checksum, parseChecksum } from './checksum.js';
import type { Contestant, Row } from './contestants.js';
import type { Peer } from './peer.js';
import type { Reference } from './reference.js';
import { describe, elements, type Problem, points, WORKLOADS } from './workloads.js';

export interface Measurement extends Contestant {
  /** ns per point and step, one sample per round. */
  readonly samples: readonly number[];
  /** Steps of a sample. */
  readonly steps: number;
  /** Of ours: shares of that time which the (first rank's) executor spent in kernels and in exchange. */
  readonly shares?: { readonly compute: number; readonly exchange: number };
}

export interface MeasureOptions {
  readonly rounds: number;
  /** Steps of a sample, for all that are not slow; default: as many as take C++ about `seconds`. */
  readonly steps?: number;
  /** Seconds a sample takes about, on one core (0.3). */
  readonly seconds?: number;
  /** Most steps before the timed rounds, of those that are not slow. */
  readonly verified?: number;
}

export class ChecksumError extends Error {}

/** Slow peers show what they compute in so many steps. */
const SLOW_STEPS = 2;
/** Before the timed rounds, more steps than this (or than the least of a large problem) show nothing new. */
const MOST_VERIFIED_STEPS = 200;

/**
 * Long enough that waking up, and JavaScript that has not been optimised yet, do not decide; an even number, because
 * what exchanges two fields repeats after two.
 */
export function stepsFor(problem: Problem, seconds: number): number {
  const { cost, leastSteps } = WORKLOADS[problem.workload];
  const fit = (seconds * 1e9) / (cost * (inCache(problem) ? 0.4 : 1) * elements(problem.shape));
  return Math.max(leastSteps, 2 * Math.round(fit / 2));
}

function inCache({ workload, shape }: Problem): boolean {
  return elements(shape) * WORKLOADS[workload].traffic * 8 < 32e6;
}

export async function measure(
  rows: readonly Row[],
  reference: Reference,
  { rounds, steps: given, seconds = 0.3, verified: most }: MeasureOptions,
): Promise<Measurement[]> {
  const planned = rows.map((row) => given ?? stepsFor(row.problem, seconds));
  const verified = rows.map(({ slow, problem }, i) =>
    slow ? SLOW_STEPS : Math.min(planned[i] ?? 0, most ?? verifiedSteps(problem)),
  );
  // Steps since the setup of each peer, which rows may share.
  const taken = new Map<Peer, number>();
  const first = await verifyBegin(rows, reference, verified, taken);
  const steps = rows.map((row, i) =>
    row.slow ? Math.max(1, Math.min(planned[i] ?? 1, Math.round(seconds / (first[i] ?? 1)))) : (planned[i] ?? 1),
  );
  await reference.free();
  await warnOfSpinning(rows);
  const samples = rows.map((): number[] => []);
  const shares = rows.map(() => ({ compute: 0, exchange: 0, total: 0 }));
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
  await verifyEnd(rows, reference, taken);
  return rows.map(({ peer: _peer, tolerance: _tolerance, slow: _slow, ...contestant }, i) => {
    const { compute, exchange, total } = shares[i] ?? { compute: 0, exchange: 0, total: 1 };
    const result = { ...contestant, samples: samples[i] ?? [], steps: steps[i] ?? 0 };
    if (contestant.kind !== 'ours') return result;
    return { ...result, shares: { compute: compute / total, exchange: exchange / total } };
  });
}

function runCommand({ cores, mode }: Row, steps: number): string {
  return `run ${steps} ${cores} ${mode ?? ''}`.trimEnd();
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

/** Every peer from the initial data, each row some steps: seconds per step. */
async function verifyBegin(
  rows: readonly Row[],
  reference: Reference,
  steps: readonly number[],
  taken: Map<Peer, number>,
): Promise<number[]> {
  const seconds: number[] = [];
  const wrong: string[] = [];
  for (const [i, row] of rows.entries()) {
    const { peer, problem, name } = row;
    const before = taken.get(peer) ?? 0;
    const count = steps[i] ?? 0;
    taken.set(peer, before + count);
    const expected = await expectedOf(row, reference, before + count);
    if (before === 0) {
      const answer = await peer.ask(`setup ${describe(problem)}`);
      if (answer !== 'ok') throw new Error(`${name} answered "${answer}" to setup ${describe(problem)}`);
    }
    seconds.push((await peer.seconds(runCommand(row, count))) / count);
    wrong.push(...difference(row, before + count, parseChecksum(await peer.ask('checksum')), expected));
  }
  if (wrong.length > 0) throw new ChecksumError(`checksums differ\n${wrong.join('\n')}`);
  return seconds;
}

/** Every peer after all steps that were timed; each gives its memory back, then the reference repeats what it did. */
async function verifyEnd(rows: readonly Row[], reference: Reference, taken: ReadonlyMap<Peer, number>): Promise<void> {
  const found: { row: Row; count: number; sum: Checksum }[] = [];
  for (const peer of peersOf(rows)) {
    const row = rows.find((each) => each.peer === peer);
    const sum = parseChecksum(await peer.ask('checksum'));
    await peer.ask('free');
    if (row) found.push({ row, count: taken.get(peer) ?? 0, sum });
  }
  const wrong: string[] = [];
  for (const { row, count, sum } of found.sort((a, b) => a.count - b.count)) {
    wrong.push(...difference(row, count, sum, await expectedOf(row, reference, count)));
  }
  await reference.free();
  if (wrong.length > 0) throw new ChecksumError(`checksums differ after the timed rounds\n${wrong.join('\n')}`);
}

/** A copy must equal the initial data, all else what the reference computes. */
function expectedOf({ kind, problem }: Row, reference: Reference, steps: number): Promise<Checksum> {
  return reference.checksum(problem, kind === 'copy' ? 0 : steps);
}

function difference({ name, problem, tolerance }: Row, steps: number, found: Checksum, expected: Checksum): string[] {
  if (agrees(found, expected, tolerance)) return [];
  const allowed = tolerance === 0 ? 'the same bits' : `squares within ${tolerance}`;
  const [mine, right] = [found, expected].map(({ bits, squares }) => `${bits} ${squares}`);
  return [`  ${describe(problem)}, ${steps} steps: ${name} has ${mine}, the reference ${right} (wanted: ${allowed})`];
}

function peersOf(rows: readonly Row[]): Peer[] {
  return [...new Set(rows.map((row) => row.peer))];
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
