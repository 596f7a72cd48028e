/** Options that do not exist, or cannot have that value, are refused by name. */
import { Grid, Stencil } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { file, rejected, text, thrown } from './thrown.js';

installFakeEngine({ size: 4 });

it('unknown ones, with what was probably meant', () => {
  const error = thrown('BAD_OPTION', () => new Grid([4], Object.fromEntries([['periodc', true]])));
  expect(text(error)).toBe(`BAD_OPTION: Grid has no option 'periodc'
  expected  'dtype', 'periodic', 'processGrid', 'threads', 'odf', 'batch', 'timeTile', 'tune', 'contract'
  hint      did you mean 'periodic'?`);
  expect(file(error)).toBe('bad-option.test.ts');
  expect(thrown('BAD_OPTION', () => new Grid([4]).field(Object.fromEntries([['ini', 1]]))).hint).toBe(
    "did you mean 'init'?",
  );
});

it.each([
  { threads: 0 },
  { threads: 1.5 },
  { odf: -1 },
  { batch: Number.NaN },
  { timeTile: 0 },
  { periodic: [true] },
  { processGrid: [3, 1] },
  { processGrid: [4] },
  { processGrid: [-2, -2] },
])('%j', (options) => void thrown('BAD_OPTION', () => new Grid([8, 8], options)));

it('a way of tuning that there is not, asked for by the grid or by the environment', () => {
  expect(thrown('BAD_OPTION', () => new Grid([8], Object.fromEntries([['tune', 'fast']]))).expected).toBe(
    "'off', 'model' or 'measure'",
  );
  process.env['QUADRILLE_TUNE'] = 'fast';
  try {
    expect(thrown('BAD_OPTION', () => new Grid([8])).message).toContain("QUADRILLE_TUNE is 'fast'");
    expect(new Grid([8], { tune: 'off' }).tune).toBe('off');
    process.env['QUADRILLE_TUNE'] = 'measure';
    expect(new Grid([8]).tune).toBe('measure');
  } finally {
    delete process.env['QUADRILLE_TUNE'];
  }
  expect(new Grid([8]).tune).toBe('model');
});

it('more threads than the engine was started with', () => {
  new Grid([4], { threads: 2 }).field();
  thrown('BAD_OPTION', () => new Grid([4], { threads: 3 }).field());
});

it('an iterate that does not say whether to go on', async () => {
  class Forgetful extends Stencil {
    // @ts-expect-error: what a JavaScript user may write
    override iterate(): void {}
  }
  expect((await rejected('BAD_OPTION', () => new Forgetful([4]).solve(3))).expected).toContain('true to go on');
  await rejected('BAD_OPTION', () => new Forgetful([4]).solve(1.5));
});

it('a root that is no rank', async () =>
  void (await rejected('BAD_OPTION', () => new Grid([4]).field().toArray({ root: 4 }))));
