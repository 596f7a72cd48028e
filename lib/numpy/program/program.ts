/** NumPy programs: the text of a module in, its functions as async functions of Fields and numbers out. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { QuadrilleError, show } from '../../errors.js';
import { Expr } from '../../expr.js';
import type { Source } from '../source.js';
import { flushPrinted } from './builtins.js';
import { checkProgram } from './check.js';
import { drive } from './code.js';
import { readProgram } from './read.js';
import { type ModuleScope, scopeOf } from './scope.js';
import { compileModule } from './statements.js';
import type { Statement } from './syntax.js';
import type { Functions } from './user-functions.js';
import { Dict, Generator, Instance, List, NumpyNumber, Range, Slice, Tuple, typeName, type Value } from './values.js';
import { settled, UserFunction, World } from './world.js';

/**
 * What functions of a program take: arrays change in place. Whole numbers are Python ints, others floats; [] is a list,
 * { a: 1 } a dict.
 */
export type NumpyArgument =
  | Expr
  | number
  | bigint
  | boolean
  | string
  | null
  | undefined
  | readonly NumpyArgument[]
  | { readonly [key: string]: NumpyArgument };

/** What they give back: arrays as they are, numbers as numbers, tuples and lists as arrays, dicts as Maps, None as undefined. */
export type NumpyResult =
  | Expr
  | number
  | bigint
  | boolean
  | string
  | undefined
  | readonly NumpyResult[]
  | ReadonlyMap<NumpyResult, NumpyResult>;

export type NumpyFunction = (...args: NumpyArgument[]) => Promise<NumpyResult>;

/** A loaded module: its functions by name. */
export type NumpyModule<Names extends string = string> = Readonly<Record<Names, NumpyFunction>>;

export interface CompileOptions {
  /** For messages. */
  readonly filename?: string;
}

/** A program read and checked: nothing has run yet. */
interface Checked {
  readonly source: Source;
  readonly statements: readonly Statement[];
  readonly scope: ModuleScope;
}

/** Throws SYNTAX, UNSUPPORTED_PYTHON or UNKNOWN_NAME: before anything runs, the same on every rank. */
export function check(text: string, file: string): Checked {
  const source: Source = { text: text.replace(/\r\n?/g, '\n'), holes: [], file };
  const statements = readProgram(source);
  const scope = scopeOf(statements);
  checkProgram(source, statements, scope);
  return { source, statements, scope };
}

/** Runs a program's top level, as `python3 file` does. Resolves when all of it is recorded. */
export async function execute(checked: Checked, name: string, argv: readonly string[]): Promise<World> {
  const world = new World(checked.source, checked.scope, name, argv);
  const { functions, body } = compileModule(world, checked.statements);
  await drive(body.steps(world.globals));
  flushPrinted();
  programs.set(world, functions);
  return world;
}

const programs = new WeakMap<World, Functions>();

function moduleOf<Names extends string>(world: World): NumpyModule<Names> {
  const module: Record<string, NumpyFunction> = {};
  for (const [name, slot] of world.scope.globals) {
    const value = world.globals.slots[slot];
    if (value instanceof UserFunction) module[name] = (...args) => callFrom(world, value, args);
  }
  return Object.freeze(module);
}

async function callFrom(world: World, fn: UserFunction, args: readonly NumpyArgument[]): Promise<NumpyResult> {
  const functions = programs.get(world);
  if (!functions) throw new QuadrilleError('INTERNAL', 'the module has not run');
  const given = args.map((arg, i) => toPython(arg, `${fn.name}: argument ${i + 1}`));
  function* steps() {
    if (!functions) return null;
    const result = yield* functions.call(fn, given, new Map(), world.globals);
    const returned = yield* settled(result);
    world.lifetimes.escape(returned);
    world.lifetimes.sweep(world.globals);
    return returned;
  }
  try {
    const result = await drive(steps());
    flushPrinted();
    return toJavaScript(result);
  } catch (error) {
    throw world.located(error, fn.node);
  }
}

function toPython(value: unknown, what: string): Value {
  if (value instanceof Expr || typeof value === 'boolean' || typeof value === 'string' || typeof value === 'bigint')
    return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : value;
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return new List(value.map((item) => toPython(item, what)));
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)
    return new Dict(Object.entries(value).map(([key, item]) => [key, toPython(item, what)]));
  throw new QuadrilleError('BAD_OPERAND', `${what} is ${show(value)}.`, {
    expected: 'a Field, View, number, boolean, string, or a list or an object of them',
  });
}

function toJavaScript(value: Value): NumpyResult {
  if (value === null) return undefined;
  if (value instanceof NumpyNumber) return toJavaScript(value.value);
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (value instanceof Tuple || value instanceof List) return value.items.map(toJavaScript);
  if (value instanceof Dict)
    return new Map(value.entries().map(([key, item]) => [toJavaScript(key), toJavaScript(item)]));
  if (value instanceof Generator || value instanceof Slice || value instanceof Instance)
    throw new QuadrilleError('BAD_OPERAND', `'${typeName(value)}' cannot be given back.`, {
      expected: 'arrays, numbers, strings, and lists, tuples and dicts of them',
    });
  if (value instanceof Range)
    return Array.from({ length: value.length }, (_, i) => Number(value.start + BigInt(i) * value.step));
  if (typeof value === 'object' && !(value instanceof Expr)) return value.name;
  return value;
}

/**
 * The functions of a NumPy program in `text`. Its top level runs (with another `__name__` than '__main__'). Throws
 * SYNTAX, UNSUPPORTED_PYTHON and UNKNOWN_NAME with file, line and column before anything runs, and what running it throws.
 */
async function compile<Names extends string = string>(
  text: string,
  options: CompileOptions = {},
): Promise<NumpyModule<Names>> {
  if (typeof text !== 'string') {
    throw new QuadrilleError('BAD_OPERAND', `numpy.compile cannot take ${show(text)}.`, {
      expected: 'the text of a program',
    });
  }
  const file = options.filename ?? 'program.py';
  const name = (file.split(/[\\/]/).at(-1) ?? file).replace(/\.py$/, '');
  return moduleOf<Names>(await execute(check(text, file), name, [file]));
}

/** The functions of the NumPy program in the file at `path` (from the current folder). Throws FILE_ACCESS, and what compile throws. */
async function load<Names extends string = string>(path: string): Promise<NumpyModule<Names>> {
  return compile<Names>(readProgramText(path), { filename: resolve(path) });
}

/** Throws FILE_ACCESS. */
export function readProgramText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new QuadrilleError('FILE_ACCESS', `${path} cannot be read: ${why}.`);
  }
}

/** NumPy programs, unmodified. */
export const numpy = Object.freeze({ load, compile });
