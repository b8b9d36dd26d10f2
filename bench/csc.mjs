// Keys that somebody else holds: what `release` costs beside the verification that it does, and a batch of 300 hashes from
// listing the credential to judged messages, over HTTP, at the sandbox's CSC service in this process.
import { cscAdapter } from '../packages/cloud/dist/index.js';
import { nodeAlgorithms } from '../packages/node/dist/index.js';
import { parseCertificate, parseCertificateList } from '../packages/pki/dist/index.js';
import { createCscProvider, createWorld, CSC_PIN, CSC_SERVICE_TOKEN, serveProvider } from '../packages/sandbox/dist/index.js';
import { createAdapterContext, createJournal, createMemoryLeases, createRedactor, createServerClock, createSigningSession, prepareSignature, release } from '../packages/sign/dist/index.js';
import { updateTrustList } from '../packages/trust-list/dist/index.js';
import { createJudgeCaches, DEFAULT_POLICY, NO_EVIDENCE } from '../packages/verify/dist/index.js';
import { comparison } from './comparison.mjs';
import { AT } from './material.mjs';

const BATCH = 300;
const KINDS = { SM2: 'qinghe', 'P-256': 'hengtao', 'RSA-2048': 'yanqiao' };
const BARE = 'bare verification';
const algorithms = nodeAlgorithms();
const contentOf = (index) => new TextEncoder().encode(`bid ${index}\n${'line of a bid\n'.repeat(300)}`);

export function cscTables() {
  const world = createWorld({ seed: 'bench csc', at: AT });
  const released = Object.entries(KINDS).map(([kind, id]) => {
    const company = world.companies.find((each) => each.id === id);
    const certificate = parseCertificate(company.sign.certificate);
    const prepared = prepareSignature({ certificate, chain: [], content: contentOf(0), algorithms });
    const { toBeSigned: { digest, message }, profile: { algorithm } } = prepared;
    const value = kind === 'SM2' ? company.sign.key.signDigest(digest) : company.sign.key.sign(message);
    const other = value.map((octet, index) => (index === value.length - 1 ? octet ^ 1 : octet));
    return {
      name: `csc/release ${kind}`,
      baseline: BARE,
      candidates: [
        { name: 'release of one value', setUp: (valid) => async () => (await release({ awaited: [{ itemId: 'i', prepared }], returned: [{ itemId: 'i', value: valid ? value : other }] })).released.length === 1 },
        { name: BARE, native: kind !== 'SM2', setUp: (valid) => () => algorithm.verify(certificate.spki.key, message, valid ? value : other) },
      ],
    };
  });  return [...released, ...Object.entries(KINDS).map(([kind, id]) => ({ name: tableOf(kind), unit: `time a hash, once, over that of "${ALONE}"`, measure: () => endToEndRows(kind, id) }))];
}

const ALONE = 'verifying the values alone';
const tableOf = (kind) => `csc/${BATCH} hashes/${kind}`;

async function endToEndRows(kind, id) {
  const world = createWorld({ seed: 'bench csc', at: AT });
  const { trustList } = await updateTrustList(undefined, world.lists.current, { role: world.listRole, algorithms, at: AT });
  const evidence = {
    ...NO_EVIDENCE, crls: [...world.crls].map(([url, bytes]) => ({ url, crl: parseCertificateList(bytes) })),
    candidateCertificates: world.authorities.flatMap(({ above, issuers }) => [...above, ...issuers].map(({ certificate }) => parseCertificate(certificate))),
  };
  const csc = createCscProvider({ companies: Object.values(KINDS), pendingPolls: 0 });
  const provider = await serveProvider(world, { facades: csc.facades });
  const judgement = () => ({ trustList, policy: DEFAULT_POLICY, evidence, caches: createJudgeCaches(), context: { scene: 'bid-signing', region: '420100', transaction: '工程建设' } });
  try {
    await endToEnd(provider, judgement(), `key-${id}`, 20); // warm
    const own = [((await endToEnd(provider, judgement(), `key-${id}`, BATCH)) * 1e6) / BATCH];
    const bare = [((await bareSeconds(world.companies.find((each) => each.id === id), kind)) * 1e6) / BATCH];
    return [comparison(tableOf(kind), 'end to end, with the service', own, ALONE, bare), comparison(tableOf(kind), ALONE, bare, ALONE, bare)];
  } finally {
    await provider.close();
  }
}

const clock = {
  now: () => AT + Math.round(performance.now()),
  sleep: (ms, signal) => new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => { clearTimeout(timer); reject(new Error('aborted')); }, { once: true });
  }),
};
const random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) };

async function endToEnd(provider, judgement, ref, count) {
  const adapter = cscAdapter({ fetch: (url, init) => fetch(url, init), baseUrl: `${provider.baseUrl}/csc/v2`, tokens: { service: async () => CSC_SERVICE_TOKEN } });
  const redactor = createRedactor();
  const context = createAdapterContext({
    ports: { clock, random }, signal: new AbortController().signal, locale: 'zh-CN', redactor, serverClock: createServerClock(clock),
    journal: createJournal({ digest: algorithms.digests.find(({ name }) => name === 'SHA-256'), redactor, write: () => undefined }),
  });
  const items = Array.from({ length: count }, (_, index) => ({ itemId: `i${index}`, label: `${index}.pdf`, content: contentOf(index) }));
  const start = performance.now();
  const credential = (await adapter.listCredentials({ limit: 100 }, context)).find((each) => each.ref === ref);
  const capabilities = await adapter.discover(context);
  const session = await createSigningSession({
    requestId: `bench-${ref}-${count}`, adapter, credential, capabilities, algorithms, judgement, items, title: 'bench',
    ports: { clock, random, leases: createMemoryLeases(), keep: async (snapshot) => void JSON.stringify(snapshot) },
  });
  let end;
  for await (const event of session.run()) {
    if (event.type === 'challenge') session.answer(event.challenge.id, { type: 'pin', value: CSC_PIN });
    end = event;
  }
  if (end.type !== 'done' || end.signatures.length !== count) throw new Error(`the batch ended with ${end.type} ${end.error?.code ?? ''} ${end.error?.detail ?? ''}`);
  return (performance.now() - start) / 1000;
}

async function bareSeconds({ sign: { key, certificate: der } }, kind) {
  const certificate = parseCertificate(der);
  const all = Array.from({ length: BATCH }, (_, index) => {
    const { toBeSigned: { digest, message }, profile: { algorithm } } = prepareSignature({ certificate, chain: [], content: contentOf(index), algorithms });
    return { algorithm, message, value: kind === 'SM2' ? key.signDigest(digest) : key.sign(message) };
  });
  const start = performance.now();
  for (const { algorithm, message, value } of all) if (!(await algorithm.verify(certificate.spki.key, message, value))) throw new Error('a value does not verify');
  return (performance.now() - start) / 1000;
}
