/**
 * A Plan in; the same Plan with no more temporaries than it needs out: what nothing touches is left out, and those that
 * are never needed at the same time are one. A program that makes an array a step would take one more for every step
 * of its unit.
 */
import type { Chain, Exchange, Message, Part, Plan, PlanSlot, Wave } from './plan.js';

export function shareTemporaries(plan: Plan): Plan {
  const lives = livesOf(plan);
  // A chain takes the waves of several steps in another order than they stand in; strips at the same time are in different
  // waves.
  const strips = plan.march !== undefined && plan.threads > 1;
  const mayShare = !strips && !plan.loop?.chain && !plan.loop?.trials?.some((trial) => trial !== null);
  /** By new number: what it is, and the wave that needs it last. */
  const slots: PlanSlot[] = plan.slots.slice(0, plan.bound);
  const busy: number[] = slots.map(() => Number.POSITIVE_INFINITY);
  const at = plan.slots.map((_, slot) => slot);
  const temporaries = plan.slots
    .map((slot, number) => ({ slot, number, life: lives.get(number) }))
    .slice(plan.bound)
    .flatMap(({ slot, number, life }) => (life ? [{ slot, number, life }] : []))
    .sort((a, b) => a.life.first - b.life.first);
  for (const { slot, number, life } of temporaries) {
    const free = mayShare ? slots.findIndex((other, k) => (busy[k] ?? 0) < life.first && isLike(other, slot)) : -1;
    const taken = free < 0 ? slots.push(slot) - 1 : free;
    busy[taken] = life.last;
    at[number] = taken;
  }
  return slots.length === plan.slots.length ? plan : renumbered(plan, slots, at);
}

interface Life {
  readonly first: number;
  readonly last: number;
}

/** By slot: the first and the last wave that touches it; waves that are joined are all at work at the same time. */
function livesOf({ waves, kernels, joins = [] }: Plan): ReadonlyMap<number, Life> {
  const lives = new Map<number, Life>();
  waves.forEach((wave, w) => {
    const join = joins.find(({ first, waves: count }) => first <= w && w < first + count);
    const [from, to] = join ? [join.first, join.first + join.waves - 1] : [w, w];
    const touch = (slot: number): void => {
      lives.set(slot, { first: lives.get(slot)?.first ?? from, last: to });
    };
    wave.writes.forEach(touch);
    for (const { kernel, reductions = [] } of wave.tasks) {
      kernels[kernel]?.slots.forEach(touch);
      for (const { into } of reductions) touch(into);
    }
    for (const part of [...partsOf(wave), ...(join ? partsOf(join.chain) : [])]) touch(part.slot);
  });
  return lives;
}

function partsOf({ exchange }: Pick<Wave, 'exchange'>): readonly Part[] {
  if (!exchange) return [];
  const { sends, recvs, locals } = exchange;
  return [...[...sends, ...recvs].flatMap(({ parts }) => parts), ...locals.flatMap(({ from, to }) => [from, to])];
}

/** All of it: also where vectors begin, which is what the executor lays memory out by. */
function isLike(a: PlanSlot, b: PlanSlot): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function renumbered(plan: Plan, slots: readonly PlanSlot[], at: readonly number[]): Plan {
  const moved = (slot: number): number => at[slot] ?? slot; // -1 is none
  const part = (one: Part): Part => ({ ...one, slot: moved(one.slot), halo: moved(one.halo) });
  const message = ({ peer, parts }: Message): Message => ({ peer, parts: parts.map(part) });
  const exchanged = (exchange: Exchange | null): Exchange | null =>
    exchange && {
      sends: exchange.sends.map(message),
      recvs: exchange.recvs.map(message),
      locals: exchange.locals.map(({ from, to }) => ({ from: part(from), to: part(to) })),
    };
  const chained = (chain: Chain | null): Chain | null => chain && { ...chain, exchange: exchanged(chain.exchange) };
  const { loop, joins } = plan;
  return {
    ...plan,
    slots,
    kernels: plan.kernels.map((kernel) => ({ ...kernel, slots: kernel.slots.map(moved) })),
    waves: plan.waves.map(({ exchange, tasks, writes }) => ({
      exchange: exchanged(exchange),
      tasks: tasks.map(({ reductions, ...task }) => ({
        ...task,
        ...(reductions && { reductions: reductions.map((one) => ({ ...one, into: moved(one.into) })) }),
      })),
      writes: [...new Set(writes.map(moved))].sort((a, b) => a - b),
    })),
    ...(joins && {
      joins: joins.map((join) => ({ ...join, chain: { ...join.chain, exchange: exchanged(join.chain.exchange) } })),
    }),
    ...(loop && {
      loop: { ...loop, chain: chained(loop.chain), ...(loop.trials && { trials: loop.trials.map(chained) }) },
    }),
  };
}
