import { generateKeyPairSync, sign } from 'node:crypto';
import { oid, sequence, type CertificateList } from '@hefu/pki';
import type { TrustList } from '@hefu/trust-list';
import { describe, expect, it } from 'vitest';
import { newCa, type TestCa, type TestKey } from '../path/issue.js';
import { archived, caFrom, crl, day, judged, list, party, said, signature, stamped, tsuOf, withEvidence, type Asked } from '../time/timeline.js';
import { respond } from './ocsp-response.js';

// One CA key that signs with two digests: certificates with the one that stays, evidence with the one that is retired on day 5.
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
const keyWith = (digest: string, algorithm: string): TestKey => ({ kind: 'p256', spki, algorithm: sequence(oid(algorithm)), sign: (message) => new Uint8Array(sign(digest, message, privateKey)) });
const dates = { notBefore: day(-1000), notAfter: day(4000) };
const ca: TestCa = newCa('C=CN,O=CA', undefined, { key: keyWith('sha256', '1.2.840.10045.4.3.2'), ...dates });
const retiring: TestCa = { ...ca, key: keyWith('sha384', '1.2.840.10045.4.3.3') };
const sunset = { 'ECDSA-SHA-384': day(5) };
const tsaCa = caFrom('C=CN,O=TSA CA');
const tsu = tsuOf(tsaCa);
const signer = party(ca, -100, 300);
const trustList = list({ ca: [ca], tsa: [tsaCa] });
const at10 = async (crls: readonly CertificateList[], more: Partial<Asked> = {}): Promise<string> => said(await judged(signature(signer), { trustList, at: 10, crls, sunset, ...more }));

describe('an algorithm that ends, on CRLs', () => {
  it('their silence counts until then, and afterwards only with a CRL that is signed otherwise', async () => {
    expect(await at10([crl(retiring, 9, 12)], { sunset: {} })).toBe('passed');
    expect(await at10([crl(retiring, 3, 5)], { at: 4 })).toBe('passed');
    expect(await at10([crl(retiring, 9, 12)])).toBe('indeterminate CRYPTO_CONSTRAINTS_FAILURE_NO_POE REVOCATION_ALGORITHM_REFUSED');
    expect(await at10([crl(retiring, 9, 12), crl(ca, 8, 12)])).toBe('passed');
    expect(await at10([crl(retiring, 9, 12)], { scene: 'bid-signing', received: 4 })).toBe('indeterminate CRYPTO_CONSTRAINTS_FAILURE_NO_POE REVOCATION_ALGORITHM_REFUSED');
  });

  it('one that the policy does not name is none, whenever', async () => {
    const named = { policyMore: {}, sunset: {} } as const;
    const report = await judged(signature(signer), { trustList, at: 10, crls: [crl(retiring, 9, 12)], ...named, more: {} });
    expect(said(report)).toBe('passed');
    const { DEFAULT_POLICY } = await import('../../src/index.js');
    const without = { ...DEFAULT_POLICY, scenes: { ...DEFAULT_POLICY.scenes, archive: { ...DEFAULT_POLICY.scenes.archive, crlGrace: 0 } }, algorithms: { ...DEFAULT_POLICY.algorithms, signatures: DEFAULT_POLICY.algorithms.signatures.filter((name) => name !== 'ECDSA-SHA-384') } };
    expect(said(await judged(signature(signer), { trustList, at: 10, crls: [crl(retiring, 9, 12)], more: { policy: without } }))).toBe('indeterminate CRYPTO_CONSTRAINTS_FAILURE_NO_POE REVOCATION_ALGORITHM_REFUSED');
  });

  it('what they list is revoked all the same', async () => {
    expect(await at10([crl(retiring, 9, 12, [{ certificate: signer.certificate, at: 8 }]), crl(ca, 8, 12)], { scene: 'bid-signing' })).toBe('failed REVOKED CERTIFICATE_REVOKED');
  });

  it('a hold is not lifted by one of them', async () => {
    const held = crl(ca, 8, 12, [{ certificate: signer.certificate, at: 7, reason: 6 }]);
    expect(await at10([held, crl(ca, 9, 12)])).toBe('passed');
    expect(await at10([held, crl(retiring, 9, 12)])).toMatch(/CERTIFICATE_FROZEN$/);
  });

  it('in an archive those count that are proven to be older', async () => {
    const bt = stamped(signature(signer), 2, tsu);
    const asked = { trustList, at: 2000, sunset, crls: [crl(tsaCa, 1999, 2001)] };
    const blta = (stored: CertificateList, at: number): Uint8Array => archived(withEvidence(bt, [stored, crl(tsaCa, 3, 5)]), at, tsu);
    expect(said(await judged(blta(crl(retiring, 3, 5), 4), asked))).toBe('passed');
    // Stored and stamped after its end; the same by the other algorithm.
    expect((await judged(blta(crl(retiring, 3, 8), 7), asked)).conclusion).toBe('indeterminate');
    expect(said(await judged(blta(crl(ca, 3, 8), 7), asked))).toBe('passed');
    // Not stamped at all.
    expect((await judged(withEvidence(bt, [crl(retiring, 3, 5)]), asked)).conclusion).toBe('indeterminate');
  });
});

describe('an algorithm that ends, on OCSP responses', () => {
  const asking: TrustList = { ...trustList, services: trustList.services.map((service) => (service.kind === 'ca' ? { ...service, revocation: { ...service.revocation, mode: 'ocsp-first' } } : service)) };
  const answer = (by: TestCa, status: 'good' | 'revoked' = 'good') =>
    ({ response: respond({ issuer: ca, signer: by, producedAt: day(9), says: [{ about: signer.certificate, status, date: day(8), thisUpdate: day(9), nextUpdate: day(12) }] }) });
  const asked = async (by: TestCa, more: { readonly sunset?: typeof sunset; readonly status?: 'revoked' } = {}): Promise<string> =>
    said(await judged(signature(signer), { trustList: asking, at: 10, scene: 'bid-signing', ...(more.sunset === undefined ? {} : { sunset: more.sunset }), more: { evidence: { candidateCertificates: [], crls: [], ocsp: [answer(by, more.status)], gaps: [] } } }));

  it('good counts until then; revoked always', async () => {
    expect(await asked(ca, { sunset })).toBe('passed');
    expect(await asked(retiring)).toBe('passed');
    expect(await asked(retiring, { sunset })).toBe('indeterminate CRYPTO_CONSTRAINTS_FAILURE_NO_POE REVOCATION_ALGORITHM_REFUSED');
    expect(await asked(retiring, { sunset, status: 'revoked' })).toBe('failed REVOKED CERTIFICATE_REVOKED');
  });
});

describe('an algorithm that ends, on the CRL of a time-stamp authority', () => {
  const tsaRetiring: TestCa = { ...retiring, name: ca.name };
  const own = tsuOf(ca, -900, 3000);
  const sameCa = list({ ca: [ca], tsa: [ca] });
  it('the time-stamp counts only with one that is accepted', async () => {
    const message = stamped(signature(signer), 2, own);
    const places = async (crls: readonly CertificateList[]): Promise<string> => (await judged(message, { trustList: sameCa, at: 10, crls, sunset })).times.sources.bestSignature;
    expect(await places([crl(ca, 9, 12)])).toBe('time-stamp');
    expect(await places([crl(tsaRetiring, 9, 12)])).toBe('validation time');
  });
});
