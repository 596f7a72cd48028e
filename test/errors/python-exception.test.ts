/** Exceptions of Python's come with the line of the program that raised them. */
import { numpy, QuadrilleError } from 'quadrille';
import { expect, it } from 'vitest';

async function raised(text: string): Promise<QuadrilleError> {
  try {
    await numpy.compile(text, { filename: 'f.py' });
  } catch (error) {
    if (error instanceof QuadrilleError) return error;
    throw error;
  }
  throw new Error('nothing was raised');
}

it.each([
  ['x = 1 / 0', 'ZeroDivisionError: division by zero'],
  ['x = 1.0 % 0', 'ZeroDivisionError: float modulo'],
  ['x = [1, 2][2]', 'IndexError: list index out of range'],
  ['a, b = 1, 2, 3', 'ValueError: too many values to unpack (expected 2)'],
  ['a, b = [1]', 'ValueError: not enough values to unpack (expected 2, got 1)'],
  ["x = 1 + 'a'", "TypeError: unsupported operand type(s) for +: 'int' and 'str'"],
  ['assert 1 > 2, "no"', 'AssertionError: no'],
  ["raise ValueError('bad dt')", 'ValueError: bad dt'],
  ['def f(a):\n  return a\nf()', "TypeError: f() missing required argument: 'a'"],
  ['def f(a):\n  return a\nf(1, b=2)', "TypeError: f() got an unexpected keyword argument 'b'"],
  ['def f(a):\n  return f(a)\nf(1)', 'RecursionError: more than 256 calls within calls'],
  ['def f():\n  x = y\n  y = 1\nf()', "UnboundLocalError: the local variable 'y' has no value yet"],
  ['print(x)\nx = 1', "NameError: name 'x' is not defined yet"],
  ['import math\nx = math.sqrt(-1)', 'ValueError: math domain error'],
  ["x = int('a')", "ValueError: invalid literal for int() with base 10: 'a'"],
  ['x = 2.0 ** 5000', "OverflowError: (34, 'Numerical result out of range')"],
])('%s', async (text, message) => {
  const error = await raised(text);
  expect(error.code).toBe('PYTHON_EXCEPTION');
  expect(error.summary).toBe(message);
});

it('is shown with the line', async () => {
  const error = await raised('def mean(xs):\n    return sum(xs) / len(xs)  # of none\n\nprint(mean([1]))\nmean([])');
  expect(error.message.split('\n').slice(0, 4)).toEqual([
    'PYTHON_EXCEPTION: ZeroDivisionError: division by zero',
    '  at        f.py:2:5',
    '  |     return sum(xs) / len(xs)  # of none',
    '  |     ^^^^^^^^^^^^^^^^^^^^^^^^',
  ]);
});
