import { createHash } from 'node:crypto';
import type { Certificate, CertificateList, OcspResponse } from '@hefu/pki';
import type { ServiceStatus, TrustService } from '@hefu/trust-list';
import { describe, expect, it } from 'vitest';
import { createJudgeCaches } from '../../src/caches.js';
import { ListSigners } from '../../src/trust/evidence-signers.js';
import { ALGORITHMS, AT, DAY, keyUsage, newCa, newKey, newLeaf } from '../path/issue.js';
import { HOUR, respond } from '../revocation/ocsp-response.js';
import { crlBy, crlIssuer, idp, INDIRECT, listing, points } from '../revocation/world.js';
import { anchor, judged, listOf, serviceOf } from './listed.js';

const ca = newCa('C=CN,O=CA');
const leaf = newLeaf(ca);
/** Another key under the CA's name, and a publisher with a name of its own; neither has a certificate of the CA. */
const second = newCa('C=CN,O=CA', undefined, { key: newKey('p256') });
const publisher = newCa('C=CN,O=Publisher', undefined, { kind: 'bare', extensions: [keyUsage('cRLSign')] });
const responder = newCa('C=CN,O=Responder', undefined, { kind: 'leaf' });

const hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const granted = (since = 0): ServiceStatus => ({ status: 'granted', since, recorded: 1 });

interface SetUp {
  readonly signer?: Partial<TrustService>;
  readonly certificate?: Certificate;
  readonly crls?: readonly CertificateList[];
  readonly ocsp?: readonly OcspResponse[];
  readonly asked?: Certificate;
  readonly at?: number;
  readonly candidates?: readonly Certificate[];
  /** Default: the CA's entry names it. */
  readonly named?: boolean;
}

async function outcome(kind: 'crl-issuer' | 'ocsp', { signer = {}, certificate, crls = [], ocsp = [], asked = leaf, at = AT, candidates = [], named = true }: SetUp): Promise<string> {
  const revocation =
    kind === 'crl-issuer'
      ? { crl: [{ url: 'http://crl/', ...(named ? { issuerService: 'urn:s' } : {}) }] }
      : { mode: 'ocsp-first' as const, ocsp: [{ url: 'http://ocsp/', ...(named ? { responderService: 'urn:s' } : {}) }] };
  const list = listOf(serviceOf('urn:ca', { anchors: [anchor(ca.certificate)], revocation }), serviceOf('urn:s', { kind, anchors: certificate === undefined ? [] : [anchor(certificate)], ...signer }));
  const verdict = await judged(asked, list, { crls: crls.map((crl) => ({ crl })), ocsp: ocsp.map((response) => ({ response })), candidateCertificates: candidates }, { at });
  const { status, code, source } = verdict.revocation[0]!;
  return status === 'unknown' ? `unknown ${code}` : `${status} ${source!.signedBy}`;
}

describe('a service of kind crl-issuer', () => {
  const crl = crlBy(second);
  const by = (set: SetUp = {}): Promise<string> => outcome('crl-issuer', { certificate: second.certificate, crls: [crl], ...set });

  it('signs for the CA whose entry names it, in both directions', async () => {
    expect(await by()).toBe('good list');
    expect(await by({ crls: [crlBy(second, { entries: [listing(leaf, 1)] })] })).toBe('revoked list');
    expect(await by({ named: false })).toBe('unknown CRL_SIGNATURE_INVALID');
    expect(await by({ certificate: newCa('C=CN,O=CA').certificate })).toBe('unknown CRL_SIGNATURE_INVALID');
  });
  it('is nothing by another kind', async () => {
    for (const kind of ['ca', 'ocsp', 'tsa', 'seal-maker'] as const) {
      expect(await by({ signer: { kind, ...(kind === 'ca' ? { scope: [] } : {}) } })).toBe('unknown CRL_SIGNATURE_INVALID');
    }
  });
  it('signs under its own name where the certificate names it (RFC 5280 §4.2.1.13)', async () => {
    const asked = newLeaf(ca, { extensions: [points([crlIssuer(publisher.name)])] });
    const indirect = crlBy(publisher, { extensions: [idp(INDIRECT)] });
    expect(await by({ certificate: publisher.certificate, asked, crls: [indirect] })).toBe('good list');
    expect(await by({ certificate: publisher.certificate, asked, crls: [indirect], named: false })).toBe('unknown CRL_ISSUER_NOT_AUTHORISED');
    expect(await by({ certificate: publisher.certificate, crls: [indirect] })).toBe('unknown CRL_NOT_AVAILABLE');
  });
  it('signs under the name of the CA’s anchor', async () => {
    const underCa = crlBy({ name: ca.name, key: publisher.key });
    expect(await by({ certificate: publisher.certificate, crls: [underCa] })).toBe('good list');
    expect(await by({ certificate: publisher.certificate, crls: [crlBy({ name: responder.name, key: publisher.key })] })).toBe('unknown CRL_NOT_AVAILABLE');
  });
  it('by hash of its certificate or key, once a certificate comes along; a key alone signs under the CA’s name only', async () => {
    const hashed = (more: object): SetUp => ({ signer: { anchors: [{ mode: 'root', ...more }] } });
    const { bytes, spki } = second.certificate;
    expect(await by({ ...hashed({ sha256: hex(bytes) }), candidates: [second.certificate] })).toBe('good list');
    expect(await by({ ...hashed({ spkiSha256: hex(spki.bytes) }), candidates: [second.certificate] })).toBe('good list');
    expect(await by({ ...hashed({ sha256: hex(bytes) }) })).toBe('unknown CRL_SIGNATURE_INVALID');
    expect(await by({ ...hashed({ sha256: hex(publisher.certificate.bytes) }), candidates: [second.certificate] })).toBe('unknown CRL_ISSUER_NOT_AUTHORISED');
    const asked = newLeaf(ca, { extensions: [points([crlIssuer(publisher.name)])] });
    const keyOnly = { ...hashed({ spkiSha256: hex(publisher.certificate.spki.bytes) }), candidates: [publisher.certificate], asked, crls: [crlBy(publisher, { extensions: [idp(INDIRECT)] })] };
    expect(await by(keyOnly)).toBe('unknown CRL_ISSUER_NOT_AUTHORISED');
  });
  it('its certificate must allow it, and be in force when the CRL was made', async () => {
    const made = (options: Parameters<typeof newCa>[2]): Promise<string> => {
      const one = newCa('C=CN,O=CA', undefined, { key: second.key, ...options });
      return by({ certificate: one.certificate });
    };
    expect(await made({ kind: 'bare' })).toBe('good list'); // no keyUsage: the list's word is enough
    expect(await made({ kind: 'bare', extensions: [keyUsage('keyCertSign')] })).toBe('unknown CRL_ISSUER_NOT_AUTHORISED');
    expect(await made({ notAfter: AT - 2 * DAY })).toBe('unknown CRL_ISSUER_NOT_AUTHORISED');
    expect(await made({ notAfter: AT - DAY + 1000 })).toBe('good list');
    expect(await made({ notBefore: AT })).toBe('unknown CRL_ISSUER_NOT_AUTHORISED');
  });
  it('one that the list refuses is not let in by a certificate of the CA', async () => {
    const delegated = newCa('C=CN,O=CA', ca);
    const set = { certificate: delegated.certificate, crls: [crlBy(ca, { thisUpdate: AT - 30 * DAY, nextUpdate: AT - 29 * DAY }), crlBy(delegated)], candidates: [delegated.certificate] };
    expect(await by({ ...set, named: false })).toBe('good certificate');
    expect(await by({ ...set, signer: { status: [{ status: 'withdrawn', since: AT - 2 * DAY, recorded: 2 }, granted()] } })).not.toContain('good');
  });
});

describe('another key under the same anchor, which a certificate lets sign CRLs', () => {
  const root = newCa('C=CN,O=Root');
  const below = newCa('C=CN,O=Below', root);
  const former = newCa('C=CN,O=Below', root, { key: newKey('p256') });
  const other = newCa('C=CN,O=Other', root);
  const lent = newCa('C=CN,O=Below', other, { key: newKey('p256') });
  const asked = newLeaf(below);
  const event = (status: ServiceStatus['status'], more: Partial<ServiceStatus> = {}): readonly ServiceStatus[] => [{ status, since: AT - 2 * DAY, recorded: 2, ...more }, granted()];
  async function by(signer: typeof former, about: Certificate, said: Partial<TrustService> | undefined): Promise<string> {
    const list = listOf(serviceOf('urn:root', { anchors: [anchor(root.certificate)] }), ...(said === undefined ? [] : [serviceOf('urn:other', { anchors: [anchor(about)], ...said })]));
    const crls = [crlBy(root), crlBy(other), crlBy(signer)].map((crl) => ({ crl }));
    const { revocation: [first] } = await judged(asked, list, { crls, candidateCertificates: [below, former, other, lent].map(({ certificate }) => certificate) });
    return first!.status === 'unknown' ? `unknown ${first!.code}` : `${first!.status} ${first!.source!.signedBy}`;
  }

  it('counts unless the list speaks against it or a CA that certified it', async () => {
    for (const [signer, about] of [[former, former.certificate], [lent, other.certificate], [lent, lent.certificate]] as const) {
      expect(await by(signer, about, undefined)).toBe('good certificate');
      expect(await by(signer, about, {})).toBe('good certificate');
      for (const status of [event('distrusted'), event('withdrawn'), event('suspended'), event('distrusted', { since: AT - 1 })]) {
        expect(await by(signer, about, { status })).toBe('unknown CRL_ISSUER_NOT_AUTHORISED');
      }
      expect(await by(signer, about, { status: event('distrusted'), kind: 'tsa' })).toBe('unknown CRL_ISSUER_NOT_AUTHORISED');
      expect(await by(signer, about, { unusable: 'x' })).toBe('unknown CRL_ISSUER_NOT_AUTHORISED');
    }
  });
  it('a key that no longer issues goes on signing CRLs; a scope elsewhere says nothing here', async () => {
    expect(await by(former, former.certificate, { status: event('ceased') })).toBe('good certificate');
    expect(await by(former, former.certificate, { scope: [{ regions: ['110000'] }] })).toBe('good certificate');
    expect(await by(former, former.certificate, { status: event('ceased', { since: 0 }) })).toBe('unknown CRL_ISSUER_NOT_AUTHORISED');
  });
});

describe('a service of kind ocsp', () => {
  const answer = respond({ issuer: ca, signer: responder, says: [{ about: leaf }] });
  const by = (set: SetUp = {}): Promise<string> => outcome('ocsp', { certificate: responder.certificate, ocsp: [answer], ...set });

  it('answers for the CA whose entry names it', async () => {
    expect(await by()).toBe('good list');
    expect(await by({ ocsp: [respond({ issuer: ca, signer: responder, says: [{ about: leaf, status: 1 }] })] })).toBe('revoked list');
    expect(await by({ named: false })).toBe('unknown OCSP_RESPONDER_NOT_AUTHORISED');
    expect(await by({ signer: { kind: 'crl-issuer' } })).toBe('unknown OCSP_RESPONDER_NOT_AUTHORISED');
    expect(await by({ certificate: newCa('C=CN,O=Responder', undefined, { kind: 'leaf' }).certificate })).toBe('unknown OCSP_SIGNATURE_INVALID');
  });
  it('by hash, once its certificate comes along in the answer', async () => {
    const carrying = respond({ issuer: ca, signer: responder, says: [{ about: leaf }], certificates: [responder.certificate] });
    for (const anchors of [[{ mode: 'root' as const, sha256: hex(responder.certificate.bytes) }], [{ mode: 'root' as const, spkiSha256: hex(responder.certificate.spki.bytes) }]]) {
      expect(await by({ signer: { anchors }, ocsp: [carrying] })).toBe('good list');
      expect(await by({ signer: { anchors } })).toBe('unknown OCSP_RESPONDER_NOT_AUTHORISED');
    }
    expect(await by({ signer: { anchors: [{ mode: 'root', sha256: '00'.repeat(32) }] }, ocsp: [carrying] })).toBe('unknown OCSP_RESPONDER_NOT_AUTHORISED');
  });
  it('its certificate must be in force', async () => {
    const expired = newCa('C=CN,O=Responder', undefined, { kind: 'leaf', key: responder.key, notAfter: AT - 1000 });
    expect(await by({ certificate: expired.certificate })).toBe('unknown OCSP_RESPONDER_NOT_AUTHORISED');
  });
});

describe('status and scope, when it was made and when it is relied on', () => {
  const made = AT - DAY;
  const crl = { certificate: second.certificate, crls: [crlBy(second, { thisUpdate: made })] };
  const producedAt = AT - HOUR;
  const ocsp = { certificate: responder.certificate, ocsp: [respond({ issuer: ca, signer: responder, says: [{ about: leaf }], producedAt })] };
  const refusal = { 'crl-issuer': 'unknown CRL_ISSUER_NOT_AUTHORISED', ocsp: 'unknown OCSP_RESPONDER_NOT_AUTHORISED' };
  const event = (status: ServiceStatus['status'], since: number, more: Partial<ServiceStatus> = {}): ServiceStatus => ({ status, since, recorded: 2, ...more });

  const rows: readonly (readonly [string, (madeAt: number) => Partial<TrustService>, boolean])[] = [
    ['granted', () => ({}), true],
    ['granted when it was made', (t) => ({ status: [granted(t)] }), true],
    ['granted after', (t) => ({ status: [granted(t + 1)] }), false],
    ['no status yet', () => ({ status: [granted(AT + 1)] }), false],
    ['suspended since', (t) => ({ status: [event('suspended', t + 1), granted()] }), false],
    ['suspended from now on', () => ({ status: [event('suspended', AT), granted()] }), false],
    ['suspended a moment later', () => ({ status: [event('suspended', AT + 1), granted()] }), true],
    ['made in a suspension that was lifted', (t) => ({ status: [event('granted', t + 1), event('suspended', t), granted()] }), false],
    ['made in a suspension that was lifted and heals', (t) => ({ status: [event('granted', t + 1), event('suspended', t, { gap: 'heal' }), granted()] }), true],
    ['withdrawn', () => ({ status: [event('withdrawn', AT), granted()] }), false],
    ['distrusted', () => ({ status: [event('distrusted', AT), granted()] }), false],
    ['its key lost before it was made', (t) => ({ status: [event('distrusted', AT + DAY, { compromisedSince: t }), granted()] }), false],
    ['ceased after it was made', (t) => ({ status: [event('ceased', t + 1), granted()] }), true],
    ['ceased before it was made', (t) => ({ status: [event('ceased', t), granted()] }), false],
    ['in another region', () => ({ scope: [{ regions: ['33*'] }] }), false],
    ['in this region', () => ({ scope: [{ regions: ['42*'] }] }), true],
    ['without a scope', () => ({ scope: [] }), false],
    ['for another purpose', () => ({ scope: [{ regions: ['*'], purposes: ['auth'] }] }), false],
    ['for transactions that nobody asked for', () => ({ scope: [{ regions: ['*'], transactions: ['工程建设'] }] }), false],
    ['its scope over', () => ({ scope: [{ regions: ['*'], until: AT }] }), false],
    ['its scope not begun when it was made', (t) => ({ scope: [{ regions: ['*'], from: t + 1 }] }), false],
    ['not understood', () => ({ unusable: 'TL_UNSUPPORTED_FEATURE: x' }), false],
    ['with constraints, which are for CAs', () => ({ constraints: { pathLen: 0 } }), false],
    ['with constraints that say nothing', () => ({ constraints: { excludedDN: [] } }), true],
  ];
  it.each(rows)('%s', async (_, change, counts) => {
    expect(await outcome('crl-issuer', { ...crl, signer: change(made) })).toBe(counts ? 'good list' : refusal['crl-issuer']);
    expect(await outcome('ocsp', { ...ocsp, signer: change(producedAt) })).toBe(counts ? 'good list' : refusal.ocsp);
  });

  it('the report says whom the list no longer lets speak', async () => {
    const list = listOf(
      serviceOf('urn:ca', { anchors: [anchor(ca.certificate)], revocation: { crl: [{ url: 'http://crl/', issuerService: 'urn:s' }] } }),
      serviceOf('urn:s', { kind: 'crl-issuer', anchors: [anchor(second.certificate)], status: [event('suspended', AT - HOUR), granted()] }),
    );
    const { reasons, checks } = await judged(leaf, list, { crls: crl.crls.map((one) => ({ crl: one })) });
    expect(reasons.find(({ code }) => code === 'CRL_ISSUER_NOT_AUTHORISED')).toMatchObject({ actual: 'service urn:s CA_SUSPENDED' });
    expect(checks).toContainEqual(expect.objectContaining({ id: 'revocation.signer', outcome: 'warning', subject: 'service urn:s', actual: 'CA_SUSPENDED' }));
  });
});

it('a list is read once, not for each verdict', () => {
  const list = listOf(
    serviceOf('urn:ca', { anchors: [anchor(ca.certificate)], revocation: { mode: 'ocsp-first', ocsp: [{ url: 'http://o/', responders: [responder.certificate.bytes, new Uint8Array(3)] }] } }),
  );
  const caches = createJudgeCaches();
  const sha256 = ALGORITHMS.digests.find(({ name }) => name === 'SHA-256')!;
  const [first, again] = [0, 1].map(() => caches.anchorsOf(list, sha256).signers.of(list.services[0]!, () => []));
  expect(first).toBe(again);
  expect(first!.ocsp.map(({ certificate }) => certificate.bytes)).toEqual([responder.certificate.bytes]);
  expect(new ListSigners(list, sha256).of(serviceOf('urn:other'), () => []).ocsp).toEqual([]);
});
