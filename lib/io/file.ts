/** A path and arrays in, .npy files out, and back: field.save, field.load, and the plain readNpy and writeNpy. */
import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { arrayOf, dtypeOf } from '../dtype.js';
import { QuadrilleError } from '../errors.js';
import type { DistributedArray } from './distributed.js';
import {
  badFile,
  decodeElements,
  decodeHeader,
  encodeHeader,
  headerLength,
  ITEM_BYTES,
  type NpyData,
  type NpyDType,
  type NpyHeader,
  PREAMBLE_BYTES,
} from './npy.js';

/** What rank 0 holds of a field at a time while saving: disks take no more at once, and fields are in memory as well. */
const SLAB_BYTES = 2 * 2 ** 20;

/** A whole array as a file holds it, in C order. */
export interface NpyArray {
  readonly dtype: NpyDType;
  readonly shape: readonly number[];
  readonly data: NpyData;
}

/**
 * Saves a field as .npy (version 1.0, C order, little-endian), readable by numpy.load. Rank 0 writes it slab by slab
 * to a file beside `path` and renames that when it is complete, so that `path` is never half a file. Collective.
 * Throws FILE_ACCESS, on rank 0, if it cannot be written.
 */
export async function saveNpy(field: DistributedArray, path: string, slabBytes = SLAB_BYTES): Promise<void> {
  const { shape, dtype } = field;
  // Rank 0 goes on gathering after a failed write: the others wait for it in every gather.
  let failure: unknown;
  const attempt = <T>(action: () => T): T | undefined => {
    if (failure !== undefined || !field.isRoot) return undefined;
    try {
      return action();
    } catch (error) {
      failure = error;
      return undefined;
    }
  };
  const temporary = `${path}.${process.pid}.tmp`;
  const file = attempt(() => openSync(temporary, 'w'));
  const write = (bytes: Uint8Array) => attempt(() => file !== undefined && writeFully(file, bytes));
  write(encodeHeader(dtype, shape));
  let data: NpyData | undefined;
  for (const region of slabs(shape, ITEM_BYTES[dtype], slabBytes)) {
    data = await field.gather(region, data);
    if (data !== undefined) write(bytesOf(data));
  }
  attempt(() => file !== undefined && fsyncSync(file));
  if (file !== undefined) closeSync(file);
  attempt(() => renameSync(temporary, path));
  if (failure !== undefined && file !== undefined) rmSync(temporary, { force: true });
  await field.barrier(`save ${path}`); // now every rank may read it
  if (failure !== undefined) throw inaccessible(path, 'written', failure);
}

/**
 * Fills a field from an .npy file of the same shape and dtype; Fortran order and big-endian files are converted. Each
 * rank reads its own block, so the file must be visible to all. Throws FILE_ACCESS, FILE_FORMAT, SHAPE_MISMATCH or
 * BAD_DTYPE.
 */
export async function loadNpy(field: DistributedArray, path: string): Promise<void> {
  withFile(path, (file) => {
    const header = readHeader(file, path);
    if (`${header.shape}` !== `${field.shape}`) {
      throw new QuadrilleError(
        'SHAPE_MISMATCH',
        `${path} holds an array of shape (${header.shape.join(', ')}), the field's is (${field.shape.join(', ')}).`,
      );
    }
    if (header.dtype !== field.dtype) {
      throw new QuadrilleError('BAD_DTYPE', `${path} holds ${header.dtype} numbers, the field is ${field.dtype}.`, {
        hint: `Give the field { dtype: '${header.dtype}' }, or convert the file with NumPy's astype.`,
      });
    }
    field.writeBlock(readBox(file, path, header, field.offset, field.extent));
  });
  await field.barrier(`load ${path}`); // a later save to the same path must not overtake a rank that still reads
}

/** The header alone: what a field must be to load this file. Throws FILE_ACCESS or FILE_FORMAT. */
export function readNpyHeader(path: string): NpyHeader {
  return withFile(path, (file) => readHeader(file, path));
}

/** A whole .npy file of elements that a field can have. Throws FILE_ACCESS or FILE_FORMAT. */
export function readNpy(path: string): NpyArray {
  return withFile(path, (file) => {
    const header = readHeader(file, path);
    const { dtype, shape } = header;
    return {
      dtype,
      shape,
      data: readBox(
        file,
        path,
        header,
        shape.map(() => 0),
        shape,
      ),
    };
  });
}

/** Writes a whole array (C order) as .npy, atomically. Throws FILE_ACCESS. */
export function writeNpy(path: string, data: NpyData, shape: readonly number[]): void {
  const temporary = `${path}.${process.pid}.tmp`;
  let created = false;
  try {
    const file = openSync(temporary, 'w');
    created = true;
    try {
      writeFully(file, encodeHeader(dtypeOf(data), shape));
      writeFully(file, bytesOf(data));
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    if (created) rmSync(temporary, { force: true });
    throw inaccessible(path, 'written', error);
  }
}

/** Consecutive stretches of the C order of `shape`, each of at most `bytes` bytes (or one element). */
export function* slabs(
  shape: readonly number[],
  itemBytes: number,
  bytes: number,
): Generator<{
  start: number[];
  step: number[];
  count: number[];
}> {
  if (shape.includes(0)) return;
  // The dimension that is cut: all inside it fit into a slab whole, all outside it are walked one by one.
  let cut = shape.length - 1;
  let inner = itemBytes;
  while (cut > 0 && inner * (shape[cut] ?? 1) <= bytes) inner *= shape[cut--] ?? 1;
  const rows = Math.max(1, Math.floor(bytes / inner));
  const outer = shape.slice(0, cut).reduce((product, n) => product * n, 1);
  for (let o = 0; o < outer; o++) {
    const start = new Array<number>(shape.length).fill(0);
    for (let d = cut - 1, rest = o; d >= 0; d--) {
      const n = shape[d] ?? 1;
      start[d] = rest % n;
      rest = Math.floor(rest / n);
    }
    const n = shape[cut] ?? 1;
    for (let lo = 0; lo < n; lo += rows) {
      const count = shape.map((extent, d) => (d < cut ? 1 : d > cut ? extent : Math.min(rows, n - lo)));
      yield { start: start.map((at, d) => (d === cut ? lo : at)), step: shape.map(() => 1), count };
    }
  }
}

function readHeader(file: number, path: string): NpyHeader {
  const length = headerLength(readBytes(file, path, 0, PREAMBLE_BYTES), path);
  return decodeHeader(readBytes(file, path, 0, length), path);
}

/** The elements of one box, in C order. Rows that follow each other in the file are read in one go. */
function readBox(
  file: number,
  path: string,
  { dtype, shape, dataOffset, littleEndian, fortranOrder }: NpyHeader,
  offset: readonly number[],
  extent: readonly number[],
): NpyData {
  const size = extent.reduce((product, n) => product * n, 1);
  const result = arrayOf(dtype, size);
  if (size === 0) return result;
  // Dimensions from slowest to fastest in the file, and how far apart in the file and in the result each one's steps are.
  const order = shape.map((_, d) => (fortranOrder ? shape.length - 1 - d : d));
  const inFile = new Array<number>(shape.length).fill(1);
  for (let k = order.length - 2; k >= 0; k--) {
    inFile[order[k] ?? 0] = (inFile[order[k + 1] ?? 0] ?? 1) * (shape[order[k + 1] ?? 0] ?? 1);
  }
  const inResult = new Array<number>(shape.length).fill(1);
  for (let d = shape.length - 2; d >= 0; d--) inResult[d] = (inResult[d + 1] ?? 1) * (extent[d + 1] ?? 1);
  // In C order a run goes on over dimensions that are owned whole; in Fortran order every column is one run.
  let run = order.length - 1;
  let length = extent[order[run] ?? 0] ?? 1;
  while (!fortranOrder && run > 0 && extent[run] === shape[run]) length *= extent[--run] ?? 1;
  const stride = fortranOrder ? (inResult[0] ?? 1) : 1;
  const itemBytes = ITEM_BYTES[dtype];
  const walk = (k: number, from: number, to: number): void => {
    if (k < run) {
      const d = order[k] ?? 0;
      for (let i = 0; i < (extent[d] ?? 0); i++) {
        walk(k + 1, from + ((offset[d] ?? 0) + i) * (inFile[d] ?? 1), to + i * (inResult[d] ?? 1));
      }
      return;
    }
    const d = order[run] ?? 0;
    const at = dataOffset + (from + (offset[d] ?? 0) * (inFile[d] ?? 1)) * itemBytes;
    const elements = decodeElements(readBytes(file, path, at, length * itemBytes), { dtype, littleEndian });
    place(elements, result, to, stride);
  };
  walk(0, 0, 0);
  return result;
}

/** result[to], result[to + stride], ... become the elements, which are of the same dtype. */
function place(elements: NpyData, result: NpyData, to: number, stride: number): void {
  if (elements instanceof BigInt64Array && result instanceof BigInt64Array) {
    if (stride === 1) result.set(elements, to);
    else for (const [i, x] of elements.entries()) result[to + i * stride] = x;
  } else if (!(elements instanceof BigInt64Array) && !(result instanceof BigInt64Array)) {
    if (stride === 1) result.set(elements, to);
    else for (const [i, x] of elements.entries()) result[to + i * stride] = x;
  } else throw new QuadrilleError('INTERNAL', 'elements of one dtype were put among those of another');
}

function readBytes(file: number, path: string, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length; ) {
    const got = readSync(file, bytes, done, Math.min(length - done, 2 ** 30), position + done);
    if (got === 0) throw badFile(path, `it ends after ${position + done} bytes, where ${position + length} are needed`);
    done += got;
  }
  return bytes;
}

function writeFully(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(file, bytes, done, Math.min(bytes.length - done, 2 ** 30));
}

function bytesOf(data: NpyData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function withFile<T>(path: string, action: (file: number) => T): T {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw inaccessible(path, 'read', error);
  }
  try {
    return action(file);
  } finally {
    closeSync(file);
  }
}

function inaccessible(path: string, verb: 'read' | 'written', cause: unknown): QuadrilleError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new QuadrilleError('FILE_ACCESS', `${path} cannot be ${verb}: ${why}.`);
}
