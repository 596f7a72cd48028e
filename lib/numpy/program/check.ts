/** A program read, every name in it looked up before anything runs: what is not there is refused by name and place. */
import { didYouMean } from '../../errors.js';
import type { Span } from '../ast.js';
import { CONSTANTS, KNOWN_NAMES } from '../functions.js';
import { errorAt, type Source } from '../source.js';
import { BUILTINS, METHOD_NAMES, SYS_FUNCTIONS, TIME_FUNCTIONS } from './builtins.js';
import { refusedArgument } from './call-checks.js';
import { INDEX_OBJECTS } from './index-objects.js';
import { builtinOf, isTextFunction } from './known-functions.js';
import { NUMPY_FUNCTIONS } from './numpy-functions.js';
import { MODULES, REFUSED_BUILTINS, REFUSED_MODULES, REFUSED_NUMPY } from './refused.js';
import { MATH_CONSTANTS, MATH_NAMES } from './scalar-functions.js';
import {
  childrenOf,
  eachStatement,
  expressionsOf,
  type FunctionScope,
  type Imported,
  type ModuleScope,
  mentions,
  namesIn,
} from './scope.js';
import type { CallNode, Expression, FunctionNode, Statement, SubscriptNode, Target } from './syntax.js';
import { NUMPY_TYPES } from './types.js';

/** Names of np that stand for a dtype. */
const DTYPE_NAMES = ['float64', 'float32', 'int64', 'int32', 'bool_', 'double', 'single', 'intc', 'int_', 'float_'];

const NUMPY_NAMES: readonly string[] = [
  ...KNOWN_NAMES,
  ...Object.keys(NUMPY_FUNCTIONS),
  ...Object.keys(CONSTANTS),
  ...DTYPE_NAMES,
  ...NUMPY_TYPES,
  ...INDEX_OBJECTS,
  ...['newaxis', 'linalg.norm', 'transpose'],
];

const ATTRIBUTES: readonly string[] = [
  'shape',
  'ndim',
  'size',
  'itemsize',
  'nbytes',
  'dtype',
  'T',
  'files',
  'start',
  'stop',
  'step',
  '__name__',
  ...METHOD_NAMES,
];

/** Methods of arrays that are functions of NumPy. */
const ARRAY_METHODS = [
  'sum',
  'mean',
  'min',
  'max',
  'prod',
  'std',
  'var',
  'any',
  'all',
  'argmin',
  'argmax',
  'dot',
  'clip',
  'transpose',
  'round',
  'swapaxes',
];

const REFUSED_ATTRIBUTES: Readonly<Record<string, string>> = {
  flat: 'slices of the array itself',
  tofile: 'np.save the array',
  sort: 'arrays are not sorted here',
  real: 'complex numbers are not there',
  imag: 'complex numbers are not there',
  normal: REFUSED_NUMPY['random.normal'] ?? '',
  standard_normal: REFUSED_NUMPY['random.normal'] ?? '',
  randn: REFUSED_NUMPY['random.normal'] ?? '',
  shuffle: REFUSED_NUMPY['random.shuffle'] ?? '',
  permutation: REFUSED_NUMPY['random.shuffle'] ?? '',
};

/** Throws UNSUPPORTED_PYTHON or UNKNOWN_NAME. */
export function checkProgram(source: Source, statements: readonly Statement[], scope: ModuleScope): void {
  new Checker(source, scope).program(statements);
}

const KNOWN_METHODS = [...ARRAY_METHODS, 'reshape', 'ravel', 'flatten'];

/** What a call is of whose arguments become part of a formula: they are counted before it runs. */
function takesOperands(callee: Expression, imported: Imported | undefined): string | undefined {
  if (imported) {
    const { module, path } = imported;
    return module === 'numpy' && !builtinOf(module, path) ? `np.${path}` : undefined;
  }
  return callee.kind === 'attribute' && ARRAY_METHODS.includes(callee.name) ? `.${callee.name}` : undefined;
}

class Checker {
  private within: FunctionScope | undefined;

  constructor(
    private readonly source: Source,
    private readonly scope: ModuleScope,
  ) {}

  program(statements: readonly Statement[]): void {
    // In the order of the text: the first refusal is the one that is told.
    eachStatement(statements, false, (statement) => {
      this.statement(statement);
      if (statement.kind === 'function') this.body(statement);
      if (statement.kind === 'class') for (const method of statement.methods) this.body(method);
    });
  }

  private body(node: FunctionNode): void {
    const around = this.within;
    this.within = this.scope.scopes.get(node);
    this.program(node.body);
    this.within = around;
  }

  /** Is it a name of the function, or of one around it? */
  private isLocal(name: string): boolean {
    for (let scope = this.within; scope && !scope.globals.has(name); scope = scope.parent)
      if (scope.locals.has(name)) return true;
    return false;
  }

  private statement(statement: Statement): void {
    if (statement.kind === 'import') for (const each of statement.imports) this.importing(each);
    if (statement.kind === 'function' || statement.kind === 'class') this.rebinding(statement, statement.name);
    if (statement.kind === 'assign') for (const target of statement.targets) this.target(target);
    if (statement.kind === 'update' || statement.kind === 'for') this.target(statement.target);
    if (statement.kind === 'delete') for (const target of statement.targets) this.target(target);
    if (statement.kind === 'update' && statement.op === '@')
      throw this.unsupported(statement, "The operator '@='", 'a = a @ b, of vectors');
    if (statement.kind === 'nonlocal') for (const name of statement.names) this.nonlocal(statement, name);
    for (const expression of expressionsOf(statement)) this.expression(expression);
  }

  private target(target: Target): void {
    for (const name of namesIn(target)) this.rebinding(target, name);
    if (target.kind === 'attribute' && !this.scope.members.has(target.name))
      throw this.unsupported(target, `An assignment to the attribute .${target.name}`, 'assign to names and slices');
  }

  private nonlocal(at: Span, name: string): void {
    for (let scope = this.within?.parent; scope; scope = scope.parent) if (scope.locals.has(name)) return;
    throw errorAt(this.source, at, 'SYNTAX', `No function around binds '${name}'.`);
  }

  private rebinding(at: Span, name: string): void {
    if (!this.scope.imports.has(name) || this.isLocal(name)) return;
    throw this.unsupported(at, `An assignment to ${name}, which is imported,`, 'use another name');
  }

  private importing({ module, attribute, from, to }: { module: string; attribute: string | undefined } & Span): void {
    const at = { from, to };
    const [root = module] = module.split('.');
    if (attribute === '*')
      throw this.unsupported(at, `from ${module} import *`, `import ${module}, or import the names one by one`);
    const refused = REFUSED_MODULES[root];
    if (Object.hasOwn(MODULES, module) || Object.hasOwn(MODULES, root)) {
      if (attribute === undefined || MODULES[root] === 'ignored' || module === 'numpy.typing') {
        if (root === 'numba' && attribute !== undefined && !['njit', 'jit', 'prange'].includes(attribute)) {
          throw this.unsupported(at, `numba.${attribute}`, 'njit, jit and prange are accepted');
        }
        return;
      }
      const path = [...module.split('.').slice(1), attribute].join('.');
      this.member(at, { module: root, path });
      return;
    }
    throw this.unsupported(at, `The module ${module}`, refused ?? 'numpy, math, time and sys can be imported');
  }

  private expression(expression: Expression): void {
    switch (expression.kind) {
      case 'name':
        this.name(expression, expression.name);
        return;
      case 'attribute': {
        const imported = this.imported(expression);
        if (imported) {
          this.member(expression, imported);
          return;
        }
        this.attribute(expression);
        break;
      }
      case 'call':
        this.call(expression);
        return;
      case 'comprehension':
        for (const { target } of expression.clauses) this.target(target);
        this.closures(expression);
        break;
      case 'subscript':
        this.places(expression);
        break;
      default:
        break;
    }
    for (const child of childrenOf(expression)) this.expression(child);
    if (expression.kind === 'lambda') this.body(expression.fn);
  }

  /** Functions made in a comprehension would see its names when those are gone. */
  private closures(expression: Extract<Expression, { kind: 'comprehension' }>): void {
    const names = expression.clauses.flatMap(({ target }) => namesIn(target));
    const look = (within: Expression): void => {
      if (within.kind === 'lambda') {
        const [body] = within.fn.body;
        const own = within.fn.parameters.map(({ name }) => name);
        const seen = names.find(
          (name) => !own.includes(name) && body?.kind === 'return' && body.value && mentions(body.value, name),
        );
        if (seen !== undefined)
          throw this.unsupported(
            within,
            `A lambda that reads ${seen} of the comprehension around it`,
            `give it the value: lambda ..., ${seen}=${seen}: ...`,
          );
      }
      for (const child of childrenOf(within)) look(child);
    };
    look(expression.element);
  }

  private places({ a, items }: SubscriptNode): void {
    const imported = this.imported(a);
    const dots = items.find(({ kind }) => kind === 'ellipsis');
    if (dots && imported?.module === 'numpy' && INDEX_OBJECTS.includes(imported.path))
      throw this.unsupported(dots, `... in np.${imported.path}`, 'write the slices one by one');
  }

  private imported(node: Expression): Imported | undefined {
    if (node.kind === 'name') {
      if (this.isLocal(node.name) || this.scope.globals.has(node.name)) return undefined;
      return this.scope.imports.get(node.name);
    }
    if (node.kind !== 'attribute') return undefined;
    const base = this.imported(node.a);
    return base && { module: base.module, path: base.path === '' ? node.name : `${base.path}.${node.name}` };
  }

  private name(at: Span, name: string): void {
    if (this.isLocal(name) || this.scope.globals.has(name) || name === '__name__') return;
    const imported = this.scope.imports.get(name);
    if (imported) {
      if (imported.path === '')
        throw this.unsupported(at, `The module ${name} as a value`, 'write the function: np.zeros');
      this.member(at, imported);
      return;
    }
    if (Object.hasOwn(BUILTINS, name) || name === 'abs') return;
    const hint = Object.hasOwn(REFUSED_BUILTINS, name) ? REFUSED_BUILTINS[name] : undefined;
    if (hint !== undefined) throw this.unsupported(at, `${name}`, hint);
    const known = [
      ...(this.within?.locals.keys() ?? []),
      ...this.scope.globals.keys(),
      ...this.scope.imports.keys(),
      ...Object.keys(BUILTINS),
      'abs',
    ];
    throw errorAt(this.source, at, 'UNKNOWN_NAME', `'${name}' is not known here.`, {
      expected: 'a name that the program binds, or a function of Python that is translated',
      hint:
        didYouMean(name, known) ??
        (NUMPY_NAMES.includes(name) ? `np.${name}, or from numpy import ${name}` : undefined),
    });
  }

  private member(at: Span, { module, path }: Imported): void {
    switch (module) {
      case 'numpy': {
        if (NUMPY_NAMES.includes(path) || isTextFunction(path)) return;
        const hint = Object.hasOwn(REFUSED_NUMPY, path) ? REFUSED_NUMPY[path] : undefined;
        const part = /^(random|fft|linalg)\./.exec(path)?.[1];
        throw this.unsupported(
          at,
          `np.${path}`,
          hint ??
            didYouMean(path, NUMPY_NAMES) ??
            (part
              ? REFUSED_NUMPY[`${part}.${part === 'random' ? 'rand' : part === 'fft' ? 'fft' : 'solve'}`]
              : undefined),
        );
      }
      case 'math':
        if (MATH_NAMES.includes(path) || Object.hasOwn(MATH_CONSTANTS, path)) return;
        throw this.unsupported(at, `math.${path}`, didYouMean(path, MATH_NAMES));
      case 'time':
        if (Object.hasOwn(TIME_FUNCTIONS, path)) return;
        throw this.unsupported(at, `time.${path}`, 'time.perf_counter()');
      case 'sys':
        if (path === 'argv' || Object.hasOwn(SYS_FUNCTIONS, path)) return;
        throw this.unsupported(at, `sys.${path}`, 'sys.argv and sys.exit are there');
      default:
        if (module === 'numba' && ['njit', 'jit', 'prange'].includes(path)) return;
        throw this.unsupported(at, `${module}.${path}`, 'leave it out');
    }
  }

  private attribute({ name, nameSpan }: Extract<Expression, { kind: 'attribute' }>): void {
    if (ATTRIBUTES.includes(name) || ARRAY_METHODS.includes(name) || this.scope.members.has(name)) return;
    const hint = Object.hasOwn(REFUSED_ATTRIBUTES, name) ? REFUSED_ATTRIBUTES[name] : undefined;
    throw this.unsupported(nameSpan, `.${name}`, hint ?? didYouMean(name, [...ATTRIBUTES, ...ARRAY_METHODS]));
  }

  private call(node: CallNode): void {
    const { callee } = node;
    const imported = this.imported(callee);
    const opened = [...node.args, ...node.keywords].find((arg) => ('kind' in arg ? arg.kind === 'starred' : !arg.name));
    const name = opened && takesOperands(callee, imported);
    if (name !== undefined)
      throw this.unsupported(opened ?? node, `'*' among the arguments of ${name}`, 'write the values one by one');
    if (callee.kind === 'attribute' && !imported) {
      this.attribute(callee);
      this.expression(callee.a);
    } else this.expression(callee);
    this.arguments(node, imported);
    for (const arg of node.args) this.expression(arg);
    for (const { value } of node.keywords) this.expression(value);
  }

  /** What can be told of a call before it runs. */
  private arguments(node: CallNode, imported: Imported | undefined): void {
    const { callee } = node;
    const method =
      !imported &&
      callee.kind === 'attribute' &&
      KNOWN_METHODS.includes(callee.name) &&
      !this.scope.members.has(callee.name)
        ? callee.name
        : undefined;
    if (method === undefined && imported?.module !== 'numpy') return;
    const path = method ?? imported?.path ?? '';
    const name = path.replace(/^linalg\./, '');
    const given = method === undefined ? 0 : 1;
    // Functions that are no formulas say what they take when they run; some of their words are known here, too.
    const refusal = refusedArgument(given ? `.${path}` : `np.${path}`, name, given, node);
    if (refusal) throw this.unsupported(refusal.at, refusal.what, refusal.hint);
  }

  private unsupported({ from, to }: Span, what: string, hint: string | undefined): Error {
    const end = this.source.text.indexOf('\n', from);
    const span = { from, to: Math.min(to, end < 0 ? to : end) };
    const message = `${what.charAt(0).toUpperCase()}${what.slice(1)} is not translated.`;
    return errorAt(
      this.source,
      span,
      'UNSUPPORTED_PYTHON',
      /^(np|math|time|sys|numba|from|\.)/.test(what) ? `${what} is not translated.` : message,
      { hint },
    );
  }
}
