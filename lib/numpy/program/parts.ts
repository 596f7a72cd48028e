import type { Node } from '../ast.js';
import { MASKED_REDUCTIONS } from '../masked-reductions.js';
import { errorAt } from '../source.js';
import { type Code, plain, sequence } from './code.js';
import { arrayOfItems } from './creation.js';
import { percent } from './format.js';
import type { Frame } from './frame.js';
import { gathered, hasList, hasPlaces } from './gather.js';
import { element, type PlainItem } from './indexing.js';
import { builtinOf, isTextFunction } from './known-functions.js';
import { callPart, constantPart, inner, operandCount, operandsOf, subscriptPart } from './made-parts.js';
import type { Names } from './names.js';
import { arithmetic, compared, inverted, negative, positive } from './numbers.js';
import { arePlaces } from './places.js';
import { hasArray, Leaves, type Part, Region } from './region.js';
import { childrenOf } from './scope.js';
import { type CallNode, type CompareOp, type Expression, type SubscriptNode, span } from './syntax.js';
import { Callable, isArray, List, Raised, Tuple, typeName, type Value } from './values.js';
import type { World } from './world.js';

/** Expressions compiled as a whole. */
export interface ValueCompiler {
  value(node: Expression): Code<Value>;
  /** A value that outlives the expression: what is computed becomes an array of its own. */
  kept(node: Expression): Code<Value>;
}

/** base[items]. */
export interface Sliced {
  readonly whole: Part;
  readonly base: Part;
  readonly read: (values: readonly Value[]) => readonly PlainItem[];
}

export class PartCompiler {
  constructor(
    private readonly world: World,
    private readonly names: Names,
    private readonly values: ValueCompiler,
  ) {}

  /** Is it a call that can be part of a template? */
  isPart(node: CallNode): boolean {
    if (node.args.some(({ kind }) => kind === 'starred') || node.keywords.some(({ name }) => name === undefined))
      return false;
    const imported = this.names.imported(node.callee);
    if (imported)
      return imported.module === 'numpy' && !builtinOf('numpy', imported.path) && isTextFunction(imported.path);
    if (isReducedSlice(node, this.world.scope.members)) return true;
    if (node.callee.kind !== 'name') return false;
    const { name } = node.callee;
    if (this.names.isBound(name)) return false;
    return name === 'abs' || ((name === 'min' || name === 'max') && node.args.length > 1 && node.keywords.length === 0);
  }

  /** The value of an expression that may be an array. */
  region(node: Expression): Code<Value> {
    const leaves = new Leaves();
    if (node.kind !== 'subscript') return this.regionOf(leaves, this.part(node, leaves));
    const { whole, base, read } = this.sliced(node, leaves);
    if (base.leaf === undefined) return this.regionOf(leaves, whole);
    const indices = node.items.some((item) => item.kind === 'index' && isOpen(item.at));
    const { leaf } = base;
    const { lifetimes } = this.world;
    const evaluated = this.evaluatorOf(whole);
    return sequence(leaves.codes, (values, frame) => {
      const from = values[leaf] ?? null;
      // Python's, whatever is in it.
      if (isList(from)) return whole.plain(values);
      if (indices && isArray(from) && values.some(arePlaces)) {
        const items = read(values);
        if (hasPlaces(items)) return lifetimes.adopt(gathered(from, items), frame);
      }
      return evaluated(values, frame);
    });
  }

  /** The value of a part whose leaves are `leaves`: Python's, or an array. */
  regionOf(leaves: Leaves, root: Part): Code<Value> {
    if (root.leaf !== undefined) return leaves.codes[root.leaf] ?? plain(() => null);
    return sequence(leaves.codes, this.evaluatorOf(root));
  }

  private evaluatorOf(root: Part): (values: Value[], frame: Frame) => Value {
    const { source, lifetimes } = this.world;
    const region = new Region(source, this.world.label(root.span), (of) => ({
      kind: 'expression',
      value: of(root),
      ...root.span,
    }));
    const { operands = [], forced = [], added } = root;
    const computed = (values: readonly Value[], frame: Frame): Value =>
      hasArray(values) ? lifetimes.run(region, values, frame) : root.plain(values);
    return (values, frame) => {
      if (!operands.some((leaf) => isList(values[leaf]))) return computed(values, frame);
      if (added?.every(({ leaf }) => leaf !== undefined && isList(values[leaf]))) return root.plain(values);
      if (!values.some(isArray) && !forced.some((leaf) => isList(values[leaf]))) return computed(values, frame);
      const asArray = (value: Value, leaf: number): Value =>
        operands.includes(leaf) && isList(value) ? lifetimes.adopt(arrayOfItems(value), frame) : value;
      return lifetimes.run(region, values.map(asArray), frame);
    };
  }

  /** An expression as part of a larger one: its operators as a tree over leaves, which are added to `leaves`. */
  part(node: Expression, leaves: Leaves): Part {
    const part = this.partOf(node, leaves);
    // A function of the program may give names other values.
    if (part.leaf !== undefined && this.callsFunctions(node)) leaves.forgetNames();
    return part;
  }

  private partOf(node: Expression, leaves: Leaves): Part {
    switch (node.kind) {
      case 'int':
      case 'float':
      case 'bool':
      case 'str': {
        const { value } = node;
        return constantPart(node, value);
      }
      case 'none':
        return constantPart(node, null);
      case 'name':
        return this.constant(node) ?? leaves.add(node, this.values.value(node), node.name);
      case 'unary': {
        const { op } = node;
        const a = this.part(node.a, leaves);
        const compute = op === '-' ? negative : op === '+' ? positive : inverted;
        return {
          ...inner(node, [a]),
          plain: (values) => compute(a.plain(values)),
          node: (of) => ({ kind: 'unary', op, a: of(a), ...span(node) }),
        };
      }
      case 'binary': {
        if (isFormatting(node)) return leaves.add(node, this.values.value(node));
        const { op } = node;
        const [a, b] = this.operands(node.a, node.b, leaves);
        const compute = (x: Value, y: Value): Value =>
          op === '%' && typeof x === 'string' ? percent(x, y) : arithmetic(op, x, y);
        return {
          ...inner(node, [a, b]),
          operands: operandsOf([a, b]),
          ...(op === '+' ? { added: [a, b] } : {}),
          plain: (values) => compute(a.plain(values), b.plain(values)),
          node: (of) => ({ kind: 'binary', op, a: of(a), b: of(b), ...span(node) }),
        };
      }
      case 'compare': {
        const [op] = node.ops;
        const [x, y] = node.operands;
        if (!op || !x || !y || node.ops.length > 1 || !isOrder(op)) return leaves.add(node, this.values.value(node));
        const [a, b] = this.operands(x, y, leaves);
        return {
          ...inner(node, [a, b]),
          operands: operandsOf([a, b]),
          plain: (values) => compared(op, a.plain(values), b.plain(values)),
          node: (of) => ({ kind: 'binary', op, a: of(a), b: of(b), ...span(node) }),
        };
      }
      case 'attribute': {
        if (node.name !== 'T' || this.names.imported(node))
          return this.constant(node) ?? leaves.add(node, this.values.value(node));
        const a = this.part(node.a, leaves);
        return {
          ...inner(node, [a]),
          plain: (values) => {
            throw new Raised('AttributeError', `'${typeName(a.plain(values))}' object has no attribute 'T'`);
          },
          node: (of) => ({ kind: 'attribute', a: of(a), name: 'T', ...span(node) }),
        };
      }
      case 'subscript':
        if (this.names.indexObject(node) || hasList(node) || this.names.mayBePlaces(node))
          return leaves.add(node, this.values.value(node));
        return this.sliced(node, leaves).whole;
      case 'tuple':
      case 'list': {
        if (node.items.some((item) => item.kind === 'starred')) return leaves.add(node, this.values.value(node));
        const items = node.items.map((item) => this.part(item, leaves));
        const make = (values: readonly Value[]): Value[] => items.map((item) => item.plain(values));
        return {
          ...inner(node, items),
          plain: (values) => (node.kind === 'tuple' ? new Tuple(make(values)) : new List(make(values))),
          node: () => {
            throw this.refused(node, `A ${node.kind} of arrays here`);
          },
        };
      }
      case 'call': {
        if (!this.isPart(node)) return leaves.add(node, this.values.value(node));
        const imported = this.names.imported(node.callee);
        const { callee } = node;
        const reduced = !imported && callee.kind === 'attribute';
        const path = imported
          ? imported.path
          : callee.kind === 'name' || callee.kind === 'attribute'
            ? callee.name
            : '';
        const own = reduced ? [callee.a] : [];
        const args = [...own, ...node.args, ...node.keywords.map(({ value }) => value)];
        const parts: Part[] = [];
        args.forEach((arg, i) => {
          const later = args.slice(i + 1).some((other) => this.callsFunctions(other));
          parts.push(later ? this.early(arg, leaves) : this.operand(arg, leaves, i < operandCount(path)));
        });
        return callPart(path, parts, node, imported === undefined && !reduced);
      }
      default:
        return leaves.add(node, this.values.value(node));
    }
  }

  /** np.pi, np.newaxis, np.float32, float: the same in every run. */
  private constant(node: Expression): Part | undefined {
    const imported = this.names.imported(node);
    if (imported) return constantPart(node, this.names.member(imported, node).plain?.(this.world.globals) ?? null);
    if (node.kind !== 'name' || !['float', 'int', 'bool'].includes(node.name)) return undefined;
    if (this.names.isBound(node.name)) return undefined;
    return constantPart(node, new Callable(node.name, 'builtins', node.name));
  }

  /** Two operands. What stands before a call of a function is computed before that runs: it may change arrays. */
  private operands(x: Expression, y: Expression, leaves: Leaves): [Part, Part] {
    const a = this.callsFunctions(y) ? this.early(x, leaves) : this.operand(x, leaves, true);
    return [a, this.operand(y, leaves, true)];
  }

  /** A part; a list that is computed with is evaluated as a whole, since it may have to be an array. */
  private operand(node: Expression, leaves: Leaves, computed: boolean): Part {
    const whole = computed && (node.kind === 'list' || node.kind === 'tuple');
    if (!whole) return this.part(node, leaves);
    const part = leaves.add(node, this.values.value(node));
    if (this.callsFunctions(node)) leaves.forgetNames();
    return part;
  }

  private early(node: Expression, leaves: Leaves): Part {
    const { kind } = node;
    const simple = kind === 'name' || kind === 'int' || kind === 'float';
    return simple ? this.part(node, leaves) : this.keptLeaf(node, leaves);
  }

  private keptLeaf(node: Expression, leaves: Leaves): Part {
    const part = leaves.add(node, this.values.kept(node));
    if (this.callsFunctions(node)) leaves.forgetNames();
    return part;
  }

  private callsFunctions(node: Expression): boolean {
    if (node.kind === 'call' && !this.names.imported(node.callee)) {
      const { callee } = node;
      if (isCaller(node)) return true;
      // A method is none of the program's, a name may be, and what an expression gives, too.
      const own = callee.kind === 'attribute' ? this.world.scope.members.has(callee.name) : true;
      if (callee.kind === 'name' ? this.names.isBound(callee.name) : own) return true;
    }
    return childrenOf(node).some((child) => this.callsFunctions(child));
  }

  sliced(node: SubscriptNode, leaves: Leaves): Sliced {
    // What is computed becomes an array first; a roll only reads elsewhere.
    const { a: base } = node;
    const rolls = base.kind === 'call' && this.names.imported(base.callee)?.path === 'roll';
    const sliceable =
      base.kind === 'name' || base.kind === 'subscript' || (base.kind === 'attribute' && base.name !== 'T') || rolls;
    const a = sliceable ? this.part(node.a, leaves) : this.keptLeaf(node.a, leaves);
    const items = node.items.map((item) => subscriptPart(item, (part) => this.part(part, leaves)));
    const read = (values: readonly Value[]): PlainItem[] => items.map((item) => item.read(values));
    const whole: Part = {
      ...inner(node, [a, ...items.flatMap(({ parts }) => parts)]),
      base: a,
      plain: (values) => element(a.plain(values), node, read(values)),
      node: (of): Node => ({
        kind: 'subscript',
        a: of(a),
        items: items.flatMap(({ text }) => text(of)),
        ...span(node),
      }),
    };
    return { whole, base: a, read };
  }

  private refused(node: Expression, what: string): Error {
    return errorAt(this.world.source, node, 'UNSUPPORTED_PYTHON', `${what} is not translated.`);
  }
}

/** u[...].sum(): of elements under a condition there is no array, but their sum. */
function isReducedSlice({ callee, args, keywords }: CallNode, members: ReadonlySet<string>): boolean {
  const plainly = callee.kind === 'attribute' && callee.a.kind === 'subscript' && !hasList(callee.a);
  return (
    plainly &&
    !members.has(callee.name) &&
    args.length === 0 &&
    keywords.length === 0 &&
    MASKED_REDUCTIONS.has(callee.name)
  );
}

/** Only running tells what it is. */
function isOpen({ kind }: Expression): boolean {
  return kind === 'name' || kind === 'attribute' || kind === 'subscript' || kind === 'call' || kind === 'list';
}

function isList(value: Value | undefined): value is List | Tuple {
  return value instanceof List || value instanceof Tuple;
}

/** 'text' % values. */
export function isFormatting({ op, a }: Extract<Expression, { kind: 'binary' }>): boolean {
  return op === '%' && (a.kind === 'str' || a.kind === 'format');
}

/** map(f, ...), list.sort(key=f): a call that calls functions it is given. */
function isCaller({ callee, keywords }: CallNode): boolean {
  if (callee.kind === 'name' && ['map', 'filter'].includes(callee.name)) return true;
  return keywords.some(({ name }) => name === 'key');
}

function isOrder(op: CompareOp): op is Exclude<CompareOp, 'is' | 'is not' | 'in' | 'not in'> {
  return !/[a-z]/.test(op);
}
