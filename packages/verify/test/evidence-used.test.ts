import { nullValue, oid, parseCertificate, parseCertificateList, parseOcspResponse, readSignedData, sequence, type Certificate } from '@hefu/pki';
import { updateTrustList } from '@hefu/trust-list';
import { describe, expect, it } from 'vitest';
// The world is made above this room; only tests may look up.
import { createWorld } from '../../sandbox/dist/index.js';
import { nodeAlgorithms } from '../../node/dist/algorithms.js';
import type { CertificateVerdict } from '../src/judge-certificate.js';
import { DEFAULT_POLICY, evidenceUsed, judge, NO_EVIDENCE, type Evidence, type EvidenceUsed, type Report } from '../src/index.js';
import { ALGORITHMS, AT, DAY, extension, keyUsage, newCa, newKey, newLeaf } from './path/issue.js';
import { respond } from './revocation/ocsp-response.js';
import { crlBy, deltaBy, listing } from './revocation/world.js';
import { anchor, judged, listOf, serviceOf } from './trust/listed.js';

/** Evidence made of nothing but what an archive kept. */
const fromArchive = ({ items }: EvidenceUsed): Evidence => ({
  ...NO_EVIDENCE,
  candidateCertificates: items.filter(({ kind }) => kind === 'certificate').map(({ bytes }) => parseCertificate(bytes)),
  crls: items.filter(({ kind }) => kind === 'crl').map(({ bytes, url }) => ({ crl: parseCertificateList(bytes), ...(url === undefined ? {} : { url }) })),
  ocsp: items.filter(({ kind }) => kind === 'ocsp').map(({ bytes, url, nonce }) => ({ response: parseOcspResponse(bytes), ...(url === undefined ? {} : { url }), ...(nonce === undefined ? {} : { nonce }) })),
});

it('a message judged again with what was kept has the same report', async () => {
  const algorithms = nodeAlgorithms();
  const at = Date.UTC(2026, 5, 1, 4);
  const world = createWorld({ seed: 'archive', at });
  const outcome = await updateTrustList(undefined, world.lists.current, { role: world.listRole, algorithms, at });
  if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
  const { trustList } = outcome;
  const everything: Evidence = { ...NO_EVIDENCE, crls: [...world.crls].map(([url, bytes]) => ({ url, crl: parseCertificateList(bytes), fetchedAt: at })) };
  let certain = 0;
  for (const { signature, content, context, lists, expected } of world.scenarios) {
    if (expected.stage !== 'judge' || lists.length > 1) continue;
    const signed = readSignedData(signature);
    const base = { signed, content, trustList, policy: DEFAULT_POLICY, algorithms, at, context };
    const report = await judge({ ...base, evidence: everything });
    const used = evidenceUsed({ report, evidence: everything, signed, trustList, algorithms });
    expect(used.missing).toEqual([]);
    if (report.signers.some(({ revocation }) => revocation.some(({ status }) => status === 'unknown'))) continue; // what was refused is not kept
    certain += 1;
    expect(await judge({ ...base, evidence: fromArchive(used) })).toEqual(report);
    expect(used.items.filter(({ kind }) => kind === 'crl').length).toBeLessThan(everything.crls.length);
    for (const item of used.items) if (item.kind === 'crl') expect(item).toMatchObject({ url: expect.any(String), fetchedAt: at });
  }
  expect(certain).toBeGreaterThan(8);
});

describe('whoever signed evidence is kept with what it stands on', () => {
  const ca = newCa('C=CN,O=CA');
  const leaf = newLeaf(ca);
  const second = newCa('C=CN,O=CA', ca);
  const ocspSigning = extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.9')));
  const delegate = newCa('C=CN,O=OCSP', ca, { kind: 'leaf', extensions: [ocspSigning] });
  const publisher = newCa('C=CN,O=Publisher', undefined, { kind: 'bare', key: newKey('p256'), extensions: [keyUsage('cRLSign')] });
  const list = (mode: 'crl-only' | 'ocsp-first' = 'crl-only') =>
    listOf(
      serviceOf('urn:ca', { anchors: [anchor(ca.certificate)], revocation: { mode, crl: [{ url: 'http://c/', issuerService: 'urn:p' }] } }),
      serviceOf('urn:p', { kind: 'crl-issuer', anchors: [anchor(publisher.certificate)] }),
    );
  const asReport = ({ path, revocation }: CertificateVerdict): Report => ({ signers: [{ path, revocation }] }) as unknown as Report;

  async function kept(trustList: ReturnType<typeof list>, evidence: Partial<Evidence>): Promise<{ verdict: CertificateVerdict; used: EvidenceUsed }> {
    const verdict = await judged(leaf, trustList, evidence);
    const used = evidenceUsed({ report: asReport(verdict), evidence: { ...NO_EVIDENCE, ...evidence, candidateCertificates: [leaf, ...(evidence.candidateCertificates ?? [])] }, trustList, algorithms: ALGORITHMS });
    expect(used.missing).toEqual([]);
    expect((await judged(leaf, trustList, fromArchive(used))).revocation).toEqual(verdict.revocation);
    return { verdict, used };
  }
  const holds = (used: EvidenceUsed, certificate: Certificate): boolean => used.items.some(({ bytes }) => Buffer.compare(bytes, certificate.bytes) === 0);

  it('another key of the CA, its certificate and the CRL that clears it', async () => {
    const old = { thisUpdate: AT - 9 * DAY, nextUpdate: AT - 8 * DAY };
    const crls = [crlBy(second), crlBy(ca, old), crlBy(ca, { thisUpdate: AT - 20 * DAY, nextUpdate: AT - 19 * DAY })].map((crl) => ({ crl }));
    const { verdict, used } = await kept(list(), { crls, candidateCertificates: [second.certificate, newCa('C=CN,O=Nobody').certificate] });
    expect(verdict.revocation[0]).toMatchObject({ status: 'good', source: { signedBy: 'certificate' } });
    expect(holds(used, second.certificate)).toBe(true);
    expect(used.items.filter(({ kind }) => kind === 'crl')).toHaveLength(1);
  });
  it('an answer that was taken back, and the one that took it', async () => {
    const ocsp = (['good', 'unknown'] as const).map((status, i) => ({ response: respond({ issuer: ca, signer: ca, says: [{ about: leaf, status, thisUpdate: AT - (3 - i) * 3_600_000, nextUpdate: AT + DAY }] }), url: 'http://o/' }));
    const { verdict, used } = await kept(list('ocsp-first'), { ocsp });
    expect(verdict.revocation[0]).toMatchObject({ status: 'unknown', code: 'OCSP_STATUS_UNKNOWN', doubt: { takenBack: {} } });
    expect(used.items.filter(({ kind }) => kind === 'ocsp')).toHaveLength(2);
  });
  it('a delegate without nocheck, and the CRL by which it is known to be good', async () => {
    const evidence = { ocsp: [{ response: respond({ issuer: ca, signer: delegate, says: [{ about: leaf }] }), url: 'http://o/' }], crls: [{ crl: crlBy(ca) }], candidateCertificates: [delegate.certificate] };
    const { verdict, used } = await kept(list('ocsp-first'), evidence);
    expect(verdict.revocation[0]).toMatchObject({ status: 'good', evidence: [{ kind: 'ocsp', signedBy: 'delegated' }, { kind: 'crl' }] });
    expect(holds(used, delegate.certificate)).toBe(true);
    expect(used.items.map(({ kind }) => kind).sort()).toEqual(['certificate', 'certificate', 'certificate', 'crl', 'ocsp']);
  });
  it('a delegate with nocheck needs no CRL', async () => {
    const free = newCa('C=CN,O=OCSP', ca, { kind: 'leaf', extensions: [ocspSigning, extension('1.3.6.1.5.5.7.48.1.5', nullValue())] });
    const { used } = await kept(list('ocsp-first'), { ocsp: [{ response: respond({ issuer: ca, signer: free, says: [{ about: leaf }], certificates: [free.certificate] }) }] });
    expect(holds(used, free.certificate)).toBe(true);
  });
  it('the nonce of a question', async () => {
    const sent = new Uint8Array(32).fill(7);
    const base = list('ocsp-first');
    const strict = { ...base, services: base.services.map((service) => ({ ...service, revocation: { ...service.revocation, ocsp: [{ url: 'http://o/', nonce: 'required' as const }] } })) };
    const { verdict } = await kept(strict, { ocsp: [{ response: respond({ issuer: ca, signer: ca, says: [{ about: leaf }], nonce: sent }), nonce: { sent, required: true } }] });
    expect(verdict.revocation[0]).toMatchObject({ status: 'good' });
  });
  it('a publisher of the list', async () => {
    const { verdict, used } = await kept(list(), { crls: [{ crl: crlBy({ name: ca.name, key: publisher.key }) }] });
    expect(verdict.revocation[0]).toMatchObject({ status: 'good', source: { signedBy: 'list' } });
    expect(holds(used, publisher.certificate)).toBe(true);
  });
  it('a delta and the complete CRL beneath it', async () => {
    const crls = [crlBy(ca, { number: 5 }), deltaBy(ca, 5, 6, { entries: [listing(leaf, 1)] })].map((crl) => ({ crl }));
    const { used } = await kept(list(), { crls });
    expect(used.items.filter(({ kind }) => kind === 'crl')).toHaveLength(2);
  });
  it('what is not among the values given is named, not passed over', async () => {
    const verdict = await judged(leaf, list(), { crls: [{ crl: crlBy(ca) }] });
    const used = evidenceUsed({ report: asReport(verdict), evidence: NO_EVIDENCE, trustList: list(), algorithms: ALGORITHMS });
    expect(used.items.map(({ kind }) => kind)).toEqual(['certificate']); // the anchor, of the list
    expect(used.missing).toEqual([{ kind: 'certificate', sha256: verdict.path[0]!.sha256 }, { kind: 'crl', sha256: verdict.revocation[0]!.source!.sha256 }]);
  });
});
