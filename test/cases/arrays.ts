/** Arrays made without a Grid, of expressions, and of each other: what NumPy's creation functions and names give. */
import {
  arange,
  array,
  asarray,
  concatenate,
  copy,
  diff,
  eye,
  fromfunction,
  full,
  full_like,
  gradient,
  hstack,
  indices,
  linspace,
  meshgrid,
  ones,
  ones_like,
  pad,
  release,
  roll,
  stack,
  vstack,
  zeros,
  zeros_like,
} from 'quadrille';
import { noise, type TestCase } from './case.js';

export const arrays: readonly TestCase[] = [
  {
    name: 'created-of-numbers',
    python: `
a = np.arange(17.)
b = np.arange(-1, 2, 0.1)
c = np.arange(5, -3, -0.7)
d = np.linspace(0, 1, 23)
e = np.linspace(-3, 5, 10, endpoint=False)
f32 = np.arange(0, 3, 0.1, dtype='f4')
g = np.eye(5, 7, -2)
h = np.full((3, 4), -0.)
i = np.ones(9) + np.zeros(9)
j = np.linspace(2, 2, 4)
k = np.fromfunction(lambda i, j: i * 10 + j, (6, 5))
l, m = np.indices((4, 5))
n, o = np.meshgrid(np.arange(4.), np.linspace(0, 1, 3))
p, q = np.meshgrid(np.arange(4.), np.linspace(0, 1, 3), indexing='ij')
r = np.array([[1, 2, 3], [4, 5, 6.5]])`,
    record() {
      const [l, m] = indices([4, 5]);
      const [n, o] = meshgrid([arange(4), linspace(0, 1, 3)]);
      const [p, q] = meshgrid([arange(4), linspace(0, 1, 3)], 'ij');
      if (!l || !m || !n || !o || !p || !q) throw new Error('six arrays');
      return {
        a: arange(17),
        b: arange(-1, 2, 0.1),
        c: arange(5, -3, -0.7),
        d: linspace(0, 1, 23),
        e: linspace(-3, 5, 10, false),
        f32: arange(0, 3, 0.1, 'f32'),
        g: eye(5, 7, -2),
        h: full([3, 4], -0),
        i: copy(ones(9).add(zeros(9))),
        j: linspace(2, 2, 4),
        k: fromfunction((i, j) => i?.mul(10).add(j ?? 0) ?? 0, [6, 5]),
        l,
        m,
        n,
        o,
        p,
        q,
        r: array([
          [1, 2, 3],
          [4, 5, 6.5],
        ]),
      };
    },
  },
  {
    name: 'created-like-others',
    python: `
u = noise(1, (12, 9))
v = u[2:] + u[:-2]
a = np.zeros_like(v) + 1
b = np.full_like(u[::2, 1:], 7.5)
c = np.ones_like(u)
u[1:-1] = v
d = v[1:-1, ::2] * 2
e = np.roll(v, 2, axis=1)
f2 = np.roll(v[1:, 1:] - 3, -1, axis=0)`,
    record({ grid }) {
      const u = grid([12, 9]).field('u', { init: noise(1) });
      const v = copy(u.at('2:').add(u.at(':-2')));
      const a = asarray(zeros_like(v).add(1));
      const b = full_like(u.at('::2', '1:'), 7.5);
      const c = ones_like(u);
      u.at('1:-1').set(v);
      return {
        u,
        v,
        a,
        b,
        c,
        d: copy(v.at('1:-1', '::2').mul(2)),
        e: copy(roll(v, 2, 1)),
        f2: copy(roll(v.at('1:', '1:').sub(3), -1, 0)),
      };
    },
  },
  {
    name: 'assembled',
    python: `
u, v, w = noise(2, (7, 8)), noise(3, (5, 8)), noise(4, (8,))
a = np.concatenate([u, v[1:], u * 2])
b = np.concatenate([u, u[:, ::2]], axis=1)
c = np.stack([w, w + 1, w * w], axis=1)
d = np.vstack([w, -w])
e = np.hstack([w, w[::-1]])
p = np.pad(u, 2)
q = np.pad(u, ((1, 0), (2, 3)), mode='edge')
r = np.pad(u, 3, mode='wrap')
s = np.diff(u, axis=0)
t = np.diff(w, 2)
gx, gy = np.gradient(u, 0.1, 0.3)
g2 = np.gradient(u, 0.7, axis=1, edge_order=2)`,
    record({ grid }) {
      const g = grid([7, 8]);
      const u = g.field('u', { init: noise(2) });
      const v = g.field('v', { shape: [5, 8], init: noise(3) });
      const w = grid([8]).field('w', { init: noise(4) });
      const [gx, gy] = [gradient(u, { axis: 0, spacing: 0.1 }), gradient(u, { axis: 1, spacing: 0.3 })];
      return {
        a: concatenate([u, v.at('1:'), u.mul(2)]),
        b: concatenate([u, u.at(':', '::2')], 1),
        c: stack([w, w.add(1), w.mul(w)], 1),
        d: vstack([w, w.neg()]),
        e: hstack([w, w.at('::-1')]),
        p: pad(u, 2),
        q: pad(
          u,
          [
            [1, 0],
            [2, 3],
          ],
          'edge',
        ),
        r: pad(u, 3, 'wrap'),
        s: copy(diff(u, 1, 0)),
        t: copy(diff(w, 2)),
        gx,
        gy,
        g2: gradient(u, { axis: 1, spacing: 0.7, edgeOrder: 2 }),
      };
    },
  },
  {
    name: 'names-for-expressions',
    numpy: true,
    record({ grid, np }) {
      const g = grid([23, 18]);
      const [u, v] = [g.field('u', { init: noise(5) }), g.field('v')];
      const line = grid([18]).field('line', { init: noise(6) });
      for (let step = 0; step < 4; step++) {
        np`lap = ${u}[2:, 1:-1] + ${u}[:-2, 1:-1] + ${u}[1:-1, 2:] + ${u}[1:-1, :-2] - 4 * ${u}[1:-1, 1:-1]
          flux = lap[1:, :] - lap[:-1, :]
          ${u}[0] = ${line} * 2
          lap[0] = 1
          ${v}[1:-1, 1:-1] = lap * 0.1
          ${u}[2:-2, 1:-1] += 0.05 * (flux[1:] - flux[:-1]) + np.roll(lap, 1, axis=1)[1:-1]
          corner = (${u} * ${v})[::3, ::-2]
          corner[1:] -= corner[:-1]
          ${v}[:8, :9] = ${v}[:8, :9] + corner
          ${line}[:] = (${u} + ${v})[3]`;
      }
      return { u, v, line };
    },
  },
  {
    name: 'temporaries-that-come-and-go',
    record({ grid, swap }) {
      const g = grid([31, 14]);
      const [u, v] = [g.field('u', { init: noise(7) }), g.field('v')];
      for (let step = 0; step < 12; step++) {
        const mean = copy(u.at('1:').add(u.at(':-1')).mul(0.5));
        const half = copy(mean.at(':', '::2').sub(0.1));
        v.at('1:-1', '::2').set(half.at('1:').sub(half.at(':-1')));
        release(mean);
        if (step % 3 === 0) v.at(0).set(half.at(3, 0));
        release(half);
        swap(u, v);
      }
      return { u, v };
    },
  },
];
