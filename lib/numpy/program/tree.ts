/** The parser's tree of a program, walked with errors that point into the file: what both readers stand on. */
import type { SyntaxNode } from '@lezer/common';
import type { QuadrilleError } from '../../errors.js';
import type { Span } from '../ast.js';
import { errorAt, type Source } from '../source.js';
import { REFUSED_NODES } from './refused.js';

export class Tree {
  constructor(readonly source: Source) {}

  /** Children that count; throws SYNTAX at the first that is an error. */
  children(node: SyntaxNode): SyntaxNode[] {
    const found: SyntaxNode[] = [];
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child.type.isError) throw this.syntax(child);
      if (child.name !== 'Comment') found.push(child);
    }
    return found;
  }

  text({ from, to }: Span): string {
    return this.source.text.slice(from, to);
  }

  span({ from, to }: Span): Span {
    return { from, to };
  }

  syntax(at: Span, message = 'This is not Python.'): QuadrilleError {
    return errorAt(this.source, at, 'SYNTAX', message);
  }

  /** `what` stands at the beginning of the message: 'A class'. */
  refuse(node: SyntaxNode, what?: string, hint?: string): QuadrilleError {
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child.type.isError) return this.syntax(child);
    }
    const [known, instead] = REFUSED_NODES[node.name] ?? [];
    return errorAt(
      this.source,
      this.firstLine(node),
      'UNSUPPORTED_PYTHON',
      `${what ?? known ?? `'${this.text(this.firstLine(node))}'`} is not translated.`,
      { hint: hint ?? instead },
    );
  }

  /** The span's part on its first line. */
  firstLine({ from, to }: Span): Span {
    const end = this.source.text.indexOf('\n', from);
    return { from, to: Math.min(to, end < 0 ? this.source.text.length : end) };
  }
}

/** Splits a row of nodes at commas. A trailing comma leaves no empty group. */
export function splitAtCommas(row: readonly SyntaxNode[]): SyntaxNode[][] {
  const groups: SyntaxNode[][] = [[]];
  for (const child of row) {
    if (child.name === ',') groups.push([]);
    else groups.at(-1)?.push(child);
  }
  if (groups.at(-1)?.length === 0) groups.pop();
  return groups;
}
