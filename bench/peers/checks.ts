/** A Jacobi loop with and without a convergence test, in turns. Prints µs per `every` steps and what goes on exchanges. */
import { barrier, Grid, isRoot, norm, np, swap } from 'quadrille';
import { CASES, ROUNDS } from '../micro/checks.js';

const TESTS = 100;

for (const [n, every] of CASES) {
  const grid = new Grid([n, n], { threads: 1 });
  const [x, y] = [grid.field({ init: (i = 0, j = 0) => ((i * 37 + j * 11) % 97) / 97 }), grid.field({ init: 0 })];
  const body = (): void => {
    np`${y}[1:-1, 1:-1] = 0.25 * (${x}[:-2, 1:-1] + ${x}[2:, 1:-1] + ${x}[1:-1, :-2] + ${x}[1:-1, 2:])`;
    swap(x, y);
  };
  const timed = async (tested: boolean): Promise<readonly [whole: number, exchanges: number]> => {
    await barrier();
    const [start, before] = [performance.now(), grid.stats().exchangeSeconds];
    const steps = every * TESTS;
    // Never reached: all steps are taken.
    await (tested
      ? grid.loop(body, { until: () => norm(y.sub(x)).lt(-1), every, maxSteps: steps })
      : grid.loop(body, { steps }));
    const elapsed = performance.now() - start;
    return [(elapsed * 1e3) / TESTS, ((grid.stats().exchangeSeconds - before) * 1e6) / TESTS];
  };
  for (let round = -1; round < ROUNDS; round++) {
    const [alone] = await timed(false);
    const [tested, exchanges] = await timed(true);
    if (round >= 0 && isRoot) for (const us of [alone, tested, exchanges]) console.log(`result ${us}`);
  }
  grid.dispose();
}
