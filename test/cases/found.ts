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
    // The mean within was rounded in pairs, the sum of squares not at all.
    name: 'variance-along-the-only-axis',
    record({ grid }) {
      const g = grid([1, 40]);
      const [u, v] = [g.field('u', { init: noise(42) }), g.field('v')];
      v.set(u.mul(variance(u.at(0, '15:23:2'), { axis: 0 })));
      return { u, v };
    },
  },
];
