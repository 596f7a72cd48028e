/** The engine's counters in, the progress bar of Stencil.solve out: steps that have run, not steps recorded. */
import { Progress } from './progress.js';
import { session } from './session.js';

const POLL_MS = 50;

/** Made on every rank; only rank 0 draws. */
export class SolveProgress {
  readonly #bar: Progress | undefined;
  readonly #before: { units: number; bytes: number };

  constructor(steps: number) {
    this.#bar = session.rank === 0 ? new Progress({ steps }) : undefined;
    const { units, bytesSwept } = session.stats();
    // What was recorded before, boundary values say, is still on its way.
    this.#before = { units: units + session.engine.queued(), bytes: bytesSwept };
  }

  update(): void {
    const { done, bytesPerStep } = this.#measured();
    if (done > 0) this.#bar?.update(done, bytesPerStep);
  }

  /** All steps are recorded: draws until they have run. */
  async drain(): Promise<void> {
    session.handOver();
    while (this.#bar && session.engine.queued() > 0) {
      this.update();
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  end(): void {
    const { done, bytesPerStep } = this.#measured();
    this.#bar?.end(done, bytesPerStep);
  }

  #measured(): { done: number; bytesPerStep: number } {
    const { units, bytesSwept } = session.stats();
    const done = Math.max(0, units - this.#before.units);
    // The other ranks sweep about as much as this one.
    return { done, bytesPerStep: done > 0 ? ((bytesSwept - this.#before.bytes) * session.size) / done : 0 };
  }
}
