/**
 * `node run-cases.js FOLDER SEED [reference]`, alone or under mpirun: runs every case of test/cases and saves its
 * fields as FOLDER/<case>.<field>.npy; an error of a case becomes <case>.error.txt. With `reference` also writes what
 * the reference interpreter (.reference.npy) and, where there is one, NumPy (.numpy.npy) make of the same statements.
 * QUADRILLE_CASES, a regular expression, chooses among the cases.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DType, type Field, Grid, isRoot } from 'quadrille';
import { writeNpy } from '../../lib/io/file.js';
import type { TestCase } from '../cases/case.js';
import { cases } from '../cases/index.js';
import { type NumpyJob, pythonWithNumpy, runNumpy } from '../numpy/numpy.js';
import { type ReferenceArray, referenceArray } from '../reference/array.js';
import { Replay } from '../reference/replay.js';
import { MOST_THREADS, setupFrom } from './setup.js';

interface NumpyCase {
  readonly job: NumpyJob;
  /** Where the result in f[k] belongs, if the case gives that field back. */
  readonly names: readonly (string | undefined)[];
  readonly name: string;
}

/** noise() of test/cases/case.ts. */
const NOISE = `
def noise(seed, shape):
  def one(*index):
    h = (0x9e3779b9 ^ seed) & 0xffffffff
    for i in index:
      h = ((h ^ (i + 1)) * 0x85ebca6b) & 0xffffffff
      h ^= h >> 13
      h = (h * 0xc2b2ae35) & 0xffffffff
      h ^= h >> 16
    return h / 2**31 - 1
  return np.array([one(*i) for i in np.ndindex(*shape)]).reshape(shape)
`;

const [folder, seed, mode] = process.argv.slice(2);
if (folder === undefined || seed === undefined) throw new Error('usage: run-cases.js FOLDER SEED [reference]');
const withReference = mode === 'reference';
const chosen = new RegExp(process.env.QUADRILLE_CASES ?? '');
const numpyCases: NumpyCase[] = [];

// The engine starts with as many threads as any case will ask for.
new Grid([1], { threads: MOST_THREADS }).field();

for (const [k, testCase] of cases.entries()) {
  if (!chosen.test(testCase.name)) continue;
  if (isRoot) appendFileSync(join(folder, 'begun.txt'), `${testCase.name}\n`); // which one hangs, if one does
  try {
    await runCase(testCase, Number(seed) * 1000 + k, folder);
  } catch (error) {
    const text = error instanceof Error ? `${error.message}\n${error.stack}` : String(error);
    if (isRoot) writeFileSync(join(folder, `${testCase.name}.error.txt`), text);
  }
}
if (numpyCases.length > 0 && pythonWithNumpy() !== null) {
  const results = runNumpy(numpyCases.map(({ job }) => job));
  numpyCases.forEach(({ name, names }, k) => {
    names.forEach((field, i) => {
      const array = results[k]?.[i];
      if (field !== undefined && array) writeNpy(join(folder, `${name}.${field}.numpy.npy`), array.data, array.shape);
    });
  });
}

/** The case's own Python lines, into arrays of the shapes and types that it gave back. */
async function pythonCase({ name, python }: TestCase, fields: Record<string, Field<DType>>): Promise<NumpyCase> {
  const names = Object.keys(fields);
  const lines = names.map((field, k) => `assert ${field}.shape == f[${k}].shape, '${field}'\nf[${k}][...] = ${field}`);
  const arrays = Object.values(fields).map(({ shape, dtype }) => referenceArray(shape, dtype));
  return { name, names, job: { source: [NOISE, python, ...lines].join('\n'), arrays } };
}

async function runCase(testCase: TestCase, caseSeed: number, into: string): Promise<void> {
  // A case that does the same as another is compared with that one's reference.
  const replay = withReference ? new Replay({ interpret: testCase.sameAs === undefined }) : undefined;
  const before: ReferenceArray[] = [];
  const copyOf = (array: ReferenceArray): ReferenceArray => ({ ...array, data: array.data.slice() });
  const transcript =
    replay && testCase.numpy
      ? { lines: [], fields: [], begins: (field: Field<DType>) => before.push(copyOf(replay.array(field.storage.id))) }
      : undefined;
  const setup = setupFrom(caseSeed, transcript);
  try {
    const fields = await testCase.record(setup);
    for (const [name, field] of Object.entries(fields)) {
      await field.save(join(into, `${testCase.name}.${name}.npy`));
      const expected = testCase.sameAs === undefined ? replay?.array(field.storage.id) : undefined;
      if (expected) writeNpy(join(into, `${testCase.name}.${name}.reference.npy`), expected.data, expected.shape);
    }
    if (withReference && testCase.python !== undefined) numpyCases.push(await pythonCase(testCase, fields));
    if (transcript) {
      numpyCases.push({
        name: testCase.name,
        job: { source: transcript.lines.join('\n'), arrays: before },
        names: transcript.fields.map((field) => Object.keys(fields).find((name) => fields[name] === field)),
      });
    }
  } finally {
    replay?.stop();
    for (const grid of setup.grids) grid.dispose();
  }
}
