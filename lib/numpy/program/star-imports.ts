/** The statements of a program in; those with the names spelled out that `from math import *` gives, out. */
import { MATH_CONSTANTS, MATH_NAMES } from './scalar-functions.js';
import type { Import } from './syntax.js';

/** Every name of an import: of math all. Of numpy they are not told: its names hide those of Python, by its version. */
export function spelledOut(imports: readonly Import[]): readonly Import[] {
  return imports.flatMap((each) => {
    if (each.module !== 'math' || each.attribute !== '*') return [each];
    return [...MATH_NAMES, ...Object.keys(MATH_CONSTANTS)].map((name) => ({ ...each, attribute: name, name }));
  });
}
