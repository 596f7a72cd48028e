/** A compiled script and a number of ranks in; its exit status and what it wrote out. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Run {
  /** null: ended by `signal`. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly timedOut: boolean;
  readonly output: string;
}

export interface Launch {
  /** 0: plain `node`, no mpirun. */
  readonly ranks: number;
  /**
   * Below the repository, a TypeScript source: `test/spmd/run-cases.ts`. What `npm run build:ts` made of it is run. Or a
   * script that needs no building (.mjs).
   */
  readonly script: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where it runs (default: the repository). */
  readonly cwd?: string;
  readonly timeoutSeconds?: number;
  /** A command to start mpirun with, such as taskset. */
  readonly under?: readonly string[];
}

/** Never rejects because of what the script does. */
export function launch({
  ranks,
  script,
  args = [],
  env = {},
  cwd = root,
  timeoutSeconds = 100,
  under = [],
}: Launch): Promise<Run> {
  const compiled = script.endsWith('.mjs') ? join(root, script) : join(root, 'dist', script.replace(/\.ts$/, '.js'));
  if (!existsSync(compiled)) throw new Error(`${compiled} is not there: npm run build:ts`);
  const node = [process.execPath, compiled, ...args];
  const command = ranks === 0 ? node : [...mpirun(ranks), ...node];
  // Through bash for the environment that lets mpirun start as root and on few cores.
  const child = spawn('bash', ['-c', '. "$0"; exec "$@"', join(root, 'scripts', 'mpi-env.sh'), ...under, ...command], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let timedOut = false;
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGTERM'); // mpirun ends its ranks
      setTimeout(() => child.kill('SIGKILL'), 5000).unref();
    }, timeoutSeconds * 1000);
    child.on('error', reject);
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      resolve({ status, signal, timedOut, output: Buffer.concat(chunks).toString() });
    });
  });
}

/** Of Open MPI's mpirun the sanitizers have things to say that are none of ours: what is preloaded goes to the ranks only. */
function mpirun(ranks: number): string[] {
  const { LD_PRELOAD: preload } = process.env;
  const start = ['mpirun', '-n', String(ranks)];
  return preload === undefined ? start : ['env', '-u', 'LD_PRELOAD', ...start, 'env', `LD_PRELOAD=${preload}`];
}
