/** One form of the compatibility table run here and in NumPy: how far apart the results are, or what refused it. */
import { spawnSync } from 'node:child_process';
import { copy, Expr, Field, type NumpyArgument, numpy, QuadrilleError } from 'quadrille';
import type { Outcome, Row } from './compatibility/row.js';
import { pythonWithNumpy } from './numpy.js';

const ARRAYS = ['u', 'v', 'w', 'x', 'y', 's', 't'];

/** The same arrays in both worlds. */
const SETUP = `import math
import numpy as np

def setup():
    r, c = np.meshgrid(np.arange(5.0), np.arange(6.0), indexing='ij')
    u = r * 0.75 - c * 0.5 + r * c * 0.25 - 1.25
    v = c * 0.75 - r * 0.25 + 0.5
    w = np.zeros((4, 5, 6))
    for l in range(4):
        w[l] = u * (l + 1) - v
    x = c[0] * c[0] * 0.5 - 2
    y = np.arange(5.0) * 1.5 - 1
    s = np.zeros((5, 6), dtype=np.float32)
    s[...] = u
    t = np.arange(2048.0) * 0.0004875 + 0.001
    return ${ARRAYS.join(', ')}
`;

const PARAMETERS = [...ARRAYS, 'a', 'n'].join(', ');

export function functionOf({ form, changes }: Row): string {
  const body = changes ? `${form}\nreturn u` : `return ${form}`;
  return `def f(${PARAMETERS}):\n${body.replace(/^/gm, '    ')}\n`;
}

export interface Plain {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** Results of NumPy, or the exception. */
export function byNumpy(rows: readonly Row[]): (Plain[] | string)[] {
  const script = `${SETUP}
import json
def plain(r):
    if isinstance(r, (list, tuple)):
        return [q for e in r for q in plain(e)]
    if isinstance(r, str):
        return [{'dtype': 'str', 'shape': [], 'values': [ord(c) for c in r]}]
    q = np.asarray(r)
    return [{'dtype': str(q.dtype), 'shape': list(q.shape), 'values': [float(e).hex() for e in q.ravel()]}]
np.seterr(all='ignore')
out = []
for form in json.loads(input()):
    try:
        names = {'np': np, 'math': math}
        exec(form, names)
        out.append(plain(names['f'](*setup(), 2.25, 3)))
    except Exception as e:
        out.append(repr(e))
print(json.dumps(out))
`;
  const python = pythonWithNumpy() ?? '';
  const { stdout, stderr } = spawnSync(python, ['-c', script], {
    input: JSON.stringify(rows.map(functionOf)),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (stdout === '') throw new Error(stderr);
  const parsed: ({ dtype: string; shape: number[]; values: (string | number)[] }[] | string)[] = JSON.parse(
    stdout.trim().split('\n').at(-1) ?? '',
  );
  return parsed.map((result) =>
    typeof result === 'string' ? result : result.map((one) => ({ ...one, values: one.values.map(fromHex) })),
  );
}

/** Python's float.hex. */
function fromHex(text: string | number): number {
  if (typeof text === 'number') return text;
  const [, sign, digits, fraction = '', exponent] = /^(-?)0x(\d)\.?([0-9a-f]*)p([-+]\d+)$/.exec(text) ?? [];
  if (digits === undefined) return Number(text.replace('inf', 'Infinity'));
  const whole = Number(digits) + (fraction === '' ? 0 : Number.parseInt(fraction, 16) / 16 ** fraction.length);
  return (sign === '-' ? -1 : 1) * whole * 2 ** Number(exponent);
}

const DTYPES: Readonly<Record<string, string>> = {
  f64: 'float64',
  f32: 'float32',
  i64: 'int64',
  i32: 'int32',
  bool: 'bool',
};

async function plain(result: unknown): Promise<Plain[]> {
  if (Array.isArray(result)) return (await Promise.all(result.map(plain))).flat();
  if (typeof result === 'string') return [{ dtype: 'str', shape: [], values: [...result].map((c) => c.charCodeAt(0)) }];
  if (result instanceof Field) {
    const data = await result.toArray();
    return [{ dtype: DTYPES[result.dtype] ?? result.dtype, shape: result.shape, values: Array.from(data, Number) }];
  }
  if (result instanceof Expr) return plain(copy(result));
  return [{ dtype: typeof result, shape: [], values: [Number(result)] }];
}

function ulpApart(a: number, b: number, dtype: string): number {
  if (Object.is(a, b)) return 0;
  if (!Number.isFinite(a) || !Number.isFinite(b) || b === 0) return Infinity;
  const bits = dtype === 'float32' ? 23 : 52;
  return Math.abs(a - b) / 2 ** (Math.floor(Math.log2(Math.abs(b))) - bits);
}

/** The code of the error, or by how many units in the last place the worst element is off. Throws where dtype or shape differ. */
export async function outcomeOf(row: Row, wanted: readonly Plain[] | string): Promise<Outcome> {
  let result: unknown;
  try {
    const module = await numpy.compile(`${SETUP}\n${functionOf(row)}`, { filename: 'f.py' });
    const arrays = (await module.setup?.()) ?? [];
    const args: NumpyArgument[] = Array.isArray(arrays) ? arrays : [];
    result = await module.f?.(...args, 2.25, 3);
  } catch (error) {
    if (error instanceof QuadrilleError) return error.code;
    throw error;
  }
  if (typeof wanted === 'string') throw new Error(`NumPy: ${wanted}`);
  const got = await plain(result);
  let worst = 0;
  for (const [part, theirs] of wanted.entries()) {
    const { dtype, shape, values } = got[part] ?? { dtype: 'nothing', shape: [], values: [] };
    if (String(shape) !== String(theirs.shape)) throw new Error(`shape (${shape}), NumPy's (${theirs.shape})`);
    // What has no dimensions is a plain number here.
    if (shape.length > 0 && dtype !== theirs.dtype) throw new Error(`${dtype}, NumPy's ${theirs.dtype}`);
    theirs.values.forEach((value, at) => {
      worst = Math.max(worst, ulpApart(values[at] ?? Number.NaN, value, theirs.dtype));
    });
  }
  return worst === 0 ? 'same' : worst;
}
