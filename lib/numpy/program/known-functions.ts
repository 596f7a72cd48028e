/** A module and a name in it; the function that programs can call under that name, if there is one, out. */
import { BINARY_NAMES, REDUCTIONS, UNARY_NAMES } from '../functions.js';
import type { Builtin } from './builtin.js';
import { BUILTINS, SYS_FUNCTIONS, TIME_FUNCTIONS } from './builtins.js';
import { NUMPY_FUNCTIONS } from './numpy-functions.js';
import { math } from './scalar-functions.js';

/** np.name(array, ...) that np text knows: part of a larger expression. */
export function isTextFunction(path: string): boolean {
  return (
    path === 'where' ||
    path === 'roll' ||
    path === 'clip' ||
    REDUCTIONS.has(path.replace(/^linalg\./, '')) ||
    [UNARY_NAMES, BINARY_NAMES].some((table) => Object.hasOwn(table, path))
  );
}

export function builtinOf(module: string, path: string): Builtin | undefined {
  const tables: Readonly<Record<string, Readonly<Record<string, Builtin>>>> = {
    builtins: BUILTINS,
    numpy: NUMPY_FUNCTIONS,
    time: TIME_FUNCTIONS,
    sys: SYS_FUNCTIONS,
  };
  if (module === 'math') return { settles: true, run: (args) => math(path, args) };
  if (module === 'numba') return path === 'prange' ? BUILTINS.range : undefined;
  const table = tables[module];
  return table && Object.hasOwn(table, path) ? table[path] : undefined;
}
