/**
 * What a random program is: arrays, statements and loops as a user would write them, as data that can be rendered as
 * Python, recorded through the public API, and printed.
 */
import type { BinaryFn, DType, UnaryFn } from '../../jit/program.js';

export interface RandomField {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly seed: number;
  /** Some elements are NaN, infinite, -0 (floats) or the greatest there are (integers). */
  readonly special: boolean;
  /** On the grid of the others; on one of its own, cut among the ranks in its own way; or on none (np.array). */
  readonly place: 'common' | 'apart' | 'loose';
}

/**
 * As in Python: an index, start:stop:step with parts left out, None, `...`; with `move`, an index or a range that
 * begins that far from the loop variable `i`.
 */
export type Subscript =
  | number
  | null
  | '...'
  | { readonly start?: number; readonly stop?: number; readonly step?: number }
  | { readonly move: number; readonly count?: number };

export interface RandomView {
  /** One of the fields, or of the temporaries after them. */
  readonly field: number;
  /** Rolled along an axis before it is sliced; or moved around a periodic grid. */
  readonly roll?: { readonly shift: number; readonly axis: number };
  readonly shift?: readonly number[];
  readonly subscripts: readonly Subscript[];
  /** Transposed after that, and then sliced again. */
  readonly order?: readonly number[];
  readonly again?: readonly Subscript[];
}

export type ReduceName = 'sum' | 'mean' | 'min' | 'max' | 'prod' | 'argmin' | 'argmax' | 'any' | 'all' | 'std' | 'var';

export type RandomExpr =
  | { readonly op: 'view'; readonly view: RandomView }
  | { readonly op: 'number'; readonly value: number }
  /** The Scalar `s[index]`. */
  | { readonly op: 'scalar'; readonly index: number }
  | { readonly op: 'unary'; readonly fn: UnaryFn; readonly a: RandomExpr }
  | { readonly op: 'binary'; readonly fn: BinaryFn; readonly a: RandomExpr; readonly b: RandomExpr }
  | { readonly op: 'power'; readonly a: RandomExpr; readonly exponent: number }
  | { readonly op: 'where'; readonly cond: RandomExpr; readonly a: RandomExpr; readonly b: RandomExpr }
  | { readonly op: 'cast'; readonly a: RandomExpr; readonly dtype: DType }
  | { readonly op: 'clip'; readonly a: RandomExpr; readonly least: number; readonly most: number }
  /** Of an expression. */
  | { readonly op: 'part'; readonly a: RandomExpr; readonly subscripts: readonly Subscript[] }
  | { readonly op: 'turned'; readonly a: RandomExpr; readonly order: readonly number[] }
  | { readonly op: 'rolled'; readonly a: RandomExpr; readonly shift: number; readonly axis: number }
  | { readonly op: 'reduce'; readonly fn: ReduceName; readonly a: RandomExpr }
  | {
      readonly op: 'along';
      readonly fn: ReduceName;
      readonly a: RandomExpr;
      readonly axes: readonly number[];
      readonly keepdims: boolean;
    }
  | { readonly op: 'norm'; readonly a: RandomExpr; readonly order: 1 | 2 | typeof Infinity }
  | { readonly op: 'dot'; readonly a: RandomExpr; readonly b: RandomExpr };

export type RandomStatement =
  | { readonly kind: 'assign'; readonly target: RandomView; readonly value: RandomExpr }
  /** `target += value`; written with methods it is `target = target + value`. */
  | { readonly kind: 'update'; readonly target: RandomView; readonly fn: BinaryFn; readonly value: RandomExpr }
  /** `target[mask] = value`, a number or `value[mask]`, of the target's shape. */
  | {
      readonly kind: 'masked';
      readonly target: RandomView;
      readonly mask: RandomExpr;
      readonly value: RandomExpr;
    }
  /** The value is from here on temporary `makes`, or Scalar `makes`. */
  | { readonly kind: 'array'; readonly makes: number; readonly value: RandomExpr }
  | { readonly kind: 'scalar'; readonly makes: number; readonly value: RandomExpr }
  | {
      readonly kind: 'sweep';
      readonly from: number;
      readonly to: number;
      readonly step: number;
      readonly body: readonly RandomStatement[];
    };

/** Ends a loop: looked at after every `every` steps. */
export interface RandomUntil {
  readonly condition: RandomExpr;
  readonly every: number;
}

export interface RandomProgram {
  readonly fields: readonly RandomField[];
  readonly periodic: boolean;
  readonly statements: readonly RandomStatement[];
  /** How often the statements are recorded, at most. */
  readonly steps: number;
  /** Fields that change places after each step: by swap, or as JavaScript's variables. */
  readonly swapped: readonly [number, number] | null;
  readonly byVariables: boolean;
  readonly loop: 'plain' | 'grid.loop';
  readonly until: RandomUntil | null;
  /** With methods; as np text, line by line or a step in one template; or the whole as a NumPy program. */
  readonly written: 'methods' | 'text' | 'block' | 'program';
  /** Chooses process grids, threads and tiles. */
  readonly setup: number;
}

/** Functions whose results are not NumPy's to the bit. */
export const LIBRARY_UNARY = ['exp', 'log1p', 'sin', 'tanh', 'atan', 'cbrt'] as const satisfies readonly UnaryFn[];
export const LIBRARY_BINARY = ['hypot', 'atan2'] as const satisfies readonly BinaryFn[];

/** Is the result not NumPy's to the bit? */
export function callsLibrary({ statements, until }: RandomProgram): boolean {
  return [...LIBRARY_UNARY, ...LIBRARY_BINARY].some((fn) =>
    JSON.stringify([statements, until]).includes(`"fn":"${fn}"`),
  );
}
