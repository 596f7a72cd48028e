/** Expressions of a program in, closures that evaluate them out. */
import { errorAt } from '../source.js';
import { dtypeValue } from './arguments.js';
import { CallCompiler, type UserFunctions } from './calls.js';
import { type Code, plain, type Steps, sequence, sequenceThen, waiting } from './code.js';
import { formatted, percent, repr, str } from './format.js';
import type { Frame } from './frame.js';
import { gathered, hasList } from './gather.js';
import { indexObject } from './index-objects.js';
import { unpackError } from './indexing.js';
import { iterate } from './iteration.js';
import type { Names } from './names.js';
import { compare } from './numbers.js';
import { arrayAttribute } from './numpy-functions.js';
import { isFormatting, PartCompiler, type ValueCompiler } from './parts.js';
import { walkable } from './places.js';
import { hasArray, Leaves } from './region.js';
import { namesIn } from './scope.js';
import type { DictEntry, Expression, FormatPart, FunctionNode, SubscriptNode, Target } from './syntax.js';
import {
  Archive,
  Callable,
  Dict,
  isArray,
  List,
  memberOf,
  NumpyNumber,
  Raised,
  Slice,
  Tuple,
  typeName,
  type Value,
} from './values.js';
import { printable, settled, shown, truthOf, type World } from './world.js';

export class ExpressionCompiler implements ValueCompiler {
  readonly parts: PartCompiler;
  readonly #calls: CallCompiler;

  constructor(
    private readonly world: World,
    private readonly functions: UserFunctions,
    private readonly names: Names,
  ) {
    this.parts = new PartCompiler(world, names, this);
    this.#calls = new CallCompiler(world, functions, names, this.parts, this);
  }

  value(node: Expression): Code<Value> {
    switch (node.kind) {
      case 'int':
      case 'float':
      case 'str':
      case 'bool': {
        const { value } = node;
        return plain(() => value);
      }
      case 'none':
        return plain(() => null);
      case 'name':
        return this.names.value(node);
      case 'format':
        return this.format(node.parts);
      case 'tuple':
        return sequence(
          node.items.map((item) => this.kept(item)),
          (items) => new Tuple(spread(node.items, items)),
        );
      case 'list':
        return sequence(
          node.items.map((item) => this.kept(item)),
          (items) => new List(spread(node.items, items)),
        );
      case 'dict':
        return sequence(
          node.entries.flatMap(({ key, value }) => (key ? [this.kept(key), this.kept(value)] : [this.kept(value)])),
          (values) => dictOf(node.entries, values),
        );
      case 'lambda':
        return this.lambda(node.fn);
      case 'starred':
        return this.kept(node.a);
      case 'not': {
        const a = this.value(node.a);
        return sequenceThen([a], function* ([value = null]) {
          return !(yield* truthOf(value));
        });
      }
      case 'and':
      case 'or': {
        const [a, b] = [this.value(node.a), this.value(node.b)];
        const stop = node.kind === 'or';
        return waiting(function* (frame) {
          const left = yield* a.steps(frame);
          return (yield* truthOf(left)) === stop ? left : yield* b.steps(frame);
        });
      }
      case 'choice': {
        const [test, a, b] = [this.value(node.test), this.value(node.a), this.value(node.b)];
        return waiting(function* (frame) {
          return yield* ((yield* truthOf(yield* test.steps(frame))) ? a : b).steps(frame);
        });
      }
      case 'compare':
        return node.ops.length > 1 || /i/.test(node.ops[0] ?? '') ? this.comparison(node) : this.parts.region(node);
      case 'comprehension':
        return this.comprehension(node);
      case 'attribute':
        return this.attribute(node);
      case 'call':
        return this.parts.isPart(node) ? this.parts.region(node) : this.#calls.call(node);
      case 'binary':
        return isFormatting(node) ? this.formatting(node) : this.parts.region(node);
      case 'subscript': {
        const path = this.names.indexObject(node);
        if (path !== undefined) return this.indexObject(path, node);
        return hasList(node) ? this.gather(node) : this.parts.region(node);
      }
      case 'unary':
        return this.parts.region(node);
    }
  }

  private gather(node: SubscriptNode): Code<Value> {
    const leaves = new Leaves();
    const { read } = this.parts.sliced(node, leaves);
    const { lifetimes } = this.world;
    return sequence([this.kept(node.a), ...leaves.codes], ([base = null, ...values], frame) =>
      lifetimes.adopt(gathered(base, read(values)), frame),
    );
  }

  private indexObject(path: string, { items, tuple }: SubscriptNode): Code<Value> {
    const optional = (node: Expression | undefined): Code<Value> => (node ? this.value(node) : plain(() => null));
    const codes = items.map((item): Code<Value> => {
      if (item.kind === 'index') return this.value(item.at);
      if (item.kind === 'ellipsis')
        throw errorAt(this.world.source, item, 'UNSUPPORTED_PYTHON', `... in np.${path} is not translated.`);
      return sequence(
        [item.start, item.stop, item.step].map(optional),
        ([a = null, b = null, c = null]) => new Slice(a, b, c),
      );
    });
    const { lifetimes } = this.world;
    return sequenceThen(codes, function* (values, frame) {
      const ready: Value[] = [];
      for (const value of values) ready.push(yield* settled(value));
      return lifetimes.adopt(indexObject(path, ready, tuple), frame);
    });
  }

  private lambda(fn: FunctionNode): Code<Value> {
    const { functions, names, world } = this;
    const defaults = fn.parameters.flatMap(({ default: value }) => (value ? [this.kept(value)] : []));
    return sequence(defaults, (values, frame) => {
      for (const value of values) world.lifetimes.escape(value);
      return functions.make(fn, names.isWithin ? frame : undefined).withDefaults(values);
    });
  }

  kept(node: Expression): Code<Value> {
    const { lifetimes } = this.world;
    return sequence([this.value(node)], ([value = null], frame) => lifetimes.stored(value, frame));
  }

  private attribute(node: Extract<Expression, { kind: 'attribute' }>): Code<Value> {
    const imported = this.names.imported(node);
    if (imported) return this.names.member(imported, node);
    if (node.name === 'T') return this.parts.region(node);
    const { name } = node;
    return sequence([this.value(node.a)], ([value = null]) => {
      const found = isArray(value)
        ? name === 'dtype'
          ? dtypeValue(value.dtype)
          : arrayAttribute(value, name)
        : (memberOf(value, name) ?? plainAttribute(value, name));
      if (found !== undefined) return found;
      throw new Raised('AttributeError', `'${typeName(value)}' object has no attribute '${name}'`);
    });
  }

  private format(parts: readonly FormatPart[]): Code<Value> {
    const codes = parts.map((part): Code<Value> => {
      if (part.kind === 'text') return plain(() => part.text);
      const spec = part.spec.length > 0 ? this.format(part.spec) : plain<Value>(() => '');
      const { conversion } = part;
      return sequenceThen([this.value(part.value), spec], function* ([given = null, how = '']) {
        const plainly = conversion === 's' || (conversion !== 'r' && how === '');
        const value = yield* plainly ? printable(given) : settled(given);
        return formatted(conversion === 'r' ? repr(value) : conversion === 's' ? str(value) : value, str(how));
      });
    });
    return sequence(codes, (texts) => texts.join(''));
  }

  /** 'text' % values: values of the engine among them are waited for. */
  private formatting({ a, b }: Extract<Expression, { kind: 'binary' }>): Code<Value> {
    const given = (b.kind === 'tuple' ? b.items : [b]).map((item) => this.value(item));
    return sequenceThen([this.value(a), ...given], function* ([text = '', ...values]) {
      const [only = null] = values;
      const listed = b.kind === 'tuple' || only instanceof Tuple;
      const { ready, texts } = yield* shown(b.kind !== 'tuple' && only instanceof Tuple ? only.items : values);
      return percent(str(text), listed ? new Tuple(ready) : (ready[0] ?? null), texts);
    });
  }

  private comparison({ operands, ops }: Extract<Expression, { kind: 'compare' }>): Code<Value> {
    const codes = operands.map((operand) => this.value(operand));
    if (ops.length === 1 && (ops[0] === 'is' || ops[0] === 'is not')) {
      const [op] = ops;
      return sequence(codes, ([a = null, b = null]) => compare(op, a, b));
    }
    return waiting(function* (frame) {
      let left: Value = yield* settled(codes[0] ? yield* codes[0].steps(frame) : null);
      for (const [i, op] of ops.entries()) {
        const right: Value = yield* settled(
          codes[i + 1] ? yield* (codes[i + 1] ?? plain(() => null)).steps(frame) : null,
        );
        const within = right instanceof Dict && /in/.test(op);
        if (hasArray(within ? [left] : [left, right]))
          throw new Raised('ValueError', `the truth value of '${op}' between arrays is ambiguous`);
        if (!compare(op, left, right)) return false;
        left = right;
      }
      return true;
    });
  }

  private comprehension({ element, clauses, gives }: Extract<Expression, { kind: 'comprehension' }>): Code<Value> {
    const item = this.kept(element);
    // Its names are its own: what they meant before they mean again.
    const places = clauses.flatMap(({ target }) => namesIn(target)).map((name) => this.names.place(name));
    const { lifetimes } = this.world;
    const loops = clauses.map(({ target, over, tests }) => ({
      bind: this.binding(target),
      over: this.kept(over),
      tests: tests.map((test) => this.value(test)),
    }));
    function* walk(depth: number, items: Value[], frame: Frame): Steps<void> {
      const loop = loops[depth];
      if (!loop) {
        items.push(yield* item.steps(frame));
        return;
      }
      for (const value of iterate(yield* walkable(yield* loop.over.steps(frame)))) {
        loop.bind(frame, value);
        let holds = true;
        for (const test of loop.tests) holds = holds && (yield* truthOf(yield* test.steps(frame)));
        if (holds) yield* walk(depth + 1, items, frame);
      }
    }
    return waiting(function* (frame) {
      const items: Value[] = [];
      const before = places.map(({ frameOf, slot }) => frameOf(frame).slots[slot]);
      for (const value of before) if (value !== undefined) lifetimes.retain(value);
      yield* walk(0, items, frame);
      places.forEach(({ frameOf, slot }, k) => {
        const [of, value] = [frameOf(frame), before[k]];
        lifetimes.bind(of, slot, value ?? null);
        if (value === undefined) of.slots[slot] = undefined;
        else lifetimes.drop(value, frame);
      });
      if (gives === 'list') return new List(items);
      return new Dict(items.map((pair): [Value, Value] => pairOf(pair)));
    });
  }

  /** Binds the names of a comprehension's loop. */
  private binding(target: Target): (frame: Frame, value: Value) => void {
    if (target.kind === 'name') return this.names.binder(target.name);
    if (target.kind === 'subscript' || target.kind === 'attribute' || target.kind === 'starred')
      throw errorAt(
        this.world.source,
        target,
        'UNSUPPORTED_PYTHON',
        'This target of a comprehension is not translated.',
      );
    const each = target.items.map((item) => this.binding(item));
    return (frame, value) => {
      const items = [...iterate(value)];
      if (items.length !== each.length) throw unpackError(items.length, each.length);
      each.forEach((bind, i) => bind(frame, items[i] ?? null));
    };
  }
}

function plainAttribute(value: Value, name: string): Value | undefined {
  if (value instanceof NumpyNumber) return numberAttribute(value, name);
  if (value instanceof Callable && name === '__name__') return value.path.split('.').at(-1) ?? value.name;
  if (value instanceof Archive && name === 'files') return new List(value.keys());
  if (value instanceof Slice && (name === 'start' || name === 'stop' || name === 'step')) return value[name];
  return undefined;
}

function numberAttribute({ dtype }: NumpyNumber, name: string): Value | undefined {
  switch (name) {
    case 'dtype':
      return dtypeValue(dtype);
    case 'shape':
      return new Tuple([]);
    case 'ndim':
      return 0n;
    case 'size':
      return 1n;
    default:
      return undefined;
  }
}

/** The values of items, starred ones opened. */
function spread(nodes: readonly Expression[], values: readonly Value[]): Value[] {
  return values.flatMap((value, i) => (nodes[i]?.kind === 'starred' ? [...iterate(value)] : [value]));
}

function dictOf(entries: readonly DictEntry[], values: readonly Value[]): Dict {
  const made = new Dict();
  let next = 0;
  for (const { key } of entries) {
    const first = values[next++] ?? null;
    if (key) made.set(first, values[next++] ?? null);
    else if (first instanceof Dict) for (const [name, value] of first.entries()) made.set(name, value);
    else throw new Raised('TypeError', `'${typeName(first)}' object is not a mapping`);
  }
  return made;
}

function pairOf(value: Value): [Value, Value] {
  const [key = null, item = null] = value instanceof Tuple ? value.items : [];
  return [key, item];
}
