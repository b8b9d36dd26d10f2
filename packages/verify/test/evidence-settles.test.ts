import { oid, sequence, type Certificate, type CertificateList, type OcspResponse } from '@hefu/pki';
import type { TrustList, TrustService } from '@hefu/trust-list';
import { describe, expect, it } from 'vitest';
import type { EvidenceQuestionInput } from '../src/evidence-question.js';
import { evidenceSettles } from '../src/evidence-settles.js';
import type { EvidencePlan } from '../src/evidence.js';
import { planEvidence } from '../src/plan.js';
import { DEFAULT_POLICY } from '../src/policy/default-policy.js';
import { subjectKey } from '../src/wish-list.js';
import { ALGORITHMS, AT, DAY, crlPoint, extension, newCa, newLeaf, uri } from './path/issue.js';
import { HOUR, respond } from './revocation/ocsp-response.js';
import { crlBy, listing } from './revocation/world.js';
import { anchor, CONTEXT, listOf, serviceOf } from './trust/listed.js';

const root = newCa('C=CN,O=Root');
const ca = newCa('C=CN,O=CA', root);
const aia = (url: string) => extension('1.3.6.1.5.5.7.1.1', sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), uri(url))));
const leaf = newLeaf(ca, { extensions: [crlPoint(uri('http://own.example/a.crl')), aia('http://own.example/ocsp')] });
const other = newLeaf(ca);

const endpoints = { overrideCertificateUrls: false, crl: [{ url: 'http://list/a.crl' }], ocsp: [{ url: 'http://list/ocsp' }] };
const listed = (revocation: Partial<TrustService['revocation']>): TrustList => listOf(serviceOf('urn:ca', { anchors: [anchor(ca.certificate)], revocation: { ...endpoints, ...revocation } }));
const question = (revocation: Partial<TrustService['revocation']>, more: Partial<EvidenceQuestionInput> = {}): EvidenceQuestionInput => ({
  certificates: [leaf], trustList: listed(revocation), policy: DEFAULT_POLICY, algorithms: ALGORITHMS, at: AT, context: CONTEXT, ...more,
});
const inTiers = ({ wanted }: EvidencePlan): string[] => wanted.map(({ kind, origin, tier }) => `${tier} ${kind} ${origin}`);

describe('tiers of a plan', () => {
  it.each([
    ['ocsp-first', ['0 ocsp list', '1 ocsp certificate', '2 crl list', '3 crl certificate']],
    ['crl-first', ['0 crl list', '1 crl certificate', '2 ocsp list', '3 ocsp certificate']],
    ['both', ['0 crl list', '0 ocsp list', '1 crl certificate', '1 ocsp certificate']],
    ['crl-only', ['0 crl list', '1 crl certificate']],
  ] as const)('%s', (mode, tiers) => {
    expect(inTiers(planEvidence(question({ mode })))).toEqual(tiers);
  });
  it('of certificates’ own addresses, where the list names none', () => {
    expect(inTiers(planEvidence(question({ mode: 'ocsp-first', crl: [], ocsp: [] })))).toEqual(['0 ocsp certificate', '2 crl certificate']);
  });
  it('where services disagree, neither kind waits', () => {
    const trustList = listOf(...(['ocsp-first', 'crl-first'] as const).map((mode) => serviceOf(`urn:${mode}`, { anchors: [anchor(ca.certificate)], revocation: { ...endpoints, overrideCertificateUrls: true, mode } })));
    expect(inTiers(planEvidence({ ...question({}), trustList }))).toEqual(['0 crl list', '0 ocsp list']);
  });
  it('one CRL for several certificates names them all', () => {
    const { wanted } = planEvidence(question({ mode: 'ocsp-first', overrideCertificateUrls: true }, { certificates: [leaf, other] }));
    expect(wanted.find(({ kind }) => kind === 'crl')!.subjects).toEqual([subjectKey(leaf), subjectKey(other)]);
  });
});

interface Having {
  readonly crls?: readonly CertificateList[];
  readonly ocsp?: readonly OcspResponse[];
}

describe('what evidence settles', () => {
  const said = (status: 'good' | 'unknown' | number = 'good', more: object = {}): OcspResponse => respond({ issuer: ca, signer: ca, says: [{ about: leaf, status, ...more }] });
  const settled = (mode: TrustService['revocation']['mode'], { crls = [], ocsp = [] }: Having, more: Partial<EvidenceQuestionInput> = {}, about: readonly Certificate[] = [leaf]): Promise<boolean> =>
    evidenceSettles(question({ mode }, more))(
      { kind: 'crl', forSerial: '', issuerKey: '', urls: [], origin: 'list', tier: 2, subjects: about.map(subjectKey) },
      { crls: crls.map((crl) => ({ crl })), ocsp: ocsp.map((response) => ({ response })) },
    );

  it('good, by either kind as the list has it', async () => {
    expect(await settled('ocsp-first', { ocsp: [said()] })).toBe(true);
    expect(await settled('crl-first', { crls: [crlBy(ca)] })).toBe(true);
    expect(await settled('ocsp-first', {})).toBe(false);
    expect(await settled('crl-only', { ocsp: [said()] })).toBe(false);
    expect(await settled('both', { ocsp: [said()] })).toBe(false);
    expect(await settled('both', { ocsp: [said()], crls: [crlBy(ca)] })).toBe(true);
    expect(await settled('crl-first', {}, { brought: { crls: [{ crl: crlBy(ca) }] } })).toBe(true);
  });
  it('not what nobody would believe: forged, stale, in grace, unknown, of another CA', async () => {
    const forger = newCa('C=CN,O=CA', root);
    expect(await settled('ocsp-first', { ocsp: [respond({ issuer: ca, signer: { name: ca.name, key: forger.key }, says: [{ about: leaf }] })] })).toBe(false);
    expect(await settled('ocsp-first', { ocsp: [said('good', { nextUpdate: AT - 1000 })] })).toBe(false);
    expect(await settled('ocsp-first', { ocsp: [said('unknown')] })).toBe(false);
    expect(await settled('ocsp-first', { ocsp: [respond({ issuer: ca, signer: ca, says: [{ about: other }] })] })).toBe(false);
    expect(await settled('crl-first', { crls: [crlBy(ca, { nextUpdate: AT - HOUR })] })).toBe(false); // within the scene's grace
    expect(await settled('crl-first', { crls: [crlBy(root)] })).toBe(false);
  });
  it('not good that a responder took back, or that is older than its doubt', async () => {
    const then = said('good', { thisUpdate: AT - 3 * HOUR });
    const now = said('unknown');
    expect(await settled('ocsp-first', { ocsp: [then] })).toBe(true);
    expect(await settled('ocsp-first', { ocsp: [then, now] })).toBe(false);
    expect(await settled('crl-first', { crls: [crlBy(ca, { thisUpdate: AT - 2 * HOUR })], ocsp: [now] })).toBe(false);
    expect(await settled('crl-first', { crls: [crlBy(ca, { thisUpdate: AT - HOUR / 2 })], ocsp: [now] })).toBe(true);
  });
  it('revoked, unless only the time of signature keeps it from deciding; a hold asks on', async () => {
    const revokedAt = AT - 10 * HOUR;
    expect(await settled('ocsp-first', { ocsp: [said(1)] })).toBe(true);
    expect(await settled('ocsp-first', { ocsp: [said(1)] }, { bestSignatureTime: revokedAt })).toBe(true);
    expect(await settled('ocsp-first', { ocsp: [said(1)] }, { bestSignatureTime: revokedAt - 1000 })).toBe(false);
    expect(await settled('ocsp-first', { ocsp: [said(6)] })).toBe(false);
    expect(await settled('crl-first', { crls: [crlBy(ca, { entries: [listing(leaf, 6)] })] })).toBe(false);
  });
  it('every certificate that the wish is for, or none', async () => {
    const certificates = [leaf, other];
    expect(await settled('ocsp-first', { ocsp: [said()] }, { certificates }, certificates)).toBe(false);
    expect(await settled('ocsp-first', { ocsp: [said(), respond({ issuer: ca, signer: ca, says: [{ about: other }] })] }, { certificates }, certificates)).toBe(true);
    expect(await settled('ocsp-first', { ocsp: [said()] }, {}, [newLeaf(newCa('C=CN,O=Nobody'))])).toBe(false);
    expect(await settled('ocsp-first', { ocsp: [said()] }, {}, [])).toBe(false);
  });
  it('as of the time asked about', async () => {
    expect(await settled('ocsp-first', { ocsp: [said()] }, { at: AT + DAY })).toBe(false);
  });
});
