/** What is sent where temporaries and coarse arrays are used: nothing but the rows that a stencil reads. */
import { describe, expect, it } from 'vitest';
import { launch } from './launch.js';

interface Said {
  readonly report: Readonly<Record<'lap' | 'back' | 'restrict' | 'inject', number>>;
  readonly check: number;
}

async function said(ranks: number): Promise<Said> {
  const { status, output } = await launch({ ranks, script: 'test/spmd/run-lattice.ts', args: [] });
  expect(status, output.slice(-4000)).toBe(0);
  return JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1));
}

describe('arrays on one lattice', () => {
  it.each([2, 3, 5])(
    'exchange rows beside the cuts at %i ranks, and a temporary in its place nothing',
    async (ranks) => {
      const alone = await said(0);
      expect(alone.report).toEqual({ lap: 0, back: 0, restrict: 0, inject: 0 });
      const { report, check } = await said(ranks);
      const cuts = ranks - 1;
      expect(report.lap).toBe(2 * cuts * 129);
      expect(report.back).toBe(0);
      expect(report.restrict).toBeLessThanOrEqual(2 * cuts * 129);
      expect(report.inject).toBe(0);
      expect(check).toBe(alone.check);
    },
  );
});
