/**
 * Scalars: expressions of shape (), such as sums over fields and what is reckoned with them. They stay in the engine:
 * other expressions use them without waiting, `await s.value()` brings the number.
 */
import type { DType, ExprType, ProgramOptions } from '../jit/program.js';
import { gatherPlan } from '../jit/transfer.js';
import { concrete, isFloat } from '../jit/types.js';
import { arrayOf } from './dtype.js';
import { guarded, QuadrilleError } from './errors.js';
import { Expr, type Operand, storageLeaf, type Tree, zeroDimensional } from './expr.js';
import { session } from './session.js';
import type { Shape } from './shape.js';
import { recordAssignment } from './statement.js';
import { clock, type FieldMeta, internMeta, internOptions, makeResult, type Storage } from './storage.js';
import { loadOf, wholeView } from './structure.js';
import { tuneOption } from './tune.js';

/** What operators of a Scalar take and give: among Scalars and numbers it stays a Scalar. */
interface Operator {
  (b: Scalar | number): Scalar;
  (b: Operand): Expr;
}

/** Operators, more narrowly typed than those of Expr. */
export interface Scalar {
  add: Operator;
  sub: Operator;
  mul: Operator;
  div: Operator;
  pow: Operator;
  lt: Operator;
  le: Operator;
  gt: Operator;
  ge: Operator;
  eq: Operator;
  ne: Operator;
  and: Operator;
  or: Operator;
  neg(): Scalar;
  abs(): Scalar;
  sqrt(): Scalar;
  not(): Scalar;
}

/** Longer expressions of Scalars than this are evaluated on the way. */
const MOST_NODES = 24;

/**
 * One number that the engine knows: what a reduction gives, or an expression of such numbers. Every rank has it, with
 * the same bits.
 *
 * An expression is part of the statement that uses it, if that comes next; used again after other statements, it is
 * evaluated once and kept. So what a loop carries on does not grow, and every step records the same.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: only types of inherited methods are narrowed
export class Scalar extends Expr {
  #tree: Tree;
  #storage: Storage | undefined;
  /** The recorder's clock when it was made. */
  readonly #made: number;

  /** @internal */
  constructor(tree: Tree) {
    super();
    this.#tree = nodesOf(tree) > MOST_NODES ? this.#kept(tree) : tree;
    this.#made = clock.now;
  }

  override tree(): Tree {
    if (this.#tree.kids.length > 0 && this.#storage === undefined && clock.now !== this.#made) this.storage();
    return this.#tree;
  }

  override get shape(): Shape {
    return this.#tree.structure.shape;
  }

  override get dtype(): ExprType {
    return this.#tree.structure.dtype;
  }

  /**
   * The number, on every rank, once everything recorded so far has run. Comparisons give 1 or 0. Collective. Throws
   * DISPOSED, STALE_EXPRESSION; INTEGER_OVERFLOW where it is an integer beyond 2^53 - 1 in size, which no number of
   * JavaScript's is sure to be (see bigint).
   */
  async value(): Promise<number> {
    const exact = await this.exact();
    const value = Number(exact);
    if (typeof exact === 'number' || Number.isSafeInteger(value)) return value;
    throw new QuadrilleError('INTEGER_OVERFLOW', `The Scalar is ${exact}, more than a number holds exactly.`, {
      expected: 'an integer between -2^53 and 2^53',
      hint: "await s.bigint(), or s.astype('f64') for the nearest float",
    });
  }

  /** The same of an integer, of any size; of a condition 1 or 0. Throws BAD_OPERAND of floats. */
  async bigint(): Promise<bigint> {
    const { dtype } = this;
    if (!isFloat(dtype)) return BigInt(await this.exact());
    throw new QuadrilleError('BAD_OPERAND', `bigint: the Scalar is ${dtype === 'weak' ? 'a float' : dtype}.`, {
      expected: 'an integer or a condition',
    });
  }

  /** @internal As the engine has it. */
  async exact(): Promise<number | bigint> {
    const { structure, value } = this.#tree;
    if (structure.op === 'param') return value;
    return readScalar(this.storage());
  }

  /** @internal Where the engine keeps it: evaluated when first asked for. */
  storage(): Storage {
    this.#storage ??= materialize(this.#tree);
    this.#tree = this.#kept(this.#tree);
    return this.#storage;
  }

  /** @internal Where the engine keeps it already, as no expression of others. */
  get place(): Storage | undefined {
    const { storage } = this.#tree;
    return storage?.meta.shape.length === 0 ? storage : undefined;
  }

  /** What `tree` is, read from where it is kept. */
  #kept(tree: Tree): Tree {
    this.#storage ??= materialize(tree);
    return scalarTree(this.#storage);
  }
}

zeroDimensional.of = (tree) => new Scalar(tree);

function nodesOf(tree: Tree): number {
  return tree.kids.reduce((sum, kid) => sum + nodesOf(kid), 1);
}

/** What the engine keeps in `storage`, as an expression. */
export function scalarTree(storage: Storage): Tree {
  return storageLeaf(loadOf(wholeView(storage.meta)), storage, clock.now);
}

/** Records the evaluation of an expression of shape (), unless it has been evaluated. */
function materialize(tree: Tree): Storage {
  if (tree.storage !== null && tree.storage.meta.shape.length === 0) return tree.storage;
  const like = firstStorage(tree);
  const options = like?.meta.options ?? plainOptions();
  const storage = newScalar(concrete(tree.structure.dtype), options, like?.owner.batch);
  recordAssignment(session.recorder, wholeView(storage.meta), storage, tree);
  return storage;
}

function firstStorage(tree: Tree): Storage | undefined {
  if (tree.storage !== null) return tree.storage;
  for (const kid of tree.kids) {
    const found = firstStorage(kid);
    if (found) return found;
  }
  return undefined;
}

const NOWHERE = { shape: [], processGrid: [] };

/** Of what no grid's options concern. */
export function plainOptions(): ProgramOptions {
  return internOptions({ odf: 1, threads: session.defaultThreads, contract: false, ...tuneOption() });
}

const metas = new WeakMap<ProgramOptions, Map<DType, FieldMeta>>();

/** The description of Scalars that are computed with these options. */
export function scalarMeta(dtype: DType, options: ProgramOptions): FieldMeta {
  let known = metas.get(options);
  if (!known) metas.set(options, (known = new Map()));
  let meta = known.get(dtype);
  if (!meta) known.set(dtype, (meta = internMeta({ dtype, shape: [], decomposition: NOWHERE }, options, [])));
  return meta;
}

/** A place for one number, not yet written. */
export function newScalar(dtype: DType, options: ProgramOptions, batch = 1): Storage {
  return makeResult('a Scalar', scalarMeta(dtype, options), batch);
}

let reads = 0;
/** Timers, and the collector's word on what is dropped, come only through the event loop: after so many reads without. */
const MOST_READS = 256;

/**
 * What `storage` holds after all that was recorded, if the engine is done with that at once; waits a little for it. Alone
 * only: the other way is a unit of its own, and of ranks each must take the same way, however fast it was.
 */
export function scalarSoon(storage: Storage): number | undefined {
  if (session.size > 1) return undefined;
  return ++reads % MOST_READS === 0 ? undefined : session.valueSoon(storage);
}

/** After all that was recorded. Every rank reads its own: nothing travels. */
async function readScalar(storage: Storage): Promise<number | bigint> {
  const soon = scalarSoon(storage);
  if (soon !== undefined) return soon;
  session.handOver();
  const { engine } = session;
  const { dtype } = storage.meta;
  const slot = { dtype, shape: [1], decomposition: { shape: [1], processGrid: [1] } };
  const { plan } = gatherPlan(slot, { rank: 0, size: 1 }, { dest: 'all' });
  const data = arrayOf(dtype, 1);
  const host = guarded(() => engine.createHostField(data, [1]));
  const id = guarded(() => engine.loadPlan(JSON.stringify(plan)));
  try {
    guarded(() => engine.submit(Int32Array.of(id, session.nativeOf(storage), host), new Float64Array(0)));
    await session.sync();
  } finally {
    engine.disposeField(host);
    engine.dropPlan(id);
  }
  const [value] = data;
  if (value === undefined) throw new QuadrilleError('INTERNAL', 'a Scalar was not read');
  return value;
}
