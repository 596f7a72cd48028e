/** Template pieces in, Python text out, in which a hole is an identifier; and errors that point into it. */
import { type ErrorCode, type ErrorDetails, QuadrilleError } from '../errors.js';
import type { Span } from './ast.js';

const HOLE = /__hole(\d+)__/g;

export interface Source {
  /** Every line without its indentation: blocks, which need it, are not translated. */
  readonly text: string;
  /** How hole i is shown in messages. */
  readonly holes: readonly string[];
  /** Of a program read from a file: errors then name its lines. */
  readonly file?: string;
}

export function makeSource(strings: readonly string[], names: readonly (string | undefined)[]): Source {
  const joined = strings.reduce((text, piece, i) => (i === 0 ? piece : `${text}__hole${i - 1}__${piece}`), '');
  return withNames({ text: joined.replace(/^[ \t]+/gm, '').replace(/\r\n/g, '\n'), holes: [] }, names);
}

/** The same text met by values of these names. */
export function withNames(source: Source, names: readonly (string | undefined)[]): Source {
  return { ...source, holes: names.map((name) => `\${${name ?? '...'}}`) };
}

/** The number of the hole that `word` is, or undefined if it is none. */
export function holeOf(word: string): number | undefined {
  const match = /^__hole(\d+)__$/.exec(word);
  return match === null ? undefined : Number(match[1]);
}

/** Is a hole glued to other letters, as in x${i}? */
export function gluedHole(word: string): boolean {
  return holeOf(word) === undefined && word.includes('__hole');
}

/** Source text as the user knows it. */
export function shown(source: Source, text: string): string {
  return text.replace(HOLE, (_, i: string) => source.holes[Number(i)] ?? '${...}');
}

export function textOf(source: Source, { from, to }: Span): string {
  return shown(source, source.text.slice(from, to));
}

/** An error with line and column within the template or file, the line itself, and a caret under the spot. */
export function errorAt(
  source: Source,
  at: Span,
  code: ErrorCode,
  message: string,
  details: ErrorDetails = {},
): QuadrilleError {
  const start = source.text.lastIndexOf('\n', at.from - 1) + 1;
  const end = source.text.indexOf('\n', start);
  const line = source.text.slice(start, end < 0 ? undefined : end);
  const number = source.text.slice(0, start).split('\n').length;
  const before = shown(source, source.text.slice(start, at.from));
  const width = Math.max(1, shown(source, source.text.slice(at.from, Math.min(at.to, start + line.length))).length);
  const excerpt = `${shown(source, line)}\n${' '.repeat(before.length)}${'^'.repeat(width)}`;
  if (source.file !== undefined) {
    const place = { file: source.file, line: number, column: before.length + 1 };
    return new QuadrilleError(code, message, { ...details, place, excerpt });
  }
  return new QuadrilleError(code, `${message} (line ${number}, column ${before.length + 1} of the template)`, {
    ...details,
    excerpt,
  });
}

/** Runs `action`; an error without an excerpt gets this spot. */
export function locating<T>(source: Source, at: Span, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof QuadrilleError) || error.located || error.code === 'INTERNAL') throw error;
    const { code, summary, found, expected, hint, place } = error;
    throw errorAt(source, at, code, summary, { found, expected, hint, place });
  }
}
