/** In: scripts/setup.sh on machines that lack this and that, made with PATH. Out: what it says and how it ends. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const script = join(import.meta.dirname, '../../scripts/setup.sh');

/** Where a command is, as a shell would find it. */
function find(command: string): string {
  const folder = (process.env['PATH'] ?? '').split(delimiter).find((each) => existsSync(join(each, command)));
  if (folder === undefined) throw new Error(`no ${command} in PATH`);
  return join(folder, command);
}

describe('setup.sh', () => {
  let bin: string;
  beforeEach(() => {
    bin = mkdtempSync(join(tmpdir(), 'quadrille-path-'));
  });
  afterEach(() => rmSync(bin, { recursive: true }));

  /** Runs the script on a machine that has these commands and no other. */
  function setup(commands: readonly string[], ...options: string[]) {
    for (const command of commands) symlinkSync(find(command), join(bin, command));
    const { status, stdout, stderr } = spawnSync(find('bash'), [script, ...options], {
      env: { PATH: bin },
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  }

  test('says nothing where all is there', () => {
    const result = setup(['g++', 'ninja', 'cmake', 'pkg-config', 'mpicc', 'mpirun'], '--test');
    expect(result).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('names each missing package, and the lack of apt-get, and stops', () => {
    const { status, stdout, stderr } = setup(['g++', 'mpicc', 'mpirun']);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    const packages = stderr.split('\n').flatMap((line) => /^ {2}(\S+) /.exec(line)?.[1] ?? []);
    expect(packages).toEqual(['ninja-build', 'cmake', 'pkg-config']);
    expect(stderr).toContain('There is no apt-get here');
  });

  test('asks for both halves of MPI where one is missing', () => {
    const { stderr } = setup(['mpirun']);
    expect(stderr).toMatch(/libopenmpi-dev.*\n.*openmpi-bin/);
  });

  test('takes MPI alone for dispensable, and says what that costs', () => {
    const { status, stderr } = setup(['g++', 'ninja', 'cmake', 'pkg-config'], '--check');
    expect(status).toBe(0);
    expect(stderr).toContain('one process only');
  });

  test('names the competitors of the benchmarks only where they are asked for', () => {
    const commands = ['g++', 'ninja', 'cmake', 'pkg-config', 'mpicc', 'mpirun'];
    expect(setup(commands, '--check').stderr).toBe('');
    const { status, stderr } = setup([], '--check', '--bench');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^ {2}clang-\d+ +plain C\+\+, beside g\+\+$/m);
  });

  test('refuses an option it does not know', () => {
    const { status, stderr } = setup([], '--tset');
    expect(status).toBe(2);
    expect(stderr).toContain('--tset');
  });
});
