/** Text that is not Python is refused with line, column and caret. */
import { Grid, np } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { file, text, thrown } from './thrown.js';

installFakeEngine();
const { u, v } = new Grid([4]).fields('u', 'v');

it('with a caret where the reader stopped', () => {
  const error = thrown(
    'SYNTAX',
    () => np`
    ${u}[1:] = 3
    ${v} = (${u} + ) * 2  # half
  `,
  );
  expect(text(error)).toBe(`SYNTAX: This is not Python. (line 3, column 16 of the template)
  | \${v} = (\${u} + ) * 2  # half
  |                ^`);
  expect(file(error)).toBe('syntax.test.ts');
});

it.each(['a = = 3', 'x[1:', '(1', 'a b', 'a =', '3x', 'x[1:2:3:4] = 0', 'x[,1] = 2', '1 +', '$'])('%s', (source) => {
  const strings = Object.assign([source], { raw: [source] });
  thrown('SYNTAX', () => np(strings));
});

it('an interpolation glued to a name', () => void thrown('SYNTAX', () => np`x${u} = 1`));
