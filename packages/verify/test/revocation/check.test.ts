import { beforeAll, describe, expect, it } from 'vitest';
import { boolean, explicit, implicitConstructed, implicitPrimitive, integer, nullValue, octetString, parseCertificateList, sequence, utf8String, oid, type Certificate, type CertificateList } from '@hefu/pki';
import { DEFAULT_BUDGET } from '../../src/path/budget.js';
import type { ValidPath } from '../../src/path/model.js';
import { checkRevocation, revocationSubjects, type CheckRevocationOptions } from '../../src/revocation/check.js';
import { createCrlCache } from '../../src/revocation/crl-cache.js';
import type { RevocationResult } from '../../src/report.js';
import {
  ALGORITHMS, anchorOf, AT, basicConstraints, build, crlPoint, DAY, directory, dn, extension, issueCertificate, issueCrl, keyUsage, newCa, newKey, newLeaf, uri,
  type IssueCrlOptions, type TestCa,
} from '../path/issue.js';

const root = newCa('O=Root');
const ca = newCa('O=CA', root);
const POINT = 'http://ca.example/full.crl';
const leaf = newLeaf(ca, { extensions: [crlPoint(uri(POINT))] });
const stranger = newLeaf(ca); // someone else's certificate
let path: ValidPath;

beforeAll(async () => {
  path = (await build(leaf, [ca.certificate], [anchorOf(root.certificate)])).accepted!;
});

const FRESHNESS = { grace: 0, clockSkew: 0 };

async function ask(crls: readonly (CertificateList | { crl: CertificateList; url: string })[], options: Partial<CheckRevocationOptions> = {}): Promise<RevocationResult> {
  const collected = crls.map((crl) => ('crl' in crl ? crl : { crl }));
  return checkRevocation({ path, index: 0, crls: collected, at: AT, algorithms: ALGORITHMS, freshness: FRESHNESS, ...options });
}

const answer = async (...args: Parameters<typeof ask>): Promise<string> => {
  const { status, code } = await ask(...args);
  return code === undefined ? status : `${status} ${code}`;
};

const crl = (options: Partial<IssueCrlOptions> = {}): CertificateList => issueCrl({ issuer: ca, ...options });
const listing = (certificate: Certificate, reason?: number, date?: number) => ({
  serial: certificate.serialNumber,
  ...(reason === undefined ? {} : { reason }),
  ...(date === undefined ? {} : { date }),
});
const idp = (...fields: readonly Uint8Array[]): Uint8Array => extension('2.5.29.28', sequence(...fields), true);
const pointName = (...names: readonly Uint8Array[]): Uint8Array => explicit(0, implicitConstructed(0, ...names));
const flag = (n: number): Uint8Array => implicitPrimitive(n, Uint8Array.of(0xff));

describe('what a CRL says', () => {
  it('good: the newest CRL does not list it; the source is named', async () => {
    const result = await ask([{ crl: crl({ entries: [listing(stranger)], number: 7 }), url: POINT }]);
    expect(result).toMatchObject({
      certificate: 0,
      status: 'good',
      source: { kind: 'crl', url: POINT, thisUpdate: new Date(AT - DAY).toISOString(), nextUpdate: new Date(AT + DAY).toISOString(), number: '07' },
    });
    expect(result.code).toBeUndefined();
    expect(result.source!.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('good: an empty CRL', async () => {
    expect(await answer([crl()])).toBe('good');
  });

  it('revoked, with the date and the reason', async () => {
    const date = Date.UTC(2025, 3, 1);
    expect(await ask([crl({ entries: [listing(stranger), listing(leaf, 1, date)] })])).toMatchObject({
      status: 'revoked', code: 'CERTIFICATE_REVOKED', reason: 'keyCompromise', revokedAt: new Date(date).toISOString(),
    });
    expect(await ask([crl({ entries: [listing(leaf)] })])).toMatchObject({ status: 'revoked', reason: 'unspecified' });
  });

  it('revoked, even when the date lies ahead: the judge compares it with the signature', async () => {
    expect(await ask([crl({ entries: [listing(leaf, 4, AT + 5 * DAY)] })])).toMatchObject({ status: 'revoked', revokedAt: new Date(AT + 5 * DAY).toISOString() });
  });

  it('a CA certificate is asked after with its own code', async () => {
    const arl = issueCrl({ issuer: root, entries: [listing(ca.certificate, 2)] });
    expect(await answer([arl], { index: 1 })).toBe('revoked CA_CERTIFICATE_REVOKED');
    expect(await answer([issueCrl({ issuer: root })], { index: 1 })).toBe('good');
    expect(await answer([arl])).toBe('unknown CRL_NOT_AVAILABLE'); // the root's CRL says nothing of the leaf
  });

  it('frozen while the newest says so', async () => {
    const hold = crl({ entries: [listing(leaf, 6)], thisUpdate: AT - 2 * DAY });
    const lifted = crl({ thisUpdate: AT - DAY });
    expect(await answer([hold])).toBe('frozen CERTIFICATE_FROZEN');
    expect(await answer([hold, lifted])).toBe('good');
    expect(await answer([crl({ thisUpdate: AT - 3 * DAY }), hold])).toBe('frozen CERTIFICATE_FROZEN');
    // Nothing newer lifts it, though it is stale: by itself, and beside an older one that is still fresh.
    const staleHold = crl({ entries: [listing(leaf, 6)], thisUpdate: AT - 2 * DAY, nextUpdate: AT - DAY });
    expect(await answer([staleHold])).toBe('frozen CERTIFICATE_FROZEN');
    expect(await answer([staleHold, crl({ thisUpdate: AT - 3 * DAY })])).toBe('frozen CERTIFICATE_FROZEN');
  });

  it('revoked once, revoked in every newer view', async () => {
    const old = crl({ entries: [listing(leaf, 1, AT - 20 * DAY)], thisUpdate: AT - 9 * DAY, nextUpdate: AT - 8 * DAY });
    expect(await answer([old, crl()])).toBe('revoked CERTIFICATE_REVOKED');
    expect(await answer([crl(), old])).toBe('revoked CERTIFICATE_REVOKED');
    expect((await ask([old, crl({ entries: [listing(leaf, 1, AT - 3 * DAY)] })])).revokedAt).toBe(new Date(AT - 20 * DAY).toISOString());
  });

  it('of two entries the graver counts, in either order', async () => {
    expect(await answer([crl({ entries: [listing(leaf, 1), listing(leaf, 6)] })])).toBe('revoked CERTIFICATE_REVOKED');
    expect(await answer([crl({ entries: [listing(leaf, 6), listing(leaf, 1)] })])).toBe('revoked CERTIFICATE_REVOKED');
  });

  it('removeFromCRL in a complete CRL is no answer', async () => {
    expect(await answer([crl({ entries: [listing(leaf, 8)] })])).toBe('unknown CRL_UNSUPPORTED');
  });

  it('compares serial numbers as numbers', async () => {
    const padded = newLeaf(ca, { serial: Uint8Array.of(0x80, 1) }); // written 00 80 01
    const own = { ...path, certificates: [padded, ...path.certificates.slice(1)] };
    expect(await answer([crl({ entries: [{ serial: Uint8Array.of(0x80, 1) }] })], { path: own })).toBe('revoked CERTIFICATE_REVOKED');
    expect(await answer([crl({ entries: [{ serial: Uint8Array.of(1) }] })], { path: own })).toBe('good');
  });
});

describe('dates', () => {
  it.each([
    [{ thisUpdate: AT, nextUpdate: AT }, {}, 'good'],
    [{ thisUpdate: AT + 1000, nextUpdate: AT + DAY }, {}, 'unknown CRL_NOT_YET_VALID'],
    [{ thisUpdate: AT + 1000, nextUpdate: AT + DAY }, { clockSkew: 1000 }, 'good'],
    [{ nextUpdate: AT - 1000 }, {}, 'unknown CRL_STALE'],
    [{ nextUpdate: AT - 1000 }, { grace: 999 }, 'unknown CRL_STALE'],
    [{ thisUpdate: AT - DAY }, { maxAge: DAY }, 'good'],
    [{ thisUpdate: AT - DAY }, { maxAge: DAY - 1 }, 'unknown CRL_STALE'],
    [{ nextUpdate: null }, {}, 'unknown CRL_STALE'],
    [{ nextUpdate: null }, { maxAge: DAY }, 'good'],
    [{ thisUpdate: AT - DAY, nextUpdate: AT - 2 * DAY }, { grace: 9 * DAY }, 'unknown CRL_STALE'],
  ])('%o under %o: %s', async (dates, freshness, expected) => {
    expect(await answer([crl(dates)], { freshness: { ...FRESHNESS, ...freshness } })).toBe(expected);
  });

  it('in grace is said', async () => {
    const result = await ask([crl({ nextUpdate: AT - 1000 })], { freshness: { grace: 1000, clockSkew: 0 } });
    expect(result).toMatchObject({ status: 'good', inGrace: true });
    expect((await ask([crl()])).inGrace).toBeUndefined();
  });

  it('takes the newest usable of several', async () => {
    const newest = { crl: crl({ thisUpdate: AT - DAY, number: 9 }), url: 'newest' };
    const older = { crl: crl({ thisUpdate: AT - 2 * DAY, number: 8 }), url: 'older' };
    const future = { crl: crl({ thisUpdate: AT + DAY, nextUpdate: AT + 2 * DAY, number: 10 }), url: 'future' };
    for (const order of [[newest, older, future], [future, older, newest], [older, newest]]) expect((await ask(order)).source?.url).toBe('newest');
    expect((await ask([future, older])).source?.url).toBe('older');
  });

  it('of a CRL from the future count for nothing, listed or not', async () => {
    expect(await answer([crl({ thisUpdate: AT + DAY, nextUpdate: AT + 2 * DAY, entries: [listing(leaf, 1)] })])).toBe('unknown CRL_NOT_YET_VALID');
  });

  it('must be numbers', async () => {
    await expect(ask([crl()], { at: Number.NaN })).rejects.toThrow(TypeError);
    await expect(ask([crl()], { freshness: { grace: Number.POSITIVE_INFINITY, clockSkew: 0 } })).rejects.toThrow(TypeError);
  });
});

describe('who signed it', () => {
  const sameName = newCa('O=CA', root); // another key of the same CA, under the same root
  const theirs = (options: Partial<IssueCrlOptions> = {}) => issueCrl({ issuer: sameName, ...options });

  it('nobody: no CRL of the issuer', async () => {
    expect(await answer([])).toBe('unknown CRL_NOT_AVAILABLE');
    expect(await answer([issueCrl({ issuer: newCa('O=Other') })])).toBe('unknown CRL_NOT_AVAILABLE');
  });

  it('another key of the same name, known by no certificate, does not count, whether it says good or revoked', async () => {
    const imposter = { name: ca.name, key: newKey('p256') };
    expect(await answer([issueCrl({ issuer: imposter })])).toBe('unknown CRL_SIGNATURE_INVALID');
    expect(await answer([issueCrl({ issuer: imposter, entries: [listing(leaf, 1)] })])).toBe('unknown CRL_SIGNATURE_INVALID');
    expect(await answer([issueCrl({ issuer: imposter, entries: [listing(leaf, 1)] }), crl()])).toBe('good');
    const named = extension('2.5.29.35', sequence(implicitPrimitive(0, Uint8Array.of(1, 2))));
    expect(await answer([issueCrl({ issuer: imposter, extensions: [named] })])).toBe('unknown CRL_ISSUER_NOT_AUTHORISED');
  });

  it('an altered CRL does not count', async () => {
    const bytes = crl({ entries: [listing(stranger)] }).bytes.slice();
    expect(await answer([parseCertificateList(bytes)])).toBe('good');
    const at = bytes.findIndex((_, i) => stranger.serialNumber.every((octet, j) => bytes[i + j] === octet));
    bytes[at + 3]! ^= 1;
    expect(await answer([parseCertificateList(bytes)])).toBe('unknown CRL_SIGNATURE_INVALID');
  });

  it('another key of the same CA counts when its certificate leads to the same anchor', async () => {
    expect(await answer([theirs()])).toBe('unknown CRL_SIGNATURE_INVALID');
    expect(await answer([theirs()], { candidates: [sameName.certificate] })).toBe('good');
    expect(await answer([theirs({ entries: [listing(leaf, 1)] })], { candidates: [sameName.certificate] })).toBe('revoked CERTIFICATE_REVOKED');
    const foreign = newCa('O=CA', newCa('O=Elsewhere'));
    expect(await answer([issueCrl({ issuer: foreign })], { candidates: [foreign.certificate] })).toBe('unknown CRL_ISSUER_NOT_AUTHORISED');
  });

  it('such a key must be meant for CRLs, in force when it signed, and not revoked itself', async () => {
    const made = async (options: Parameters<typeof newCa>[2], crls: (issuer: TestCa) => CertificateList[]) => {
      const signer = newCa('O=CA', root, options);
      return answer(crls(signer), { candidates: [signer.certificate] });
    };
    const one = (issuer: TestCa) => [issueCrl({ issuer })];
    expect(await made({ kind: 'bare', extensions: [keyUsage('cRLSign')] }, one)).toBe('good'); // a CRL signer that is no CA
    expect(await made({ kind: 'bare', extensions: [basicConstraints(true)] }, one)).toBe('good');
    expect(await made({ kind: 'bare', extensions: [keyUsage('keyCertSign'), basicConstraints(true)] }, one)).toBe('unknown CRL_SIGNATURE_INVALID');
    expect(await made({ kind: 'bare' }, one)).toBe('unknown CRL_SIGNATURE_INVALID'); // a holder with the CA's name
    expect(await made({ notAfter: AT - 2 * DAY }, one)).toBe('unknown CRL_ISSUER_NOT_AUTHORISED');
    expect(await made({ notAfter: AT - DAY + 1000 }, one)).toBe('good');
    const revoking = (issuer: TestCa) => [issueCrl({ issuer }), issueCrl({ issuer: root, entries: [listing(issuer.certificate, 1)] })];
    expect(await made({}, revoking)).toBe('unknown CRL_ISSUER_NOT_AUTHORISED');
    expect(await made({}, (issuer) => [issueCrl({ issuer }), issueCrl({ issuer: root })])).toBe('good');
  });

  it('a key the trust list states counts', async () => {
    const signer = newKey('sm2');
    const issued = issueCrl({ issuer: { name: ca.name, key: signer } });
    const key = issueCertificate({ subject: ca.name, key: signer }).spki.key;
    expect(await answer([issued])).toBe('unknown CRL_SIGNATURE_INVALID');
    expect(await answer([issued], { listCrlIssuers: [{ name: leaf.issuer, key }] })).toBe('good');
    expect(await answer([issued], { listCrlIssuers: [{ name: root.certificate.subject, key }] })).toBe('unknown CRL_SIGNATURE_INVALID');
  });

  it('the CA itself must be allowed to, where its keyUsage says what it may', async () => {
    const without = newCa('O=Mute CA', root, { kind: 'bare', extensions: [basicConstraints(true), keyUsage('keyCertSign')] });
    const silent = newCa('O=Silent CA', root, { kind: 'bare', extensions: [basicConstraints(true)] });
    for (const [issuer, expected] of [[without, 'unknown CRL_ISSUER_NOT_AUTHORISED'], [silent, 'good']] as const) {
      const own = (await build(newLeaf(issuer), [issuer.certificate], [anchorOf(root.certificate)])).accepted!;
      expect(await answer([issueCrl({ issuer })], { path: own })).toBe(expected);
    }
  });

  it('an issuer name in another string type is the same issuer', async () => {
    expect(await answer([issueCrl({ issuer: { name: dn('O=ca'), key: ca.key } })])).toBe('good');
  });

  it('inner and outer algorithm must agree, and be accepted', async () => {
    expect(await answer([crl({ outerAlgorithm: sequence(oid('1.2.840.10045.4.3.2'), nullValue()) })])).toBe('unknown CRL_SIGNATURE_INVALID');
    const narrow = { ...ALGORITHMS, signatures: ALGORITHMS.signatures.filter(({ name }) => name !== 'ECDSA-SHA-256') };
    expect(await answer([crl()], { algorithms: narrow })).toBe('unknown CRL_UNSUPPORTED');
  });

  it('a CRL the anchor signed itself', async () => {
    const direct = (await build(newLeaf(root), [], [anchorOf(root.certificate)])).accepted!;
    expect(await answer([issueCrl({ issuer: root })], { path: direct })).toBe('good');
    const { certificate: _dropped, ...bare } = anchorOf(root.certificate);
    const unstated = (await build(newLeaf(root), [], [bare])).accepted!;
    expect(await answer([issueCrl({ issuer: root })], { path: unstated })).toBe('good');
  });
});

describe('scope (RFC 5280 §5.2.5)', () => {
  const name = pointName(uri(POINT));
  it.each([
    ['no name', [], 'good'],
    ['the certificate’s point', [name], 'good'],
    ['one of two names', [pointName(uri('ldap://x'), uri(POINT))], 'good'],
    ['another point', [pointName(uri('http://ca.example/part2.crl'))], 'unknown CRL_OUT_OF_SCOPE'],
    ['user certificates', [flag(1)], 'good'],
    ['CA certificates', [flag(2)], 'unknown CRL_OUT_OF_SCOPE'],
    ['attribute certificates', [flag(5)], 'unknown CRL_OUT_OF_SCOPE'],
    ['some reasons', [implicitPrimitive(3, Uint8Array.of(6, 0x40))], 'unknown CRL_OUT_OF_SCOPE'],
    ['indirect', [flag(4)], 'good'],
    ['two kinds at once', [flag(1), flag(2)], 'unknown CRL_UNSUPPORTED'],
  ])('%s', async (_what, fields, expected) => {
    expect(await answer([crl({ extensions: [idp(...fields)] })])).toBe(expected);
  });

  it('of CA certificates fits a CA certificate', async () => {
    expect(await answer([issueCrl({ issuer: root, extensions: [idp(flag(2))] })], { index: 1 })).toBe('good');
    expect(await answer([issueCrl({ issuer: root, extensions: [idp(flag(1))] })], { index: 1 })).toBe('unknown CRL_OUT_OF_SCOPE');
  });

  it('a certificate without points is served from its issuer’s entry only', async () => {
    const own = (await build(newLeaf(ca), [ca.certificate], [anchorOf(root.certificate)])).accepted!;
    expect(await answer([crl()], { path: own })).toBe('good');
    expect(await answer([crl({ extensions: [idp(name)] })], { path: own })).toBe('unknown CRL_OUT_OF_SCOPE');
    expect(await answer([crl({ extensions: [idp(pointName(directory(ca.name)))] })], { path: own })).toBe('good');
  });

  it('a relative name matches its like', async () => {
    const rdn = (value: string) => implicitConstructed(1, sequence(oid('2.5.4.3'), utf8String(value)));
    const point = extension('2.5.29.31', sequence(sequence(explicit(0, rdn('crl1')))));
    const own = (await build(newLeaf(ca, { extensions: [point] }), [ca.certificate], [anchorOf(root.certificate)])).accepted!;
    expect(await answer([crl({ extensions: [idp(explicit(0, rdn('crl1')))] })], { path: own })).toBe('good');
    expect(await answer([crl({ extensions: [idp(explicit(0, rdn('crl2')))] })], { path: own })).toBe('unknown CRL_OUT_OF_SCOPE');
  });

  it('a point for some reasons, or of another issuer, is not completed by this CRL', async () => {
    const withPoint = async (...fields: readonly Uint8Array[]) => {
      const point = extension('2.5.29.31', sequence(sequence(name, ...fields)));
      const own = (await build(newLeaf(ca, { extensions: [point] }), [ca.certificate], [anchorOf(root.certificate)])).accepted!;
      return answer([crl({ extensions: [idp(name)] })], { path: own });
    };
    expect(await withPoint()).toBe('good');
    expect(await withPoint(implicitPrimitive(1, Uint8Array.of(6, 0x40)))).toBe('unknown CRL_OUT_OF_SCOPE');
    expect(await withPoint(implicitConstructed(2, directory(ca.name)))).toBe('good');
    expect(await withPoint(implicitConstructed(2, directory(dn('O=Other'))))).toBe('unknown CRL_OUT_OF_SCOPE');
  });

  it('does not silence a CRL that lists the certificate', async () => {
    expect(await answer([crl({ extensions: [idp(flag(2))], entries: [listing(leaf, 1)] }), crl()])).toBe('revoked CERTIFICATE_REVOKED');
  });
});

describe('what is not understood', () => {
  const unknown = (critical: boolean) => extension('1.2.3.4', nullValue(), critical);
  it('in the CRL', async () => {
    expect(await answer([crl({ extensions: [unknown(false)] })])).toBe('good');
    expect(await answer([crl({ extensions: [unknown(true)] })])).toBe('unknown CRL_UNSUPPORTED');
    expect(await answer([crl({ extensions: [unknown(false), unknown(false)] })])).toBe('unknown CRL_UNSUPPORTED'); // twice
  });
  it('in an entry, be it another certificate’s (§5.3)', async () => {
    const entry = (serial: Uint8Array, critical: boolean) => ({ serial, extensions: [unknown(critical)] });
    expect(await answer([crl({ entries: [entry(stranger.serialNumber, false)] })])).toBe('good');
    expect(await answer([crl({ entries: [entry(stranger.serialNumber, true)] })])).toBe('unknown CRL_UNSUPPORTED');
    expect(await answer([crl({ entries: [entry(leaf.serialNumber, true)] })])).toBe('unknown CRL_UNSUPPORTED');
    expect(await answer([crl({ entries: [entry(leaf.serialNumber, false)] })])).toBe('revoked CERTIFICATE_REVOKED');
    const issuer = { serial: stranger.serialNumber, extensions: [extension('2.5.29.29', sequence(directory(dn('O=Other'))), true)] };
    expect(await answer([crl({ entries: [issuer] })])).toBe('unknown CRL_UNSUPPORTED');
  });
  it('delta CRLs', async () => {
    expect(await answer([crl({ extensions: [extension('2.5.29.27', integer(1), true)] })])).toBe('unknown CRL_UNSUPPORTED');
    expect(await answer([crl({ extensions: [extension('2.5.29.27', integer(1))] })])).toBe('unknown CRL_UNSUPPORTED');
  });
  it('a malformed extension', async () => {
    expect(await answer([crl({ extensions: [extension('2.5.29.28', octetString(new Uint8Array(1)), true)] })])).toBe('unknown CRL_UNSUPPORTED');
    expect(await answer([crl({ extensions: [idp(boolean(true))] })])).toBe('unknown CRL_UNSUPPORTED');
    // Whether it is a delta cannot be told; a cRLNumber beside it makes it no more readable.
    for (const critical of [true, false]) expect(await answer([crl({ extensions: [extension('2.5.29.27', Uint8Array.of(2, 5, 1), critical)] })])).toBe('unknown CRL_UNSUPPORTED');
    expect(await answer([crl({ extensions: [extension('2.5.29.27', Uint8Array.of(2, 5, 1))] }), crl()])).toBe('good');
  });
  it('version 1 without extensions is read, with extensions it is not', async () => {
    expect(await answer([crl({ version: 1 })])).toBe('good');
    expect(await answer([crl({ version: 1, extensions: [unknown(false)] })])).toBe('unknown CRL_UNSUPPORTED');
  });
  it('beside a good one does no harm', async () => {
    expect(await answer([crl({ extensions: [unknown(true)], thisUpdate: AT - 1000 }), crl()])).toBe('good');
  });
});

describe('bounds', () => {
  it('the budget', async () => {
    const budget = { ...DEFAULT_BUDGET, maxSignatureChecks: 1 };
    const imposters = [1, 2].map((hour) => issueCrl({ issuer: { name: ca.name, key: newKey('p256') }, thisUpdate: AT - hour * 1000 }));
    expect(await answer([imposters[0]!], { budget })).toBe('unknown CRL_SIGNATURE_INVALID');
    expect(await answer(imposters, { budget })).toBe('unknown PATH_BUDGET_EXCEEDED');
    const spending = { signatureChecks: 0, steps: 0, nameComparisons: 0 };
    expect(await answer([crl()], { spending })).toBe('good');
    expect(spending.signatureChecks).toBe(1);
  });

  it('what was learnt about a CRL is used again, and its freshness judged anew', async () => {
    const cache = createCrlCache();
    const spending = { signatureChecks: 0, steps: 0, nameComparisons: 0 };
    const one = crl();
    expect(await answer([one], { cache, spending })).toBe('good');
    expect(await answer([one], { cache, spending })).toBe('good');
    expect(spending.signatureChecks).toBe(1);
    expect(await answer([one], { cache, spending, at: AT + 2 * DAY })).toBe('unknown CRL_STALE');
    const imposter = issueCrl({ issuer: { name: ca.name, key: newKey('p256') } });
    for (let i = 0; i < 2; i++) expect(await answer([imposter], { cache, spending })).toBe('unknown CRL_SIGNATURE_INVALID');
    expect(spending.signatureChecks).toBe(2);
  });

  it('20,000 entries', async () => {
    const entries = Array.from({ length: 20_000 }, (_, i) => ({ serial: Uint8Array.of(1, i >> 16, (i >> 8) & 0xff, i & 0xff), reason: 4 }));
    const big = crl({ entries });
    expect(await answer([big])).toBe('good');
    const last = newLeaf(ca, { serial: entries.at(-1)!.serial });
    const own = { ...path, certificates: [last, ...path.certificates.slice(1)] };
    expect(await ask([big], { path: own })).toMatchObject({ status: 'revoked', reason: 'superseded' });
  });

  it('never the anchor, nor beyond', async () => {
    expect(revocationSubjects(path)).toEqual([0, 1]);
    await expect(ask([], { index: 2 })).rejects.toThrow(TypeError);
    await expect(ask([], { index: -1 })).rejects.toThrow(TypeError);
    const pinned = (await build(leaf, [], [anchorOf(leaf)])).accepted!;
    expect(revocationSubjects(pinned)).toEqual([]);
    const { certificate: _dropped, ...bare } = anchorOf(ca.certificate);
    expect(revocationSubjects((await build(leaf, [], [bare])).accepted!)).toEqual([0]);
  });
});
