/** What programs cannot contain, by the parser's name for it: as a Python programmer calls it, and what to write instead. */
import type { Refused } from '../tree.js';

export const REFUSED_NODES: Refused = {
  WithStatement: ['with', 'files are read and written by np.load and np.save alone; with np.errstate(...) is accepted'],
  MatchStatement: ['match', 'write if and elif'],
  YieldStatement: ['yield', 'return an array, or call a function from the loop'],
  YieldExpression: ['yield', 'return an array, or call a function from the loop'],
  AwaitExpression: ['await', 'leave it out: values are waited for where they are needed'],
  NamedExpression: ["':='", 'assign on a line of its own'],
  SetExpression: ['A set', 'use a tuple or a list'],
  SetComprehensionExpression: ['A set', 'use a tuple or a list'],
  ComprehensionExpression: ['A generator expression', 'write a list: [... for x in ...]'],
  PrintStatement: ['The print statement of Python 2', 'print(...)'],
  TypeDefinition: ['A type alias', 'leave it out: types change nothing here'],
};

/** Modules that may be imported and what for; `ignored` ones only as decorators or hints. */
export const MODULES: Readonly<Record<string, 'translated' | 'ignored'>> = {
  numpy: 'translated',
  math: 'translated',
  time: 'translated',
  sys: 'translated',
  numba: 'ignored',
  typing: 'ignored',
  __future__: 'ignored',
  'numpy.typing': 'ignored',
};

/** Modules that solvers import and that are not here, with what to use instead. */
export const REFUSED_MODULES: Readonly<Record<string, string>> = {
  matplotlib: 'np.save the array; from TypeScript, field.plot(file) draws it',
  mpl_toolkits: 'np.save the array; from TypeScript, field.plot(file) draws it',
  pylab: 'np.save the array; from TypeScript, field.plot(file) draws it',
  scipy: 'write the method with slices: stencils, sweeps and conjugate gradients run here',
  numexpr: 'write the expression itself: it is fused here anyway',
  cupy: 'import numpy as np: the same program runs on all cores and ranks',
  jax: 'import numpy as np: the same program runs on all cores and ranks',
  torch: 'import numpy as np: the same program runs on all cores and ranks',
  numba: 'njit, jit, prange and vectorize-free code: from numba import njit',
  mpi4py: 'leave it out: the same program runs on every rank and halos are exchanged by themselves',
  h5py: 'np.save and np.load',
  pandas: 'np.save and np.load',
  os: 'files are read and written by np.load and np.save alone',
  pathlib: 'files are read and written by np.load and np.save alone',
  subprocess: 'a program here starts nothing',
  random: 'np.random.seed(s) and np.random.rand(...), or np.random.default_rng(s)',
  dataclasses: 'pass a dict, or the values themselves',
  collections: 'lists, tuples and dicts',
  functools: 'write the function itself',
  itertools: 'write the loops',
  argparse: 'sys.argv',
  json: 'np.load and np.save',
  warnings: 'leave it out: nothing warns here',
  tqdm: 'leave it out: for ... in range(...)',
  numpy: 'from numpy import zeros, ones, ...',
};

/** Python's built-in functions that are not here. */
export const REFUSED_BUILTINS: Readonly<Record<string, string>> = {
  open: 'files are read and written by np.load and np.save alone',
  eval: 'nothing is evaluated from text',
  exec: 'nothing is evaluated from text',
  compile: 'nothing is evaluated from text',
  __import__: 'import at the top of the file',
  input: 'write the value into the program, or read sys.argv',
  set: 'use a tuple or a list',
  getattr: 'write the attribute itself',
  super: 'write the class itself: Base.__init__(self, ...)',
  complex: 'complex numbers are not there: keep real and imaginary part in two arrays',
};

const NO_NORMAL =
  'uniform numbers have the bits of NumPy (random, uniform, randint, integers, choice); np.load normal ones from a file';

/** numpy functions that solvers use and that are not here, with what to write instead. */
export const REFUSED_NUMPY: Readonly<Record<string, string>> = {
  savetxt: 'np.save, which keeps every bit',
  loadtxt: 'np.load of a .npy file',
  genfromtxt: 'np.load of a .npy file',
  vectorize: 'np.where and expressions of whole arrays',
  cumsum: 'a loop over the axis: s[i] = s[i-1] + a[i]',
  cumprod: 'a loop over the axis',
  sort: 'arrays are not sorted here',
  argsort: 'arrays are not sorted here',
  nonzero: 'a mask: np.where(condition, a, b), or u[condition] = value',
  nditer: 'expressions of whole arrays',
  ndenumerate: 'expressions of whole arrays',
  matmul: 'sums of products of slices',
  einsum: 'sums of products of slices',
  convolve: 'a sum of slices',
  interp: 'slices and expressions of them',
  'random.randn': NO_NORMAL,
  'random.normal': NO_NORMAL,
  'random.standard_normal': NO_NORMAL,
  'random.shuffle': 'random, uniform, randint, integers and choice are there; np.load what else is needed',
  'random.permutation': 'random, uniform, randint, integers and choice are there; np.load what else is needed',
  'random.PCG64': 'np.random.default_rng(seed)',
  'random.MT19937': 'np.random.RandomState(seed)',
  'random.Generator': 'np.random.default_rng(seed)',
  'random.SeedSequence': 'np.random.default_rng(seed)',
  'linalg.solve': 'a Thomas sweep, Gauss-Seidel or conjugate gradients, written with slices',
  'linalg.inv': 'solve instead: a Thomas sweep, Gauss-Seidel or conjugate gradients',
  'fft.fft': 'stencils only: transforms are not there',
  'fft.fft2': 'stencils only: transforms are not there',
};
