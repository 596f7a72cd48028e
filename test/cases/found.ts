/** What random programs (npm run fuzz) have found, each the smallest program that showed it. */
import { argmax, max, sum, variance } from 'quadrille';
import { noise, type TestCase } from './case.js';

export const found: readonly TestCase[] = [
  {
    // The box that a reduction sweeps did not follow the integers of later runs.
    name: 'reductions-of-moving-rows',
    record({ grid }) {
      const n = 14;
      const g = grid([n, n]);
      const [u, v] = [g.field('u', { init: noise(40) }), g.field('v', { init: noise(41) })];
      for (let i = 1; i < n - 1; i++) {
        u.at(i, 0).set(sum(v.at(i, '0:1')));
        u.at(i, 1).set(max(v.at(i)).add(u.at(i, 0)));
        u.at(i, 2).set(argmax(v.at('1:', i)));
        u.at(i, 3).set(sum(v.at(i, ':', null), { axis: 0 }).at(0));
      }
      return { u };
    },
  },
  {
    // After so many rows the next one was a moving position, and a body with one was no loop: `until` refused it.
    name: 'a-loop-after-many-rows',
    async record({ grid, np }) {
      const g = grid([16, 9]);
      const u = g.field('u', { init: noise(43) });
      for (let i = 0; i < 8; i++) u.at(i, '1:').set(u.at(i, ':-1'));
      for (let i = 0; i < 8; i++) np`${u}[${i}, :2] = ${u}[${i} + 1, 2]`;
      const body = (i: number): void => {
        u.at(i, '1:').set(u.at(i, ':-1').mul(0.5));
        np`${u}[${i}, :2] = ${u}[${i} + 1, 2]`;
      };
      await g.loop(() => body(11), { until: () => sum(u.at(11)).abs().lt(0.01), maxSteps: 40 });
      await g.loop(() => body(12), { steps: 5 });
      return { u };
    },
  },
  {
    // The mean within was rounded in pairs, the sum of squares not at all.
    name: 'variance-along-the-only-axis',
    record({ grid }) {
      const g = grid([1, 40]);
      const [u, v] = [g.field('u', { init: noise(42) }), g.field('v')];
      v.set(u.mul(variance(u.at(0, '15:23:2'), { axis: 0 })));
      return { u, v };
    },
  },
  {
    // A row of a temporary is a row of what it was made of, which may belong to another rank: its place was not looked at.
    name: 'moving-rows-of-temporaries',
    record({ grid, np }) {
      const n = 24;
      const g = grid([n, 7]);
      const [u, v, w] = [g.field('u', { init: noise(44) }), g.field('v'), g.field('w', { init: noise(45) })];
      for (let i = 1; i < n - 1; i++) {
        np`lap = ${u}[2:] + ${u}[:-2]
          ${v}[${i}] = lap[${i} - 1] * 0.5
          far = np.sqrt(${w}[5:]) * ${w}[:-5]
          ${v}[0] += far[${Math.max(0, i - 6)}] * far[${Math.max(0, i - 6)}]`;
      }
      return { u, v, w };
    },
  },
];
