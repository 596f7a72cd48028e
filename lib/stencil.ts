/** The Stencil class (CharmStencil's interface): a Grid whose iterate() is recorded step by step and run in batches. */
import type { DType } from '../jit/program.js';
import type { NumberDType } from './dtype.js';
import { checkOptions, QuadrilleError, show } from './errors.js';
import { Field } from './field.js';
import { Grid, type GridOptions } from './grid.js';
import { session } from './session.js';
import { SolveProgress } from './solve-progress.js';

export interface SolveOptions {
  /** Draw a progress bar on rank 0 (false). */
  readonly progress?: boolean;
}

/**
 * Subclasses make fields in the constructor, record boundary values in `boundary` and one step in `iterate`. Steps that
 * record the same are recognised, compiled once, and run again with other fields and numbers.
 */
export abstract class Stencil<D extends DType = NumberDType> extends Grid<D> {
  constructor(shape: readonly number[], options: GridOptions<D> = {}) {
    super(shape, options);
  }

  /** Records one step; `steps` is what solve was given. Returns whether to go on. */
  abstract iterate(steps: number): boolean;

  /** Records boundary values; called by applyBoundary. */
  boundary?(...values: number[]): void;

  /** Calls `boundary` once. Throws BAD_OPTION if the class has none. */
  applyBoundary(...values: number[]): void {
    if (!this.boundary) {
      throw new QuadrilleError('BAD_OPTION', `${this.constructor.name} has no boundary method.`, {
        hint: 'write boundary(value) { ... }, or leave applyBoundary out',
      });
    }
    this.boundary(...values);
  }

  /**
   * Calls iterate(steps) until it returns false, at most `steps` times, and resolves when all of it has run. Steps
   * already recorded run meanwhile. `progress` draws a bar on rank 0: steps, time left, steps/s, effective GB/s. Throws
   * BAD_OPTION unless `steps` is a whole number, 0 or more.
   */
  async solve(steps: number, options: SolveOptions = {}): Promise<void> {
    checkOptions('solve', options, ['progress']);
    if (!Number.isSafeInteger(steps) || steps < 0) {
      throw new QuadrilleError('BAD_OPTION', `solve: the number of steps is ${show(steps)}.`, {
        expected: 'a whole number, 0 or more',
      });
    }
    session.handOver();
    const progress = options.progress && session.running ? new SolveProgress(steps) : undefined;
    for (let done = 0; done < steps; done++) {
      const more: unknown = session.recorder.asUnit(() => this.iterate(steps));
      if (typeof more !== 'boolean') {
        throw new QuadrilleError('BAD_OPTION', `iterate returned ${show(more)}.`, {
          expected: 'true to go on, false to stop',
          hint: more instanceof Promise ? 'iterate cannot be async: it only records' : undefined,
        });
      }
      if (!more) break;
      if ((done + 1) % this.batch === 0 && session.running) {
        await session.backpressure();
        progress?.update();
      }
    }
    await progress?.drain();
    await this.sync();
    progress?.end();
  }

  /** For code ported from CharmStencil; does nothing: what neighbours need is inferred from the slices. */
  exchangeGhosts(...fields: Field<DType>[]): void {
    for (const field of fields) {
      if (!(field instanceof Field))
        throw new QuadrilleError('BAD_OPERAND', `exchangeGhosts cannot take ${show(field)}.`, { expected: 'Fields' });
    }
  }
}
