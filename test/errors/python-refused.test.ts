/** Programs that use what is not translated are refused before anything runs, by name, place and what works instead. */
import { numpy, QuadrilleError } from 'quadrille';
import { describe, expect, it } from 'vitest';

async function refusal(text: string): Promise<QuadrilleError> {
  try {
    // Were it run, it would say so.
    await numpy.compile(`raise RuntimeError('it ran')\n${text}`, { filename: 'f.py' });
  } catch (error) {
    if (error instanceof QuadrilleError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('what is not translated', () => {
  it.each([
    ['class A:\n  def __len__(self):\n    return 1', 'A class with __len__'],
    ['class A:\n  print(1)', 'A class with other than methods'],
    ['class A:\n  pass\nclass B:\n  pass\nclass C(A, B):\n  pass', 'A class of several bases'],
    ['class A:\n  pass\nclass B(A):\n  def __init__(self):\n    super().__init__()', 'Super'],
    ['try:\n  x = 1\nexcept E:\n  pass', 'except E'],
    ['f = [lambda: i for i in range(3)]', 'A lambda that reads i of the comprehension'],
    ['with open("f") as f:\n  pass', 'with'],
    ['x = {1, 2}', 'A set'],
    ['x = 3j', 'A complex number'],
    ['def f(a):\n  yield a', 'yield'],
    ['import numpy as np\nwith np.printoptions(precision=3):\n  pass', 'with'],
    ['import numpy as np\nwith np.errstate(all="ignore") as e:\n  pass', 'with'],
    ['f = lambda x: np.zeross(x)\nimport numpy as np', 'np.zeross'],
    ['def f():\n  def g():\n    return open("f")', 'Open'],
    ['import numpy as np\nnp.maximum(*[1, 2])', "'*' among the arguments of np.maximum"],
    ['def f(u, xs):\n  return u.sum(*xs)', "'*' among the arguments of .sum"],
    ['if (n := 3):\n  pass', "':='"],
    ['import os', 'The module os'],
    ['import matplotlib.pyplot as plt', 'The module matplotlib'],
    ['from scipy import sparse', 'The module scipy'],
    ['from numpy import *', 'from numpy import *'],
    ['import numpy as np\nnp = 3', 'An assignment to np'],
    ['import numpy as np\nx = np', 'The module np as a value'],
    ['import numpy as np\nnp.savetxt("a", 1)', 'np.savetxt'],
    ['import numpy as np\nnp.zeross(3)', 'np.zeross'],
    ['import numpy as np\nnp.random.randn(3)', 'np.random.randn'],
    ['import numpy as np\nrng = np.random.default_rng(1)\nrng.normal()', '.normal'],
    ['from dataclasses import dataclass', 'The module dataclasses'],
    ['import numpy as np\nnp.linalg.solve(1, 2)', 'np.linalg.solve'],
    ['import numpy as np\nnp.add(1, 2, out=3)', 'The argument out='],
    ['import numpy as np\nnp.add(1, 2, 3)', 'np.add of 3 arguments'],
    ['import numpy as np\nnp.sqrt()', 'np.sqrt of 0 arguments'],
    ['import numpy as np\nnp.where(1 > 2)', 'np.where of one argument'],
    ['import numpy as np\nnp.sum(1, dtype=int)', 'The argument dtype= of np.sum'],
    ['import numpy as np\nnp.clip(1, 2, 3, out=4)', 'The argument out= of np.clip'],
    ['import numpy as np\nnp.roll(1, 2, axes=3)', 'The argument axes= of np.roll'],
    ['import numpy as np\nnp.linalg.norm(1, keep=True)', 'The argument keep= of np.linalg.norm'],
    ['def f(u):\n  return u.sum(where=u > 0)', 'The argument where= of .sum'],
    ["def f(u):\n  return u.reshape(-1, order='F')", "The argument order='F' of .reshape"],
    ["import numpy as np\nnp.pad(1, 1, mode='reflect')", "np.pad with mode 'reflect'"],
    ['def f(a, b):\n  a @= b', "The operator '@='"],
    ['from numpy import zeross', 'np.zeross'],
    ['import math\nmath.erf(1)', 'math.erf'],
    ['import time\ntime.ctime()', 'time.ctime'],
    ['def f(u):\n  return u.flat[0]', '.flat'],
    ['x = 1\nx.y = 2', 'An assignment to the attribute'],
    ['@cached\ndef f():\n  pass', 'The decorator @cached'],
    ['import numpy as np\nq = np.s_[..., 0]', '... in np.s_'],
    ['open("f")', 'Open'],
    ['eval("1")', 'Eval'],
  ])('%s', async (text, what) => {
    const error = await refusal(text);
    expect(error.code).toBe('UNSUPPORTED_PYTHON');
    expect(error.summary.startsWith(what), error.summary).toBe(true);
  });

  it.each([
    ['def f(u):\n  return v', "'v'"],
    ['f = lambda x: x + v', "'v'"],
    ['def f():\n  x = 1\n  def g():\n    global x\n    return v\n  return g', "'v'"],
    ['def f(u):\n  return zeros(3)', "'zeros'"],
    ['prnt(1)', "'prnt'"],
  ])('a name nobody binds: %s', async (text, name) => {
    const error = await refusal(text);
    expect(error.code).toBe('UNKNOWN_NAME');
    expect(error.summary).toBe(`${name} is not known here.`);
  });

  it.each([
    ['x = = 3', 'f.py:2:5'],
    ['return 3', 'f.py:2:1'],
    ['def f(a, a):\n  pass', 'f.py:2:10'],
    ['def f():\n  nonlocal a', 'f.py:3:3'],
    ['def f():\n  def g():\n    nonlocal a', 'f.py:4:5'],
    ['*a, *b = 1, 2', 'f.py:2:1'],
    ['x = (1, 2', 'f.py:2:10'],
  ])('text that is not Python: %s', async (text, place) => {
    const error = await refusal(text);
    expect(error.code).toBe('SYNTAX');
    expect(error.message).toContain(place);
  });
});

it('says what it is, where, and what works instead', async () => {
  const error = await refusal(`import numpy as np

def solve(u, n):
    for i in range(n):
        u[1:-1] = np.convolve(u, [1, 2, 1], mode='same')[1:-1]`);
  expect(error.message).toBe(
    [
      'UNSUPPORTED_PYTHON: np.convolve is not translated.',
      '  at        f.py:6:19',
      "  |         u[1:-1] = np.convolve(u, [1, 2, 1], mode='same')[1:-1]",
      '  |                   ^^^^^^^^^^^',
      '  hint      a sum of slices',
    ].join('\n'),
  );
  expect((await refusal('import matplotlib.pyplot as plt')).hint).toBe(
    'np.save the array; from TypeScript, field.plot(file) draws it',
  );
  expect((await refusal('import numpy as np\nx = np.zeross(3)')).hint).toBe("did you mean 'zeros'?");
});
