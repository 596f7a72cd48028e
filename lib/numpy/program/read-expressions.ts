/** The parser's expressions in, ours out; what is not translated is refused by name, line and column. */
import type { SyntaxNode } from '@lezer/common';
import { ARITHMETIC_OPS, type ArithmeticOp } from '../ast.js';
import type { Source } from '../source.js';
import { splitAtCommas } from '../tree.js';
import { LiteralReader } from './read-literals.js';
import { REFUSED_NODES } from './refused.js';
import {
  type Clause,
  COMPARE_OPS,
  type CompareOp,
  type DictEntry,
  type Expression,
  type KeywordArgument,
  type Parameter,
  type Subscript,
  type SubscriptNode,
  type Target,
} from './syntax.js';

export class ExpressionReader extends LiteralReader {
  constructor(source: Source) {
    super(source, REFUSED_NODES);
  }

  expression(node: SyntaxNode): Expression {
    const span = this.span(node);
    switch (node.name) {
      case 'Number':
        return this.number(node);
      case 'String':
        return { kind: 'str', value: this.string(node), ...span };
      case 'FormatString':
      case 'ContinuedString':
        return this.format(node);
      case 'Boolean':
        return { kind: 'bool', value: this.text(node) === 'True', ...span };
      case 'None':
        return { kind: 'none', ...span };
      case 'VariableName':
        return { kind: 'name', name: this.text(node), ...span };
      case 'ParenthesizedExpression':
        return { ...this.expression(this.only(node, ['(', ')'])), ...span };
      case 'TupleExpression':
        return { kind: 'tuple', items: this.items(node), ...span };
      case 'ArrayExpression':
        return { kind: 'list', items: this.items(node), ...span };
      case 'ArrayComprehensionExpression':
      case 'ComprehensionExpression':
        return this.comprehension(node, this.children(node).slice(1, -1));
      case 'DictionaryExpression':
        return { kind: 'dict', entries: this.groups(node).map((group) => this.entry(group, node)), ...span };
      case 'DictionaryComprehensionExpression':
        return this.dictComprehension(node);
      case 'LambdaExpression':
        return this.lambda(node);
      case 'UnaryExpression':
        return this.unary(node);
      case 'BinaryExpression':
        return this.binary(node);
      case 'ConditionalExpression': {
        const [a, , test, , b] = this.children(node);
        if (!a || !test || !b) throw this.refuse(node);
        return {
          kind: 'choice',
          test: this.expression(test),
          a: this.expression(a),
          b: this.expression(b),
          ...span,
        };
      }
      case 'MemberExpression':
        return this.member(node);
      case 'CallExpression':
        return this.call(node);
      default:
        throw this.refuse(node);
    }
  }

  /** Several expressions in a row with commas are a tuple. */
  override row(row: readonly SyntaxNode[], at: SyntaxNode): Expression {
    const [first] = row;
    if (!first) throw this.syntax(at);
    if (row.length === 1) return this.expression(first);
    const items = splitAtCommas(row).map((group) => this.oneValue(group, at));
    return { kind: 'tuple', items, from: first.from, to: row.at(-1)?.to ?? first.to };
  }

  target(node: SyntaxNode): Target {
    const span = this.span(node);
    switch (node.name) {
      case 'VariableName':
        return { kind: 'name', name: this.text(node), ...span };
      case 'ParenthesizedExpression':
        return this.target(this.only(node, ['(', ')']));
      case 'TupleExpression':
      case 'ArrayExpression':
        return {
          kind: 'tuple',
          items: this.groups(node).map((group) => this.oneTarget(group, node)),
          ...span,
        };
      case 'MemberExpression': {
        const member = this.member(node);
        if (member.kind === 'subscript' || member.kind === 'attribute') return member;
        throw this.refuse(node);
      }
      default:
        throw this.refuse(node);
    }
  }

  /** Targets in a row with commas are unpacked into. */
  targets(row: readonly SyntaxNode[], at: SyntaxNode): Target {
    const [first] = row;
    if (!first) throw this.syntax(at);
    if (row.length === 1) return this.target(first);
    const items = splitAtCommas(row).map((group) => this.oneTarget(group, at));
    if (items.filter(({ kind }) => kind === 'starred').length > 1)
      throw this.syntax(at, 'Two starred names in one assignment.');
    return { kind: 'tuple', items, from: first.from, to: row.at(-1)?.to ?? first.to };
  }

  /** One of several targets: it may be starred. */
  private oneTarget(group: readonly SyntaxNode[], at: SyntaxNode): Target {
    const [star, name] = group;
    if (star?.name !== '*' || !name) return this.target(this.single(group, at));
    return { kind: 'starred', a: this.target(name), from: star.from, to: name.to };
  }

  /** One of several values: it may be starred. */
  private oneValue(group: readonly SyntaxNode[], at: SyntaxNode): Expression {
    const [star, value, more] = group;
    if (star?.name !== '*' || !value || more) return this.expression(this.single(group, at));
    return { kind: 'starred', a: this.expression(value), from: star.from, to: value.to };
  }

  private entry(group: readonly SyntaxNode[], node: SyntaxNode): DictEntry {
    const [key, mark, value, more] = group;
    if (key?.name === '**' && mark && !value) return { key: undefined, value: this.expression(mark) };
    if (!key || mark?.name !== ':' || !value || more) throw this.refuse(node);
    return { key: this.expression(key), value: this.expression(value) };
  }

  private dictComprehension(node: SyntaxNode): Expression {
    const [key, mark, value, ...rest] = this.children(node).slice(1, -1);
    if (!key || mark?.name !== ':' || !value) throw this.refuse(node);
    const made = this.comprehension(node, [value, ...rest]);
    if (made.kind !== 'comprehension') throw this.refuse(node);
    const items = [this.expression(key), made.element];
    return { ...made, gives: 'dict', element: { kind: 'tuple', items, from: key.from, to: value.to } };
  }

  private lambda(node: SyntaxNode): Expression {
    const row = this.children(node);
    const [list, body] = [row.find(({ name }) => name === 'ParamList'), row.at(-1)];
    if (!list || !body || body === list) throw this.refuse(node);
    const value = this.expression(body);
    const span = this.span(node);
    return {
      kind: 'lambda',
      fn: {
        kind: 'function',
        name: '<lambda>',
        parameters: this.parameters(this.children(list), list),
        body: [{ kind: 'return', value, ...this.span(body) }],
        ...span,
      },
      ...span,
    };
  }

  protected parameters(row: readonly SyntaxNode[], list: SyntaxNode): Parameter[] {
    const parameters: Parameter[] = [];
    let keywordOnly = false;
    for (const group of splitAtCommas(row)) {
      const [first, ...others] = group.filter((child) => child.name !== 'TypeDef');
      if (!first) throw this.syntax(list);
      if (first.name === '/') continue;
      if (first.name === '*' && others.length === 0) {
        keywordOnly = true;
        continue;
      }
      const star = first.name === '*' || first.name === '**' ? first.name : undefined;
      const [name, ...after] = star ? others : [first, ...others];
      if (name?.name !== 'VariableName') throw this.refuse(name ?? list);
      const value = after[0]?.name === 'AssignOp' ? after[1] : undefined;
      const known = parameters.find((other) => other.name === this.text(name));
      if (known) throw this.syntax(name, `The parameter ${known.name} is there twice.`);
      parameters.push({
        name: this.text(name),
        default: value && this.expression(value),
        rest: star,
        keywordOnly: keywordOnly || star !== undefined,
        ...this.span(name),
      });
      if (star === '*') keywordOnly = true;
    }
    return parameters;
  }

  /** The one node of a group. */
  single(group: readonly SyntaxNode[], at: SyntaxNode): SyntaxNode {
    const [one, two] = group;
    if (!one) throw this.syntax(at);
    if (one.name === '*' || one.name === '**')
      throw this.refuse(one, `'${one.name}' before a value`, 'write the values one by one');
    if (two) throw this.refuse(two);
    return one;
  }

  private only(node: SyntaxNode, around: readonly string[]): SyntaxNode {
    return this.single(
      this.children(node).filter((child) => !around.includes(child.name)),
      node,
    );
  }

  private groups(node: SyntaxNode): SyntaxNode[][] {
    return splitAtCommas(this.children(node).slice(1, -1));
  }

  private items(node: SyntaxNode): Expression[] {
    return this.groups(node).map((group) => this.oneValue(group, node));
  }

  private comprehension(node: SyntaxNode, row: readonly SyntaxNode[]): Expression {
    const [element, ...rest] = row;
    if (!element) throw this.refuse(node);
    // Each `for` begins a clause, each `if` a test of the clause before it.
    const clauses: Clause[] = [];
    for (let i = 0; i < rest.length; ) {
      const end = (from: number): number => {
        const next = rest.findIndex((child, k) => k > from && (child.name === 'for' || child.name === 'if'));
        return next < 0 ? rest.length : next;
      };
      const part = rest.slice(i + 1, end(i));
      if (rest[i]?.name === 'for') {
        const within = part.findIndex((child) => child.name === 'in');
        if (within < 0) throw this.refuse(node);
        const over = this.row(part.slice(within + 1), node);
        clauses.push({ target: this.targets(part.slice(0, within), node), over, tests: [] });
      } else {
        const last = clauses.pop();
        if (!last) throw this.refuse(node);
        clauses.push({ ...last, tests: [...last.tests, this.row(part, node)] });
      }
      i = end(i);
    }
    return { kind: 'comprehension', gives: 'list', element: this.expression(element), clauses, ...this.span(node) };
  }

  private unary(node: SyntaxNode): Expression {
    const [op, a, extra] = this.children(node);
    if (!op || !a || extra) throw this.refuse(node);
    const sign = this.text(op);
    const value = this.expression(a);
    if (sign === 'not') return { kind: 'not', a: value, ...this.span(node) };
    if (sign !== '-' && sign !== '+' && sign !== '~') throw this.refuse(op);
    return { kind: 'unary', op: sign, a: value, ...this.span(node) };
  }

  private binary(node: SyntaxNode): Expression {
    const row = this.children(node);
    const [a, b] = [row[0], row.at(-1)];
    if (!a || !b || row.length < 3) throw this.refuse(node);
    const op = row
      .slice(1, -1)
      .map((child) => this.text(child))
      .join(' ');
    const span = this.span(node);
    if (op === 'and' || op === 'or') return { kind: op, a: this.expression(a), b: this.expression(b), ...span };
    if (isCompare(op)) {
      const left = this.expression(a);
      const right = this.expression(b);
      // a < b < c comes as (a < b) < c; with parentheses written it is another node.
      if (left.kind === 'compare' && a.name === 'BinaryExpression') {
        return { kind: 'compare', operands: [...left.operands, right], ops: [...left.ops, op], ...span };
      }
      return { kind: 'compare', operands: [left, right], ops: [op], ...span };
    }
    if (!isArithmetic(op)) throw this.refuse(node, `The operator ${op}`);
    return { kind: 'binary', op, a: this.expression(a), b: this.expression(b), ...span };
  }

  arithmeticOp(node: SyntaxNode, text: string): ArithmeticOp {
    if (isArithmetic(text)) return text;
    throw this.refuse(node, `The operator ${text}`);
  }

  private member(node: SyntaxNode): Expression {
    const [a, open, ...rest] = this.children(node);
    if (!a || !open) throw this.refuse(node);
    const span = this.span(node);
    if (open.name === '.') {
      const property = rest[0] ?? node;
      return {
        kind: 'attribute',
        a: this.expression(a),
        name: this.text(property),
        nameSpan: this.span(property),
        ...span,
      };
    }
    return this.subscript(node, a, rest.slice(0, -1));
  }

  /** Lezer gives a whole subscript as one row: numbers, colons, commas. */
  private subscript(node: SyntaxNode, a: SyntaxNode, row: readonly SyntaxNode[]): SubscriptNode {
    const [only] = row;
    if (row.length === 1 && only?.name === 'TupleExpression') {
      return { ...this.subscript(node, a, this.children(only).slice(1, -1)), tuple: true };
    }
    const items = splitAtCommas(row).map((group): Subscript => this.item(group, node));
    const tuple = row.some((child) => child.name === ',');
    return { kind: 'subscript', a: this.expression(a), items, tuple, ...this.span(node) };
  }

  private item(group: readonly SyntaxNode[], node: SyntaxNode): Subscript {
    const [first] = group;
    if (!first) throw this.syntax(node, 'An entry of the subscript is empty.');
    const span = { from: first.from, to: group.at(-1)?.to ?? first.to };
    if (first.name === 'Ellipsis') return { kind: 'ellipsis', ...span };
    if (!group.some((child) => child.name === ':')) {
      return { kind: 'index', at: this.expression(this.single(group, node)), ...span };
    }
    const parts: (SyntaxNode | undefined)[] = [undefined];
    for (const child of group) {
      if (child.name === ':') parts.push(undefined);
      else if (parts.at(-1)) throw this.refuse(child);
      else parts[parts.length - 1] = child;
    }
    if (parts.length > 3) throw this.syntax(node, 'A slice has more than three parts.');
    const [start, stop, step] = parts.map((part) => (part && part.name !== 'None' ? this.expression(part) : undefined));
    return { kind: 'slice', start, stop, step, ...span };
  }

  private call(node: SyntaxNode): Expression {
    const [callee, list] = this.children(node);
    if (!callee || list?.name !== 'ArgList') throw this.refuse(node);
    const inside = this.children(list).slice(1, -1);
    const args: Expression[] = [];
    const keywords: KeywordArgument[] = [];
    if (inside.some((child) => child.name === 'for')) {
      args.push(this.comprehension(list, inside));
    } else {
      for (const group of splitAtCommas(inside)) {
        const [name, assign, value] = group;
        if (name && assign?.name === 'AssignOp' && value) {
          keywords.push({ name: this.text(name), value: this.expression(value), from: name.from, to: value.to });
        } else if (name?.name === '**' && assign && !value) {
          keywords.push({ name: undefined, value: this.expression(assign), from: name.from, to: assign.to });
        } else {
          const arg = this.oneValue(group, list);
          if (keywords.length > 0) throw this.syntax(arg, 'A positional argument follows a keyword argument.');
          args.push(arg);
        }
      }
    }
    return { kind: 'call', callee: this.expression(callee), args, keywords, ...this.span(node) };
  }
}

function isArithmetic(text: string): text is ArithmeticOp {
  return ARITHMETIC_OPS.some((op) => op === text);
}

function isCompare(text: string): text is CompareOp {
  return COMPARE_OPS.some((op) => op === text);
}
