/**
 * The Program: what lib/ records and jit/ lowers. Plain, immutable, serialisable data; no user-facing class, no
 * native handle. A Program names its fields by *slot* (order of first appearance), so that `y = f(x)` and, after a
 * swap, `x = f(y)` are one Program with other bindings; literals are parameters, so that a changing `dt` is no new
 * Program. One run of a Program is (Program, field bindings, parameter values).
 */

/** Element types of fields. Sizes in bytes: f64 and i64 8, f32 and i32 4, bool 1 (0 or 1). */
export type DType = 'f64' | 'f32' | 'i64' | 'i32' | 'bool';

/**
 * Type of an expression's elements. `weak` is a number written by the user: it takes the dtype of what it meets, as a
 * Python float does in NumPy (`0.25 * f32` is f32). `weakint` is a whole one, a Python int: it stays an integer among
 * integers. See jit/types.ts.
 */
export type ExprType = DType | 'weak' | 'weakint';

export const UNARY = [
  'neg',
  'abs',
  'sqrt',
  'exp',
  'log',
  'sin',
  'cos',
  'tan',
  'tanh',
  'floor',
  'ceil',
  'square',
  'reciprocal',
  'not',
  'sign',
  /** Every bit of an integer the other way. */
  'invert',
  // Of floats (jit/emit-maths.ts).
  'trunc',
  'rint',
  'cbrt',
  'exp2',
  'expm1',
  'log1p',
  'log2',
  'log10',
  'asin',
  'acos',
  'atan',
  'sinh',
  'cosh',
  'asinh',
  'acosh',
  'atanh',
  'isnan',
  'isinf',
  'isfinite',
  'signbit',
] as const;
export const BINARY = [
  'add',
  'sub',
  'mul',
  'div',
  'pow',
  'minimum',
  'maximum',
  'lt',
  'le',
  'gt',
  'ge',
  'eq',
  'ne',
  /** Of truth values; `bitand`, `bitor`, `bitxor` are NumPy's &, |, ^ of integers or booleans. */
  'and',
  'or',
  'xor',
  'floordiv',
  'mod',
  'bitand',
  'bitor',
  'bitxor',
  'shl',
  'shr',
  // Of floats (jit/emit-maths.ts).
  'fmin',
  'fmax',
  'copysign',
  'heaviside',
  'nextafter',
  'fmod',
  'atan2',
  'hypot',
] as const;
/**
 * Over all elements of a value. sum: the exact sum, rounded once. min, max: NaN if there is one, +0 above -0. argmin,
 * argmax: position (C order) of the first such element, or of the first NaN. None depends on an order of evaluation.
 * Of integers and truth values sum and prod are taken modulo 2^64. Types of results: jit/types.ts, reductionType.
 *
 * Along axes: in index order, as NumPy reckons with an array in C order. A sum adds rows one after the other, from 0;
 * along the last axis by NumPy's pairwise sums. prod of floats is only there along axes (which may be all of them).
 */
export const REDUCTIONS = ['sum', 'min', 'max', 'argmin', 'argmax', 'prod'] as const;
export type UnaryFn = (typeof UNARY)[number];
/** `astype` converts to the dtype of the node, as NumPy's. */
export type UnaryOp = UnaryFn | 'astype';
export type BinaryFn = (typeof BINARY)[number];
export type ReduceFn = (typeof REDUCTIONS)[number];

/** Functions of a number whose results are truth values. */
export type TestFn = 'isnan' | 'isinf' | 'isfinite' | 'signbit';
const TESTS: ReadonlySet<UnaryOp> = new Set<TestFn>(['isnan', 'isinf', 'isfinite', 'signbit']);

export function isTest(fn: UnaryOp): fn is TestFn {
  return TESTS.has(fn);
}

/**
 * How a view walks one dimension of its field (extent n), all slice rules already applied.
 * - `index`: one position, 0 <= at < n; the dimension is dropped from the view's shape.
 * - `range`: positions start + step * i for i in [0, count); step is not 0 and may be negative; count may be 0 (then
 *   start is 0). Without `wrap` every position lies in [0, n). With `wrap` (roll, shift on a periodic dimension)
 *   positions are taken modulo n, none twice.
 * With `dyn` the positions are known only when the Program runs: `at`, or `start`, counts from the run's integer number
 * `dyn` (a sweep `A[i] += A[i - 1]` is one Program for all i). The bounds above hold in every run; never with `wrap`.
 */
export type Axis =
  | { readonly kind: 'index'; readonly at: number; readonly dyn?: number }
  | {
      readonly kind: 'range';
      readonly start: number;
      readonly step: number;
      readonly count: number;
      readonly wrap?: true;
      readonly dyn?: number;
    };

/**
 * A view of a slot's field: one Axis per dimension of the field. Its shape is the counts of the ranges in order, or in
 * the order of `dims`: the field's dimension that each of the view's walks, every range once; -1 is a new one, of size 1
 * (NumPy's newaxis).
 */
export interface ViewRef {
  readonly slot: number;
  readonly axes: readonly Axis[];
  readonly dims?: readonly number[];
}

/** What a parameter's number stands for: a Python float, int or bool. */
export type ParamType = 'weak' | 'weakint' | 'bool';

/** Expression over views and parameters. `shape` is the NumPy (broadcast) shape; `dtype` the NumPy result type. */
export type Expr =
  | { readonly op: 'load'; readonly view: ViewRef; readonly dtype: DType; readonly shape: readonly number[] }
  | { readonly op: 'param'; readonly index: number; readonly dtype: ParamType; readonly shape: readonly [] }
  /** The index itself: element (..., i, ...) is start + step * i, i along dimension `axis` of `shape`; all others are 1. */
  | {
      readonly op: 'iota';
      readonly axis: number;
      readonly start: number;
      readonly step: number;
      readonly dtype: DType;
      readonly shape: readonly number[];
    }
  | {
      readonly op: 'unary';
      readonly fn: UnaryOp;
      readonly a: Expr;
      readonly dtype: ExprType;
      readonly shape: readonly number[];
    }
  | {
      readonly op: 'binary';
      readonly fn: BinaryFn;
      readonly a: Expr;
      readonly b: Expr;
      readonly dtype: ExprType;
      readonly shape: readonly number[];
    }
  | {
      readonly op: 'where';
      readonly cond: Expr;
      readonly a: Expr;
      readonly b: Expr;
      readonly dtype: ExprType;
      readonly shape: readonly number[];
    };

/**
 * `target = value`. The whole right-hand side is read before anything is written, also where they overlap. The value
 * is broadcast to the target's shape and converted to its dtype.
 *
 * With `reduce`: `target = fn of all elements of value`; the target is a Scalar, the value has at least one element.
 * With `axes` as well: along these dimensions of the value's shape, ascending. The target is the whole of a field of the
 * dimensions that are left; it may have those that are gone, too, with one position, as `index` axes.
 */
export interface Statement {
  readonly target: ViewRef;
  readonly value: Expr;
  readonly reduce?: ReduceFn;
  readonly axes?: readonly number[];
}

/**
 * How fields are cut among ranks. `processGrid` has one entry per dimension of `shape` (the grid's shape) and its
 * product is the number of ranks; fields of another shape with as many dimensions follow the grid's cuts
 * (jit/decompose.ts).
 *
 * The grid's points are a lattice, and element i of a field along dimension d lies at origin[d] + stride[d] * i of it:
 * whoever owns that place of the grid owns the element. Left out: origin 0, stride 1.
 */
export interface Decomposition {
  readonly shape: readonly number[];
  readonly processGrid: readonly number[];
  /** Whole numbers and halves (between two points), per dimension of the field. */
  readonly origin?: readonly number[];
  /** 1 or more, per dimension. */
  readonly stride?: readonly number[];
}

/** A slot of shape [] is a Scalar: one element, which every rank has for itself, with the same bits. */
export interface SlotDecl {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly decomposition: Decomposition;
  /**
   * A temporary that lives within one run of the Program: its first statement writes all of it, nothing is read from it
   * afterwards, no field is bound to it. Transient slots come last.
   */
  readonly transient?: true;
}

export interface ProgramOptions {
  /** Over-decomposition: tiles per thread. */
  readonly odf: number;
  /** Threads that share the tiles. */
  readonly threads: number;
  /** a*b+c may fuse into one rounding (false: the bits NumPy gives). */
  readonly contract: boolean;
  /** Steps of a loop that are taken in one pass over memory; left out: 'auto', as many as pay. */
  readonly timeTile?: 'auto' | number;
  /** How that is chosen; left out: 'model'. */
  readonly tune?: Tune;
}

/**
 * 'off': as for a common machine, whatever this one is; 'model': for this machine's caches; 'measure': by the times of a
 * loop's first steps.
 */
export type Tune = 'off' | 'model' | 'measure';

export interface Program {
  /** 128-bit structural key, 32 hex digits: structure, dtypes, shapes, decompositions, options; no values. */
  readonly key: string;
  /** Where it was first recorded, `file:line`, for messages. */
  readonly label: string;
  readonly slots: readonly SlotDecl[];
  /** Number of parameters; each run brings that many numbers. */
  readonly params: number;
  /** Number of integers; each run brings that many, for the axes with `dyn`. Left out: 0. */
  readonly ints?: number;
  readonly statements: readonly Statement[];
  readonly options: ProgramOptions;
}
