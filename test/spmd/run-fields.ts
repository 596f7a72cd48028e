/**
 * `run-fields.js FOLDER`, alone or under mpirun: what a user gets out of fields and puts into them, asserted on every
 * rank. Loads FOLDER/*.npy where an earlier run (on another number of ranks) left them, and leaves its own.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Grid, isRoot, np, print, QuadrilleError, rank, size } from 'quadrille';
import { readNpy } from '../../lib/io/file.js';
import { noise } from '../cases/case.js';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: run-fields.js FOLDER');
const file = (name: string) => join(folder, name);

const shape = [23, 18, 7];
const value = noise(1);
const grid = new Grid(shape);
const u = grid.field('u', { init: value });
const expected = new Float64Array(23 * 18 * 7);
for (let i = 0, at = 0; i < 23; i++) {
  for (let j = 0; j < 18; j++) for (let k = 0; k < 7; k++) expected[at++] = value(i, j, k);
}

// Whole arrays: everywhere, or on one rank.
assert.deepEqual(await u.toArray(), expected);
const last = size - 1;
const only = await u.toArray({ root: last });
assert.deepEqual(only, rank === last ? expected : undefined);

// Single elements, on every rank.
assert.equal(await u.get(0, 0, 0), value(0, 0, 0));
assert.equal(await u.get(-1, 9, -7), value(22, 9, 0));

// The local blocks make up the whole.
assert.throws(
  () => {
    np`${u}[0] = 0.5`;
    return u.local;
  },
  (error: unknown) => error instanceof QuadrilleError && error.code === 'NOT_SYNCED',
);
await grid.sync();
const { offset, shape: extent, data } = u.local;
let at = 0;
for (let i = 0; i < (extent[0] ?? 0); i++) {
  for (let j = 0; j < (extent[1] ?? 0); j++) {
    for (let k = 0; k < (extent[2] ?? 0); k++) {
      const index = [i, j, k].map((x, d) => x + (offset[d] ?? 0));
      assert.equal(data[at++], index[0] === 0 ? 0.5 : value(...index));
    }
  }
}
assert.equal(data.length, at);

// Other ways to begin.
const row = new Grid([5]).field('row', { init: Float32Array.of(1, 2, 3, 4, 5), dtype: 'f32' });
const square = new Grid([2, 3]).field({
  init: [
    [1, 2, 3],
    [4, 5, 6],
  ],
});
assert.deepEqual(await row.toArray(), Float32Array.of(1, 2, 3, 4, 5));
assert.deepEqual(await square.toArray(), Float64Array.of(1, 2, 3, 4, 5, 6));

// Files: what another number of ranks saved is what we would save.
const single = grid.field('single', { dtype: 'f32', init: noise(2) });
const staggered = grid.field('staggered', { shape: [24, 18, 6], init: noise(3) });
for (const [name, field] of Object.entries({ u, single, staggered, row, square })) {
  const path = file(`${name}.npy`);
  if (existsSync(path)) {
    const before = await field.toArray();
    field.set(-1);
    await field.load(path);
    assert.deepEqual(await field.toArray(), before, `${name} loaded`);
  }
  await field.save(path);
  assert.deepEqual(readNpy(path).data, await field.toArray(), `${name} saved`); // every rank sees the finished file
}

// A loaded field's halos are fresh: its neighbours' new values are read.
const v = grid.field('v');
np`${v}[1:-1] = ${u}[2:] - ${u}[:-2]`;
await u.load(file('u.npy'));
np`${u}[0] = 1`;
np`${v}[1:-1] = ${u}[2:] - ${u}[:-2]`;
const differences = await v.toArray();
for (const i of [1, 2, 10, 21]) {
  const above = i === 1 ? 1 : value(i - 1, 4, 5);
  assert.equal(differences[(i * 18 + 4) * 7 + 5], value(i + 1, 4, 5) - above);
}

// Pictures: drawn from every second point.
const wide = new Grid([90, 130]).field('wide', { init: (i, j) => i - j });
await wide.plot(file(`wide-${size}.png`), { width: 65, colormap: 'diverging' });
await u.plot(file(`slice-${size}.png`), { slice: -2 });
await row.plot(file(`row-${size}.png`));

grid.dispose();
print(isRoot ? `all well on ${size}` : 'only rank 0 prints');
