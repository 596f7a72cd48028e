/** All that programs ask of the library's arrays: made, kept, given back, and their values waited for. */
import { empty } from '../../create.js';
import { QuadrilleError } from '../../errors.js';
import type { Expr, Tree } from '../../expr.js';
import { Field, View } from '../../field.js';
import { foldBinary, foldUnary } from '../../fold.js';
import { session } from '../../session.js';
import { sizeOf } from '../../shape.js';
import type { Storage } from '../../storage.js';
import { wholeView } from '../../structure.js';
import { copy } from '../../temporary.js';
import type { Scalar } from './values.js';

/** Values without dimensions that are nobody else's: NumPy's scalars, which never change. */
const numbers = new WeakSet<Expr>();

/** Can `value` be given a name as it is? An expression cannot, nor an element of an array, which may change. */
export function isStored(value: Expr): boolean {
  return value.shape.length > 0 ? storageOf(value) !== undefined : numbers.has(value);
}

/** An array of its own with the present value of an expression. */
export function materialise(value: Expr): Field | View {
  if (value.shape.length > 0) return copy(value);
  const number = empty([1], value.dtype === 'f32' ? 'f32' : 'f64')
    .at(0)
    .set(value);
  numbers.add(number);
  return number;
}

/** Nothing names the array any more: its memory is used again. */
export function release(storage: Storage): void {
  session.memory.release(storage);
}

/** The storage of what has one. */
export function storageOf(value: Expr): Storage | undefined {
  return value instanceof Field || value instanceof View ? value.storage : undefined;
}

/** A view of the whole: assignments to it write the array's elements. */
export function whole(value: Expr): View {
  if (value instanceof View) return value;
  if (value instanceof Field) return new View(value.storage, wholeView(value.storage.meta));
  throw new QuadrilleError('INTERNAL', 'an expression has no elements to write');
}

/** What is computed here, of numbers that have come from the engine, to the bits the engine would give. */
const EXACT = new Set<string>([
  ...['neg', 'abs', 'sqrt', 'square', 'floor', 'ceil', 'not'],
  ...['add', 'sub', 'mul', 'div', 'minimum', 'maximum', 'lt', 'le', 'gt', 'ge', 'eq', 'ne', 'and', 'or'],
]);

/** The number, or truth value, that an expression without dimensions is. */
export async function numberOf(value: Expr): Promise<Scalar> {
  const tree = value.tree();
  if (!isExact(tree)) return elementOf(materialise(value));
  const elements = new Map<Tree, number>();
  await fetchLeaves(tree, elements);
  const result = evaluate(tree, elements);
  return tree.structure.dtype === 'bool' ? result !== 0 : result;
}

function isExact({ structure, kids }: Tree): boolean {
  if (structure.op === 'load') return structure.dtype === 'f64';
  if (structure.op === 'param') return true;
  return 'fn' in structure && EXACT.has(structure.fn) && kids.every(isExact);
}

async function fetchLeaves(tree: Tree, elements: Map<Tree, number>): Promise<void> {
  const { structure, storage } = tree;
  if (structure.op === 'load' && storage) elements.set(tree, await elementOf(new View(storage, structure.view)));
  for (const kid of tree.kids) await fetchLeaves(kid, elements);
}

function evaluate(tree: Tree, elements: ReadonlyMap<Tree, number>): number {
  const { structure, kids } = tree;
  const [a = 0, b = 0] = kids.map((kid) => evaluate(kid, elements));
  switch (structure.op) {
    case 'load':
      return elements.get(tree) ?? Number.NaN;
    case 'param':
      return tree.value;
    case 'unary':
      return foldUnary(structure.fn, a);
    case 'binary':
      return foldBinary(structure.fn, a, b);
    default:
      throw new QuadrilleError('INTERNAL', `${structure.op} is left to the engine`);
  }
}

/** The only element of a view, on every rank. */
async function elementOf(value: Field | View): Promise<number> {
  const view = whole(value);
  if (sizeOf(view.shape) !== 1) throw new QuadrilleError('INTERNAL', 'elementOf wants one element');
  return new Field(view.storage).get(...view.view.axes.map((axis) => (axis.kind === 'index' ? axis.at : axis.start)));
}

/** Holds the recording back while the engine has far more queued than it needs. */
export function backpressure(): Promise<void> | undefined {
  session.recorder.cut();
  return session.running ? session.backpressure() : undefined;
}
