import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Cross-package imports go through dist, so `tsc -b` runs first (npm's pretest does it).
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // By default one core is left idle, half of what a small machine has.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Files share a process and its modules: no room has state, and loading hundreds of modules for each file was a third of all time.
    // HEFU_TEST_ISOLATE=1 gives each its own, to find out whether one disturbs another.
    isolate: process.env.HEFU_TEST_ISOLATE === '1',
    include: ['packages/*/test/**/*.test.ts', 'test-vectors/test/**/*.test.ts', 'tools/test/**/*.test.ts', 'interop/test/**/*.test.ts', 'examples/*/test/**/*.test.ts'],
    exclude: ['**/*.browser.test.ts', '**/node_modules/**'],
  },
});
