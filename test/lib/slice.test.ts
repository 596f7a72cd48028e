/** Slices against an obvious model of Python's, and against Python itself where there is one. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Axis } from '../../jit/program.js';
import { composeWalks, readSlice, resolveSlices, type Slice, wrapAxes } from '../../lib/slice.js';

const EXTENTS = [0, 1, 2, 5, 7];
const BOUNDS = [undefined, -9, -7, -6, -5, -2, -1, 0, 1, 2, 4, 5, 6, 7, 9];
const STEPS = [undefined, -8, -3, -2, -1, 1, 2, 3, 8];

/** Positions that axis visits in a dimension of n. */
function positions(axis: Axis | undefined, n: number): number[] {
  if (!axis) throw new Error('no axis');
  if (axis.kind === 'index') return [axis.at];
  return Array.from({ length: axis.count }, (_, i) => {
    const at = axis.start + axis.step * i;
    return axis.wrap ? ((at % n) + n) % n : at;
  });
}

/** Walks as the Python manual says: from start, by step, as long as it has not come to stop or left the list. */
function model(n: number, start: number | undefined, stop: number | undefined, step = 1): number[] {
  const from = (i: number): number => (i < 0 ? i + n : i);
  const found: number[] = [];
  let at = start === undefined ? (step > 0 ? 0 : n - 1) : from(start);
  // Outside on the side it comes from: the first step lands at the end, wherever it was.
  if (step > 0 && at < 0) at = 0;
  if (step < 0 && at > n - 1) at = n - 1;
  const end = stop === undefined ? (step > 0 ? Infinity : -Infinity) : from(stop);
  for (; step > 0 ? at < end : at > end; at += step) {
    if (at < 0 || at >= n) break;
    found.push(at);
  }
  return found;
}

function everySlice(): { n: number; start: number | undefined; stop: number | undefined; step: number | undefined }[] {
  return EXTENTS.flatMap((n) =>
    BOUNDS.flatMap((start) => BOUNDS.flatMap((stop) => STEPS.map((step) => ({ n, start, stop, step })))),
  );
}

const text = (part: number | undefined): string => (part === undefined ? '' : String(part));

describe('a slice start:stop:step', () => {
  it('selects what the model selects, as text and as an array', () => {
    for (const { n, start, stop, step } of everySlice()) {
      const expected = model(n, start, stop, step);
      const written =
        step === undefined ? `${text(start)}:${text(stop)}` : `${text(start)}:${text(stop)}:${text(step)}`;
      for (const slice of [written, [start, stop, step], ` ${written.replaceAll(':', ' : ')} `] satisfies Slice[]) {
        expect(positions(resolveSlices([readSlice(slice)], [n]).axes[0], n), `${written} of ${n}`).toEqual(expected);
      }
    }
  });

  const python = ['/usr/bin/python3', 'python3'].find((name) => spawnSync(name, ['-c', '']).status === 0);
  it.skipIf(python === undefined)('selects what Python selects', () => {
    const all = everySlice();
    const source = 'import json,sys\nprint(json.dumps([list(range(n))[a:b:c] for n,a,b,c in json.load(sys.stdin)]))';
    const input = JSON.stringify(all.map(({ n, start, stop, step }) => [n, start ?? null, stop ?? null, step ?? null]));
    const { stdout } = spawnSync(python ?? '', ['-c', source], { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
    const expected: unknown = JSON.parse(stdout);
    expect(
      all.map(({ n, start, stop, step }) => positions(resolveSlices([{ start, stop, step }], [n]).axes[0], n)),
    ).toEqual(expected);
  });

  it('is one axis, however it was written', () => {
    const axes = (...slices: Slice[]): Axis[] => [...resolveSlices(slices.map(readSlice), [10]).axes];
    expect(axes('1:-1')).toEqual(axes([1, 9]));
    expect(axes('3:4')).toEqual(axes('3:4:5'));
    expect(axes('7:3')).toEqual([{ kind: 'range', start: 0, step: 1, count: 0 }]);
    expect(axes('-0')).toEqual([{ kind: 'index', at: 0 }]);
  });
});

describe('a list of slices', () => {
  const shapes = (slices: Slice[], shape: number[]): string =>
    resolveSlices(slices.map(readSlice), shape)
      .axes.map((axis) => (axis.kind === 'index' ? `${axis.at}` : `:${axis.count}`))
      .join(' ');

  it('takes dimensions left out whole', () => expect(shapes([1], [4, 5, 6])).toBe('1 :5 :6'));
  it("lets '...' stand for what is missing", () => expect(shapes([0, '...', -1], [4, 5, 6])).toBe('0 :5 5'));
  it("lets '...' stand for nothing", () => expect(shapes([0, '...', -1], [4, 6])).toBe('0 5'));
  it('drops dimensions of integers only', () => expect(shapes(['0:1', 2], [4, 5])).toBe(':1 2'));
});

describe('a view of a view', () => {
  it('selects what slicing twice selects', () => {
    const n = 11;
    const some = everySlice()
      .filter(({ n: extent }) => extent === 7)
      .filter((_, i) => i % 13 === 0);
    for (const outer of some) {
      const once = model(n, outer.start, outer.stop, outer.step);
      const [axis] = resolveSlices([outer], [n]).axes;
      if (axis?.kind !== 'range') throw new Error('not a range');
      for (const inner of some) {
        const expected = model(once.length, inner.start, inner.stop, inner.step).map((i) => once[i]);
        const [composed] = composeWalks({ axes: [axis] }, resolveSlices([inner], [axis.count]), [n]).axes;
        expect(positions(composed, n)).toEqual(expected);
      }
    }
  });

  it('of a rolled field goes around the ends', () => {
    const rolled = wrapAxes([7], [5]); // 5 6 0 1 2 3 4
    const slice = (text: string): number[] =>
      positions(composeWalks({ axes: rolled }, resolveSlices([readSlice(text)], [7]), [7]).axes[0], 7);
    expect(slice('1:4')).toEqual([6, 0, 1]);
    expect(slice('3')).toEqual([1]);
    expect(slice('2::2')).toEqual([0, 2, 4]);
    expect(slice('::2')).toEqual([5, 0, 2, 4]);
    expect(slice('::-3')).toEqual([4, 1, 5]);
  });
});
