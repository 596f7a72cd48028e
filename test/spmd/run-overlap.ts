/**
 * `run-overlap.js`, alone or under mpirun: loops in the plain and in the tiled form, of which every rank has an interior.
 * Asserts what stats() says about how their exchanges were hidden.
 */
import assert from 'node:assert/strict';
import { Grid, np, print, size, swap } from 'quadrille';

for (const timeTile of [1, 4]) {
  const grid = new Grid([40 * size, 50], { timeTile, processGrid: [size, 1] });
  const [x, y] = [grid.field('x', { init: (i, j) => i * j }), grid.field('y')];
  const before = grid.stats();
  const body = (): void => {
    np`${y}[1:-1, 1:-1] = 0.25 * (${x}[:-2, 1:-1] + ${x}[2:, 1:-1] + ${x}[1:-1, :-2] + ${x}[1:-1, 2:])`;
    swap(x, y);
  };
  await grid.loop(body, { steps: 12 });
  const after = grid.stats();
  const [sent, hidden] = [after.bytesSent - before.bytesSent, after.bytesHidden - before.bytesHidden];
  // All messages of this loop are halos, and behind each of them something is swept.
  assert.equal(hidden, sent, `timeTile ${timeTile}`);
  assert.equal(sent > 0, size > 1);
  assert.ok(after.exchangeHidden >= 0 && after.exchangeHidden <= 1);
  assert.ok(after.waitSeconds <= after.messageSeconds);
  if (timeTile > 1) assert.equal(/while halos travel: \d+ % of its points/.test(grid.explain()), size > 1);
  grid.dispose();
}
print(`exchanges were hidden on ${size}`);
