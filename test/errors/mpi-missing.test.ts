/** Under a launcher without the MPI addon a job must not become as many serial runs. */
import { expect, it } from 'vitest';
import { scratchFolder } from '../scratch.js';
import { runScript } from './thrown.js';

it('is said before anything is computed', () => {
  const { status, stderr } = runScript(`import { rank } from 'QUADRILLE'; console.log(rank);`, {
    QUADRILLE_ADDON_DIR: scratchFolder('empty'),
    OMPI_COMM_WORLD_SIZE: '2',
    OMPI_COMM_WORLD_RANK: '0',
    PMIX_RANK: '0',
  });
  expect(stderr).toContain('MPI_MISSING');
  expect(stderr).toContain('quadrille_mpi.node');
  expect(status).not.toBe(0);
});
