/** Statements in; which names each function and the module bind, and what imports name, out. */
import type { Expression, FunctionNode, Import, Statement, Target } from './syntax.js';

export interface FunctionScope {
  readonly node: FunctionNode;
  /** Slots by name; the parameters come first, in order. */
  readonly locals: ReadonlyMap<string, number>;
  /** Names that are the module's although a function around may have them. */
  readonly globals: ReadonlySet<string>;
  /** Of the function around it. */
  readonly parent: FunctionScope | undefined;
}

/** What an imported name means: a module (path '') or one of its functions. */
export interface Imported {
  readonly module: string;
  readonly path: string;
}

export interface ModuleScope {
  /** Slots of the module's own names. */
  readonly globals: ReadonlyMap<string, number>;
  /** The module's own functions: the last def of each name. */
  readonly functions: ReadonlyMap<string, FunctionNode>;
  /** Of every function, also of those within others and of lambdas. */
  readonly scopes: ReadonlyMap<FunctionNode, FunctionScope>;
  readonly imports: ReadonlyMap<string, Imported>;
  /** Names bound by exactly one def and nothing else: a call of such a name needs no look-up. */
  readonly constant: ReadonlySet<string>;
  /** Names that functions mention and do not bind themselves. */
  readonly shared: ReadonlySet<string>;
  /** Names that somewhere are given a list, or an array of numbers: as indices they may be places. */
  readonly lists: ReadonlySet<string>;
  /** What objects of the program's classes have: attributes that are given values, methods. */
  readonly members: ReadonlySet<string>;
}

export function scopeOf(statements: readonly Statement[]): ModuleScope {
  const binds = new Map<string, number>();
  const imports = new Map<string, Imported>();
  const functions = new Map<string, FunctionNode>();
  const scopes = new Map<FunctionNode, FunctionScope>();
  const bind = (name: string): void => {
    binds.set(name, (binds.get(name) ?? 0) + 1);
  };
  eachBinding(statements, bind, (node) => {
    bind(node.name);
    functions.set(node.name, node);
  });
  eachStatement(statements, true, (statement) => {
    if (statement.kind === 'import') for (const each of statement.imports) imports.set(each.name, meaning(each));
  });
  const within = (node: FunctionNode, parent: FunctionScope | undefined): void => {
    const locals = new Map<string, number>();
    const globals = new Set<string>();
    const around = new Set<string>();
    eachStatement(node.body, false, (inner) => {
      if (inner.kind === 'global') for (const name of inner.names) globals.add(name);
      if (inner.kind === 'nonlocal') for (const name of inner.names) around.add(name);
    });
    for (const name of globals) bind(name);
    const add = (name: string): void => {
      if (!locals.has(name) && !globals.has(name) && !around.has(name)) locals.set(name, locals.size);
    };
    for (const { name } of node.parameters) add(name);
    eachBinding(node.body, add, ({ name }) => add(name));
    const scope: FunctionScope = { node, locals, globals, parent };
    scopes.set(node, scope);
    eachFunction(node.body, (inner) => within(inner, scope));
  };
  eachFunction(statements, (node) => within(node, undefined));
  // A def in a loop makes a function each time.
  const again = new Set<string>();
  eachStatement(statements, false, (loop) => {
    if (loop.kind !== 'for' && loop.kind !== 'while') return;
    eachStatement(loop.body, false, (inner) => inner.kind === 'function' && again.add(inner.name));
  });
  const constant = new Set([...functions.keys()].filter((name) => binds.get(name) === 1 && !again.has(name)));
  const globals = new Map([...binds.keys()].map((name, slot) => [name, slot]));
  return {
    globals,
    functions,
    scopes,
    imports,
    constant,
    shared: sharedBy(scopes),
    lists: listsIn(statements),
    members: membersIn(statements),
  };
}

function listsIn(statements: readonly Statement[]): ReadonlySet<string> {
  const lists = new Set<string>();
  const isListed = (value: Expression): boolean => {
    if (value.kind === 'list' || value.kind === 'comprehension') return true;
    if (value.kind !== 'call') return false;
    const { callee } = value;
    const name = callee.kind === 'attribute' || callee.kind === 'name' ? callee.name : '';
    return ['array', 'asarray', 'arange', 'list', 'sorted'].includes(name);
  };
  const given = (target: Target, value: Expression): void => {
    if (target.kind === 'name' && isListed(value)) lists.add(target.name);
    if (target.kind !== 'tuple' && target.kind !== 'list') return;
    if (value.kind !== 'tuple' && value.kind !== 'list') return;
    target.items.forEach((item, k) => {
      const one = value.items[k];
      if (one) given(item, one);
    });
  };
  eachStatement(statements, true, (statement) => {
    if (statement.kind === 'assign') for (const target of statement.targets) given(target, statement.value);
  });
  return lists;
}

function membersIn(statements: readonly Statement[]): ReadonlySet<string> {
  const members = new Set<string>();
  let classes = 0;
  const target = (to: Target): void => {
    if (to.kind === 'attribute') members.add(to.name);
    if (to.kind === 'starred') target(to.a);
    if (to.kind === 'tuple' || to.kind === 'list') to.items.forEach(target);
  };
  eachStatement(statements, true, (statement) => {
    if (statement.kind === 'assign') statement.targets.forEach(target);
    if (statement.kind === 'for') target(statement.target);
    if (statement.kind !== 'class') return;
    classes++;
    for (const { name } of [...statement.methods, ...statement.attributes]) members.add(name);
  });
  return classes > 0 ? members : new Set();
}

function sharedBy(scopes: ReadonlyMap<FunctionNode, FunctionScope>): ReadonlySet<string> {
  const shared = new Set<string>();
  for (const [node, { locals }] of scopes) {
    eachStatement(node.body, true, (statement) => {
      if (statement.kind === 'global' || statement.kind === 'nonlocal')
        for (const name of statement.names) shared.add(name);
      for (const expression of expressionsOf(statement)) {
        eachName(expression, (name) => {
          if (!locals.has(name)) shared.add(name);
        });
      }
    });
  }
  return shared;
}

/** Does it read the name? */
export function mentions(expression: Expression, name: string): boolean {
  let found = false;
  eachName(expression, (other) => {
    if (other === name) found = true;
  });
  return found;
}

function eachName(expression: Expression, visit: (name: string) => void): void {
  if (expression.kind === 'name') visit(expression.name);
  for (const child of childrenOf(expression)) eachName(child, visit);
}

function meaning({ module, attribute }: Import): Imported {
  const [root = module, ...rest] = module.split('.');
  return { module: root, path: [...rest, ...(attribute === undefined ? [] : [attribute])].join('.') };
}

/** Every statement, also inside of others; functions' bodies only if `functions`. */
export function eachStatement(
  statements: readonly Statement[],
  functions: boolean,
  visit: (statement: Statement) => void,
): void {
  for (const statement of statements) {
    visit(statement);
    for (const body of bodies(statement)) {
      if ((statement.kind !== 'function' && statement.kind !== 'class') || functions)
        eachStatement(body, functions, visit);
    }
  }
}

function bodies(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case 'function':
      return [statement.body];
    case 'class':
      return statement.methods.map(({ body }) => body);
    case 'if':
      return [...statement.branches.map(({ body }) => body), statement.otherwise];
    case 'for':
    case 'while':
      return [statement.body, statement.otherwise];
    case 'try':
      return [statement.body, ...statement.handlers.map(({ body }) => body), statement.otherwise, statement.last];
    default:
      return [];
  }
}

/** Calls `visit` for the functions and lambdas directly within the statements, not for those within them. */
export function eachFunction(statements: readonly Statement[], visit: (node: FunctionNode) => void): void {
  const lambdas = (expression: Expression): void => {
    if (expression.kind === 'lambda') visit(expression.fn);
    for (const child of childrenOf(expression)) lambdas(child);
  };
  eachStatement(statements, false, (statement) => {
    for (const expression of expressionsOf(statement)) lambdas(expression);
    if (statement.kind === 'function') visit(statement);
    if (statement.kind === 'class') statement.methods.forEach(visit);
  });
}

/** The names that a target binds. */
export function namesIn(target: Target): readonly string[] {
  switch (target.kind) {
    case 'name':
      return [target.name];
    case 'subscript':
    case 'attribute':
      return [];
    case 'starred':
      return namesIn(target.a);
    default:
      return target.items.flatMap(namesIn);
  }
}

/** Calls `bind` for every name that the statements bind, `define` for functions. */
function eachBinding(
  statements: readonly Statement[],
  bind: (name: string) => void,
  define: (node: FunctionNode) => void,
): void {
  const target = (to: Target): void => namesIn(to).forEach(bind);
  eachStatement(statements, false, (statement) => {
    if (statement.kind === 'assign') statement.targets.forEach(target);
    if (statement.kind === 'update' || statement.kind === 'for') target(statement.target);
    if (statement.kind === 'delete') statement.targets.forEach(target);
    if (statement.kind === 'class') bind(statement.name);
    if (statement.kind === 'try') for (const { name } of statement.handlers) if (name !== undefined) bind(name);
    if (statement.kind === 'function') define(statement);
    for (const expression of expressionsOf(statement)) eachComprehension(expression, target);
  });
}

/** The variable of a comprehension is bound where the comprehension stands: one slot more does no harm. */
function eachComprehension(expression: Expression, bind: (target: Target) => void): void {
  if (expression.kind === 'comprehension') for (const { target } of expression.clauses) bind(target);
  for (const child of childrenOf(expression)) eachComprehension(child, bind);
}

/** The expressions directly in a statement. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  const ofTarget = (to: Target): readonly Expression[] =>
    to.kind === 'subscript' || to.kind === 'attribute'
      ? [to]
      : to.kind === 'name'
        ? []
        : to.kind === 'starred'
          ? ofTarget(to.a)
          : to.items.flatMap(ofTarget);
  const given = (...all: (Expression | undefined)[]): readonly Expression[] =>
    all.flatMap((expression) => (expression ? [expression] : []));
  switch (statement.kind) {
    case 'expression':
      return [statement.value];
    case 'assign':
      return [...statement.targets.flatMap(ofTarget), statement.value];
    case 'update':
      return [...ofTarget(statement.target), statement.value];
    case 'class':
      return [
        ...given(statement.base),
        ...statement.attributes.map(({ value }) => value),
        ...statement.methods.flatMap(expressionsOf),
      ];
    case 'function':
      return statement.parameters.flatMap((parameter) => given(parameter.default));
    case 'return':
      return given(statement.value);
    case 'if':
      return statement.branches.map(({ test }) => test);
    case 'while':
      return [statement.test];
    case 'for':
      return [...ofTarget(statement.target), statement.over];
    case 'assert':
      return given(statement.test, statement.message);
    case 'raise':
      return given(statement.message);
    case 'delete':
      return statement.targets.flatMap(ofTarget);
    default:
      return [];
  }
}

/** The expressions directly in an expression; of a lambda those that are evaluated where it stands. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'tuple':
    case 'list':
      return expression.items;
    case 'dict':
      return expression.entries.flatMap(({ key, value }) => (key ? [key, value] : [value]));
    case 'lambda':
      return expression.fn.parameters.flatMap(({ default: value }) => (value ? [value] : []));
    case 'unary':
    case 'not':
    case 'starred':
    case 'attribute':
      return [expression.a];
    case 'binary':
    case 'and':
    case 'or':
      return [expression.a, expression.b];
    case 'compare':
      return expression.operands;
    case 'choice':
      return [expression.test, expression.a, expression.b];
    case 'call':
      return [expression.callee, ...expression.args, ...expression.keywords.map(({ value }) => value)];
    case 'subscript':
      return [
        expression.a,
        ...expression.items.flatMap((item) => {
          if (item.kind === 'index') return [item.at];
          if (item.kind === 'ellipsis') return [];
          return [item.start, item.stop, item.step].flatMap((part) => (part ? [part] : []));
        }),
      ];
    case 'comprehension':
      return [expression.element, ...expression.clauses.flatMap(({ over, tests }) => [over, ...tests])];
    case 'format': {
      const values = (parts: typeof expression.parts): Expression[] =>
        parts.flatMap((part) => (part.kind === 'text' ? [] : [part.value, ...values(part.spec)]));
      return values(expression.parts);
    }
    default:
      return [];
  }
}
