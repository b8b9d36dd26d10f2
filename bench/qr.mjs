// QR sessions: what some hundred of them weigh while their users look for their phones, and how many a second go from the first request
// to a judged message where users confirm at once. Against the same signing with a soft key, which needs no provider; over loopback HTTP.
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { randomBytes } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { BJCA_COSS_MAPPING, createMemoryJobVault, createQrSessionAdapter } from '../packages/cloud/dist/index.js';
import { nodeAlgorithms } from '../packages/node/dist/index.js';
import { parseCertificate, parseCertificateList } from '../packages/pki/dist/index.js';
import { COSS_APP, createWorld } from '../packages/sandbox/dist/index.js';
import { createMemoryLeases, createSigningSession, createSoftAdapter } from '../packages/sign/dist/index.js';
import { updateTrustList } from '../packages/trust-list/dist/index.js';
import { createJudgeCaches, DEFAULT_POLICY, NO_EVIDENCE } from '../packages/verify/dist/index.js';
import { comparison, weight } from './comparison.mjs';
import { AT } from './material.mjs';

const PENDING = 300;
const CONFIRMED = 100;
/** Sessions of the throughput row under way at one time. */
const AT_ONCE = 20;
const SEED = 'bench qr';
const TABLE = 'qr/sessions';

const SOFT = 'with a soft key';

export function qrTables() {
  return [{ name: TABLE, unit: `time a session, ${AT_ONCE} at once, over that of one ${SOFT}; octets of one that waits over its snapshot's`, measure: measured }];
}

async function measured() {
  const startedAt = Date.now();
  const worker = new Worker(new URL('./qr-provider.mjs', import.meta.url), { workerData: { at: AT, startedAt, seed: SEED } });
  try {
    const [baseUrl] = await once(worker, 'message');
    return await rowsAgainst(baseUrl, worker, startedAt);
  } finally {
    worker.postMessage('end');
  }
}

async function rowsAgainst(baseUrl, worker, startedAt) {
  const clock = {
    now: () => AT + Date.now() - startedAt,
    sleep: (ms, signal) => new Promise((resolve, reject) => {
      const timer = setTimeout(done, ms);
      function done() { signal?.removeEventListener('abort', abort); resolve(); }
      function abort() { clearTimeout(timer); reject(new Error('aborted')); }
      signal?.addEventListener('abort', abort, { once: true });
    }),
  };
  const random = { bytes: (length) => new Uint8Array(randomBytes(length)) };
  const algorithms = nodeAlgorithms();
  const world = createWorld({ seed: SEED, at: AT });
  const { trustList } = await updateTrustList(undefined, world.lists.current, { role: world.listRole, algorithms, at: AT });
  const judgement = {
    trustList, policy: DEFAULT_POLICY, context: { scene: 'bid-signing', region: '420100', transaction: '工程建设' }, caches: createJudgeCaches(),
    evidence: {
      ...NO_EVIDENCE, crls: [...world.crls].map(([url, bytes]) => ({ url, crl: parseCertificateList(bytes) })),
      candidateCertificates: world.authorities.flatMap(({ above, issuers }) => [...above, ...issuers].map(({ certificate }) => parseCertificate(certificate))),
    },
  };
  const adapter = createQrSessionAdapter({
    mapping: BJCA_COSS_MAPPING, fetch, baseUrl: `${baseUrl}/qr/coss/service/v1/`, algorithms, clock, vault: createMemoryJobVault(clock), settings: { appId: COSS_APP.appId },
    keys: { app: { kind: 'mac', secret: new TextEncoder().encode(COSS_APP.secret) } },
  });
  const { sign: { key, certificate }, issuer, authority, id } = world.companies.find(({ state, issuer: { listed }, sign }) => state === 'good' && listed && sign.key.kind === 'SM2');
  const context = { clock, random, signal: new AbortController().signal, locale: 'zh-CN', request: (_name, _nature, send) => send(new AbortController().signal), serverTime() {}, protect() {}, note() {} };
  const [credential] = await adapter.listCredentials({ userId: id, limit: 1 }, context);
  const soft = createSoftAdapter({
    keys: [{ credential: { ref: 'soft', chain: [certificate, issuer.certificate, ...authority.above.map((ca) => ca.certificate)], algorithms: credential.algorithms }, sign: ({ value }) => key.signDigest(value) }],
  });
  const [softCredential] = await soft.listCredentials({ limit: 1 }, context);
  let number = 0;
  const sessionOf = async (by, chosen) => createSigningSession({
    requestId: `bench-${++number}`, adapter: by, credential: chosen, capabilities: await by.discover(context), algorithms, judgement, title: 'bench', deadline: AT + 86_400_000,
    items: [{ itemId: 'bid', label: 'bid.pdf', content: new TextEncoder().encode(`bid ${number}`) }], ports: { clock, random, leases: createMemoryLeases() },
  });
  const runAll = async (count, by, chosen) => {
    let left = count;
    const start = performance.now();
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) {
        let end;
        for await (const event of (await sessionOf(by, chosen)).run()) end = event;
        if (end.type !== 'done') throw new Error(`a session ended with ${end.type} ${end.error?.code ?? ''}`);
      }
    }));
    return (performance.now() - start) / 1000;
  };

  // What is made once is not a session's.
  await runAll(5, soft, softCredential);
  const before = heap();
  const pending = [];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (pending.length < PENDING) {
      const place = pending.push(undefined) - 1;
      const session = await sessionOf(adapter, credential);
      const shown = deferred();
      const ended = (async () => {
        for await (const event of session.run()) if (event.type === 'challenge') shown.resolve();
        shown.reject(new Error('a session ended before its code was confirmed'));
      })();
      pending[place] = { session, ended };
      await shown.promise;
      shown.promise.catch(() => undefined);
    }
  }));
  const bytes = Math.round((heap() - before) / PENDING);
  const snapshot = JSON.stringify(pending[0].session.snapshot()).length;
  await Promise.all(pending.map(({ session, ended }) => session.cancel().then(() => ended)));

  worker.postMessage('confirm');
  const softSeconds = await runAll(CONFIRMED, soft, softCredential);
  const seconds = await runAll(CONFIRMED, adapter, credential);
  const each = (whole) => [(whole * 1e6) / CONFIRMED];
  return [
    comparison(TABLE, SOFT, each(softSeconds), SOFT, each(softSeconds)),
    comparison(TABLE, 'with a phone', each(seconds), SOFT, each(softSeconds)),
    weight(TABLE, `one of ${PENDING.toLocaleString('en')} that wait`, bytes, 'its snapshot as JSON', snapshot),
  ];
}

function deferred() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

/** Octets of this thread's heap after everything unused is gone. */
function heap() {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  for (let i = 0; i < 3; i++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
