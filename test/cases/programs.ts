/** Several statements, several fields, several Grids: what fusion, waves and transfers must keep apart. */
import { noise, type TestCase } from './case.js';

export const programs: readonly TestCase[] = [
  {
    name: 'boundary-lines-in-every-step',
    numpy: true,
    record({ grid, np, swap }) {
      const g = grid([30, 33]);
      const [p, q] = [g.field('p', { init: noise(1) }), g.field('q')];
      const b = g.field('b', { init: noise(2) });
      for (let step = 0; step < 15; step++) {
        np`${q}[1:-1, 1:-1] = ((${p}[1:-1, 2:] + ${p}[1:-1, :-2]) * 0.3 + (${p}[2:, 1:-1] + ${p}[:-2, 1:-1]) * 0.2 - ${b}[1:-1, 1:-1])
          ${q}[:, -1] = ${q}[:, -2]
          ${q}[0, :] = ${q}[1, :]
          ${q}[:, 0] = ${q}[:, 1]
          ${q}[-1, :] = 0`;
        swap(p, q);
      }
      return { p, q };
    },
  },
  {
    name: 'burgers',
    numpy: true,
    record({ grid, np, swap }) {
      const g = grid([28, 31]);
      const [u, v, un, vn] = ['u', 'v', 'un', 'vn'].map((name, k) => g.field(name, { init: noise(3 + (k % 2)) }));
      if (!u || !v || !un || !vn) throw new Error('four fields');
      const [dt, nu] = [0.01, 0.05];
      for (let step = 0; step < 10; step++) {
        np`${un}[1:-1, 1:-1] = (${u}[1:-1, 1:-1] - ${dt} * ${u}[1:-1, 1:-1] * (${u}[1:-1, 1:-1] - ${u}[:-2, 1:-1])
             - ${dt} * ${v}[1:-1, 1:-1] * (${u}[1:-1, 1:-1] - ${u}[1:-1, :-2])
             + ${nu * dt} * (${u}[2:, 1:-1] - 2 * ${u}[1:-1, 1:-1] + ${u}[:-2, 1:-1]))
          ${vn}[1:-1, 1:-1] = (${v}[1:-1, 1:-1] - ${dt} * ${u}[1:-1, 1:-1] * (${v}[1:-1, 1:-1] - ${v}[:-2, 1:-1])
             - ${dt} * ${v}[1:-1, 1:-1] * (${v}[1:-1, 1:-1] - ${v}[1:-1, :-2])
             + ${nu * dt} * (${v}[1:-1, 2:] - 2 * ${v}[1:-1, 1:-1] + ${v}[1:-1, :-2]))`;
        swap(u, un);
        swap(v, vn);
      }
      return { u, v, un, vn };
    },
  },
  {
    name: 'copy-then-use',
    numpy: true,
    record({ grid, np }) {
      const g = grid([27, 16]);
      const [u, un] = [g.field('u', { init: noise(5) }), g.field('un')];
      for (let step = 0; step < 10; step++) {
        np`${un}[:] = ${u}
          ${u}[1:, 1:] = ${un}[1:, 1:] - 0.3 * (${un}[1:, 1:] - ${un}[:-1, 1:]) - 0.2 * (${un}[1:, 1:] - ${un}[1:, :-1])
          ${u}[0, :] = 1
          ${u}[-1, :] = 1`;
      }
      return { u, un };
    },
  },
  {
    name: 'chained-and-augmented',
    numpy: true,
    record({ grid, np }) {
      const g = grid([15, 14]);
      const [a, b, c, d] = [
        g.field('a', { init: noise(6) }),
        g.field('b'),
        g.field('c', { dtype: 'f32' }),
        g.field('d'),
      ];
      np`${d}[1:, :] = ${b}[1:, :] = ${c}[:-1, :] = ${a}[:-1, :] * 3
        ${a}[1:, :] = ${d}[1:, :] = ${a}[:-1, :] * 3
        ${a} += 1
        ${b} *= ${a}
        ${c} -= 0.1
        ${a}[2:4] /= 7
        ${a}, ${b} = ${b}, ${a}
        ${a}[0] = ${b}[0] = ${a}[-1] = 5`;
      return { a, b, c, d };
    },
  },
  {
    name: 'parameters-that-change',
    record({ grid, swap }) {
      const g = grid([40]);
      const [u, v] = [g.field('u', { init: noise(7) }), g.field('v')];
      for (let step = 0; step < 12; step++) {
        v.at('1:').set(
          u.at('1:').sub(
            u
              .at('1:')
              .sub(u.at(':-1'))
              .mul(0.01 * step),
          ),
        );
        swap(u, v);
      }
      return { u, v };
    },
  },
  {
    name: 'different-grids',
    record({ grid }) {
      const u = grid([24, 20]).field('u', { init: noise(8) });
      const v = grid([24, 20], { periodic: true }).field('v', { init: noise(9) });
      const w = grid([26, 9], { dtype: 'f32' }).field('w', { init: noise(10) });
      const line = grid([20]).field('line', { init: noise(11) });
      for (let step = 0; step < 3; step++) {
        u.at('1:-1').set(v.at('2:').add(v.at(':-2')).mul(line));
        w.at('1:-1', ':').set(u.at(':', '::2').at(':', ':9').sub(w.at('1:-1', ':')));
        v.at(':', ':9').set(w.at('2:').mul(0.5));
        line.set(u.at(-2).add(v.at(3)));
      }
      return { u, v, w, line };
    },
  },
  {
    name: 'more-ranks-than-points',
    numpy: true,
    record({ grid, np }) {
      const small = grid([3]).field('small', { init: noise(12) });
      const flat = grid([2, 50]).field('flat', { init: noise(13) });
      const dot = grid([1]).field('dot', { init: 4 });
      for (let step = 0; step < 4; step++) {
        np`${small}[1:] = ${small}[:-1] * 0.5 + ${dot}
          ${flat}[:, 1:-1] = ${flat}[::-1, 2:] - ${flat}[:, :-2]
          ${dot}[0] = ${small}[2] + ${flat}[1, 7]
          ${small}[0] = ${flat}[0, -1]`;
      }
      return { small, flat, dot };
    },
  },
  {
    name: 'many-fields-in-one-statement',
    record({ grid }) {
      const g = grid([19, 18]);
      const fields = [0, 1, 2, 3, 4, 5, 6].map((k) => g.field(`f${k}`, { init: noise(20 + k) }));
      const [first, ...others] = fields;
      if (!first) throw new Error('seven fields');
      for (let step = 0; step < 5; step++) {
        const sum = others
          .map((f, k) => f.at([1, -1], [k % 3, 16 + (k % 3)]))
          .reduce((a, b) => a.add(b).sub(0.1), first.at('2:', '2:').mul(0.5));
        first.at('1:-1', '1:-1').set(sum.mul(0.1));
        others.forEach((f, k) => f.at('1:').set(fields[(k + 2) % 7]?.at(':-1') ?? 0));
      }
      return Object.fromEntries(fields.map((f, k) => [`f${k}`, f]));
    },
  },
];
