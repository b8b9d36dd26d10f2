import { describe, expect, it } from 'vitest';
import { addPdfValidationData, completePdfSignature, preparePdfSignature, type PdfValidationData } from '../../../sign/dist/index.js';
import { BID, objectText, update, writePdf } from '../../../sign/test/pdf/sample.js';
import { createJudgeCaches, DEFAULT_POLICY, judgePdf, NO_EVIDENCE, type PdfReport, type Scene, type SignerRequirement } from '../../src/index.js';
import { ALGORITHMS, newKey } from '../path/issue.js';
import { caFrom, crl, day, list, party, said, signature, token, tsuOf, type Party } from '../time/timeline.js';

const ca = caFrom('C=CN,O=CA');
const middle = caFrom('C=CN,O=Middle', -800, 4000, ca);
const otherCa = caFrom('C=CN,O=Other CA');
const tsaCa = caFrom('C=CN,O=TSA CA');
const tsu = tsuOf(tsaCa);
const unlistedTsu = tsuOf(caFrom('C=CN,O=Unlisted TSA CA'));
const signer = party(ca, -100, 300);
const second = party(ca, -100, 300, { key: newKey('p256') });
const trustList = list({ ca: [ca], tsa: [tsaCa] });
const bid = writePdf(BID);

/** What is signed of a later revision, as `octets` of it. */
const signed = (pdf: Uint8Array, by: Party = signer): Uint8Array => {
  const room = preparePdfSignature(pdf);
  return completePdfSignature(room, signature(by, { content: room.content }));
};
const stamped = (pdf: Uint8Array, at: number, by: Party = tsu, over?: Uint8Array): Uint8Array => {
  const room = preparePdfSignature(pdf, { subFilter: 'ETSI.RFC3161' });
  return completePdfSignature(room, token(over ?? room.content, at, by));
};
const stored = (pdf: Uint8Array, { crls = [], certificates = [] }: { readonly crls?: readonly { readonly bytes: Uint8Array }[]; readonly certificates?: readonly Uint8Array[] }): Uint8Array =>
  addPdfValidationData(pdf, { certificates, crls: crls.map(({ bytes }) => bytes) } satisfies PdfValidationData);

interface Asked {
  readonly at: number;
  readonly scene?: Scene;
  readonly crls?: readonly ReturnType<typeof crl>[];
  readonly requireSigners?: readonly SignerRequirement[];
  readonly limits?: { readonly maxValidationData: number };
}
function judged(pdf: Uint8Array, { at, scene = 'archive', crls = [], requireSigners, limits }: Asked): Promise<PdfReport> {
  return judgePdf({
    pdf, trustList, algorithms: ALGORITHMS, at: day(at), caches: createJudgeCaches(),
    evidence: { ...NO_EVIDENCE, crls: crls.map((each) => ({ crl: each })) },
    policy: { ...DEFAULT_POLICY, scenes: { ...DEFAULT_POLICY.scenes, [scene]: { ...DEFAULT_POLICY.scenes[scene], crlGrace: 0 } } },
    context: { scene, region: '420100', ...(requireSigners === undefined ? {} : { requireSigners }) },
    ...(limits === undefined ? {} : { limits }),
  });
}
const level = (report: PdfReport): unknown => report.signatures[0]!.message!.signers[0]!.level;
const tampered = (bytes: Uint8Array): Uint8Array => bytes.map((octet, index) => (index === bytes.length - 5 ? octet ^ 1 : octet));

describe('the security store is evidence', () => {
  it('its CRLs answer, once verified; an altered one does not', async () => {
    expect(said(await judged(signed(bid), { at: 10 }))).toBe('indeterminate TRY_LATER CRL_NOT_AVAILABLE');
    const good = await judged(stored(signed(bid), { crls: [crl(ca, 9, 12)] }), { at: 10 });
    expect(said(good)).toBe('passed');
    expect(good.validationData).toEqual({ certificates: 0, crls: 1, ocspResponses: 0 });
    expect((await judged(stored(signed(bid), { crls: [{ bytes: tampered(crl(ca, 9, 12).bytes) }] }), { at: 10 })).conclusion).toBe('indeterminate');
    expect((await judged(stored(signed(bid), { crls: [{ bytes: Uint8Array.of(0x30, 0) }] }), { at: 10 })).conclusion).toBe('indeterminate');
    expect((await judged(stored(signed(bid), { crls: [crl(otherCa, 9, 12)] }), { at: 10 })).conclusion).toBe('indeterminate');
    const revoked = stored(signed(bid), { crls: [crl(ca, 9, 12, [{ certificate: signer.certificate, at: 5 }])] });
    expect(await judged(revoked, { at: 10, scene: 'bid-signing' })).toMatchObject({ conclusion: 'failed', code: 'CERTIFICATE_REVOKED' });
  });

  it('what is only under a VRI counts too; more than may be there does not', async () => {
    const once = stored(signed(bid), { crls: [crl(ca, 9, 12)] });
    const dss = /\/DSS <<[^]*?>>/.exec(objectText(once, 1))![0];
    const moved = update(signed(bid), { 1: objectText(once, 1).replace(dss, '/DSS << /Type /DSS /VRI << /AB << /CRL [90 0 R] >> >> >>'), 90: stream(crl(ca, 9, 12).bytes) });
    const report = await judged(moved, { at: 10 });
    expect(report.validationData.crls).toBe(1);
    expect(said(report)).toBe('passed');
    expect(await judged(once, { at: 10, limits: { maxValidationData: 0 } })).toMatchObject({ conclusion: 'indeterminate', code: 'PDF_LIMIT' });
  });

  it('its certificates help to find a path and are no anchors', async () => {
    const under = party(middle, -100, 300);
    const crls = [crl(ca, 9, 12), crl(middle, 9, 12)];
    expect(said(await judged(stored(signed(bid, under), { crls, certificates: [middle.certificate.bytes] }), { at: 10 }))).toBe('passed');
    expect((await judged(stored(signed(bid, under), { crls }), { at: 10 })).conclusion).toBe('indeterminate');
    const stranger = party(otherCa, -100, 300);
    const brought = await judged(stored(signed(bid, stranger), { crls: [crl(otherCa, 9, 12)], certificates: [otherCa.certificate.bytes] }), { at: 10 });
    expect(brought.conclusion).not.toBe('passed');
    expect(brought.code).toBe('ISSUER_NOT_LISTED');
  });
});

describe('time-stamps over the document', () => {
  const fresh = (at: number) => [crl(ca, at - 1, at + 1), crl(tsaCa, at - 1, at + 1)];

  it('date the signatures before them', async () => {
    const one = stamped(signed(bid), 2);
    const report = await judged(one, { at: 10, crls: fresh(10) });
    expect(said(report)).toBe('passed');
    expect(report.times).toMatchObject({ bestSignature: '2025-01-03T00:00:00.000Z', sources: { bestSignature: 'time-stamp' } });
    expect(level(report)).toEqual({ found: 'B-T', proven: 'B-T' });
    // The certificate has run out since: only with the time-stamp is the signature older.
    const after = [crl(ca, 299, 302), crl(tsaCa, 299, 302)];
    expect(said(await judged(one, { at: 301, scene: 'bid-signing', crls: after }))).toBe('passed');
    expect(await judged(signed(bid), { at: 301, scene: 'bid-signing', crls: after })).toMatchObject({ conclusion: 'failed', code: 'CERTIFICATE_EXPIRED' });
    // Logging in is now, whatever was stamped.
    expect(await judged(one, { at: 301, scene: 'login', crls: after })).toMatchObject({ conclusion: 'failed', code: 'CERTIFICATE_EXPIRED' });
  });

  it('over another revision date nothing of this one', async () => {
    const after = [crl(ca, 299, 302), crl(tsaCa, 299, 302)];
    const two = await judged(signed(stamped(signed(bid), 2), second), { at: 301, scene: 'bid-signing', crls: after });
    expect(two.signatures.map(({ code }) => code)).toEqual(['OK', 'OK', 'CERTIFICATE_EXPIRED']);
    expect(two.conclusion).toBe('failed');
    const first = signed(bid);
    const of = preparePdfSignature(bid, { subFilter: 'ETSI.RFC3161' }).content;
    const wrong = await judged(stamped(first, 2, tsu, of), { at: 10, crls: fresh(10) });
    expect(wrong).toMatchObject({ conclusion: 'failed', code: 'PDF_TIMESTAMP_INVALID' });
    expect(wrong.signatures[0]!.message!.times.sources.bestSignature).toBe('validation time');
  });

  it('by an authority that no list has, or whose certificate is no time-stamp authority\'s, date nothing', async () => {
    const after = [crl(ca, 299, 302), crl(tsaCa, 299, 302)];
    for (const by of [unlistedTsu, tsuOf(tsaCa, -900, 3000, { extensions: [] }), party(ca, -100, 3000)]) {
      const report = await judged(stamped(signed(bid), 2, by), { at: 301, scene: 'bid-signing', crls: after });
      expect(report.signatures[1]).toMatchObject({ kind: 'document-timestamp', code: 'PDF_TIMESTAMP_UNPROVEN' });
      expect(report.signatures[0]!.code).toBe('CERTIFICATE_EXPIRED');
    }
  });

  it('B-LT and B-LTA: hold after everything about the signer has run out', async () => {
    const bt = stamped(signed(bid), 2);
    const blt = stored(bt, { crls: [crl(ca, 3, 5), crl(tsaCa, 3, 5)] });
    expect(level(await judged(blt, { at: 4 }))).toEqual({ found: 'B-LT', proven: 'B-LT' });
    const blta = stamped(blt, 4);
    const early = await judged(blta, { at: 4.5 });
    expect(early.reasons).toEqual([]);
    expect(level(early)).toEqual({ found: 'B-LTA', proven: 'B-LTA' });
    const asked = { at: 2000, crls: [crl(tsaCa, 1999, 2001)] };
    const later = await judged(blta, asked);
    expect(later.signatures.map(({ code }) => code)).toEqual(['OK', 'OK', 'OK']);
    expect(later.signatures[0]!.message!.signers[0]!.checks).toContainEqual(expect.objectContaining({ id: 'past.validation', outcome: 'passed' }));
    expect(later.signatures[1]!.timestamp!.report.provenAt).toBe('2025-01-05T00:00:00.000Z');
    // A CRL from before the first.
    expect(said(await judged(stamped(stored(bt, { crls: [crl(ca, 1, 5), crl(tsaCa, 3, 5)] }), 4), asked))).toBe('indeterminate TRY_LATER CRL_STALE');
    // There is no past in the scene of bids.
    expect((await judged(blta, { ...asked, scene: 'bid-signing' })).conclusion).toBe('indeterminate');
  });

  it('prove the age of what is stored, where it matters: under an intermediate CA that is not asked about any more', async () => {
    const under = party(middle, -100, 300);
    const bt = stamped(signed(bid, under), 2);
    const data = { crls: [crl(middle, 3, 5), crl(tsaCa, 3, 5)], certificates: [middle.certificate.bytes] };
    const asked = { at: 2000, crls: [crl(tsaCa, 1999, 2001), crl(ca, 6, 900)] };
    expect(said(await judged(stamped(stored(bt, data), 4), asked))).toBe('passed');
    // No time-stamp over the store; stored after the last; by an authority that no list has.
    for (const pdf of [stored(bt, data), stored(stamped(bt, 4), data), stamped(stored(bt, data), 4, unlistedTsu)]) expect((await judged(pdf, asked)).conclusion).toBe('indeterminate');
  });

  it('protect the store: an octet of it altered afterwards', async () => {
    const list = crl(ca, 3, 5);
    const blta = stamped(stored(stamped(signed(bid), 2), { crls: [list, crl(tsaCa, 3, 5)] }), 4);
    const altered = blta.slice();
    altered[Buffer.from(blta).indexOf(Buffer.from(list.bytes)) + list.bytes.length - 3]! ^= 1;
    expect(await judged(altered, { at: 2000, crls: [crl(tsaCa, 1999, 2001)] })).toMatchObject({ conclusion: 'failed', code: 'PDF_TIMESTAMP_INVALID' });
    // Taken away or exchanged by an update.
    const catalog = objectText(blta, 1);
    expect(await judged(update(blta, { 1: catalog.replace(/\/DSS <<[^]*?>>/, '') }), { at: 5 })).toMatchObject({ conclusion: 'failed', code: 'PDF_MODIFIED_AFTER_SIGNING' });
  });

  it('are renewed by another, before their authority ends', async () => {
    const shortTsu = tsuOf(tsaCa, -900, 400);
    const blta = stamped(stored(stamped(signed(bid), 2, shortTsu), { crls: [crl(ca, 3, 5), crl(tsaCa, 3, 5)] }), 4, shortTsu);
    const asked = { at: 2000, crls: [crl(tsaCa, 1999, 2001)] };
    expect((await judged(blta, asked)).conclusion).toBe('indeterminate');
    const renewed = stored(stamped(blta, 390), { crls: [crl(tsaCa, 392, 396)] });
    expect((await judged(renewed, asked)).signatures.map(({ code }) => code)).toEqual(['OK', 'OK', 'OK', 'OK']);
    expect((await judged(stored(stamped(blta, 401), { crls: [crl(tsaCa, 402, 406)] }), asked)).conclusion).toBe('indeterminate');
  });
});

describe('who had to sign a document', () => {
  it('each role by a signature of its own, which passes', async () => {
    const crls = [crl(ca, 9, 12)];
    const roles = [{ role: '法定代表人', subjectType: 'organization' as const }, { role: '企业公章', subjectType: 'organization' as const }];
    const both = await judged(signed(signed(bid), second), { at: 10, crls, requireSigners: roles });
    expect(both).toMatchObject({ conclusion: 'passed', requiredSigners: [{ signers: [expect.any(Number)] }, { signers: [expect.any(Number)] }] });
    expect(await judged(signed(bid), { at: 10, crls, requireSigners: roles })).toMatchObject({ conclusion: 'indeterminate', code: 'REQUIRED_SIGNER_MISSING' });
    expect(await judged(signed(signed(bid)), { at: 10, crls, requireSigners: roles })).toMatchObject({ conclusion: 'indeterminate', code: 'REQUIRED_SIGNER_MISSING' });
    // The first revision altered by an update: its signer stands for nobody.
    const altered = update(signed(signed(bid), second), { 5: BID[5]!.replace('1,280', '9,280') });
    expect(await judged(altered, { at: 10, crls, requireSigners: roles })).toMatchObject({ conclusion: 'failed', requiredSigners: [{ signers: [] }, { signers: [] }] });
  });
});

function stream(octets: Uint8Array): string {
  return `<< /Length ${octets.length} >>\nstream\n${Buffer.from(octets).toString('latin1')}\nendstream`;
}
