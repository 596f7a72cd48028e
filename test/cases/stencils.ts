/** Neighbour stencils of every shape: 1-D to 4-D, radius 1 to 4, with corners, periodic. */
import type { Expr, Field } from 'quadrille';
import { noise, type TestCase } from './case.js';

const BOX = [-1, 0, 1];

/** A view of the interior, `margin` points from every side, moved by `offset`. */
function near(u: Field, margin: number, offset: readonly number[]) {
  return u.at(...u.shape.map((n, d) => [margin + (offset[d] ?? 0), n - margin + (offset[d] ?? 0)]));
}

export const stencils: readonly TestCase[] = [
  {
    name: '1-d-heat',
    numpy: true,
    record({ grid, np, swap }) {
      const g = grid([103]);
      const [u, v] = [g.field('u', { init: noise(1) }), g.field('v')];
      for (let step = 0; step < 30; step++) {
        np`${v}[1:-1] = ${u}[1:-1] + 0.2 * (${u}[2:] - 2 * ${u}[1:-1] + ${u}[:-2])`;
        swap(u, v);
      }
      return { u, v };
    },
  },
  {
    name: '3-d-7-point',
    numpy: true,
    record({ grid, np, swap }) {
      const g = grid([17, 20, 23]);
      const [u, v] = [g.field('u', { init: noise(2) }), g.field('v', { init: noise(3) })];
      for (let step = 0; step < 8; step++) {
        np`${v}[1:-1, 1:-1, 1:-1] = (${u}[:-2, 1:-1, 1:-1] + ${u}[2:, 1:-1, 1:-1] + ${u}[1:-1, :-2, 1:-1]
             + ${u}[1:-1, 2:, 1:-1] + ${u}[1:-1, 1:-1, :-2] + ${u}[1:-1, 1:-1, 2:] - 6 * ${u}[1:-1, 1:-1, 1:-1]) / 7`;
        swap(u, v);
      }
      return { u, v };
    },
  },
  {
    name: '3-d-27-point',
    record({ grid, swap }) {
      const g = grid([12, 11, 13]);
      const [u, v] = [g.field('u', { init: noise(4) }), g.field('v')];
      for (let step = 0; step < 5; step++) {
        const terms = BOX.flatMap((i) =>
          BOX.flatMap((j) => BOX.map((k) => near(u, 1, [i, j, k]).mul(1 + i + 3 * j + 9 * k))),
        );
        near(v, 1, []).set(terms.reduce((sum, term) => sum.add(term)).mul(1 / 64));
        swap(u, v);
      }
      return { u, v };
    },
  },
  {
    name: '2-d-9-point-corners',
    numpy: true,
    record({ grid, np, swap }) {
      const g = grid([31, 29]);
      const [u, v] = [g.field('u', { init: noise(5) }), g.field('v')];
      for (let step = 0; step < 12; step++) {
        np`${v}[1:-1, 1:-1] = (${u}[:-2, :-2] + ${u}[:-2, 2:] - ${u}[2:, :-2] - ${u}[2:, 2:]) * 0.25 + 0.5 * ${u}[1:-1, 1:-1]`;
        swap(u, v);
      }
      return { u, v };
    },
  },
  {
    name: '2-d-radius-4-star',
    record({ grid, swap }) {
      const g = grid([40, 37]);
      const [u, v] = [g.field('u', { init: noise(6) }), g.field('v')];
      for (let step = 0; step < 6; step++) {
        let sum = near(u, 4, []).mul(-2.5);
        for (const r of [1, 2, 3, 4]) {
          for (const offset of [
            [r, 0],
            [-r, 0],
            [0, r],
            [0, -r],
          ])
            sum = sum.add(near(u, 4, offset).mul(1 / (r + 1)));
        }
        near(v, 4, []).set(sum.mul(0.2));
        swap(u, v);
      }
      return { u, v };
    },
  },
  {
    name: '2-d-one-sided-halo',
    numpy: true,
    record({ grid, np }) {
      const g = grid([24, 26]);
      const [u, v] = [g.field('u', { init: noise(7) }), g.field('v')];
      for (let step = 0; step < 6; step++) {
        np`${v}[:-3, :] = ${u}[3:, :] - ${u}[:-3, :]
          ${u}[:, 2:] = ${v}[:, :-2] * 0.5 + ${u}[:, 2:]`;
      }
      return { u, v };
    },
  },
  {
    name: '4-d-9-point',
    record({ grid, swap }) {
      const g = grid([6, 7, 8, 9]);
      const [u, v] = [g.field('u', { init: noise(8) }), g.field('v', { init: 1 })];
      for (let step = 0; step < 3; step++) {
        let sum = near(u, 1, []).mul(0.5);
        for (let d = 0; d < 4; d++) {
          for (const r of [-1, 1])
            sum = sum.add(
              near(
                u,
                1,
                [0, 1, 2, 3].map((e) => (e === d ? r : 0)),
              ).mul(0.0625),
            );
        }
        near(v, 1, []).set(sum);
        swap(u, v);
      }
      return { u, v };
    },
  },
  ...[1, 2, 3].map(
    (dims): TestCase => ({
      name: `periodic-shift-${dims}-d`,
      record({ grid, swap }) {
        const g = grid([13, 11, 9].slice(0, dims), { periodic: true });
        const [u, v] = [g.field('u', { init: noise(dims) }), g.field('v')];
        for (let step = 0; step < 7; step++) {
          let sum = u.mul(-2 * dims);
          for (let d = 0; d < dims; d++) {
            for (const r of [-1, 1]) sum = sum.add(u.shift(...u.shape.map((_, e) => (e === d ? r : 0))));
          }
          v.set(u.add(sum.mul(0.1)));
          swap(u, v);
        }
        v.set(u.shift(...u.shape.map((n, d) => (d === 0 ? n - 2 : -3))).sub(v)); // far around the ends
        return { u, v };
      },
    }),
  ),
  ...[1, 2, 3].map(
    (dims): TestCase => ({
      name: `periodic-loop-${dims}-d`,
      async record({ grid, swap }) {
        const g = grid([33, 20, 9].slice(0, dims), { periodic: true });
        const [u, v] = [g.field('u', { init: noise(dims) }), g.field('v')];
        const w = g.field('w', { init: noise(20 + dims) });
        const neighbours = (f: Field): Expr => {
          let sum = f.mul(-2 * dims);
          for (let d = 0; d < dims; d++) {
            for (const r of [-1, 1]) sum = sum.add(f.shift(...f.shape.map((_, e) => (e === d ? r : 0))));
          }
          return sum;
        };
        const body = (): void => {
          v.set(u.add(neighbours(u).mul(w).mul(0.1)));
          w.set(w.sub(v.shift(...v.shape.map(() => 1)).mul(0.01)));
          swap(u, v);
        };
        await g.loop(body, { steps: 11 });
        return { u, v, w };
      },
    }),
  ),
  {
    name: 'periodic-in-one-dimension',
    async record({ grid, np, swap }) {
      const g = grid([30, 14], { periodic: [false, true] });
      const [u, v] = [g.field('u', { init: noise(3) }), g.field('v')];
      const body = (): void => {
        v.at('1:-1').set(u.shift(0, 1).add(u.shift(0, -1)).at('1:-1').add(u.at(':-2')).add(u.at('2:')).mul(0.25));
        np`${v}[0, :] = ${v}[1, :]
          ${v}[-1, :] = 0.5`;
        swap(u, v);
      };
      await g.loop(body, { steps: 9 });
      return { u, v };
    },
  },
  {
    name: 'roll-np',
    numpy: true,
    record({ grid, np, swap }) {
      const g = grid([14, 15]);
      const [u, v] = [g.field('u', { init: noise(9) }), g.field('v')];
      for (let step = 0; step < 5; step++) {
        np`${v}[:, :] = (np.roll(${u}, 1, axis=0) + np.roll(${u}, -1, axis=0) + np.roll(${u}, 3, axis=1)) / 3 - ${u}`;
        swap(u, v);
      }
      return { u, v };
    },
  },
];
