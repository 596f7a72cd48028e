/** Python lines and arrays in, the arrays as real NumPy leaves them out: one Python process for any number of jobs. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DType } from '../../jit/program.js';
import { decodeElements } from '../../lib/io/npy.js';
import type { ReferenceArray } from '../reference/array.js';

/** Debian's own Python first: python3-numpy belongs to it, whatever other Python comes first in PATH. */
const PYTHONS = [process.env.QUADRILLE_PYTHON ?? '/usr/bin/python3', 'python3'];

export interface NumpyJob {
  /** Python source; sees `np`, the arrays as `f` and the numbers as `p`. */
  readonly source: string;
  readonly arrays: readonly ReferenceArray[];
  readonly params?: readonly number[];
}

/** What NumPy calls the dtypes. */
export const DTYPE_NAMES: Record<DType, string> = { f64: '<f8', f32: '<f4', i64: '<i8', i32: '<i4', bool: '|b1' };

/**
 * Python: NumPy 1.24 knows NumPy 2's promotion (NEP 50) when asked, but not in np.where, nor the integer results of floor,
 * ceil and trunc: those are told it. QUADRILLE_PYTHON names another Python, with NumPy 2.
 */
export const NUMPY_2 = `if hasattr(np, '_set_promotion_state'):
    np._set_promotion_state('weak')
    where, floor, ceil, trunc = np.where, np.floor, np.ceil, np.trunc
    def where2(c, a, b):
        t = np.result_type(a, b)
        return where(c, np.asarray(a).astype(t), np.asarray(b).astype(t))
    keeping = lambda f: lambda x: x if getattr(x, 'dtype', np.dtype(float)).kind in 'ib' else f(x)
    np.where, np.floor, np.ceil, np.trunc = where2, keeping(floor), keeping(ceil), keeping(trunc)`;

const DRIVER = `
import json, sys, numpy as np
np.seterr(all='ignore')
${NUMPY_2}
folder = sys.argv[1]
jobs = json.load(open(folder + '/jobs.json'))
data = bytearray(open(folder + '/data.bin', 'rb').read())
at = 0
out = open(folder + '/out.bin', 'wb')
for job in jobs:
    f = []
    for a in job['arrays']:
        count = int(np.prod(a['shape']))
        f.append(np.frombuffer(data, a['dtype'], count, at).reshape(a['shape']))
        at += -(-count * f[-1].itemsize // 8) * 8
    try:
        exec(job['source'], {'np': np, 'f': f, 'p': [float(x) for x in job['params']]})
    except Exception as e:
        sys.exit(f'{e!r} in\\n' + job['source'])
    for a, b in zip(job['arrays'], f, strict=True):
        if (a['dtype'], a['shape']) != (b.dtype.str, list(b.shape)):
            sys.exit(f"{a} became {b.dtype.str} {b.shape} in\\n" + job['source'])
    for a in f:  # in the order they have now: lines may swap them
        out.write(a.tobytes() + bytes(-a.nbytes % 8))
`;

let found: string | null | undefined;

/** The Python that has NumPy, or null where there is none. */
export function pythonWithNumpy(): string | null {
  found ??= PYTHONS.find((python) => spawnSync(python, ['-c', 'import numpy']).status === 0) ?? null;
  return found;
}

/** Changed copies of every job's arrays. Throws with Python's message if a job fails. */
export function runNumpy(jobs: readonly NumpyJob[]): ReferenceArray[][] {
  const python = pythonWithNumpy();
  if (python === null) throw new Error('NumPy was not found: ask pythonWithNumpy() first');
  const folder = mkdtempSync(join(tmpdir(), 'quadrille-numpy-'));
  try {
    const described = jobs.map((job) => ({
      source: job.source,
      params: (job.params ?? []).map(String),
      arrays: job.arrays.map((a) => ({ dtype: DTYPE_NAMES[a.dtype], shape: a.shape })),
    }));
    writeFileSync(join(folder, 'jobs.json'), JSON.stringify(described));
    writeFileSync(join(folder, 'data.bin'), Buffer.concat(jobs.flatMap((job) => job.arrays.map(paddedBytes))));
    const { status, stderr } = spawnSync(python, ['-c', DRIVER, folder], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`NumPy: ${stderr}`);
    const bytes = readFileSync(join(folder, 'out.bin'));
    let at = 0;
    return jobs.map((job) =>
      job.arrays.map((a) => {
        const copy = Uint8Array.from(bytes.subarray(at, at + a.data.byteLength)).buffer;
        at += Math.ceil(a.data.byteLength / 8) * 8;
        return {
          dtype: a.dtype,
          shape: a.shape,
          data: decodeElements(new Uint8Array(copy), { dtype: a.dtype, littleEndian: true }),
        };
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** To 8 bytes, so that every array in the file is aligned. */
function paddedBytes({ data }: ReferenceArray): Buffer {
  const bytes = Buffer.alloc(Math.ceil(data.byteLength / 8) * 8);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return bytes;
}
