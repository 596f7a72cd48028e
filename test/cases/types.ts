/** Element types and functions: f32, f32 with f64, conditions, and every function whose result IEEE fixes. */
import { cos, exp, log, maximum, minimum, pow, sin, sqrt, tan, tanh, where } from 'quadrille';
import { noise, type TestCase } from './case.js';

export const types: readonly TestCase[] = [
  {
    name: 'laplace-f32',
    numpy: true,
    record({ grid, np, swap }) {
      const g = grid([45, 38], { dtype: 'f32' });
      const [x, y] = [g.field('x', { init: noise(1) }), g.field('y', { init: noise(1) })];
      for (let step = 0; step < 20; step++) {
        np`${y}[1:-1, 1:-1] = 0.25 * (${x}[:-2, 1:-1] + ${x}[2:, 1:-1] + ${x}[1:-1, :-2] + ${x}[1:-1, 2:]) / 1.1`;
        swap(x, y);
      }
      return { x, y };
    },
  },
  {
    name: 'f32-with-f64',
    numpy: true,
    record({ grid, np }) {
      const g = grid([26, 17]);
      const [single, double] = [
        g.field('single', { dtype: 'f32', init: noise(2) }),
        g.field('double', { init: noise(3) }),
      ];
      for (let step = 0; step < 5; step++) {
        np`${single}[1:, :] = ${single}[:-1, :] * 0.1 + ${double}[1:, :] / 3
          ${double}[:, 1:] = ${single}[:, 1:] * ${single}[:, :-1] + 0.7 * ${double}[:, :-1]
          ${single}[:, :] = 0.1`;
      }
      np`${single}[:, ::2] = ${double}[:, ::2] * 1e-40
        ${single}[3:9, :] = np.where(${single}[3:9, :] > 0, 0.1, 0.2) * ${single}[3:9, :]
        ${double}[3:9, :] = np.where(${double}[3:9, :] > 0, 0.1, ${single}[3:9, :]) * 0.3`;
      return { single, double };
    },
  },
  {
    name: 'where-and-comparisons',
    numpy: true,
    record({ grid, np }) {
      const g = grid([23, 24]);
      const [u, v] = [g.field('u', { init: noise(4) }), g.field('v', { init: noise(5) })];
      for (let step = 0; step < 4; step++) {
        np`${v}[1:-1, :] = np.where(${u}[1:-1, :] > 0, ${u}[1:-1, :] - ${u}[:-2, :], ${u}[2:, :] - ${u}[1:-1, :])
          ${u}[:, :] = np.where((${u} < ${v}) & (${v} >= 0.1) | (${u} == 0.5), np.minimum(${u}, 0.25), np.maximum(${v}, -0.5))
          ${u}[:, 1:] = np.where(~(${v}[:, :-1] != ${v}[:, 1:]), 1.0, ${u}[:, 1:] * 0.5)`;
      }
      return { u, v };
    },
  },
  {
    name: 'upwind-fluent',
    record({ grid, swap }) {
      const g = grid([50]);
      const [u, v, c] = [g.field('u', { init: noise(6) }), g.field('v'), g.field('c', { init: noise(7) })];
      for (let step = 0; step < 10; step++) {
        const [left, here, right] = [u.at(':-2'), u.at('1:-1'), u.at('2:')];
        const flux = where(c.at('1:-1').gt(0), here.sub(left), right.sub(here)).mul(c.at('1:-1'));
        v.at('1:-1').set(here.sub(flux.mul(0.4)));
        swap(u, v);
      }
      v.set(maximum(minimum(u, 0.3), u.neg().div(2)).add(sqrt(c.abs())).pow(2));
      return { u, v };
    },
  },
  {
    name: 'exact-functions',
    numpy: true,
    record({ grid, np }) {
      const g = grid([200]);
      const [u, v] = [g.field('u', { init: noise(8) }), g.field('v', { init: noise(9) })];
      const w = g.field('w', { dtype: 'f32', init: noise(10) });
      np`${v}[:] = np.sqrt(abs(${u})) + np.floor(3 * ${v}) - np.ceil(5 * ${u})
        ${u}[:] = -${u} ** 2 + 1 / ${v}
        ${w}[:] = np.sqrt(np.abs(${w})) / (${w} ** 2 + 0.1) - np.minimum(${w}, ${w}[::-1])
        ${v}[1:] = ${v}[:-1] / 0.0 - ${w}[1:]`;
      return { u, v, w };
    },
  },
  ...(['f64', 'f32'] as const).map(
    (dtype): TestCase => ({
      name: `library-functions-${dtype}`,
      ulp: 4, // libmvec's bound
      record({ grid }) {
        const g = grid([37, 29], { dtype });
        const u = g.field('u', { init: noise(11) });
        // Every row of a block begins elsewhere in a vector on another number of ranks: the bits must not show it.
        const results = Object.entries({
          exp: exp(u.mul(8)),
          log: log(u.abs().add(0.01)),
          sin: sin(u.mul(20)),
          cos: cos(u.mul(20)),
          tan: tan(u),
          tanh: tanh(u.mul(3)),
          pow: pow(u.abs(), 1.7),
          powers: pow(u.abs().add(0.5), u.mul(4)),
        });
        return Object.fromEntries(results.map(([name, expr]) => [name, g.field(name).set(expr)]));
      },
    }),
  ),
];
