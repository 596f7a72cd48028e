/** All that programs ask of the library's arrays: made, kept, given back, and their values waited for. */
import type { ExprType } from '../../../jit/program.js';
import { concrete, isInteger } from '../../../jit/types.js';
import { gatherField } from '../../block.js';
import { type AnyArray, arrayOf, putElement } from '../../dtype.js';
import { QuadrilleError } from '../../errors.js';
import type { Expr, Tree } from '../../expr.js';
import { Field } from '../../field.js';
import { foldBinary, foldUnary } from '../../fold.js';
import { Scalar, scalarSoon } from '../../scalar.js';
import { session } from '../../session.js';
import { sizeOf } from '../../shape.js';
import { View } from '../../sliceable.js';
import type { Storage } from '../../storage.js';
import { wholeView } from '../../structure.js';
import { copy } from '../../temporary.js';
import { arrayText, shownEnds } from './array-text.js';
import { type Steps, wait } from './code.js';
import { unpair } from './partners.js';
import type { Scalar as Plain } from './values.js';
import { List, NumpyNumber, type Value } from './values.js';

/** Can `value` be given a name as it is? An expression cannot, nor an element of an array, which may change. */
export function isStored(value: Expr): boolean {
  if (value.shape.length > 0) return value instanceof Field || value instanceof View;
  return value instanceof Scalar && (value.place !== undefined || isNumber(value.tree()));
}

/** Does it depend on no array? */
function isNumber({ storage, kids }: Tree): boolean {
  return storage === null && kids.every(isNumber);
}

/** An array of its own with the present value of an expression; of one without dimensions a Scalar. */
export function materialise(value: Expr): Field | Scalar {
  if (value.shape.length > 0) return copy(value);
  const number = new Scalar(value.tree()); // that which is given may be somebody else's
  number.storage(); // now: an element of an array may change
  return number;
}

/** Nothing names the array any more: its memory is used again. */
export function release(storage: Storage): void {
  unpair(storage);
  session.memory.release(storage);
}

/** The storage of what has one. */
export function storageOf(value: Expr): Storage | undefined {
  if (value instanceof Field || value instanceof View) return value.storage;
  return value instanceof Scalar ? value.place : undefined;
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
export function* numberOf(value: Expr): Steps<Plain> {
  const tree = value.tree(); // once: asked again, a Scalar would evaluate itself
  return numberNow(tree) ?? (yield* wait(numberLater(tree)));
}

/** The same, as NumPy has it. */
export function* numpyNumberOf(value: Expr): Steps<NumpyNumber> {
  return new NumpyNumber(concrete(value.dtype), yield* numberOf(value));
}

/** If the engine has it at once; else it must be waited for. */
function numberNow(tree: Tree): Plain | undefined {
  const { dtype } = tree.structure;
  if (!isExact(tree)) {
    const number = readSoon(tree);
    return number === undefined ? undefined : pythonOf(number, dtype);
  }
  const elements = new Map<Tree, number>();
  return fetchNow(tree, elements) ? pythonOf(evaluate(tree, elements), dtype) : undefined;
}

function fetchNow(tree: Tree, elements: Map<Tree, number>): boolean {
  const { structure, storage } = tree;
  if (structure.op === 'load' && storage) {
    const number = storage.known ?? readSoon(tree);
    if (number === undefined) return false;
    if (storage.meta.shape.length === 0) storage.known = number;
    elements.set(tree, number);
  }
  for (const kid of tree.kids) if (!fetchNow(kid, elements)) return false;
  return true;
}

/** Reads an expression without dimensions; where it is evaluated for that is given back. */
function readSoon(tree: Tree): number | undefined {
  const storage = new Scalar(tree).storage();
  const number = scalarSoon(storage);
  if (storage !== tree.storage) release(storage);
  return number;
}

async function read(tree: Tree): Promise<number | bigint> {
  const scalar = new Scalar(tree);
  if (isNumber(tree)) return scalar.exact();
  const storage = scalar.storage();
  const number = await scalar.exact();
  if (storage !== tree.storage) release(storage);
  return number;
}

async function numberLater(tree: Tree): Promise<Plain> {
  if (!isExact(tree)) {
    return pythonOf(await read(tree), tree.structure.dtype);
  }
  const elements = new Map<Tree, number>();
  await fetchLeaves(tree, elements);
  const result = evaluate(tree, elements);
  return pythonOf(result, tree.structure.dtype);
}

function pythonOf(number: number | bigint, dtype: ExprType): Plain {
  if (dtype === 'bool') return Number(number) !== 0;
  return isInteger(dtype) ? BigInt(number) : Number(number);
}

/** An array as NumPy prints it. Collective. */
export async function textOf(value: Expr): Promise<string> {
  const own = value instanceof Field ? undefined : copy(value);
  const { storage } = own ?? whole(value);
  const { shape, dtype } = storage.meta;
  const edge = shownEnds(shape);
  // Corner by corner: what lies between them stays where it is.
  const ends = shape.map((n): readonly (readonly [number, number])[] => {
    if (edge === undefined || n <= 2 * edge) return [[0, n]];
    return [
      [0, edge],
      [n - edge, n],
    ];
  });
  const extents = ends.map((pieces) => pieces.reduce((sum, [from, to]) => sum + to - from, 0));
  const shown = arrayOf(dtype, sizeOf(extents));
  const boxes = ends.reduce<(readonly [number, number])[][]>(
    (found, pieces) => found.flatMap((box) => pieces.map((piece) => [...box, piece])),
    [[]],
  );
  for (const box of boxes) {
    const data = sizeOf(shape) === 0 ? undefined : await gatherField(storage, { dest: 'all', box });
    if (data) place(data, box, shape, shown, extents);
  }
  if (own) release(own.storage);
  return arrayText(shape, dtype, shown);
}

/** The array's elements as numbers in nested lists. Collective. */
export function* listOf(value: Expr): Steps<Value> {
  if (value.shape.length === 0) return yield* numberOf(value);
  const own = value instanceof Field ? undefined : copy(value);
  const { storage } = own ?? whole(value);
  const { shape, dtype } = storage.meta;
  const data = sizeOf(shape) === 0 ? undefined : yield* wait(gatherField(storage, { dest: 'all' }));
  if (own) release(own.storage);
  let at = 0;
  const nested = (d: number): Value => {
    if (d === shape.length) return pythonOf(data?.[at++] ?? 0, dtype);
    return new List(Array.from({ length: shape[d] ?? 0 }, () => nested(d + 1)));
  };
  return nested(0);
}

/** Puts a box of an array of this shape where it belongs among what is shown: a box begins at 0 or is the last. */
function place(
  data: AnyArray,
  box: readonly (readonly [number, number])[],
  shape: readonly number[],
  shown: AnyArray,
  extents: readonly number[],
): void {
  const counts = box.map(([from, to]) => to - from);
  data.forEach((x: number | bigint, k: number) => {
    let [rest, at, weight] = [k, 0, 1];
    for (let d = box.length - 1; d >= 0; d--) {
      const count = counts[d] ?? 1;
      const from = box[d]?.[0] ?? 0;
      at += weight * ((rest % count) + (from === 0 ? 0 : from - (shape[d] ?? 0) + (extents[d] ?? 0)));
      weight *= extents[d] ?? 1;
      rest = Math.floor(rest / count);
    }
    putElement(shown, at, x);
  });
}

function isExact({ structure, kids }: Tree): boolean {
  if (structure.op === 'load') return structure.dtype === 'f64';
  if (structure.op === 'param') return true;
  return 'fn' in structure && EXACT.has(structure.fn) && kids.every(isExact);
}

async function fetchLeaves(tree: Tree, elements: Map<Tree, number>): Promise<void> {
  const { structure, storage } = tree;
  if (structure.op === 'load' && storage) {
    const value = storage.known ?? Number(await read(tree));
    if (storage.meta.shape.length === 0) storage.known = value;
    elements.set(tree, value);
  }
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
      return structure.fn === 'astype' ? converted(a, structure.dtype) : foldUnary(structure.fn, a);
    case 'binary':
      return foldBinary(structure.fn, a, b);
    default:
      throw new QuadrilleError('INTERNAL', `${structure.op} is left to the engine`);
  }
}

function converted(x: number, type: ExprType): number {
  if (type === 'bool') return x !== 0 ? 1 : 0;
  if (type === 'f32') return Math.fround(x);
  return type === 'i32' || type === 'i64' ? Math.trunc(x) : x;
}

/** Holds the recording back while the engine has far more queued than it needs. */
export function backpressure(): Promise<void> | undefined {
  session.recorder.cut();
  return session.running ? session.backpressure() : undefined;
}
