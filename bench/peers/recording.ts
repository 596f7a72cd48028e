/**
 * The Laplace class on a grid so small that only recording costs: calls iterate as solve() does and times the
 * JavaScript thread until the last call has returned; then waits, untimed, for the engine to catch up.
 */
import { type Field, np, Stencil } from 'quadrille';

class Laplace2D extends Stencil {
  private x: Field;
  private y: Field;

  constructor(n: number) {
    super([n, n], { threads: 1 });
    this.x = this.field('x');
    this.y = this.field('y');
  }

  override iterate(_steps: number): boolean {
    const { x, y } = this;
    np`${y}[1:-1, 1:-1] = 0.25 * (${x}[:-2, 1:-1] + ${x}[2:, 1:-1] + ${x}[1:-1, :-2] + ${x}[1:-1, 2:])`;
    [this.x, this.y] = [y, x];
    return true;
  }
}

const steps = 5000;
const samples = 11;
const stencil = new Laplace2D(8);
for (let sample = -2; sample < samples; sample++) {
  const start = performance.now();
  for (let step = 0; step < steps; step++) stencil.iterate(steps);
  const elapsed = performance.now() - start;
  await stencil.sync();
  if (sample >= 0) console.log(`result ${(elapsed * 1000) / steps}`); // the first two warm the compiler up
}
