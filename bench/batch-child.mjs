// A process that judges batches, as bench/batch.mjs asks it to: its threads, and what V8 has compiled in them, are its own.
import { createVerifier } from '../packages/node/dist/index.js';

let verifier;
let requests;

const ACTS = {
  async open({ envelope, role, at, crls }) {
    verifier = await createVerifier({ trustList: { bytes: envelope }, role, clock: { now: () => at }, online: false, crlFiles: [crls] });
  },
  load(given) {
    requests = given.requests;
  },
  async judge({ options }) {
    const [from, before] = [performance.now(), process.cpuUsage()];
    let passed = 0;
    if (options === undefined) {
      for (const request of requests) if ((await verifier.verify(request)).conclusion === 'passed') passed += 1;
    } else {
      for await (const { report, error } of verifier.verifyMany(requests, options)) {
        if (report?.conclusion !== 'passed') throw error ?? new Error(`a bid came out ${report.code}`);
        passed += 1;
      }
    }
    const { user, system } = process.cpuUsage(before);
    if (passed !== requests.length) throw new Error(`${passed} of ${requests.length} bids passed`);
    return { wall: (performance.now() - from) * 1000, cpu: user + system };
  },
};

process.on('message', async ({ act, ...given }) => process.send((await ACTS[act](given)) ?? {}));
