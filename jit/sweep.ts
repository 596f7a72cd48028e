/**
 * Sweeps: loops over a box, with an affine map from loop counters to the source's index for every load. Here are their
 * form and what passes ask of them; jit/to-sweeps.ts makes them.
 */
import type { DType, Expr, ParamType, ReduceFn } from './program.js';

/** Target index t = start + step * i for i in [0, count), step >= 1. One per dimension of the target. */
export interface Loop {
  readonly start: number;
  readonly step: number;
  readonly count: number;
  /** The start moves with the run's integer of this number; it is where that has its value of `LowerContext.ints`. */
  readonly dyn?: number | undefined;
}

/**
 * Source index along one dimension: a * i[axis] + b, with i the loop counter; axis -1: constant b (a is 0). With `wrap`
 * the index is taken modulo the extent. `single`: the source has one position per rank along this dimension, and each
 * rank reads its own: Scalars, and temporaries for what is broadcast or has one step (kept once, not once per point).
 */
export interface IndexMap {
  readonly axis: number;
  readonly a: number;
  readonly b: number;
  readonly wrap: boolean;
  readonly single?: true;
  /** b moves with the run's integer of this number, as a Loop's start does. */
  readonly dyn?: number | undefined;
}

export interface Access {
  readonly slot: number;
  readonly maps: readonly IndexMap[];
}

/** Expressions whose loads carry their Access; otherwise as in the Program, shapes no longer needed. */
export type SweepExpr =
  | { readonly op: 'load'; readonly access: Access; readonly dtype: DType }
  | { readonly op: 'param'; readonly index: number; readonly dtype: ParamType }
  /** The number map.a * i[map.axis] + map.b. */
  | { readonly op: 'iota'; readonly map: IndexMap; readonly dtype: DType }
  | {
      readonly op: 'unary';
      readonly fn: Extract<Expr, { op: 'unary' }>['fn'];
      readonly a: SweepExpr;
      readonly dtype: Expr['dtype'];
    }
  | {
      readonly op: 'binary';
      readonly fn: Extract<Expr, { op: 'binary' }>['fn'];
      readonly a: SweepExpr;
      readonly b: SweepExpr;
      readonly dtype: Expr['dtype'];
    }
  | {
      readonly op: 'where';
      readonly cond: SweepExpr;
      readonly a: SweepExpr;
      readonly b: SweepExpr;
      readonly dtype: Expr['dtype'];
    };

/** `temp[t] = source` for every position t of the loops, made before the sweep by the transfer planner. */
export interface Copy {
  readonly source: Access;
  readonly temp: number;
}

/** What becomes of a sweep's values instead of being stored in `target`. */
export interface SweepReduction {
  readonly fn: ReduceFn;
  /** The Scalar's slot. */
  readonly into: number;
  /** Element number (C order of the value) of loop counters i: first + sum of steps[d] * i[d]. */
  readonly first: number;
  readonly steps: readonly number[];
  /** Loop dimensions that are reduced in order, on one rank and thread; absent: all of them, in any order. */
  readonly axes?: readonly number[];
}

export interface Sweep {
  /** Whose positions the loops walk, and whose owner does the work; written, unless `reduce` is there. */
  readonly target: number;
  readonly loops: readonly Loop[];
  readonly value: SweepExpr;
  /** What is moved beside the target first; `value` reads the temporaries in its stead. */
  readonly copies: readonly Copy[];
  readonly reduce?: SweepReduction;
}

/** Calls `visit` for every load of an expression, left to right. */
export function eachAccess(expr: SweepExpr, visit: (access: Access) => void): void {
  switch (expr.op) {
    case 'load':
      visit(expr.access);
      return;
    case 'param':
    case 'iota':
      return;
    case 'unary':
      eachAccess(expr.a, visit);
      return;
    case 'binary':
      eachAccess(expr.a, visit);
      eachAccess(expr.b, visit);
      return;
    case 'where':
      eachAccess(expr.cond, visit);
      eachAccess(expr.a, visit);
      eachAccess(expr.b, visit);
  }
}

/** The expression with every load's access replaced by `replace(access)`. */
export function replaceAccesses(expr: SweepExpr, replace: (access: Access) => Access): SweepExpr {
  switch (expr.op) {
    case 'load':
      return { ...expr, access: replace(expr.access) };
    case 'param':
    case 'iota':
      return expr;
    case 'unary':
      return { ...expr, a: replaceAccesses(expr.a, replace) };
    case 'binary':
      return { ...expr, a: replaceAccesses(expr.a, replace), b: replaceAccesses(expr.b, replace) };
    case 'where':
      return {
        ...expr,
        cond: replaceAccesses(expr.cond, replace),
        a: replaceAccesses(expr.a, replace),
        b: replaceAccesses(expr.b, replace),
      };
  }
}

const distinct = new WeakMap<SweepExpr, readonly Access[]>();

/** Distinct accesses of an expression, first appearance first. Every pass asks: found once. */
export function accessesOf(expr: SweepExpr): readonly Access[] {
  const known = distinct.get(expr);
  if (known) return known;
  const found = new Map<string, Access>();
  eachAccess(expr, (access) => {
    const key = accessKey(access);
    if (!found.has(key)) found.set(key, access);
  });
  const accesses = [...found.values()];
  distinct.set(expr, accesses);
  return accesses;
}

export function accessKey(access: Access): string {
  const one = ({ axis, a, b, wrap, dyn }: IndexMap): string =>
    `${axis},${a},${b}${wrap ? 'w' : ''}${dyn === undefined ? '' : `+${dyn}`}`;
  return `${access.slot}:${access.maps.map(one).join(';')}`;
}

/** The access that reads a slot exactly where the loops write. */
export function identityAccess(slot: number, loops: readonly Loop[]): Access {
  return {
    slot,
    maps: loops.map(({ step, start, dyn }, axis) => ({
      axis,
      a: step,
      b: start,
      wrap: false,
      ...(dyn !== undefined && { dyn }),
    })),
  };
}

/** True if the access reads what the loops' own positions name (same index in every dimension). */
export function isIdentity(access: Access, loops: readonly Loop[]): boolean {
  return (
    access.maps.length === loops.length &&
    access.maps.every((map, d) => {
      const loop = loops[d];
      if (loop === undefined || map.wrap || map.dyn !== loop.dyn) return false;
      return map.axis === d && map.a === loop.step && map.b === loop.start;
    })
  );
}
