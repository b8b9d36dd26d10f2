// Opens a verifier over one cache folder, refreshes and closes it, for ever: scheme.test.ts kills it.
import { createVerifier } from '../dist/create-verifier.js';

const [cacheDir, root, url, at] = process.argv.slice(2);
const clock = { now: () => Number(at) };
for (;;) {
  const verifier = await createVerifier({ trust: { root, urls: url }, cacheDir, clock });
  for (let times = 0; times < 3; times++) {
    const { storeError, refusals } = await verifier.refresh();
    process.send?.({ freshness: verifier.trust.freshness.version, lists: verifier.trust.lists.size, storeError: storeError?.message, refusals: refusals.map(({ code, source }) => `${source}: ${code}`) });
  }
  verifier.close();
}
