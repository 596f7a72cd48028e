/** The line an error points to: the user's, whatever runs the package and wherever it lies. */
import { describe, expect, it } from 'vitest';
import { ownFolders, placeIn } from '../../lib/errors.js';

const stack = (...frames: string[]): string => ['Error', ...frames.map((frame) => `    at ${frame}`)].join('\n');

describe('the place of an error', () => {
  it('is the first frame outside the package, run as sources', () => {
    const own = ownFolders('/p/quadrille/lib');
    const frames = ['new Q (/p/quadrille/lib/errors.ts:1:2)', 'lower (file:///p/quadrille/jit/passes.ts:3:4)'];
    expect(placeIn(stack(...frames, 'f (/p/quadrille/examples/a.ts:5:6)'), own)).toEqual({
      file: '/p/quadrille/examples/a.ts',
      line: 5,
      column: 6,
    });
  });

  it('is never a source that a source map names for the compiled package', () => {
    const own = ownFolders('/p/node_modules/quadrille/dist/lib');
    const frames = [
      'new Q (/p/node_modules/quadrille/lib/errors.ts:1:2)',
      'g (/p/node_modules/quadrille/dist/jit/a.js:1:2)',
    ];
    expect(placeIn(stack(...frames, 'file:///p/solver.ts:7:8'), own)?.file).toBe('/p/solver.ts');
  });

  it('is found in constructors, asynchronous frames and folders with blanks and parentheses', () => {
    const at = (frame: string): string | undefined => placeIn(stack(frame), [])?.file;
    expect(at('new Jacobi (file:///a/b.js:1:2)')).toBe('/a/b.js');
    expect(at('async Promise.all (index 0)')).toBeUndefined();
    expect(at('async file:///a/b.js:1:2')).toBe('/a/b.js');
    expect(at('Jacobi.iterate [as step] (/a/b.js:1:2)')).toBe('/a/b.js');
    expect(at('f (file:///a%20b/c%20(1)/d.js:1:2)')).toBe('/a b/c (1)/d.js');
    expect(at('f (/a b/c (1)/d.js:1:2)')).toBe('/a b/c (1)/d.js');
    expect(at('node:internal/modules/run_main:1:2')).toBeUndefined();
    expect(at('eval (eval at f (file:///a/b.js:1:2), <anonymous>:3:4)')).toBeUndefined();
    expect(at('Array.map (native)')).toBeUndefined();
    expect(at('process.processTicksAndRejections (node:internal/process/task_queues:95:5)')).toBeUndefined();
  });
});
