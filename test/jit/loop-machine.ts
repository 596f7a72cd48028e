/**
 * A loop's Plans in, its steps taken by plain TypeScript: tiles of chains in any order that the Plan allows, on poisoned
 * halos; the whole fields come out. Shows time tiling right or wrong without compiler, threads or MPI.
 */
import { lower } from '../../jit/passes.js';
import { withPlaces } from '../../jit/places.js';
import type { Chain } from '../../jit/plan.js';
import type { Program } from '../../jit/program.js';
import { positionOf, type ReferenceArray } from '../reference/array.js';
import { runChain, runWaves } from './chain-machine.js';
import { eachOwned, Memory, type Rank } from './machine.js';

export interface LoopRun {
  readonly program: Program;
  readonly next: readonly number[];
  readonly steps: number;
  readonly size: number;
  readonly params: readonly number[];
  /** A number in [0, 1): who goes first where it is free. */
  readonly choose: () => number;
  /** Other tiles than the Plan's. */
  readonly tiles?: Partial<Pick<Chain, 'height' | 'width' | 'rows'>>;
}

/** Arrays (one per place) are changed in place. Returns why the loop ran as it did. */
export function runLoop(run: LoopRun, arrays: ReferenceArray[]): string {
  const { program, next, size } = run;
  const ranks = Array.from({ length: size }, (_, rank): Rank => {
    const { plan, kernels } = lower(program, { rank, size }, { next });
    return { plan, specs: new Map(kernels.map((k) => [k.key, k.spec])), memory: plan.slots.map((s) => new Memory(s)) };
  });
  const whole = withPlaces(program, run);
  const each = (visit: (memory: Memory, at: number, array: ReferenceArray, position: number) => void): void =>
    arrays.forEach((array, place) =>
      eachOwned(whole, place, size, (rank, global, local) => {
        const memory = ranks[rank]?.memory[place];
        if (memory) visit(memory, memory.at(local), array, positionOf(array.shape, global));
      }),
    );
  each((memory, at, array, position) => {
    memory.data[at] = array.data[position] ?? Number.NaN;
  });
  let turned: Rank[] = ranks;
  const turn = (): void => {
    turned = turned.map((rank) => ({ ...rank, memory: rank.memory.map((own, p) => rank.memory[next[p] ?? p] ?? own) }));
  };
  for (let left = run.steps; left > 0; ) {
    const chain = ranks[0]?.plan.loop?.chain;
    const steps = chain ? Math.min(chain.steps, left) : 1;
    if (chain) runChain(turned, ({ loop }) => loop?.chain ?? null, { ...run, steps });
    else runWaves(turned, run);
    for (let step = 0; step < steps; step++) turn();
    left -= steps;
  }
  each((memory, at, array, position) => {
    array.data[position] = memory.data[at] ?? Number.NaN;
  });
  return ranks[0]?.plan.loop?.why ?? '';
}
