/** Every form of the compatibility table, run here and by NumPy: same bits, within its bound, or refused with its code. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compatibilityTable, GROUPS } from './compatibility/table.js';
import { byNumpy, outcomeOf } from './forms.js';
import { pythonWithNumpy } from './numpy.js';

it('docs/numpy-compatibility.md is the table', () => {
  expect(readFileSync(new URL('../../docs/numpy-compatibility.md', import.meta.url), 'utf8')).toBe(
    compatibilityTable(),
  );
});

const all = GROUPS.flatMap(({ rows }) => rows);
const expected = pythonWithNumpy() === null ? [] : byNumpy(all);

describe.skipIf(pythonWithNumpy() === null).each(GROUPS)('$title', ({ rows }) => {
  it.each(rows)('$form', async (row) => {
    const { outcome } = row;
    const found = await outcomeOf(row, expected[all.indexOf(row)] ?? 'nothing');
    if (typeof outcome === 'string') expect(found).toBe(outcome);
    else if (found !== 'same') expect(found).toBeLessThanOrEqual(outcome);
  });
});
