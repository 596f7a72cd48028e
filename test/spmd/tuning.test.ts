/** tune: 'measure'. Counted, not timed: whether measurements are made, and whether every rank chooses the same. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { launch } from './launch.js';

const folder = mkdtempSync(path.join(tmpdir(), 'quadrille-tuning-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Per rank; the cache is one per name. */
async function tune(
  ranks: number,
  cache: string,
  ...forgetful: string[]
): Promise<{ measured: number; chosen: number; bits: string }[]> {
  const env = { QUADRILLE_CACHE_DIR: path.join(folder, cache), QUADRILLE_OVERSUBSCRIBE: 'ok' };
  const { status, output } = await launch({ ranks, script: 'test/spmd/run-tuned.ts', args: forgetful, env });
  if (status !== 0) throw new Error(output);
  return [...output.matchAll(/rank \d+: measured (\d+), chosen (-?\d+), bits (\w+)/g)].map(
    ([, measured, chosen, bits]) => ({ measured: Number(measured), chosen: Number(chosen), bits: bits ?? '' }),
  );
}

function facts(cache: string): string[] {
  const at = path.join(folder, cache);
  return readdirSync(at)
    .filter((name) => name.endsWith('.fact'))
    .map((name) => path.join(at, name));
}

describe('a choice by measuring', () => {
  it('is made in the first steps, remembered, and taken at once by the next run, with the bits of the plain loop', async () => {
    const [first] = await tune(0, 'one');
    expect(first?.measured).toBeGreaterThan(4);
    expect(first?.chosen).toBeGreaterThanOrEqual(0);
    expect(first?.bits).toBe('equal');
    expect(facts('one')).toHaveLength(1);
    expect(await tune(0, 'one')).toEqual([{ ...first, measured: 0 }]);
  });

  it.each([
    ['cut short', (text: string): string => text.slice(0, text.length / 2)],
    ['of another machine', (text: string): string => text.replace('quadrille measurement', 'quadrille measurement of')],
    ['of a tiling that is none', (text: string): string => text.replace(/"value":.*/, '"value":{"steps":"many"}}')],
    ['empty', (): string => ''],
  ])('is made anew where what is remembered is %s', async (_, spoil) => {
    await tune(0, 'spoilt');
    const [file = ''] = facts('spoilt');
    writeFileSync(file, spoil(readFileSync(file, 'utf8')));
    const [again] = await tune(0, 'spoilt');
    expect(again?.measured).toBeGreaterThan(4);
    expect(again?.bits).toBe('equal');
    expect(await tune(0, 'spoilt')).toEqual([{ ...again, measured: 0 }]);
  });

  it('is the same on every rank, also where only some of them remember', async () => {
    const ranks = await tune(3, 'three');
    expect(ranks).toHaveLength(3);
    expect(ranks[0]?.chosen).toBeGreaterThanOrEqual(0);
    expect(ranks[0]?.measured).toBeGreaterThan(4);
    expect(ranks).toEqual([ranks[0], ranks[0], ranks[0]]);
    expect(ranks[0]?.bits).toBe('equal');
    expect(await tune(3, 'three')).toEqual(ranks.map((rank) => ({ ...rank, measured: 0 })));
    const anew = await tune(3, 'three', '1');
    expect(anew[0]?.measured).toBeGreaterThan(4);
    expect(anew).toEqual([anew[0], anew[0], anew[0]]);
  });
});
