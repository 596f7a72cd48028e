/** The benchmark's peers solve small problems: all must reach the reference's checksum, and no other gets a time. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agrees, checksum, parseChecksum } from '../../bench/checksum.js';
import { Contest, type Row } from '../../bench/contestants.js';
import { measure } from '../../bench/measure.js';
import { Reference } from '../../bench/reference.js';
import { ChecksumError } from '../../bench/verify.js';
import type { Problem } from '../../bench/workloads.js';

const problems: readonly Problem[] = [
  { workload: 'laplace2d', dtype: 'f64', shape: [18, 30] },
  { workload: 'laplace3d', dtype: 'f64', shape: [12, 9, 17] },
  { workload: 'burgers2d', dtype: 'f64', shape: [21, 16] },
  { workload: 'wave3d', dtype: 'f64', shape: [15, 12, 19] },
  { workload: 'fdtd2d', dtype: 'f64', shape: [14, 23] },
  { workload: 'burgers2d', dtype: 'f32', shape: [21, 16] },
];
const hasMpiPeer = ['laplace2d', 'laplace3d', 'burgers2d'];

describe('the peers of the benchmark', () => {
  const reference = new Reference(2);
  let contest = new Contest();
  beforeEach(() => {
    contest = new Contest();
  });
  afterEach(() => contest.end());
  afterAll(() => reference.end());

  it.each(problems)('compute the same: $workload $dtype', async (problem) => {
    const rows: Row[] = [
      ...(await contest.ours(problem, { cores: 2 })),
      ...(await contest.ours(problem, { cores: 2, mode: 'solve' })),
      ...(await contest.ours(problem, { cores: 2, ranks: true, mode: 'sweep' })),
      ...(await contest.plainCpp(problem, [1, 2])),
      ...(hasMpiPeer.includes(problem.workload) ? await contest.mpiCpp(problem, 2) : []),
      ...(await contest.numpy(problem)),
      ...(problem.dtype === 'f64' ? await contest.typedArrays(problem) : []),
      ...(await contest.copies(problem, [2])),
    ];
    const measurements = await measure(rows, reference, { rounds: 2, steps: 5, verified: 4 });
    expect(measurements.map(({ samples }) => samples.length)).toEqual(rows.map(() => 2));
  });

  it('get no time where one computes something else', async () => {
    const problem: Problem = { workload: 'laplace2d', dtype: 'f64', shape: [18, 30] };
    const copies = await contest.copies(problem, [1]);
    const impostors = copies.map((row): Row => ({ ...row, kind: 'c++', tolerance: 1e-6 }));
    await expect(measure(impostors, reference, { rounds: 1, steps: 5 })).rejects.toThrow(ChecksumError);
  });
});

describe('a checksum', () => {
  const data = Float64Array.from({ length: 40 }, (_, k) => 1 + k / 7);
  const of = (values: Float64Array) => parseChecksum(checksum([{ data: values, row: 8 }]));

  it('tells one bit where bits must agree, and lets it pass where rounding may differ', () => {
    const other = data.slice();
    other[17] = (other[17] ?? 0) + 2 ** -51;
    expect(other[17]).not.toBe(data[17]);
    expect(agrees(of(other), of(data), 0)).toBe(false);
    expect(agrees(of(other), of(data), 1e-11)).toBe(true);
    expect(agrees(of(data), of(data), 0)).toBe(true);
  });

  it('tells two exchanged elements, whatever may differ', () => {
    const other = data.slice();
    [other[3], other[30]] = [data[30] ?? 0, data[3] ?? 0];
    expect(agrees(of(other), of(data), 0)).toBe(false);
    expect(agrees(of(other), of(data), 1e-6)).toBe(false);
  });

  it('tells what is no number', () => {
    expect(agrees(of(data.map(() => Number.NaN)), of(data), 1e-6)).toBe(false);
  });
});
