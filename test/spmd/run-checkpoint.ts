/**
 * A run that was saved half way: FOLDER/half is read if it is there, else computed and saved. Either way the run is
 * finished and FOLDER/end-*.npy, from the first run, are what all fields must come to.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { barrier, Grid, np, print, QuadrilleError, rank, size, swap } from 'quadrille';
import { readNpy } from '../../lib/io/file.js';

const [folder = ''] = process.argv.slice(2);
const half = join(folder, 'half');
const end = (k: number): string => join(folder, `end-${k}.npy`);

const grid = new Grid([37, 23]);
const u = grid.field('u', { init: (i, j) => ((i * 7 + j * 3) % 11) / 11 });
const next = grid.field('next');
const staggered = grid.field('a/b', { shape: [38, 23], dtype: 'f32', init: (i) => i });
const count = grid.field({ dtype: 'i64', init: (i, j) => i * 100 + j });
const all = [u, next, staggered, count];
function steps(n: number): void {
  for (let k = 0; k < n; k++) {
    np`${next}[1:-1, 1:-1] = 0.25 * (${u}[:-2, 1:-1] + ${u}[2:, 1:-1] + ${u}[1:-1, :-2] + ${u}[1:-1, 2:])
       ${staggered}[1:] += ${u}
       ${count} += 1`;
    swap(u, next);
  }
}

const there = existsSync(half);
await barrier(); // every rank has looked
if (there) {
  for (const field of all) field.set(1);
  await grid.restore(half);
} else {
  steps(5); // an odd number: the names have changed their places
  await grid.checkpoint(half);
  await grid.checkpoint(`${half}/`); // replaces the first
}
steps(4);
if (there) for (const [k, field] of all.entries()) assert.deepEqual(await field.toArray(), readNpy(end(k)).data);
else for (const [k, field] of all.entries()) await field.save(end(k));
const total = await count.get(36, 22);
assert.equal(total, 3631n);

// The list is looked at before any field is touched.
const other = new Grid([37, 23]);
other.field('u');
await assert.rejects(other.restore(half), (error) => error instanceof QuadrilleError && error.code === 'FILE_FORMAT');
await assert.rejects(grid.restore(join(folder, 'none')), /FILE_ACCESS/);

// What cannot be written is told on rank 0, where it would have been written; the ranks stay together.
const refused = await grid.checkpoint(end(0)).then(
  () => 'nothing',
  (error) => error.code,
);
assert.equal(refused, rank === 0 ? 'FILE_ACCESS' : 'nothing');
assert.equal(await count.get(36, 22), 3631n);
print(`all well on ${size}, ${there ? 'restored' : 'saved'}`);
