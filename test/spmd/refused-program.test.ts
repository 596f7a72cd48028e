/** A program that is refused, or that fails, on several ranks. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { launch } from './launch.js';

const scratch = mkdtempSync(join(tmpdir(), 'quadrille-refused-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function run(ranks: number, text: string) {
  writeFileSync(join(scratch, 'f.py'), text);
  const env = { QUADRILLE_OVERSUBSCRIBE: 'ok' };
  return launch({ ranks, script: 'scripts/quadrille.mjs', args: ['run', 'f.py'], cwd: scratch, env });
}

const unsupported = `import numpy as np

print('it ran')
u = np.zeros(9)
u[1:-1] = np.interp(u, u, u)
`;

it.each([0, 3])('what is not translated ends the job with 2 before anything runs (%i ranks)', async (ranks) => {
  const { status, output } = await run(ranks, unsupported);
  expect(status).toBe(2);
  // mpirun adds its own words about the exit status.
  expect(output.split('\n').slice(0, 5).join('\n')).toBe(
    [
      'UNSUPPORTED_PYTHON: np.interp is not translated.',
      '  at        f.py:5:11',
      '  | u[1:-1] = np.interp(u, u, u)',
      '  |           ^^^^^^^^^',
      '  hint      slices and expressions of them',
    ].join('\n'),
  );
});

it.each([0, 3])('an exception ends the job with its line (%i ranks)', async (ranks) => {
  const { status, output } = await run(ranks, 'import numpy as np\nu = np.ones(9)\nx = 1 / (u.shape[0] - 9)\n');
  expect(status).toBe(1);
  expect(output).toContain('PYTHON_EXCEPTION: ZeroDivisionError: division by zero');
  expect(output).toContain('f.py:3:1');
  // Where in this library it was noticed is nothing that the program's author can use.
  expect(output).not.toMatch(/\.[jt]s:\d/);
});

it('arrays of different shapes are told with the line of the program', async () => {
  const { status, output } = await run(0, 'import numpy as np\nu = np.ones(9)\nu[1:] = u[:-2] + 1\n');
  expect(status).toBe(1);
  expect(output).toContain('SHAPE_MISMATCH');
  expect(output).toContain('f.py:3:1');
});

it.each(["np.save('/tmp/x.npy', u)", "np.save('../x', u)", "v = np.load('/etc/passwd')"])(
  'files elsewhere are out of reach: %s',
  async (line) => {
    const { status, output } = await run(0, `import numpy as np\nu = np.ones(9)\n${line}\n`);
    expect(status).toBe(1);
    expect(output).toContain('is outside of the current folder');
  },
);

it('sys.exit gives the status, sys.argv the arguments', async () => {
  const { status, output } = await run(0, "import sys\nprint(sys.argv[0], len(sys.argv))\nsys.exit(3)\nprint('no')\n");
  expect(output).toBe('f.py 1\n');
  expect(status).toBe(3);
});
