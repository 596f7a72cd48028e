/** Without a native addon the first statement that needs it says what to build. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratchFolder } from '../scratch.js';
import { runScript } from './thrown.js';

const script = `import { Grid } from 'QUADRILLE'; new Grid([4]).field();`;

it('when the file is not there', () => {
  const { status, stderr } = runScript(script, {
    QUADRILLE_ADDON_DIR: scratchFolder('empty'),
  });
  expect(stderr).toContain('ADDON_MISSING');
  expect(stderr).toContain('npx quadrille setup');
  expect(status).toBe(1);
});

it('when the file is no addon', () => {
  const folder = scratchFolder('broken');
  writeFileSync(join(folder, 'quadrille.node'), 'not an ELF file');
  const { stderr } = runScript(script, { QUADRILLE_ADDON_DIR: folder });
  expect(stderr).toMatch(/ADDON_MISSING: .*does not load/);
});

it('when it is that of llvm-bindings', () => {
  const withoutBindings = `import Module from 'node:module';
    const { require } = Module.prototype;
    Module.prototype.require = function (name) {
      if (name === 'llvm-bindings') throw new Error('Could not locate the bindings file');
      return require.call(this, name);
    };
    const { Grid } = await import('QUADRILLE');
    const u = new Grid([4]).field();
    u.at('1:-1').set(1);
    await u.toArray();`;
  const { status, stderr } = runScript(withoutBindings, {
    XDG_CACHE_HOME: scratchFolder('cold'),
  });
  expect(stderr).toContain('ADDON_MISSING: llvm-bindings is not built');
  expect(stderr).toContain('npx quadrille setup');
  expect(status).toBe(1);
});
