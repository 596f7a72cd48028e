/**
 * What is recorded means what NumPy means: cases and random programs, recorded with the public API and interpreted,
 * without native code, compared with NumPy run on the same lines.
 */
import fc from 'fast-check';
import { type DType, type Field, Grid } from 'quadrille';
import { describe, expect, it } from 'vitest';

import { session } from '../../lib/session.js';
import { cases } from '../cases/index.js';
import { installFakeEngine } from '../lib/fake-engine.js';
import { check, describeProgram } from '../random/check.js';
import { randomPrograms } from '../random/generate.js';
import { NumpyProcess } from '../random/numpy-process.js';
import { callsLibrary } from '../random/program.js';
import type { ReferenceArray } from '../reference/array.js';
import { firstDifference } from '../reference/compare.js';
import { Replay } from '../reference/replay.js';
import { MOST_THREADS, setupFrom } from '../spmd/setup.js';
import { pythonWithNumpy, runNumpy } from './numpy.js';

installFakeEngine();
new Grid([1], { threads: MOST_THREADS }).field(); // the engine starts with as many as any case asks for
const seed = Number(process.env.QUADRILLE_SEED ?? 1);
const copyOf = (array: ReferenceArray): ReferenceArray => ({ ...array, data: array.data.slice() });

describe.skipIf(pythonWithNumpy() === null)('the interpreter of what is recorded, compared with NumPy', () => {
  // The 100 steps of 257 x 257 add nothing to those of 64 x 64 here.
  for (const testCase of cases.filter(({ name, numpy }) => numpy && !name.endsWith('-257'))) {
    it(testCase.name, async () => {
      const replay = new Replay();
      const before: ReferenceArray[] = [];
      const transcript = {
        lines: [],
        fields: [] as Field<DType>[],
        begins: (field: Field<DType>) => before.push(copyOf(replay.array(field.storage.id))),
      };
      await testCase.record(setupFrom(seed, transcript));
      session.handOver();
      replay.stop();
      const [results = []] = runNumpy([{ source: transcript.lines.join('\n'), arrays: before }]);
      transcript.fields.forEach((field, k) => {
        const expected = results[k];
        if (!expected) throw new Error('NumPy gave too few arrays');
        expect(
          firstDifference(replay.array(field.storage.id), expected),
          `f[${k}] in\n${transcript.lines.slice(0, 12).join('\n')}`,
        ).toBeNull();
      });
    });
  }

  it('random programs', async () => {
    const numpy = NumpyProcess.start();
    try {
      for (const program of fc.sample(randomPrograms, { seed, numRuns: 600 })) {
        // Who ends a loop must have computed.
        if (program.until || callsLibrary(program)) continue;
        expect(await check(program, { engine: false, numpy }), describeProgram(program)).toBeNull();
      }
    } finally {
      numpy?.stop();
    }
  });
});
