/**
 * Kernel specifications: a group in; out comes all that code generation needs and nothing else (no shapes, no ranks,
 * no box, no fixed position, no place within the Program), so that one compiled kernel serves every problem size,
 * process and session that asks for the same work.
 */
import { createHash } from 'node:crypto';
import type { Group } from './fuse.js';
import { slotsOf } from './fuse.js';
import { nearness, type SlotTable } from './place.js';
import type { Move } from './plan.js';
import type { BinaryFn, DType, ExprType, ParamType, UnaryOp } from './program.js';
import type { Access, IndexMap, Loop, Sweep, SweepExpr } from './sweep.js';
import { reducedAs } from './types.js';

/** Raise when emitted code changes: it is part of every kernel's key, on disk as well. */
export const EMITTER_VERSION = 6;

/**
 * Block-local index of an element along one dimension: a * j[axis] + c, plus the loop's bias if `biased`; axis -1: c,
 * or if `biased` the task's constant number c.
 */
export interface KernelIndex {
  readonly axis: number;
  readonly a: number;
  readonly c: number;
  readonly biased: boolean;
}

export type KernelExpr =
  | { readonly op: 'load'; readonly slot: number; readonly index: readonly KernelIndex[]; readonly dtype: DType }
  | { readonly op: 'param'; readonly index: number; readonly dtype: ParamType }
  /** The number a * j[axis] + the task's constant of that number; axis -1: that constant alone. */
  | {
      readonly op: 'iota';
      readonly axis: number;
      readonly a: number;
      readonly constant: number;
      readonly dtype: DType;
    }
  | { readonly op: 'unary'; readonly fn: UnaryOp; readonly a: KernelExpr; readonly dtype: ExprType }
  | {
      readonly op: 'binary';
      readonly fn: BinaryFn;
      readonly a: KernelExpr;
      readonly b: KernelExpr;
      readonly dtype: ExprType;
    }
  | {
      readonly op: 'where';
      readonly cond: KernelExpr;
      readonly a: KernelExpr;
      readonly b: KernelExpr;
      readonly dtype: ExprType;
    };

export interface KernelStore {
  readonly slot: number;
  readonly index: readonly KernelIndex[];
  readonly value: KernelExpr;
}

export interface KernelSpec {
  readonly emitter: number;
  readonly dims: number;
  /** Fields by kernel position. */
  readonly slots: readonly { readonly dtype: DType; readonly ndim: number }[];
  readonly stores: readonly KernelStore[];
  /** How many constants a task brings. */
  readonly constants: number;
  readonly contract: boolean;
}

/** A kernel and what a task that runs it brings along. */
export interface GroupKernel {
  readonly spec: KernelSpec;
  /** Which Plan slot each kernel position is; the last ones, -1, are the buffers of the group's reductions, in order. */
  readonly slots: readonly number[];
  /** The kernel's parameter 0 is the Program's parameter of this number. */
  readonly firstParam: number;
  readonly constants: readonly number[];
  /** Of the constants. */
  readonly moves: readonly Move[];
}

/** In place of a Plan slot: values go to a small buffer, to be reduced. */
export const BUFFER = -1;
const DENSE: Loop = { start: 0, step: 1, count: 1 };

/** The group's kernel. `origin[d]` is the loop counter at which the kernel's counter of dimension d is 0, on this rank. */
export function kernelOf(
  group: Group,
  table: SlotTable,
  contract: boolean,
  origin: readonly number[] = [],
): GroupKernel {
  const fields = [...slotsOf(group.sweeps)];
  const slots = [...fields, ...group.sweeps.filter((sweep) => sweep.reduce).map(() => BUFFER)];
  let buffers = fields.length;
  const position = new Map(fields.map((slot, k) => [slot, k]));
  const at = (slot: number): number => position.get(slot) ?? -1;
  const firstParam = Math.min(...group.sweeps.flatMap((sweep) => paramsOf(sweep.value)));
  const constants: number[] = [];
  const moves: Move[] = [];
  const moving = (index: number, int: number | undefined, by: number): number => {
    if (int !== undefined && by !== 0) moves.push({ what: 'constant', index, int, by });
    return index;
  };
  const known = new Map<string, number>();
  const constant = (value: number, dyn: number | undefined): number => {
    const key = `${value}+${dyn}`;
    const at = known.get(key) ?? moving(constants.push(value) - 1, dyn, 1);
    known.set(key, at);
    return at;
  };
  const place = (access: Access, sweep: Sweep): { slot: number; index: KernelIndex[] } => ({
    slot: at(access.slot),
    index: indexOf(access, sweep.target, sweep.loops, table).map((index, d) =>
      index.axis < 0 && !access.maps[d]?.single
        ? { ...index, c: constant(index.c, access.maps[d]?.dyn), biased: true }
        : index,
    ),
  });
  const stores = group.sweeps.map(
    (sweep): KernelStore => ({
      slot: sweep.reduce ? buffers++ : at(sweep.target),
      // A buffer is filled densely, whatever the steps.
      index: sweep.loops.map((loop, d) => positionIndex(sweep.reduce ? DENSE : loop, d, 0)),
      value: toKernel(sweep.value, {
        place: (access) => place(access, sweep),
        firstParam,
        // One of its own each: by value, ranks would come to different kernels.
        constant: ({ axis, a, b, dyn }) => {
          const loop = sweep.loops[axis];
          const index = constants.push(loop ? a * (origin[axis] ?? 0) + b : b) - 1;
          // The loop's counter 0 moves away from the kernel's.
          moving(index, dyn, 1);
          return moving(index, loop?.dyn, loop?.step === 1 ? -a : 0);
        },
      }),
    }),
  );
  const reduced = group.sweeps.flatMap(({ reduce, value }) => (reduce ? [reducedAs(value.dtype)] : []));
  const decls = slots.map((slot, k) => {
    if (slot === BUFFER) return { dtype: reduced[k - fields.length] ?? ('f64' as const), ndim: group.loops.length };
    const decl = table.decls[slot];
    return { dtype: decl?.dtype ?? ('f64' as const), ndim: decl?.shape.length ?? 0 };
  });
  const { length: dims } = group.loops;
  const spec = { emitter: EMITTER_VERSION, dims, slots: decls, stores, constants: constants.length, contract };
  return { spec, slots, firstParam: Number.isFinite(firstParam) ? firstParam : 0, constants, moves };
}

function paramsOf(expr: SweepExpr): number[] {
  switch (expr.op) {
    case 'load':
    case 'iota':
      return [];
    case 'param':
      return [expr.index];
    case 'unary':
      return paramsOf(expr.a);
    case 'binary':
      return [...paramsOf(expr.a), ...paramsOf(expr.b)];
    case 'where':
      return [...paramsOf(expr.cond), ...paramsOf(expr.a), ...paramsOf(expr.b)];
  }
}

/** 128-bit key of a kernel: two kernels with one key are the same code. */
export function kernelKey(spec: KernelSpec): string {
  return createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 32);
}

/**
 * Loops of step 1 count in block-local positions of the target; strided loops count their own steps from the first
 * owned one, and the bias (a run-time argument, as it differs among ranks) brings them to a position.
 */
function positionIndex(loop: Loop, d: number, shift: number): KernelIndex {
  return { axis: d, a: loop.step, c: shift, biased: loop.step > 1 };
}

function indexOf(access: Access, target: number, loops: readonly Loop[], table: SlotTable): KernelIndex[] {
  const near = nearness(access, target, loops, table) ?? [];
  return near.map((one, d): KernelIndex => {
    if (one.kind === 'single') return { axis: -1, a: 0, c: 0, biased: false };
    const axis = one.kind === 'halo' ? d : one.axis;
    const loop = loops[axis];
    if (!loop) return { axis: -1, a: 0, c: one.b, biased: false };
    if (one.kind === 'halo' && one.a === loop.step) return positionIndex(loop, d, one.b - loop.start);
    // a * i + b with i = j - start where the loop counts positions, i = j where it counts steps; what differs among ranks
    // is in the starts of the Plan's kernel.
    return { axis, a: one.a, c: loop.step === 1 ? one.b - one.a * loop.start : one.b, biased: false };
  });
}

interface Frame {
  readonly place: (access: Access) => { slot: number; index: KernelIndex[] };
  readonly firstParam: number;
  readonly constant: (map: IndexMap) => number;
}

function toKernel(expr: SweepExpr, frame: Frame): KernelExpr {
  switch (expr.op) {
    case 'load':
      return { op: 'load', ...frame.place(expr.access), dtype: expr.dtype };
    case 'param':
      return { ...expr, index: expr.index - frame.firstParam };
    case 'iota': {
      const { axis, a } = expr.map;
      return { op: 'iota', axis, a, constant: frame.constant(expr.map), dtype: expr.dtype };
    }
    case 'unary':
      return { ...expr, a: toKernel(expr.a, frame) };
    case 'binary':
      return { ...expr, a: toKernel(expr.a, frame), b: toKernel(expr.b, frame) };
    case 'where':
      return { ...expr, cond: toKernel(expr.cond, frame), a: toKernel(expr.a, frame), b: toKernel(expr.b, frame) };
  }
}
