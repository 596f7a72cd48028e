/** A checkpoint saved on some ranks is restored on others, and the run ends as the one that went on. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Grid } from 'quadrille';
import { afterAll, expect, it } from 'vitest';
import { launch } from './launch.js';

const folder = mkdtempSync(join(tmpdir(), 'quadrille-checkpoint-'));
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  [3, 'saved'],
  [0, 'restored'],
  [1, 'restored'],
  [4, 'restored'],
  [6, 'restored'],
])('at %i ranks: %s', async (ranks, what) => {
  const { status, output } = await launch({ ranks, script: 'test/spmd/run-checkpoint.ts', args: [folder] });
  expect(output).toContain(`all well on ${Math.max(1, ranks)}, ${what}`);
  expect(status).toBe(0);
  expect(readdirSync(folder).sort()).toEqual([...[0, 1, 2, 3].map((k) => `end-${k}.npy`), 'half']); // nothing is left beside it
});

it('the checkpoint before is read where the process ended between two renames', async () => {
  const grid = new Grid([4]);
  const u = grid.field('u', { init: 3 });
  const dir = join(folder, 'ended');
  await grid.checkpoint(dir);
  renameSync(dir, `${dir}.previous`);
  u.set(0);
  await grid.restore(dir);
  expect(await u.toArray()).toEqual(Float64Array.of(3, 3, 3, 3));
  await grid.checkpoint(dir);
  expect(existsSync(`${dir}.previous`)).toBe(false);
});

it('a folder that is no checkpoint is not replaced', async () => {
  const grid = new Grid([4]);
  grid.field('u');
  const dir = join(folder, 'mine');
  mkdirSync(dir);
  await expect(grid.checkpoint(dir)).rejects.toMatchObject({ code: 'FILE_ACCESS' });
  expect(existsSync(dir)).toBe(true);
  await expect(grid.checkpoint('')).rejects.toMatchObject({ code: 'BAD_OPTION' });
});
