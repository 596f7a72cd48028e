/** Random programs in one process: the engine, the reference interpreter and NumPy agree to the bit. */
import { describe, expect, it } from 'vitest';
import { pythonWithNumpy } from '../numpy/numpy.js';
import { runPrograms } from './run.js';

const seed = Number(process.env.QUADRILLE_SEED ?? 1);
const count = Number(process.env.QUADRILLE_RUNS ?? 300);

describe('random programs', () => {
  it(`${count} of them are the reference interpreter's and NumPy's`, { timeout: 120_000 + 1000 * count }, async () => {
    if (pythonWithNumpy() === null) console.warn('NumPy is not there: random programs are not compared with it');
    expect(await runPrograms({ seed, count, numpy: true })).toBeNull();
  });
});
