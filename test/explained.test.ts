/** The example of "How to read explain()" in docs/performance.md is what examples/08-explain prints. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { launch } from './spmd/launch.js';

/** Without what depends on the machine, the moment and the place: speeds, keys, paths. */
function form(text: string): string[] {
  return text
    .trim()
    .split('\n')
    .map((line) =>
      line
        .replace(/\b[0-9a-f]{32}\b/g, 'KEY')
        .replace(/\(\S*08-explain\.[tj]s:\d+\)/, '(LINE)')
        .replace(/waiting for (memory|the caches|computing)/, 'waiting for SOMETHING')
        .replace(/gives one thread: (not measured|[\d.]+ GB\/s)/, 'gives one thread: SPEED')
        .replace(/, [\d.]+ of the roofline/, '')
        .replace(/(predicted|measured|GB\/s,) [\d.]+/g, '$1 NUMBER'),
    );
}

it('explain() says of the example in the documentation what is printed there', async () => {
  const page = readFileSync(fileURLToPath(new URL('../docs/performance.md', import.meta.url)), 'utf8');
  const printed = /<!-- explained -->\n```\n([\s\S]*?)```/.exec(page)?.[1] ?? 'no example is there';
  const { output, status } = await launch({ ranks: 0, script: 'examples/08-explain.ts' });
  expect(status, output).toBe(0);
  expect(form(output)).toEqual(form(printed));
});
