/** A Program in, lowered for all ranks and run on the machine of this folder; the whole fields come out. */
import { lower } from '../../jit/passes.js';
import type { Box, Message, Part, Plan, Task } from '../../jit/plan.js';
import type { Program } from '../../jit/program.js';
import { positionOf, type ReferenceArray } from '../reference/array.js';
import { runWaves } from './chain-machine.js';
import { eachOwned, Memory, put, type Rank } from './machine.js';

/** Runs `program` once on `size` ranks over whole arrays, which are changed in place. Returns rank 0's Plan. */
export function runPlans(
  program: Program,
  arrays: readonly ReferenceArray[],
  params: readonly number[],
  size: number,
  {
    ints = [],
    madeFor = ints,
    choose = () => 0,
    changed = (plan) => plan,
  }: {
    ints?: readonly number[];
    madeFor?: readonly number[];
    choose?: () => number;
    changed?: (plan: Plan) => Plan;
  } = {},
): Plan {
  const ranks = Array.from({ length: size }, (_, rank): Rank => {
    const lowered = lower(program, { rank, size, ints: madeFor });
    const { kernels } = lowered;
    const plan = changed(movedPlan(lowered.plan, ints));
    return { plan, specs: new Map(kernels.map((k) => [k.key, k.spec])), memory: plan.slots.map((s) => new Memory(s)) };
  });
  arrays.forEach((array, slot) =>
    eachOwned(program, slot, size, (rank, global, local) => {
      const memory = ranks[rank]?.memory[slot];
      if (memory) memory.data[memory.at(local)] = array.data[positionOf(array.shape, global)] ?? Number.NaN;
    }),
  );
  runWaves(ranks, { params, choose });
  arrays.forEach((array, slot) =>
    eachOwned(program, slot, size, (rank, global, local) => {
      const memory = ranks[rank]?.memory[slot];
      if (memory) put(array, positionOf(array.shape, global), memory.data[memory.at(local)] ?? Number.NaN);
    }),
  );
  const [first] = ranks;
  if (!first) throw new Error('no ranks');
  return first.plan;
}

/** The Plan as the executor runs it for these integers. */
function movedPlan(plan: Plan, ints: readonly number[]): Plan {
  const by = (int: number): number => (ints[int] ?? Number.NaN) - (plan.ints?.[int] ?? Number.NaN);
  const part = (one: Part): Part => {
    const origin = [...one.origin];
    for (const { dim, int } of one.moves ?? []) origin[dim] = (origin[dim] ?? 0) + by(int);
    return { ...one, origin };
  };
  const message = ({ peer, parts }: Message): Message => ({ peer, parts: parts.map(part) });
  const task = (one: Task): Task => {
    const [bias, constants] = [[...one.bias], [...one.constants]];
    const shift = one.bias.map(() => 0);
    for (const { what, index, int, by: per } of one.moves ?? []) {
      const list = what === 'box' ? shift : what === 'bias' ? bias : constants;
      list[index] = (list[index] ?? Number.NaN) + per * by(int);
    }
    const box = (given: Box): Box => given.map(([lo, hi], d) => [lo + (shift[d] ?? 0), hi + (shift[d] ?? 0)]);
    return { ...one, bias, constants, interior: one.interior.map(box), boundary: one.boundary.map(box) };
  };
  return {
    ...plan,
    waves: plan.waves.map(({ exchange, tasks, writes }) => ({
      exchange: exchange && {
        sends: exchange.sends.map(message),
        recvs: exchange.recvs.map(message),
        locals: exchange.locals.map(({ from, to }) => ({ from: part(from), to: part(to) })),
      },
      tasks: tasks.map(task),
      writes,
    })),
  };
}
