/** Statements in; which names each function and the module bind, and what imports name, out. */
import type { Expression, FunctionNode, Import, Statement, Target } from './syntax.js';

export interface FunctionScope {
  readonly node: FunctionNode;
  /** Slots by name; the parameters come first, in order. */
  readonly locals: ReadonlyMap<string, number>;
}

/** What an imported name means: a module (path '') or one of its functions. */
export interface Imported {
  readonly module: string;
  readonly path: string;
}

export interface ModuleScope {
  /** Slots of the module's own names. */
  readonly globals: ReadonlyMap<string, number>;
  readonly functions: ReadonlyMap<string, FunctionNode>;
  readonly scopes: ReadonlyMap<FunctionNode, FunctionScope>;
  readonly imports: ReadonlyMap<string, Imported>;
  /** Names bound by exactly one def and nothing else: a call of such a name needs no look-up. */
  readonly constant: ReadonlySet<string>;
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
  eachStatement(statements, false, (statement) => {
    if (statement.kind !== 'function') return;
    const locals = new Map<string, number>();
    const declared = new Set<string>();
    eachStatement(statement.body, false, (inner) => {
      if (inner.kind === 'global') for (const name of inner.names) declared.add(name);
    });
    for (const name of declared) bind(name);
    const add = (name: string): void => {
      if (!locals.has(name) && !declared.has(name)) locals.set(name, locals.size);
    };
    for (const { name } of statement.parameters) add(name);
    eachBinding(statement.body, add, () => undefined);
    scopes.set(statement, { node: statement, locals });
  });
  const constant = new Set([...functions.keys()].filter((name) => binds.get(name) === 1));
  const globals = new Map([...binds.keys()].map((name, slot) => [name, slot]));
  return { globals, functions, scopes, imports, constant };
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
      if (statement.kind !== 'function' || functions) eachStatement(body, functions, visit);
    }
  }
}

function bodies(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case 'function':
      return [statement.body];
    case 'if':
      return [...statement.branches.map(({ body }) => body), statement.otherwise];
    case 'for':
    case 'while':
      return [statement.body, statement.otherwise];
    default:
      return [];
  }
}

/** Calls `bind` for every name that the statements bind, `define` for functions. */
function eachBinding(
  statements: readonly Statement[],
  bind: (name: string) => void,
  define: (node: FunctionNode) => void,
): void {
  const target = (to: Target): void => {
    if (to.kind === 'name') bind(to.name);
    else if (to.kind !== 'subscript') to.items.forEach(target);
  };
  eachStatement(statements, false, (statement) => {
    if (statement.kind === 'assign') statement.targets.forEach(target);
    if (statement.kind === 'update' || statement.kind === 'for') target(statement.target);
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
    to.kind === 'subscript' ? [to] : to.kind === 'name' ? [] : to.items.flatMap(ofTarget);
  const given = (...all: (Expression | undefined)[]): readonly Expression[] =>
    all.flatMap((expression) => (expression ? [expression] : []));
  switch (statement.kind) {
    case 'expression':
      return [statement.value];
    case 'assign':
      return [...statement.targets.flatMap(ofTarget), statement.value];
    case 'update':
      return [...ofTarget(statement.target), statement.value];
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
    default:
      return [];
  }
}

/** The expressions directly in an expression. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'tuple':
    case 'list':
      return expression.items;
    case 'unary':
    case 'not':
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
