/**
 * A tape of small numbers in, a random stencil program as a user would write it out. Every choice is read off the
 * tape, 0 being the simplest, so that shrinking the tape shrinks the program.
 */
import fc from 'fast-check';
import type { DType } from '../../jit/program.js';

export interface RandomField {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly seed: number;
  /** On a Grid of its own, cut among the ranks in its own way. */
  readonly apart: boolean;
}

/** As in Python: an index, or start:stop:step with parts left out. */
export type Subscript = number | { readonly start?: number; readonly stop?: number; readonly step?: number };

export interface RandomView {
  readonly field: number;
  readonly subscripts: readonly Subscript[];
  /** Rolled along this axis before it is sliced. */
  readonly roll?: { readonly shift: number; readonly axis: number };
}

export type RandomExpr =
  | { readonly op: 'view'; readonly view: RandomView }
  | { readonly op: 'number'; readonly value: number }
  | { readonly op: 'unary'; readonly fn: (typeof UNARY)[number]; readonly a: RandomExpr }
  | { readonly op: 'binary'; readonly fn: (typeof BINARY)[number]; readonly a: RandomExpr; readonly b: RandomExpr }
  | { readonly op: 'power'; readonly a: RandomExpr; readonly exponent: number }
  | { readonly op: 'where'; readonly cond: RandomCondition; readonly a: RandomExpr; readonly b: RandomExpr };

export interface RandomCondition {
  readonly fn: (typeof COMPARE)[number];
  readonly a: RandomExpr;
  readonly b: RandomExpr;
  readonly not: boolean;
}

export interface RandomStatement {
  readonly target: RandomView;
  /** Not an assignment: the value, which has the target's shape, is from here on temporary `makes`. */
  readonly makes?: number;
  readonly value: RandomExpr;
}

export interface RandomProgram {
  readonly dims: number;
  readonly fields: readonly RandomField[];
  readonly statements: readonly RandomStatement[];
  /** How often the statements are recorded; fields `swapped` change places after each time. */
  readonly steps: number;
  readonly swapped: readonly [number, number] | null;
  /** The steps are grid.loop's (true) or a plain loop's. */
  readonly looped: boolean;
  /** Written as np text (true) or with methods. */
  readonly asText: boolean;
}

export const UNARY = [
  ...(['neg', 'abs', 'floor', 'ceil', 'trunc', 'rint', 'sign'] as const),
  // Not to NumPy's bits: see `callsLibrary`.
  ...(['exp', 'log1p', 'sin', 'tanh', 'arctan', 'cbrt'] as const),
] as const;
const EXACT_UNARY = 7;
export const BINARY = ['add', 'sub', 'mul', 'div', 'minimum', 'maximum', 'fmin', 'fmax', 'fmod', 'hypot'] as const;
const EXACT_BINARY = 9;

/** Is the result not NumPy's to the bit? */
export function callsLibrary({ statements }: RandomProgram): boolean {
  return /"fn":"(exp|log1p|sin|tanh|arctan|cbrt|hypot)"/.test(JSON.stringify(statements));
}
export const COMPARE = ['lt', 'le', 'gt', 'ge', 'ne'] as const;
const NUMBERS = [2, 0.25, -1, 0.1, 3] as const;
/** Long enough to be cut among 8 ranks in places, short enough to be interpreted at once. */
const EXTENTS: readonly (readonly number[])[] = [
  [19, 7, 33, 2, 1, 150],
  [9, 6, 13, 2, 1, 40],
  [7, 5, 8, 3, 1, 20],
  [5, 4, 6, 2, 1],
];

class Tape {
  #at = 0;
  constructor(readonly values: readonly number[]) {}

  /** A whole number in [0, below). */
  next(below: number): number {
    const value = this.values[this.#at++] ?? 0;
    return below > 0 ? value % below : 0;
  }

  pick<T>(choices: readonly [T, ...(readonly T[])]): T {
    return choices[this.next(choices.length)] ?? choices[0];
  }
}

export const randomPrograms: fc.Arbitrary<RandomProgram> = fc
  .array(fc.nat(0xffff), { maxLength: 400, size: 'max' })
  .map((values) => programFrom(new Tape(values)));

function programFrom(tape: Tape): RandomProgram {
  const dims = tape.pick([2, 1, 3, 2, 4, 2, 3]);
  const extents = EXTENTS[dims - 1] ?? [];
  const shape = Array.from({ length: dims }, () => extents[tape.next(extents.length)] ?? 1);
  const mixed = tape.next(4) === 3;
  const fields = Array.from({ length: 1 + tape.next(4) }, (_, k): RandomField => {
    const dtype = mixed && k !== 1 && tape.next(2) === 1 ? 'f32' : 'f64';
    // Fields 0 and 1 fit each other, so that they can be swapped; the others may be anything that meets them.
    const kind = k < 2 ? 0 : tape.next(6);
    const apart = kind > 3;
    if (kind === 3) return { shape: shape.map((n) => Math.max(1, n + tape.next(4) - 1)), dtype, seed: k, apart };
    if (kind === 5)
      return { shape: shape.slice(tape.next(dims)).map((n) => (tape.next(3) === 2 ? 1 : n)), dtype, seed: k, apart };
    return { shape, dtype, seed: k, apart };
  });
  const library = tape.next(4) === 3;
  // Fields beyond the program's own are temporaries, in the order they are made.
  const known = [...fields];
  const statements = Array.from({ length: 1 + tape.next(6) }, (): RandomStatement => {
    const statement = statementFrom(tape, known, mixed, library);
    const shape = shapeOf(statement.target, known);
    if (mixed || shape.length === 0 || shape.includes(0) || tape.next(4) !== 3) return statement;
    const makes = known.length - fields.length;
    known.push({ shape, dtype: 'f64', seed: 0, apart: false });
    // With a part of full shape, or broadcasting might leave less.
    const whole = { op: 'view', view: statement.target } as const;
    const value: RandomExpr = { op: 'binary', fn: 'add', a: whole, b: statement.value };
    return { target: statement.target, value, makes };
  });
  const [first, second] = fields;
  const canSwap = first !== undefined && second !== undefined && first.dtype === second.dtype;
  return {
    dims,
    fields,
    statements,
    steps: 1 + tape.pick([0, 1, 2, 4, 8, 18]),
    swapped: canSwap && tape.next(2) === 1 ? [0, 1] : null,
    asText: tape.next(2) === 1,
    looped: tape.next(2) === 1,
  };
}

/** Of a view without a roll. */
function shapeOf({ field, subscripts }: RandomView, fields: readonly RandomField[]): number[] {
  return subscripts.flatMap((subscript, d) => {
    if (typeof subscript === 'number') return [];
    const n = fields[field]?.shape[d] ?? 1;
    const { start, stop, step = 1 } = subscript;
    const place = (at: number | undefined, otherwise: number): number =>
      at === undefined ? otherwise : Math.min(Math.max(at < 0 ? at + n : at, step < 0 ? -1 : 0), step < 0 ? n - 1 : n);
    const [from, to] = step > 0 ? [place(start, 0), place(stop, n)] : [place(start, n - 1), place(stop, -1)];
    return [Math.max(0, Math.ceil((to - from) / step))];
  });
}

function statementFrom(tape: Tape, fields: readonly RandomField[], mixed: boolean, library: boolean): RandomStatement {
  const field = tape.next(fields.length);
  const axes = (fields[field]?.shape ?? []).map((n): Walk => {
    const kind = tape.next(12);
    if (kind < 4) return { start: Math.min(1, n - 1), step: 1, count: Math.max(1, n - 2) };
    if (kind === 11) return { start: 0, step: 1, count: tape.next(2) }; // nothing, or one row
    if (kind === 10 && !mixed) return { at: tape.next(n) }; // mixed: see viewFrom
    const step = kind < 7 ? 1 : tape.pick([2, -1, 3, -2]);
    const most = Math.floor((n - 1) / Math.abs(step)) + 1;
    const count = 1 + tape.next(most);
    return placed(tape, n, step, count, 0);
  });
  const counts = axes.flatMap((axis) => ('at' in axis ? [] : [axis]));
  const target = { field, subscripts: axes.map((axis, d) => subscriptOf(tape, axis, fields[field]?.shape[d] ?? 1)) };
  return { target, value: exprFrom(tape, { fields, counts, mixed, library }, 3) };
}

type Range = { readonly start: number; readonly step: number; readonly count: number };
type Walk = Range | { readonly at: number };

interface Wanted {
  readonly fields: readonly RandomField[];
  /** The target's ranges: their counts are the shape to broadcast to, their starts where neighbours are near. */
  readonly counts: readonly Range[];
  readonly mixed: boolean;
  readonly library: boolean;
}

/**
 * Numbers stand only beside what is no number: among themselves Python reckons with integers, and NumPy's functions
 * make f64 of them.
 */
function exprFrom(tape: Tape, wanted: Wanted, depth: number, numberToo = true): RandomExpr {
  const kind = depth === 0 ? tape.next(4) : tape.next(16);
  if (kind === 3 && numberToo) return { op: 'number', value: tape.pick(NUMBERS) };
  if (kind < 4) return { op: 'view', view: viewFrom(tape, wanted) };
  const pair = (): { a: RandomExpr; b: RandomExpr } => {
    const a = exprFrom(tape, wanted, depth - 1);
    return { a, b: exprFrom(tape, wanted, depth - 1, a.op !== 'number') };
  };
  if (kind < 12) return { op: 'binary', fn: some(tape, wanted, BINARY, EXACT_BINARY), ...pair() };
  if (kind < 14) {
    const fn = some(tape, wanted, UNARY, EXACT_UNARY);
    return { op: 'unary', fn, a: exprFrom(tape, wanted, depth - 1, false) };
  }
  if (kind === 14) return { op: 'power', a: exprFrom(tape, wanted, depth - 1, false), exponent: tape.pick([2, -1]) };
  const cond = {
    fn: tape.pick(COMPARE),
    a: { op: 'view', view: viewFrom(tape, wanted) },
    b: exprFrom(tape, wanted, 0),
    not: tape.next(3) === 2,
  } as const;
  return { op: 'where', cond, ...pair() };
}

/** One of a list's functions, of the exact ones before `exact` in most programs. */
function some<T>(tape: Tape, { library }: Wanted, list: readonly [T, ...T[]], exact: number): T {
  return list[tape.next(library ? list.length : exact)] ?? list[0];
}

/** A view of some field that broadcasts to the wanted shape. */
function viewFrom(tape: Tape, { fields, counts, mixed }: Wanted): RandomView {
  const field = tape.next(fields.length);
  const shape = fields[field]?.shape ?? [];
  // As many dimensions as the target's view has, or fewer; the others are dropped by an index. Where f32 meets f64 one
  // is always kept: NumPy 1 gives a single element's dtype less weight than an array's.
  let keep = Math.min(shape.length, counts.length, tape.next(6) === 5 ? tape.next(shape.length + 1) : shape.length);
  if (mixed) keep = Math.max(keep, Math.min(1, counts.length));
  let drop = shape.length - keep;
  let at = counts.length - keep;
  const axes = shape.map((n, d): Walk => {
    if (drop > 0 && (shape.length - d <= drop || tape.next(2) === 1)) {
      drop--;
      return { at: tape.next(n) };
    }
    const wanted = counts[at++] ?? { start: 0, step: 1, count: 1 };
    if (wanted.count > n || (wanted.count !== 1 && tape.next(10) === 9))
      return { start: tape.next(n), step: 1, count: 1 };
    if (wanted.count === 0) return { start: 0, step: 1, count: 0 };
    const most = wanted.count === 1 ? 1 : Math.floor((n - 1) / (wanted.count - 1));
    const wish = tape.next(5) === 4 ? tape.pick([-1, 2, -2, 1]) : Math.abs(wanted.step);
    return placed(tape, n, Math.abs(wish) <= most ? wish : 1, wanted.count, wanted.step > 0 ? wanted.start : 0);
  });
  const subscripts = axes.map((axis, d) => subscriptOf(tape, axis, shape[d] ?? 1));
  // A rolled field is sliced with step 1 only: other steps across its end are refused.
  if (tape.next(12) === 11 && axes.every((axis) => 'at' in axis || axis.step === 1)) {
    return { field, subscripts, roll: { shift: tape.next(7) - 3, axis: tape.next(shape.length) } };
  }
  return { field, subscripts };
}

/** Somewhere it fits: near `about` mostly. */
function placed(tape: Tape, n: number, step: number, count: number, about: number): Range {
  const reach = (count - 1) * Math.abs(step);
  const room = n - 1 - reach;
  const low = tape.next(4) === 3 ? tape.next(room + 1) : Math.min(Math.max(about + tape.next(5) - 2, 0), room);
  return { start: step > 0 ? low : low + reach, step, count };
}

/** One of the ways to write it. */
function subscriptOf(tape: Tape, axis: Walk, n: number): Subscript {
  if ('at' in axis) return tape.next(3) === 2 ? axis.at - n : axis.at;
  const { start, step, count } = axis;
  const style = tape.next(3);
  if (count === 0) return style === 0 ? { start: 0, stop: 0 } : { start: n + 3, stop: n + 9 };
  const stop = start + step * count;
  const atEnd = step > 0 ? stop >= n : stop < 0;
  return {
    ...(!(start === (step > 0 ? 0 : n - 1) && style > 0) && { start: style === 2 && start > 0 ? start - n : start }),
    ...(!atEnd && { stop: style === 2 ? stop - n : stop }),
    ...(step !== 1 && { step }),
  };
}
