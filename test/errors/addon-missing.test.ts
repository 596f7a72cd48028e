/** Without the native addon the first grid says what to build. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runScript } from './thrown.js';

const script = `import { Grid } from 'QUADRILLE'; new Grid([4]).field();`;

it('when the file is not there', () => {
  const { status, stderr } = runScript(script, {
    QUADRILLE_ADDON_DIR: mkdtempSync(join(tmpdir(), 'quadrille-empty-')),
  });
  expect(stderr).toContain('ADDON_MISSING');
  expect(stderr).toContain('npm rebuild quadrille');
  expect(status).toBe(1);
});

it('when the file is no addon', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quadrille-broken-'));
  writeFileSync(join(folder, 'quadrille.node'), 'not an ELF file');
  const { stderr } = runScript(script, { QUADRILLE_ADDON_DIR: folder });
  expect(stderr).toMatch(/ADDON_MISSING: .*does not load/);
});
