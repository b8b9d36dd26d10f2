import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const include = ['packages/*/test/**/*.test.ts', 'test-vectors/test/**/*.test.ts', 'tools/test/**/*.test.ts', 'interop/test/**/*.test.ts', 'examples/*/test/**/*.test.ts'];
const exclude = ['**/*.browser.test.ts', '**/node_modules/**'];

/** Files that measure their process, end its threads, replace its modules or count on its clock: each has one of its own. */
const ALONE = ['packages/cli/test/bad-input.test.ts', 'packages/node/test/hash-file.test.ts', 'packages/node/test/batch/**/*.test.ts', 'packages/node/test/list-workspace/*.test.ts', 'packages/node/test/watch/*.test.ts'];

// Cross-package imports go through dist, so `tsc -b` runs first (npm's pretest does it).
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // By default one core is left idle, half of what a small machine has.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      // Files share a process and its modules: no room has state, and loading hundreds of modules for each file was a third of all time.
      // HEFU_TEST_ISOLATE=1 gives each its own, to find out whether one disturbs another.
      { extends: true, test: { name: 'shared', isolate: process.env.HEFU_TEST_ISOLATE === '1', include, exclude: [...exclude, ...ALONE] } },
      { extends: true, test: { name: 'alone', isolate: true, include: ALONE, exclude } },
    ],
  },
});
