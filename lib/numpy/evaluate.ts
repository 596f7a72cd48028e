/** Expressions of a template to values, by NumPy's rules; numbers among themselves are computed as Python would. */
import type { Axis, BinaryFn, ExprType } from '../../jit/program.js';
import * as derived from '../derived.js';
import { didYouMean } from '../errors.js';
import { binaryTree, powerTree, storageLeaf, type Tree, unaryTree, whereTree } from '../expr.js';
import { Field, rolled, rollOf, View } from '../field.js';
import { floorDivide, foldBinary, foldUnary, power, remainder } from '../fold.js';
import type { Builder } from '../reduction.js';
import { composeAxes, rangeOf, resolveSlices, type Subscript } from '../slice.js';
import { clock } from '../storage.js';
import { internView, loadOf, wholeView } from '../structure.js';
import type { BinaryOp, Call, Item, Node, Span } from './ast.js';
import {
  BINARY_NAMES,
  CONSTANTS,
  DERIVED_NAMES,
  FOLDED_NAMES,
  KNOWN_NAMES,
  REDUCTIONS,
  UNARY_NAMES,
} from './functions.js';
import { product, reduction } from './reduce.js';
import { errorAt, locating, type Source, textOf } from './source.js';
import {
  constant,
  type Evaluation,
  type NumberValue,
  Origins,
  type PlaceRecipe,
  type Recipe,
  type Value,
  type ViewValue,
} from './value.js';
import { placesOf, storageOf, treeAt, type Values } from './variant.js';

interface Local {
  readonly value: Value;
  /** How many exchanges of fields came before. */
  readonly exchanges: number;
}

const FUNCTIONS: Readonly<Record<Exclude<BinaryOp, '@' | '//' | '%' | '**'>, BinaryFn>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '&': 'and',
  '|': 'or',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '==': 'eq',
  '!=': 'ne',
};

function dtypeOf(value: Value): ExprType {
  if (value.kind === 'number') return 'weak';
  return value.kind === 'view' ? value.view.meta.dtype : value.tree.structure.dtype;
}

export class Evaluator implements Evaluation {
  readonly origins = new Origins();
  readonly locals = new Map<string, Local>();
  /** Exchanges lowered so far. */
  exchanges = 0;
  /** Values whose numbers went into structure. */
  readonly fixed = new Set<number>();
  /** Positions that follow values which keep changing. */
  readonly places: PlaceRecipe[] = [];

  /** How reductions are composed: each becomes a step of its own. */
  readonly build: Builder;

  constructor(
    readonly source: Source,
    private readonly values: Values,
    private readonly moving: ReadonlySet<number>,
    /** Records the present value of an expression as an array of its own. */
    private readonly temporary: (at: Span, name: string, tree: Tree) => ViewValue,
    reduce: Builder['reduce'],
  ) {
    this.build = { number: (value) => this.origins.number(constant(value)), reduce };
  }

  value(node: Node): Value {
    switch (node.kind) {
      case 'number':
        return constant(node.value);
      case 'name':
        return this.name(node, node.name);
      case 'hole':
        return this.hole(node.index);
      case 'unary':
        return this.unary(node);
      case 'binary':
        return locating(this.source, node, () => this.binary(node.op, this.value(node.a), this.value(node.b), node));
      case 'constant': {
        const number = Object.hasOwn(CONSTANTS, node.name) ? CONSTANTS[node.name] : undefined;
        if (number !== undefined) return constant(number);
        throw errorAt(this.source, node, 'UNSUPPORTED_PYTHON', `np.${node.name} is not translated.`, {
          hint: didYouMean(node.name, Object.keys(CONSTANTS)),
        });
      }
      case 'none':
      case 'boolean':
      case 'tuple': {
        const what = node.kind === 'none' ? 'None' : node.kind === 'tuple' ? 'A tuple' : 'True or False';
        throw errorAt(this.source, node, 'UNSUPPORTED_PYTHON', `${what} is not translated here.`);
      }
      case 'call':
        return locating(this.source, node, () => this.call(node));
      case 'subscript':
        return locating(this.source, node, () => this.subscript(node));
    }
  }

  /** A value as part of an expression. */
  tree(value: Value): Tree {
    switch (value.kind) {
      case 'number':
        return this.origins.number(value);
      case 'view': {
        const { view, hole, places } = value;
        for (const place of places) this.values.places[place] = this.places[place]?.(this.values.numbers) ?? Number.NaN;
        const ints = placesOf(this.values, value);
        const leaf = storageLeaf(loadOf(view), storageOf(this.values, hole), clock.now, ints);
        return this.origins.leaf(leaf, { kind: 'storage', hole, since: undefined, places });
      }
      case 'tree':
        return value.tree;
    }
  }

  binary(op: BinaryOp, a: Value, b: Value, at: Span): Value {
    if (op === '@') return product(this, 'The operator @', [a, b], at);
    if (a.kind === 'number' && b.kind === 'number') return this.fold(op, a, b, at);
    if (op === '//' || op === '%') {
      throw errorAt(this.source, at, 'UNSUPPORTED_PYTHON', `The operator ${op} is translated for plain numbers only.`, {
        hint: op === '//' ? 'np.floor(a / b)' : undefined,
      });
    }
    if (op === '**') {
      if (b.kind === 'number') for (const hole of b.holes) this.fixed.add(hole);
      return { kind: 'tree', tree: powerTree(this.tree(a), this.tree(b)) };
    }
    return { kind: 'tree', tree: binaryTree(FUNCTIONS[op], this.tree(a), this.tree(b)) };
  }

  private fold(op: Exclude<BinaryOp, '@'>, a: NumberValue, b: NumberValue, at: Span): NumberValue {
    if (op === '&' || op === '|')
      throw errorAt(
        this.source,
        at,
        'UNSUPPORTED_PYTHON',
        `The operator ${op} between plain numbers is not translated.`,
      );
    const compute =
      op === '//'
        ? floorDivide
        : op === '%'
          ? remainder
          : op === '**'
            ? power
            : (x: number, y: number) => foldBinary(FUNCTIONS[op], x, y);
    const apply = op === '/' || op === '//' || op === '%' ? this.dividing(compute, at) : compute;
    const value = apply(a.value, b.value, this.values.numbers);
    const recipe: Recipe =
      a.holes.length + b.holes.length === 0 ? constant(value).recipe : (n) => apply(a.recipe(n), b.recipe(n), n);
    return { kind: 'number', value, recipe, holes: [...a.holes, ...b.holes] };
  }

  /** Division refuses 0 as Python does, also when the template runs again with other numbers. */
  private dividing(
    compute: (x: number, y: number) => number,
    at: Span,
  ): (x: number, y: number, numbers: readonly number[]) => number {
    // Recipes are kept: they must not hold on to this evaluator and the fields it knows.
    const { source } = this;
    const isNumber = this.values.exprs.map((expr) => expr === null);
    return (x, y, numbers) => {
      if (y !== 0) return compute(x, y);
      const holes = source.holes.map((name, i) => (isNumber[i] ? `\${${numbers[i]}}` : name));
      const message = 'A plain number is divided by zero: ZeroDivisionError in Python.';
      throw errorAt({ ...source, holes }, at, 'BAD_OPERAND', message);
    };
  }

  private unary({ op, a, from, to }: Extract<Node, { kind: 'unary' }>): Value {
    const value = this.value(a);
    if (op === '+') return value;
    if (op === '-') return this.unaryOf('neg', value);
    if (value.kind === 'number')
      throw errorAt(
        this.source,
        { from, to },
        'UNSUPPORTED_PYTHON',
        'The operator ~ of a plain number is not translated.',
      );
    return locating(this.source, { from, to }, () => this.unaryOf('not', value));
  }

  private unaryOf(fn: Parameters<typeof foldUnary>[0], value: Value): Value {
    if (value.kind !== 'number') return { kind: 'tree', tree: unaryTree(fn, this.tree(value)) };
    return {
      kind: 'number',
      value: foldUnary(fn, value.value),
      recipe: (n) => foldUnary(fn, value.recipe(n)),
      holes: value.holes,
    };
  }

  private hole(index: number): Value {
    const expr = this.values.exprs[index];
    if (expr instanceof Field) return { kind: 'view', hole: index, view: wholeView(expr.storage.meta), places: [] };
    if (expr instanceof View) return { kind: 'view', hole: index, view: expr.view, places: [] };
    if (expr)
      return {
        kind: 'tree',
        tree: this.origins.leaf({ ...treeAt(this.values, index) }, { kind: 'tree', hole: index, slices: [] }),
      };
    return {
      kind: 'number',
      value: this.values.numbers[index] ?? Number.NaN,
      recipe: (n) => n[index] ?? Number.NaN,
      holes: [index],
    };
  }

  private name(at: Span, name: string): Value {
    const local = this.locals.get(name);
    if (!local) {
      throw errorAt(this.source, at, 'UNKNOWN_NAME', `'${name}' is not known here.`, {
        expected: 'an interpolated value, a name assigned above in the same template, or a function of np',
        hint: didYouMean(name, [...this.locals.keys(), ...Object.keys(CONSTANTS)]) ?? `interpolate it: \${${name}}`,
      });
    }
    const own = local.value.kind === 'view' && this.values.isOwn(local.value.hole);
    if (local.value.kind !== 'number' && !own && local.exchanges !== this.exchanges) {
      throw errorAt(this.source, at, 'UNSUPPORTED_PYTHON', `'${name}' is used after fields were exchanged.`, {
        hint: 'exchange the fields last',
      });
    }
    return local.value;
  }

  private subscript({ a, items, from, to }: Extract<Node, { kind: 'subscript' }>): Value {
    const base = this.value(a);
    if (base.kind === 'number') {
      const message = `A slice of ${textOf(this.source, a)} is not translated.`;
      throw errorAt(this.source, { from, to }, 'UNSUPPORTED_PYTHON', message, { expected: 'slices of arrays' });
    }
    if (base.kind === 'view' && items.some((item) => this.moves(item)) && this.values.isPlain(base.hole)) {
      return this.movingSubscript(base, items);
    }
    const subscripts = items.map((item) => this.item(item));
    if (base.kind === 'tree') {
      const inner = resolveSlices(subscripts, base.tree.structure.shape);
      return { kind: 'tree', tree: this.origins.sliced(base.tree, inner) };
    }
    const { meta, axes, shape } = base.view;
    const inner = resolveSlices(subscripts, shape);
    return { ...base, view: internView(meta, composeAxes(axes, inner, meta.shape)) };
  }

  /** Does the item hold a value that keeps changing? */
  private moves(item: Item): boolean {
    if (item.kind === 'ellipsis') return false;
    const parts = item.kind === 'index' ? [item.at] : [item.start, item.stop, item.step];
    return parts.some((part) => {
      const value = part && this.value(part);
      return value?.kind === 'number' && value.holes.some((hole) => this.moving.has(hole));
    });
  }

  /** A subscript whose moving items are positions that come with each run, as long as they make axes of the same kind. */
  private movingSubscript(base: ViewValue, items: readonly Item[]): ViewValue {
    const { meta, axes, shape } = base.view;
    const later = items.map((item) => (this.moves(item) ? this.later(item) : undefined));
    const now = items.map((item, k) => this.item(item, later[k] === undefined));
    const inner = resolveSlices(now, shape);
    const ellipsis = now.indexOf('...');
    const itemOf = (d: number): number =>
      ellipsis < 0 || d < ellipsis ? d : Math.max(ellipsis, d - (shape.length - now.length));
    const places: number[] = [];
    let [k, outerPlace] = [0, 0];
    const moved = inner.map((axis): Axis => axis);
    for (const outer of axes) {
      if (outer.dyn !== undefined) places.push(base.places[outerPlace++] ?? -1);
      if (outer.kind === 'index') continue;
      const d = k++;
      const axis = inner[d];
      const subscript = later[itemOf(d)];
      if (!axis || !subscript) continue;
      if (outer.dyn !== undefined || outer.wrap || (axis.kind === 'range' && axis.count === 0)) {
        const item = items[itemOf(d)];
        if (item) this.item(item); // a part of the structure after all
        continue;
      }
      moved[d] = axis.kind === 'index' ? { kind: 'index', at: 0, dyn: 0 } : { ...axis, start: 0, dyn: 0 };
      const [{ step }, n] = [outer, shape[d] ?? 0];
      const place: PlaceRecipe = (numbers) => {
        const one = axisAt(subscript(numbers), n);
        if (one?.kind !== axis.kind) return undefined;
        if (one.kind === 'index') return step * one.at;
        const same = axis.kind === 'range' && one.count === axis.count && one.step === axis.step;
        return same ? step * one.start : undefined;
      };
      places.push(this.places.push(place) - 1);
    }
    return { ...base, view: internView(meta, composeAxes(axes, moved, meta.shape)), places };
  }

  /** An item as other values make it. */
  private later(item: Item): (numbers: readonly number[]) => Subscript {
    const part = (node: Node): Recipe => {
      const value = this.value(node);
      return value.kind === 'number' ? value.recipe : () => Number.NaN;
    };
    if (item.kind === 'ellipsis') return () => '...';
    if (item.kind === 'index') return part(item.at);
    const [start, stop, step] = [item.start, item.stop, item.step].map((node) => node && part(node));
    return (numbers) => ({ start: start?.(numbers), stop: stop?.(numbers), step: step?.(numbers) });
  }

  private item(item: Item, fixes = true): Subscript {
    switch (item.kind) {
      case 'ellipsis':
        return '...';
      case 'index':
        return this.whole(item.at, fixes);
      case 'slice':
        return {
          start: item.start && this.whole(item.start, fixes),
          stop: item.stop && this.whole(item.stop, fixes),
          step: item.step && this.whole(item.step, fixes),
        };
    }
  }

  /** A whole number that shapes the program: another value makes another program. */
  private whole(node: Node, fixes = true): number {
    const value = this.value(node);
    if (value.kind === 'number' && Number.isSafeInteger(value.value)) {
      if (fixes) for (const hole of value.holes) this.fixed.add(hole);
      return value.value + 0;
    }
    const what = value.kind === 'number' ? `${value.value}` : textOf(this.source, node);
    throw errorAt(this.source, node, 'BAD_SLICE', `${what} is not a whole number.`, {
      expected: 'whole numbers in slices',
      hint: value.kind === 'number' ? 'divide with //' : 'arrays as indices are not translated',
    });
  }

  private call(node: Call): Value {
    const { name, prefixed, args, keywords } = node;
    if (name === 'roll') return this.roll(node);
    const elementwise = Object.hasOwn(FOLDED_NAMES, name) && !prefixed && args.length > 1;
    if (!elementwise && REDUCTIONS.has(name)) return reduction(this, node);
    const known =
      name === 'where' ||
      [UNARY_NAMES, BINARY_NAMES, FOLDED_NAMES, DERIVED_NAMES].some((table) => Object.hasOwn(table, name));
    if (!known) {
      const code = prefixed ? 'UNSUPPORTED_PYTHON' : 'UNKNOWN_NAME';
      throw errorAt(
        this.source,
        node,
        code,
        `${prefixed ? 'np.' : ''}${name} is not ${prefixed ? 'translated' : 'known here'}.`,
        { hint: didYouMean(name, KNOWN_NAMES) },
      );
    }
    if (Object.hasOwn(DERIVED_NAMES, name)) return this.derived(node);
    const [keyword] = keywords;
    if (keyword)
      throw errorAt(
        this.source,
        keyword,
        'UNSUPPORTED_PYTHON',
        `The argument ${keyword.name}= of ${name} is not translated.`,
      );
    const operands = args.map((arg) => this.value(arg));
    const [a, b, c] = operands;
    if (name === 'where') {
      if (!a || !b || !c || operands.length > 3) throw this.arity(node, '3');
      if (a.kind === 'number')
        throw errorAt(this.source, node, 'BAD_OPERAND', 'The condition of where is a plain number or boolean.', {
          hint: 'choose in JavaScript: ${flag ? a : b}',
        });
      return { kind: 'tree', tree: whereTree(this.tree(a), this.tree(b), this.tree(c)) };
    }
    const unary = Object.hasOwn(UNARY_NAMES, name) ? UNARY_NAMES[name] : undefined;
    if (unary) {
      if (!a || b) throw this.arity(node, '1');
      return this.unaryOf(unary, a);
    }
    const folded = Object.hasOwn(FOLDED_NAMES, name) ? FOLDED_NAMES[name] : undefined;
    const fn = folded ?? BINARY_NAMES[name];
    if (!fn || !a || !b || (c && !folded)) throw this.arity(node, folded ? 'two or more' : '2');
    if (fn === 'pow') return this.binary('**', a, b, node);
    return operands.slice(1).reduce((left, right) => this.apply(fn, left, right), a);
  }

  /** Of what the template's values are. */
  private readonly algebra: derived.Algebra<Value> = {
    number: constant,
    dtype: dtypeOf,
    unary: (fn, a) => this.unaryOf(fn, a),
    binary: (fn, a, b) => this.apply(fn, a, b),
  };

  private derived(node: Call): Value {
    const { name } = node;
    const names = DERIVED_NAMES[name] ?? [];
    if (node.args.length > names.length) throw this.arity(node, `at most ${names.length}`);
    const given: (Node | undefined)[] = [...node.args];
    for (const keyword of node.keywords) {
      const at = names.findIndex((aliases) => aliases.includes(keyword.name));
      if (at < 0 || given[at]) {
        const what = `The argument ${keyword.name}= of ${name} is not translated.`;
        throw errorAt(this.source, keyword, 'UNSUPPORTED_PYTHON', what);
      }
      given[at] = keyword.value;
    }
    const [first, second, third] = given;
    if (!first) throw this.arity(node, `${names.length}`);
    const a = this.value(first);
    switch (name) {
      case 'positive':
        return a;
      case 'clip':
        if (!second || !third) throw this.arity(node, '3');
        return derived.clip(this.algebra, a, this.value(second), this.value(third));
      case 'deg2rad':
      case 'radians':
        return derived.deg2rad(this.algebra, a);
      case 'rad2deg':
      case 'degrees':
        return derived.rad2deg(this.algebra, a);
      default:
        return derived.round(this.algebra, a, second ? this.whole(second) : 0);
    }
  }

  private apply(fn: BinaryFn, a: Value, b: Value): Value {
    if (a.kind !== 'number' || b.kind !== 'number')
      return { kind: 'tree', tree: binaryTree(fn, this.tree(a), this.tree(b)) };
    return {
      kind: 'number',
      value: foldBinary(fn, a.value, b.value),
      recipe: (n) => foldBinary(fn, a.recipe(n), b.recipe(n)),
      holes: [...a.holes, ...b.holes],
    };
  }

  arity(node: Call, count: string): Error {
    return errorAt(
      this.source,
      node,
      'BAD_OPERAND',
      `${node.name} was given ${node.args.length} operand${node.args.length === 1 ? '' : 's'}.`,
      { expected: count },
    );
  }

  /** np.roll(field, shift, axis=...). */
  private roll(node: Call): Value {
    const [what, shift, axis, extra] = node.args;
    const named = (name: string): Node | undefined => node.keywords.find((keyword) => keyword.name === name)?.value;
    for (const keyword of node.keywords) {
      if (keyword.name !== 'shift' && keyword.name !== 'axis')
        throw errorAt(
          this.source,
          keyword,
          'UNSUPPORTED_PYTHON',
          `The argument ${keyword.name}= of roll is not translated.`,
        );
    }
    const by = shift ?? named('shift');
    if (!what || !by || extra) throw this.arity(node, 'a field, a shift and an axis');
    const along = axis ?? named('axis');
    const base = this.value(what);
    if (base.kind === 'number')
      throw errorAt(this.source, what, 'BAD_OPERAND', 'np.roll of a plain number.', { expected: 'an array' });
    const tree = this.tree(base);
    const [shiftBy, dim] = rollOf(tree.structure.shape, this.whole(by), along && this.whole(along));
    const moved = this.origins.rolled(tree, dim, shiftBy);
    if (moved) return { kind: 'tree', tree: moved };
    const own = this.temporary(what, 'rolled', tree);
    return { ...own, view: rolled(own.view.meta, shiftBy, dim) };
  }
}

/** The axis a subscript makes of n positions; undefined where it makes none: that is told when the text is lowered. */
function axisAt(subscript: Subscript, n: number): Axis | undefined {
  if (subscript === '...') return undefined;
  const parts = typeof subscript === 'number' ? [subscript] : [subscript.start, subscript.stop, subscript.step];
  if (parts.some((part) => part !== undefined && !Number.isSafeInteger(part))) return undefined;
  if (typeof subscript === 'number') {
    const at = subscript < 0 ? subscript + n : subscript;
    return at >= 0 && at < n ? { kind: 'index', at } : undefined;
  }
  return subscript.step === 0 ? undefined : rangeOf(subscript, n);
}
