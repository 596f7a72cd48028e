/**
 * Expressions that may be arrays or plain values, which only running tells: a tree of operators over leaves in, at each
 * run either Python's value or, where a leaf is an array, a template of NumPy text (as np`...` has them) that is lowered
 * once for every combination of kinds it meets. Parts without an array are computed by Python's rules and enter the
 * template as numbers.
 */
import { QuadrilleError } from '../../errors.js';
import { pythonFloat, typedNumber } from '../../expr.js';
import type { Node, Span, Statement } from '../ast.js';
import type { Source } from '../source.js';
import { type Given, NOTHING, Template } from '../template.js';
import type { Code } from './code.js';
import { repr } from './format.js';
import { Memo } from './memo.js';
import { Callable, Dict, isArray, List, NumpyNumber, Raised, Slice, Tuple, typeName, type Value } from './values.js';

export interface Part {
  readonly span: Span;
  /** Leaves below, or itself. */
  readonly leaves: readonly number[];
  /** Its own number as a leaf. */
  readonly leaf: number | undefined;
  /** Of base[...]. */
  readonly base?: Part;
  /** Leaves that operators and functions compute with: a list among them is an array, if there is an array besides. */
  readonly operands?: readonly number[];
  /** Those that a function of NumPy computes with: a list is an array there in any case. */
  readonly forced?: readonly number[];
  /** a + b, which of lists is a longer list. */
  readonly added?: readonly [Part, Part];
  /** Python's value; no leaf below is an array. */
  readonly plain: (values: readonly Value[]) => Value;
  /** As template text, given that of the parts below. */
  readonly node: (of: (part: Part) => Node) => Node;
}

/** The leaves of one expression or statement, in the order Python evaluates them. */
export class Leaves {
  readonly codes: Code<Value>[] = [];
  readonly #names = new Map<string, number>();

  /** What names mean may change here: from now on they are evaluated again. */
  forgetNames(): void {
    this.#names.clear();
  }

  /** `name`: evaluated once, however often it appears (until `forgetNames`). */
  add({ from, to }: Span, code: Code<Value>, name?: string): Part {
    let leaf = name === undefined ? undefined : this.#names.get(name);
    if (leaf === undefined) {
      leaf = this.codes.push(code) - 1;
      if (name !== undefined) this.#names.set(name, leaf);
    }
    const at = leaf;
    return {
      span: { from, to },
      leaf: at,
      leaves: [at],
      plain: (values) => values[at] ?? null,
      node: () => {
        throw new QuadrilleError('INTERNAL', 'a leaf is a hole');
      },
    };
  }
}

/** A template for one combination of arrays and plain values among the leaves. */
interface Special {
  readonly holes: readonly Part[];
  readonly template: Template;
}

export class Region {
  readonly #specials = new Map<string | number, Special>();
  /** The last one that fitted first. */
  #memos: Memo[] = [];
  /** Runs since one of them fitted. */
  #misses = 0;

  constructor(
    private readonly source: Source,
    private readonly label: string,
    private readonly build: (of: (part: Part) => Node) => Statement,
  ) {}

  /** Records the statement, or gives the expression. */
  run(values: readonly Value[]): ReturnType<Template['apply']> {
    const memo = this.#memoOf(values);
    if (memo) return memo.run() ?? NOTHING;
    const key = keyOf(values);
    let special = this.#specials.get(key);
    if (!special) {
      special = this.#specialise(values, new Map());
      this.#specials.set(key, special);
    }
    const result = this.#apply(special, values);
    if (!result) return this.#spelled(special, values, key);
    this.#remember(special, values);
    return result;
  }

  #memoOf(values: readonly Value[]): Memo | undefined {
    const memos = this.#memos;
    for (let k = 0; k < memos.length; k++) {
      const memo = memos[k];
      if (!memo?.fits(values)) continue;
      for (let to = k; to > 0; to--) memos[to] = memos[to - 1] ?? memo;
      memos[0] = memo;
      this.#misses = 0;
      return memo;
    }
    return undefined;
  }

  #remember(special: Special, values: readonly Value[]): void {
    if (this.#misses >= MOST_MEMOS) return;
    const memos = this.#memos;
    const memo = memoOf(special, values);
    if (memo) memos.unshift(memo);
    else memos.length = 0; // positions move now: one that holds them still must not fit again
    // Asking many that never fit takes time.
    if (++this.#misses === MOST_MEMOS) memos.length = Math.min(1, memos.length);
    else if (memos.length > MOST_MEMOS) memos.pop();
  }

  #apply({ holes, template }: Special, values: readonly Value[]): ReturnType<Template['apply']> | undefined {
    const given: Given[] = [];
    for (const part of holes) {
      const one = asGiven(valueAt(part, values));
      if (one === undefined) return undefined;
      given.push(one);
    }
    return template.apply(given);
  }

  /** Strings, None, tuples and names of types cannot be interpolated: they are spelled out, each in a template of its own. */
  #spelled({ holes }: Special, values: readonly Value[], kinds: string | number): ReturnType<Template['apply']> {
    const literals = new Map<Part, Node>();
    let key = `${kinds}`;
    for (const part of holes) {
      const value = valueAt(part, values);
      if (asGiven(value) !== undefined) continue;
      const node = literalNode(part.span, value);
      if (!node) throw new Raised('TypeError', `an array cannot be combined with '${typeName(value)}' here`);
      literals.set(part, node);
      key += ` ${part.leaf ?? ''}:${repr(value)}`;
    }
    let special = this.#specials.get(key);
    if (!special) {
      special = this.#specialise(values, literals);
      this.#specials.set(key, special);
    }
    const result = this.#apply(special, values);
    if (!result) throw new QuadrilleError('INTERNAL', 'a value was neither interpolated nor spelled out');
    return result;
  }

  #specialise(values: readonly Value[], literals: ReadonlyMap<Part, Node>): Special {
    const kinds = values.map(kindOf);
    const spelled = [...literals.keys()];
    const holes: Part[] = [];
    const same = (part: Part) => (other: Part) =>
      other === part || (part.leaf !== undefined && other.leaf === part.leaf);
    const hole = (part: Part): Node => {
      const known = spelled.find(same(part));
      const literal = known && literals.get(known);
      if (literal) return literal;
      let index = holes.findIndex(same(part));
      if (index < 0) index = holes.push(part) - 1;
      return { kind: 'hole', index, ...part.span };
    };
    const nodeOf = (part: Part): Node => {
      if (part.leaf !== undefined) return hole(part);
      if (part.leaves.length === 0) return literalNode(part.span, part.plain([])) ?? hole(part);
      // An item of a list of arrays.
      if (part.base?.leaf !== undefined && kinds[part.base.leaf] === Kind.ArraysWithin) return hole(part);
      return part.leaves.some((leaf) => kinds[leaf] !== Kind.Plain) ? part.node(nodeOf) : hole(part);
    };
    const statement = this.build(nodeOf);
    return { holes, template: new Template(this.source, [statement], this.label) };
  }
}

/**
 * Of one statement: a function is called for the grids of all levels of a multigrid cycle. Where numbers change in every
 * run, as in a sweep over rows, another memo would not fit either: after so many in vain no more are made.
 */
const MOST_MEMOS = 16;

function memoOf({ holes, template }: Special, values: readonly Value[]): Memo | undefined {
  const given: Given[] = [];
  const leaves: (number | undefined)[] = [];
  for (const part of holes) {
    const one = asGiven(valueAt(part, values));
    // An item of a list of arrays: which one is not seen at its leaf.
    if (one === undefined || (part.leaf === undefined && isArray(valueAt(part, values)))) return undefined;
    given.push(one);
    leaves.push(part.leaf);
  }
  const replay = template.replayOf(given);
  return replay && Memo.of(values, leaves, replay);
}

function valueAt(part: Part, values: readonly Value[]): Value {
  return part.leaf === undefined ? part.plain(values) : (values[part.leaf] ?? null);
}

enum Kind {
  Plain,
  Array,
  /** A list, tuple or dict of arrays. */
  ArraysWithin,
}

function kindOf(value: Value): Kind {
  if (typeof value !== 'object' || value === null) return Kind.Plain;
  if (isArray(value)) return Kind.Array;
  if (value instanceof Dict) return value.values().some(isArray) ? Kind.ArraysWithin : Kind.Plain;
  // Lists hold arrays or numbers, and may be long.
  const ends = value instanceof List || value instanceof Tuple ? [value.items[0], value.items.at(-1)] : [];
  return ends.some((item) => item !== undefined && isArray(item)) ? Kind.ArraysWithin : Kind.Plain;
}

/** Is an array among the values, or within one? */
export function hasArray(values: readonly Value[]): boolean {
  for (const value of values) if (kindOf(value) !== Kind.Plain) return true;
  return false;
}

/** What base[...] = ... writes into: an array (that which a slice of one is a view of), or Python's value. */
export function baseValue(base: Part, values: readonly Value[]): Value {
  let root = base;
  while (root.base) root = root.base;
  const value = root.leaf === undefined ? undefined : values[root.leaf];
  return value !== undefined && isArray(value) ? value : base.plain(values);
}

/** Which leaves are arrays: as a number while 19 of three kinds fit. */
function keyOf(values: readonly Value[]): string | number {
  if (values.length > 19) return values.map(kindOf).join('');
  let key = 0;
  for (const value of values) key = key * 3 + kindOf(value);
  return key;
}

function literalNode(span: Span, value: Value): Node | undefined {
  switch (typeof value) {
    case 'number':
      return { kind: 'number', value, type: 'float', ...span };
    case 'bigint':
      return { kind: 'number', value: Number(value), type: 'int', ...span };
    case 'boolean':
      return { kind: 'number', value: Number(value), type: 'bool', ...span };
    case 'string':
      return { kind: 'string', text: value, ...span };
    default: {
      if (value === null) return { kind: 'none', ...span };
      if (value instanceof Callable)
        return { kind: value.from === 'numpy' ? 'constant' : 'name', name: value.path, ...span };
      if (value instanceof Slice) return sliceNode(span, value);
      const items = value instanceof Tuple || value instanceof List ? value.items : undefined;
      const nodes = items?.flatMap((item) => literalNode(span, item) ?? []);
      return nodes && nodes.length === items?.length
        ? { kind: 'tuple', items: nodes, list: value instanceof List, ...span }
        : undefined;
    }
  }
}

function sliceNode(span: Span, { start, stop, step }: Slice): Node | undefined {
  const parts: (Node | undefined)[] = [];
  for (const value of [start, stop, step]) {
    const node = value === null ? undefined : literalNode(span, value);
    if (value !== null && node?.kind !== 'number') return undefined;
    parts.push(node);
  }
  return { kind: 'span', item: { kind: 'slice', start: parts[0], stop: parts[1], step: parts[2] }, ...span };
}

/** A number of NumPy's keeps its type among arrays. */
function givenNumber({ dtype, value }: NumpyNumber): Given {
  if (typeof value === 'boolean' || dtype === 'bool') return Boolean(value);
  const number = Number(value);
  if (typeof value === 'bigint' && !Number.isSafeInteger(number))
    throw new Raised('OverflowError', `${value} among arrays: beyond 2**53 integers are not exact here`);
  return typedNumber(number, dtype);
}

/** As a template takes it; undefined: not at all. */
function asGiven(value: Value): Given | undefined {
  switch (typeof value) {
    case 'number':
      return pythonFloat(value); // among integers 2.0 is no int
    case 'boolean':
    case 'bigint':
      return value;
    default:
      if (value instanceof NumpyNumber) return givenNumber(value);
      return isArray(value) ? value : undefined;
  }
}
