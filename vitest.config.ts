import { availableParallelism } from 'node:os';
import { defineConfig, type Plugin } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const include = ['packages/*/test/**/*.test.ts', 'test-vectors/test/**/*.test.ts', 'tools/test/**/*.test.ts', 'interop/test/**/*.test.ts', 'examples/*/test/**/*.test.ts'];
const exclude = ['**/*.browser.test.ts', '**/node_modules/**'];

/** Files that measure their process, end its threads, replace its modules or count on its clock: each has one of its own. */
const ALONE = ['packages/cli/test/bad-input.test.ts', 'packages/node/test/hash-file.test.ts', 'packages/node/test/batch/**/*.test.ts', 'packages/node/test/list-workspace/*.test.ts', 'packages/node/test/watch/*.test.ts'];

/** Small files that take long. Larger files go first, so these would be last, and one core idle while another ends them. */
const LONG = [
  'test-vectors/test/cases', 'tools/test/fuzz', 'packages/cloud/test/qr-session/conformance', 'packages/cloud/test/kms/conformance', 'packages/cloud/test/csc/conformance', 'packages/cli/test/process',
  'packages/sign/test/conformance/conformance', 'packages/verify/test/differential/differential', 'packages/crypto/test/kernel/', 'packages/cli/test/list/guide',
];
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const turn = ({ moduleId, project }: TestSpecification): number => (project.name === 'alone' ? 0 : LONG.some((path) => moduleId.includes(path)) ? 1 : 2);
    return (await super.sort(files)).sort((a, b) => turn(a) - turn(b));
  }
}

/**
 * `../src/x.js`, as tests import it, is what tsc made of it: nothing is transformed a second time, and nothing is there twice. Only in `npm test`,
 * which has just built; whoever runs one file with `npx vitest run` tests what stands in `src`.
 */
const built: Plugin = {
  name: 'built',
  enforce: 'pre',
  async resolveId(source, importer, options) {
    if (process.env.HEFU_TEST_BUILT !== '1' || !/^\.\.?\/(?:.*\/)?src\/.*\.js$/.test(source)) return undefined;
    const found = await this.resolve(source, importer, { ...options, skipSelf: true });
    return found?.id.replace(/(\/packages\/[^/]+\/)src\/(.*)\.ts$/, '$1dist/$2.js');
  },
};

// Cross-package imports go through dist, so `tsc -b` runs first (npm's pretest does it).
export default defineConfig({
  test: {
    setupFiles: ['tools/test-setup.mjs'],
    // What waits for ever is ended, on a machine of any speed and however busy: nothing is measured by these.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
    sequence: { sequencer: LongestFirst },
    // One more than cores: files wait for servers, browsers and processes about as often as they compute.
    maxWorkers: availableParallelism() + 1,
    // What is built is loaded by Node as it is, like any other package.
    server: { deps: { external: [/\/packages\/[^/]+\/dist\//] } },
    projects: [
      // Files share a process and its modules: no room has state, and loading hundreds of modules for each file was a third of all time.
      // HEFU_TEST_ISOLATE=1 gives each its own, to find out whether one disturbs another.
      { extends: true, plugins: [built], test: { name: 'shared', isolate: process.env.HEFU_TEST_ISOLATE === '1', include, exclude: [...exclude, ...ALONE] } },
      { extends: true, test: { name: 'alone', isolate: true, include: ALONE, exclude } },
    ],
  },
});
