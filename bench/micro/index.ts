/** The name of a microbenchmark, or none for all, in; its table out. */
import { spawnSync } from 'node:child_process';
import { script } from '../paths.js';

interface Suite {
  run(): void | Promise<void>;
}

/** In the order of the path a step takes. Loaded when asked for: each brings only what it measures. */
const suites: Readonly<Record<string, () => Promise<Suite>>> = {
  recording: () => import('./recording.js'),
  hashing: () => import('./hashing.js'),
  parsing: () => import('./parsing.js'),
  lowering: () => import('./lowering.js'),
  kernels: () => import('./kernels.js'),
  functions: () => import('./functions.js'),
  sweeps: () => import('./sweeps.js'),
  tiles: () => import('./tiles.js'),
  reductions: () => import('./reductions.js'),
  exchange: () => import('./exchange.js'),
  checks: () => import('./checks.js'),
  windows: () => import('./windows.js'),
};

/** Without a name, each suite has a process of its own: they put different engines behind the same session. */
export async function micro(name: string | undefined): Promise<void> {
  if (name !== undefined) {
    const load = suites[name];
    if (!load) throw new RangeError(`no microbenchmark "${name}"; there are: ${Object.keys(suites).join(', ')}`);
    await (await load()).run();
    return;
  }
  for (const each of Object.keys(suites)) {
    const { status } = spawnSync(process.execPath, [script('run.ts'), 'micro', each], { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }
}
