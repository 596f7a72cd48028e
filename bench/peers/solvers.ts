/** A problem in; a Stencil that solves it out: each workload as a user writes it. */
import { type Field, type GridOptions, np, Stencil, swap, type View } from 'quadrille';
import { checksum } from '../checksum.js';
import {
  BURGERS,
  BURGERS_U,
  BURGERS_V,
  FDTD_C,
  FIRST,
  type Initial,
  initialData,
  type Problem,
  SECOND,
  THIRD,
  WAVE,
  WAVE_M,
  type WorkloadName,
} from '../workloads.js';

export abstract class Solver extends Stencil {
  private readonly made = new Map<Initial, Float64Array | Float32Array>();

  constructor({ shape, dtype }: Problem, options: GridOptions) {
    super(shape, { ...options, dtype });
  }

  /** Records the statements of one step. */
  abstract step(): void;
  /** What the step made new takes the place of what was: in JavaScript, as a class does it. */
  abstract exchange(): void;
  /** The same within a body that is recorded once. */
  abstract swap(): void;
  /** What the checksum covers. */
  abstract results(): Field[];

  override iterate(): boolean {
    this.step();
    this.exchange();
    return true;
  }

  /** A field with initial data; the same numbers are made only once. */
  protected filled(initial: Initial, shape = this.shape): Field {
    const init = this.made.get(initial) ?? initialData(initial, this.dtype === 'f32' ? 'f32' : 'f64', shape);
    this.made.set(initial, init);
    return this.field({ init, shape });
  }

  /** All fields are made. */
  forgetInitialData(): void {
    this.made.clear();
  }

  async checksum(): Promise<string> {
    const fields: { data: Float64Array | Float32Array; row: number }[] = [];
    for (const field of this.results()) {
      const data = await field.toArray({ root: 0 });
      if (data instanceof Float64Array || data instanceof Float32Array) {
        fields.push({ data, row: field.shape.at(-1) ?? 1 });
      }
    }
    return checksum(fields);
  }
}

class Laplace2d extends Solver {
  protected x = this.filled(FIRST);
  protected y = this.filled(FIRST);

  override step(): void {
    const { x, y } = this;
    np`${y}[1:-1, 1:-1] = 0.25 * (${x}[:-2, 1:-1] + ${x}[2:, 1:-1] + ${x}[1:-1, :-2] + ${x}[1:-1, 2:])`;
  }

  override exchange(): void {
    [this.x, this.y] = [this.y, this.x];
  }

  override swap(): void {
    swap(this.x, this.y);
  }

  override results(): Field[] {
    return [this.x];
  }
}

class Laplace3d extends Laplace2d {
  override step(): void {
    const { x, y } = this;
    np`
      ${y}[1:-1, 1:-1, 1:-1] = 1 / 6 * (${x}[:-2, 1:-1, 1:-1] + ${x}[2:, 1:-1, 1:-1] + ${x}[1:-1, :-2, 1:-1] +
                                        ${x}[1:-1, 2:, 1:-1] + ${x}[1:-1, 1:-1, :-2] + ${x}[1:-1, 1:-1, 2:])`;
  }
}

class Burgers2d extends Solver {
  private u = this.filled(BURGERS_U);
  private v = this.filled(BURGERS_V);
  private p = this.filled(BURGERS_U);
  private q = this.filled(BURGERS_V);

  override step(): void {
    this.advance(this.p, this.u);
    this.advance(this.q, this.v);
  }

  private advance(to: Field, f: Field): void {
    const { u, v } = this;
    const { C, D } = BURGERS;
    np`
      ${to}[1:-1, 1:-1] = (${f}[1:-1, 1:-1] -
        ${C} * ${u}[1:-1, 1:-1] * (${f}[1:-1, 1:-1] - ${f}[1:-1, :-2]) -
        ${C} * ${v}[1:-1, 1:-1] * (${f}[1:-1, 1:-1] - ${f}[:-2, 1:-1]) +
        ${D} * (${f}[1:-1, 2:] - 2 * ${f}[1:-1, 1:-1] + ${f}[1:-1, :-2]) +
        ${D} * (${f}[2:, 1:-1] - 2 * ${f}[1:-1, 1:-1] + ${f}[:-2, 1:-1]))`;
  }

  override exchange(): void {
    [this.u, this.v, this.p, this.q] = [this.p, this.q, this.u, this.v];
  }

  override swap(): void {
    swap(this.u, this.p);
    swap(this.v, this.q);
  }

  override results(): Field[] {
    return [this.u, this.v];
  }
}

class Wave3d extends Solver {
  private p = this.filled(FIRST);
  private q = this.filled(FIRST);
  private readonly m = this.filled(WAVE_M);

  override step(): void {
    const { p, q, m } = this;
    const inner = '4:-4';
    const at = (r: number): string => (r === 4 ? '8:' : `${4 + r}:${r - 4}`);
    const middle = (field: Field): View => field.at(inner, inner, inner);
    let sum = middle(p).mul(3 * WAVE[0]);
    for (let r = 1; r <= 4; r++) {
      const ring = p
        .at(at(-r), inner, inner)
        .add(p.at(at(r), inner, inner))
        .add(p.at(inner, at(-r), inner))
        .add(p.at(inner, at(r), inner))
        .add(p.at(inner, inner, at(-r)))
        .add(p.at(inner, inner, at(r)));
      sum = sum.add(ring.mul(WAVE[r] ?? 0));
    }
    middle(q).set(middle(p).mul(2).sub(middle(q)).add(middle(m).mul(sum)));
  }

  override exchange(): void {
    [this.p, this.q] = [this.q, this.p];
  }

  override swap(): void {
    swap(this.p, this.q);
  }

  override results(): Field[] {
    return [this.p, this.q];
  }
}

class Fdtd2d extends Solver {
  private readonly e = this.filled(FIRST);
  private readonly hx = this.filled(SECOND, this.stagger(0, 1));
  private readonly hy = this.filled(THIRD, this.stagger(1, 0));

  private stagger(rows: number, columns: number): number[] {
    const [m = 0, n = 0] = this.shape;
    return [m - rows, n - columns];
  }

  override step(): void {
    const { e, hx, hy } = this;
    np`
      ${hx} -= ${FDTD_C} * (${e}[:, 1:] - ${e}[:, :-1])
      ${hy} += ${FDTD_C} * (${e}[1:, :] - ${e}[:-1, :])
      ${e}[1:-1, 1:-1] += ${FDTD_C} * (${hy}[1:, 1:-1] - ${hy}[:-1, 1:-1] - (${hx}[1:-1, 1:] - ${hx}[1:-1, :-1]))`;
  }

  override exchange(): void {}

  override swap(): void {}

  override results(): Field[] {
    return [this.e, this.hx, this.hy];
  }
}

const solvers: Readonly<Record<WorkloadName, new (problem: Problem, options: GridOptions) => Solver>> = {
  laplace2d: Laplace2d,
  laplace3d: Laplace3d,
  burgers2d: Burgers2d,
  wave3d: Wave3d,
  fdtd2d: Fdtd2d,
};

export function makeSolver(problem: Problem, options: GridOptions): Solver {
  const solver = new solvers[problem.workload](problem, options);
  solver.forgetInitialData();
  return solver;
}
