/** np.save, np.savez and np.load of a program: .npy and .npz files in the folder where it was started, and nothing else. */
import { readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import * as create from '../../create.js';
import { QuadrilleError } from '../../errors.js';
import type { Field } from '../../field.js';
import type { NpyArray } from '../../io/file.js';
import { decodeNpz, encodeNpz } from '../../io/npz.js';
import { barrier, isRoot } from '../../spmd.js';
import type { Keywords } from './arguments.js';
import { type Steps, wait } from './code.js';
import { asField } from './creation.js';
import { Archive, type Dict, Raised, typeName, type Value } from './values.js';

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

/** np.savez(file, u, v, name=w): rank 0 writes what all gather. Positional arrays are arr_0, arr_1, ... */
export function* savez(file: Value, args: readonly Value[], keywords: Keywords, compressed: boolean): Steps<Value> {
  const name = compressed ? 'savez_compressed' : 'savez';
  if (typeof file !== 'string')
    throw new Raised('TypeError', `np.${name} takes the name of a file, not '${typeName(file)}'`);
  const path = inside(name, file.endsWith('.npz') ? file : `${file}.npz`);
  const named = [...args.map((value, i): [string, Value] => [`arr_${i}`, value]), ...keywords];
  if (new Set(named.map(([key]) => key)).size !== named.length)
    throw new Raised('ValueError', 'Cannot use un-named variables and keyword arr_0');
  const arrays = new Map<string, NpyArray>();
  for (const [key, value] of named) {
    const field = asField(value);
    const data = yield* wait(field.toArray({ root: 0 }));
    if (data) arrays.set(key, { dtype: field.dtype, shape: field.shape, data });
  }
  if (isRoot) writeArchive(path, encodeNpz(arrays, compressed));
  yield* wait(barrier()); // now every rank may read it
  return null;
}

/** Through a file beside it, so that it is never half an archive. Throws FILE_ACCESS. */
function writeArchive(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, bytes);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    const why = error instanceof Error ? error.message : String(error);
    throw new QuadrilleError('FILE_ACCESS', `${path} cannot be written: ${why}.`);
  }
}

function readArchive(path: string): Dict {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new QuadrilleError('FILE_ACCESS', `${path} cannot be read: ${why}.`);
  }
  const arrays = [...decodeNpz(bytes, path)].map(([name, { data, shape, dtype }]): [Value, Value] => [
    name,
    create.array(data, [...shape], dtype),
  ]);
  return new Archive(arrays);
}

export function* load(file: Value): Steps<Value> {
  if (typeof file !== 'string')
    throw new Raised('TypeError', `np.load takes the name of a file, not '${typeName(file)}'`);
  if (file.endsWith('.npz')) return readArchive(inside('load', file));
  return yield* wait(create.load(inside('load', file)));
}
