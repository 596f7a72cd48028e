/**
 * The Laplace class on a grid so small that only recording costs: from the call of solve() until the last iterate() has
 * returned, hand-overs in between included. Fewer steps than the engine may have waiting, so that solve never pauses.
 */
import { type Field, np, Stencil } from 'quadrille';

class Laplace2D extends Stencil {
  private x: Field;
  private y: Field;
  private count = 0;
  private recorded = 0;

  constructor(n: number) {
    super([n, n], { threads: 1 });
    this.x = this.field('x');
    this.y = this.field('y');
  }

  override iterate(steps: number): boolean {
    const { x, y } = this;
    np`${y}[1:-1, 1:-1] = 0.25 * (${x}[:-2, 1:-1] + ${x}[2:, 1:-1] + ${x}[1:-1, :-2] + ${x}[1:-1, 2:])`;
    [this.x, this.y] = [y, x];
    if (++this.count % steps !== 0) return true;
    this.recorded = performance.now();
    return false;
  }

  /** µs per iterate. */
  async time(steps: number): Promise<number> {
    const start = performance.now();
    await this.solve(steps);
    return ((this.recorded - start) * 1000) / steps;
  }
}

const stencil = new Laplace2D(8);
for (let sample = -20; sample < 21; sample++) {
  const cost = await stencil.time(1000);
  if (sample >= 0) console.log(`result ${cost}`); // the first twenty warm the compiler up
}
