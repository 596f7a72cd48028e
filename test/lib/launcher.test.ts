/** What launchers leave in the environment, and what is made of it. */
import { describe, expect, it } from 'vitest';
import { detectLaunch } from '../../lib/launcher.js';

describe('detectLaunch', () => {
  it.each([
    ['Open MPI 4 and 5', { OMPI_COMM_WORLD_SIZE: '4', OMPI_COMM_WORLD_RANK: '1', PMIX_RANK: '1' }, 4],
    ['Hydra (MPICH, Intel MPI)', { PMI_SIZE: '3', PMI_RANK: '0' }, 3],
    ['srun with PMI-2', { PMI_SIZE: '8', PMI_RANK: '7', SLURM_PROCID: '7' }, 8],
    [
      'srun with PMIx, which does not tell the size itself',
      { PMIX_RANK: '0', SLURM_PROCID: '0', SLURM_STEP_NUM_TASKS: '6' },
      6,
    ],
    ['another PMIx launcher, whose size only MPI knows', { PMIX_RANK: '0' }, undefined],
  ])('knows %s', (_, env, size) => {
    expect(detectLaunch(env)).toMatchObject({ size });
  });

  it('sees no launcher where there is none', () => {
    expect(detectLaunch({ PATH: '/bin' })).toBeUndefined();
  });

  it('takes a batch script of Slurm for a single process', () => {
    expect(detectLaunch({ SLURM_PROCID: '0', SLURM_NTASKS: '64', SLURM_STEP_NUM_TASKS: '1' })).toBeUndefined();
  });

  it('refuses tasks that srun started without MPI: each would run the whole program', () => {
    expect(() => detectLaunch({ SLURM_PROCID: '2', SLURM_STEP_NUM_TASKS: '4' })).toThrow(
      expect.objectContaining({ code: 'BAD_LAUNCH', message: expect.stringContaining('--mpi=pmix') }),
    );
  });

  it('is overruled by QUADRILLE_MPI, both ways', () => {
    expect(detectLaunch({ QUADRILLE_MPI: 'off', OMPI_COMM_WORLD_SIZE: '4' })).toBeUndefined();
    expect(detectLaunch({ QUADRILLE_MPI: 'off', SLURM_PROCID: '2', SLURM_STEP_NUM_TASKS: '4' })).toBeUndefined();
    expect(detectLaunch({ QUADRILLE_MPI: 'on' })).toEqual({ launcher: 'QUADRILLE_MPI=on', size: undefined });
  });

  it('does not guess at a misspelt QUADRILLE_MPI', () => {
    expect(() => detectLaunch({ QUADRILLE_MPI: 'offf' })).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION', message: expect.stringContaining("did you mean 'off'") }),
    );
  });
});
