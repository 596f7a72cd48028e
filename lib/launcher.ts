/** The environment of this process in; which MPI launcher started it, if any, out. */
import { didYouMean, QuadrilleError } from './errors.js';

export interface Launch {
  /** For messages: 'mpirun of Open MPI', ... */
  readonly launcher: string;
  /** Number of ranks, where the launcher says so. */
  readonly size: number | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Looks for what launchers leave in the environment; QUADRILLE_MPI=off says that there is none (for a child process
 * of a rank, say), QUADRILLE_MPI=on that there is one.
 * @throws QuadrilleError BAD_OPTION for another value of QUADRILLE_MPI; BAD_LAUNCH where srun started several tasks
 * without telling MPI about them: each would run the whole program by itself.
 */
export function detectLaunch(env: Env): Launch | undefined {
  const wanted = env.QUADRILLE_MPI ?? '';
  if (wanted !== '' && wanted !== 'on' && wanted !== 'off') {
    throw new QuadrilleError('BAD_OPTION', `QUADRILLE_MPI is '${wanted}'.`, {
      expected: "'on', 'off', or nothing",
      hint: didYouMean(wanted, ['on', 'off']),
    });
  }
  if (wanted === 'off') return undefined;
  return fromEnvironment(env) ?? (wanted === 'on' ? { launcher: 'QUADRILLE_MPI=on', size: undefined } : undefined);
}

function fromEnvironment(env: Env): Launch | undefined {
  const slurm = env.SLURM_PROCID !== undefined;
  const tasks = count(env.SLURM_STEP_NUM_TASKS) ?? count(env.SLURM_NTASKS);
  if (env.OMPI_COMM_WORLD_SIZE !== undefined) {
    return { launcher: 'mpirun of Open MPI', size: count(env.OMPI_COMM_WORLD_SIZE) };
  }
  if (env.PMIX_RANK !== undefined) {
    return slurm ? { launcher: 'srun (PMIx)', size: tasks } : { launcher: 'a PMIx launcher', size: undefined };
  }
  if (env.PMI_RANK !== undefined) {
    const size = count(env.PMI_SIZE) ?? (slurm ? tasks : undefined);
    return { launcher: slurm ? 'srun (PMI)' : 'mpiexec of MPICH or Intel MPI (Hydra)', size };
  }
  // Only in a step of srun's own: in a batch script, outside any, SLURM_PROCID is 0 and a single process is meant.
  if (slurm && (count(env.SLURM_STEP_NUM_TASKS) ?? 1) > 1) {
    throw new QuadrilleError('BAD_LAUNCH', `srun started ${tasks} tasks, but offers them no way to find each other.`, {
      hint: 'srun --mpi=pmix (or --mpi=pmi2; srun --mpi=list shows what there is). For independent runs: QUADRILLE_MPI=off',
    });
  }
  return undefined;
}

function count(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
}
