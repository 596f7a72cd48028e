/** Getting fields out and in at several numbers of ranks, each of which reads the files that the one before it wrote. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { launch } from './launch.js';

const folder = mkdtempSync(join(tmpdir(), 'quadrille-fields-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.sequential('fields in blocks', () => {
  it.each([0, 4, 1, 6, 3])('at %i ranks (0: without mpirun)', async (ranks) => {
    const { status, output } = await launch({ ranks, script: 'test/spmd/run-fields.ts', args: [folder] });
    expect(output).toContain(`all well on ${Math.max(1, ranks)}`);
    expect(output).not.toContain('only rank 0 prints');
    expect(status).toBe(0);
  });

  it('draw the same pictures at any number of ranks', () => {
    for (const name of ['wide', 'slice', 'row']) {
      const alone = readFileSync(join(folder, `${name}-1.png`));
      for (const ranks of [3, 4, 6]) {
        expect(readFileSync(join(folder, `${name}-${ranks}.png`)).equals(alone), `${name} at ${ranks}`).toBe(true);
      }
    }
  });
});
