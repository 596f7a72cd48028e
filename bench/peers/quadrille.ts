/**
 * Ours as a peer: the argument is the Grid's options, as JSON. Every rank connects to $QUADRILLE_BENCH_SOCKET, hears
 * every command of protocol.h; rank 0 answers. `run` takes a third word, how the steps are taken (LoopMode). One command
 * more, `stats`: seconds in kernels and in exchange so far. All time includes recording.
 */
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { barrier, type GridOptions, rank } from 'quadrille';
import { SOCKET_VARIABLE } from '../peer.js';
import { type Problem, WORKLOADS, type WorkloadName } from '../workloads.js';
import { makeSolver, type Solver } from './solvers.js';
import { runSteps } from './steps.js';

function parseProblem([name, dtype, shape = '']: readonly string[]): Problem {
  const workload = Object.keys(WORKLOADS).find((each): each is WorkloadName => each === name);
  if (workload === undefined) throw new RangeError(`no workload ${name}`);
  return { workload, dtype: dtype === 'f32' ? 'f32' : 'f64', shape: shape.split('x').map(Number) };
}

/** Seconds for `steps` steps, from all ranks ready to all ranks done. */
async function time(solver: Solver, steps: number, mode: string): Promise<number> {
  await barrier();
  const start = performance.now();
  await runSteps(solver, steps, mode);
  await barrier();
  return (performance.now() - start) / 1000;
}

async function answer(line: string): Promise<string> {
  const [command, ...words] = line.split(' ');
  if (command === 'setup') {
    solver?.dispose();
    solver = undefined;
    solver = makeSolver(parseProblem(words), options);
    await solver.sync();
    return 'ok';
  }
  if (command === 'free') {
    solver?.dispose();
    solver = undefined;
    return 'ok';
  }
  if (solver && command === 'run') return (await time(solver, Number(words[0]), words[2] ?? 'solve')).toFixed(9);
  if (solver && command === 'checksum') return solver.checksum();
  if (solver && command === 'stats') {
    const { computeSeconds, exchangeSeconds } = solver.stats();
    return `${computeSeconds} ${exchangeSeconds}`;
  }
  throw new Error(`unknown command: ${line}`);
}

const options: GridOptions = JSON.parse(process.argv[2] ?? '{}');
let solver: Solver | undefined;
const socket = connect(process.env[SOCKET_VARIABLE] ?? '');
socket.write(`${rank} ${process.pid}\n`);
for await (const line of createInterface(socket)) {
  const reply = await answer(line);
  if (!line.startsWith('run')) globalThis.gc?.(); // initial data and gathered results, of which others need the memory
  if (rank === 0) socket.write(`${reply}\n`);
}
