/** A solver and a number of steps in; they have been taken, in one of the ways a user can take them. */
import type { Solver } from './solvers.js';

interface Looping {
  loop(body: () => void, options: { readonly steps: number }): Promise<unknown>;
}

/** grid.loop came after the first benchmarks: on a build without it, the loop is Stencil.solve's. */
function loops(solver: object): solver is Looping {
  return 'loop' in solver && typeof solver.loop === 'function';
}

/** 'loop': grid.loop · 'solve': Stencil.solve. */
export async function runSteps(solver: Solver, steps: number, mode: string): Promise<void> {
  if (mode === 'loop' && loops(solver)) {
    const body = (): void => {
      solver.step();
      solver.swap();
    };
    await solver.loop(body, { steps });
  } else {
    await solver.solve(steps);
  }
}
