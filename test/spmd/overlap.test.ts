/** What stats() tells of exchanges hidden behind computing. */
import { expect, it } from 'vitest';
import { launch } from './launch.js';

it.each([0, 2, 3])('exchanges are hidden at %i ranks (0: without mpirun)', async (ranks) => {
  const { status, output } = await launch({ ranks, script: 'test/spmd/run-overlap.ts', args: [] });
  expect(output).toContain(`exchanges were hidden on ${Math.max(1, ranks)}`);
  expect(status).toBe(0);
});
