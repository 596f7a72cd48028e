/** Two ranks, two rows each, of which every step needs the neighbour's nearest one. Prints µs per step, all rounds. */
import { barrier, type Field, np, rank, Stencil } from 'quadrille';
import { exchangeSteps, MESSAGE_BYTES, ROUNDS } from '../micro/exchange-sizes.js';

class Rows extends Stencil {
  private x: Field;
  private y: Field;

  constructor(columns: number) {
    super([4, columns], { threads: 1, processGrid: [2, 1] });
    this.x = this.field('x');
    this.y = this.field('y');
  }

  override iterate(_steps: number): boolean {
    const { x, y } = this;
    np`${y}[1:-1, :] = ${x}[:-2, :] + ${x}[2:, :]`;
    [this.x, this.y] = [y, x];
    return true;
  }
}

for (const bytes of MESSAGE_BYTES) {
  const rows = new Rows(bytes / 8);
  const steps = exchangeSteps(bytes);
  for (let round = -1; round < ROUNDS; round++) {
    await barrier();
    const start = performance.now();
    await rows.solve(steps);
    const elapsed = performance.now() - start;
    if (rank === 0 && round >= 0) console.log(`result ${(elapsed * 1000) / steps}`);
  }
  rows.dispose();
}
