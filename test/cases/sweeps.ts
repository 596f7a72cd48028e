/** Loops over rows and columns: positions that come with each run, on every rank that has or needs the row. */
import { noise, type TestCase } from './case.js';

export const sweeps: readonly TestCase[] = [
  {
    name: 'sweep-by-rows',
    numpy: true,
    record({ grid, np }) {
      const n = 37;
      const g = grid([n, 29]);
      const [a, b] = [g.field('a', { init: noise(1) }), g.field('b', { init: noise(2) })];
      for (let step = 0; step < 2; step++) {
        for (let i = 1; i < n; i++) np`${a}[${i}, 1:-1] += ${a}[${i} - 1, :-2] * 0.5`;
        for (let i = n - 2; i >= 0; i--) np`${b}[${i}] = ${b}[${i}] - 0.3 * ${b}[${i} + 1] + ${a}[${i}, ::-1]`;
      }
      return { a, b };
    },
  },
  {
    // Rows of transposed, flipped and sliced views: positions in another dimension than they are written in.
    name: 'sweep-over-turned-views',
    numpy: true,
    record({ grid, np }) {
      const n = 21;
      const g = grid([17, n]);
      const [a, b] = [g.field('a', { init: noise(31) }), g.field('b', { init: noise(32) })];
      const w = grid([5, 7, 9]).field('w', { init: noise(33) });
      for (let i = 1; i < n; i++) np`${a}.T[${i}, 1:] += ${a}.T[${i} - 1, :-1] * 0.5`;
      for (let i = 1; i < n - 1; i++) np`${b}.T[::-1][${i}] = ${b}[:, ${i}] - 0.25 * ${a}.T[1:][${i}]`;
      for (let k = 0; k < 8; k++) np`${w}.T[${k}, 1:, 1:] = 0.5 * ${w}.T[${k} + 1, :-1, :-1] + ${w}[1:, 1:, ${k}].T`;
      for (let k = 0; k < 8; k++) np`${w}.transpose(1, 2, 0)[:, ${k}:${k} + 2, 1] += ${w}[2, :, ${k}:${k} + 2]`;
      return { a, b, w };
    },
  },
  {
    name: 'sweep-over-turned-views-by-methods',
    sameAs: 'sweep-over-turned-views',
    record({ grid }) {
      const n = 21;
      const g = grid([17, n]);
      const [a, b] = [g.field('a', { init: noise(31) }), g.field('b', { init: noise(32) })];
      const w = grid([5, 7, 9]).field('w', { init: noise(33) });
      for (let i = 1; i < n; i++) a.T.at(i, '1:').set(a.T.at(i, '1:').add(a.T.at(i - 1, ':-1').mul(0.5)));
      const [backwards, later] = [b.T.at('::-1'), a.T.at('1:')];
      for (let i = 1; i < n - 1; i++) backwards.at(i).set(b.at(':', i).sub(later.at(i).mul(0.25)));
      for (let k = 0; k < 8; k++) {
        const turned = w.T.at(k, '1:', '1:');
        turned.set(
          w.T.at(k + 1, ':-1', ':-1')
            .mul(0.5)
            .add(w.at('1:', '1:', k).T),
        );
      }
      for (let k = 0; k < 8; k++) {
        const two = w.transpose(1, 2, 0).at(':', [k, k + 2], 1);
        two.set(two.add(w.at(2, ':', [k, k + 2])));
      }
      return { a, b, w };
    },
  },
  {
    name: 'sweep-by-columns',
    numpy: true,
    record({ grid, np }) {
      const m = 31;
      const g = grid([26, m]);
      const p = g.field('p', { init: noise(3) });
      const c = g.field('c', { init: noise(4) });
      for (let j = 1; j < m; j++) {
        np`${c}[1:-1, ${j}] = 1 / (3 - ${c}[1:-1, ${j} - 1])
          ${p}[1:-1, ${j}] = (${p}[1:-1, ${j}] + ${p}[2:, ${j} - 1] + ${p}[:-2, ${j} - 1]) * ${c}[1:-1, ${j}]`;
      }
      for (let j = 2; j <= m; j++) np`${p}[:, -${j}] -= ${c}[:, -${j}] * ${p}[:, -${j} + 1]`;
      return { p, c };
    },
  },
  {
    name: 'gauss-seidel-by-rows',
    numpy: true,
    record({ grid, np }) {
      const n = 24;
      const u = grid([n, n]).field('u', { init: noise(5) });
      for (let step = 0; step < 3; step++) {
        for (let i = 1; i < n - 1; i++) {
          np`${u}[${i}, 1:-1] = 0.25 * (${u}[${i} - 1, 1:-1] + ${u}[${i} + 1, 1:-1] + ${u}[${i}, :-2] + ${u}[${i}, 2:])`;
        }
      }
      return { u };
    },
  },
  {
    name: 'vertical-advection',
    numpy: true,
    record({ grid, np }) {
      const nz = 14;
      const g = grid([6, 9, nz]);
      const [w, d] = [g.field('w', { init: noise(6) }), g.field('d', { init: noise(7) })];
      const cc = g.field('cc');
      for (let k = 1; k < nz - 1; k++) {
        np`c = ${w}[1:, :, ${k}] - ${w}[:-1, :, ${k} + 1] * 0.2
          ${cc}[1:, :, ${k}] = c / (2 + ${cc}[1:, :, ${k} - 1])
          ${d}[1:, :, ${k}] = (${d}[1:, :, ${k}] - c * ${d}[1:, :, ${k} - 1]) * 0.5`;
      }
      return { w, d, cc };
    },
  },
  {
    name: 'moving-slices',
    numpy: true,
    record({ grid, np }) {
      const n = 33;
      const g = grid([n, 20]);
      const u = g.field('u', { init: noise(8) });
      const v = grid([n, 20], { periodic: true }).field('v', { init: noise(9) });
      const square = grid([20, 20]).field('square', { init: noise(10) });
      const line = grid([20]).field('line', { init: noise(11) });
      for (let i = 2; i < 18; i++) {
        np`${u}[${i} - 2:${i} + 2, 1:] += ${v}[${i}:${i} + 4, :-1]
          ${u}[${i}, ${i}] = ${u}[0, 0] + ${v}[${n} - ${i}, ${i} + 1]
          ${square}[${i}] = ${square}[:, ${i}] + ${line}
          ${line}[${i} - 1] = ${u}[3, ${i}] * ${square}[${i}, 0]
          ${v}[::3, ${i}] = ${v}[::3, 0] + ${line}[${i} - 2]
          ${u}[2 * ${i} - 4:2 * ${i}:2] = ${v}[${i}:${i} + 2] - ${line}`;
      }
      return { u, v, square, line };
    },
  },
  {
    name: 'reductions-by-rows',
    numpy: true,
    record({ grid, np }) {
      const n = 26;
      const u = grid([n, n]).field('u', { init: noise(14) });
      const [most, first] = [grid([n]).field('most'), grid([n]).field('first')];
      for (let i = 1; i < n - 3; i++) {
        np`${most}[${i}] = np.max(${u}[${i}, 2:]) + np.min(${u}[:, ${i}])
          ${first}[${i}] = np.argmax(${u}[${i} - 1:${i} + 3, ${i}])
          ${u}[${i} + 1] -= 0.1 * np.max(${u}[${i}:${i} + 3, 1:-1])`;
      }
      return { u, most, first };
    },
  },
  {
    name: 'sweep-fluent',
    record({ grid }) {
      const n = 30;
      const g = grid([n, 17]);
      const [a, b] = [g.field('a', { init: noise(12) }), g.field('b', { init: noise(13) })];
      for (let i = 1; i < n; i++) {
        a.at(i, '1:').set(
          a
            .at(i - 1, ':-1')
            .mul(0.5)
            .add(b.at(i).at('1:')),
        );
        b.at(n - i).set(a.at(i).sub(b.at(n - i - 1)));
      }
      return { a, b };
    },
  },
];
