/** 2-D Laplace, 100 Jacobi steps, in class, fluent and np form: one and the same result. */
import { type Field, type GridOptions, Stencil } from 'quadrille';
import type { Setup, TestCase } from './case.js';

const STEPS = 100;

/** The form a user ports from CharmStencil. */
class Jacobi2D extends Stencil {
  x: Field;
  y: Field;
  count = 0;
  readonly #np: Setup['np'];

  constructor(shape: number[], options: GridOptions, { np }: Setup) {
    super(shape, { batch: 10, ...options });
    [this.x, this.y] = this.fields(2);
    this.#np = np;
  }

  override boundary(bc: number): void {
    const { x, y } = this;
    this.#np`
      ${x}[0, :] = ${y}[0, :] = ${bc}
      ${x}[-1, :] = ${y}[-1, :] = ${bc}
      ${x}[:, 0] = ${y}[:, 0] = ${bc}
      ${x}[:, -1] = ${y}[:, -1] = ${bc}`;
  }

  iterate(steps: number): boolean {
    const { x, y } = this;
    this.#np`${y}[1:-1, 1:-1] = 0.25 * (${x}[:-2, 1:-1] + ${x}[2:, 1:-1] + ${x}[1:-1, :-2] + ${x}[1:-1, 2:])`;
    [this.x, this.y] = [y, x];
    return ++this.count !== steps;
  }
}

function forms(n: number): TestCase[] {
  const asClass: TestCase = {
    name: `laplace-class-${n}`,
    numpy: true,
    async record(setup) {
      const grid = new Jacobi2D([n, n], setup.options([n, n]), setup);
      grid.applyBoundary(100);
      await grid.solve(STEPS);
      return { x: grid.x, y: grid.y };
    },
  };
  const fluent: TestCase = {
    name: `laplace-fluent-${n}`,
    sameAs: asClass.name,
    record(setup) {
      const { x, y } = setup.grid([n, n]).fields('x', 'y');
      for (const f of [x, y]) {
        f.at(0).set(100);
        f.at(-1).set(100);
        f.at(':', 0).set(100);
        f.at(':', -1).set(100);
      }
      for (let step = 0; step < STEPS; step++) {
        y.at('1:-1', '1:-1').set(
          x.at(':-2', '1:-1').add(x.at('2:', '1:-1')).add(x.at('1:-1', ':-2')).add(x.at('1:-1', '2:')).mul(0.25),
        );
        setup.swap(x, y);
      }
      return { x, y };
    },
  };
  const text: TestCase = {
    name: `laplace-np-${n}`,
    numpy: true,
    sameAs: asClass.name,
    record(setup) {
      const { np, swap } = setup;
      const { x, y } = setup.grid([n, n]).fields('x', 'y');
      np`${x}[0, :] = ${x}[-1, :] = ${y}[0, :] = ${y}[-1, :] = 100
        ${x}[:, 0] = ${x}[:, -1] = ${y}[:, 0] = ${y}[:, -1] = 100`;
      for (let step = 0; step < STEPS; step++) {
        np`${y}[1:-1, 1:-1] = 0.25 * (${x}[:-2, 1:-1] + ${x}[2:, 1:-1] + ${x}[1:-1, :-2] + ${x}[1:-1, 2:])`;
        swap(x, y);
      }
      return { x, y };
    },
  };
  return [asClass, fluent, text];
}

export const laplace: readonly TestCase[] = [61, 64, 257].flatMap(forms);
