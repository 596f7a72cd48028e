/**
 * Ours as a peer: argument is the number of threads per rank. Every rank connects to $QUADRILLE_BENCH_SOCKET, hears
 * every command of protocol.h; rank 0 answers. One more, `stats`: seconds in kernels and in exchange so far. The solver
 * is the class a user writes, recording included.
 */
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { barrier, type Field, np, rank, Stencil } from 'quadrille';
import { SOCKET_VARIABLE } from '../peer.js';
import { checksum, initialData } from '../workload.js';

class Laplace2D extends Stencil {
  private x: Field;
  private y: Field;
  private count = 0;

  constructor(n: number, threads: number) {
    super([n, n], { threads });
    const init = initialData(n);
    this.x = this.field('x', { init });
    this.y = this.field('y', { init });
  }

  override iterate(steps: number): boolean {
    const { x, y } = this;
    np`${y}[1:-1, 1:-1] = 0.25 * (${x}[:-2, 1:-1] + ${x}[2:, 1:-1] + ${x}[1:-1, :-2] + ${x}[1:-1, 2:])`;
    [this.x, this.y] = [y, x];
    return ++this.count % steps !== 0;
  }

  /** Seconds for `steps` steps, from all ranks ready to all ranks done. */
  async time(steps: number): Promise<number> {
    this.count = 0;
    await barrier();
    const start = performance.now();
    await this.solve(steps);
    await barrier();
    return (performance.now() - start) / 1000;
  }

  async result(): Promise<string> {
    const newest = await this.x.toArray({ root: 0 });
    return newest instanceof Float64Array ? checksum(newest) : '';
  }
}

async function answer(line: string): Promise<string> {
  const [command, argument] = line.split(' ');
  if (command === 'setup') {
    stencil?.dispose();
    stencil = new Laplace2D(Number(argument), threads);
    return 'ok';
  }
  if (stencil && command === 'run') return (await stencil.time(Number(argument))).toFixed(9);
  if (stencil && command === 'checksum') return stencil.result();
  if (stencil && command === 'stats') {
    const { computeSeconds, exchangeSeconds } = stencil.stats();
    return `${computeSeconds} ${exchangeSeconds}`;
  }
  throw new Error(`unknown command: ${line}`);
}

const threads = Number(process.argv[2]);
let stencil: Laplace2D | undefined;
const socket = connect(process.env[SOCKET_VARIABLE] ?? '');
socket.write(`${rank} ${process.pid}\n`);
for await (const line of createInterface(socket)) {
  const reply = await answer(line);
  if (rank === 0) socket.write(`${reply}\n`);
}
