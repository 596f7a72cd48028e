/** Views that no neighbour halo covers: strided, mirrored, shifted far, broadcast, overlapping, empty. */
import { noise, type TestCase } from './case.js';

export const views: readonly TestCase[] = [
  {
    // Every step across the end of what is rolled, also where it is rolled, sliced or turned again.
    name: 'steps-across-a-rolled-end',
    numpy: true,
    record({ grid, np }) {
      const g = grid([23, 14]);
      const [a, b, c] = [g.field('a', { init: noise(51) }), g.field('b', { init: noise(52) }), g.field('c')];
      np`${c}[::2] = np.roll(${a}, 3, axis=0)[::2] + ${b}[::2]
        ${c}[::3, ::-1] += np.roll(${a}, -5, axis=0)[::3, ::-1] * np.roll(${b}, 4, axis=1)[::3]
        ${b}[::-2, 1:] = np.roll(np.roll(${a}, 6, axis=0)[::-1], 1, axis=1)[::2, :-1]
        ${a}[2:9] -= np.roll(${c}, 2, axis=0)[::-3][:7]
        ${b}[:, ::5] += np.roll(${b}, -3, axis=1)[:, ::-5]
        ${b}[0, 0] = np.sum(np.roll(${a}, 4, axis=0)[::4, 0]) - np.max(np.roll(${c}, -2, axis=1)[:, ::-3])
        ${c}[:14] *= np.roll(${a}, 7, axis=0)[::-1][:14, ::-1].T[:, ::1].T`;
      return { a, b, c };
    },
  },
  {
    name: 'red-black',
    numpy: true,
    record({ grid, np }) {
      const g = grid([34, 30]);
      const u = g.field('u', { init: noise(1) });
      for (let step = 0; step < 4; step++) {
        np`${u}[1:-1:2, 1:-1:2] = 0.25 * (${u}[:-2:2, 1:-1:2] + ${u}[2::2, 1:-1:2] + ${u}[1:-1:2, :-2:2] + ${u}[1:-1:2, 2::2])
          ${u}[2:-1:2, 2:-1:2] = 0.25 * (${u}[1:-2:2, 2:-1:2] + ${u}[3::2, 2:-1:2] + ${u}[2:-1:2, 1:-2:2] + ${u}[2:-1:2, 3::2])
          ${u}[1:-1:2, 2:-1:2] = 0.25 * (${u}[:-2:2, 2:-1:2] + ${u}[2::2, 2:-1:2] + ${u}[1:-1:2, 1:-2:2] + ${u}[1:-1:2, 3::2])
          ${u}[2:-1:2, 1:-1:2] = 0.25 * (${u}[1:-2:2, 1:-1:2] + ${u}[3::2, 1:-1:2] + ${u}[2:-1:2, :-2:2] + ${u}[2:-1:2, 2::2])`;
      }
      return { u };
    },
  },
  {
    name: 'strided',
    numpy: true,
    record({ grid, np }) {
      const g = grid([41]);
      const [u, v] = [g.field('u', { init: noise(2) }), g.field('v')];
      np`${u}[::2] = ${u}[::2] * 2
        ${v}[::3] = ${u}[1::3]
        ${v}[:20] += ${u}[::2][:20]
        ${u}[1::2] = ${v}[20:0:-1] - ${u}[:-1:2]`;
      return { u, v };
    },
  },
  {
    name: 'restrict-and-prolong',
    numpy: true,
    record({ grid, np }) {
      const g = grid([33, 33]);
      const [fine, coarse] = [g.field('fine', { init: noise(3) }), g.field('coarse', { shape: [17, 17] })];
      np`${coarse}[1:-1, 1:-1] = 0.5 * ${fine}[2:-1:2, 2:-1:2] + 0.125 * (${fine}[1:-2:2, 2:-1:2] + ${fine}[3::2, 2:-1:2] + ${fine}[2:-1:2, 1:-2:2] + ${fine}[2:-1:2, 3::2])
        ${fine}[::2, ::2] = ${coarse}
        ${fine}[1::2, ::2] = 0.5 * (${coarse}[:-1, :] + ${coarse}[1:, :])
        ${fine}[:, 1::2] = 0.5 * (${fine}[:, :-1:2] + ${fine}[:, 2::2])`;
      return { fine, coarse };
    },
  },
  {
    name: 'mirrored',
    numpy: true,
    record({ grid, np }) {
      const g = grid([21, 18]);
      const [u, v] = [g.field('u', { init: noise(4) }), g.field('v')];
      np`${v}[:, :] = ${u}[::-1, ::-1]
        ${u}[:, :] = ${u}[::-1, :]
        ${u}[::-1, 1:] = ${u}[:, :-1] + ${v}[:, -1:0:-1]
        ${v}[::-2, ::3] = ${u}[1::2, -1:0:-3][::-1, :][:10, :][:1, :]
        ${u}[3] = ${v}[3, ::-1]`;
      return { u, v };
    },
  },
  {
    name: 'far-shifts',
    numpy: true,
    record({ grid, np }) {
      const g = grid([64, 20]);
      const [u, v] = [g.field('u', { init: noise(5) }), g.field('v')];
      for (let step = 0; step < 3; step++) {
        np`${u}[:-40, :] = ${u}[40:, :] + 1
          ${v}[50:, 3:] = ${u}[:14, :-3] * ${u}[25:39, 3:]
          ${u}[:, 11:] -= ${v}[:, :-11]`;
      }
      return { u, v };
    },
  },
  {
    name: 'broadcasting',
    numpy: true,
    record({ grid, np }) {
      const g = grid([9, 10, 11]);
      const u = g.field('u', { init: noise(6) });
      const v = g.field('v');
      const row = grid([11]).field('row', { init: noise(7) });
      const plane = grid([10, 1]).field('plane', { init: noise(8) });
      const one = g.field('one', { shape: [1, 1, 1], init: 3 });
      np`${v}[:, :, :] = ${u} + ${row} * ${plane} - ${one}
        ${u}[1:4] = ${v}[5] + ${v}[:, 2:3, :][3:6]
        ${u}[:, 4, :] = ${u}[8, 9, :]
        ${v}[2, 3] = ${row}[::-1]
        ${v}[:, :, 0] = ${u}[0, 0, 0]
        ${row}[:] = ${u}[4, 4]
        ${plane}[1:, 0] = ${u}[3, :-1, 5]
        ${u}[...] += ${v}[:, :, 3:4]`;
      return { u, v, row, plane };
    },
  },
  {
    name: 'overlap-in-any-direction',
    numpy: true,
    record({ grid, np }) {
      const g = grid([25, 27]);
      const u = g.field('u', { init: noise(9) });
      np`${u}[1:, 1:] = ${u}[:-1, :-1]
        ${u}[:-1, :] = ${u}[1:, :] * 0.5
        ${u}[1:-1, 1:-1] = ${u}[2:, 1:-1] + ${u}[:-2, 1:-1] - ${u}[1:-1, 2:] * ${u}[1:-1, :-2]
        ${u}[:, 2:] -= ${u}[:, :-2]
        ${u}[:-2, 1:] = ${u}[2:, :-1] + ${u}[1:-1, 1:]
        ${u}[1:] = ${u}[1]
        ${u}[:, :] += ${u}[:, 13:14]`;
      return { u };
    },
  },
  {
    name: 'staggered',
    numpy: true,
    record({ grid, np }) {
      const [n, m] = [22, 19];
      const g = grid([n, m]);
      const p = g.field('p', { init: noise(10) });
      const u = g.field('u', { shape: [n + 1, m] });
      const v = g.field('v', { shape: [n, m + 1] });
      for (let step = 0; step < 10; step++) {
        np`${u}[1:-1, :] -= 0.1 * (${p}[1:, :] - ${p}[:-1, :])
          ${v}[:, 1:-1] -= 0.1 * (${p}[:, 1:] - ${p}[:, :-1])
          ${p}[:, :] -= 0.1 * (${u}[1:, :] - ${u}[:-1, :] + ${v}[:, 1:] - ${v}[:, :-1])`;
      }
      return { p, u, v };
    },
  },
  {
    name: 'empty-slices',
    numpy: true,
    record({ grid, np }) {
      const g = grid([12, 5]);
      const [u, v] = [g.field('u', { init: noise(11) }), g.field('v')];
      np`${u}[3:3] = 7
        ${u}[:, 9:] = ${v}[:, 7:]
        ${u}[5:2, 1] = 1
        ${v}[20:, :] = ${u}[:0, :]
        ${v}[4:, :] = ${u}[:-4, :]`;
      return { u, v };
    },
  },
  {
    name: 'single-elements',
    numpy: true,
    record({ grid, np }) {
      const g = grid([10, 10]);
      const u = g.field('u', { init: noise(12) });
      np`${u}[0, 0] = ${u}[9, 9] + ${u}[4, 5]
        ${u}[-1, 1:] = ${u}[0, 0]
        ${u}[5, 5] += 2 * ${u}[-10, -1]
        ${u}[:, 3] = ${u}[2, 7]`;
      return { u };
    },
  },
];
