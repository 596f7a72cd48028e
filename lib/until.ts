/**
 * What ends a loop: the condition as the user gives it in; out come the unit that computes it, and the Scalars where the
 * engine keeps whether it holds and the number it is about.
 */
import { QuadrilleError, show } from './errors.js';
import type { Unit } from './recorder.js';
import { Scalar } from './scalar.js';
import { session } from './session.js';
import type { Storage } from './storage.js';

export interface Check {
  readonly unit: Unit;
  /** Not 0: the loop ends. */
  readonly condition: Storage;
  /** What is compared with something, or the condition itself. */
  readonly value: Scalar;
}

const COMPARISONS = ['lt', 'le', 'gt', 'ge', 'eq', 'ne'];

/** Calls `until` once. Throws BAD_OPTION. */
export function captureCheck(until: () => unknown): Check {
  const found: { condition?: Storage; value?: Scalar } = {};
  const units = session.capture(() => {
    const given = until();
    if (!(given instanceof Scalar)) {
      throw new QuadrilleError('BAD_OPTION', `loop: until gave ${show(given)}.`, {
        expected: 'a Scalar, such as norm(y.sub(x), Infinity).lt(1e-8)',
        hint: typeof given === 'boolean' ? 'until is called once: what it compares stays in the engine' : undefined,
      });
    }
    const { structure, kids } = given.tree();
    const [left] = kids;
    const compares = structure.op === 'binary' && COMPARISONS.includes(structure.fn);
    found.value = compares && left && left.structure.op !== 'param' ? new Scalar(left) : given;
    found.value.storage();
    found.condition = given.storage();
  });
  const [unit] = units;
  const { condition, value } = found;
  if (!unit || units.length > 1 || !condition || !value) {
    throw new QuadrilleError('BAD_OPTION', 'loop: until is not computed by one Program.', {
      expected: 'a condition on fields of one grid, computed anew in every call',
    });
  }
  return { unit, condition, value };
}
