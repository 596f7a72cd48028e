/** Launches that are right, crowded or wrong, and what the user is told. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { launch } from './launch.js';

const script = 'test/spmd/endings.ts';
const args = ['normal'];

/** Any one core this process may use: everything started under it shares that core. */
function oneCore(): readonly string[] {
  const allowed = /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return ['taskset', '-c', allowed ?? '0'];
}

describe('more ranks than cores', () => {
  const warning = /ranks share 1 core of/g;

  it('are warned of once per node', async () => {
    const { output, status } = await launch({ ranks: 3, script, args, under: oneCore() });
    expect(output.match(warning)).toHaveLength(1);
    expect(output).toContain('3 ranks share 1 core');
    expect(status).toBe(0);
  });

  it('are not warned of where the user knows', async () => {
    const { output } = await launch({
      ranks: 3,
      script,
      args,
      under: oneCore(),
      env: { QUADRILLE_OVERSUBSCRIBE: 'ok' },
    });
    expect(output).toContain('all 3 ranks');
    expect(output).not.toMatch(warning);
  });
});

describe('a wrong launch', () => {
  it('without the MPI addon is refused: MPI_MISSING, and not several serial runs', async () => {
    const empty = await mkdtemp(path.join(os.tmpdir(), 'quadrille-no-addon-'));
    try {
      const { output, status } = await launch({ ranks: 2, script, args, env: { QUADRILLE_ADDON_DIR: empty } });
      expect(output).toMatch(/MPI_MISSING: Started as 2 ranks by mpi\w+ of /);
      expect(output).toContain('QUADRILLE_MPI=off');
      expect(output).not.toContain('all 1 ranks');
      expect(status).not.toBe(0);
    } finally {
      await rm(empty, { recursive: true });
    }
  });

  // What a process sees of a launcher that its MPI does not know: the environment, and nobody to talk to.
  it('by the launcher of another MPI is refused: BAD_LAUNCH', async () => {
    const { output, status } = await launch({ ranks: 0, script, args, env: { OMPI_COMM_WORLD_SIZE: '4' } });
    expect(output).toMatch(
      /BAD_LAUNCH: .* started 4 processes, but to the MPI library of quadrille_mpi.node they are 1/,
    );
    expect(status).not.toBe(0);
  });

  it('is what the user asked for with QUADRILLE_MPI=off', async () => {
    const { output, status } = await launch({ ranks: 2, script, args, env: { QUADRILLE_MPI: 'off' } });
    expect(output.match(/all 1 ranks/g)).toHaveLength(2);
    expect(status).toBe(0);
  });
});

describe('a single process', () => {
  it('needs no MPI, not even under mpirun -n 1', async () => {
    const empty = await mkdtemp(path.join(os.tmpdir(), 'quadrille-no-addon-'));
    try {
      for (const ranks of [0, 1]) {
        const { output, status } = await launch({ ranks, script, args, env: { QUADRILLE_ADDON_DIR: empty } });
        expect(output).toContain('all 1 ranks');
        expect(status).toBe(0);
      }
    } finally {
      await rm(empty, { recursive: true });
    }
  });

  it('runs through MPI where QUADRILLE_MPI=on', async () => {
    const { output, status } = await launch({ ranks: 1, script, args, env: { QUADRILLE_MPI: 'on' } });
    expect(output).toContain('all 1 ranks');
    expect(status).toBe(0);
  });
});
