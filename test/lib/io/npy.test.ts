/** .npy files: what NumPy writes we read, what we write NumPy reads, and what is no such file is refused by name. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { QuadrilleError } from '../../../lib/errors.js';
import { loadNpy, readNpy, saveNpy, slabs, writeNpy } from '../../../lib/io/file.js';
import { pythonWithNumpy } from '../../numpy/numpy.js';
import { type ReferenceArray, referenceArray, sizeOf } from '../../reference/array.js';
import { firstDifference } from '../../reference/compare.js';
import { filled } from '../../reference/programs.js';
import { memoryField } from './memory-field.js';

const folder = mkdtempSync(join(tmpdir(), 'quadrille-npy-'));
afterAll(() => rmSync(folder, { recursive: true }));
const python = pythonWithNumpy();

function runPython(source: string): string {
  const { status, stdout, stderr } = spawnSync(python ?? 'python3', ['-c', `import numpy as np\n${source}`], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof QuadrilleError) return error.code;
    throw error;
  }
  return 'no error';
}

async function codeOfAsync(action: () => Promise<unknown>): Promise<string> {
  const error = await action().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof QuadrilleError ? error.code : String(error);
}

/** 0, 1, 2, ... in C order. */
function counting(shape: readonly number[], dtype: 'f64' | 'f32' = 'f64'): ReferenceArray {
  const array = referenceArray(shape, dtype);
  array.data.forEach((_, k) => {
    array.data[k] = k;
  });
  return array;
}

const SHAPES = [[7], [1], [3, 5], [2, 3, 4], [2, 3, 4, 5], [0, 3]];

describe.skipIf(python === null)('.npy and NumPy', () => {
  for (const shape of SHAPES) {
    for (const dtype of ['f64', 'f32'] as const) {
      it(`NumPy's own bytes for ${dtype} of shape (${shape})`, () => {
        const array = counting(shape, dtype);
        writeNpy(join(folder, 'ours.npy'), array.data, shape);
        const type = dtype === 'f64' ? 'f8' : 'f4';
        runPython(
          `np.save('theirs.npy', np.arange(${sizeOf(shape)}, dtype='${type}').reshape(${JSON.stringify(shape)}))`,
        );
        expect(readFileSync(join(folder, 'ours.npy'))).toEqual(readFileSync(join(folder, 'theirs.npy')));
      });
    }
  }

  for (const type of ['<f8', '<f4', '>f8', '>f4']) {
    for (const order of ['C', 'F']) {
      for (const version of ['(1, 0)', '(2, 0)']) {
        it(`reads ${type} in ${order} order, version ${version}`, () => {
          runPython(`a = np.asarray(np.arange(60).reshape(3, 4, 5), '${type}', order='${order}')
with open('t.npy', 'wb') as f: np.lib.format.write_array(f, a, version=${version})`);
          const expected = counting([3, 4, 5], type.endsWith('8') ? 'f64' : 'f32');
          expect(firstDifference(readNpy(join(folder, 't.npy')), expected)).toBeNull();
        });
      }
    }
  }

  it('saves a field in slabs that NumPy reads as one array', async () => {
    const array = filled([6, 5, 4]);
    const field = memoryField(array);
    await saveNpy(field, join(folder, 'slabs.npy'), 3 * 4 * 8);
    expect(field.gathered).toHaveLength(12);
    expect(runPython(`a = np.load('slabs.npy'); print(a.shape, a.dtype, a[5, 2, 1])`)).toBe(
      `(6, 5, 4) float64 ${array.data[109]}`,
    );
    expect(firstDifference(readNpy(join(folder, 'slabs.npy')), array)).toBeNull();
  });

  it.each(['i8', 'i4', '?', '>i8', '>i4'])('of %s goes both ways', (descr) => {
    runPython(`np.save('whole.npy', np.array([[3, 0, -1], [7, 2**31 - 1, 5]]).astype('${descr}'))`);
    const array = readNpy(join(folder, 'whole.npy'));
    writeNpy(join(folder, 'back.npy'), array.data, array.shape);
    const native = descr.replace('>', '');
    expect(
      runPython(`a, b = np.load('whole.npy'), np.load('back.npy'); print((a == b).all(), b.dtype == '${native}')`),
    ).toBe('True True');
  });

  it('refuses what no field can hold, and says how to convert it', () => {
    runPython(`np.save('short.npy', np.arange(3, dtype='i2'))`);
    expect(codeOf(() => readNpy(join(folder, 'short.npy')))).toBe('FILE_FORMAT');
    expect(() => readNpy(join(folder, 'short.npy'))).toThrow(/'<i2'[\s\S]*astype/);
  });
});

describe('saving a field', () => {
  it('writes the file on rank 0 only, and every rank waits for it', async () => {
    const field = memoryField(filled([4, 4]), { isRoot: false });
    await saveNpy(field, join(folder, 'nobody.npy'));
    expect(readdirSync(folder)).not.toContain('nobody.npy');
    expect(field.gathered).toHaveLength(1);
    expect(field.barriers).toHaveLength(1);
  });

  it('leaves no half file and goes through every gather where it cannot write', async () => {
    const field = memoryField(filled([4, 4]));
    expect(await codeOfAsync(() => saveNpy(field, join(folder, 'missing', 'u.npy'), 32))).toBe('FILE_ACCESS');
    expect(field.gathered).toHaveLength(4);
    expect(field.barriers).toHaveLength(1);
    writeFileSync(join(folder, 'plain'), '');
    expect(await codeOfAsync(() => saveNpy(memoryField(filled([4])), join(folder, 'plain', 'u.npy')))).toBe(
      'FILE_ACCESS',
    );
    expect(readdirSync(folder).filter((name) => name.includes('.tmp'))).toEqual([]);
  });
});

describe('slabs', () => {
  for (const shape of SHAPES) {
    for (const bytes of [8, 24, 100, 1e6]) {
      it(`of ${bytes} bytes are the C order of (${shape}), piece by piece`, async () => {
        const array = counting(shape);
        const field = memoryField(array);
        const pieces: (number | bigint)[] = [];
        for (const region of slabs(shape, 8, bytes)) {
          const piece = await field.gather(region);
          expect((piece?.length ?? 0) * 8).toBeLessThanOrEqual(bytes);
          pieces.push(...(piece ?? []));
        }
        expect(pieces).toEqual([...array.data]);
      });
    }
  }
});

describe('loading a field', () => {
  const file = join(folder, 'load.npy');

  it('gives every rank its own block', async () => {
    const array = filled([6, 5, 4]);
    writeNpy(file, array.data, array.shape);
    const loaded = referenceArray([6, 5, 4]);
    for (const [x, nx] of [
      [0, 2],
      [2, 4],
    ] as const) {
      for (const [y, ny] of [
        [0, 3],
        [3, 2],
      ] as const) {
        await loadNpy(memoryField(loaded, { offset: [x, y, 0], extent: [nx, ny, 4] }), file);
      }
    }
    expect(firstDifference(loaded, array)).toBeNull();
  });

  it('refuses another shape and another dtype', async () => {
    writeNpy(file, new Float64Array(6), [2, 3]);
    expect(await codeOfAsync(() => loadNpy(memoryField(referenceArray([3, 2])), file))).toBe('SHAPE_MISMATCH');
    expect(await codeOfAsync(() => loadNpy(memoryField(referenceArray([2, 3], 'f32')), file))).toBe('BAD_DTYPE');
  });

  it('refuses what is no .npy file, what is cut short, and what is not there', () => {
    writeFileSync(file, 'hello, this is some text');
    expect(codeOf(() => readNpy(file))).toBe('FILE_FORMAT');
    writeFileSync(file, '');
    expect(codeOf(() => readNpy(file))).toBe('FILE_FORMAT');
    writeNpy(file, new Float64Array(6), [2, 3]);
    writeFileSync(file, readFileSync(file).subarray(0, -8));
    expect(codeOf(() => readNpy(file))).toBe('FILE_FORMAT');
    expect(codeOf(() => readNpy(join(folder, 'not-there.npy')))).toBe('FILE_ACCESS');
  });
});
