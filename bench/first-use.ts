/** Number of repeats in; latency from `new Grid` to the first result out (ms), with an empty and a filled disk cache. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { node, numbersFrom } from './fresh.js';

export interface FirstUse {
  readonly cold: readonly number[];
  readonly warm: readonly number[];
}

export async function firstUse(repeats: number): Promise<FirstUse> {
  const cold: number[] = [];
  const warm: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const cache = mkdtempSync(join(tmpdir(), 'quadrille-bench-cache-'));
    try {
      cold.push(...(await once(cache)));
      warm.push(...(await once(cache)));
    } finally {
      rmSync(cache, { recursive: true });
    }
  }
  return { cold, warm };
}

function once(cache: string): Promise<number[]> {
  const [command = '', ...args] = node('peers/first-use.ts');
  return numbersFrom({ command, args, env: { XDG_CACHE_HOME: cache } });
}
