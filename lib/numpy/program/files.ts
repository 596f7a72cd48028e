/** np.save and np.load of a program: .npy files in the folder where it was started, and nothing else. */
import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import * as create from '../../create.js';
import { QuadrilleError } from '../../errors.js';
import type { Field } from '../../field.js';
import { type Steps, wait } from './code.js';
import { Raised, typeName, type Value } from './values.js';

/** Throws FILE_ACCESS, on every rank, if the file is not in the current folder or below. */
function inside(name: string, path: string): string {
  const here = realpathSync(process.cwd());
  const full = resolve(here, path);
  const from = relative(here, realFolder(name, full));
  if (!from.startsWith('..') && !isAbsolute(from)) return full;
  throw new QuadrilleError('FILE_ACCESS', `np.${name}('${path}') is outside of the current folder.`, {
    expected: 'a file in the folder where the program was started, or below',
  });
}

/** The folder of a file, with links followed. */
function realFolder(name: string, full: string): string {
  try {
    return realpathSync(dirname(full));
  } catch {
    throw new QuadrilleError('FILE_ACCESS', `np.${name}: the folder ${dirname(full)} does not exist.`);
  }
}

export function* save(file: Value, field: Field): Steps<Value> {
  if (typeof file !== 'string')
    throw new Raised('TypeError', `np.save takes the name of a file, not '${typeName(file)}'`);
  yield* wait(field.save(inside('save', file.endsWith('.npy') ? file : `${file}.npy`)));
  return null;
}

export function* load(file: Value): Steps<Value> {
  if (typeof file !== 'string')
    throw new Raised('TypeError', `np.load takes the name of a file, not '${typeName(file)}'`);
  return yield* wait(create.load(inside('load', file)));
}
