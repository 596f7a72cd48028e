/** What happens to memory that is given back by the user, by the collector, or twice; on the engine. */
import { copy, Grid, np, release, swap, zeros } from 'quadrille';
import { describe, expect, it } from 'vitest';
import { runScript } from '../errors/thrown.js';

/** In a process of its own: what a finalizer throws ends it. */
function afterCollection(source: string): { status: number | null; stderr: string; stdout: string } {
  return runScript(
    `import { setFlagsFromString } from 'node:v8';
     import { runInNewContext } from 'node:vm';
     import { copy, Grid, np, release, zeros } from 'QUADRILLE';
     setFlagsFromString('--expose-gc');
     const collect = async () => {
       for (let k = 0; k < 5; k++) {
         runInNewContext('gc')();
         await new Promise((resolve) => setTimeout(resolve, 10));
       }
     };
     ${source}`,
    {},
  );
}

describe('a grid that the collector finds', () => {
  it('does not give back again what was disposed of', () => {
    const run = afterCollection(`
      (() => { const grid = new Grid([8]); grid.field('f').dispose(); grid.field('g').set(1); })();
      await collect();
      const after = new Grid([8]).field({ init: 2 });
      console.log(String(await after.toArray()));`);
    expect(run.stderr).toBe('');
    expect(run.stdout).toBe('2,2,2,2,2,2,2,2\n');
  });

  it('does not take back the memory of a released field under the array that got it', () => {
    const run = afterCollection(`
      const other = zeros([8]);
      let kept;
      (() => {
        const grid = new Grid([8]);
        const f = grid.field('f', { init: 3 });
        release(f);
        grid.field('g').set(1);
        kept = copy(other.add(5));
      })();
      await kept.toArray();
      await collect();
      console.log(String(await kept.toArray()));`);
    expect(run.stderr).toBe('');
    expect(run.stdout).toBe('5,5,5,5,5,5,5,5\n');
  });
});

it('a loop that goes on does not run into fields that are gone', async () => {
  const [x, y, z] = [zeros([16]), zeros([16]), zeros([16])];
  for (let step = 0; step < 90; step++) {
    y.set(x.add(1));
    np`${x}, ${y}, ${z} = ${y}, ${z}, ${x}`;
  }
  await x.get(0);
  z.dispose();
  y.set(x.add(1));
  expect(await y.get(0)).toBe((await x.get(0)) + 1);
});

describe('in the body of grid.loop', () => {
  const grid = new Grid([8]);

  it('a field cannot be disposed of, as every step uses it', async () => {
    const x = grid.field({ init: 0 });
    const body = (): void => {
      const t = grid.field();
      t.set(x.add(1));
      x.set(t);
      t.dispose();
    };
    await expect(grid.loop(body, { steps: 3 })).rejects.toMatchObject({ code: 'BAD_OPTION' });
    expect(await x.get(0)).toBe(0);
  });

  it('an array without a grid may be released', async () => {
    const [x, y] = [grid.field({ init: 0 }), grid.field()];
    const body = (): void => {
      const t = copy(x.add(1));
      y.set(t.mul(2));
      release(t);
      swap(x, y);
    };
    await grid.loop(body, { steps: 3 });
    expect(await x.get(0)).toBe(14);
  });
});

it('many fields made and disposed of leave nothing in their grid', async () => {
  const grid = new Grid([4]);
  const kept = grid.field('kept', { init: 1 });
  const gone = Array.from({ length: 100 }, (_, k) => grid.field(`f${k}`));
  for (const field of gone) field.dispose();
  expect(gone.some(({ storage }) => grid.owns(storage))).toBe(false);
  expect(grid.owns(kept.storage)).toBe(true);
  expect(await kept.get(0)).toBe(1);
  grid.dispose();
  expect(grid.owns(kept.storage)).toBe(false);
});
