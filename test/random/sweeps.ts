/** Random NumPy programs of loops over rows, columns and planes, each statement of which touches one of them. */
import fc from 'fast-check';

/** Lines that make arrays `a`, `b`, `c`, and loops over them. */
export const randomSweeps: fc.Arbitrary<readonly string[]> = fc
  .record({
    dims: fc.constantFrom(1, 2, 2, 2, 3, 3),
    extent: fc.integer({ min: 14, max: 24 }),
    choices: fc.infiniteStream(fc.nat(1 << 20)),
  })
  .map(({ dims, extent, choices }) => new SweepWriter(dims, extent, choices).lines());

class SweepWriter {
  constructor(
    private readonly dims: number,
    private readonly extent: number,
    private readonly choices: Iterator<number>,
  ) {}

  #pick<T>(...items: readonly [T, ...T[]]): T {
    return items[(this.choices.next().value as number) % items.length] ?? items[0];
  }

  lines(): string[] {
    const { dims, extent: n } = this;
    const shape = Array.from({ length: dims }, () => 'n').join(', ');
    const size = Array.from({ length: dims }, () => 'n').join(' * ');
    const made = ['a', 'b', 'c'].map(
      (name, k) => `${name} = ((np.arange(${size}) * ${2 * k + 3} % 19) / 16 - 0.5).reshape((${shape},))`,
    );
    const loops = Array.from({ length: this.#pick(1, 2, 3) }, () => this.#loop());
    return [`n = ${n}`, 'w = 0.375', ...made, ...loops.flat()];
  }

  #loop(): string[] {
    const n = this.extent;
    // Offsets go two places to either side.
    const over = this.#pick(
      `range(2, ${n - 2})`,
      'range(2, n - 2)',
      `range(${n - 3}, 1, -1)`,
      'range(n - 3, 1, -1)',
      `range(2, ${n - 2}, 2)`,
      `range(-${n - 2}, -2)`, // all positions from the end
      `range(0, ${n - 4})`,
    );
    // Of a range from 0 the positions before it are the last ones.
    const along = this.#pick(...([0, 1, 2].slice(0, this.dims) as [number, ...number[]]));
    const body = Array.from({ length: this.#pick(1, 1, 2, 3) }, (_, k) => this.#statement(along, k));
    const again = `for s in range(${this.#pick(1, 2, 3)}):`;
    return [again, ...[`for i in ${over}:`, ...body.map((line) => `    ${line}`)].map((line) => `    ${line}`)];
  }

  #statement(along: number, number: number): string {
    const value = this.#value(along, number);
    const target = `${this.#pick('a', 'b', 'c')}[${this.#slices(along, 0, this.#pick('i', 'i', 'i + 1', 'i - 1'))}]`;
    return this.#pick(
      `${target} = ${value}`,
      `${target} = ${value}`,
      `${target} += 0.25 * (${value})`,
      `t${number} = ${value}\n        ${target} = t${number} * 0.5 + t${number} * ${this.#operand(along)}`,
    ) as string;
  }

  #value(along: number, number: number): string {
    const [x, y, z] = [this.#operand(along), this.#operand(along), this.#operand(along)];
    return this.#pick(
      `0.5 * (${x} + ${y})`,
      `w * ${x} - ${y} * ${z}`,
      `np.maximum(${x}, ${y}) / (2.0 + ${z} * ${z})`,
      `np.where(${x} > ${y}, ${z}, -w)`,
      number > 0 ? `${x} * w` : `-${x}`,
    );
  }

  #operand(along: number): string {
    const at = this.#pick('i', 'i', 'i - 1', 'i + 1', 'i + 2', 'i - 2', '-i', '-1 - i', '3', '2 * i - i');
    const shift = this.#pick(0, 0, 0, -1, 1);
    // Across: rows of one array, columns of another.
    const dim = this.#pick(along, along, along, this.dims - 1 - along);
    return `${this.#pick('a', 'b', 'c')}[${this.#slices(dim, shift, at)}]`;
  }

  #slices(along: number, shift: number, at: string): string {
    const range = shift < 0 ? ':-2' : shift > 0 ? '2:' : '1:-1';
    return Array.from({ length: this.dims }, (_, d) => (d === along ? at : range)).join(', ');
  }
}
