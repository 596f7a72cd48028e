/** Shapes: what a user gives is checked, what two operands make of each other follows NumPy's broadcasting. */
import { QuadrilleError, show } from './errors.js';

export type Shape = readonly number[];

export const MAX_DIMS = 4;

/** `(3, 4)`, `(3,)`, `()`: as NumPy prints shapes. */
export function formatShape(shape: Shape): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}

/** Number of elements. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, n) => product * n, 1);
}

/** A shape a user gave, as it is; throws BAD_SHAPE unless it is 1 to 4 whole numbers >= 0. */
export function checkShape(what: string, shape: unknown): Shape {
  const expected = 'an array of 1 to 4 whole numbers, none negative';
  if (!Array.isArray(shape) || shape.length === 0) {
    const hint = typeof shape === 'number' ? `for one dimension write [${shape}]` : undefined;
    throw new QuadrilleError('BAD_SHAPE', `${what}: the shape is ${show(shape)}.`, { expected, hint });
  }
  if (shape.length > MAX_DIMS) {
    throw new QuadrilleError('BAD_SHAPE', `${what}: the shape has ${shape.length} dimensions.`, { expected });
  }
  const sizes: number[] = [];
  shape.forEach((n: unknown, d) => {
    if (typeof n !== 'number' || !Number.isSafeInteger(n) || n < 0) {
      throw new QuadrilleError('BAD_SHAPE', `${what}: dimension ${d} of the shape is ${show(n)}.`, {
        expected,
        hint: typeof n === 'number' && n > 0 && Number.isFinite(n) ? 'round it, e.g. with Math.floor' : undefined,
      });
    }
    sizes.push(n);
  });
  if (!Number.isSafeInteger(sizeOf(sizes))) {
    throw new QuadrilleError('BAD_SHAPE', `${what}: ${formatShape(sizes)} has more than 2^53 elements.`, { expected });
  }
  return Object.freeze(sizes);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((n, d) => n === b[d]);
}

/** The shape `a` and `b` broadcast to. Throws SHAPE_MISMATCH; `what` names the operation. */
export function broadcast(what: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b) || b.length === 0) return a;
  if (a.length === 0) return b;
  const dims = Math.max(a.length, b.length);
  return Array.from({ length: dims }, (_, d) => {
    const na = a[a.length - dims + d] ?? 1;
    const nb = b[b.length - dims + d] ?? 1;
    if (na !== nb && na !== 1 && nb !== 1) {
      throw new QuadrilleError(
        'SHAPE_MISMATCH',
        `${what}: the operands have shapes ${formatShape(a)} and ${formatShape(b)}.`,
        {
          expected: 'shapes that broadcast: counted from the last dimension, sizes are equal or one of them is 1',
          hint: `they differ in dimension ${d - dims} (${na} and ${nb})${slicesOff(na, nb)}`,
        },
      );
    }
    return na === 1 ? nb : na;
  });
}

/** Throws SHAPE_MISMATCH unless `value` broadcasts to `target` as it stands (extra leading 1s of `value` are allowed). */
export function checkAssignable(target: Shape, value: Shape): void {
  const extra = value.length - target.length;
  value.forEach((n, d) => {
    const room = d < extra ? 1 : target[d - extra];
    if (n === room || n === 1) return;
    const dim = d - value.length;
    throw new QuadrilleError(
      'SHAPE_MISMATCH',
      `A value of shape ${formatShape(value)} does not fit a target of shape ${formatShape(target)}.`,
      {
        expected: 'a value that broadcasts to the target: sizes equal, or 1 in the value',
        hint:
          d < extra
            ? 'the value has more dimensions than the target'
            : `they differ in dimension ${dim} (${room} in the target, ${n} in the value)${slicesOff(room ?? 0, n)}`,
      },
    );
  });
}

function slicesOff(a: number, b: number): string {
  const off = Math.abs(a - b);
  return off <= 4 && a > 1 && b > 1
    ? `; off by ${off}: one slice probably leaves out ${off} too ${off === 1 ? 'many or too few' : 'many'}`
    : '';
}
