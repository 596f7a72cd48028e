/** A launcher that started more processes than the MPI library knows of belongs to another MPI. */
import { expect, it } from 'vitest';
import { runScript } from './thrown.js';

it('is noticed by the number of ranks', () => {
  // As if an unrelated mpirun had started two: the library, asked, finds itself alone.
  const { status, stderr } = runScript(`import { rank } from 'QUADRILLE'; console.log(rank);`, {
    PMI_SIZE: '2',
    PMI_RANK: '0',
  });
  expect(stderr).toContain('BAD_LAUNCH');
  expect(status).not.toBe(0);
});
