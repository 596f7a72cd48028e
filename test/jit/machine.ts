/**
 * Waves of all ranks' Plans in, run in lockstep by plain TypeScript. Memory is poisoned: a halo cell that no message filled
 * reads as NaN, an access outside the memory a Plan asks for throws. Shows lowering right or wrong without compiler, threads
 * or MPI.
 */
import { blockOf, layoutOf } from '../../jit/decompose.js';
import type { KernelExpr, KernelIndex, KernelSpec } from '../../jit/kernel.js';
import type { Box, Part, Plan, PlanKernel, PlanSlot, Task, TaskReduction } from '../../jit/plan.js';
import { type DType, isTest, type Program } from '../../jit/program.js';
import { concrete, isFloat, operandType } from '../../jit/types.js';
import { indicesOf, positionOf, type ReferenceArray, sizeOf } from '../reference/array.js';
import { binary, convert, type Element, unary } from '../reference/element.js';
import { reduce, reduceAlong, reducedType } from '../reference/reduce.js';

export class Memory {
  readonly data: Element[];
  private readonly sizes: number[];
  constructor(readonly slot: PlanSlot) {
    this.sizes = slot.extent.map((n, d) => n + (slot.haloLo[d] ?? 0) + (slot.haloHi[d] ?? 0));
    this.data = new Array<Element>(sizeOf(this.sizes)).fill(Number.NaN);
  }
  /** `start`: which element index 0 is. */
  at(index: readonly number[], start: readonly number[] = []): number {
    const moved = index.map((i, d) => i + (start[d] ?? 0) + (this.slot.haloLo[d] ?? 0));
    if (moved.some((i, d) => i < 0 || i >= (this.sizes[d] ?? 0)))
      throw new Error(`[${index.join()}] leaves the memory`);
    return positionOf(this.sizes, moved);
  }
}

export interface Rank {
  readonly plan: Plan;
  readonly specs: ReadonlyMap<string, KernelSpec>;
  readonly memory: readonly Memory[];
}

export function put({ data }: ReferenceArray, at: number, value: Element): void {
  // Poison (NaN) in integers throws.
  if (data instanceof BigInt64Array) data[at] = BigInt(value);
  else data[at] = Number(value);
}

export function eachOwned(
  program: Program,
  slot: number,
  size: number,
  visit: (rank: number, global: readonly number[], local: readonly number[]) => void,
): void {
  const decl = program.slots[slot];
  if (!decl || decl.transient) return; // whose memory stays poisoned until a statement writes it
  const layout = layoutOf(decl.shape, decl.decomposition);
  for (let rank = 0; rank < size; rank++) {
    const block = blockOf(layout, rank);
    for (const local of indicesOf(block.extent))
      visit(
        rank,
        local.map((i, d) => i + (block.offset[d] ?? 0)),
        local,
      );
  }
}

/** Runs one wave on all ranks. */
export function runWave(ranks: readonly Rank[], w: number, params: readonly number[]): void {
  // Pack everything, sweep interiors, deliver, sweep boundaries: as the executor may at the latest.
  const mail = new Map<string, Element[][]>();
  const moves: (() => void)[] = [];
  ranks.forEach(({ plan, memory }, rank) => {
    const exchange = plan.waves[w]?.exchange;
    for (const { peer, parts } of exchange?.sends ?? [])
      mail.set(
        `${rank}>${peer}`,
        parts.map((part) => pack(part, memory)),
      );
    for (const { from, to } of exchange?.locals ?? []) {
      const data = pack(from, memory);
      moves.push(() => unpack(to, memory, data));
    }
  });
  for (const rank of ranks) sweep(rank, w, 'interior', params);
  for (const move of moves) move();
  ranks.forEach(({ plan, memory }, rank) => {
    for (const { peer, parts } of plan.waves[w]?.exchange?.recvs ?? []) {
      const data = mail.get(`${peer}>${rank}`);
      mail.delete(`${peer}>${rank}`);
      if (data?.length !== parts.length)
        throw new Error(`rank ${rank} expects ${parts.length} parts of ${peer}, not ${data?.length}`);
      parts.forEach((part, k) => unpack(part, memory, data[k] ?? []));
    }
  });
  if (mail.size > 0) throw new Error(`nobody expects ${[...mail.keys()].join()}`);
  for (const rank of ranks) sweep(rank, w, 'boundary', params);
  reduceAll(ranks, w);
}

/** What a task that reduces along axes has met for each element of its result, by where that is, in order. */
const met = new WeakMap<Task, Map<string, { at: number[]; list: Element[] }>>();

function listOf(task: Task, { dims = [] }: TaskReduction, position: readonly number[]): Element[] {
  const lists = met.get(task) ?? new Map<string, { at: number[]; list: Element[] }>();
  met.set(task, lists);
  const at = dims.map((d) => (d < 0 ? 0 : (position[d] ?? 0)));
  const known = lists.get(at.join());
  if (known) return known.list;
  const made = { at, list: [] };
  lists.set(at.join(), made);
  return made.list;
}

function storeAlong({ memory }: Rank, task: Task, reduction: TaskReduction): void {
  const { fn, of: dtype, into, axes = [], dims = [], steps } = reduction;
  const field = memory[into];
  const box = task.interior[0] ?? task.boundary[0];
  if (task.interior.length + task.boundary.length > 1) throw new Error('what is reduced in order is cut');
  if (!field || !box) return;
  const row = axes.includes(steps.length - 1) ? (box.at(-1)?.[1] ?? 0) - (box.at(-1)?.[0] ?? 0) : 1;
  for (const { at, list } of met.get(task)?.values() ?? []) {
    const [result = Number.NaN] = reduceAlong(fn, { dtype, shape: [list.length / row, row], data: list }, [
      0,
      ...(row > 1 ? [1] : []),
    ]);
    field.data[field.at(at)] = convert(result, reducedType(fn, dtype), field.slot.dtype);
  }
  if (dims.length !== field.slot.shape.length) throw new Error('dims');
  met.delete(task);
}

/** Values of one task's buffers, by number of the element. */
type Buffers = readonly Map<number, Element>[];
const buffered = new WeakMap<Task, Buffers>();

function buffersOf(task: Task): Buffers {
  const known = buffered.get(task);
  if (known) return known;
  const made = (task.reductions ?? []).map(() => new Map<number, Element>());
  buffered.set(task, made);
  return made;
}

/** What all ranks have left in their buffers becomes Scalars. */
function reduceAll(ranks: readonly Rank[], w: number): void {
  const first = ranks[0]?.plan.waves[w]?.tasks ?? [];
  first.forEach(({ reductions = [] }, t) => {
    reductions.forEach(({ fn, of, into, axes }, r) => {
      if (axes) {
        for (const rank of ranks) {
          const task = rank.plan.waves[w]?.tasks[t];
          const reduction = task?.reductions?.[r];
          if (task && reduction) storeAlong(rank, task, reduction);
        }
        return;
      }
      const values = new Map<number, Element>();
      for (const { plan } of ranks) {
        const task = plan.waves[w]?.tasks[t];
        const buffer = task && buffersOf(task)[r];
        for (const [number, value] of buffer ?? []) {
          if (values.has(number)) throw new Error(`element ${number} is reduced twice`);
          values.set(number, value);
        }
        buffer?.clear();
      }
      const data = Array.from({ length: values.size }, (_, number) => {
        const value = values.get(number);
        if (value === undefined) throw new Error(`element ${number} is not reduced`);
        return value;
      });
      for (const { memory } of ranks) {
        const scalar = memory[into];
        if (!scalar) continue;
        // A sum of f32 is rounded once.
        const type = of === 'f64' && scalar.slot.dtype === 'f32' ? 'f32' : of;
        scalar.data[0] = convert(reduce(fn, data, type), reducedType(fn, type), scalar.slot.dtype);
      }
    });
  });
}

function partIndices(part: Part): number[][] {
  return [...indicesOf(part.axes.map((axis) => axis.count))].map((counter) => {
    const index = [...part.origin];
    part.axes.forEach(({ dim, step }, a) => {
      index[dim] = (index[dim] ?? 0) + step * (counter[a] ?? 0);
    });
    return index;
  });
}

export function pack(part: Part, memory: readonly Memory[]): Element[] {
  const source = memory[part.slot];
  return partIndices(part).map((index) => source?.data[source.at(index)] ?? Number.NaN);
}

export function unpack(part: Part, memory: readonly Memory[], data: readonly Element[]): void {
  const target = memory[part.slot];
  const indices = partIndices(part);
  if (indices.length !== data.length) throw new Error(`${data.length} elements for ${indices.length} places`);
  indices.forEach((index, k) => {
    if (target) target.data[target.at(index)] = data[k] ?? Number.NaN;
  });
}

function sweep(
  { plan, specs, memory }: Rank,
  w: number,
  which: 'interior' | 'boundary',
  params: readonly number[],
): void {
  for (const task of plan.waves[w]?.tasks ?? []) {
    const kernel = plan.kernels[task.kernel];
    const spec = specs.get(kernel?.key ?? '');
    if (!kernel || !spec) throw new Error('kernel without specification');
    const fields = kernel.slots.map((slot) => memory[slot]);
    for (const box of task[which]) runKernel(spec, fields, box, task, params, kernel.starts);
  }
}

export function runKernel(
  spec: KernelSpec,
  fields: readonly (Memory | undefined)[],
  box: Box,
  task: Task,
  params: readonly number[],
  starts: PlanKernel['starts'] = [],
): void {
  const buffers = buffersOf(task);
  for (const counter of indicesOf(box.map(([lo, hi]) => hi - lo))) {
    const j = counter.map((i, d) => i + (box[d]?.[0] ?? 0));
    const place = (index: readonly KernelIndex[]): number[] =>
      index.map(({ axis, a, c, biased }) =>
        axis < 0
          ? biased
            ? (task.constants[c] ?? Number.NaN)
            : c
          : a * (j[axis] ?? 0) + c + (biased ? (task.bias[axis] ?? 0) : 0),
      );
    const iota = (axis: number, a: number, constant: number): number =>
      (axis < 0 ? 0 : a * (j[axis] ?? 0)) + (task.constants[constant] ?? Number.NaN);
    for (const store of spec.stores) {
      const value = evaluate(
        store.value,
        (slot, index) => {
          const source = fields[slot];
          return source?.data[source.at(place(index), starts[slot])] ?? Number.NaN;
        },
        params.slice(task.firstParam),
        iota,
      );
      const field = fields[store.slot];
      if (field) {
        field.data[field.at(place(store.index), starts[store.slot])] = convert(
          value,
          concrete(store.value.dtype),
          field.slot.dtype,
        );
        continue;
      }
      const b = store.slot - (fields.length - buffers.length);
      const [reduction, buffer] = [task.reductions?.[b], buffers[b]];
      if (!reduction || !buffer) throw new Error('store without field');
      const converted = convert(value, concrete(store.value.dtype), reduction.of);
      if (reduction.axes) {
        const list = listOf(task, reduction, place(store.index));
        list.push(converted);
        continue;
      }
      const number = place(store.index).reduce((sum, at, d) => sum + (reduction.steps[d] ?? 0) * at, reduction.first);
      if (buffer.has(number)) throw new Error(`element ${number} is reduced twice`);
      buffer.set(number, converted);
    }
  }
}

/** A value of the expression's own type (concrete). */
function evaluate(
  expr: KernelExpr,
  load: (slot: number, index: readonly KernelIndex[]) => Element,
  params: readonly number[],
  iota: (axis: number, a: number, constant: number) => number,
): Element {
  const as = (e: KernelExpr, type: DType): Element => convert(evaluate(e, load, params, iota), concrete(e.dtype), type);
  const type = concrete(expr.dtype);
  switch (expr.op) {
    case 'load': {
      const value = load(expr.slot, expr.index);
      if (typeof value === 'number' && Number.isNaN(value) && !isFloat(type)) throw new Error('poison was read');
      return value;
    }
    case 'param':
      return expr.dtype === 'weakint' ? BigInt(params[expr.index] ?? 0) : (params[expr.index] ?? Number.NaN);
    case 'iota':
      return convert(BigInt(iota(expr.axis, expr.a, expr.constant)), 'i64', type);
    case 'where':
      return as(expr.cond, 'bool') !== 0 ? as(expr.a, type) : as(expr.b, type);
    case 'unary': {
      const a = concrete(expr.a.dtype);
      const operand = expr.fn === 'not' ? a : isTest(expr.fn) ? (a === 'f32' ? 'f32' : 'f64') : type;
      return unary(expr.fn, as(expr.a, operand), operand);
    }
    case 'binary': {
      const meet = concrete(operandType(expr.fn, expr.a.dtype, expr.b.dtype));
      return binary(expr.fn, as(expr.a, meet), as(expr.b, meet), meet);
    }
  }
}
