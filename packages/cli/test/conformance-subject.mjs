// A module as the author of an adapter writes one, for conformance.test.ts: a key in memory of a sandbox company.
import { nodeAlgorithms } from '@hefu/node';
import { parseCertificate, parseCertificateList } from '@hefu/pki';
import { createWorld } from '@hefu/sandbox';
import { createSoftAdapter } from '@hefu/sign';
import { updateTrustList } from '@hefu/trust-list';
import { DEFAULT_POLICY, NO_EVIDENCE } from '@hefu/verify';

const AT = Date.UTC(2026, 5, 1, 4);
const world = createWorld({ seed: 'conformance', at: AT });
const { sign: { key, certificate }, issuer, authority } = world.companies.find(({ state, issuer: { listed }, sign }) => state === 'good' && listed && sign.key.kind === 'P-256');
const soft = {
  credential: { ref: 'key-1', chain: [certificate, issuer.certificate, ...authority.above.map((ca) => ca.certificate)], algorithms: [{ name: 'ECDSA-SHA-256', digest: 'SHA-256', oid: '1.2.840.10045.4.3.2' }] },
  sign: ({ value }) => key.sign(value),
};
const clock = { now: () => AT, sleep: (ms, signal) => new Promise((done, failed) => {
  const timer = setTimeout(done, Math.min(ms, 50));
  signal?.addEventListener('abort', () => { clearTimeout(timer); failed(new Error('aborted')); }, { once: true });
}) };

export const subject = (fault) => {
  if (fault !== undefined) return undefined;
  const adapter = createSoftAdapter({ keys: [soft], accepts: ['tbs'] });
  return { clock, answer: () => ({ type: 'cancel' }), adapter: process.env.HEFU_BROKEN === undefined ? adapter : { ...adapter, info: { ...adapter.info, contract: 2 } } };
};

export async function harness() {
  const { trustList } = await updateTrustList(undefined, world.lists.current, { role: world.listRole, algorithms: nodeAlgorithms(), at: AT });
  return {
    judgement: {
      trustList, policy: DEFAULT_POLICY, context: { scene: 'bid-signing', region: '420100', transaction: '工程建设' },
      evidence: {
        ...NO_EVIDENCE,
        candidateCertificates: world.authorities.flatMap(({ above, issuers }) => [...above, ...issuers].map((ca) => parseCertificate(ca.certificate))),
        crls: [...world.crls].map(([url, bytes]) => ({ url, crl: parseCertificateList(bytes) })),
      },
    },
  };
}
