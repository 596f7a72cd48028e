/** Random programs under mpirun, compared with the reference interpreter on every rank. */
import { describe, expect, it } from 'vitest';
import { launch } from './launch.js';

const seed = Number(process.env.QUADRILLE_SEED ?? 1);
const runs = Math.ceil(Number(process.env.QUADRILLE_RUNS ?? 300) / 30);

describe('random programs under mpirun', () => {
  it.each([2, 3, 4, 6])(
    `${runs} of them at %i ranks are the reference interpreter's`,
    { timeout: 60_000 + 4000 * runs },
    async (ranks) => {
      const args = [String(seed + ranks), String(runs)];
      const { status, output } = await launch({
        ranks,
        script: 'test/spmd/run-random.ts',
        args,
        timeoutSeconds: 45 + 4 * runs,
      });
      expect(output.slice(-8000)).toContain(`${runs} programs agree`);
      expect(status).toBe(0);
    },
  );
});
