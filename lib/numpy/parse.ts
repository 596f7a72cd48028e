/** Python text in, the translated part of it as a tree out; anything else is refused by name, line and column. */
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import { ARITHMETIC_OPS, type BinaryOp, type Item, type Keyword, type Node, ORDER_OPS, type Statement } from './ast.js';
import { METHODS } from './functions.js';
import { REFUSED } from './refused.js';
import { gluedHole, holeOf, type Source, textOf } from './source.js';
import { splitAtCommas, Tree } from './tree.js';

/** Statements in order. Throws SYNTAX or UNSUPPORTED_PYTHON. */
export function parse(source: Source): Statement[] {
  return new Parser(source).script(parser.parse(closeFloats(source.text)).topNode);
}

/**
 * Lezer's grammar does not know `2.` and `1.e-3`. It does take `2_` and `1_e-3` for numbers of the same length, so that
 * positions stay; their values are read from the original text.
 */
export function closeFloats(text: string): string {
  return text.replace(/(?<![\w.])(\d[\d_]*)\.(?=[eE][+-]?\d|[^\w.]|$)/g, '$1_');
}

class Parser extends Tree {
  constructor(source: Source) {
    super(source, REFUSED);
  }

  script(top: SyntaxNode): Statement[] {
    const statements: Statement[] = [];
    const each = (node: SyntaxNode): void => {
      if (node.name === 'StatementGroup') for (const child of this.children(node)) each(child);
      else if (node.name !== ';') statements.push(this.statement(node));
    };
    for (const child of this.children(top)) each(child);
    return statements;
  }

  private statement(node: SyntaxNode): Statement {
    const span = { from: node.from, to: node.to };
    switch (node.name) {
      case 'AssignStatement':
        return this.assignment(node);
      case 'UpdateStatement': {
        const [target, op, value, extra] = this.children(node);
        if (!target || !op || !value || extra) throw this.refuse(node, 'This assignment');
        return {
          kind: 'update',
          op: this.binaryOp(op, this.text(op).slice(0, -1)),
          target: this.expression(target),
          value: this.expression(value),
          ...span,
        };
      }
      case 'ExpressionStatement': {
        const [value, extra] = this.children(node);
        if (!value || extra) throw this.refuse(node, 'A tuple');
        return { kind: 'expression', value: this.expression(value), ...span };
      }
      default:
        throw this.refuse(node);
    }
  }

  /** Lezer gives targets, commas, operators and values as one row of children. */
  private assignment(node: SyntaxNode): Statement {
    const span = { from: node.from, to: node.to };
    const groups: SyntaxNode[][] = [[]];
    let tuple = false;
    for (const child of this.children(node)) {
      if (child.name === 'AssignOp') groups.push([]);
      else if (child.name === ',') tuple = true;
      else groups.at(-1)?.push(child);
    }
    const sides = groups.map((group): readonly SyntaxNode[] => {
      const [only] = group;
      if (group.length !== 1 || only?.name !== 'TupleExpression') return group;
      tuple = true;
      return this.children(only).filter((child) => !['(', ')', ','].includes(child.name));
    });
    if (!tuple) {
      const nodes = sides.map((side) => this.only(side, node)).map((side) => this.expression(side));
      const value = nodes.pop();
      if (!value) throw this.refuse(node, 'This assignment');
      return { kind: 'assign', targets: nodes, value, ...span };
    }
    const [targets, values, more] = sides;
    if (!targets || !values || more || targets.length !== values.length) {
      throw this.refuse(node, 'Unpacking', 'exchange fields with x, y = y, x; write other assignments one by one');
    }
    return {
      kind: 'exchange',
      targets: targets.map((t) => this.expression(t)),
      values: values.map((v) => this.expression(v)),
      ...span,
    };
  }

  private only(side: readonly SyntaxNode[], node: SyntaxNode): SyntaxNode {
    const [one, two] = side;
    if (!one || two) throw this.refuse(two ?? node, two ? undefined : 'This assignment');
    return one;
  }

  private expression(node: SyntaxNode): Node {
    const span = { from: node.from, to: node.to };
    switch (node.name) {
      case 'Number':
        return { kind: 'number', ...this.number(node), ...span };
      case 'Boolean':
        return { kind: 'number', value: this.text(node) === 'True' ? 1 : 0, type: 'bool', ...span };
      case 'TupleExpression': {
        const items = this.children(node).filter((child) => !['(', ')', ','].includes(child.name));
        return { kind: 'tuple', items: items.map((item) => this.expression(item)), ...span };
      }
      case 'None':
        return { kind: 'none', ...span };
      case 'String':
        return { kind: 'string', text: this.text(node).replace(/^(['"])(.*)\1$/, '$2'), ...span };
      case 'VariableName': {
        const name = this.text(node);
        const index = holeOf(name);
        if (index !== undefined) return { kind: 'hole', index, ...span };
        if (gluedHole(name)) throw this.syntax(node, 'An interpolation stands glued to other letters.');
        return { kind: 'name', name, ...span };
      }
      case 'ParenthesizedExpression': {
        const inner = this.children(node).filter((child) => child.name !== '(' && child.name !== ')');
        return { ...this.expression(this.only(inner, node)), ...span };
      }
      case 'UnaryExpression': {
        const [op, a, extra] = this.children(node);
        const sign = op && this.text(op);
        if (!op || !a || extra) throw this.refuse(node);
        if (sign !== '-' && sign !== '+' && sign !== '~') throw this.keyword(op);
        return { kind: 'unary', op: sign, a: this.expression(a), ...span };
      }
      case 'BinaryExpression':
        return this.binary(node);
      case 'MemberExpression':
        return this.member(node);
      case 'CallExpression':
        return this.call(node);
      default:
        throw this.refuse(node);
    }
  }

  private binary(node: SyntaxNode): Node {
    const [a, op, b, extra] = this.children(node);
    if (!a || !op || !b) throw this.refuse(node);
    if (extra || ['and', 'or', 'in', 'is', 'not'].includes(op.name)) throw this.keyword(op);
    if (op.name === 'CompareOp' && a.name === 'BinaryExpression' && a.getChild('CompareOp')) {
      throw this.refuse(node, 'A chained comparison', 'write (a < b) & (b < c)');
    }
    return {
      kind: 'binary',
      op: this.binaryOp(op, this.text(op)),
      a: this.expression(a),
      b: this.expression(b),
      from: node.from,
      to: node.to,
    };
  }

  private binaryOp(node: SyntaxNode, text: string): BinaryOp {
    if (isBinaryOp(text)) return text;
    throw this.refuse(node, `The operator ${text}`);
  }

  private keyword(op: SyntaxNode): Error {
    const word = this.text(op);
    const instead: Record<string, string> = {
      and: 'a & b, or np.logical_and(a, b)',
      or: 'a | b, or np.logical_or(a, b)',
      not: '~a, or np.logical_not(a)',
    };
    return this.refuse(op, `'${word}'`, instead[word] && `for every element: ${instead[word]}`);
  }

  private member(node: SyntaxNode): Node {
    const [a, open, ...rest] = this.children(node);
    if (!a || !open) throw this.refuse(node);
    const span = { from: node.from, to: node.to };
    if (open.name === '.') {
      const name = this.text(rest[0] ?? node);
      if (this.isNumpy(a)) return { kind: 'constant', name, ...span };
      return { kind: 'attribute', a: this.expression(a), name, ...span };
    }
    const inside = rest.filter((child) => child.name !== ']');
    return { kind: 'subscript', a: this.expression(a), items: this.items(inside, node), ...span };
  }

  private isLinalg(node: SyntaxNode): boolean {
    const [object, dot, property] = this.children(node);
    if (node.name !== 'MemberExpression' || dot?.name !== '.' || !object || !property) return false;
    return this.isNumpy(object) && this.text(property) === 'linalg';
  }

  private isNumpy(node: SyntaxNode): boolean {
    return node.name === 'VariableName' && ['np', 'numpy'].includes(this.text(node));
  }

  /** Lezer gives a whole subscript as one row: numbers, colons, commas. */
  private items(row: readonly SyntaxNode[], node: SyntaxNode): Item[] {
    const [only] = row;
    if (row.length === 1 && only?.name === 'TupleExpression') {
      return this.items(
        this.children(only).filter((child) => child.name !== '(' && child.name !== ')'),
        node,
      );
    }
    const entries = splitAtCommas(row);
    if (entries.length === 0) throw this.syntax(node, 'An entry of the subscript is empty.');
    return entries.map((entry): Item => {
      const [first] = entry;
      if (!first) throw this.syntax(node, 'An entry of the subscript is empty.');
      if (first.name === 'Ellipsis') return { kind: 'ellipsis' };
      if (!entry.some((child) => child.name === ':')) {
        const at = this.expression(this.only(entry, node));
        const newaxis = at.kind === 'none' || (at.kind === 'constant' && at.name === 'newaxis');
        return newaxis ? { kind: 'newaxis' } : { kind: 'index', at };
      }
      const parts: (SyntaxNode | undefined)[] = [undefined];
      for (const child of entry) {
        if (child.name === ':') parts.push(undefined);
        else if (parts.at(-1)) throw this.refuse(child);
        else parts[parts.length - 1] = child;
      }
      if (parts.length > 3) throw this.syntax(node, 'A slice has more than three parts.');
      const [start, stop, step] = parts.map((part) => part && this.bound(part));
      return { kind: 'slice', start, stop, step };
    });
  }

  /** `None` as a slice's part is as good as nothing. */
  private bound(part: SyntaxNode): Node | undefined {
    return part.name === 'None' ? undefined : this.expression(part);
  }

  private call(node: SyntaxNode): Node {
    const [callee, list] = this.children(node);
    if (!callee || list?.name !== 'ArgList') throw this.refuse(node);
    const { self, ...called } = this.callee(callee);
    const args: Node[] = self ? [self] : [];
    const keywords: Keyword[] = [];
    const row = this.children(list);
    for (let i = 0; i < row.length; i++) {
      const child = row[i];
      if (!child || ['(', ')', ','].includes(child.name)) continue;
      if (row[i + 1]?.name === 'AssignOp') {
        const value = row[i + 2];
        if (!value) throw this.refuse(child);
        keywords.push({ name: this.text(child), value: this.expression(value), from: child.from, to: value.to });
        i += 2;
      } else if (child.name === '*' || child.name === '**') {
        throw this.refuse(child, `'${child.name}' in arguments`);
      } else args.push(this.expression(child));
    }
    return { ...called, args, keywords, from: node.from, to: node.to };
  }

  /** `a.sum` is `np.sum` with a first argument, `np.linalg.norm` is known as norm. */
  private callee(
    node: SyntaxNode,
  ):
    | { kind: 'call'; name: string; prefixed: boolean; self?: Node }
    | { kind: 'method'; a: Node; name: string; self?: Node } {
    if (node.name === 'VariableName' && holeOf(this.text(node)) === undefined)
      return { kind: 'call', name: this.text(node), prefixed: false };
    if (node.name !== 'MemberExpression') throw this.refuse(node, 'A call of this');
    const [object, dot, property] = this.children(node);
    if (!object || dot?.name !== '.' || !property) throw this.refuse(node, 'A call of this');
    if (this.isNumpy(object)) return { kind: 'call', name: this.text(property), prefixed: true };
    if (this.isLinalg(object)) return { kind: 'call', name: this.text(property), prefixed: true };
    if (METHODS.has(this.text(property)))
      return { kind: 'call', name: this.text(property), prefixed: true, self: this.expression(object) };
    const [root] = object.name === 'MemberExpression' ? this.children(object) : [];
    if (root && this.isNumpy(root)) throw this.refuse(node, `${textOf(this.source, node)}`); // np.fft.fft
    return { kind: 'method', a: this.expression(object), name: this.text(property) };
  }

  private number(node: SyntaxNode): { value: number; type: 'int' | 'float' } {
    const text = this.text(node).replaceAll('_', ''); // the user's text: 2. is 2. here
    if (/[jJ]$/.test(text)) throw this.refuse(node, 'A complex number');
    const value = Number(text);
    if (Number.isNaN(value)) throw this.syntax(node, `${text} is not a number.`);
    return { value, type: /^\d+$|^0[xXoObB]/.test(text) ? 'int' : 'float' };
  }

  protected override unnamed({ name }: SyntaxNode): string {
    return `This (${name})`;
  }
}

function isBinaryOp(text: string): text is BinaryOp {
  return [...ARITHMETIC_OPS, ...ORDER_OPS].some((op) => op === text);
}
