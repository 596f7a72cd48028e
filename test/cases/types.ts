/** Element types and functions: f32, f32 with f64, conditions, and every function whose result IEEE fixes. */
import * as q from 'quadrille';
import { maximum, minimum, pow, sqrt, where } from 'quadrille';
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
      name: `exact-functions-of-numpy-${dtype}`,
      numpy: true,
      record({ grid, np }) {
        const g = grid([190], { dtype });
        const [u, v] = [g.field('u', { init: noise(12) }), g.field('v', { init: noise(13) })];
        const [a, b, c, d] = [g.field('a'), g.field('b'), g.field('c'), g.field('d')];
        np`${u}[::7] = 0
          ${u}[1::7] = 1 / ${u}[::7][:27]
          ${u}[2::14] = -${u}[1::14] - ${u}[1::14] + ${u}[1::14]
          ${v}[::11] = -0.0
          ${v}[3::11] = ${u}[1::11][:17]
          ${v}[4::11] = np.rint(${v}[4::11]) + 0.5
          ${a} = np.sign(${u}) + np.trunc(3 * ${v}) - np.rint(5 * ${u}) + np.around(${v}, 2)
          ${b} = np.where(np.isnan(${u}) | np.isinf(${v}), np.copysign(2, ${v}), np.fmod(${v}, ${u} / 9))
          ${c} = np.fmin(${u}, ${v}) * np.heaviside(${u}, 0.5) + np.clip(${v}, -0.25, 0.3)
          ${d} = np.fmax(np.nextafter(${u}, ${v}), np.deg2rad(${v})) - np.rad2deg(${u}) + np.fix(${u} * 4)
          ${a}[1:] += np.where(np.signbit(${v}[1:]), np.round(10 * ${u}[:-1]), np.fabs(${v}[:-1]))
          ${b}[1:] += np.where(np.logical_xor(np.isfinite(${u}[1:]), ${v}[1:] > 0), 1.0, np.positive(${u}[:-1]))
          ${c} = np.clip(a=${c}, a_min=${u}, a_max=${v}) + np.round(${d}, decimals=-1)`;
        return { a, b, c, d };
      },
    }),
  ),
  ...(['f64', 'f32'] as const).map(
    (dtype): TestCase => ({
      name: `library-functions-${dtype}`,
      ulp: 4, // at most 3 of ours (tan) and 1 of JavaScript's
      record({ grid }) {
        const g = grid([37, 29], { dtype });
        const u = g.field('u', { init: noise(11) });
        const positive = u.abs().add(0.01);
        // Every row of a block begins elsewhere in a vector on another number of ranks: the bits must not show it.
        const results = Object.entries({
          exp: q.exp(u.mul(8)),
          exp2: q.exp2(u.mul(8)),
          expm1: q.expm1(u.mul(3)),
          log: q.log(positive),
          log1p: q.log1p(u),
          log2: q.log2(positive),
          log10: q.log10(positive),
          cbrt: q.cbrt(u.mul(50)),
          sin: q.sin(u.mul(20)),
          cos: q.cos(u.mul(20)),
          tan: q.tan(u),
          asin: q.asin(u),
          acos: q.acos(u),
          atan: q.atan(u.mul(3)),
          sinh: q.sinh(u.mul(5)),
          cosh: q.cosh(u.mul(5)),
          tanh: q.tanh(u.mul(3)),
          asinh: q.asinh(u.mul(5)),
          acosh: q.acosh(positive.mul(9)),
          atanh: q.atanh(u),
          pow: pow(u.abs(), 1.7),
          powers: pow(u.abs().add(0.5), u.mul(4)),
          atan2: q.atan2(u, u.roll(3, 0)),
          hypot: q.hypot(u, u.roll(5, 1)),
        });
        return Object.fromEntries(results.map(([name, expr]) => [name, g.field(name).set(expr)]));
      },
    }),
  ),
];
