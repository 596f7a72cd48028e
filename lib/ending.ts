/**
 * How a process ends. In: Node's events of ending; out: a rank's error on stderr and the whole job ended with it, or
 * every rank waited for. Without MPI only the engine is shut down.
 */
import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import { QuadrilleError } from './errors.js';
import { loadEngine, type NativeMpi } from './native.js';

/** Runs what was recorded and not awaited; rejects with its error. */
export type EndFunction = () => Promise<void>;

const endFunctions: EndFunction[] = [];
let ended = false;

/**
 * The session, once it has started the engine: `end` is called when the program has nothing left to do. From then on
 * the engine is shut down at exit, too.
 */
export function onEnd(end: EndFunction): void {
  endFunctions.push(end);
}

/** Has the engine started? */
export function engineRuns(): boolean {
  return endFunctions.length > 0;
}

/** All end functions, one after the other. */
export async function runAll(): Promise<void> {
  for (const end of endFunctions) await end();
}

/** Takes over the end of this process; `mpi` is initialised. */
export function installEnding(rank: number, mpi: NativeMpi | undefined): void {
  process.on('beforeExit', () => {
    // Asynchronous work makes Node fire again when that is done: go on only if more was queued meanwhile.
    if (!engineRuns() || (ended && loadEngine().queued() === 0)) return;
    ended = true;
    void runAll(); // a rejection is the program's: unhandled, it ends the job
  });
  if (mpi === undefined) {
    process.on('exit', (code) => {
      if (!engineRuns()) return;
      // After a failure the queue is not run to its end: it may be long.
      if (code === 0) loadEngine().shutdown();
      else loadEngine().abandon();
    });
    return;
  }
  installJobEnding(rank, mpi);
}

function installJobEnding(rank: number, mpi: NativeMpi): void {
  const fail = (text: string, code: number): void => {
    writeToStderr(`[rank ${rank}] ${text}\n`);
    mpi.abort(code);
  };
  process.on('uncaughtExceptionMonitor', (error) => {
    // A program with a handler of its own goes on after this.
    if (process.listenerCount('uncaughtException') > 0) return;
    fail(describe(error), 1);
  });
  process.on('exit', (code) => {
    if (code !== 0) fail(`ends with exit code ${code}, and the job with it`, code);
    try {
      if (engineRuns()) loadEngine().shutdown();
      mpi.finalize();
    } catch (error) {
      fail(describe(error), 1);
    }
  });
}

/** The stack, with causes and properties; ours hold all they have to say in their message. */
function describe(error: unknown): string {
  return error instanceof QuadrilleError && error.stack !== undefined ? error.stack : inspect(error);
}

/** At once and whole: what is left to the event loop is lost in MPI_Abort. */
function writeToStderr(text: string): void {
  let rest = Buffer.from(text);
  for (let attempt = 0; rest.length > 0 && attempt < 1000; attempt++) {
    try {
      rest = rest.subarray(writeSync(2, rest));
    } catch (error) {
      // A full pipe of mpirun's: it will be read. Anything else, such as a closed stderr, must not keep us from ending.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
