/** Programs' records in, ids of Plans in the engine out: each is lowered and loaded once, and dropped when it is forgotten. */

import type { Lowered } from '../jit/passes.js';
import type { LoopShape } from '../jit/plan.js';
import type { Program } from '../jit/program.js';
import type { Backend } from './backend.js';
import { guarded } from './errors.js';
import type { NativeEngine } from './native.js';
import type { ProgramRecord, Unit } from './recorder.js';
import { Tuning } from './tuning.js';

/** Of one Program, for the classes of integers it runs on. */
const MOST_PLANS = 256;

/** The session, as seen from here. */
interface Home {
  readonly backend: Backend;
  readonly engine: NativeEngine;
  /** Queues what still names Plans. */
  flush(): void;
}

export class Plans {
  readonly #tuning = new Tuning();

  constructor(private readonly session: Home) {}

  /** Of single runs: one for every class of the unit's integers. Throws COMPILE_FAILED. */
  of({ record, ints }: Unit): number {
    const { program, moving } = record;
    if (!moving) {
      if (record.plan < 0) record.plan = this.#lowered(program, []);
      return record.plan;
    }
    const kind = moving.classify(ints);
    const known = moving.plans.get(kind);
    if (known !== undefined) return known;
    if (moving.plans.size >= MOST_PLANS) {
      this.session.flush(); // units that still name them
      for (const plan of moving.plans.values()) this.session.engine.dropPlan(plan);
      moving.plans.clear();
    }
    const plan = this.#lowered(program, ints);
    moving.plans.set(kind, plan);
    return plan;
  }

  /** Of a loop in which place p holds in the next step what place next[p] holds now. Throws COMPILE_FAILED. */
  ofLoop(record: ProgramRecord, next: readonly number[]): number {
    const key = next.join();
    const known = record.loops.get(key);
    if (known !== undefined) return known;
    const plan = this.#lowered(record.program, [], { next });
    record.loops.set(key, plan);
    return plan;
  }

  /** Hands kernels that no cache holds to the compiler, and the Plan to the executor. */
  load({ plan, kernels }: Lowered, { label, options }: Pick<Program, 'label' | 'options'>): number {
    const { engine } = this.session;
    return guarded(() => {
      for (const kernel of kernels) {
        if (!engine.hasKernel(kernel.key)) engine.compile(kernel.key, kernel.symbol, kernel.emit(), options.contract);
      }
      const { memory, size } = this.session.backend;
      const recalled = this.#tuning.recall(plan, memory?.(), size);
      const id = engine.loadPlan(JSON.stringify(recalled));
      this.#tuning.loaded(id, recalled, size);
      return id;
    }, label);
  }

  /** Drops the Plans of these Programs; nothing queued names them. */
  drop(records: Iterable<ProgramRecord>): void {
    const { engine } = this.session;
    for (const record of records) {
      if (record.plan >= 0) engine.dropPlan(record.plan);
      for (const plan of record.moving?.plans.values() ?? []) engine.dropPlan(plan);
      record.moving?.plans.clear();
      record.plan = -1;
      for (const plan of record.loops.values()) {
        engine.dropPlan(plan);
        this.#tuning.dropped(plan);
      }
      record.loops.clear();
    }
  }

  /** What loops have been found to run fastest in is remembered. After a sync. */
  settle(): void {
    this.#tuning.settle(this.session.engine, this.session.backend.memory?.());
  }

  #lowered(program: Program, ints: readonly number[], loop?: LoopShape): number {
    return this.load(
      guarded(() => this.session.backend.lower(program, ints, loop), program.label),
      program,
    );
  }
}
