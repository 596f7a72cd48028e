/** `target = expression` from the fluent dialect: checked, flattened to leaves and numbers, handed to the recorder. */
import type { DType } from '../jit/program.js';
import { isFloat } from '../jit/types.js';
import { QuadrilleError } from './errors.js';
import { boolLeaf, intLeaf, settle, type Tree } from './expr.js';
import type { Recorder } from './recorder.js';
import { checkAlive, describe, type Storage, type ViewStructure } from './storage.js';
import * as structures from './structure.js';

const NONE: readonly Storage[] = [];

/** Throws SHAPE_MISMATCH, BAD_OPERAND, DISPOSED or STALE_EXPRESSION; then nothing has been recorded. */
export function recordAssignment(
  recorder: Recorder,
  target: ViewStructure,
  storage: Storage,
  value: Tree,
  targetInts: readonly number[] = [],
): void {
  const fitting = stored(value, target.meta.dtype);
  const statement = structures.statement(target, fitting.structure);
  checkAlive(storage);
  const leaves: Storage[] = [];
  const params: number[] = [];
  const ints = [...targetInts];
  gather(fitting, leaves, params, ints);
  if (statement.empty) return;
  recorder.before(statement, storage, storage.written === 0 ? leaves : NONE);
  recorder.push(statement, storage, leaves, params, ints);
}

/** A plain number as elements of `dtype` store it: towards zero in integers. Throws INTEGER_OVERFLOW. */
export function stored(value: Tree, dtype: DType): Tree {
  if (value.structure.op !== 'param' || isFloat(dtype)) return value;
  if (dtype === 'bool') return boolLeaf(value.value !== 0);
  const whole = Math.trunc(value.value) + 0;
  if (Number.isNaN(whole)) {
    throw new QuadrilleError('INTEGER_OVERFLOW', `NaN cannot be stored in a field of ${dtype}.`);
  }
  return settle(intLeaf(whole), dtype);
}

/**
 * Appends the storages, numbers and places of moving axes at the leaves of `tree`, in order. Throws DISPOSED or
 * STALE_EXPRESSION.
 */
export function gather(tree: Tree, leaves: Storage[], params: number[], ints: number[]): void {
  if (tree.storage !== null) {
    checkAlive(tree.storage);
    if (tree.storage.written > tree.stamp) throw stale(tree.storage);
    leaves.push(tree.storage);
    if (tree.ints) for (const at of tree.ints) ints.push(at);
  } else if (tree.structure.op === 'param') params.push(tree.value);
  else for (const kid of tree.kids) gather(kid, leaves, params, ints);
}

/** NumPy computes where an expression is written; here it is computed where it is stored, which must make no difference. */
function stale(storage: Storage): QuadrilleError {
  return new QuadrilleError(
    'STALE_EXPRESSION',
    `Field ${describe(storage)}, was written after this expression was built from it.`,
    {
      expected: 'an expression of values that still stand, as NumPy would have used them',
      hint: 'build the expression after the write, or store it in a field of its own before',
    },
  );
}
