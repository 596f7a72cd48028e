/** Expressions of a template to values, by NumPy's rules; numbers among themselves are computed as Python would. */
import type { Axis, BinaryFn, DType, ExprType, UnaryFn } from '../../jit/program.js';
import { isComparison, isFloat } from '../../jit/types.js';
import type { Walk } from '../../jit/view.js';
import * as derived from '../derived.js';
import { dtypeOfNumpy, fits } from '../dtype.js';
import { didYouMean, QuadrilleError } from '../errors.js';
import {
  astypeTree,
  binaryTree,
  numberLeaf,
  powerTree,
  storageLeaf,
  type Tree,
  unaryTree,
  whereTree,
} from '../expr.js';
import { Field } from '../field.js';
import { foldBinary } from '../fold.js';
import { spread, spreading } from '../masked.js';
import { flipped, moved, reshaped, swapped, transposed } from '../order.js';
import type { Builder } from '../reduction.js';
import { rolled, rollOf } from '../roll.js';
import { formatShape, type Shape } from '../shape.js';
import { composeWalks, rangeOf, resolveSlices, type Subscript } from '../slice.js';
import { View } from '../sliceable.js';
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
  VIEW_NAMES,
} from './functions.js';
import {
  asDouble,
  type Compute,
  combineNumbers,
  convertNumber,
  functionOfNumber,
  type Leaf,
  leafBeside,
  leafStored,
  pythonUnary,
} from './number.js';
import { product, reduction } from './reduce.js';
import { errorAt, locating, type Source, textOf } from './source.js';
import {
  type ArrayValue,
  constant,
  type Evaluation,
  type NumberValue,
  Origins,
  type PlaceRecipe,
  type Recipe,
  type Value,
  type ViewValue,
} from './value.js';
import { numberType, placesOf, storageOf, treeAt, type Values, type Variant } from './variant.js';

interface Local {
  readonly value: Value;
  /** How many exchanges of fields came before. */
  readonly exchanges: number;
}

const FUNCTIONS: Readonly<Record<Exclude<BinaryOp, '@'>, BinaryFn>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '//': 'floordiv',
  '%': 'mod',
  '**': 'pow',
  '&': 'bitand',
  '|': 'bitor',
  '^': 'bitxor',
  '<<': 'shl',
  '>>': 'shr',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '==': 'eq',
  '!=': 'ne',
};

const PYTHON_TYPES: ReadonlySet<string> = new Set(['float', 'int', 'bool']);

function dtypeOf(value: Value): ExprType {
  if (value.kind === 'number') return 'weak';
  if (value.kind === 'masked') return dtypeOf(value.base);
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
  /** Numbers of which it went into structure whether they are whole. */
  readonly wholes: Variant['wholes'][number][] = [];

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
    this.build = { number: numberLeaf, reduce };
  }

  value(node: Node): Value {
    switch (node.kind) {
      case 'number':
        return constant(node.value, node.type);
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
        if (number !== undefined) return constant(number, 'float');
        throw errorAt(this.source, node, 'UNSUPPORTED_PYTHON', `np.${node.name} is not translated.`, {
          hint: didYouMean(node.name, Object.keys(CONSTANTS)),
        });
      }
      case 'call':
        return locating(this.source, node, () => this.call(node));
      case 'method':
        return locating(this.source, node, () => this.method(node));
      case 'attribute':
        if (node.name === 'T')
          return locating(this.source, node, () => this.turned(node.a, (shape) => transposed(shape)));
        throw errorAt(this.source, node, 'UNSUPPORTED_PYTHON', `The attribute .${node.name} is not translated.`, {
          hint: didYouMean(node.name, ['T']),
        });
      case 'string':
      case 'tuple':
      case 'none': {
        const what = node.kind === 'none' ? 'None' : node.kind === 'tuple' ? 'A tuple' : 'A string';
        throw errorAt(this.source, node, 'UNSUPPORTED_PYTHON', `${what} is not translated here.`);
      }
      case 'subscript':
        return locating(this.source, node, () => this.subscript(node));
    }
  }

  /** A value as part of an expression; a number as it counts beside elements of type `other`. */
  tree(value: Value, other: ExprType = 'f64'): Tree {
    switch (value.kind) {
      case 'number': {
        const leaf = this.leaf(leafBeside(value, other));
        return value.type === 'f64' && other === 'f32' ? asDouble(leaf) : leaf;
      }
      case 'view': {
        const { view, hole, places } = value;
        for (const place of places) this.values.places[place] = this.places[place]?.(this.values.numbers) ?? Number.NaN;
        const ints = placesOf(this.values, value);
        const leaf = storageLeaf(loadOf(view), storageOf(this.values, hole), clock.now, ints);
        return this.origins.leaf(leaf, { kind: 'storage', hole, since: undefined, places });
      }
      case 'tree':
        return value.tree;
      case 'masked':
        throw new QuadrilleError(
          'UNSUPPORTED_PYTHON',
          'An array of the elements where a condition holds is not translated.',
          {
            expected: 'u[mask] = ..., u[mask] += ..., with numbers and elements under the same mask',
            hint: 'its size would depend on the data; np.where(mask, a, b) is of known size',
          },
        );
    }
  }

  /** `apply` of what lies under a mask, if any of the values does: all others must be under the same, or one number. */
  private lifted(values: readonly Value[], apply: (inner: readonly Value[]) => Value): Value | undefined {
    const first = values.find((value) => value.kind === 'masked');
    if (first?.kind !== 'masked') return undefined;
    const { mask } = first;
    const inner = values.map((value) => this.under(mask, value));
    const base = apply(inner);
    if (base.kind === 'masked') throw new QuadrilleError('INTERNAL', 'a mask within a mask');
    return { kind: 'masked', base, mask };
  }

  /** What `value` is for elements under `mask`. Throws SHAPE_MISMATCH unless it is under the same one, or one element. */
  under(mask: Tree, value: Value): Exclude<Value, { kind: 'masked' }> {
    if (value.kind === 'masked') {
      if (this.origins.same(mask, value.mask, (hole) => this.fixed.add(hole))) return value.base;
      throw new QuadrilleError('SHAPE_MISMATCH', 'The two conditions differ.', {
        expected: 'elements under the same condition: u[mask] = v[mask]',
      });
    }
    const shape = value.kind === 'number' ? [] : value.kind === 'view' ? value.view.shape : value.tree.structure.shape;
    if (shape.length === 0) return value;
    throw new QuadrilleError(
      'SHAPE_MISMATCH',
      `An array of shape ${formatShape(shape)} among elements under a condition.`,
      {
        expected: 'a number, or elements under the same condition: u[mask] = v[mask]',
        hint: 'np.where(mask, a, b) chooses among the elements of two arrays',
      },
    );
  }

  /** A value as elements of `dtype` store it. */
  stored(value: Value, dtype: DType): Tree {
    return value.kind === 'number' ? this.leaf(leafStored(value, dtype)) : this.tree(value);
  }

  private leaf({ tree, recipe, holes, whole }: Leaf): Tree {
    if (whole !== undefined) this.wholes.push({ recipe, whole });
    return this.origins.number(tree, recipe, holes);
  }

  /** Two values as operands of one operation: a number counts as what it meets. */
  private operands(a: Value, b: Value, compared = false): [Tree, Tree] {
    if (a.kind !== 'number' && b.kind !== 'number') return [this.tree(a), this.tree(b)];
    const [number, other] = a.kind === 'number' ? [a, this.tree(b)] : [b, this.tree(a)];
    const meets = compared ? this.comparable(other, number) : other;
    const leaf = this.tree(number, meets.structure.dtype);
    return number === a ? [leaf, meets] : [meets, leaf];
  }

  /** A comparison is right also with a number that i32 cannot hold. */
  private comparable(tree: Tree, number: Value): Tree {
    if (number.kind !== 'number' || tree.structure.dtype !== 'i32' || fits(number.value, 'i32')) return tree;
    for (const hole of number.holes) this.fixed.add(hole);
    return Number.isInteger(number.value) ? astypeTree(tree, 'i64') : tree;
  }

  binary(op: BinaryOp, a: Value, b: Value, at: Span): Value {
    if (op === '@') return product(this, 'The operator @', [a, b], at);
    const masked = this.lifted([a, b], ([x = a, y = b]) => this.binary(op, x, y, at));
    if (masked) return masked;
    if (a.kind === 'number' && b.kind === 'number') return this.fold(op, a, b, at);
    const fn = FUNCTIONS[op];
    return fn === 'pow' ? this.power(a, b) : this.apply(fn, a, b);
  }

  /** The value of an exponent chooses how the power is computed. */
  private power(a: Value, b: Value): Value {
    if (b.kind === 'number') for (const hole of b.holes) this.fixed.add(hole);
    const [left, right] = this.operands(a, b);
    return { kind: 'tree', tree: powerTree(left, right) };
  }

  private fold(op: Exclude<BinaryOp, '@'>, a: NumberValue, b: NumberValue, at: Span): NumberValue {
    const divides = op === '/' || op === '//' || op === '%';
    return combineNumbers(FUNCTIONS[op], a, b, this.values.numbers, divides ? this.dividing(at) : foldBinary);
  }

  /** Division refuses 0 as Python does, also when the template runs again with other numbers. */
  private dividing(at: Span): Compute {
    // Recipes are kept: they must not hold on to this evaluator and the fields it knows.
    const { source } = this;
    const isNumber = this.values.exprs.map((expr) => expr === null);
    return (fn, x, y, numbers) => {
      if (y !== 0) return foldBinary(fn, x, y);
      const holes = source.holes.map((name, i) => (isNumber[i] ? `\${${numbers[i]}}` : name));
      const message = 'A plain number is divided by zero: ZeroDivisionError in Python.';
      throw errorAt({ ...source, holes }, at, 'BAD_OPERAND', message);
    };
  }

  private unary({ op, a, from, to }: Extract<Node, { kind: 'unary' }>): Value {
    const value = this.value(a);
    if (op === '+') return value;
    const fn = op === '-' ? 'neg' : 'invert';
    return locating(this.source, { from, to }, () =>
      value.kind === 'number' ? pythonUnary(fn, value) : this.unaryOf(fn, value),
    );
  }

  private unaryOf(fn: UnaryFn, value: Value): Value {
    if (value.kind === 'number') return functionOfNumber(fn, value);
    const masked = this.lifted([value], ([x = value]) => this.unaryOf(fn, x));
    if (masked) return masked;
    return { kind: 'tree', tree: unaryTree(fn, this.tree(value)) };
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
      type: numberType(this.values, index),
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
    if (base.kind === 'masked') {
      throw errorAt(this.source, { from, to }, 'UNSUPPORTED_PYTHON', 'A slice of u[mask] is not translated.');
    }
    if (base.kind === 'view' && this.mayMove(base) && items.some((item) => this.moves(item))) {
      return this.movingSubscript(base, items);
    }
    const mask = this.mask(items);
    if (mask) return { kind: 'masked', base, mask: this.checkedMask(mask, base) };
    const subscripts = items.map((item) => this.item(item));
    if (base.kind === 'tree') return this.walked(base, resolveSlices(subscripts, base.tree.structure.shape));
    return this.walked(base, resolveSlices(subscripts, base.view.shape));
  }

  /** The array that a subscript consists of, if it does. */
  private mask([item, ...more]: readonly Item[]): Tree | undefined {
    if (item?.kind !== 'index' || more.length > 0) return undefined;
    const value = this.value(item.at);
    return value.kind === 'number' || value.kind === 'masked' ? undefined : this.tree(value);
  }

  private checkedMask(mask: Tree, base: ArrayValue): Tree {
    const { dtype } = mask.structure;
    if (dtype !== 'bool') {
      throw new QuadrilleError('UNSUPPORTED_PYTHON', `An array of ${dtype} as an index is not translated.`, {
        expected: 'slices, integers, or one condition',
        hint: 'NumPy would gather elements one by one; np.where(condition, a, b) chooses among elements',
      });
    }
    spread(mask, base.kind === 'view' ? base.view.shape : base.tree.structure.shape);
    return mask;
  }

  /** The condition as it counts for every element of an array of `shape`. */
  spread(mask: Tree, shape: Shape): Tree {
    return this.origins.sliced(mask, spreading(mask.structure.shape, shape.length));
  }

  /** A view of an array, or of what an expression gives. */
  private walked(base: ArrayValue, by: Walk): Value {
    if (base.kind === 'tree') return { kind: 'tree', tree: this.origins.sliced(base.tree, by) };
    const { meta } = base.view;
    return { ...base, view: internView(meta, composeWalks(base.view, by, meta.shape)) };
  }

  /** Moving positions are those of a field's own dimensions, in order. */
  private mayMove({ hole, view }: ViewValue): boolean {
    return this.values.isPlain(hole) && view.dims === undefined;
  }

  /** Does the item hold a value that keeps changing? */
  private moves(item: Item): boolean {
    if (item.kind === 'ellipsis' || item.kind === 'newaxis') return false;
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
    const { axes: inner, dims } = resolveSlices(now, shape);
    const ellipsis = now.indexOf('...');
    // New axes stand among the items, but walk nothing.
    const walking = now.flatMap((one, k) => (one === 'newaxis' ? [] : [k]));
    const before = walking.filter((k) => ellipsis < 0 || k < ellipsis).length;
    const itemOf = (d: number): number =>
      walking[ellipsis < 0 || d < before ? d : Math.max(before, d - (shape.length - walking.length))] ?? -1;
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
    return { ...base, view: internView(meta, composeWalks(base.view, { axes: moved, dims }, meta.shape)), places };
  }

  /** An item as other values make it. */
  private later(item: Item): (numbers: readonly number[]) => Subscript {
    const part = (node: Node): Recipe => {
      const value = this.value(node);
      return value.kind === 'number' ? value.recipe : () => Number.NaN;
    };
    if (item.kind === 'ellipsis') return () => '...';
    if (item.kind === 'newaxis') return () => 'newaxis';
    if (item.kind === 'index') return part(item.at);
    const [start, stop, step] = [item.start, item.stop, item.step].map((node) => node && part(node));
    return (numbers) => ({ start: start?.(numbers), stop: stop?.(numbers), step: step?.(numbers) });
  }

  private item(item: Item, fixes = true): Subscript {
    switch (item.kind) {
      case 'ellipsis':
        return '...';
      case 'newaxis':
        return 'newaxis';
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
    if (prefixed && Object.hasOwn(VIEW_NAMES, name)) return this.viewed(node, args[0], args.slice(1));
    const dtype = dtypeOfNumpy(name);
    if (dtype && (prefixed || PYTHON_TYPES.has(name))) return this.conversion(node, dtype);
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
      if (a && !b) {
        throw errorAt(this.source, node, 'UNSUPPORTED_PYTHON', 'np.where of one argument is not translated.', {
          hint: 'the number of indices it gives depends on the data; assign with a condition: u[mask] = value',
        });
      }
      if (!a || !b || !c || operands.length > 3) throw this.arity(node, '3');
      if (a.kind === 'number')
        throw errorAt(this.source, node, 'BAD_OPERAND', 'The condition of where is a plain number or boolean.', {
          hint: 'choose in JavaScript: ${flag ? a : b}',
        });
      return { kind: 'tree', tree: whereTree(this.tree(a), ...this.branches(b, c)) };
    }
    const unary = Object.hasOwn(UNARY_NAMES, name) ? UNARY_NAMES[name] : undefined;
    if (unary) {
      if (!a || b) throw this.arity(node, '1');
      return this.unaryOf(unary, a);
    }
    const folded = Object.hasOwn(FOLDED_NAMES, name) ? FOLDED_NAMES[name] : undefined;
    const fn = folded ?? BINARY_NAMES[name];
    if (!fn || !a || !b || (c && !folded)) throw this.arity(node, folded ? 'two or more' : '2');
    if (fn === 'pow' && b.kind === 'number' && a.kind !== 'number') return this.power(a, b);
    return operands.slice(1).reduce((left, right) => this.apply(fn, left, right), a);
  }

  private branches(a: Value, b: Value): [Tree, Tree] {
    if (a.kind !== 'number' || b.kind !== 'number') return this.operands(a, b);
    return [this.tree(a), this.tree(b)];
  }

  /** Of what the template's values are. */
  private readonly algebra: derived.Algebra<Value> = {
    number: (x) => constant(x, 'float'),
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
    if (a.kind === 'number' && b.kind === 'number') return combineNumbers(fn, a, b, this.values.numbers);
    const masked = this.lifted([a, b], ([x = a, y = b]) => this.apply(fn, x, y));
    if (masked) return masked;
    const [left, right] = this.operands(a, b, isComparison(fn));
    return { kind: 'tree', tree: binaryTree(fn, left, right) };
  }

  /** The array that `node` is, walked otherwise. */
  private turned(node: Node, by: (shape: Shape) => Walk): Value {
    const base = this.value(node);
    if (base.kind === 'number' || base.kind === 'masked') {
      throw errorAt(this.source, node, 'BAD_OPERAND', `${textOf(this.source, node)} has no dimensions to turn.`, {
        expected: 'an array',
      });
    }
    return this.walked(base, by(base.kind === 'view' ? base.view.shape : base.tree.structure.shape));
  }

  /** a.astype(dtype), a.transpose(1, 0), ... */
  private method(node: Extract<Node, { kind: 'method' }>): Value {
    const { name, args, keywords } = node;
    const [dtype, extra] = args;
    if (Object.hasOwn(VIEW_NAMES, name) && !name.startsWith('flip')) return this.viewed(node, node.a, args);
    if (name !== 'astype') {
      throw errorAt(this.source, node, 'UNSUPPORTED_PYTHON', `The method .${name} is not translated.`, {
        hint: `functions of np are: np.${name}(x)`,
      });
    }
    const [keyword] = keywords;
    if (!dtype || extra || keyword)
      throw errorAt(this.source, node, 'BAD_OPERAND', 'astype takes one dtype.', { expected: 'x.astype(np.float32)' });
    return this.converted(this.value(node.a), this.dtype(dtype));
  }

  /** np.transpose(a, axes), np.flip(a, axis=0), a.swapaxes(0, 1), ... */
  private viewed(node: Call | Extract<Node, { kind: 'method' }>, a: Node | undefined, args: readonly Node[]): Value {
    const { name } = node;
    const names = VIEW_NAMES[name] ?? [];
    const given: (Node | undefined)[] = [...args];
    for (const keyword of node.keywords) {
      const at = names.indexOf(keyword.name);
      if (at < 0 || given[at]) {
        const what = `The argument ${keyword.name}= of ${name} is not translated.`;
        throw errorAt(this.source, keyword, 'UNSUPPORTED_PYTHON', what);
      }
      given[at] = keyword.value;
    }
    const spread = name === 'transpose' || name === 'reshape';
    if (!a || (!spread && given.length > names.length)) {
      throw errorAt(this.source, node, 'BAD_OPERAND', `${name} was given ${args.length} arguments.`, {
        expected: ['an array', ...names].join(', '),
      });
    }
    const numbers = given.flatMap((one) => (one ? this.numbers(one) : []));
    const [first = 0, second = 0] = numbers;
    return this.turned(a, (shape) => {
      switch (name) {
        case 'swapaxes':
          return swapped(shape, first, second);
        case 'moveaxis':
          return moved(shape, first, second);
        case 'flip':
          return flipped(shape, numbers.length === 0 ? undefined : numbers);
        case 'flipud':
          return flipped(shape, 0);
        case 'fliplr':
          return flipped(shape, 1);
        case 'reshape':
          return reshaped(shape, numbers);
        default:
          return transposed(shape, numbers);
      }
    });
  }

  /** A whole number, or a tuple of them. */
  private numbers(node: Node): number[] {
    return node.kind === 'tuple' ? node.items.map((item) => this.whole(item)) : [this.whole(node)];
  }

  /** np.float32, float, 'f4', ... */
  private dtype(node: Node): DType {
    const name = node.kind === 'constant' || node.kind === 'name' ? node.name : node.kind === 'string' ? node.text : '';
    const dtype = dtypeOfNumpy(name);
    if (dtype) return dtype;
    throw errorAt(this.source, node, 'BAD_DTYPE', `There is no dtype ${textOf(this.source, node)}.`, {
      expected: 'np.float64, np.float32, np.int64, np.int32, np.bool_, or float, int, bool',
    });
  }

  private converted(value: Value, dtype: DType): Value {
    const masked = this.lifted([value], ([x = value]) => this.converted(x, dtype));
    if (masked) return masked;
    if (value.kind !== 'number') return { kind: 'tree', tree: astypeTree(this.tree(value), dtype) };
    if (dtype === 'f64' || dtype === 'bool') return convertNumber(value, dtype);
    const whole = dtype === 'f32' ? value : convertNumber(value, 'int');
    return { kind: 'tree', tree: astypeTree(this.tree(whole, dtype), dtype) };
  }

  /** np.float32(x), and Python's own float(x), int(x), bool(x) of a number. */
  private conversion(node: Call, dtype: DType): Value {
    const [arg, extra] = node.args;
    if (!arg || extra) throw this.arity(node, '1');
    const value = this.value(arg);
    if (node.prefixed) return this.converted(value, dtype);
    if (value.kind === 'number')
      return convertNumber(value, isFloat(dtype) ? 'float' : dtype === 'bool' ? 'bool' : 'int');
    throw errorAt(this.source, node, 'BAD_OPERAND', `${node.name}() of an array is a TypeError in Python.`, {
      hint: `${textOf(this.source, arg)}.astype(${node.name})`,
    });
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
  if (subscript === '...' || subscript === 'newaxis') return undefined;
  const parts = typeof subscript === 'number' ? [subscript] : [subscript.start, subscript.stop, subscript.step];
  if (parts.some((part) => part !== undefined && !Number.isSafeInteger(part))) return undefined;
  if (typeof subscript === 'number') {
    const at = subscript < 0 ? subscript + n : subscript;
    return at >= 0 && at < n ? { kind: 'index', at } : undefined;
  }
  return subscript.step === 0 ? undefined : rangeOf(subscript, n);
}
