/** In: nothing. Out: how the test suite runs. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    alias: { quadrille: fileURLToPath(new URL('./lib/index.ts', import.meta.url)) },
  },
  test: {
    include: ['test/**/*.test.ts'],
    // A process per file: an addon is loaded into it, with threads, signal handlers and exit hooks of its own.
    pool: 'forks',
    // Two at a time: many tests start several ranks, and the machines this runs on have two cores.
    maxWorkers: 2,
    // Compiling, and ranks that share a core, take their time on a busy machine; a hang must still end.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
    reporters: ['default', ['json', { outputFile: 'build/test-results.json' }]],
  },
});
