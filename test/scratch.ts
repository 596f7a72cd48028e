/** A name in, an empty folder out: gone when the tests of the file that asked for it are over. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

export function scratchFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `quadrille-${name}-`));
  folders.push(folder);
  return folder;
}
