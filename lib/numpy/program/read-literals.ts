/** The parser's numbers, strings and f-strings in, ours out. */
import type { SyntaxNode } from '@lezer/common';
import { Tree } from '../tree.js';
import { literal, unescaped } from './strings.js';
import type { Expression, FormatPart } from './syntax.js';

export abstract class LiteralReader extends Tree {
  /** What stands in an f-string's braces. */
  abstract row(row: readonly SyntaxNode[], at: SyntaxNode): Expression;

  protected number(node: SyntaxNode): Expression {
    const text = this.text(node).replaceAll('_', ''); // the file's text: 2. is 2. here
    if (/[jJ]$/.test(text)) {
      throw this.refuse(node, 'A complex number', 'keep real and imaginary part in two arrays');
    }
    if (/^(\d+|0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+)$/.test(text)) {
      if (/^0\d*[1-9]/.test(text)) throw this.syntax(node, 'An integer begins with 0.');
      return { kind: 'int', value: BigInt(text), ...this.span(node) };
    }
    const value = Number(text);
    if (Number.isNaN(value)) throw this.syntax(node, `${text} is not a number.`);
    return { kind: 'float', value, ...this.span(node) };
  }

  protected string(node: SyntaxNode): string {
    const text = this.text(node);
    const found = literal(text);
    if (!found) throw this.refuse(node, 'A bytes literal');
    return unescaped(text.slice(found.from, found.to), found.raw);
  }

  /** f'...', and strings that follow each other. */
  protected format(node: SyntaxNode): Expression {
    const pieces = node.name === 'ContinuedString' ? this.children(node) : [node];
    const parts = pieces.flatMap((piece): FormatPart[] =>
      piece.name === 'FormatString' ? this.formatParts(piece) : [{ kind: 'text', text: this.string(piece) }],
    );
    if (parts.every((part) => part.kind === 'text')) {
      return {
        kind: 'str',
        value: parts.map((part) => (part.kind === 'text' ? part.text : '')).join(''),
        ...this.span(node),
      };
    }
    return { kind: 'format', parts, ...this.span(node) };
  }

  private formatParts(node: SyntaxNode): FormatPart[] {
    const found = literal(this.text(node));
    if (!found) throw this.refuse(node);
    const from = node.from + found.from;
    return this.mixed(node, from, node.from + found.to, found.raw);
  }

  /** Text with replacement fields between `from` and `to`. */
  private mixed(node: SyntaxNode, from: number, to: number, raw: boolean): FormatPart[] {
    const parts: FormatPart[] = [];
    let at = from;
    const plain = (end: number): void => {
      const text = this.source.text.slice(at, end).replace(/\{\{/g, '{').replace(/\}\}/g, '}');
      if (text !== '') parts.push({ kind: 'text', text: unescaped(text, raw) });
    };
    for (const child of this.children(node)) {
      if (child.name !== 'FormatReplacement') continue;
      plain(child.from);
      parts.push(...this.replacement(child, raw));
      at = child.to;
    }
    plain(to);
    return parts;
  }

  private replacement(node: SyntaxNode, raw: boolean): FormatPart[] {
    const row = this.children(node).slice(1, -1);
    const conversion = row.find((child) => child.name === 'FormatConversion');
    const spec = row.find((child) => child.name === 'FormatSpec');
    const self = row.find((child) => child.name === 'FormatSelfDoc');
    const letter = conversion && this.text(conversion).slice(1);
    if (letter !== undefined && letter !== 'r' && letter !== 's') throw this.refuse(node, `!${letter} in an f-string`);
    const values = row.filter((child) => child !== conversion && child !== spec && child !== self);
    // {x=} writes itself first, and then x as repr does.
    const shown = self ? this.source.text.slice(node.from + 1, self.to) : '';
    const after = self ? (/^\s*/.exec(this.source.text.slice(self.to, node.to))?.[0] ?? '') : '';
    return [
      ...(self ? [{ kind: 'text', text: shown + after } as const] : []),
      {
        kind: 'value',
        value: this.row(values, node),
        conversion: letter ?? (self && !spec ? 'r' : undefined),
        spec: spec ? this.mixed(spec, spec.from + 1, spec.to, raw) : [],
      },
    ];
  }
}
