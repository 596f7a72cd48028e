/**
 * Rows and the reference in; nothing out if every peer's fields are what the reference computes, else a ChecksumError
 * that names those which are not. Once before anything is timed, and once for the very steps that were.
 */
import { agrees, type Checksum, parseChecksum } from './checksum.js';
import type { Row } from './contestants.js';
import type { Peer } from './peer.js';
import type { Reference } from './reference.js';
import { describe } from './workloads.js';

export class ChecksumError extends Error {}

/** Every peer from the initial data, each row some steps: seconds per step. */
export async function verifyBegin(
  rows: readonly Row[],
  reference: Reference,
  steps: readonly number[],
  taken: Map<Peer, number>,
): Promise<number[]> {
  const runs = rows.map((row, i) => {
    const before = taken.get(row.peer) ?? 0;
    const count = steps[i] ?? 0;
    taken.set(row.peer, before + count);
    return { row, before, count, after: before + count };
  });
  const expected = await expectedOf(
    runs.map(({ row, after }) => [row, after]),
    reference,
  );
  const seconds: number[] = [];
  const wrong: string[] = [];
  for (const [i, { row, before, count, after }] of runs.entries()) {
    const { peer, problem, name } = row;
    if (before === 0) {
      const answer = await peer.ask(`setup ${describe(problem)}`);
      if (answer !== 'ok') throw new Error(`${name} answered "${answer}" to setup ${describe(problem)}`);
    }
    seconds.push((await peer.seconds(runCommand(row, count))) / count);
    wrong.push(...difference(row, after, parseChecksum(await peer.ask('checksum')), expected[i]));
  }
  if (wrong.length > 0) throw new ChecksumError(`checksums differ\n${wrong.join('\n')}`);
  return seconds;
}

/** Every peer after all steps that were timed; each gives its memory back, then the reference repeats what it did. */
export async function verifyEnd(
  rows: readonly Row[],
  reference: Reference,
  taken: ReadonlyMap<Peer, number>,
): Promise<void> {
  const found: { row: Row; steps: number; sum: Checksum }[] = [];
  for (const [peer, steps] of taken) {
    const row = rows.find((each) => each.peer === peer);
    const sum = parseChecksum(await peer.ask('checksum'));
    await peer.ask('free');
    if (row) found.push({ row, steps, sum });
  }
  const expected = await expectedOf(
    found.map(({ row, steps }) => [row, steps]),
    reference,
  );
  const wrong = found.flatMap(({ row, steps, sum }, i) => difference(row, steps, sum, expected[i]));
  if (wrong.length > 0) throw new ChecksumError(`checksums differ after the timed rounds\n${wrong.join('\n')}`);
}

/** A copy must equal the initial data, all else what the reference computes. */
function expectedOf(after: readonly (readonly [Row, number])[], reference: Reference): Promise<Checksum[]> {
  return reference.checksums(after.map(([{ kind, problem }, steps]) => [problem, kind === 'copy' ? 0 : steps]));
}

function difference({ name, problem, tolerance }: Row, steps: number, found: Checksum, expected?: Checksum): string[] {
  if (expected && agrees(found, expected, tolerance)) return [];
  const allowed = tolerance === 0 ? 'the same bits' : `squares within ${tolerance}`;
  const [mine, right] = [found, expected].map((sum) => `${sum?.bits} ${sum?.squares}`);
  return [`  ${describe(problem)}, ${steps} steps: ${name} has ${mine}, the reference ${right} (wanted: ${allowed})`];
}

export function runCommand({ cores, how = '' }: Row, steps: number): string {
  return `run ${steps} ${cores} ${how}`.trimEnd();
}

export function peersOf(rows: readonly Row[]): Peer[] {
  return [...new Set(rows.map((row) => row.peer))];
}
