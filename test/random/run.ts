/** A seed and a number of programs in; the first that fails, shrunk, as a text (or null) out. Collective. */
import fc from 'fast-check';
import { Grid } from 'quadrille';
import { MOST_THREADS } from '../spmd/setup.js';
import { check, describeProgram } from './check.js';
import { randomPrograms } from './generate.js';
import { NumpyProcess } from './numpy-process.js';
import type { RandomProgram } from './program.js';

export interface Runs {
  readonly seed: number;
  readonly count: number;
  /** Ask NumPy, too. */
  readonly numpy: boolean;
  /** Look for the smallest program that fails (true): takes a while. */
  readonly shrink?: boolean;
  /** Told of each program before it runs. */
  readonly begins?: (program: RandomProgram) => void;
}

export async function runPrograms({ seed, count, numpy, shrink = true, begins }: Runs): Promise<string | null> {
  // The engine starts with as many threads as any program will ask for.
  new Grid([1], { threads: MOST_THREADS }).field();
  const python = numpy ? NumpyProcess.start() : null;
  try {
    const property = fc.asyncProperty(randomPrograms, async (program) => {
      begins?.(program);
      const difference = await check(program, { numpy: python });
      if (difference !== null) throw new Error(difference);
    });
    const result = await fc.check(property, { seed, numRuns: count, endOnFailure: !shrink });
    if (!result.failed) return null;
    const [program] = result.counterexample ?? [];
    const { errorInstance: error } = result;
    const shown = program ? describeProgram(program) : '';
    return `seed ${seed}, program ${result.numRuns}, shrunk ${result.numShrinks} times:\n${shown}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  } finally {
    python?.stop();
  }
}
