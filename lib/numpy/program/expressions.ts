/** Expressions of a program in, closures that evaluate them out. */
import { errorAt } from '../source.js';
import { dtypeValue } from './arguments.js';
import { iterate } from './builtins.js';
import { CallCompiler, type UserFunctions } from './calls.js';
import { type Code, plain, type Steps, sequence, sequenceThen, waiting } from './code.js';
import { formatted, percent, repr, str } from './format.js';
import type { Frame } from './frame.js';
import { unpackError } from './indexing.js';
import type { Names } from './names.js';
import { compare } from './numbers.js';
import { arrayAttribute } from './numpy-functions.js';
import { isFormatting, PartCompiler, type ValueCompiler } from './parts.js';
import { hasArray } from './region.js';
import type { Expression, FormatPart, Target } from './syntax.js';
import { Callable, isArray, List, Raised, Tuple, typeName, type Value } from './values.js';
import { printable, settled, truthOf, type World } from './world.js';

export class ExpressionCompiler implements ValueCompiler {
  readonly parts: PartCompiler;
  readonly #calls: CallCompiler;

  constructor(
    private readonly world: World,
    functions: UserFunctions,
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
          (items) => new Tuple(items),
        );
      case 'list':
        return sequence(
          node.items.map((item) => this.kept(item)),
          (items) => new List(items),
        );
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
      case 'unary':
      case 'subscript':
        return this.parts.region(node);
    }
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
        : value instanceof Callable && name === '__name__'
          ? value.name
          : undefined;
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
        const shown = conversion === 'r' ? repr(value) : conversion === 's' ? str(value) : value;
        return formatted(shown, str(how));
      });
    });
    return sequence(codes, (texts) => texts.join(''));
  }

  /** 'text' % values: values of the engine among them are waited for. */
  private formatting({ a, b }: Extract<Expression, { kind: 'binary' }>): Code<Value> {
    const given = (b.kind === 'tuple' ? b.items : [b]).map((item) => this.value(item));
    return sequenceThen([this.value(a), ...given], function* ([text = '', ...values]) {
      const ready: Value[] = [];
      const [only = null] = values;
      const listed = b.kind === 'tuple' || only instanceof Tuple;
      for (const value of b.kind !== 'tuple' && only instanceof Tuple ? only.items : values)
        ready.push(yield* settled(value));
      return percent(str(text), listed ? new Tuple(ready) : (ready[0] ?? null));
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
        if (hasArray([left, right]))
          throw new Raised('ValueError', `the truth value of '${op}' between arrays is ambiguous`);
        if (!compare(op, left, right)) return false;
        left = right;
      }
      return true;
    });
  }

  private comprehension({ element, clauses }: Extract<Expression, { kind: 'comprehension' }>): Code<Value> {
    const item = this.kept(element);
    const loops = clauses.map(({ target, over, tests }) => ({
      bind: this.binding(target),
      over: this.value(over),
      tests: tests.map((test) => this.value(test)),
    }));
    function* walk(depth: number, items: Value[], frame: Frame): Steps<void> {
      const loop = loops[depth];
      if (!loop) {
        items.push(yield* item.steps(frame));
        return;
      }
      for (const value of iterate(yield* loop.over.steps(frame))) {
        loop.bind(frame, value);
        let holds = true;
        for (const test of loop.tests) holds = holds && (yield* truthOf(yield* test.steps(frame)));
        if (holds) yield* walk(depth + 1, items, frame);
      }
    }
    return waiting(function* (frame) {
      const items: Value[] = [];
      yield* walk(0, items, frame);
      return new List(items);
    });
  }

  /** Binds the names of a comprehension's loop. */
  private binding(target: Target): (frame: Frame, value: Value) => void {
    if (target.kind === 'name') return this.names.binder(target.name);
    if (target.kind === 'subscript')
      throw errorAt(this.world.source, target, 'UNSUPPORTED_PYTHON', 'A loop over a slice is not translated.');
    const each = target.items.map((item) => this.binding(item));
    return (frame, value) => {
      const items = [...iterate(value)];
      if (items.length !== each.length) throw unpackError(items.length, each.length);
      each.forEach((bind, i) => bind(frame, items[i] ?? null));
    };
  }
}
