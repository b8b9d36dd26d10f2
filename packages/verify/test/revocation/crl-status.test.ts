import { describe, expect, it } from 'vitest';
import { explicit, implicitConstructed, nullValue, octetString, parseCertificateList, readCrl, encodePem } from '@hefu/pki';
import { DEFAULT_BUDGET } from '../../src/path/budget.js';
import { INTEROP, REGIONAL_CA } from '../../src/path/profile.js';
import { AT, basicConstraints, DAY, directory, dn, extension, issueCertificate, keyUsage, newCa, newKey, newLeaf } from '../path/issue.js';
import {
  ask, ATTRIBUTES, CAS, certificateIssuer, crlBy, crlIssuer, deltaBy, full, idp, INDIRECT, listing, pathOf, points, reasons, relative, someReasons, uri, USERS, verdict,
} from './world.js';

const root = newCa('C=CN,O=Root');
const ca = newCa('C=CN,O=CA', root);
const leaf = newLeaf(ca);
const path = await pathOf(leaf, [ca], root);
const unknownCritical = extension('1.2.3.4', nullValue(), true);

describe('basic CRLs (suite section 4.4)', () => {
  it('missing', async () => {
    expect(await verdict(path, [])).toBe('unknown CRL_NOT_AVAILABLE');
    expect(await verdict(path, [crlBy(ca)], { index: 1 })).toBe('unknown CRL_NOT_AVAILABLE');
  });
  it('the CA is revoked, though the leaf is not', async () => {
    const arl = crlBy(root, { entries: [listing(ca.certificate, 2)], extensions: [idp(CAS)] });
    expect(await verdict(path, [crlBy(ca), arl])).toBe('good');
    expect(await verdict(path, [crlBy(ca), arl], { index: 1 })).toBe('revoked');
    expect(await verdict(path, [crlBy(ca), crlBy(root, { extensions: [idp(CAS)] })], { index: 1 })).toBe('good');
  });
  it('an authority CRL is brought as a file, DER or PEM', async () => {
    const arl = crlBy(root, { entries: [listing(ca.certificate, 2)], extensions: [idp(CAS)] });
    for (const file of [arl.bytes, encodePem('X509 CRL', arl.bytes)]) expect(await verdict(path, [readCrl(file)], { index: 1 })).toBe('revoked');
  });
  it('a bad signature, and another issuer name', async () => {
    const forged = { name: ca.name, key: newKey('p256') };
    expect(await verdict(path, [crlBy(forged)])).toBe('unknown CRL_SIGNATURE_INVALID');
    expect(await verdict(path, [crlBy({ name: dn('C=CN,O=Other'), key: ca.key })])).toBe('unknown CRL_NOT_AVAILABLE');
  });
  it('two CRLs of one issuer name: each key speaks for itself', async () => {
    const forged = { name: ca.name, key: newKey('p256') };
    expect(await verdict(path, [crlBy(forged, { entries: [listing(leaf, 1)] }), crlBy(ca)])).toBe('good');
    expect(await verdict(path, [crlBy(forged), crlBy(ca, { entries: [listing(leaf, 1)] })])).toBe('revoked');
  });
  it('unknown critical extensions, of the CRL and of any entry', async () => {
    expect(await verdict(path, [crlBy(ca, { extensions: [unknownCritical] })])).toBe('unknown CRL_UNSUPPORTED');
    expect(await verdict(path, [crlBy(ca, { entries: [{ serial: Uint8Array.of(9), extensions: [unknownCritical] }] })])).toBe('unknown CRL_UNSUPPORTED');
    expect(await verdict(path, [crlBy(ca, { entries: [{ serial: Uint8Array.of(9), extensions: [unknownCritical] }, listing(leaf, 1)] })])).toBe('unknown CRL_UNSUPPORTED');
    expect(await verdict(path, [crlBy(ca, { extensions: [extension('2.5.29.20', octetString(new Uint8Array(1)), true)] })])).toBe('unknown CRL_UNSUPPORTED');
  });
  it('out of date, from before 2000, and from the future', async () => {
    expect(await verdict(path, [crlBy(ca, { nextUpdate: AT - 1000 })])).toBe('unknown CRL_STALE');
    expect(await verdict(path, [crlBy(ca, { thisUpdate: Date.UTC(1998, 0), nextUpdate: Date.UTC(1999, 0) })])).toBe('unknown CRL_STALE');
    expect(await verdict(path, [crlBy(ca, { nextUpdate: Date.UTC(2050, 0) })])).toBe('good');
    expect(await verdict(path, [crlBy(ca, { thisUpdate: AT + 1000 })])).toBe('unknown CRL_NOT_YET_VALID');
  });
  it('the sign of a serial number counts where profiles compare integers; elsewhere the doubt is on the side of revoked', async () => {
    const negative = await pathOf(newLeaf(ca, { serial: -1 }), [ca], root);
    const listed = (serial: number) => [crlBy(ca, { entries: [{ serial }] })];
    expect(await verdict(negative, listed(255), { profile: INTEROP })).toBe('good');
    expect(await verdict(negative, listed(-1), { profile: INTEROP })).toBe('revoked');
    expect(await verdict(negative, listed(255), { profile: REGIONAL_CA })).toBe('revoked');
    const both = [crlBy(ca, { entries: [{ serial: 255 }, { serial: -1 }] })];
    expect(await verdict(negative, both, { profile: INTEROP })).toBe('revoked');
  });
  it('a long serial number is one number', async () => {
    const long = newLeaf(ca, { serial: new Uint8Array(20).fill(0x7a) });
    const own = await pathOf(long, [ca], root);
    expect(await verdict(own, [crlBy(ca, { entries: [listing(long, 1)] })])).toBe('revoked');
    expect(await verdict(own, [crlBy(ca, { entries: [{ serial: new Uint8Array(19).fill(0x7a) }] })])).toBe('good');
  });
  it('separate keys for certificates and CRLs', async () => {
    const signer = newCa('C=CN,O=CA', root, { kind: 'bare', extensions: [keyUsage('cRLSign')] });
    const candidates = [signer.certificate];
    const clean = crlBy(root);
    expect(await verdict(path, [crlBy(signer), clean], { candidates })).toBe('good');
    expect(await verdict(path, [crlBy(signer, { entries: [listing(leaf)] }), clean], { candidates })).toBe('revoked');
    expect(await verdict(path, [crlBy(signer), crlBy(root, { entries: [listing(signer.certificate, 1)] })], { candidates })).toBe('unknown CRL_ISSUER_NOT_AUTHORISED');
    expect((await ask(path, [crlBy(signer), clean], { candidates })).source).toMatchObject({ signedBy: 'certificate' });
  });
  it('a CRL number is asked for on request', async () => {
    const numberless = crlBy(ca, { version: 1 });
    expect(await verdict(path, [numberless])).toBe('good');
    expect(await verdict(path, [numberless], { crlRules: { requireCrlNumber: true } })).toBe('unknown CRL_UNSUPPORTED');
    expect(await verdict(path, [crlBy(ca)], { crlRules: { requireCrlNumber: true } })).toBe('good');
  });
});

describe('distribution points (suite section 4.14)', () => {
  const uri1 = uri('http://ca.example/1.crl');
  const under = async (...fields: readonly (readonly Uint8Array[])[]) => {
    const certificate = newLeaf(ca, { extensions: [points(...fields)] });
    return { certificate, path: await pathOf(certificate, [ca], root) };
  };

  it('a directory name, full or relative, on either side', async () => {
    const fullName = full(directory(dn('C=CN,O=CA,CN=crl1')));
    for (const [inCertificate, inCrl, expected] of [
      [fullName, fullName, 'good'],
      [fullName, relative('crl1'), 'good'],
      [relative('crl1'), fullName, 'good'],
      [relative('crl1'), relative('crl1'), 'good'],
      [relative('crl1'), relative('crl2'), 'unknown CRL_OUT_OF_SCOPE'],
      [fullName, full(directory(dn('C=CN,O=CA,CN=crl2'))), 'unknown CRL_OUT_OF_SCOPE'],
    ] as const) {
      const own = await under([inCertificate]);
      expect(await verdict(own.path, [crlBy(ca, { extensions: [idp(inCrl)] })])).toBe(expected);
    }
  });

  it('kinds of certificates', async () => {
    for (const [field, index, expected] of [
      [USERS, 0, 'good'], [CAS, 0, 'unknown CRL_OUT_OF_SCOPE'], [ATTRIBUTES, 0, 'unknown CRL_OUT_OF_SCOPE'],
      [USERS, 1, 'unknown CRL_OUT_OF_SCOPE'], [CAS, 1, 'good'], [ATTRIBUTES, 1, 'unknown CRL_OUT_OF_SCOPE'],
    ] as const) {
      expect(await verdict(path, [crlBy(index === 0 ? ca : root, { extensions: [idp(field)] })], { index })).toBe(expected);
    }
  });

  it('a CRL for attribute certificates revokes no other', async () => {
    expect(await verdict(path, [crlBy(ca, { extensions: [idp(ATTRIBUTES)], entries: [listing(leaf, 1)] }), crlBy(ca)])).toBe('good');
  });

  describe('reasons', () => {
    const first = (options = {}) => crlBy(ca, { extensions: [idp(someReasons(1, 2))], ...options });
    const rest = (options = {}) => crlBy(ca, { extensions: [idp(someReasons(3, 4, 5, 6, 7, 8))], ...options });
    it('are gathered from several CRLs until all are covered', async () => {
      expect(await verdict(path, [first()])).toBe('unknown CRL_OUT_OF_SCOPE');
      expect(await verdict(path, [rest()])).toBe('unknown CRL_OUT_OF_SCOPE');
      expect(await verdict(path, [first(), rest()])).toBe('good');
      expect(await verdict(path, [first(), crlBy(ca, { extensions: [idp(someReasons(3, 4, 5, 7, 8))] })])).toBe('unknown CRL_OUT_OF_SCOPE');
      expect((await ask(path, [first(), rest()])).evidence).toHaveLength(2);
    });
    it('any of them may revoke', async () => {
      expect(await verdict(path, [first({ entries: [listing(leaf, 1)] }), rest()])).toBe('revoked');
      expect(await verdict(path, [first(), rest({ entries: [listing(leaf, 4)] })])).toBe('revoked');
      expect(await verdict(path, [first(), rest({ entries: [listing(leaf, 6)] })])).toBe('frozen');
    });
    it('one out of date leaves its reasons open', async () => {
      expect(await verdict(path, [first(), rest({ nextUpdate: AT - 1000 })])).toBe('unknown CRL_STALE');
    });
    it('good is good as of the oldest that is needed', async () => {
      const older = AT - 3 * DAY;
      const found = await ask(path, [first(), rest({ thisUpdate: older })]);
      expect(found).toMatchObject({ status: 'good', source: { thisUpdate: new Date(older).toISOString() } });
      expect(found.evidence).toHaveLength(2);
      expect((await ask(path, [first(), rest({ thisUpdate: older }), crlBy(ca)])).source).not.toMatchObject({ thisUpdate: new Date(older).toISOString() });
    });
    it('a hold is not lifted by a CRL that does not cover holds', async () => {
      const hold = crlBy(ca, { entries: [listing(leaf, 6)], thisUpdate: AT - 3 * DAY });
      expect(await verdict(path, [hold, first()])).toBe('frozen');
      expect(await verdict(path, [hold, first(), rest()])).toBe('good');
    });
    it('points of a certificate may be for some reasons each', async () => {
      const own = await under([full(uri1), reasons(1, 2)], [full(uri('http://ca.example/2.crl')), reasons(3, 4, 5, 6, 7, 8)]);
      const one = crlBy(ca, { extensions: [idp(full(uri1))] });
      const two = crlBy(ca, { extensions: [idp(full(uri('http://ca.example/2.crl')))] });
      expect(await verdict(own.path, [one])).toBe('unknown CRL_OUT_OF_SCOPE');
      expect(await verdict(own.path, [one, two])).toBe('good');
      const narrow = crlBy(ca, { extensions: [idp(full(uri1), someReasons(3))] }); // none of the point's reasons
      expect(await verdict(own.path, [narrow, two])).toBe('unknown CRL_OUT_OF_SCOPE');
    });
  });

  describe('indirect CRLs', () => {
    const issuer = newCa('C=CN,O=CRL Service', root, { kind: 'bare', extensions: [keyUsage('cRLSign')] });
    const candidates = [issuer.certificate];
    const asks = async (certificate: typeof leaf, crls: Parameters<typeof verdict>[1], more = {}) => verdict(await pathOf(certificate, [ca], root), crls, { candidates, ...more });
    const named = newLeaf(ca, { extensions: [points([full(uri1), crlIssuer(issuer.name)])] });
    const indirect = (options: Parameters<typeof crlBy>[1] = {}) => crlBy(issuer, { extensions: [idp(full(uri1), INDIRECT)], ...options });

    it('count where the certificate’s point names their issuer', async () => {
      expect(await asks(named, [indirect()])).toBe('good');
      expect(await asks(leaf, [indirect()])).toBe('unknown CRL_NOT_AVAILABLE');
      expect(await asks(named, [indirect()], { candidates: [] })).toBe('unknown CRL_ISSUER_NOT_AUTHORISED');
      expect(await asks(named, [crlBy(issuer, { extensions: [idp(full(uri1))] })])).toBe('unknown CRL_OUT_OF_SCOPE'); // not marked indirect
      expect(await asks(named, [crlBy(issuer)])).toBe('unknown CRL_OUT_OF_SCOPE');
    });
    it('a point without a name takes cRLIssuer for one', async () => {
      const nameless = newLeaf(ca, { extensions: [points([crlIssuer(issuer.name)])] });
      expect(await asks(nameless, [crlBy(issuer, { extensions: [idp(INDIRECT)] })])).toBe('good');
      expect(await asks(nameless, [crlBy(issuer, { extensions: [idp(full(directory(issuer.name)), INDIRECT)] })])).toBe('good');
      expect(await asks(nameless, [crlBy(issuer, { extensions: [idp(full(directory(ca.name)), INDIRECT)] })])).toBe('unknown CRL_OUT_OF_SCOPE');
    });
    it('a relative name is relative to cRLIssuer', async () => {
      const relativeTo = newLeaf(ca, { extensions: [points([relative('part 1'), crlIssuer(issuer.name)])] });
      expect(await asks(relativeTo, [crlBy(issuer, { extensions: [idp(relative('part 1'), INDIRECT)] })])).toBe('good');
      expect(await asks(relativeTo, [crlBy(issuer, { extensions: [idp(full(directory(dn('C=CN,O=CA,CN=part 1'))), INDIRECT)] })])).toBe('unknown CRL_OUT_OF_SCOPE');
    });
    it('entries belong to the issuer named in them or before them', async () => {
      const other = certificateIssuer(dn('C=CN,O=Other'));
      const own = certificateIssuer(ca.name);
      const serial = named.serialNumber;
      const filler = { serial: Uint8Array.of(5) };
      for (const [entries, expected] of [
        [[{ serial }], 'good'], // the CRL issuer's own
        [[{ serial, extensions: [own] }], 'revoked'],
        [[{ serial, extensions: [other] }], 'good'],
        [[{ ...filler, extensions: [own] }, { serial }], 'revoked'],
        [[{ ...filler, extensions: [own] }, filler, { serial }], 'revoked'],
        [[{ ...filler, extensions: [own] }, { ...filler, extensions: [other] }, { serial }], 'good'],
        [[{ serial, extensions: [own] }, { serial, extensions: [other] }], 'revoked'],
        [[{ serial, extensions: [other] }, { serial, extensions: [own] }], 'revoked'],
      ] as const) {
        expect(await asks(named, [indirect({ entries })])).toBe(expected);
      }
    });
    it('a CA’s own indirect CRL needs no cRLIssuer', async () => {
      const crl = (entries: Parameters<typeof crlBy>[1]) => crlBy(ca, { extensions: [idp(INDIRECT)], ...entries });
      expect(await verdict(path, [crl({})])).toBe('good');
      expect(await verdict(path, [crl({ entries: [listing(leaf, 1)] })])).toBe('revoked');
      expect(await verdict(path, [crl({ entries: [listing(leaf, 1, { issuer: dn('C=CN,O=Other') })] })])).toBe('good');
    });
    it('signed by a CA further up the path', async () => {
      const above = newLeaf(ca, { extensions: [points([crlIssuer(root.name)])] });
      expect(await asks(above, [crlBy(root, { extensions: [idp(INDIRECT)] })], { candidates: [] })).toBe('good');
      expect(await asks(above, [crlBy(root, { extensions: [idp(INDIRECT)], entries: [listing(above, 1, { issuer: ca.name })] })], { candidates: [] })).toBe('revoked');
      expect(await asks(above, [crlBy({ name: root.name, key: newKey('p256') }, { extensions: [idp(INDIRECT)] })], { candidates: [] })).toBe('unknown CRL_ISSUER_NOT_AUTHORISED');
    });
    it('their issuer must lead to the same anchor, be meant for CRLs, and not be revoked', async () => {
      const foreign = newCa('C=CN,O=CRL Service', newCa('C=CN,O=Elsewhere'), { kind: 'bare', extensions: [keyUsage('cRLSign')] });
      const by = (one: typeof issuer) => crlBy(one, { extensions: [idp(full(uri1), INDIRECT)] });
      expect(await asks(named, [by(foreign)], { candidates: [foreign.certificate] })).toBe('unknown CRL_ISSUER_NOT_AUTHORISED');
      const mute = newCa('C=CN,O=CRL Service', root, { kind: 'bare', extensions: [keyUsage('digitalSignature')] });
      expect(await asks(named, [by(mute)], { candidates: [mute.certificate] })).toBe('unknown CRL_ISSUER_NOT_AUTHORISED');
      expect(await asks(named, [by(issuer), crlBy(root, { entries: [listing(issuer.certificate, 1)] })])).toBe('unknown CRL_ISSUER_NOT_AUTHORISED');
    });
    it('issued by a CA outside the path, it must be known to be good, or be its own judge', async () => {
      const side = newCa('C=CN,O=Side CA', root);
      const delegate = newCa('C=CN,O=CRL Service', side, { kind: 'bare', extensions: [keyUsage('cRLSign')] });
      const by = crlBy(delegate, { extensions: [idp(full(uri1), INDIRECT)] });
      const all = [delegate.certificate, side.certificate];
      expect(await asks(named, [by], { candidates: all })).toBe('unknown CRL_ISSUER_NOT_AUTHORISED');
      expect(await asks(named, [by, crlBy(side)], { candidates: all })).toBe('good');
      expect(await asks(named, [by, crlBy(side, { entries: [listing(delegate.certificate)] })], { candidates: all })).toBe('unknown CRL_ISSUER_NOT_AUTHORISED');
      const circular = newCa('C=CN,O=CRL Service', side, { kind: 'bare', extensions: [keyUsage('cRLSign'), points([full(uri1), crlIssuer(dn('C=CN,O=CRL Service'))])] });
      expect(await asks(named, [crlBy(circular, { extensions: [idp(full(uri1), INDIRECT)] })], { candidates: [circular.certificate, side.certificate] })).toBe('good');
    });
    it('a key the trust list states', async () => {
      const key = newKey('sm2');
      const name = dn('C=CN,O=CRL Service');
      const stated = issueCertificate({ subject: name, key });
      const crl = crlBy({ name, key }, { extensions: [idp(full(uri1), INDIRECT)] });
      expect(await asks(named, [crl], { candidates: [] })).toBe('unknown CRL_ISSUER_NOT_AUTHORISED');
      expect(await asks(named, [crl], { candidates: [], listCrlIssuers: [{ name: stated.subject, key: stated.spki.key }] })).toBe('good');
    });
    it('certificateIssuer in a CRL that is not indirect is not understood', async () => {
      expect(await verdict(path, [crlBy(ca, { entries: [listing(leaf, 1, { issuer: ca.name })] })])).toBe('unknown CRL_UNSUPPORTED');
    });
  });
});

describe('delta CRLs (suite section 4.15)', () => {
  const complete = (options = {}) => crlBy(ca, { number: 1, thisUpdate: AT - 2 * DAY, ...options });
  const delta = (options = {}) => deltaBy(ca, 1, 3, options);
  it('alone say nothing but what they list', async () => {
    expect(await verdict(path, [delta()])).toBe('unknown CRL_UNSUPPORTED');
    expect(await verdict(path, [delta({ entries: [listing(leaf, 1)] })])).toBe('revoked');
    expect(await verdict(path, [delta({ entries: [listing(leaf, 8)] })])).toBe('unknown CRL_UNSUPPORTED');
  });
  it.each([
    [undefined, undefined, 'good'],
    [1, undefined, 'revoked'],
    [undefined, 1, 'revoked'],
    [6, undefined, 'frozen'],
    [6, 8, 'good'],
    [6, 1, 'revoked'],
    [undefined, 8, 'good'],
    [undefined, 6, 'frozen'],
    [1, 8, 'revoked'], // for good is for good
  ])('complete %s, delta %s: %s', async (before, after, expected) => {
    const of = (reason: number | undefined) => (reason === undefined ? {} : { entries: [listing(leaf, reason)] });
    expect(await verdict(path, [complete(of(before)), delta(of(after))])).toBe(expected);
    expect(await verdict(path, [delta(of(after)), complete(of(before))])).toBe(expected);
  });
  it('bring a complete CRL up to date that is not', async () => {
    const old = complete({ nextUpdate: AT - DAY });
    expect(await verdict(path, [old])).toBe('unknown CRL_STALE');
    expect(await verdict(path, [old, delta()])).toBe('good');
    expect(await verdict(path, [old, delta({ nextUpdate: AT - 1000 })])).toBe('unknown CRL_STALE');
    const result = await ask(path, [old, delta()]);
    expect(result.evidence).toMatchObject([{ delta: true, number: '03' }, { number: '01' }]);
  });
  it('by number: the base no later than the complete CRL, the complete CRL before the delta', async () => {
    const held = (number: number) => crlBy(ca, { number, thisUpdate: AT - 2 * DAY, nextUpdate: AT - DAY });
    for (const [base, number, completeNumber, expected] of [
      [1, 3, 1, 'good'], [1, 3, 2, 'good'], [2, 3, 1, 'unknown CRL_STALE'], [1, 3, 3, 'unknown CRL_STALE'], [1, 300, 255, 'good'], [256, 300, 255, 'unknown CRL_STALE'],
    ] as const) {
      expect(await verdict(path, [held(completeNumber), deltaBy(ca, base, number)])).toBe(expected);
    }
  });
  it('of the same scope, issuer and key only', async () => {
    const held = complete({ entries: [listing(leaf, 6)] });
    const lifting = { entries: [listing(leaf, 8)] };
    expect(await verdict(path, [held, delta({ ...lifting, extensions: [idp(USERS)] })])).toBe('frozen');
    const scoped = complete({ entries: [listing(leaf, 6)], extensions: [idp(USERS)] });
    expect(await verdict(path, [scoped, delta({ ...lifting, extensions: [idp(USERS)] })])).toBe('good');
    expect(await verdict(path, [held, deltaBy({ name: ca.name, key: newKey('p256') }, 1, 3, lifting)])).toBe('frozen');
    const twin = newCa('C=CN,O=CA', root);
    expect(await verdict(path, [held, deltaBy(twin, 1, 3, lifting)], { candidates: [twin.certificate] })).toBe('frozen');
  });
  it('the newest of several', async () => {
    const held = complete({ entries: [listing(leaf, 6)] });
    const lifted = deltaBy(ca, 1, 3, { entries: [listing(leaf, 8)], thisUpdate: AT - DAY });
    const again = deltaBy(ca, 1, 4, { entries: [listing(leaf, 6)], thisUpdate: AT - 1000 });
    expect(await verdict(path, [held, lifted, again])).toBe('frozen');
    expect(await verdict(path, [held, again, deltaBy(ca, 1, 5, { entries: [listing(leaf, 8)], thisUpdate: AT })])).toBe('good');
  });
  it('out of date do not lift a hold', async () => {
    expect(await verdict(path, [complete({ entries: [listing(leaf, 6)] }), delta({ entries: [listing(leaf, 8)], nextUpdate: AT - 1000 })])).toBe('frozen');
  });
  it('without a number, or with entries not understood, are not used', async () => {
    const old = complete({ nextUpdate: AT - DAY });
    expect(await verdict(path, [old, delta({ entries: [{ serial: Uint8Array.of(9), extensions: [unknownCritical] }] })])).toBe('unknown CRL_STALE');
  });
});

describe('order and bounds', () => {
  it('the order of CRLs decides nothing', async () => {
    const all = [
      crlBy(ca, { entries: [listing(leaf, 6)], thisUpdate: AT - 3 * DAY }),
      crlBy(ca, { number: 2, thisUpdate: AT - 2 * DAY }),
      deltaBy(ca, 1, 3, { entries: [listing(leaf, 6)], thisUpdate: AT - DAY }),
      crlBy({ name: ca.name, key: newKey('p256') }, { entries: [listing(leaf, 1)] }),
    ];
    for (let turn = 0; turn < all.length; turn++) expect(await verdict(path, [...all.slice(turn), ...all.slice(0, turn)])).toBe('frozen');
  });
  it('forged CRLs and CRL issuers share the budget of signature checks', async () => {
    const spending = { signatureChecks: 0, steps: 0, nameComparisons: 0 };
    const budget = { ...DEFAULT_BUDGET, maxSignatureChecks: 20 };
    const signers = Array.from({ length: 12 }, () => newCa('C=CN,O=CA', undefined, { kind: 'bare', extensions: [keyUsage('cRLSign'), basicConstraints(true)] }));
    const forged = Array.from({ length: 12 }, (_, i) => crlBy({ name: ca.name, key: newKey('p256') }, { thisUpdate: AT - i * 1000 }));
    expect(await verdict(path, forged, { budget, spending, candidates: signers.map(({ certificate }) => certificate) })).toBe('unknown PATH_BUDGET_EXCEEDED');
    expect(spending.signatureChecks).toBe(20);
  });
  it('entries that are none make a CRL unusable, not an exception', async () => {
    const bytes = crlBy(ca, { entries: [listing(leaf, 1)] }).bytes.slice();
    const at = bytes.findIndex((_, i) => leaf.serialNumber.every((octet, j) => bytes[i + j] === octet));
    bytes[at - 2] = 0x04;
    expect(await verdict(path, [parseCertificateList(bytes)])).toBe('unknown CRL_UNSUPPORTED');
  });
  it('an empty point name is refused by the parser, not followed', async () => {
    const broken = newLeaf(ca, { extensions: [points([explicit(0, implicitConstructed(1))])] });
    await expect(pathOf(broken, [ca], root).then((own) => verdict(own, [crlBy(ca, { extensions: [idp(relative('x'))] })]))).resolves.toBe('unknown CRL_UNSUPPORTED');
  });
});
