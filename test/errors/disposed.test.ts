/** Fields of a disposed grid cannot be used. */
import { Grid, np } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { rejected, thrown } from './thrown.js';

installFakeEngine();

it('in any way', async () => {
  const grid = new Grid([4]);
  const u = grid.field('u');
  const v = new Grid([4]).field('v');
  const view = u.at('1:');
  const expr = u.add(1);
  grid.dispose();
  grid.dispose(); // twice is once
  expect(thrown('DISPOSED', () => u.at(0)).summary).toContain("'u'");
  thrown('DISPOSED', () => view.set(0));
  thrown('DISPOSED', () => v.set(u));
  thrown('DISPOSED', () => v.set(expr));
  thrown('DISPOSED', () => u.shift(0));
  thrown('DISPOSED', () => np`${v} = ${u}`);
  thrown('DISPOSED', () => u.local);
  thrown('DISPOSED', () => grid.field());
  await rejected('DISPOSED', () => grid.sync());
  await rejected('DISPOSED', () => u.toArray());
  await rejected('DISPOSED', () => u.save('never.npy'));
});
