/** Arrays seen in another order, with new dimensions, backwards, and assigned to where a condition holds. */
import { noise, type TestCase } from './case.js';

export const order: readonly TestCase[] = [
  {
    name: 'transposed',
    numpy: true,
    record({ grid, np }) {
      const g = grid([23, 17]);
      const [u, v] = [g.field('u', { init: noise(1) }), g.field('v', { init: noise(2) })];
      const t = grid([17, 23]).field('t', { init: noise(3) });
      np`${t}[:] = ${u}.T
        ${v}[1:-1, 1:-1] = ${t}.T[1:-1, :-2] + ${t}[1:-1, 2:].T * ${u}[1:-1, 1:-1]
        ${t}.T[::2, 1:] += ${v}[::2, 1:] - ${t}[:-1, ::2].T
        ${u}[...] = (${t} * 0.5 + ${t}[::-1])[:, ::-1].T
        ${u}[:17, :17] = ${u}[:17, :17].T
        ${v}[2:14, 3:15] -= ${v}[2:14, 3:15].T[::-1, 1:2]`;
      return { u, v, t };
    },
  },
  {
    name: 'transposed-3d',
    numpy: true,
    record({ grid, np }) {
      const g = grid([7, 9, 8]);
      const [u, v] = [g.field('u', { init: noise(4) }), g.field('v', { init: noise(5) })];
      const w = grid([8, 7, 9]).field('w', { init: noise(6) });
      np`${w}[:] = ${u}.transpose(2, 0, 1)
        ${v}[1:, 1:-1] = np.moveaxis(${w}, 0, 2)[:-1, 1:-1] + np.swapaxes(${w}, 0, 2)[2:, :5].T[:5, :, 0:1].T[:, 0:1, 0:1]
        ${u}[:, :8, :] = np.flip(${u}[:, :8, :], 1).swapaxes(1, 2)
        ${u}[2] = ${v}[2, ::-1]
        np.transpose(${w}, (1, 2, 0))[...] -= np.flip(${v}) * 0.25`;
      return { u, v, w };
    },
  },
  {
    name: 'new-axes',
    numpy: true,
    record({ grid, np }) {
      const g = grid([21, 15]);
      const [u, v] = [g.field('u', { init: noise(7) }), g.field('v', { init: noise(8) })];
      const [x, y] = [grid([21]).field('x', { init: noise(9) }), grid([15]).field('y', { init: noise(10) })];
      np`${u}[...] = ${x}[:, None] * ${y}[None, :] + ${y}
        ${v}[1:] = ${x}[1:, np.newaxis] - (${u} + ${y})[:-1] * ${v}[3, None, :]
        ${u}[None, ..., 0] = ${x}[None]
        ${u}[4, None, 2:] = ${y}[2:] + ${x}[None, :13]
        ${v}[:, None][:, 0, 3:] = ${u}[:, 3:].reshape(21, 1, 12)[:, 0] + ${x}.reshape(-1, 1)`;
      return { u, v };
    },
  },
  {
    name: 'flipped',
    numpy: true,
    record({ grid, np }) {
      const g = grid([26, 19]);
      const [u, v] = [g.field('u', { init: noise(11) }), g.field('v', { init: noise(12) })];
      np`${v}[:] = np.flipud(${u}) + np.fliplr(${v}) * 0.5
        ${u}[1:] = np.flip(${u}[:-1]) - np.flip(${v}, axis=0)[1:]
        np.flipud(${v})[3:] *= ${u}[3:]
        ${u}[::-1, 2:] = ${u}[:, :-2]`;
      return { u, v };
    },
  },
  {
    name: 'masks',
    numpy: true,
    record({ grid, np }) {
      const g = grid([24, 18]);
      const [u, v] = [g.field('u', { init: noise(13) }), g.field('v', { init: noise(14) })];
      const i = g.field('i', { dtype: 'i32', init: (a = 0, b = 0) => ((a * 7 + b * 3) % 11) - 4 });
      const m = g.field('m', { dtype: 'bool' });
      const x = grid([24]).field('x', { init: noise(15) });
      np`${m}[:] = ${u} > ${v}
        ${u}[${u} < -0.5] = 0
        ${v}[${m}] += 1.5
        ${v}[~${m} & (${v} > 0.25)] *= ${v}[~${m} & (${v} > 0.25)]
        ${i}[${i} < 0] = 2.7
        ${i}[${m}] -= ${i}[${m}] // 2
        ${u}[1:-1][${v}[2:] > 0.5] = -${u}[1:-1][${v}[2:] > 0.5] * 0.5 + ${v}[3, 4]
        ${u}[${x} > 0] = -1
        ${m}[${i} == 2] = False
        ${u}[:, ::2][${m}[:, ::2]] = np.sqrt(abs(${u}[:, ::2][${m}[:, ::2]]))`;
      return { u, v, i, m };
    },
  },
  {
    name: 'masks-fluent',
    record({ grid }) {
      const g = grid([20, 13]);
      const [u, v] = [g.field('u', { init: noise(16) }), g.field('v', { init: noise(17) })];
      u.at(u.lt(0)).set(v.mul(2));
      v.at('1:').at(u.at(':-1').gt(0.3).not()).set(0.125);
      v.at(v.gt(u)).set(u.at(v.gt(u)));
      v.T.at(u.T.lt(0.1)).set(7);
      return { u, v };
    },
  },
  {
    name: 'order-fluent',
    sameAs: 'transposed-3d',
    record({ grid }) {
      const g = grid([7, 9, 8]);
      const [u, v] = [g.field('u', { init: noise(4) }), g.field('v', { init: noise(5) })];
      const w = grid([8, 7, 9]).field('w', { init: noise(6) });
      w.set(u.transpose(2, 0, 1));
      v.at('1:', '1:-1').set(
        w
          .moveaxis(0, 2)
          .at(':-1', '1:-1')
          .add(w.swapaxes(0, 2).at('2:', ':5').T.at(':5', ':', '0:1').T.at(':', '0:1', '0:1')),
      );
      u.at(':', ':8', ':').set(u.at(':', ':8', ':').flip(1).swapaxes(1, 2));
      u.at(2).set(v.at(2, '::-1'));
      const turned = w.transpose(1, 2, 0);
      turned.set(turned.sub(v.flip().mul(0.25)));
      return { u, v, w };
    },
  },
];
