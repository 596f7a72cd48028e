/** Expressions of a program in, closures that evaluate them out. */
import { QuadrilleError } from '../../errors.js';
import type { Item, Keyword, Node } from '../ast.js';
import { BINARY_NAMES, CONSTANTS, REDUCTIONS, UNARY_NAMES } from '../functions.js';
import { errorAt } from '../source.js';
import { dtypeValue } from './arguments.js';
import { BUILTINS, iterate, lengthOf, methodOf, SYS_FUNCTIONS, TIME_FUNCTIONS } from './builtins.js';
import { type Code, plain, type Steps, sequence, sequenceThen, waiting } from './code.js';
import { formatted, percent, repr, str } from './format.js';
import type { Frame } from './frame.js';
import { absolute, arithmetic, compare, index, inverted, negative, positive } from './numbers.js';
import { arrayAttribute, type Builtin, NUMPY_FUNCTIONS } from './numpy-functions.js';
import { hasArray, Leaves, type Part, Region } from './region.js';
import { extreme, MATH_CONSTANTS, math, numpyOfNumbers } from './scalar-functions.js';
import type { FunctionScope, Imported } from './scope.js';
import { childrenOf } from './scope.js';
import type { CallNode, CompareOp, Expression, FormatPart, Subscript, SubscriptNode, Target } from './syntax.js';
import { Callable, isArray, List, Raised, Range, Tuple, typeName, type Value } from './values.js';
import { settled, truthOf, type UserFunction, type World } from './world.js';

/** np.name(array, ...) that np text knows: part of a larger expression. */
export function isTextFunction(path: string): boolean {
  return (
    path === 'where' ||
    path === 'roll' ||
    path === 'clip' ||
    REDUCTIONS.has(path.replace(/^linalg\./, '')) ||
    [UNARY_NAMES, BINARY_NAMES].some((table) => Object.hasOwn(table, path))
  );
}

/** Calls of the program's functions, which statements.ts compiles. */
export interface Calls {
  function(name: string): UserFunction | undefined;
  /** Can its body run without waiting? */
  isPlain(fn: UserFunction): boolean;
  callPlain(fn: UserFunction, args: readonly Value[], keywords: ReadonlyMap<string, Value>, frame: Frame): Value;
  call(fn: UserFunction, args: readonly Value[], keywords: ReadonlyMap<string, Value>, frame: Frame): Steps<Value>;
}

const NO_KEYWORDS: ReadonlyMap<string, Value> = new Map();

export class ExpressionCompiler {
  constructor(
    protected readonly world: World,
    protected readonly calls: Calls,
    protected readonly scope: FunctionScope | undefined,
  ) {}

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
        return this.name(node);
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
        return node.ops.length > 1 || /i/.test(node.ops[0] ?? '') ? this.comparison(node) : this.region(node);
      case 'comprehension':
        return this.comprehension(node);
      case 'attribute':
        return this.attribute(node);
      case 'call':
        return this.isPart(node) ? this.region(node) : this.call(node);
      case 'unary':
      case 'binary':
      case 'subscript':
        return this.region(node);
    }
  }

  /** A value that outlives the expression: what is computed becomes an array of its own. */
  kept(node: Expression): Code<Value> {
    const { lifetimes } = this.world;
    return sequence([this.value(node)], ([value = null], frame) => lifetimes.stored(value, frame));
  }

  // Names and attributes

  private name(node: Extract<Expression, { kind: 'name' }>): Code<Value> {
    const { name } = node;
    const { world } = this;
    const local = this.scope?.locals.get(name);
    if (local !== undefined) {
      return plain((frame) => {
        const value = frame.slots[local];
        if (value !== undefined) return value;
        throw new Raised('UnboundLocalError', `the local variable '${name}' has no value yet`);
      });
    }
    const global = world.scope.globals.get(name);
    const slots = world.globals.slots;
    if (global !== undefined) {
      return plain(() => {
        const value = slots[global];
        if (value !== undefined) return value;
        throw new Raised('NameError', `name '${name}' is not defined yet`);
      });
    }
    const imported = world.scope.imports.get(name);
    if (imported && imported.path !== '') return this.member(imported, node);
    if (name === '__name__') return plain(() => world.name);
    const value = new Callable(name, 'builtins', name);
    return plain(() => value);
  }

  /** What an expression like np.linalg.norm names, if it does. */
  imported(node: Expression): Imported | undefined {
    if (node.kind === 'name') {
      if (this.scope?.locals.has(node.name) || this.world.scope.globals.has(node.name)) return undefined;
      return this.world.scope.imports.get(node.name);
    }
    if (node.kind !== 'attribute') return undefined;
    const base = this.imported(node.a);
    return base && { module: base.module, path: base.path === '' ? node.name : `${base.path}.${node.name}` };
  }

  private member({ module, path }: Imported, node: Expression): Code<Value> {
    const constants = module === 'numpy' ? CONSTANTS : module === 'math' ? MATH_CONSTANTS : {};
    const number = Object.hasOwn(constants, path) ? constants[path] : undefined;
    if (number !== undefined) return plain(() => number);
    if (module === 'numpy' && path === 'newaxis') return plain(() => null);
    if (module === 'sys' && path === 'argv') {
      const argv = new List([...this.world.argv]);
      return plain(() => argv);
    }
    if (module === 'numpy' || module === 'math' || module === 'time' || module === 'sys') {
      const value = new Callable(`${module === 'numpy' ? 'np' : module}.${path}`, module, path);
      return plain(() => value);
    }
    throw errorAt(this.world.source, node, 'UNSUPPORTED_PYTHON', `${module}.${path} is not translated.`);
  }

  private attribute(node: Extract<Expression, { kind: 'attribute' }>): Code<Value> {
    const imported = this.imported(node);
    if (imported) return this.member(imported, node);
    if (node.name === 'T') return this.region(node);
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

  // Text

  private format(parts: readonly FormatPart[]): Code<Value> {
    const codes = parts.map((part): Code<Value> => {
      if (part.kind === 'text') return plain(() => part.text);
      const spec = part.spec.length > 0 ? this.format(part.spec) : plain<Value>(() => '');
      const { conversion } = part;
      return sequenceThen([this.value(part.value), spec], function* ([given = null, how = '']) {
        const value = yield* settled(given);
        const shown = conversion === 'r' ? repr(value) : conversion === 's' ? str(value) : value;
        return formatted(shown, str(how));
      });
    });
    return sequence(codes, (texts) => texts.join(''));
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

  /** Binds names of a comprehension; statements.ts binds everything else. */
  protected binding(target: Target): (frame: Frame, value: Value) => void {
    const { lifetimes, globals } = this.world;
    if (target.kind === 'name') {
      const local = this.scope?.locals.get(target.name);
      if (local !== undefined) return (frame, value) => lifetimes.bind(frame, local, value);
      const slot = this.world.scope.globals.get(target.name) ?? 0;
      return (_, value) => lifetimes.bind(globals, slot, value);
    }
    if (target.kind === 'subscript')
      throw errorAt(this.world.source, target, 'UNSUPPORTED_PYTHON', 'A loop over a slice is not translated.');
    const each = target.items.map((item) => this.binding(item));
    return (frame, value) => {
      const items = [...iterate(value)];
      if (items.length !== each.length) throw unpackError(items.length, each.length);
      each.forEach((bind, i) => bind(frame, items[i] ?? null));
    };
  }

  // Calls

  private call(node: CallNode): Code<Value> {
    const args = node.args.map((arg) => this.value(arg));
    const keywords = node.keywords.map(({ value }) => this.value(value));
    const names = node.keywords.map(({ name }) => name);
    const split = (values: readonly Value[]): [Value[], ReadonlyMap<string, Value>] => {
      if (names.length === 0) return [[...values], NO_KEYWORDS];
      const given = values.slice(0, args.length);
      return [given, new Map(names.map((name, i) => [name, values[args.length + i] ?? null]))];
    };
    const all = [...args, ...keywords];
    const imported = this.imported(node.callee);
    if (imported) return this.callBuiltin(imported.module, imported.path, all, split, node);
    if (node.callee.kind === 'attribute') return this.method(node.callee, all, split, node);
    if (node.callee.kind !== 'name') return this.dynamic(this.value(node.callee), all, split, node);
    const { name } = node.callee;
    const bound = this.scope?.locals.has(name) || this.world.scope.globals.has(name);
    if (!bound) return this.callBuiltin('builtins', name, all, split, node);
    const fn = this.scope?.locals.has(name) ? undefined : this.calls.function(name);
    if (!fn) return this.dynamic(this.value(node.callee), all, split, node);
    const { calls, world } = this;
    const keep = (values: readonly Value[], frame: Frame): Value[] =>
      values.map((value) => world.lifetimes.stored(value, frame));
    const defined = this.value(node.callee); // NameError if its def has not run yet
    if (calls.isPlain(fn) && all.every((code) => code.plain)) {
      return sequence(all, (values, frame) => {
        defined.plain?.(frame);
        const [given, named] = split(keep(values, frame));
        return calls.callPlain(fn, given, named, frame);
      });
    }
    return sequenceThen(all, function* (values, frame) {
      defined.plain?.(frame);
      const [given, named] = split(keep(values, frame));
      return yield* calls.call(fn, given, named, frame);
    });
  }

  /** A function that only running tells. */
  private dynamic(callee: Code<Value>, all: readonly Code<Value>[], split: Split, node: CallNode): Code<Value> {
    const { calls, world } = this;
    const compiler = this;
    return sequenceThen([callee, ...all], function* ([fn = null, ...values], frame) {
      if (!(fn instanceof Callable)) throw new Raised('TypeError', `'${typeName(fn)}' object is not callable`);
      const [given, named] = split(values.map((value) => world.lifetimes.stored(value, frame)));
      if (fn.from === 'user') {
        const user = calls.function(fn.path);
        if (user) return yield* calls.call(user, given, named, frame);
      }
      const codes = [...given, ...named.values()].map((value) => plain<Value>(() => value));
      return yield* compiler.callBuiltin(fn.from, fn.path, codes, split, node).steps(frame);
    });
  }

  private callBuiltin(
    module: string,
    path: string,
    all: readonly Code<Value>[],
    split: Split,
    node: CallNode,
  ): Code<Value> {
    const { lifetimes } = this.world;
    if (module === 'builtins' && path === 'sum') return this.sum(all, node);
    const builtin = builtinOf(module, path);
    if (!builtin) {
      if (module === 'numpy') return this.textCall(path, all, node);
      throw errorAt(this.world.source, node, 'UNSUPPORTED_PYTHON', `${module}.${path} is not translated.`);
    }
    return sequenceThen(all, function* (values, frame) {
      const [given, named] = split(values);
      const ready: Value[] = [];
      for (const value of given) ready.push(builtin.settles ? yield* settled(value) : value);
      return lifetimes.adopt(yield* finished(builtin.run(ready, named)), frame);
    });
  }

  /** Python's sum: of numbers, or of arrays. */
  private sum(all: readonly Code<Value>[], node: CallNode): Code<Value> {
    const leaves = new Leaves();
    const [a, b] = [0, 1].map(() =>
      leaves.add(
        node,
        plain<Value>(() => null),
      ),
    );
    const added = new Region(this.world.source, this.world.label(node), (of) => ({
      kind: 'expression',
      value:
        a && b
          ? { kind: 'binary', op: '+', a: of(a), b: of(b), ...span(node) }
          : { kind: 'number', value: 0, type: 'int', ...span(node) },
      ...span(node),
    }));
    return sequence(all, ([items = null, start = 0n]) => {
      let total = start;
      for (const item of iterate(items)) {
        total = hasArray([total, item]) ? added.run([total, item]) : arithmetic('+', total, item);
      }
      return total;
    });
  }

  /** np.name(...) of values that only running tells. */
  private textCall(path: string, all: readonly Code<Value>[], node: CallNode): Code<Value> {
    const leaves = new Leaves();
    const parts = all.map((code) => leaves.add(node, code));
    return this.regionOf(leaves, this.callPart(path, parts, node));
  }

  private method(
    callee: Extract<Expression, { kind: 'attribute' }>,
    all: readonly Code<Value>[],
    split: Split,
    node: CallNode,
  ): Code<Value> {
    const { name } = callee;
    const { lifetimes } = this.world;
    const leaves = new Leaves();
    const parts = [callee.a, ...node.args, ...node.keywords].map((arg) =>
      leaves.add(
        arg,
        plain<Value>(() => null),
      ),
    );
    const region = new Region(this.world.source, this.world.label(node), (of) => ({
      kind: 'expression',
      value: this.callPart(name, parts, node).node(of),
      ...span(node),
    }));
    return sequenceThen([this.value(callee.a), ...all], function* ([self = null, ...values], frame) {
      if (name === 'item' && isArray(self)) return yield* settled(self);
      const method = methodOf(self, name);
      if (method) {
        const ready: Value[] = [];
        for (const value of values)
          ready.push(isArray(self) || name === 'append' ? lifetimes.stored(value, frame) : yield* settled(value));
        if (self instanceof List) for (const value of ready) lifetimes.escape(value);
        const [given, named] = split(ready);
        return lifetimes.adopt(yield* finished(method(self, given, named)), frame);
      }
      if (isArray(self)) return region.run([self, ...values]);
      throw new Raised('AttributeError', `'${typeName(self)}' object has no attribute '${name}'`);
    });
  }

  // Regions: expressions that may be arrays

  /** Is it a call that can be part of a template? */
  private isPart(node: CallNode): boolean {
    const imported = this.imported(node.callee);
    if (imported)
      return imported.module === 'numpy' && !builtinOf('numpy', imported.path) && isTextFunction(imported.path);
    if (node.callee.kind !== 'name') return false;
    const { name } = node.callee;
    if (this.scope?.locals.has(name) || this.world.scope.globals.has(name)) return false;
    return name === 'abs' || ((name === 'min' || name === 'max') && node.args.length > 1);
  }

  region(node: Expression): Code<Value> {
    const leaves = new Leaves();
    return this.regionOf(leaves, this.part(node, leaves));
  }

  private regionOf(leaves: Leaves, root: Part): Code<Value> {
    const { source } = this.world;
    if (root.leaf !== undefined) return leaves.codes[root.leaf] ?? plain(() => null);
    const region = new Region(source, this.world.label(root.span), (of) => ({
      kind: 'expression',
      value: of(root),
      ...root.span,
    }));
    return sequence(leaves.codes, (values) => (hasArray(values) ? region.run(values) : root.plain(values)));
  }

  part(node: Expression, leaves: Leaves): Part {
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
        return this.constant(node) ?? leaves.add(node, this.value(node), node.name);
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
        const { op } = node;
        const [a, b] = this.operands(node.a, node.b, leaves);
        const compute = (x: Value, y: Value): Value =>
          op === '%' && typeof x === 'string' ? percent(x, y) : arithmetic(op, x, y);
        return {
          ...inner(node, [a, b]),
          plain: (values) => compute(a.plain(values), b.plain(values)),
          node: (of) => {
            if (op === '^' || op === '<<' || op === '>>') throw this.refused(node, `The operator ${op} between arrays`);
            return { kind: 'binary', op, a: of(a), b: of(b), ...span(node) };
          },
        };
      }
      case 'compare': {
        const [op] = node.ops;
        const [x, y] = node.operands;
        if (!op || !x || !y || node.ops.length > 1 || !isOrder(op)) return leaves.add(node, this.value(node));
        const [a, b] = this.operands(x, y, leaves);
        return {
          ...inner(node, [a, b]),
          plain: (values) => compare(op, a.plain(values), b.plain(values)),
          node: (of) => ({ kind: 'binary', op, a: of(a), b: of(b), ...span(node) }),
        };
      }
      case 'attribute': {
        if (node.name !== 'T' || this.imported(node)) return this.constant(node) ?? leaves.add(node, this.value(node));
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
        return this.sliced(node, leaves).whole;
      case 'tuple':
      case 'list': {
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
        if (!this.isPart(node)) return leaves.add(node, this.value(node));
        const imported = this.imported(node.callee);
        const path = imported ? imported.path : node.callee.kind === 'name' ? node.callee.name : '';
        const args = [...node.args, ...node.keywords.map(({ value }) => value)];
        const parts: Part[] = [];
        args.forEach((arg, i) => {
          const later = args.slice(i + 1).some((other) => this.callsFunctions(other));
          parts.push(later ? this.early(arg, leaves) : this.part(arg, leaves));
        });
        return this.callPart(path, parts, node, imported === undefined);
      }
      default:
        return leaves.add(node, this.value(node));
    }
  }

  /** np.pi, np.newaxis, np.float32, float: the same in every run. */
  private constant(node: Expression): Part | undefined {
    const imported = this.imported(node);
    if (imported) return constantPart(node, this.member(imported, node).plain?.(this.world.globals) ?? null);
    if (node.kind !== 'name' || !['float', 'int', 'bool'].includes(node.name)) return undefined;
    if (this.scope?.locals.has(node.name) || this.world.scope.globals.has(node.name)) return undefined;
    return constantPart(node, new Callable(node.name, 'builtins', node.name));
  }

  /** Two operands. What stands before a call of a function is computed before that runs: it may change arrays. */
  private operands(x: Expression, y: Expression, leaves: Leaves): [Part, Part] {
    const a = this.callsFunctions(y) ? this.early(x, leaves) : this.part(x, leaves);
    return [a, this.part(y, leaves)];
  }

  private early(node: Expression, leaves: Leaves): Part {
    const { kind } = node;
    const simple = kind === 'name' || kind === 'int' || kind === 'float';
    return simple ? this.part(node, leaves) : leaves.add(node, this.kept(node));
  }

  private callsFunctions(node: Expression): boolean {
    if (node.kind === 'call' && node.callee.kind === 'name') {
      const { name } = node.callee;
      if (this.scope?.locals.has(name) || this.world.scope.globals.has(name)) return true;
    }
    return childrenOf(node).some((child) => this.callsFunctions(child));
  }

  private callPart(path: string, parts: readonly Part[], node: CallNode, builtin = false): Part {
    const self = parts.length - node.args.length - node.keywords.length;
    const positional = parts.slice(0, self + node.args.length);
    const named = node.keywords.map(({ name }, i) => ({ name, part: parts[self + node.args.length + i] }));
    const name = path.replace(/^linalg\./, '');
    return {
      ...inner(node, parts),
      plain: (values) => {
        const args = positional.map((part) => part.plain(values));
        if (builtin && (path === 'min' || path === 'max')) return extreme(path, args);
        if (builtin) return absolute(args[0] ?? null);
        if (named.length > 0) throw new Raised('TypeError', `np.${path} of plain numbers takes no ${named[0]?.name}=`);
        return numpyOfNumbers(path, args);
      },
      node: (of) => ({
        kind: 'call',
        name,
        prefixed: !builtin,
        args: positional.map(of),
        keywords: named.flatMap(({ name: keyword, part }): Keyword[] =>
          part ? [{ name: keyword, value: of(part), ...part.span }] : [],
        ),
        ...span(node),
      }),
    };
  }

  protected sliced(node: SubscriptNode, leaves: Leaves): Sliced {
    // What is computed cannot be sliced in text: it becomes an array first.
    const sliceable = node.a.kind === 'name' || node.a.kind === 'subscript';
    const a = sliceable ? this.part(node.a, leaves) : leaves.add(node.a, this.kept(node.a));
    const items = node.items.map((item) => this.item(item, leaves));
    const read = (values: readonly Value[]): PlainItem[] => items.map((item) => item.read(values));
    const whole: Part = {
      ...inner(node, [a, ...items.flatMap(({ parts }) => parts)]),
      base: a,
      plain: (values) => element(a.plain(values), node, read(values)),
      node: (of): Node => ({
        kind: 'subscript',
        a: of(a),
        items: items.map(({ text }) => text(of)),
        ...span(node),
      }),
    };
    return { whole, base: a, read };
  }

  private item(item: Subscript, leaves: Leaves): SubscriptPart {
    switch (item.kind) {
      case 'ellipsis':
        return { parts: [], read: () => ({ kind: 'ellipsis' }), text: () => ({ kind: 'ellipsis' }) };
      case 'index': {
        const at = this.part(item.at, leaves);
        return {
          parts: [at],
          read: (v) => ({ kind: 'index', at: at.plain(v) }),
          text: (of) => {
            const node = of(at);
            return node.kind === 'none' ? { kind: 'newaxis' } : { kind: 'index', at: node };
          },
        };
      }
      case 'slice': {
        const [start, stop, step] = [item.start, item.stop, item.step].map((part) => part && this.part(part, leaves));
        const read = (part: Part | undefined, values: readonly Value[]): Value => part?.plain(values) ?? null;
        return {
          parts: [start, stop, step].flatMap((part) => (part ? [part] : [])),
          read: (v) => ({ kind: 'slice', start: read(start, v), stop: read(stop, v), step: read(step, v) }),
          text: (of) => ({
            kind: 'slice',
            start: start && of(start),
            stop: stop && of(stop),
            step: step && of(step),
          }),
        };
      }
    }
  }

  private refused(node: Expression, what: string): Error {
    return errorAt(this.world.source, node, 'UNSUPPORTED_PYTHON', `${what} is not translated.`);
  }
}

type Split = (values: readonly Value[]) => [Value[], ReadonlyMap<string, Value>];

/** base[items]. */
export interface Sliced {
  readonly whole: Part;
  readonly base: Part;
  readonly read: (values: readonly Value[]) => readonly PlainItem[];
}

export type PlainItem =
  | { readonly kind: 'ellipsis' }
  | { readonly kind: 'index'; readonly at: Value }
  | { readonly kind: 'slice'; readonly start: Value; readonly stop: Value; readonly step: Value };

interface SubscriptPart {
  readonly parts: readonly Part[];
  readonly read: (values: readonly Value[]) => PlainItem;
  readonly text: (of: (part: Part) => Node) => Item;
}

function isOrder(op: CompareOp): op is Exclude<CompareOp, 'is' | 'is not' | 'in' | 'not in'> {
  return !/[a-z]/.test(op);
}

function span({ from, to }: { from: number; to: number }): { from: number; to: number } {
  return { from, to };
}

function inner(node: { from: number; to: number }, kids: readonly Part[]): Pick<Part, 'span' | 'leaves' | 'leaf'> {
  return { span: span(node), leaf: undefined, leaves: [...new Set(kids.flatMap((kid) => kid.leaves))] };
}

function constantPart(node: Expression, value: Value): Part {
  return {
    ...inner(node, []),
    plain: () => value,
    node: () => {
      throw new QuadrilleError('INTERNAL', 'a constant is a hole or a number');
    },
  };
}

/** A generator's result, waited for; anything else as it is. */
export function* finished(result: Value | Steps<Value>): Steps<Value> {
  return isSteps(result) ? yield* result : result;
}

function isSteps(result: Value | Steps<Value>): result is Steps<Value> {
  return typeof result === 'object' && result !== null && 'next' in result && typeof result.next === 'function';
}

export function builtinOf(module: string, path: string): Builtin | undefined {
  const tables: Readonly<Record<string, Readonly<Record<string, Builtin>>>> = {
    builtins: BUILTINS,
    numpy: NUMPY_FUNCTIONS,
    time: TIME_FUNCTIONS,
    sys: SYS_FUNCTIONS,
  };
  if (module === 'math') return { settles: true, run: (args) => math(path, args) };
  if (module === 'numba') return path === 'prange' ? BUILTINS.range : undefined;
  const table = tables[module];
  return table && Object.hasOwn(table, path) ? table[path] : undefined;
}

export function unpackError(given: number, wanted: number): Raised {
  return given < wanted
    ? new Raised('ValueError', `not enough values to unpack (expected ${wanted}, got ${given})`)
    : new Raised('ValueError', `too many values to unpack (expected ${wanted})`);
}

/** base[items] where base is no array. */
function element(base: Value, node: SubscriptNode, items: readonly PlainItem[]): Value {
  const [item, more] = items;
  if (!item || more || node.tuple)
    throw new Raised('TypeError', `'${typeName(base)}' indices must be integers or slices, not tuple`);
  if (item.kind === 'ellipsis') throw new Raised('TypeError', `'${typeName(base)}' indices must be integers or slices`);
  const length = sequenceLength(base);
  if (item.kind === 'index') {
    const i = Number(index(item.at));
    const at = i < 0 ? i + length : i;
    if (at < 0 || at >= length) throw new Raised('IndexError', `${typeName(base)} index out of range`);
    return itemAt(base, at);
  }
  const part = (value: Value): number | undefined => (value === null ? undefined : Number(index(value)));
  const places = slicePlaces(part(item.start), part(item.stop), part(item.step) ?? 1, length);
  if (base instanceof Tuple) return new Tuple(places.map((at) => itemAt(base, at)));
  if (typeof base === 'string') return places.map((at) => itemAt(base, at)).join('');
  return new List(places.map((at) => itemAt(base, at)));
}

function sequenceLength(base: Value): number {
  if (base instanceof Tuple || base instanceof List || base instanceof Range || typeof base === 'string')
    return Number(lengthOf(base));
  throw new Raised('TypeError', `'${typeName(base)}' object is not subscriptable`);
}

function itemAt(base: Value, at: number): Value {
  if (base instanceof Tuple || base instanceof List) return base.items[at] ?? null;
  if (base instanceof Range) return base.start + BigInt(at) * base.step;
  return typeof base === 'string' ? ([...base][at] ?? '') : null;
}

/** CPython's PySlice_AdjustIndices. */
function slicePlaces(start: number | undefined, stop: number | undefined, step: number, n: number): number[] {
  if (step === 0) throw new Raised('ValueError', 'slice step cannot be zero');
  const [low, high] = step < 0 ? [-1, n - 1] : [0, n];
  const clamp = (i: number): number => Math.min(Math.max(i < 0 ? i + n : i, low), high);
  const from = start === undefined ? (step < 0 ? high : low) : clamp(start);
  const to = stop === undefined ? (step < 0 ? low : high) : clamp(stop);
  const count = Math.max(0, Math.ceil((to - from) / step));
  return Array.from({ length: count }, (_, i) => from + i * step);
}
