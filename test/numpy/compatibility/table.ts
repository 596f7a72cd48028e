/**
 * What of NumPy and Python is there: forms as a program writes them, each with what it comes to. The tests run every
 * one of them here and in NumPy; docs/numpy-compatibility.md is this table.
 */
import { COMPUTING } from './computing.js';
import { CREATION } from './creation.js';
import { INDEXING } from './indexing.js';
import { PYTHON } from './python.js';
import type { Group, Outcome } from './row.js';

/**
 * Names in the forms: u, v: 5 x 6 · w: 4 x 5 x 6 · x: 6, y: 5 · s: 5 x 6 of float32 · t: 2048 numbers from 0.001 to 0.999 ·
 * a: a float, n: an int.
 */
export const GROUPS: readonly Group[] = [...INDEXING, ...COMPUTING, ...CREATION, ...PYTHON];

/** docs/numpy-compatibility.md */
export function compatibilityTable(): string {
  const code = (text: string): string => `\`${text.replace(/\n/g, '; ').replace(/\|/g, '\\|')}\``;
  const told = (outcome: Outcome): string => {
    if (outcome === 'same') return 'NumPy’s bits';
    return typeof outcome === 'number' ? `≤ ${outcome} ULP from NumPy` : `refused: \`${outcome}\``;
  };
  const sections = GROUPS.flatMap(({ title, note, rows: all }) => {
    const outcomes = [...new Set(all.map(({ outcome }) => outcome))];
    return [
      `## ${title}`,
      '',
      ...(note === undefined ? [] : [note, '']),
      '| Result | Forms |',
      '| --- | --- |',
      ...outcomes.map((outcome) => {
        const forms = all.filter((row) => row.outcome === outcome).map(({ form }) => code(form));
        return `| ${told(outcome)} | ${forms.join(' · ')} |`;
      }),
      '',
    ];
  });
  return [
    '# NumPy, as far as it is here',
    '',
    'Every form below is run by the tests (`test/numpy/compatibility.test.ts`), here and in NumPy, as part of a program that',
    '`numpy.compile` reads; what `np` text takes is the same but for Python itself. Generated from their table by',
    '`npm run compatibility-table`; do not edit.',
    '',
    '`u`, `v` are 5 × 6 and `w` 4 × 5 × 6 of float64, `x` has 6 elements, `y` 5; `s` is of float32, `t` holds 2048 numbers',
    'between 0 and 1; `a` is a float, `n` an int.',
    '',
    ...sections,
  ].join('\n');
}
