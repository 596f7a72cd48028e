/** The table of codes: documented as it is, and every code has its test. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { didYouMean, ERROR_CODES, errorTable, QuadrilleError } from '../../lib/errors.js';

it.each(Object.keys(ERROR_CODES))('%s has a test of its own', (code) => {
  const file = new URL(`./${code.toLowerCase().replaceAll('_', '-')}.test.ts`, import.meta.url);
  expect(existsSync(file)).toBe(true);
  expect(readFileSync(file, 'utf8')).toContain(code);
});

it('docs/errors.md is the table', () => {
  expect(readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')).toBe(errorTable());
});

describe('an error', () => {
  it('says where the user wrote it', () => {
    const error = new QuadrilleError('BAD_SLICE', 'So it is.', { found: 'this', expected: 'that', hint: 'do' });
    expect(error.message).toMatch(
      /^BAD_SLICE: So it is\.\n {2}at {8}test\/errors\/codes\.test\.ts:\d+:\d+\n {2}found {5}this\n {2}expected {2}that\n {2}hint {6}do$/,
    );
    expect(error.name).toBe('QuadrilleError');
  });

  it('suggests names that are near, and only those', () => {
    const known = ['periodic', 'processGrid', 'dtype'];
    expect(didYouMean('perodic', known)).toBe("did you mean 'periodic'?");
    expect(didYouMean('dytpe', known)).toBe("did you mean 'dtype'?");
    expect(didYouMean('Periodic', known)).toBe("did you mean 'periodic'?");
    expect(didYouMean('threads', known)).toBeUndefined();
  });
});
