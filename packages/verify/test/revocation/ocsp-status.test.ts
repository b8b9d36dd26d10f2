import { describe, expect, it } from 'vitest';
import { enumerated, nullValue, oid, parseOcspResponse, sequence, type Certificate, type OcspResponse } from '@hefu/pki';
import type { CollectedOcsp } from '../../src/evidence.js';
import { DEFAULT_BUDGET } from '../../src/path/budget.js';
import { createOcspCache } from '../../src/revocation/ocsp-cache.js';
import { checkRevocation } from '../../src/revocation/check.js';
import { ALGORITHMS, anchorOf, AT, DAY, dn, extension, keyUsage, newCa, newKey, newLeaf, type CaOptions, type TestCa } from '../path/issue.js';
import { HOUR, respond, type RespondOptions, type Said } from './ocsp-response.js';
import { crlBy, listing, pathOf, verdict } from './world.js';

const iso = (at: number): string => new Date(at).toISOString();
const root = newCa('C=CN,O=Root');
const ca = newCa('C=CN,O=CA', root);
const leaf = newLeaf(ca);
const stranger = newLeaf(ca);
const path = await pathOf(leaf, [ca], root);

const eku = (...purposes: readonly string[]) => extension('2.5.29.37', sequence(...purposes.map((purpose) => oid(purpose))));
const OCSP_SIGNING = eku('1.3.6.1.5.5.7.3.9');
const NOCHECK = extension('1.3.6.1.5.5.7.48.1.5', nullValue());
const delegate = (parent: TestCa, options: CaOptions = {}) => newCa('C=CN,O=CA,CN=OCSP', parent, { kind: 'leaf', extensions: [OCSP_SIGNING, NOCHECK], ...options });

const said = (says: Partial<Said> = {}, options: Partial<RespondOptions> = {}): OcspResponse => respond({ issuer: ca, signer: ca, says: [{ about: leaf, ...says }], ...options });
const asks = (responses: readonly (OcspResponse | CollectedOcsp)[], options: Parameters<typeof verdict>[2] = {}, crls: Parameters<typeof verdict>[1] = []) =>
  verdict(path, crls, { sources: 'ocsp-first', ocsp: responses.map((one) => ('response' in one ? one : { response: one })), ...options });

describe('what a response says', () => {
  it('good, revoked, on hold, unknown', async () => {
    expect(await asks([said()])).toBe('good');
    expect(await asks([said({ status: 'revoked' })])).toBe('revoked');
    expect(await asks([said({ status: 1 })])).toBe('revoked');
    expect(await asks([said({ status: 6 })])).toBe('frozen');
    expect(await asks([said({ status: 8 })])).toBe('unknown OCSP_UNSUPPORTED');
    expect(await asks([said({ status: 'unknown' })])).toBe('unknown OCSP_STATUS_UNKNOWN');
  });
  it('the source is named', async () => {
    const result = await checkRevocation({ path, index: 0, crls: [], ocsp: [{ response: said({ status: 1, date: AT - DAY }), url: 'http://ocsp' }], at: AT, algorithms: ALGORITHMS, freshness: { grace: 0, clockSkew: 0 } });
    expect(result).toMatchObject({
      status: 'revoked', code: 'CERTIFICATE_REVOKED', reason: 'keyCompromise', revokedAt: new Date(AT - DAY).toISOString(),
      source: { kind: 'ocsp', url: 'http://ocsp', thisUpdate: new Date(AT - HOUR).toISOString(), nextUpdate: new Date(AT + HOUR).toISOString() },
    });
    expect(result.source!.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(result.source!.signedBy).toBeUndefined();
  });
  it('an error is no answer', async () => {
    for (const status of [1, 2, 3, 5, 6]) expect(await asks([parseOcspResponse(sequence(enumerated(status)))])).toBe('unknown OCSP_REFUSED');
    expect(await asks([parseOcspResponse(sequence(enumerated(3))), said()])).toBe('good');
  });
  it('about another certificate says nothing', async () => {
    expect(await asks([said({ about: stranger, status: 1 })])).toBe('unknown OCSP_NOT_AVAILABLE');
    expect(await asks([respond({ issuer: ca, signer: ca, says: [{ about: stranger, status: 1 }, { about: leaf }] })])).toBe('good');
    expect(await asks([respond({ issuer: ca, signer: ca, says: [{ about: stranger }, { about: leaf, status: 1 }] })])).toBe('revoked');
  });
  it('about a CA certificate', async () => {
    const about = respond({ issuer: root, signer: root, says: [{ about: ca.certificate, status: 2 }] });
    expect(await asks([about], { index: 1 })).toBe('revoked');
    expect(await asks([about])).toBe('unknown OCSP_NOT_AVAILABLE');
  });
});

describe('which certificate is meant (RFC 6960 §4.1.1)', () => {
  it('by any digest at hand', async () => {
    for (const hash of ['SHA-1', 'SHA-256', 'SHA-384', 'SM3']) expect(await asks([said({ hash })])).toBe('good');
  });
  it('name, key and serial number all count', async () => {
    const twin = newCa('C=CN,O=CA', root); // the same name, another key
    expect(await asks([respond({ issuer: twin, signer: ca, says: [{ about: leaf }] })])).toBe('unknown OCSP_NOT_AVAILABLE');
    const sameSerial = newLeaf(newCa('C=CN,O=Other', root, { key: ca.key }), { serial: leaf.serialNumber });
    expect(await asks([said({ about: sameSerial })])).toBe('unknown OCSP_NOT_AVAILABLE');
  });
  it('an anchor known by name and key alone', async () => {
    const { certificate: _dropped, ...bare } = anchorOf(ca.certificate);
    const own = await pathOf(leaf, [], ca, bare);
    const options = { sources: 'ocsp-first' as const, ocsp: [{ response: said() }] };
    expect(await verdict(own, [], options)).toBe('good');
  });
});

describe('who may answer (§4.2.2.2)', () => {
  it('the issuer, by name or by key', async () => {
    expect(await asks([said({}, { by: 'name' })])).toBe('good');
    expect(await asks([said({}, { by: 'key' })])).toBe('good');
  });
  it('nobody who merely says so', async () => {
    const imposter = { name: ca.name, key: newKey('p256') };
    for (const status of ['good', 'revoked', 6] as const) expect(await asks([said({ status }, { signer: imposter })])).toBe('unknown OCSP_SIGNATURE_INVALID');
    expect(await asks([said({}, { signer: imposter, by: 'key' })])).toBe('unknown OCSP_RESPONDER_NOT_AUTHORISED');
    expect(await asks([said({}, { signer: { name: dn('O=Somebody'), key: ca.key } })])).toBe('unknown OCSP_RESPONDER_NOT_AUTHORISED');
    expect(await asks([said({}, { signer: root })])).toBe('unknown OCSP_RESPONDER_NOT_AUTHORISED'); // the CA above is not the issuer
  });
  it('an altered signature', async () => {
    const alter = (signature: Uint8Array) => signature.map((octet, i) => (i === signature.length - 1 ? octet ^ 1 : octet));
    expect(await asks([said({}, { alter })])).toBe('unknown OCSP_SIGNATURE_INVALID');
  });
  it('a delegate of the issuer, its certificate in the response or at hand', async () => {
    const signer = delegate(ca);
    for (const by of ['name', 'key'] as const) {
      expect(await asks([said({}, { signer, by, certificates: [signer.certificate] })])).toBe('good');
      expect(await asks([said({}, { signer, by })])).toBe('unknown OCSP_RESPONDER_NOT_AUTHORISED');
      expect(await asks([said({}, { signer, by })], { candidates: [signer.certificate] })).toBe('good');
    }
    expect(await asks([said({ status: 1 }, { signer, certificates: [signer.certificate] })])).toBe('revoked');
  });
  it.each<[string, () => TestCa]>([
    ['without the purpose', () => delegate(ca, { extensions: [NOCHECK] })],
    ['with any purpose', () => delegate(ca, { extensions: [eku('2.5.29.37.0'), NOCHECK] })],
    ['with another purpose', () => delegate(ca, { extensions: [eku('1.3.6.1.5.5.7.3.2'), NOCHECK] })],
    ['of the CA above', () => delegate(root)],
    ['of another CA', () => delegate(newCa('C=CN,O=Other', root))],
    ['of another key under the CA’s name', () => delegate(newCa('C=CN,O=CA', root))],
    ['of a CA below', () => delegate(newCa('C=CN,O=Sub', ca))],
    ['expired', () => delegate(ca, { notAfter: AT - DAY })],
    ['not yet valid', () => delegate(ca, { notBefore: AT + DAY })],
    ['for encryption', () => delegate(ca, { kind: 'bare', extensions: [OCSP_SIGNING, NOCHECK, keyUsage('keyEncipherment')] })],
    ['with a critical extension nobody knows', () => delegate(ca, { extensions: [OCSP_SIGNING, NOCHECK, extension('1.2.3.4', nullValue(), true)] })],
    ['altered', () => delegate(ca, { signature: (tbs, issuer) => { const value = issuer.sign(tbs); value[value.length - 1]! ^= 1; return value; } })],
    ['signed by itself', () => delegate(newCa('C=CN,O=CA', undefined))],
  ])('not a delegate %s', async (_what, make) => {
    const signer = make();
    const answer = await asks([said({}, { signer, certificates: [signer.certificate] })]);
    expect(answer).toBe('unknown OCSP_RESPONDER_NOT_AUTHORISED');
    expect(await asks([said({ status: 1 }, { signer, certificates: [signer.certificate] })])).toBe('unknown OCSP_RESPONDER_NOT_AUTHORISED');
  });
  it('a delegate without nocheck: known to be good, or short-lived (§4.2.2.2.1)', async () => {
    const long = delegate(ca, { extensions: [OCSP_SIGNING] });
    const by = (signer: TestCa) => said({}, { signer, certificates: [signer.certificate] });
    expect(await asks([by(long)])).toBe('unknown OCSP_RESPONDER_NOT_AUTHORISED');
    expect(await asks([by(long)], {}, [crlBy(ca)])).toBe('good');
    expect(await asks([by(long)], { sources: 'both' }, [crlBy(ca, { entries: [listing(long.certificate, 1)] })])).toBe('unknown OCSP_RESPONDER_NOT_AUTHORISED');
    const short = delegate(ca, { extensions: [OCSP_SIGNING], notBefore: AT - 10 * DAY, notAfter: AT + 20 * DAY });
    expect(await asks([by(short)])).toBe('good');
    expect(await asks([by(short)], { sources: 'both' }, [crlBy(ca, { entries: [listing(short.certificate, 1)] })])).toBe('unknown OCSP_RESPONDER_NOT_AUTHORISED');
  });
  it('a delegate with nocheck need not be looked up, but one known to be revoked is out', async () => {
    const signer = delegate(ca);
    const by = said({}, { signer, certificates: [signer.certificate] });
    expect(await asks([by], { sources: 'both' }, [crlBy(ca)])).toBe('good');
    expect(await asks([by], { sources: 'both' }, [crlBy(ca, { entries: [listing(signer.certificate, 1)] })])).toBe('unknown OCSP_RESPONDER_NOT_AUTHORISED');
  });
  it('a delegate’s certificate does not serve another key of its name', async () => {
    const signer = delegate(ca);
    const other = said({}, { signer: delegate(ca, { key: newKey('p256') }), certificates: [signer.certificate] });
    expect(await asks([other])).toBe('unknown OCSP_SIGNATURE_INVALID');
  });
  it('a responder the trust list states', async () => {
    const stated = newCa('O=Province OCSP', undefined, { kind: 'leaf' });
    const response = said({}, { signer: stated });
    expect(await asks([response])).toBe('unknown OCSP_RESPONDER_NOT_AUTHORISED');
    expect(await asks([response], { listResponders: [{ certificate: stated.certificate }] })).toBe('good');
    const expired = newCa('O=Province OCSP', undefined, { kind: 'leaf', notAfter: AT - DAY });
    expect(await asks([said({}, { signer: expired })], { listResponders: [{ certificate: expired.certificate }] })).toBe('unknown OCSP_RESPONDER_NOT_AUTHORISED');
    const sameName = { name: stated.name, key: newKey('p256') };
    expect(await asks([said({}, { signer: sameName })], { listResponders: [{ certificate: stated.certificate }] })).toBe('unknown OCSP_SIGNATURE_INVALID');
  });
  it.each(['sm2', 'rsa', 'p256'] as const)('with %s keys throughout', async (kindOfKey) => {
    const top = newCa('C=CN,O=Root', undefined, { kindOfKey });
    const issuer = newCa('C=CN,O=CA', top, { kindOfKey });
    const signer = delegate(issuer, { kindOfKey });
    const certificate = newLeaf(issuer);
    const own = await pathOf(certificate, [issuer], top);
    for (const [who, certificates] of [[issuer, []], [signer, [signer.certificate]]] as const) {
      for (const [status, expected] of [['good', 'good'], [1, 'revoked']] as const) {
        const response = respond({ issuer, signer: who, says: [{ about: certificate, status }], certificates });
        expect(await verdict(own, [], { sources: 'ocsp-first', ocsp: [{ response }] })).toBe(expected);
      }
    }
  });
});

describe('dates', () => {
  it.each([
    [{ thisUpdate: AT, nextUpdate: AT }, {}, 'good'],
    [{ nextUpdate: AT - 1000 }, {}, 'unknown OCSP_STALE'],
    [{ nextUpdate: AT - 1000 }, { grace: 1000 }, 'good'],
    [{ thisUpdate: AT + 1000 }, {}, 'unknown OCSP_NOT_YET_VALID'],
    [{ thisUpdate: AT + 1000 }, { clockSkew: 1000 }, 'good'],
    [{ nextUpdate: null }, {}, 'unknown OCSP_STALE'],
    [{ nextUpdate: null }, { maxAge: HOUR }, 'good'],
    [{ nextUpdate: null }, { maxAge: HOUR - 1 }, 'unknown OCSP_STALE'],
    [{ thisUpdate: AT - HOUR, nextUpdate: AT - 2 * HOUR }, { grace: DAY }, 'unknown OCSP_STALE'],
  ])('%o under %o: %s', async (dates, freshness, expected) => {
    expect(await asks([said(dates)], { ocspFreshness: { grace: 0, clockSkew: 0, ...freshness } })).toBe(expected);
  });
  it('produced in the future', async () => {
    expect(await asks([said({}, { producedAt: AT + 1000 })])).toBe('unknown OCSP_NOT_YET_VALID');
    expect(await asks([said({}, { producedAt: AT + 1000 })], { freshness: { grace: 0, clockSkew: 1000 } })).toBe('good');
    expect(await asks([said({ status: 1 }, { producedAt: AT + 1000 })])).toBe('unknown OCSP_NOT_YET_VALID');
  });
  it('stale, a revocation is still one; a hold only until something newer', async () => {
    const stale = { thisUpdate: AT - 3 * DAY, nextUpdate: AT - 2 * DAY };
    expect(await asks([said({ ...stale, status: 1 })])).toBe('revoked');
    expect(await asks([said({ ...stale, status: 1 }), said()])).toBe('revoked');
    expect(await asks([said({ ...stale, status: 6 }), said()])).toBe('good');
    expect(await asks([said({ ...stale, status: 6 })])).toBe('frozen');
    expect(await asks([said(), said({ status: 6, thisUpdate: AT })])).toBe('frozen');
  });
});

describe('nonce', () => {
  const sent = Uint8Array.of(1, 2, 3);
  const with_ = (nonce: Uint8Array | undefined, required?: boolean): CollectedOcsp => ({
    response: said({}, nonce === undefined ? {} : { nonce }),
    nonce: { sent, ...(required === undefined ? {} : { required }) },
  });
  it('comes back as sent', async () => {
    expect(await asks([with_(sent)])).toBe('good');
    expect(await asks([with_(Uint8Array.of(1, 2, 4))])).toBe('unknown OCSP_NONCE_MISMATCH');
    expect(await asks([with_(undefined)])).toBe('good');
    expect(await asks([with_(undefined, true)])).toBe('unknown OCSP_NONCE_MISMATCH');
    expect(await asks([said({}, { nonce: sent })])).toBe('good'); // none was sent
  });
});

describe('what is not understood', () => {
  const unknown = (critical: boolean) => extension('1.2.3.4', nullValue(), critical);
  it('critical extensions, of the response and of the answer', async () => {
    expect(await asks([said({}, { extensions: [unknown(false)] })])).toBe('good');
    expect(await asks([said({}, { extensions: [unknown(true)] })])).toBe('unknown OCSP_UNSUPPORTED');
    expect(await asks([said({ extensions: [unknown(true)] })])).toBe('unknown OCSP_UNSUPPORTED');
    expect(await asks([said({}, { extensions: [unknown(false), unknown(false)] })])).toBe('unknown OCSP_UNSUPPORTED');
  });
});

describe('together with CRLs', () => {
  const good = crlBy(ca);
  const revoked = crlBy(ca, { entries: [listing(leaf, 1)] });
  const none = (sources: 'crl-only' | 'ocsp-first' | 'crl-first' | 'both') => ({ sources });
  it.each([
    ['crl-only', [], [good], 'good'],
    ['crl-only', ['good'], [], 'unknown CRL_NOT_AVAILABLE'],
    ['crl-only', [1], [good], 'good'], // OCSP is not listened to
    ['ocsp-first', ['good'], [], 'good'],
    ['ocsp-first', [], [good], 'good'],
    ['ocsp-first', ['unknown'], [good], 'good'],
    ['ocsp-first', ['good'], [revoked], 'revoked'],
    ['ocsp-first', [1], [good], 'revoked'],
    ['ocsp-first', [], [], 'unknown OCSP_NOT_AVAILABLE'],
    ['ocsp-first', ['unknown'], [], 'unknown OCSP_STATUS_UNKNOWN'],
    ['crl-first', ['good'], [], 'good'],
    ['crl-first', [], [good], 'good'],
    ['crl-first', [], [], 'unknown CRL_NOT_AVAILABLE'],
    ['crl-first', ['unknown'], [], 'unknown OCSP_STATUS_UNKNOWN'],
    ['both', ['good'], [good], 'good'],
    ['both', ['good'], [], 'unknown CRL_NOT_AVAILABLE'],
    ['both', [], [good], 'unknown OCSP_NOT_AVAILABLE'],
    ['both', [1], [good], 'revoked'],
    ['both', ['good'], [revoked], 'revoked'],
    ['both', ['unknown'], [good], 'unknown OCSP_STATUS_UNKNOWN'],
  ] as const)('%s with OCSP %o', async (sources, statuses, crls, expected) => {
    expect(await asks(statuses.map((status) => said({ status })), none(sources), crls)).toBe(expected);
  });
  it('a hold ends with what is newer, whichever speaks of it', async () => {
    const hold = crlBy(ca, { entries: [listing(leaf, 6)], thisUpdate: AT - DAY });
    expect(await asks([said()], {}, [hold])).toBe('good'); // an hour old, the CRL a day
    expect(await asks([said({ thisUpdate: AT - 2 * DAY })], {}, [hold])).toBe('frozen');
    expect(await asks([said({ status: 6, thisUpdate: AT - 2 * DAY })], { sources: 'crl-first' }, [good])).toBe('good');
    expect(await asks([said({ status: 6 })], { sources: 'crl-first' }, [good])).toBe('frozen');
    expect(await asks([said({ status: 6, thisUpdate: AT - DAY })], { sources: 'crl-first' }, [good])).toBe('frozen'); // of the same moment
  });
});

describe('a responder that no longer knows what it called good (RFC 6960 §2.2)', () => {
  const dated = (at: number, producedAt = at): Pick<Said, 'thisUpdate'> & { producedAt: number } => ({ thisUpdate: at, producedAt });
  const good = (at = AT - 3 * HOUR, options: Partial<RespondOptions> = {}) => said({ ...dated(at), nextUpdate: AT + DAY }, { producedAt: at, ...options });
  const unknown = (at = AT - HOUR, options: Partial<RespondOptions> = {}, says: Partial<Said> = {}) => said({ ...dated(at), status: 'unknown', nextUpdate: AT + DAY, ...says }, { producedAt: at, ...options });
  const TAKEN_BACK = 'unknown OCSP_STATUS_UNKNOWN';
  const either = async (a: OcspResponse, b: OcspResponse, options: Parameters<typeof asks>[1] = {}, crls: Parameters<typeof asks>[2] = []): Promise<string> => {
    const answers = [await asks([a, b], options, crls), await asks([b, a], options, crls)];
    expect(answers[1]).toBe(answers[0]); // the order in which evidence comes decides nothing
    return answers[0]!;
  };

  it('the newer of its answers counts', async () => {
    expect(await either(good(), unknown())).toBe(TAKEN_BACK);
    expect(await either(good(AT - HOUR), unknown(AT - 3 * HOUR))).toBe('good');
    expect(await asks([good(AT - 4 * HOUR), unknown(AT - 3 * HOUR), good(AT - 2 * HOUR)])).toBe('good');
    expect(await asks([good(AT - 4 * HOUR), good(AT - 3 * HOUR), unknown(AT - 2 * HOUR)])).toBe(TAKEN_BACK);
  });
  it('of one thisUpdate, the one produced later; of one moment, the one that does not vouch', async () => {
    const at = AT - 3 * HOUR;
    expect(await either(good(at), unknown(at, { producedAt: AT - HOUR }))).toBe(TAKEN_BACK);
    expect(await either(good(at, { producedAt: AT - HOUR }), unknown(at))).toBe('good');
    expect(await either(good(at), unknown(at))).toBe(TAKEN_BACK);
    expect(await either(good(at), said({ status: 6, thisUpdate: at, nextUpdate: AT + DAY }))).toBe('frozen');
  });
  it('it need not be fresh to say so, but of now, understood and its own', async () => {
    expect(await either(good(), unknown(AT - HOUR, {}, { nextUpdate: null }))).toBe(TAKEN_BACK);
    expect(await either(good(), unknown(AT + HOUR))).toBe('good');
    expect(await either(good(), unknown(AT - HOUR, { extensions: [extension('1.2.3.4', nullValue(), true)] }))).toBe('good');
    expect(await either(good(), unknown(AT - HOUR, { signer: { name: ca.name, key: newKey('p256') } }))).toBe('good');
    expect(await either(good(), unknown(AT - HOUR, {}, { about: stranger }))).toBe('good');
  });
  it('revoked wins over both, whenever it was said', async () => {
    for (const at of [AT - 10 * HOUR, AT - 2 * HOUR, AT]) expect(await asks([good(), unknown(), said({ status: 1, thisUpdate: at, nextUpdate: AT + DAY })])).toBe('revoked');
  });
  it('what is taken back lifts no hold', async () => {
    const hold = said({ status: 6, thisUpdate: AT - 5 * HOUR, nextUpdate: AT + DAY });
    expect(await asks([hold, good()])).toBe('good');
    expect(await asks([hold, good(), unknown()])).toBe('frozen');
  });
  it('the CA and its delegates have one word, a responder of the list its own', async () => {
    const by = (signer: TestCa): Partial<RespondOptions> => ({ signer, certificates: [signer.certificate] });
    expect(await either(good(undefined, by(delegate(ca))), unknown(undefined, by(delegate(ca))))).toBe(TAKEN_BACK);
    expect(await either(good(), unknown(undefined, by(delegate(ca))))).toBe(TAKEN_BACK);
    const [one, two] = [newCa('O=One', undefined, { kind: 'leaf' }), newCa('O=Two', undefined, { kind: 'leaf' })];
    const listResponders = [one, two].map(({ certificate }) => ({ certificate }));
    expect(await either(good(undefined, { signer: one }), unknown(undefined, { signer: two }), { listResponders })).toBe('good');
    expect(await either(good(), unknown(undefined, { signer: two }), { listResponders })).toBe('good');
    expect(await either(good(undefined, { signer: one }), unknown(undefined, { signer: one }), { listResponders })).toBe(TAKEN_BACK);
  });
  it('two CertIDs in one response, of which its responder reads one, are no change of mind; in a later one they are', async () => {
    const both = (first: Partial<Said>, second: Partial<Said>) => respond({ issuer: ca, signer: ca, says: [{ about: leaf, ...first }, { about: leaf, hash: 'SHA-256', ...second }] });
    expect(await asks([both({}, { status: 'unknown' })])).toBe('good');
    expect(await asks([both({ status: 'unknown' }, {})])).toBe('good');
    expect(await either(good(), unknown(AT - HOUR, {}, { hash: 'SHA-256' }))).toBe(TAKEN_BACK);
  });
  it('another source may say good, and the doubt is told (§2.2)', async () => {
    const ask = (responses: readonly OcspResponse[], thisUpdate: number, sources: 'ocsp-first' | 'crl-first' | 'both' = 'ocsp-first') =>
      checkRevocation({ path, index: 0, crls: [{ crl: crlBy(ca, { thisUpdate }) }], ocsp: responses.map((response) => ({ response })), sources, at: AT, algorithms: ALGORITHMS, freshness: { grace: 0, clockSkew: 0 } });
    for (const sources of ['ocsp-first', 'crl-first'] as const) {
      const result = await ask([good(), unknown()], AT - HOUR / 2, sources);
      expect(result).toMatchObject({ status: 'good', source: { kind: 'crl' }, doubt: { source: { kind: 'ocsp', thisUpdate: iso(AT - HOUR) }, takenBack: { kind: 'ocsp', thisUpdate: iso(AT - 3 * HOUR) } } });
    }
    expect(await ask([good(), unknown()], AT - HOUR / 2, 'both')).toMatchObject({ status: 'unknown', code: 'OCSP_STATUS_UNKNOWN', doubt: { takenBack: {} } });
    expect(await ask([unknown()], AT - 2 * HOUR)).toMatchObject({ status: 'good', source: { kind: 'crl' }, doubt: { source: { thisUpdate: iso(AT - HOUR) } } });
    expect((await ask([unknown()], AT - HOUR / 2)).doubt).toBeUndefined(); // what says good is newer
    expect((await ask([good()], AT - 2 * HOUR)).doubt).toBeUndefined();
    expect((await ask([unknown(), said({ status: 1 })], AT - 2 * HOUR)).doubt).toBeUndefined();
  });
});

describe('bounds', () => {
  it('forged responses and delegates share the budget', async () => {
    const spending = { signatureChecks: 0, steps: 0, nameComparisons: 0 };
    const budget = { ...DEFAULT_BUDGET, maxSignatureChecks: 6 };
    const forged = Array.from({ length: 10 }, () => said({}, { signer: { name: ca.name, key: newKey('p256') } }));
    expect(await asks(forged, { budget, spending })).toBe('unknown PATH_BUDGET_EXCEEDED');
    expect(spending.signatureChecks).toBe(6);
    const rogue = delegate(newCa('C=CN,O=CA'), {});
    const carried: Certificate[] = Array.from({ length: 100 }, () => rogue.certificate);
    const before = { signatureChecks: 0, steps: 0, nameComparisons: 0 };
    expect(await asks([said({}, { signer: rogue, certificates: carried })], { spending: before })).toBe('unknown OCSP_RESPONDER_NOT_AUTHORISED');
    expect(before.signatureChecks).toBeLessThan(30);
  });
  it('what was learnt is used again, and freshness judged anew', async () => {
    const spending = { signatureChecks: 0, steps: 0, nameComparisons: 0 };
    const ocspCache = createOcspCache();
    const response = said();
    for (let i = 0; i < 2; i++) expect(await asks([response], { spending, ocspCache })).toBe('good');
    expect(spending.signatureChecks).toBe(1);
    expect(await asks([response], { spending, ocspCache, at: AT + DAY })).toBe('unknown OCSP_STALE');
  });
});
