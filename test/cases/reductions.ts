/** Reductions and Scalars: in statements, in loops that carry them on, of views, and of values that are hard to add up. */
import {
  all,
  any,
  argmax,
  argmin,
  countNonzero,
  dot,
  max,
  mean,
  min,
  norm,
  std,
  sum,
  variance,
  where,
} from 'quadrille';
import { noise, type TestCase } from './case.js';

/** Small multiples of 1/8: their sums are exact in any order, so that NumPy's are the same. */
const eighths =
  (seed: number) =>
  (...index: number[]): number =>
    Math.round(noise(seed)(...index) * 64) / 8;

/** Numbers of all sizes, that cancel. */
const wild =
  (seed: number) =>
  (...index: number[]): number => {
    const sign = noise(seed)(...index) > 0 ? 1 : -1;
    const size = noise(seed + 1)(...index.map((i) => i >> 1));
    return sign * size * 2 ** Math.round(noise(seed + 2)(...index.map((i) => i >> 1)) * 1000);
  };

export const reductions: readonly TestCase[] = [
  {
    name: 'reductions-in-text',
    numpy: true,
    record({ grid, np }) {
      const g = grid([37, 26]);
      const [x, y] = [g.field('x', { init: eighths(1) }), g.field('y', { init: eighths(2) })];
      np`total = np.sum(${x}[1:-1])
        ${y}[1:-1, ::2] = ${y}[1:-1, ::2] - total / 16
        ${y} += np.mean(np.abs(${x}[:32, :16]))
        ${x}[0] = np.max(${x} - ${y}) + np.min(${y}[:, ::-1])
        ${x}[1] = np.argmax(${x}[::-1, 1::2])
        ${x}[2] = ${y}.argmin()
        ${x}[3] = np.where(np.any(${x} > 7.9), 1, 2)
        ${x}[4] = np.where((${x} > -100).all(), 1, 2)
        ${x}[5] = np.count_nonzero(${x} > 1) + np.count_nonzero(${x})
        ${x}[6] = np.dot(${x}[7], ${y}[8]) + ${x}[7] @ ${y}[:26, 0] + np.vdot(${x}, ${y})
        ${x}[9] = np.linalg.norm(${x}[9], 1) + np.linalg.norm(${x}[10], np.inf)
        ${x}[11] = np.sqrt(np.sum(${x}[11] ** 2)) + np.amin(${x}, None)`;
      return { x, y };
    },
  },
  {
    name: 'reductions-f32',
    numpy: true,
    record({ grid, np }) {
      const g = grid([40], { dtype: 'f32' });
      const x = g.field('x', { init: eighths(3) });
      np`${x} -= ${x}.sum() / 256
        ${x}[:20] *= np.max(np.abs(${x}[20:]))
        ${x}[1:] = ${x}[:-1] + ${x}.min()`;
      return { x };
    },
  },
  {
    name: 'reductions-along-axes',
    numpy: true,
    record({ grid, np }) {
      const g = grid([14, 9, 150]);
      const u = g.field('u', { init: noise(30) });
      const flat = grid([40, 300]);
      const [v, w] = [flat.field('v', { init: noise(31) }), flat.field('w', { init: noise(32) })];
      const tall = grid([5000, 3]).field('tall', { init: noise(33) });
      np`rows = np.sum(${v}, axis=0)
        ${v} -= rows / 40
        ${v} = ${v} - np.mean(${v} * ${w}, axis=1, keepdims=True)
        ${w}[:, 0] = ${v}.sum(axis=-1)
        ${w}[1] = np.max(np.abs(${v}[1:] - ${w}[1:]), axis=0)
        ${w}[:, 2] = ${v}.argmin(1) + np.argmax(${v}[:, ::-2], axis=1)
        ${w}[3] = np.prod(${v}[3:7, :], 0) + np.where(np.any(${w} > 0.99, axis=0), 2.0, 1.0)
        ${u}[0] -= ${u}.sum(axis=0)
        ${u}[:, 0, :] += np.sum(${u}, axis=1) - ${u}.min(axis=(0, 1))
        ${u}[:, :, 0] = ${u}.mean(axis=2) + np.var(${u}, axis=2)
        ${u}[..., 1] = ${u}.sum(axis=-1) + np.std(${u}, 2, ddof=1)
        ${u}[1:] += np.sum(${u}[:1], axis=0, keepdims=True)
        ${u}[3] = np.linalg.norm(${u}, axis=0)
        ${tall} -= np.sum(${tall}, axis=0) * 1e-4
        ${tall}[:, 1] = ${tall}.sum(axis=1)
        ${tall}[7] = np.prod(${tall}[:2]) + np.prod(${tall}[::5, 0] + 1.4)`;
      return { u, v, w, tall };
    },
  },
  {
    name: 'reductions-exact',
    record({ grid }) {
      const g = grid([60, 70], { dtype: 'f64' });
      const [x, y] = [g.field('x', { init: wild(10) }), g.field('y', { init: noise(13) })];
      const out = grid([16]).field('out');
      const scalars = [
        sum(x),
        mean(y),
        norm(y),
        norm(y, 1),
        norm(x, Number.POSITIVE_INFINITY),
        dot(x.at('1:', '::-1'), x.at(':-1')),
        variance(y, { ddof: 1 }),
        std(y),
        argmin(x.at('::-2', '3:')),
        argmax(x.sub(y)),
        countNonzero(y.gt(0.5)),
        min(x),
        max(y.at(3)),
        any(y.gt(2)),
        all(y.lt(2)),
        sum(y.at(5, '::3')),
      ];
      scalars.forEach((s, k) => {
        out.at(k).set(s.dtype === 'bool' ? where(s, 1, 0) : s);
      });
      return { out };
    },
  },
  {
    name: 'reductions-of-integers',
    numpy: true,
    record({ grid, np }) {
      const [rows, columns] = [19, 700];
      const g = grid([rows, columns]);
      const a = g.field('a', { dtype: 'i32', init: (i = 0, j = 0) => ((i * 7919 + j * 104729) % 2003) - 1000 });
      const b = g.field('b', { dtype: 'i64', init: (i = 0, j = 0) => (i + 1) * 2 ** 40 + j * 12345 });
      const m = g.field('m', { dtype: 'bool', init: (i = 0, j = 0) => (i * j) % 3 });
      const out = grid([24]).field('out', { dtype: 'i64' });
      const [column, wide] = [grid([rows]).field('column', { dtype: 'i64' }), g.field('wide', { dtype: 'i64' })];
      np`${out}[0] = np.sum(${a})
        ${out}[1] = np.sum(${b} * ${b})
        ${out}[2] = np.prod(${a}[:, ::50] | 1)
        ${out}[3] = np.min(${b}[3:, 1:-1]) + np.max(${a})
        ${out}[4] = np.argmax(${a}[::-1]) + np.argmin(${b}[:, ::-3])
        ${out}[5] = np.sum(${m}) + np.count_nonzero(${a} > 100)
        ${out}[6] = np.dot(${a}[0], ${a}[1]) + np.vdot(${b}, ${a})
        ${out}[7] = np.argmax(${m}) + np.argmin(${m}[1:, 1:])
        ${out}[8] = np.where(np.any(${a} == 77), 1, 2) + np.where(np.all(${m}), 1, 2)
        ${out}[9] = ${a}[1:4, 300:].sum() * ${m}[:, 5].sum() + np.max(${m}) + np.min(${b} > 0)
        total = np.sum(${a} > 0)
        ${a} += total.astype(np.int32) // 100
        ${wide} = ${b} * total - np.sum(${b}, axis=0)
        ${wide}[0] = ${a}.sum(axis=0)
        ${wide}[1] = np.prod(${a}[:7], axis=0)
        ${wide}[2] = ${m}.sum(0) + ${a}.argmax(axis=0) + ${a}.min(axis=0)
        ${column} = np.sum(${a}, axis=1)
        ${column} += ${b}.prod(axis=1) + ${m}.sum(axis=-1)
        ${column} += ${b}[:, ::-1].argmin(axis=1) + np.max(${m} & (${a} > 5), axis=1)`;
      return { a, out, column, wide };
    },
  },
  {
    name: 'conjugate-gradients',
    record({ grid }) {
      const g = grid([30, 33]);
      const b = g.field('b', { init: noise(20) });
      const { x, r, p, q } = g.fields('x', 'r', 'p', 'q');
      const inner = ['1:-1', '1:-1'] as const;
      r.at(...inner).set(b.at(...inner));
      p.set(r);
      let rr = dot(r, r);
      for (let k = 0; k < 30; k++) {
        q.at(...inner).set(
          p
            .at(...inner)
            .mul(4)
            .sub(p.at(':-2', '1:-1'))
            .sub(p.at('2:', '1:-1'))
            .sub(p.at('1:-1', ':-2'))
            .sub(p.at('1:-1', '2:')),
        );
        const alpha = rr.div(dot(p, q));
        x.set(x.add(p.mul(alpha)));
        r.set(r.sub(q.mul(alpha)));
        const next = dot(r, r);
        p.set(r.add(p.mul(next.div(rr))));
        rr = next;
      }
      const out = g.field('out');
      out.set(rr);
      return { x, r, out };
    },
  },
  {
    name: 'scalars-carried-on',
    record({ grid }) {
      const g = grid([3, 5, 7]);
      const u = g.field('u', { init: noise(21) });
      let dt = sum(u.at(0, 0, 0)).abs();
      for (let k = 0; k < 40; k++) {
        u.set(u.add(u.mul(dt).sub(max(u).div(dt.add(1)))).mul(0.5));
        dt = dt.mul(0.9).add(mean(u).mul(0.1).abs());
      }
      const late = u.at(1, 2, 3).mul(dt); // of one element, which one rank has
      const out = g.field('out');
      out.set(late.div(dt));
      return { u, out };
    },
  },
  {
    name: 'reduced-across-grids',
    record({ grid }) {
      const [a, b] = [grid([18, 20]).field({ init: noise(22) }), grid([20]).field({ init: noise(23) })];
      const far = grid([18, 20]).field('far', { init: noise(24) });
      // Nothing here has the whole shape; then what does lies elsewhere.
      far.at('1:').set(
        far
          .at('1:')
          .mul(sum(a.at(':', '0:1').mul(b)))
          .sub(max(far.roll(7, 1).mul(a))),
      );
      a.set(a.mul(sum(far.at('::-1', '::-1').mul(a.roll(3, 0)))));
      return { a, far };
    },
  },
];
