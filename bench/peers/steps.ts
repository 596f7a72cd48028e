/** A solver and a number of steps in; they have been taken, in one of the ways a user can take them. */
import type { Solver } from './solvers.js';

/** 'solve': Stencil.solve, else grid.loop. (Without tiling in time is an option of the Grid.) */
export async function runSteps(solver: Solver, steps: number, mode: string): Promise<void> {
  if (mode === 'solve') return solver.solve(steps);
  const body = (): void => {
    solver.step();
    solver.swap();
  };
  await solver.loop(body, { steps });
}
