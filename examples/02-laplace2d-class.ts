/** The same solver as a Stencil class, the form of CharmStencil programs. */
import { type Field, np, print, Stencil } from 'quadrille';

class Jacobi2D extends Stencil {
  x: Field;
  y: Field;
  count = 0;

  constructor(shape: number[]) {
    super(shape, { batch: 100, odf: 2 });
    [this.x, this.y] = this.fields(2);
  }

  override boundary(bc: number): void {
    np`${this.x}[0, :] = ${this.y}[0, :] = ${bc}`;
  }

  iterate(steps: number): boolean {
    const { x, y } = this;
    np`${y}[1:-1, 1:-1] = 0.25 * (${x}[:-2, 1:-1] + ${x}[2:, 1:-1] + ${x}[1:-1, :-2] + ${x}[1:-1, 2:])`;
    [this.x, this.y] = [y, x];
    return ++this.count !== steps;
  }
}

const n = Number(process.argv[2] ?? 512);
const grid = new Jacobi2D([n, n]);
grid.applyBoundary(100);
await grid.solve(Number(process.argv[3] ?? 500));
print(`in the middle: ${await grid.x.get(n >> 1, n >> 1)}`);
await grid.x.save('laplace2d.npy');
