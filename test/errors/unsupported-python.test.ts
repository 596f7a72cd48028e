/** Python that is not translated is refused by name. */
import { Grid, np } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { text, thrown } from './thrown.js';

installFakeEngine();
const { u, v } = new Grid([4]).fields('u', 'v');
const w = new Grid([4, 4]).field('w');

it.each([
  ['for i in range(3):\n  a = 1', 'A for loop'],
  ['while True:\n  a = 1', 'A while loop'],
  ['if a:\n  b = 1', 'An if statement'],
  ['def f():\n  return 1', 'A function definition'],
  ['import numpy as np', 'An import'],
  ['a = 1 if b else 2', "'a if c else b'"],
  ['a = lambda x: x', 'A lambda'],
  ['a = [1, 2]', 'A list'],
  ['a = "s"', 'A string'],
  ['a = 3j', 'A complex number'],
  ['a = 1 @ 2', 'The operator @'],
  ['a = 1 < 2 < 3', 'A chained comparison'],
  ['a = 1 and 2', "'and'"],
  ['a = not 1', "'not'"],
  ['a = 1 is 2', "'is'"],
  ['a: int = 1', 'A type annotation'],
  ['a, b = c', 'Unpacking'],
  ['assert 1', 'Assert'],
  ['a = None', 'None'],
  ["a = 'x'", 'A string'],
  ['a = np.linalg', 'np.linalg'],
  ['a = np.fft.fft(1)', 'np.fft.fft'],
  ['a = (1 + 2).copy()', 'The method .copy'],
  ['del a', 'Del'],
  ['print(1)\na = 1', ''],
])('%s', (source, name) => {
  const strings = Object.assign([source], { raw: [source] });
  if (name === '') thrown('UNKNOWN_NAME', () => np(strings));
  else expect(thrown('UNSUPPORTED_PYTHON', () => np(strings)).summary.startsWith(name)).toBe(true);
});

it('reductions of another kind', () => {
  thrown('UNSUPPORTED_PYTHON', () => np`np.cumsum(${u})`);
  thrown('UNSUPPORTED_PYTHON', () => np`np.sum(${u}, where=${u})`);
  thrown('UNSUPPORTED_PYTHON', () => np`np.dot(${w}, ${w})`);
  thrown('UNSUPPORTED_PYTHON', () => np`${w} @ ${u}`);
  thrown('UNSUPPORTED_PYTHON', () => np`np.linalg.norm(${w}, 2)`);
  thrown('UNSUPPORTED_PYTHON', () => np`np.linalg.inv(${w})`);
});

it('hints at what is accepted', () => {
  expect(
    text(thrown('UNSUPPORTED_PYTHON', () => np`${u} = np.dot(${w}, ${w})`)),
  ).toBe(`UNSUPPORTED_PYTHON: np.dot is translated for vectors only. (line 1, column 8 of the template)
  | \${u} = np.dot(\${w}, \${w})
  |        ^^^^^^^^^^^^^^^^^^
  hint      the sum of products over all elements is np.vdot(a, b)`);
  expect(thrown('UNSUPPORTED_PYTHON', () => np`${u} = np.sqqrt(${v})`).hint).toBe("did you mean 'sqrt'?");
});

it('an expression that goes nowhere', () => {
  thrown(
    'UNSUPPORTED_PYTHON',
    () => np`
    ${u}[0] = 1
    ${u} + ${v}
  `,
  );
});

it('slices of numbers, and exchanges that would make one array of two', () => {
  thrown('UNSUPPORTED_PYTHON', () => np`${u}[1:] = (${2} + 3)[1:]`);
  thrown('UNSUPPORTED_PYTHON', () => np`${u}, ${v} = ${v}, ${v}`);
  thrown('UNSUPPORTED_PYTHON', () => np`${u}[0], ${v}[0] = 1, 2`);
});

it('arrays whose size depends on the data', () => {
  thrown('UNSUPPORTED_PYTHON', () => np`${u} = ${v}[${v} > 0]`);
  thrown('UNSUPPORTED_PYTHON', () => np`np.where(${v} > 0)`);
  thrown('UNSUPPORTED_PYTHON', () => np`${v}[${v}] = 0`);
});
