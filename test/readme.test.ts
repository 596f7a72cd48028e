/** What the README shows runs, gives one result in all its forms, and leads to what is there. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');
const [program = '', fluent = '', stencil = ''] = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, text]) => text);
const folder = mkdtempSync(join(tmpdir(), 'quadrille-readme-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What `source` prints last, as a number. */
function printed(source: string): number {
  const file = join(folder, 'solver.mts');
  writeFileSync(
    file,
    source.replace("'quadrille'", `'${root}lib/index.ts'`).replace('laplace2d.png', `${folder}/x.png`),
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', file], {
    cwd: root,
    encoding: 'utf8',
    timeout: 100_000,
  });
  expect(status, stderr).toBe(0);
  return Number(stdout.trim().split('\n').at(-1));
}

describe('the README', () => {
  it('shows one solver as text, fluently and as a class', () => {
    const look = '\nconsole.log(await grid.x.get(3, 5));';
    const short = program.replace('60_000', '20');
    const text = printed(short + look.replace('grid.', ''));
    expect(text).toBeGreaterThan(0);
    expect(existsSync(join(folder, 'x.png'))).toBe(true);

    const step = /(?<=step\+\+\) \{\n).*?swap\(x, y\);\n/s.exec(short)?.[0] ?? 'no step';
    expect(short.split(step)).toHaveLength(2);
    expect(printed(short.replace(step, () => fluent) + look.replace('grid.', ''))).toBe(text);

    const begin = "import { type Field, np, Stencil } from 'quadrille';\n";
    const boundary = /np`\n.*?= 50`;/s.exec(short)?.[0].replaceAll(/\$\{([xy])\}/g, '${grid.$1}') ?? 'no boundary';
    const small = stencil
      .replace('4096, 4096', '256, 256')
      .replace('1000', '20')
      .replace(/(?=await grid)/, () => `${boundary}\n`);
    expect(printed(begin + small + look)).toBe(text);
  });

  it('leads to files that are there', () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(4);
    for (const link of links) expect(existsSync(root + link), link).toBe(true);
  });
});
