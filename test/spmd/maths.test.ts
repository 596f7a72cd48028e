/** One processor that cannot fuse multiply-adds: the whole job does without, and every rank has the same bits. */
import { expect, it } from 'vitest';
import { loadEngine } from '../../lib/native.js';
import { launch } from './launch.js';

async function bits(ranks: number, unfused?: number): Promise<string | undefined> {
  const args = unfused === undefined ? [] : [String(unfused)];
  const { output } = await launch({ ranks, script: 'test/spmd/run-maths.ts', args });
  return /exp is (\w+)/.exec(output)?.[1];
}

it('ranks agree on the kind of mathematical functions that all of them have', async () => {
  const [fused, unfused] = [await bits(0), await bits(0, 0)];
  expect(fused).toBeDefined();
  expect(await bits(3)).toBe(fused);
  expect(await bits(3, 2)).toBe(unfused);
  if (loadEngine().info().features.includes('+fma,')) expect(unfused).not.toBe(fused);
});
