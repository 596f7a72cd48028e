/** Every example runs to its end, alone and at two ranks, prints the same numbers, and writes its picture. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode } from 'fast-png';
import { afterAll, describe, expect, it } from 'vitest';
import { launch } from './spmd/launch.js';

/** Grid extent and steps, so that each takes a moment; and what it leaves behind. */
const EXAMPLES: Readonly<Record<string, { size: string; steps: string; files: readonly string[]; prints: RegExp }>> = {
  '01-laplace2d': { size: '64', steps: '50', files: ['laplace2d.png'], prints: /residual\s+(\S+)/ },
  '02-laplace2d-class': { size: '48', steps: '60', files: ['laplace2d.npy'], prints: /in the middle: (\S+)/ },
  '03-laplace2d-fluent': { size: '48', steps: '60', files: [], prints: /in the middle: (\S+)/ },
  '04-burgers2d': { size: '41', steps: '40', files: ['burgers2d.png'], prints: /u = (\S+)/ },
  '05-heat3d': { size: '24', steps: '20', files: ['heat3d.png'], prints: /heat in the box: (\S+)/ },
  '06-wave2d': { size: '60', steps: '50', files: ['wave2d.png'], prints: /in the middle: (\S+)/ },
  '07-conjugate-gradients': { size: '48', steps: '', files: [], prints: /residual (\S+)/ },
  '08-explain': { size: '48', steps: '20', files: [], prints: /in the middle: (\S+)/ },
};

const root = mkdtempSync(join(tmpdir(), 'quadrille-examples-'));
afterAll(() => rmSync(root, { recursive: true }));

async function numberPrinted(name: string, ranks: number): Promise<{ value: number; folder: string }> {
  const example = EXAMPLES[name];
  if (!example) throw new Error(`no example ${name}`);
  const folder = mkdtempSync(join(root, `${name}-`));
  const run = await launch({ ranks, script: `examples/${name}.ts`, args: [example.size, example.steps], cwd: folder });
  expect(run.status, run.output).toBe(0);
  for (const file of example.files) {
    expect(existsSync(join(folder, file)), file).toBe(true);
    if (file.endsWith('.png')) expect(decode(readFileSync(join(folder, file))).width).toBeGreaterThan(64);
  }
  const value = Number(example.prints.exec(run.output)?.[1]);
  expect(value, run.output).not.toBeNaN();
  return { value, folder };
}

const folderOfExamples = fileURLToPath(new URL('../examples', import.meta.url));

it('all are listed here, and none is longer than 60 lines', () => {
  const files = readdirSync(folderOfExamples).filter((file) => file.endsWith('.ts'));
  expect(files.map((file) => file.replace('.ts', '')).sort()).toEqual(Object.keys(EXAMPLES));
  for (const file of files) {
    expect(readFileSync(join(folderOfExamples, file), 'utf8').trimEnd().split('\n').length, file).toBeLessThanOrEqual(
      60,
    );
  }
});

describe.each(Object.keys(EXAMPLES))('examples/%s', (name) => {
  it('says the same alone and at two ranks, and writes the same files', async () => {
    const alone = await numberPrinted(name, 0);
    const two = await numberPrinted(name, 2);
    expect(two.value).toBe(alone.value);
    for (const file of EXAMPLES[name]?.files ?? []) {
      expect(readFileSync(join(two.folder, file)).equals(readFileSync(join(alone.folder, file))), file).toBe(true);
    }
  });
});

describe('the Laplace solvers in three forms', () => {
  it('agree to the bit', async () => {
    const [asClass, fluent] = [
      await numberPrinted('02-laplace2d-class', 0),
      await numberPrinted('03-laplace2d-fluent', 0),
    ];
    expect(fluent.value).toBe(asClass.value);
  });
});
