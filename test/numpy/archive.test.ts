/** Archives of arrays: NumPy reads what is written here, and what NumPy writes is read here, stored and deflated. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readNpy, writeNpy } from '../../lib/io/file.js';
import { decodeNpz, encodeNpz } from '../../lib/io/npz.js';
import { pythonWithNumpy } from './numpy.js';

const scratch = mkdtempSync(join(tmpdir(), 'quadrille-archive-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const arrays = new Map([
  ['u', { dtype: 'f64', shape: [2, 3], data: Float64Array.of(1, 2.5, -0, Number.NaN, 1e300, 6) }],
  ['k', { dtype: 'i64', shape: [3], data: BigInt64Array.of(1n, -(2n ** 60n), 3n) }],
  ['empty', { dtype: 'f32', shape: [0, 4], data: new Float32Array(0) }],
  ['größe', { dtype: 'bool', shape: [2], data: Uint8Array.of(1, 0) }],
] as const);

const code = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
};

describe.each([false, true])('compressed: %s', (compressed) => {
  it('comes back as it was', () => {
    expect(decodeNpz(encodeNpz(arrays, compressed), 'a.npz')).toEqual(arrays);
  });

  it.skipIf(pythonWithNumpy() === null)('is what NumPy reads, and NumPy’s is what is read here', () => {
    const [ours, theirs, f] = ['ours.npz', 'theirs.npz', 'f.npy'].map((name) => join(scratch, name));
    writeFileSync(ours ?? '', encodeNpz(arrays, compressed));
    writeNpy(f ?? '', Float64Array.of(0, 1, 2, 3, 4, 5), [2, 3]);
    const save = compressed ? 'savez_compressed' : 'savez';
    const script = `import numpy as np
a = np.load('${ours}')
np.${save}('${theirs}', f=np.asfortranarray(np.load('${f}')), **{k: a[k] for k in a.files})`;
    const { stderr } = spawnSync(pythonWithNumpy() ?? '', ['-c', script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const read = decodeNpz(readFileSync(theirs ?? ''), 'theirs.npz');
    const { dtype, shape, data } = readNpy(f ?? '');
    expect(read).toEqual(new Map([['f', { dtype, shape, data }], ...arrays]));
  });
});

it('damaged ones are refused', () => {
  const bytes = encodeNpz(arrays, false);
  const flipped = Buffer.from(bytes);
  flipped[200] = (flipped[200] ?? 0) ^ 1;
  for (const wrong of [Buffer.alloc(0), bytes.subarray(0, -30), flipped, Buffer.from('PK\x05\x06'.padEnd(22, '\x01'))])
    expect(code(() => decodeNpz(wrong, 'a.npz'))).toBe('FILE_FORMAT');
});
