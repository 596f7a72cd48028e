/** A loop that is tuned by measuring, until the choice is made: prints per rank what was measured, chosen, and whether the bits are the plain loop's. */
import { Grid, np, rank, size, swap } from 'quadrille';
import { session } from '../../lib/session.js';

// One rank that remembers nothing.
if (process.argv[2] === String(rank)) process.env['QUADRILLE_CACHE_DIR'] += '-of-the-forgetful';

/** Steps per loop: under MPI they take longer, and fewer make a measurement. */
const STEPS = size > 1 ? 300 : 4000;

async function run(tune: 'measure' | 'model', rounds?: number): Promise<{ rounds: number; data: Float64Array }> {
  const shape = [66, 67];
  const grid = new Grid(shape, tune === 'measure' ? { tune } : { tune, timeTile: 1 });
  const [x, y] = grid.fields(2);
  np`${x}[0] = ${y}[0] = 1`;
  let done = 0;
  for (let quiet = 0; rounds === undefined ? quiet < 2 && done < 40 : done < rounds; done++) {
    const before = grid.stats().tuneMeasurements;
    await grid.loop(
      () => {
        np`${y}[1:-1, 1:-1] = 0.25 * (${x}[:-2, 1:-1] + ${x}[2:, 1:-1] + ${x}[1:-1, :-2] + ${x}[1:-1, 2:])`;
        np`${y}[:, 0] = 0.5 * ${y}[:, 1]`;
        swap(x, y);
      },
      { steps: STEPS },
    );
    quiet = grid.stats().tuneMeasurements === before ? quiet + 1 : 0;
  }
  const data = await x.toArray();
  if (!(data instanceof Float64Array)) throw new Error('f64');
  return { rounds: done, data };
}

const tuned = await run('measure');
const chosen = [...session.recorder.recorded].flatMap(({ loops }) =>
  [...loops.values()].map((plan) => session.engine.planStats(plan).chosen),
);
const measured = session.stats().tuneMeasurements;
const plain = await run('model', tuned.rounds);
const same = plain.data.every((value, i) => Object.is(value, tuned.data[i]));
process.stdout.write(
  `rank ${rank}: measured ${measured}, chosen ${chosen.join()}, bits ${same ? 'equal' : 'differ'}\n`,
);
