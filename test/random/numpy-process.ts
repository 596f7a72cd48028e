/**
 * Programs and their arrays in, the arrays as real NumPy leaves them out: one Python process that answers one program
 * after the other, so that a failure can be shrunk.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { decodeElements } from '../../lib/io/npy.js';
import { DTYPE_NAMES, NUMPY_2, pythonWithNumpy } from '../numpy/numpy.js';
import { type ReferenceArray, sizeOf } from '../reference/array.js';

/**
 * NumPy 1.24 is asked for NumPy 2's promotion, and told what it does not know of it (test/numpy/numpy.ts). What quadrille
 * documents as other than NumPy's are functions here: P (powers of elements are those of arrays), R and N (sums over
 * everything are exact and rounded once, also along the only axis; f32 is accumulated in f64; arrays are taken in C order; +0 is above -0).
 */
const DRIVER = `
import json, math, sys, numpy as np
from fractions import Fraction
np.seterr(all='ignore')
${NUMPY_2}

def P(x, n):
    if np.asarray(x).dtype.kind != 'f': return x ** n
    return {1: lambda x: x, 2: np.square, -1: np.reciprocal, 0.5: np.sqrt}[n](x)

def exact(x):
    v = x.ravel().tolist()
    bad = [q for q in v if not math.isfinite(q)]
    if bad: return x.dtype.type(sum(bad))
    try: return x.dtype.type(math.fsum(v) + 0.0)
    except OverflowError: total = sum(map(Fraction, v))
    try: return x.dtype.type(float(total))
    except OverflowError: return x.dtype.type(math.copysign(math.inf, total))

def total(x, axis, keepdims):
    if axis is None and not keepdims: return exact(x) if x.dtype.kind == 'f' else np.sum(x)
    return along(np.sum, x, axis, keepdims)

def along(f, x, axis, keepdims):
    if x.dtype == np.float32: return f(x.astype(float), axis=axis, keepdims=keepdims).astype(np.float32)
    return f(x, axis=axis, keepdims=keepdims)

def extreme(fn, x, axis, keepdims):
    m = getattr(np, fn)(x, axis=axis, keepdims=True)
    if x.dtype.kind == 'f':
        zero = np.signbit(x) if fn == 'min' else ~np.signbit(x)
        some = ((x == 0) & zero).any(axis=axis, keepdims=True)
        m = np.where(m == 0, np.where(some == (fn == 'min'), x.dtype.type(-0.0), x.dtype.type(0.0)), m)
    return m if keepdims else m[()] if axis is None and m.ndim == 0 else m.reshape(()) [()] if axis is None else m.squeeze(axis)

def R(fn, x, axis=None, keepdims=False):
    x = np.array(x, order='C')
    if x.ndim == 0: x, axis = x.reshape(1), None
    if x.ndim == 1 and not keepdims: axis = None
    n = x.size if axis is None else x.shape[axis]
    if fn == 'sum': return total(x, axis, keepdims)
    if fn == 'prod': return along(np.prod, x, axis, keepdims)
    if fn in ('mean', 'var', 'std') and x.dtype.kind != 'f': x = x.astype(float)
    if fn == 'mean': return total(x, axis, keepdims) / n
    if fn in ('min', 'max'): return extreme(fn, x, axis, keepdims)
    if fn in ('var', 'std'):
        mean = total(x, axis, axis is not None) / n
        var = total(np.square(x - mean), axis, keepdims) / n
        return np.sqrt(var) if fn == 'std' else var
    return getattr(np, fn)(x, axis=axis) if fn in ('argmin', 'argmax') and not keepdims else getattr(np, fn)(x, axis=axis, keepdims=keepdims)

def N(x, n):
    x = np.asarray(x)
    if n == 2: return np.sqrt(R('sum', np.square(x)))
    return R('sum' if n == 1 else 'max', np.abs(x))

out = sys.stdout.buffer
for line in sys.stdin.buffer:
    job = json.loads(line)
    f = []
    for a in job['arrays']:
        count = math.prod(a['shape'])
        t = np.dtype(a['dtype'])
        f.append(np.frombuffer(bytearray(sys.stdin.buffer.read(count * t.itemsize)), t, count).reshape(a['shape']))
    try:
        exec(job['source'], {'np': np, 'f': f, 'P': P, 'R': R, 'N': N})
        for a, b in zip(job['arrays'], f, strict=True):
            assert (a['dtype'], a['shape']) == (b.dtype.str, list(b.shape)), f"{a} became {b.dtype.str} {b.shape}"
        reply, data = {}, [a.tobytes() for a in f]
    except Exception as e:
        reply, data = {'error': repr(e)}, []
    reply['bytes'] = sum(map(len, data))
    out.write(json.dumps(reply).encode() + b'\\n' + b''.join(data))
    out.flush()
`;

interface Reply {
  readonly error?: string;
  readonly bytes: number;
}

export class NumpyProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  #received = Buffer.alloc(0);
  #ended = false;
  #wake: () => void = () => {};

  /** Null where there is no NumPy. */
  static start(): NumpyProcess | null {
    const python = pythonWithNumpy();
    return python === null ? null : new NumpyProcess(python);
  }

  private constructor(python: string) {
    this.#child = spawn(python, ['-c', DRIVER]);
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    this.#child.stderr.pipe(process.stderr);
    this.#child.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** Changed copies of the arrays, in the order they have in the end. Throws with Python's message. */
  async run(source: string, arrays: readonly ReferenceArray[]): Promise<ReferenceArray[]> {
    const described = arrays.map(({ dtype, shape }) => ({ dtype: DTYPE_NAMES[dtype], shape }));
    this.#child.stdin.write(`${JSON.stringify({ source, arrays: described })}\n`);
    for (const { data } of arrays)
      this.#child.stdin.write(new Uint8Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)));
    const reply: Reply = JSON.parse((await this.#take(() => this.#received.indexOf(10) + 1)).toString());
    const bytes = await this.#take(() => (this.#received.length >= reply.bytes ? reply.bytes : 0), reply.bytes === 0);
    if (reply.error !== undefined) throw new Error(`NumPy: ${reply.error} in\n${source}`);
    let at = 0;
    return arrays.map(({ dtype, shape }) => {
      const end = at + sizeOf(shape) * Number(DTYPE_NAMES[dtype].slice(2));
      const data = decodeElements(Uint8Array.from(bytes.subarray(at, end)), { dtype, littleEndian: true });
      at = end;
      return { dtype, shape, data };
    });
  }

  stop(): void {
    this.#child.stdin.end();
  }

  /** As many bytes as `ready` says, once it says more than none. */
  async #take(ready: () => number, none = false): Promise<Buffer> {
    if (none) return Buffer.alloc(0);
    for (;;) {
      const count = ready();
      if (count > 0) {
        const taken = this.#received.subarray(0, count);
        this.#received = this.#received.subarray(count);
        return taken;
      }
      if (this.#ended) throw new Error('Python has ended');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
