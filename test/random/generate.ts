/** A tape of small numbers (fast-check's, so that it shrinks) in, a random program out. */
import fc from 'fast-check';
import type { BinaryFn, DType, ExprType } from '../../jit/program.js';
import { binaryType, concrete, isFloat } from '../../jit/types.js';
import { QuadrilleError } from '../../lib/errors.js';
import { checkBinary } from '../../lib/operators.js';
import { conditionLike, exactLike, exprLike, numberOf, scalarLike, type Typed } from './expressions.js';
import type { RandomExpr, RandomField, RandomProgram, RandomStatement, RandomUntil } from './program.js';
import { Tape } from './tape.js';
import { type Known, type Scope, targetView, type Viewed } from './views.js';

/** Long enough to be cut among 8 ranks in places, short enough to be interpreted at once. */
const EXTENTS: readonly (readonly number[])[] = [
  [19, 7, 33, 2, 1, 150],
  [9, 6, 13, 2, 1, 40],
  [7, 5, 8, 3, 1, 20],
  [5, 4, 6, 2, 1],
];
const UPDATES: readonly BinaryFn[] = ['add', 'sub', 'mul', 'div', 'floordiv', 'mod', 'bitand', 'bitor', 'bitxor'];

export const randomPrograms: fc.Arbitrary<RandomProgram> = fc
  .array(fc.nat(0xffff), { maxLength: 400, size: 'max' })
  .map((values) => programFrom(new Tape(values)));

function programFrom(tape: Tape): RandomProgram {
  const setup = tape.next(0x10000);
  const fields = fieldsFrom(tape);
  const periodic = tape.rarely(4);
  const [first, second] = fields;
  const canSwap = first !== undefined && second !== undefined && first.dtype === second.dtype && tape.rarely(2);
  const written = tape.pick(['methods', 'text', 'methods', 'block', 'program']);
  const loop = written !== 'program' && tape.rarely(2) ? 'grid.loop' : 'plain';
  const scope = {
    tape,
    known: fields.map(({ shape, dtype, place }): Known => ({ shape, dtype, periodic: periodic && place === 'common' })),
    scalars: [] as DType[],
    library: tape.rarely(5),
  };
  const statements = statementsFrom(scope, 1 + tape.next(6), fields.length);
  const together = fields.every(({ place }) => place === 'common');
  return {
    fields,
    periodic,
    statements,
    steps: 1 + tape.pick([0, 1, 2, 4, 8, 18]),
    swapped: canSwap ? [0, 1] : null,
    byVariables: loop === 'plain' && tape.rarely(2),
    loop,
    until:
      loop === 'grid.loop' && together && tape.rarely(3)
        ? untilFrom({ ...scope, known: scope.known.slice(0, fields.length) })
        : null,
    written,
    setup,
  };
}

function fieldsFrom(tape: Tape): RandomField[] {
  const dims = tape.pick([2, 1, 3, 2, 4, 2, 3]);
  const extents = EXTENTS[dims - 1] ?? [];
  const shape = Array.from({ length: dims }, () => extents[tape.next(extents.length)] ?? 1);
  const mixed = tape.rarely(2);
  const special = tape.rarely(4);
  return Array.from({ length: 1 + tape.next(4) }, (_, k): RandomField => {
    const dtype = mixed ? tape.pick(['f64', 'i64', 'f32', 'i32', 'bool', 'f64']) : 'f64';
    const made = { dtype, seed: k, special };
    // Fields 0 and 1 fit each other, so that they can be swapped; the others may be anything that meets them.
    const kind = k < 2 ? 0 : tape.next(7);
    if (kind < 3) return { ...made, shape, place: 'common' };
    if (kind === 3) return { ...made, shape: shape.map((n) => Math.max(1, n + tape.next(4) - 1)), place: 'common' };
    const place = kind === 6 ? 'loose' : 'apart';
    if (kind === 4) return { ...made, shape, place };
    return { ...made, shape: shape.slice(tape.next(dims)).map((n) => (tape.rarely(3) ? 1 : n)), place };
  });
}

/** What statements make is known to those after them. */
interface Growing extends Scope {
  readonly known: Known[];
  readonly scalars: DType[];
}

function statementsFrom(scope: Growing, count: number, own: number): RandomStatement[] {
  const { tape } = scope;
  return Array.from({ length: count }, (): RandomStatement => {
    const kind = tape.next(16);
    if (kind === 12) {
      const value = scalarLike(scope, 2);
      if (value.expr.op !== 'scalar') {
        scope.scalars.push(concrete(value.dtype));
        return { kind: 'scalar', makes: scope.scalars.length - 1, value: value.expr };
      }
    }
    if (kind === 13) return sweepFrom(scope) ?? statementFrom(scope);
    if (kind > 13) {
      const made = arrayFrom(scope);
      if (made) {
        const makes = scope.known.length - own;
        scope.known.push({ shape: made.shape, dtype: concrete(made.dtype), periodic: false });
        return { kind: 'array', makes, value: made.expr };
      }
    }
    return statementFrom(scope);
  });
}

function arrayFrom(scope: Scope): (Typed & { readonly shape: readonly number[] }) | undefined {
  const { ranges } = targetView(scope);
  const shape = ranges.map(({ count }) => count);
  if (shape.length === 0 || shape.includes(0)) return undefined;
  const made = exactLike(scope, ranges, 3);
  return made && { ...made, shape };
}

function statementFrom(scope: Scope): RandomStatement {
  const { tape } = scope;
  const target = targetView(scope);
  const { view, ranges } = target;
  const kind = tape.next(8);
  if (kind === 6) {
    const updated = updateFrom(scope, target);
    if (updated) return updated;
  }
  if (kind === 7 && ranges.length > 0) {
    const masked = maskedFrom(scope, target);
    if (masked) return masked;
  }
  return { kind: 'assign', target: view, value: exprLike(scope, ranges, 3).expr };
}

function updateFrom(scope: Scope, { view, ranges, dtype }: Viewed): RandomStatement | undefined {
  const value = exprLike(scope, ranges, 2);
  const first = scope.tape.next(UPDATES.length);
  for (let k = 0; k < UPDATES.length; k++) {
    const fn = UPDATES[(first + k) % UPDATES.length];
    if (fn && goesInto(fn, dtype, value.dtype)) return { kind: 'update', target: view, fn, value: value.expr };
  }
  return undefined;
}

/** NumPy writes into the target what may lose digits, but not its fraction, and no number into a boolean. */
function goesInto(fn: BinaryFn, target: DType, value: ExprType): boolean {
  try {
    checkBinary(fn, target, value);
  } catch (error) {
    if (error instanceof QuadrilleError) return false;
    throw error;
  }
  return kindOf(binaryType(fn, target, value)) <= kindOf(target);
}

function kindOf(type: ExprType): number {
  return type === 'bool' ? 0 : isFloat(type) ? 2 : 1;
}

function maskedFrom(scope: Scope, { view, ranges }: Viewed): RandomStatement | undefined {
  const { tape } = scope;
  // The mask has the target's shape, or its leading dimensions.
  const dims = tape.rarely(5) ? 1 + tape.next(ranges.length) : ranges.length;
  const compared = exactLike(scope, ranges.slice(0, dims), 0);
  if (!compared) return undefined;
  const mask = maskOf(scope, compared, ranges.slice(0, dims));
  const value = tape.rarely(2) ? exactLike(scope, ranges, 2) : numberOf(tape.pick([0, 1, -1.5]));
  return value && { kind: 'masked', target: view, mask, value: value.expr };
}

function maskOf(scope: Scope, a: Typed, ranges: Viewed['ranges']): RandomExpr {
  const fn = scope.tape.pick(['gt', 'lt', 'ne', 'le'] as const);
  const compared: RandomExpr = { op: 'binary', fn, a: a.expr, b: numberOf(scope.tape.pick([0, 0.25])).expr };
  if (!scope.tape.rarely(3)) return compared;
  return { op: 'binary', fn: 'bitand', a: compared, b: conditionLike(scope, ranges, 1).expr };
}

/** `for i in range(...)`: positions along one dimension that follow it. */
function sweepFrom(scope: Growing): RandomStatement | undefined {
  const { tape, known } = scope;
  if (scope.moving) return undefined;
  const field = known[tape.next(known.length)];
  const axis = tape.next(field?.shape.length ?? 1);
  const n = field?.shape[axis] ?? 1;
  if (n < 3) return undefined;
  const [least, most] = [tape.pick([1, 0, 2]), n - 1 - tape.pick([0, 1])];
  const count = Math.min(most - least + 1, 12);
  if (count < 1) return undefined;
  const step = tape.pick([1, 1, -1, 2]);
  const [from, to] = step > 0 ? [least, least + count] : [least + count - 1, least - 1];
  const moving = { least, most: least + count - 1, axis };
  const inner = { ...scope, moving };
  const body = Array.from({ length: 1 + tape.next(2) }, () => statementFrom(inner));
  return { kind: 'sweep', from, to, step, body };
}

/** Of fields alone: it is looked at between the steps. */
function untilFrom(scope: Scope): RandomUntil {
  const { tape } = scope;
  const made = scalarLike({ ...scope, scalars: [] }, 1);
  const condition: RandomExpr =
    made.dtype === 'bool'
      ? made.expr
      : { op: 'binary', fn: tape.pick(['lt', 'gt', 'ge']), a: made.expr, b: numberOf(tape.pick([1, 0.1, 3, -1])).expr };
  return { condition, every: 1 + tape.next(4) };
}
