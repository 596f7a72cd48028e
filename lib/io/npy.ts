/**
 * The .npy format (versions 1.0 and 2.0, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html):
 * bytes in, header out, and the other way round. No files are touched here.
 */
import type { DType } from '../../jit/program.js';
import type { AnyArray } from '../dtype.js';
import { QuadrilleError } from '../errors.js';

export type NpyData = AnyArray;
export type NpyDType = DType;

export interface NpyHeader {
  readonly dtype: NpyDType;
  readonly littleEndian: boolean;
  /** Elements lie in Fortran order: the first index runs fastest. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the elements begin in the file. */
  readonly dataOffset: number;
}

export const ITEM_BYTES: Record<NpyDType, number> = { f64: 8, f32: 4, i64: 8, i32: 4, bool: 1 };
const DESCR: Record<NpyDType, string> = { f64: '<f8', f32: '<f4', i64: '<i8', i32: '<i4', bool: '|b1' };
const DTYPE_NAMES: readonly NpyDType[] = ['f64', 'f32', 'i64', 'i32', 'bool'];
const MAGIC = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]); // \x93NUMPY
/** Magic, version, and the longest header length field: what must be read to learn how long the header is. */
export const PREAMBLE_BYTES = 12;

/** The bytes before the elements of a little-endian, C-order array. */
export function encodeHeader(dtype: NpyDType, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dict = `{'descr': '${DESCR[dtype]}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // NumPy pads with blanks, a newline last, so that the elements begin at a multiple of 64.
  const preamble = MAGIC.length + 4;
  const length = Math.ceil((preamble + dict.length + 1) / 64) * 64 - preamble;
  const header = Buffer.alloc(preamble + length, ' ');
  MAGIC.copy(header);
  header[6] = 1;
  header[7] = 0;
  header.writeUInt16LE(length, 8);
  header.write(dict, preamble, 'latin1');
  header[header.length - 1] = 0x0a;
  return header;
}

/**
 * Length of the whole header, preamble included, from the first PREAMBLE_BYTES bytes. `name` is for messages.
 * Throws FILE_FORMAT if this is no .npy file.
 */
export function headerLength(preamble: Uint8Array, name: string): number {
  const bytes = Buffer.from(preamble.buffer, preamble.byteOffset, preamble.byteLength);
  if (bytes.length < PREAMBLE_BYTES || !bytes.subarray(0, 6).equals(MAGIC))
    throw badFile(name, 'it does not begin like an .npy file');
  const major = bytes[6];
  if (major === 1) return 10 + bytes.readUInt16LE(8);
  if (major === 2 || major === 3) return 12 + bytes.readUInt32LE(8);
  throw badFile(name, `its format version is ${major}.${bytes[7]}; versions 1.0, 2.0 and 3.0 are known`);
}

/** Reads a whole header (headerLength bytes). Throws FILE_FORMAT. */
export function decodeHeader(header: Uint8Array, name: string): NpyHeader {
  const preamble = header[6] === 1 ? 10 : 12;
  const text = Buffer.from(header.buffer, header.byteOffset, header.byteLength).toString('latin1', preamble);
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const tuple = /'shape':\s*\(([\d,\sL]*)\)/.exec(text)?.[1];
  if (order === undefined || tuple === undefined) throw badFile(name, `its header is damaged: ${text.trim()}`);
  const type = /^([<>=|])([fib][148])$/.exec(descr ?? '');
  const dtype = DTYPE_NAMES.find((known) => DESCR[known].slice(1) === type?.[2]);
  if (dtype === undefined) {
    const found = descr === undefined ? 'records' : `'${descr}'`;
    throw badFile(name, `its elements are ${found}, not f8, f4, i8 or i4 numbers or b1 booleans`);
  }
  const shape = tuple
    .split(',')
    .map((n) => n.trim())
    .filter((n) => n !== '')
    .map((n) => Number.parseInt(n, 10));
  return {
    dtype,
    littleEndian: type?.[1] !== '>',
    fortranOrder: order === 'True',
    shape,
    dataOffset: header.length,
  };
}

/** The elements in `bytes` (copied, so that alignment does not matter) in this machine's byte order. */
export function decodeElements(
  bytes: Uint8Array,
  { dtype, littleEndian }: Pick<NpyHeader, 'dtype' | 'littleEndian'>,
): NpyData {
  const copy = Buffer.from(bytes); // never swap the caller's bytes
  if (!littleEndian) {
    if (ITEM_BYTES[dtype] === 8) copy.swap64();
    else if (ITEM_BYTES[dtype] === 4) copy.swap32();
  }
  const own = copy.buffer.slice(copy.byteOffset, copy.byteOffset + copy.byteLength);
  switch (dtype) {
    case 'f64':
      return new Float64Array(own);
    case 'f32':
      return new Float32Array(own);
    case 'i64':
      return new BigInt64Array(own);
    case 'i32':
      return new Int32Array(own);
    case 'bool': // any byte but 0 is true to NumPy
      return new Uint8Array(own).map((byte) => (byte === 0 ? 0 : 1));
  }
}

export function badFile(name: string, why: string): QuadrilleError {
  return new QuadrilleError('FILE_FORMAT', `${name} cannot be read: ${why}.`, {
    hint: "Write it from NumPy with np.save(path, a.astype('f8')), or as f4, i8, i4 or bool.",
  });
}
