/**
 * .npz files, ZIP archives of .npy files (APPNOTE 6.3, without encryption and ZIP64): named arrays in, bytes out, and
 * back. Stored as np.savez does, or deflated as np.savez_compressed; read either way. No files are touched here.
 */
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { arrayOf, putElement } from '../dtype.js';
import { QuadrilleError } from '../errors.js';
import type { NpyArray } from './file.js';
import { badFile, decodeElements, decodeHeader, encodeHeader, headerLength, ITEM_BYTES, type NpyData } from './npy.js';

const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50];
const [LOCAL_BYTES, CENTRAL_BYTES, END_BYTES] = [30, 46, 22];
const [STORED, DEFLATED] = [0, 8];
/** 1980-01-01, the first day a ZIP knows: the same arrays give the same bytes. */
const DATE = 0x21;
/** Of what has no ZIP64 record. */
const MOST_BYTES = 2 ** 32 - 1;

/** The bytes of an archive. Throws FILE_FORMAT if it would be 4 GiB or more. */
export function encodeNpz(arrays: ReadonlyMap<string, NpyArray>, compressed: boolean): Buffer {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { dtype, shape, data }] of arrays) {
    const plain = Buffer.concat([
      encodeHeader(dtype, shape),
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    ]);
    const packed = compressed ? deflateRawSync(plain) : plain;
    const file = Buffer.from(`${name}.npy`, 'utf8');
    // What the record before the entry and that of the directory have in common.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800, 2); // the name is UTF-8
    common.writeUInt16LE(compressed ? DEFLATED : STORED, 4);
    common.writeUInt16LE(DATE, 8);
    if (offset + packed.length + LOCAL_BYTES + file.length > MOST_BYTES || plain.length > MOST_BYTES)
      throw new QuadrilleError('FILE_FORMAT', 'The archive would have 4 GiB or more.', {
        hint: 'np.save, one file an array',
      });
    common.writeUInt32LE(crc32(plain), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(plain.length, 18);
    common.writeUInt16LE(file.length, 22);
    const central = Buffer.alloc(CENTRAL_BYTES);
    central.writeUInt32LE(CENTRAL, 0);
    central.writeUInt16LE(20, 4);
    common.copy(central, 6);
    central.writeUInt32LE(offset, 42);
    directory.push(central, file);
    const local = Buffer.alloc(4);
    local.writeUInt32LE(LOCAL, 0);
    parts.push(local, common, file, packed);
    offset += LOCAL_BYTES + file.length + packed.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(arrays.size, 8);
  end.writeUInt16LE(arrays.size, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

/** The arrays of an archive by name. Throws FILE_FORMAT, BAD_DTYPE. `path` is for messages. */
export function decodeNpz(bytes: Buffer, path: string): Map<string, NpyArray> {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || end + END_BYTES > bytes.length) throw badFile(path, 'it has no directory of an archive');
  const count = bytes.readUInt16LE(end + 10);
  const found = new Map<string, NpyArray>();
  let at = bytes.readUInt32LE(end + 16);
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL_BYTES > bytes.length || bytes.readUInt32LE(at) !== CENTRAL)
      throw badFile(path, 'its directory is damaged, or it is a ZIP64 archive');
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameLength);
    found.set(name.replace(/\.npy$/, ''), decodeNpy(entry(bytes, at, path), `${path}: ${name}`));
    at += CENTRAL_BYTES + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return found;
}

/** The contents of the entry whose record in the directory is at `at`. */
function entry(bytes: Buffer, at: number, path: string): Buffer {
  const [method, sum, size, from] = [
    bytes.readUInt16LE(at + 10),
    bytes.readUInt32LE(at + 16),
    bytes.readUInt32LE(at + 20),
    bytes.readUInt32LE(at + 42),
  ];
  if (from + LOCAL_BYTES > bytes.length) throw badFile(path, 'its directory is damaged, or it is a ZIP64 archive');
  const start = from + LOCAL_BYTES + bytes.readUInt16LE(from + 26) + bytes.readUInt16LE(from + 28);
  const packed = bytes.subarray(start, start + size);
  if (method !== STORED && method !== DEFLATED) throw badFile(path, `it is compressed by method ${method}`);
  const plain = method === DEFLATED ? inflateRawSync(packed) : packed;
  if (crc32(plain) !== sum) throw badFile(path, 'its contents do not fit their checksum');
  return plain;
}

function decodeNpy(bytes: Buffer, name: string): NpyArray {
  const header = decodeHeader(bytes.subarray(0, headerLength(bytes.subarray(0, 12), name)), name);
  const { dtype, shape, fortranOrder } = header;
  const size = shape.reduce((product, n) => product * n, 1);
  const elements = bytes.subarray(header.dataOffset, header.dataOffset + size * ITEM_BYTES[dtype]);
  if (elements.length !== size * ITEM_BYTES[dtype]) throw badFile(name, 'it ends before its elements do');
  const data = decodeElements(elements, header);
  return { dtype, shape, data: fortranOrder ? inCOrder(data, dtype, shape) : data };
}

/** Elements of which the first index runs fastest, otherwise. */
function inCOrder(data: NpyData, dtype: NpyArray['dtype'], shape: readonly number[]): NpyData {
  const result = arrayOf(dtype, data.length);
  const strides = shape.map((_, d) => shape.slice(d + 1).reduce((product, n) => product * n, 1));
  data.forEach((x: number | bigint, k: number) => {
    let [rest, at] = [k, 0];
    shape.forEach((n, d) => {
      at += (rest % n) * (strides[d] ?? 1);
      rest = Math.floor(rest / n);
    });
    putElement(result, at, x);
  });
  return result;
}
