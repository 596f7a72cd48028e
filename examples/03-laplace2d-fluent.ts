/** The same solver in fluent TypeScript: typed, and an editor completes it. */
import { Grid, print, swap } from 'quadrille';

const n = Number(process.argv[2] ?? 512);
const steps = Number(process.argv[3] ?? 500);

const grid = new Grid([n, n]);
const { x, y } = grid.fields('x', 'y');
x.at(0).set(100);
y.at(0).set(100);

for (let k = 0; k < steps; k++) {
  y.at('1:-1', '1:-1').set(
    x.at(':-2', '1:-1').add(x.at('2:', '1:-1')).add(x.at('1:-1', ':-2')).add(x.at('1:-1', '2:')).mul(0.25),
  );
  swap(x, y);
}

print(`in the middle: ${await x.get(n >> 1, n >> 1)}`);
