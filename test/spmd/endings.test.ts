/** However one rank ends, the job ends, says why, and with what exit code. */
import { describe, expect, it } from 'vitest';
import { launch, type Run } from './launch.js';

const run = (way: string, ranks = 4, env: Record<string, string> = {}): Promise<Run> =>
  launch({
    ranks,
    script: 'test/spmd/endings.ts',
    args: [way],
    env: { QUADRILLE_STALL_SECONDS: '0.5', ...env },
    timeoutSeconds: 60,
  });

describe('one process', () => {
  it('that throws while its kernels are compiled ends with the stack and 1, not with a crash', async () => {
    for (let i = 0; i < 5; i++) {
      const { status, output } = await run('throw-compiling', 0, { QUADRILLE_CACHE: 'off' });
      expect(output).toContain('Error: thrown while kernels are compiled');
      expect(status, output).toBe(1);
    }
  });
});

describe('a job of 4 ranks', () => {
  it('ends with 0 when every rank does', async () => {
    const { status, output } = await run('normal');
    expect(output).toContain('all 4 ranks');
    expect(status).toBe(0);
  });

  it.each([
    ['throw', 'Error: thrown here'],
    ['reject', 'Error: rejected here'],
    ['throw-later', 'Error: thrown later'],
  ])("%s on rank 1: ends with that rank's stack", async (way, message) => {
    const { status, output, timedOut } = await run(way);
    expect(timedOut).toBe(false);
    expect(output).toContain(`[rank 1] ${message}`);
    expect(output).toMatch(/at .*endings\.js:\d+/);
    expect(status).toBe(1);
  });

  it('ends when rank 1 rejects with undefined, and says so', async () => {
    const { status, output, timedOut } = await run('reject-undefined');
    expect(timedOut).toBe(false);
    expect(output).toMatch(/\[rank 1\] UnhandledPromiseRejection.*"undefined"/);
    expect(status).toBe(1);
  });

  it.each([
    ['exit', 7],
    ['exit-code', 5],
  ])('%s on rank 1: ends with its exit code', async (way, code) => {
    const { status, output, timedOut } = await run(way);
    expect(timedOut).toBe(false);
    expect(output).toContain(`[rank 1] ends with exit code ${code}`);
    expect(status).toBe(code);
  });

  it('ends when rank 1 returns early and the others wait for it', async () => {
    const { status, output, timedOut } = await run('return-early');
    expect(timedOut).toBe(false);
    expect(output).toMatch(/\[rank 0\] QuadrilleError: RANK_DIVERGED: rank 0 waits for rank 1 .*rank 1 has ended/);
    expect(status).toBe(1);
  });

  it('waits for a rank that is merely slow', async () => {
    const { status, output } = await run('slow');
    expect(output).toContain('waited for');
    expect(status).toBe(0);
  });

  it('names both lines when ranks sit at different barriers', async () => {
    const { status, output, timedOut } = await run('elsewhere');
    expect(timedOut).toBe(false);
    expect(output).toMatch(
      /RANK_DIVERGED: rank \d is in the barrier at \S*endings\.js:\d+ .* is in the barrier at \S*endings\.js:\d+/,
    );
    expect(status).toBe(1);
  });

  it("leaves a program's own handler of uncaught exceptions alone", async () => {
    const { status, output } = await run('own-handler');
    expect(output).toContain('went on');
    expect(status).toBe(0);
  });
});
