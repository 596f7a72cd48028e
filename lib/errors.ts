/**
 * What went wrong, as a user reads it: a stable code, what was found and expected, a hint, and the line of the user's
 * own file. Anatomy after gt4py: one sentence, then labelled notes.
 */

import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Every code, with what it means and what to do. docs/errors.md is this table. */
export const ERROR_CODES = {
  SHAPE_MISMATCH: [
    'Shapes that do not broadcast against each other, or a value that does not fit its target.',
    'Compare the two shapes in the message; adjust the slices so that dimensions are equal or 1.',
  ],
  TOO_MANY_SLICES: [
    'More slices or indices than the field has dimensions.',
    'Give at most one per dimension; dimensions left out are taken whole.',
  ],
  BAD_SLICE: [
    "A slice that is not 'start:stop:step', an integer, '...' or [start, stop, step], or whose step is 0.",
    "Write slices as in NumPy: '1:-1', '::2', ':', 3.",
  ],
  INDEX_OUT_OF_RANGE: [
    'An integer index beyond the ends of its dimension.',
    'Indices run from -n to n - 1; only slices are clamped.',
  ],
  INDEX_NOT_KNOWN: [
    'A value that the engine is still computing, such as a reduction, as an index or as a bound of a slice.',
    'Wait for it: u.at(await s.value()), in a NumPy program u[int(np.argmax(x))].',
  ],
  BAD_AXIS: [
    'An axis that the array does not have, or axes that do not name each dimension once.',
    'Axes run from -n to n - 1 for an array of n dimensions.',
  ],
  DISPOSED: ['A field or grid was used after dispose().', 'Keep the grid until the last use of its fields.'],
  BAD_DTYPE: [
    "A dtype other than 'f64', 'f32', 'i64', 'i32' and 'bool'.",
    "Use 'f64' (the default) or another of these.",
  ],
  BAD_OPTION: [
    'An option that does not exist, or a value it cannot take.',
    'The message lists what is known, and the nearest name.',
  ],
  BAD_SHAPE: [
    'A shape that is not a list of 1 to 4 whole numbers, or data that does not have the shape asked for.',
    'Check for NaN, fractions and negative sizes; nested arrays must be rectangular.',
  ],
  BAD_OPERAND: [
    'Something that cannot take part in an expression where it stands.',
    'Operands are fields, views, expressions, numbers and booleans; NumPy refuses some operators of booleans and floats.',
  ],
  INTEGER_OVERFLOW: [
    "A whole number that the integers it meets cannot hold: NumPy's OverflowError.",
    'Convert the integers to i64 or f64 first.',
  ],
  UNSAFE_CAST: [
    "An augmented assignment whose result the target's dtype cannot hold (`i += 1.5`): NumPy's UFuncTypeError.",
    'Write the conversion: `i[...] = i + 1.5` truncates.',
  ],
  BAD_SHIFT: [
    'A shift along a dimension that is not periodic, or by something that is not a whole number.',
    'Make the grid periodic in that dimension, or use roll or slices.',
  ],
  STALE_EXPRESSION: [
    'An expression whose fields were written after it was built; NumPy would have used the old values.',
    'Build the expression after the write, or store it in a field of its own first.',
  ],
  SYNTAX: ['Text that is not Python.', 'The caret shows where the reader stopped.'],
  UNSUPPORTED_PYTHON: [
    'Python that this version does not translate, by name.',
    'The message says what is accepted instead.',
  ],
  PYTHON_EXCEPTION: [
    'A NumPy program raised an exception of Python: ZeroDivisionError, IndexError, AssertionError, what it raises itself.',
    'The message has the exception and the line.',
  ],
  UNKNOWN_NAME: [
    'A name in np text that is neither interpolated, assigned there, nor a function known here.',
    'Interpolate fields and numbers with ${...}.',
  ],
  OUT_OF_MEMORY: [
    'More memory was asked for than this process can have.',
    'Use fewer points, f32, more ranks on more nodes, or dispose of grids no longer needed.',
  ],
  RANK_DIVERGED: [
    'The ranks of a job recorded different programs, or ran one on other fields or numbers.',
    'Every rank must record the same statements in the same order; look for branches on rank or on random numbers.',
  ],
  NOT_SYNCED: ['The local block was read while recorded work had not run.', 'await grid.sync() first.'],
  MPI_MISSING: [
    'Started under an MPI launcher, but the MPI addon is not there or does not load.',
    'Install an MPI (libopenmpi-dev openmpi-bin) and build the addon: npx quadrille setup.',
  ],
  BAD_LAUNCH: [
    'The launcher and the job do not agree, for instance every process believes it is the only one.',
    'Use the mpirun that belongs to the MPI library the addon was built with.',
  ],
  ADDON_MISSING: [
    "A native addon (ours, or llvm-bindings') is not built, or does not load.",
    'npx quadrille setup, or npm run build:native in a checkout.',
  ],
  COMPILE_FAILED: [
    'A kernel could not be compiled. This is an error of quadrille, not of the program.',
    'Run with QUADRILLE_DUMP=dir and report the files written there.',
  ],
  FILE_FORMAT: [
    'A file that is not what its name or its reader expects.',
    'The message names the file and what it holds.',
  ],
  FILE_ACCESS: ['A file that cannot be read or written.', 'The message holds the reason the system gave.'],
  TOO_MANY_RANKS: [
    'A process grid with more ranks than points along a dimension.',
    'Leave processGrid out, or use fewer ranks.',
  ],
  INTERNAL: [
    'Something that should not happen did. This is an error of quadrille.',
    'Report it with the message and stack.',
  ],
} as const satisfies Record<string, readonly [meaning: string, remedy: string]>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Where the user wrote it. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface ErrorDetails {
  /** What was met, if the message does not say so. */
  readonly found?: string | undefined;
  readonly expected?: string | undefined;
  readonly hint?: string | undefined;
  /** Default: the first frame of the stack outside this package. A string is `file:line`, as labels of programs are. */
  readonly place?: Place | string | undefined;
  /** Source text with the spot, as lines to print under the message. */
  readonly excerpt?: string | undefined;
  readonly cause?: unknown;
}

/** The only error this package throws. `code` is stable; the wording is not. */
export class QuadrilleError extends Error {
  readonly code: ErrorCode;
  /** The sentence alone, without place and notes. */
  readonly summary: string;
  readonly found: string | undefined;
  readonly expected: string | undefined;
  readonly hint: string | undefined;
  readonly place: Place | string | undefined;
  /** Does the message show the spot in the text? */
  readonly located: boolean;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    const place = details.place ?? userPlace();
    super(render(code, message, details, place), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'QuadrilleError';
    this.code = code;
    this.summary = message;
    this.found = details.found;
    this.expected = details.expected;
    this.hint = details.hint;
    this.place = place;
    this.located = details.excerpt !== undefined;
    // The message says all of it: printed once, not again as properties.
    for (const name of ['name', 'summary', 'found', 'expected', 'hint', 'place', 'located']) {
      Object.defineProperty(this, name, { enumerable: false });
    }
  }
}

/** `file:line:column`, or the label as it is. */
export function formatPlace(place: Place | string): string {
  return typeof place === 'string' ? place : `${shortPath(place.file)}:${place.line}:${place.column}`;
}

/** `file:line` of the user's code that led here, for labels of programs; `unknown` where the stack does not say. */
export function userLabel(): string {
  const place = userPlace();
  return place ? `${shortPath(place.file)}:${place.line}` : 'unknown';
}

function render(code: ErrorCode, message: string, details: ErrorDetails, place: Place | string | undefined): string {
  const lines = [`${code}: ${message}`];
  if (place !== undefined) lines.push(`  at        ${formatPlace(place)}`);
  if (details.excerpt !== undefined) for (const line of details.excerpt.split('\n')) lines.push(`  | ${line}`);
  if (details.found !== undefined) lines.push(`  found     ${details.found}`);
  if (details.expected !== undefined) lines.push(`  expected  ${details.expected}`);
  if (details.hint !== undefined) lines.push(`  hint      ${details.hint}`);
  return lines.join('\n');
}

/** First frame of the current stack that is the user's: not lib/, jit/, nor Node itself. */
export function userPlace(): Place | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 64; // recursion over an expression may lie between the user and us
  const stack = new Error().stack ?? '';
  Error.stackTraceLimit = limit;
  return placeIn(stack, OWN);
}

/**
 * The folders of frames that are ours: lib/ and jit/ as what runs, and, for what runs from dist/, as the sources that
 * source maps name in its stead. `lib` is the folder of this file.
 */
export function ownFolders(lib: string): string[] {
  const root = path.dirname(lib);
  const roots = path.basename(root) === 'dist' ? [root, path.dirname(root)] : [root];
  return roots.flatMap((at) => ['lib', 'jit'].map((name) => path.join(at, name) + path.sep));
}

const OWN = ownFolders(path.dirname(fileURLToPath(import.meta.url)));

/** First frame of a stack in none of the folders `own`. Text rather than call sites, so that source maps count. */
export function placeIn(stack: string, own: readonly string[]): Place | undefined {
  for (const frame of stack.split('\n').slice(1)) {
    // `at f (file:///a/b.js:1:2)`, `at new F (/a (1)/b.js:1:2)`, `at async /a/b.js:1:2`.
    const found = /^\s*at (?:async )?(?:.*? \()?(.+?):(\d+):(\d+)\)?$/.exec(frame);
    const [, raw, line, column] = found ?? [];
    if (raw === undefined) continue;
    const file = raw.startsWith('file://') ? fileURLToPath(raw) : raw;
    if (!path.isAbsolute(file)) continue; // node:internal, native, what eval made
    if (own.some((folder) => file.startsWith(folder))) continue;
    return { file, line: Number(line), column: Number(column) };
  }
  return undefined;
}

function shortPath(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative === '' || relative.startsWith('..') ? file : relative;
}

/** The name among `known` that `word` was probably meant to be: at most a third of it mistyped. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const name of known) {
    const distance = editDistance(word.toLowerCase(), name.toLowerCase());
    if (distance < least) [best, least] = [name, distance];
  }
  return best;
}

/** `did you mean 'x'?`, or undefined where nothing is near. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const name = nearest(word, known);
  return name === undefined ? undefined : `did you mean '${name}'?`;
}

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      let d = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, at(i - 2, j - 2) + 1);
      const row = rows[i];
      if (row) row[j] = d;
    }
  }
  return at(a.length, b.length);
}

/** Any value, short enough for a message. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return value.name === '' ? 'a function' : `function ${value.name}`;
  if (value === null || value === undefined || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.length > 8 ? `an array of ${value.length}` : `[${value.map(show).join(', ')}]`;
  const kind = value.constructor?.name ?? 'object';
  if (ArrayBuffer.isView(value)) return `a ${kind}`;
  return kind === 'Object' ? `{${Object.keys(value).join(', ')}}` : `a ${kind}`;
}

/** Throws BAD_OPTION if `given` has keys that `known` has not. `what` names the owner, e.g. 'Grid'. */
export function checkOptions(what: string, given: object, known: readonly string[]): void {
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    throw new QuadrilleError('BAD_OPTION', `${what} has no option '${key}'`, {
      expected: known.map((k) => `'${k}'`).join(', '),
      hint: didYouMean(key, known),
    });
  }
}

/** An error of the native side, as one of ours: by its `code` where it has one that is known here. */
export function fromNative(error: unknown, place?: string): QuadrilleError {
  if (error instanceof QuadrilleError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const known = typeof code === 'string' && isCode(code) ? code : 'INTERNAL';
  // Only what is unknown needs its own stack: the rest is told by code and message.
  return new QuadrilleError(known, message, {
    hint: ERROR_CODES[known][1],
    place: labelOf(error) ?? place,
    cause: known === 'INTERNAL' ? error : undefined,
  });
}

/** What `action` returns; native errors become ours. */
export function guarded<T>(action: () => T, label?: string): T {
  try {
    return action();
  } catch (error) {
    throw fromNative(error, label);
  }
}

/** Where the program that failed was recorded: what ran is not what the user's stack now shows. */
function labelOf(error: unknown): string | undefined {
  return error instanceof Error && 'label' in error && typeof error.label === 'string' ? error.label : undefined;
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}

/** The table of codes as Markdown: docs/errors.md. */
export function errorTable(): string {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, [meaning, remedy]]) => `| \`${code}\` | ${meaning} | ${remedy} |`,
  );
  return [
    '# Error codes',
    '',
    'Every error is a `QuadrilleError`; its `code` is one of these and stays. The table is `ERROR_CODES` in `lib/errors.ts` (a test keeps the two alike).',
    '',
    '| Code | Meaning | What to do |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
