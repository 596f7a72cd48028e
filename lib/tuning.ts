/**
 * Loops that are tuned by measuring: their Plans on the way to the engine in, with the choice that an earlier run made;
 * choices that the engine has made since, out into the host's memory.
 */
import type { Plan } from '../jit/plan.js';
import { sameTiling } from '../jit/trials.js';
import type { HostMemory } from './host-memory.js';
import type { NativeEngine } from './native.js';

/** As it is stored; null: step by step. */
type Choice = { readonly steps: number; readonly height: number; readonly width: number; readonly rows: number } | null;

interface Undecided {
  readonly name: string;
  readonly trials: readonly Choice[];
}

export class Tuning {
  readonly #undecided = new Map<number, Undecided>();

  /** The same Plan, which says what an earlier run chose among its trials. */
  recall(plan: Plan, memory: HostMemory | undefined, ranks: number): Plan {
    const { loop } = plan;
    if (!loop?.trials || !memory) return plan;
    const choice = choiceOf(memory.find(nameOf(plan, ranks)));
    const remembered = choice === undefined ? -1 : loop.trials.findIndex((trial) => sameTiling(trial, choice));
    return remembered < 0 ? plan : { ...plan, loop: { ...loop, remembered } };
  }

  /** The engine has the Plan now, under this id. */
  loaded(id: number, plan: Plan, ranks: number): void {
    if (!plan.loop?.trials) return;
    const trials = plan.loop.trials.map(
      (trial): Choice => trial && { steps: trial.steps, height: trial.height, width: trial.width, rows: trial.rows },
    );
    this.#undecided.set(id, { name: nameOf(plan, ranks), trials });
  }

  dropped(id: number): void {
    this.#undecided.delete(id);
  }

  /** Looks which choices have been made, and remembers them. */
  settle(engine: NativeEngine, memory: HostMemory | undefined): void {
    for (const [id, { name, trials }] of this.#undecided) {
      const { chosen } = engine.planStats(id);
      const choice = trials[chosen];
      if (choice === undefined) continue;
      this.#undecided.delete(id);
      const before = choiceOf(memory?.find(name));
      if (before === undefined || !sameTiling(before, choice)) memory?.store(name, choice);
    }
  }
}

/** A Program's key covers shapes, threads and options; how it is looped and among how many ranks comes on top. */
function nameOf({ key, loop }: Plan, ranks: number): string {
  return `tiling ${key} ${loop?.next.join() ?? ''} on ${ranks}`;
}

/** Undefined for what no choice looks like. */
function choiceOf(stored: unknown): Choice | undefined {
  if (stored === null) return null;
  if (typeof stored !== 'object') return undefined;
  const { steps, height, width, rows }: Partial<Record<string, unknown>> = { ...stored };
  if (typeof steps !== 'number' || typeof height !== 'number' || typeof width !== 'number' || typeof rows !== 'number')
    return undefined;
  return { steps, height, width, rows };
}
