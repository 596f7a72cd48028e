/**
 * The fields of a Grid in, a folder with each of them as .npy and a list of them out; and back, on any number of ranks.
 * The folder is complete or not there: it is written beside its place and renamed.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DType } from '../jit/program.js';
import { distributed } from './block.js';
import { QuadrilleError } from './errors.js';
import type { Field } from './field.js';
import { loadNpy, saveNpy } from './io/file.js';
import { formatShape } from './shape.js';
import { barrier, isRoot } from './spmd.js';

const LIST = 'fields.json';
const FORMAT = 'quadrille checkpoint 1';

/** One line of the list, in the order in which the fields were made. */
interface Entry {
  readonly name: string;
  readonly file: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

function entriesOf(fields: readonly Field<DType>[]): Entry[] {
  return fields.map(({ name, dtype, shape }, i) => {
    // Names are the user's, and may be equal: the number keeps their files apart.
    const file = `${i}-${name.replace(/[^A-Za-z0-9_-]/g, '_')}.npy`;
    return { name, file, dtype, shape };
  });
}

function failed(dir: string, what: string, cause: unknown): QuadrilleError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new QuadrilleError('FILE_ACCESS', `The checkpoint ${dir} cannot be ${what}: ${why}.`);
}

/** Collective. Throws FILE_ACCESS, on rank 0, also where `dir` holds something else than a checkpoint. */
export async function saveCheckpoint(fields: readonly Field<DType>[], dir: string): Promise<void> {
  const entries = entriesOf(fields);
  const [partial, previous] = [`${dir}.partial`, `${dir}.previous`];
  // Rank 0 goes on gathering after a failure: the others wait for it in every gather.
  let failure: unknown;
  const attempt = (action: () => void): void => {
    if (failure !== undefined || !isRoot) return;
    try {
      action();
    } catch (error) {
      failure = error instanceof QuadrilleError ? error : failed(dir, 'written', error);
    }
  };
  attempt(() => {
    rmSync(partial, { recursive: true, force: true });
    if (existsSync(dir) && !existsSync(join(dir, LIST))) {
      throw new QuadrilleError('FILE_ACCESS', `${dir} is there, and is no checkpoint.`, {
        hint: 'give the checkpoint a folder of its own; one that is a checkpoint is replaced',
      });
    }
    mkdirSync(partial, { recursive: true });
  });
  for (const [i, field] of fields.entries()) {
    const path = join(partial, entries[i]?.file ?? '');
    // Where there is no folder for it, this fails, too; the first failure is told.
    await saveNpy(distributed(field.storage), path).catch((error: unknown) => {
      failure ??= error;
    });
  }
  attempt(() => {
    writeFileSync(join(partial, LIST), `${JSON.stringify({ format: FORMAT, fields: entries }, undefined, 2)}\n`);
    rmSync(previous, { recursive: true, force: true });
    if (existsSync(dir)) renameSync(dir, previous);
    renameSync(partial, dir);
    rmSync(previous, { recursive: true, force: true });
  });
  await barrier(); // now every rank may read it
  if (failure !== undefined) throw failure;
}

/** Collective. Throws FILE_ACCESS, and FILE_FORMAT where it holds other fields than these. */
export async function restoreCheckpoint(fields: readonly Field<DType>[], dir: string): Promise<void> {
  // A process that ended between two renames left the one before.
  const from = !existsSync(dir) && existsSync(`${dir}.previous`) ? `${dir}.previous` : dir;
  const described = (all: readonly Entry[]): string =>
    all.map(({ name, dtype, shape }) => `${name} ${dtype}${formatShape(shape)}`).join(', ');
  const [saved, wanted] = [readList(from), entriesOf(fields)];
  if (described(saved) !== described(wanted)) {
    throw new QuadrilleError('FILE_FORMAT', `The checkpoint ${from} holds other fields than the grid.`, {
      found: described(saved),
      expected: described(wanted),
      hint: 'restore after the same fields were made, in the same order, as when it was saved',
    });
  }
  for (const [i, field] of fields.entries()) {
    const entry = saved[i];
    if (entry) await loadNpy(distributed(field.storage), join(from, entry.file));
  }
}

function readList(dir: string): Entry[] {
  let text: string;
  try {
    text = readFileSync(join(dir, LIST), 'utf8');
  } catch (error) {
    throw failed(dir, 'read', error);
  }
  try {
    const list: unknown = JSON.parse(text);
    if (isList(list)) return list.fields;
  } catch {
    // told below, as anything else that is no list
  }
  throw new QuadrilleError('FILE_FORMAT', `${join(dir, LIST)} is no list of a checkpoint's fields.`);
}

function isList(value: unknown): value is { fields: Entry[] } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'format' in value &&
    value.format === FORMAT &&
    'fields' in value &&
    Array.isArray(value.fields) &&
    value.fields.every(isEntry)
  );
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  if (!('name' in value && 'file' in value && 'dtype' in value && 'shape' in value)) return false;
  const { name, file, dtype, shape } = value;
  // A list from elsewhere names no file outside its folder.
  return (
    typeof name === 'string' &&
    typeof file === 'string' &&
    /^[\w-]+\.npy$/.test(file) &&
    typeof dtype === 'string' &&
    Array.isArray(shape) &&
    shape.every((n) => typeof n === 'number')
  );
}
