/** Memory that cannot be had is refused where the field is made. */
import { Grid } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { file, runScript, thrown } from './thrown.js';

const fake = installFakeEngine();

it('comes from the engine with the line of the field', () => {
  const grid = new Grid([4]);
  fake.failure = Object.assign(new Error('32 bytes were asked for, there are 3.'), { code: 'OUT_OF_MEMORY' });
  const error = thrown('OUT_OF_MEMORY', () => grid.field());
  expect(error.summary).toBe('32 bytes were asked for, there are 3.');
  expect(file(error)).toBe('out-of-memory.test.ts');
});

it('says how much was asked for, in a real process, and the process lives', () => {
  const { status, stdout } = runScript(
    `import { Grid } from 'QUADRILLE';
     try { new Grid([2 ** 24, 2 ** 20]).field(); } catch (error) { console.log(error.code, error.summary); }`,
    {},
  );
  expect(stdout).toMatch(/^OUT_OF_MEMORY .*\d/);
  expect(status).toBe(0);
});
