/** The text of a program in, its statements out; what is not translated is refused before anything runs. */
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import { closeFloats } from '../parse.js';
import type { Source } from '../source.js';
import { splitAtCommas } from '../tree.js';
import { EXCEPTIONS } from './exceptions.js';
import { ExpressionReader } from './read-expressions.js';
import { spelledOut } from './star-imports.js';
import type { ClassNode, Handler, Import, Statement, Target } from './syntax.js';

/** Throws SYNTAX or UNSUPPORTED_PYTHON with file, line and column. */
export function readProgram(source: Source): Statement[] {
  return new StatementReader(source).block(parser.parse(closeFloats(source.text)).topNode);
}

/** Decorators that change nothing here, by the last part of their name. */
const DECORATORS = new Set(['njit', 'jit', 'profile', 'no_type_check']);

class StatementReader extends ExpressionReader {
  private depth = 0;
  /** Within so many except clauses. */
  private handling = 0;

  /** The statements of a script or body. */
  block(node: SyntaxNode): Statement[] {
    return this.children(node).flatMap((child) => this.statements(child));
  }

  private statements(node: SyntaxNode): Statement[] {
    const span = this.span(node);
    switch (node.name) {
      case ':':
      case ';':
        return [];
      case 'StatementGroup':
        return this.block(node);
      case 'ExpressionStatement': {
        const value = this.row(this.children(node), node);
        return value.kind === 'str' ? [] : [{ kind: 'expression', value, ...span }]; // a docstring
      }
      case 'AssignStatement':
        return this.assignment(node);
      case 'UpdateStatement': {
        const [target, op, ...row] = this.children(node);
        if (!target || !op) throw this.refuse(node);
        const to = this.target(target);
        if (to.kind !== 'name' && to.kind !== 'subscript' && to.kind !== 'attribute')
          throw this.syntax(target, 'A tuple cannot be updated.');
        const operator = this.arithmeticOp(op, this.text(op).slice(0, -1));
        return [{ kind: 'update', op: operator, target: to, value: this.row(row, node), ...span }];
      }
      case 'FunctionDefinition':
        return [this.definition(node)];
      case 'DecoratedStatement':
        return this.decorated(node);
      case 'ReturnStatement': {
        if (this.depth === 0) throw this.syntax(node, 'return outside of a function.');
        const row = this.children(node).slice(1);
        return [{ kind: 'return', value: row.length > 0 ? this.row(row, node) : undefined, ...span }];
      }
      case 'IfStatement':
        return [this.conditional(node)];
      case 'WhileStatement': {
        const [, test, body, , otherwise] = this.children(node);
        if (!test || !body) throw this.refuse(node);
        return [
          {
            kind: 'while',
            test: this.expression(test),
            body: this.block(body),
            otherwise: otherwise ? this.block(otherwise) : [],
            ...span,
          },
        ];
      }
      case 'ForStatement':
        return [this.loop(node)];
      case 'BreakStatement':
        return [{ kind: 'break', ...span }];
      case 'ContinueStatement':
        return [{ kind: 'continue', ...span }];
      case 'PassStatement':
        return [{ kind: 'pass', ...span }];
      case 'AssertStatement': {
        const [, test, , message] = this.children(node);
        if (!test) throw this.refuse(node);
        return [{ kind: 'assert', test: this.expression(test), message: message && this.expression(message), ...span }];
      }
      case 'RaiseStatement':
        return [this.raise(node)];
      case 'ScopeStatement': {
        const [word, ...rest] = this.children(node);
        const names = rest.filter((n) => n.name !== ',').map((n) => this.text(n));
        const kind = word?.name === 'nonlocal' ? 'nonlocal' : 'global';
        if (kind === 'nonlocal' && this.depth < 2) throw this.syntax(node, 'nonlocal outside of an inner function.');
        return [{ kind, names, ...span }];
      }
      case 'DeleteStatement': {
        const targets = this.children(node)
          .slice(1)
          .filter((child) => child.name !== ',');
        return [{ kind: 'delete', targets: targets.map((target) => this.target(target)), ...span }];
      }
      case 'ClassDefinition':
        return [this.classOf(node)];
      case 'TryStatement':
        return [this.attempt(node)];
      case 'WithStatement':
        return this.within(node);
      case 'ImportStatement':
        return [{ kind: 'import', imports: spelledOut(this.imports(node)), ...span }];
      default:
        throw this.refuse(node);
    }
  }

  private assignment(node: SyntaxNode): Statement[] {
    const groups: SyntaxNode[][] = [[]];
    for (const child of this.children(node)) {
      if (child.name === 'AssignOp') groups.push([]);
      else if (child.name !== 'TypeDef') groups.at(-1)?.push(child);
    }
    const value = groups.pop();
    if (!value || groups.length === 0) return []; // x: float, which binds nothing
    const targets = groups.map((row): Target => this.targets(row, node));
    return [{ kind: 'assign', targets, value: this.row(value, node), ...this.span(node) }];
  }

  private definition(node: SyntaxNode): Extract<Statement, { kind: 'function' }> {
    const row = this.children(node);
    if (row[0]?.name === 'async')
      throw this.refuse(node, 'async def', 'def: values are waited for where they are needed');
    const find = (name: string): SyntaxNode | undefined => row.find((child) => child.name === name);
    const [name, list, body] = [find('VariableName'), find('ParamList'), find('Body')];
    if (!name || !list || !body) throw this.refuse(node);
    this.depth++;
    const statements = this.block(body);
    this.depth--;
    return {
      kind: 'function',
      name: this.text(name),
      parameters: this.parameters(this.children(list).slice(1, -1), list),
      body: statements,
      ...this.span(node),
    };
  }

  /** with np.errstate(...): what it is about does not happen here; its body runs. */
  private within(node: SyntaxNode): Statement[] {
    const row = this.children(node);
    const body = row.at(-1);
    if (row[0]?.name !== 'with' || body?.name !== 'Body') throw this.refuse(node);
    const managers = splitAtCommas(row.slice(1, -1)).map((group): Statement => {
      const [manager] = group;
      const value = manager && group.length === 1 ? this.expression(manager) : undefined;
      const callee = value?.kind === 'call' ? value.callee : undefined;
      const name = callee?.kind === 'attribute' || callee?.kind === 'name' ? callee.name : '';
      if (!value || name !== 'errstate') throw this.refuse(node);
      return { kind: 'expression', value, ...this.span(node) };
    });
    return [...managers, ...this.block(body)];
  }

  private decorated(node: SyntaxNode): Statement[] {
    const row = this.children(node);
    for (const decorator of row.slice(0, -1)) {
      const names = this.children(decorator).filter((child) => ['VariableName', 'PropertyName'].includes(child.name));
      const name = this.text(names.at(-1) ?? decorator);
      if (!DECORATORS.has(name)) {
        throw this.refuse(decorator, `The decorator @${name}`, 'decorators of numba are ignored; leave others out');
      }
    }
    const last = row.at(-1);
    return last ? this.statements(last) : [];
  }

  private conditional(node: SyntaxNode): Statement {
    const branches: { test: ReturnType<ExpressionReader['expression']>; body: Statement[] }[] = [];
    let otherwise: Statement[] = [];
    const row = this.children(node);
    for (let i = 0; i < row.length; ) {
      const word = row[i]?.name;
      if (word === 'else') {
        const body = row[i + 1];
        otherwise = body ? this.block(body) : [];
        i += 2;
      } else {
        const [test, body] = [row[i + 1], row[i + 2]];
        if (!test || body?.name !== 'Body') throw this.refuse(node);
        branches.push({ test: this.expression(test), body: this.block(body) });
        i += 3;
      }
    }
    return { kind: 'if', branches, otherwise, ...this.span(node) };
  }

  private loop(node: SyntaxNode): Statement {
    const row = this.children(node);
    if (row[0]?.name === 'async') throw this.refuse(node, 'async for');
    const within = row.findIndex((child) => child.name === 'in');
    const start = row.findIndex((child) => child.name === 'Body');
    const [body, , otherwise] = row.slice(start);
    if (within < 0 || !body) throw this.refuse(node);
    return {
      kind: 'for',
      target: this.targets(row.slice(1, within), node),
      over: this.row(row.slice(within + 1, start), node),
      body: this.block(body),
      otherwise: otherwise ? this.block(otherwise) : [],
      ...this.span(node),
    };
  }

  private classOf(node: SyntaxNode): ClassNode {
    const row = this.children(node);
    const find = (name: string): SyntaxNode | undefined => row.find((child) => child.name === name);
    const [name, list, body] = [find('VariableName'), find('ArgList'), find('Body')];
    if (!name || !body) throw this.refuse(node);
    const bases = list ? this.children(list).slice(1, -1) : [];
    const [first, more] = bases;
    const base = first && this.expression(first);
    if (more || (base && base.kind !== 'name')) throw this.refuse(list ?? node, 'A class of several bases', 'one base');
    const methods: ClassNode['methods'][number][] = [];
    const attributes: ClassNode['attributes'][number][] = [];
    for (const statement of this.block(body)) {
      if (statement.kind === 'function') {
        if (/^__.*__$/.test(statement.name) && !['__init__', '__call__'].includes(statement.name))
          throw this.refuse(body, `A class with ${statement.name}`, 'a method with a name of its own');
        methods.push(statement);
      } else if (statement.kind === 'assign' && statement.targets.every(({ kind }) => kind === 'name')) {
        for (const target of statement.targets)
          if (target.kind === 'name') attributes.push({ name: target.name, value: statement.value });
      } else if (statement.kind !== 'pass') {
        throw this.refuse(
          body,
          'A class with other than methods and name = value',
          'do it after the class, or in __init__',
        );
      }
    }
    const object = base?.kind === 'name' && base.name === 'object';
    return {
      kind: 'class',
      name: this.text(name),
      base: base?.kind === 'name' && !object ? base : undefined,
      methods,
      attributes,
      ...this.span(node),
    };
  }

  private attempt(node: SyntaxNode): Statement {
    const row = this.children(node);
    const part = (word: string): Statement[] => {
      const at = row.findIndex(({ name }) => name === word);
      const body = at < 0 ? undefined : row[at + 1];
      return body ? this.block(body) : [];
    };
    const body = part('try');
    const handlers: Handler[] = [];
    row.forEach(({ name }, at) => {
      if (name !== 'except') return;
      const end = row.findIndex((child, k) => k > at && child.name === 'Body');
      const [type, as, bound] = row.slice(at + 1, end);
      const within = row[end];
      if (!within || type?.name === '*') throw this.refuse(node);
      this.handling++;
      handlers.push({
        types: type && this.exceptions(type),
        name: as && bound && this.text(bound),
        body: this.block(within),
      });
      this.handling--;
    });
    return { kind: 'try', body, handlers, otherwise: part('else'), last: part('finally'), ...this.span(node) };
  }

  /** The types after except. */
  private exceptions(node: SyntaxNode): string[] {
    const value = this.expression(node);
    const all = value.kind === 'tuple' ? value.items : [value];
    return all.map((one) => {
      const name = this.source.text.slice(one.from, one.to);
      if (one.kind === 'name' && EXCEPTIONS.includes(name)) return name;
      throw this.refuse(node, `except ${name}`, `${EXCEPTIONS.slice(0, 8).join(', ')}, ... can be caught`);
    });
  }

  private raise(node: SyntaxNode): Statement {
    const [, error, extra] = this.children(node);
    if (!error && this.handling > 0) return { kind: 'raise', error: undefined, message: undefined, ...this.span(node) };
    if (!error || extra) throw this.refuse(node, 'This raise', "raise ValueError('what is wrong')");
    const value = this.expression(error);
    const name = value.kind === 'call' ? value.callee : value;
    const args = value.kind === 'call' ? value.args : [];
    if (name.kind !== 'name' || !/^[A-Z]\w*$/.test(name.name) || args.length > 1) {
      throw this.refuse(node, 'This raise', "raise ValueError('what is wrong')");
    }
    return { kind: 'raise', error: name.name, message: args[0], ...this.span(node) };
  }

  private imports(node: SyntaxNode): Import[] {
    const row = this.children(node).filter((child) => child.name !== '(' && child.name !== ')');
    const dotted = (group: readonly SyntaxNode[]): string => group.map((child) => this.text(child)).join('');
    const aliased = (group: readonly SyntaxNode[]): { name: string; alias: string | undefined } => {
      const as = group.findIndex((child) => child.name === 'as');
      const alias = as < 0 ? undefined : group[as + 1];
      return { name: dotted(as < 0 ? group : group.slice(0, as)), alias: alias && this.text(alias) };
    };
    const spanOf = (group: readonly SyntaxNode[]) => ({
      from: group[0]?.from ?? node.from,
      to: group.at(-1)?.to ?? node.to,
    });
    if (row[0]?.name === 'import') {
      return splitAtCommas(row.slice(1)).map((group) => {
        const { name, alias } = aliased(group);
        // `import a.b` binds a.
        const module = alias === undefined ? (name.split('.')[0] ?? name) : name;
        return { module, attribute: undefined, name: alias ?? module, ...spanOf(group) };
      });
    }
    const at = row.findIndex((child) => child.name === 'import');
    const module = dotted(row.slice(1, at));
    return splitAtCommas(row.slice(at + 1)).map((group) => {
      const { name, alias } = aliased(group);
      return { module, attribute: name, name: alias ?? name, ...spanOf(group) };
    });
  }
}
