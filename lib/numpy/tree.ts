/** The parser's tree of a Python text, walked with errors that point into it: what the readers stand on. */
import type { SyntaxNode } from '@lezer/common';
import type { QuadrilleError } from '../errors.js';
import type { Span } from './ast.js';
import { errorAt, type Source } from './source.js';

/** What is not translated, by the parser's name for it: as a Python programmer calls it, and what to write instead. */
export type Refused = Readonly<Record<string, readonly [what: string, hint?: string]>>;

export class Tree {
  constructor(
    readonly source: Source,
    private readonly refused: Refused,
  ) {}

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
    const [known, instead] = this.refused[node.name] ?? [];
    return errorAt(
      this.source,
      this.firstLine(node),
      'UNSUPPORTED_PYTHON',
      `${what ?? known ?? this.unnamed(node)} is not translated.`,
      { hint: hint ?? instead },
    );
  }

  /** What has no name of its own. */
  protected unnamed(node: SyntaxNode): string {
    return `'${this.text(this.firstLine(node))}'`;
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
