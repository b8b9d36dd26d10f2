import { parseOcspRequest, ocspRequestFor, oid, sequence, type Certificate } from '@hefu/pki';
import type { TrustService } from '@hefu/trust-list';
import { describe, expect, it } from 'vitest';
import type { EvidenceGap, WantedOcsp } from '../src/evidence.js';
import { IssuerIdentity } from '../src/revocation/cert-id.js';
import { issuersOf, wantOcsp } from '../src/plan-ocsp.js';
import { tiersOf } from '../src/tiers.js';
import { WishList } from '../src/wish-list.js';
import { ALGORITHMS, anchorOf, extension, newCa, newLeaf, uri } from './path/issue.js';
import { pathOf } from './revocation/world.js';

const root = newCa('C=CN,O=Root');
const ca = newCa('C=CN,O=CA', root);
const twin = newCa('C=CN,O=CA', root);
const aia = (url: string) => extension('1.3.6.1.5.5.7.1.1', sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), uri(url))));
const leaf = newLeaf(ca, { extensions: [aia('http://ocsp.ca.example/')] });
const plain = newLeaf(ca);

const service = (revocation: Partial<TrustService['revocation']>): TrustService =>
  ({ revocation: { mode: 'ocsp-first', overrideCertificateUrls: false, crl: [], ...revocation } }) as unknown as TrustService;

function want(certificate: Certificate, services: readonly TrustService[], pool: readonly Certificate[] = [ca.certificate]): { wanted: WantedOcsp[]; gaps: EvidenceGap[] } {
  const wishes = new WishList();
  wantOcsp({ certificate, issuers: issuersOf(certificate, pool, [anchorOf(root.certificate)]), services, algorithms: ALGORITHMS, tiers: tiersOf(services).ocsp, wishes });
  return { wanted: wishes.wanted.filter((wish) => wish.kind === 'ocsp'), gaps: wishes.gaps };
}

describe('which responders are asked', () => {
  it('those the list names first, those of the certificate where it does not forbid them', () => {
    const listed = { ocsp: [{ url: 'http://10.0.0.1/', mirrors: ['http://10.0.0.2/'], nonce: 'required' as const, maxAge: 1000 }] };
    expect(want(leaf, [service(listed)]).wanted).toMatchObject([
      { origin: 'list', urls: ['http://10.0.0.1/', 'http://10.0.0.2/'], nonce: 'required', maxAge: 1000 },
      { origin: 'certificate', urls: ['http://ocsp.ca.example/'], nonce: 'optional' },
    ]);
    expect(want(leaf, [service({ ...listed, overrideCertificateUrls: true })]).wanted).toHaveLength(1);
    expect(want(leaf, [service({ ocsp: [{ url: 'http://ocsp.ca.example/' }] })]).wanted).toMatchObject([{ origin: 'list' }]);
  });
  it('none where the list wants CRLs only, or nothing stands above', () => {
    for (const services of [[], [service({ mode: 'crl-only' })], [service({ mode: 'none-with-reason', reason: 'root' })]]) expect(want(leaf, services)).toEqual({ wanted: [], gaps: [] });
    for (const mode of ['crl-first', 'ocsp-first', 'both'] as const) expect(want(leaf, [service({ mode })]).wanted).toHaveLength(1);
  });
  it('schemes nobody can ask, and nobody to ask, are gaps', () => {
    const odd = newLeaf(ca, { extensions: [aia('OCSP://ocsp.ca.example')] });
    expect(want(odd, [service({})])).toMatchObject({ wanted: [], gaps: [{ code: 'NO_ENDPOINT', detail: 'OCSP://ocsp.ca.example' }] });
    expect(want(plain, [service({})])).toMatchObject({ wanted: [], gaps: [{ code: 'NO_ENDPOINT' }] });
    expect(want(leaf, [service({})], [])).toMatchObject({ wanted: [], gaps: [{ code: 'NO_ENDPOINT', detail: 'issuer unknown' }] });
  });
  it('about the issuer whose key identifier fits, else about two at most', async () => {
    const pool = [twin.certificate, ca.certificate];
    const { wanted } = want(leaf, [service({})], pool);
    expect(wanted).toHaveLength(1);
    const identity = new IssuerIdentity(await pathOf(leaf, [ca], root), 0, ALGORITHMS);
    expect(identity.isAbout(parseOcspRequest(ocspRequestFor(wanted[0]!.certId)).certIds[0]!)).toBe(true);
    const mute = newLeaf(ca, { authorityKeyId: false, extensions: [aia('http://ocsp.ca.example/')] });
    expect(want(mute, [service({})], pool).wanted).toHaveLength(2);
    expect(want(mute, [service({})], [...pool, newCa('C=CN,O=CA', root).certificate]).wanted).toHaveLength(2);
  });
});
