import { generalizedTime } from '@hefu/pki';
import { describe, expect, it } from 'vitest';
import { NO_EVIDENCE } from '../../src/index.js';
import { extension, newKey } from '../path/issue.js';
import { respond } from '../revocation/ocsp-response.js';
import { archived, caFrom, CONTENT, crl, day, judged, list, party, said, signature, stamped, token, tsuOf, withEvidence, type Asked, type Party, type SignOptions } from './timeline.js';

// EN 319 102-1 §5.5 and §5.6: every step from one sub-indication to another, beside the nearest case in which it is not taken.

const root = caFrom('C=CN,O=Root');
const middle = caFrom('C=CN,O=Middle', -800, 1000, root);
const ca = caFrom('C=CN,O=CA');
const tsaCa = caFrom('C=CN,O=TSA CA');
const tsu = tsuOf(tsaCa);
const signer = party(ca, -100, 300);
const trustList = list({ ca: [ca, root], tsa: [tsaCa] });
const fresh = (at: number, ...more: Parameters<typeof crl>[3] & object) => [crl(ca, at - 1, at + 1, more), crl(tsaCa, at - 1, at + 1)];

/** What is said at day 10 of a signature with time-stamps at these days. */
async function at10(stamps: readonly number[], asked: Partial<Asked> = {}, by: Party = signer, options: SignOptions = {}): Promise<string> {
  const message = stamps.reduce((made, time) => stamped(made, time, tsu), signature(by, options));
  return said(await judged(message, { trustList, at: 10, crls: fresh(10), ...asked }));
}
const contentStamp = (at: number): SignOptions => ({ contentStamps: [token(CONTENT, at, tsu)] });

describe('revoked', () => {
  const revoked = { certificate: signer.certificate, at: 5 };
  const crls = fresh(10, revoked);
  it.each([
    ['archive, nothing proven', [], {}, {}, 'indeterminate REVOKED_NO_POE CERTIFICATE_REVOKED'],
    ['stamped before', [4], {}, {}, 'passed'],
    ['stamped at that moment', [5], {}, {}, 'indeterminate REVOKED_NO_POE CERTIFICATE_REVOKED'],
    ['stamped after: it may still be older', [6], {}, {}, 'indeterminate REVOKED_NO_POE CERTIFICATE_REVOKED'],
    ['stamped after, and the content too: it is not older', [6], {}, contentStamp(5.5), 'failed REVOKED CERTIFICATE_REVOKED'],
    ['stamped after, the content before', [6], {}, contentStamp(4.5), 'indeterminate REVOKED_NO_POE CERTIFICATE_REVOKED'],
    ['the earliest of several', [6, 4, 7], {}, {}, 'passed'],
    ['a bid, stamped before', [4], { scene: 'bid-signing' }, {}, 'passed'],
    ['a bid, stamped after', [6], { scene: 'bid-signing' }, {}, 'failed REVOKED CERTIFICATE_REVOKED'],
    ['a bid received after, stamped before', [4], { scene: 'bid-signing', received: 7 }, {}, 'passed'],
    ['a bid received before, stamped after', [6], { scene: 'bid-signing', received: 4.5 }, {}, 'passed'],
    ['a bid whose policy counts receipts only', [4], { scene: 'bid-signing', received: 7, policy: { timeSources: ['receipt'] } }, {}, 'failed REVOKED CERTIFICATE_REVOKED'],
    ['a bid whose policy counts time-stamps only', [6], { scene: 'bid-signing', received: 4, policy: { timeSources: ['time-stamp'] } }, {}, 'failed REVOKED CERTIFICATE_REVOKED'],
    ['a login is now', [4], { scene: 'login' }, {}, 'failed REVOKED CERTIFICATE_REVOKED'],
  ] as const)('%s: %j', async (_, stamps, asked, options, expected) => {
    expect(await at10(stamps, { crls, ...asked } as Partial<Asked>, signer, options)).toBe(expected);
  });
});

describe('out of bounds', () => {
  const short = party(ca, -100, 5);
  it.each([
    ['expired, nothing proven, nothing known', [], { crls: fresh(10) }, {}, 'indeterminate OUT_OF_BOUNDS_NO_POE CERTIFICATE_EXPIRED'],
    ['expired, known not to have been revoked', [], { crls: [crl(ca, 4, 6)] }, {}, 'indeterminate OUT_OF_BOUNDS_NOT_REVOKED CERTIFICATE_EXPIRED'],
    ['stamped before its end', [3], { crls: [crl(ca, 4, 6), crl(tsaCa, 9, 11)] }, {}, 'passed'],
    ['stamped after its end', [6], { crls: [crl(ca, 4, 6), crl(tsaCa, 9, 11)] }, {}, 'indeterminate OUT_OF_BOUNDS_NOT_REVOKED CERTIFICATE_EXPIRED'],
    ['the content stamped after its end', [6], { crls: [crl(ca, 4, 6), crl(tsaCa, 9, 11)] }, contentStamp(5.5), 'failed EXPIRED CERTIFICATE_EXPIRED'],
    ['stamped before its beginning', [-200], {}, {}, 'failed NOT_YET_VALID CERTIFICATE_NOT_YET_VALID'],
    ['all that is known is younger than its end', [3], { crls: fresh(10) }, {}, 'indeterminate REVOCATION_OUT_OF_BOUNDS_NO_POE REVOCATION_OUT_OF_BOUNDS'],
    ['but keeps what has expired', [3], { crls: [crl(ca, 9, 11, [], [extension('2.5.29.60', generalizedTime(day(0)))]), crl(tsaCa, 9, 11)] }, {}, 'passed'],
    ['though not so long', [3], { crls: [crl(ca, 9, 11, [], [extension('2.5.29.60', generalizedTime(day(6)))]), crl(tsaCa, 9, 11)] }, {}, 'indeterminate REVOCATION_OUT_OF_BOUNDS_NO_POE REVOCATION_OUT_OF_BOUNDS'],
    ['a younger CRL that lists it counts', [3], { crls: [crl(ca, 9, 11, [{ certificate: short.certificate, at: 2 }]), crl(tsaCa, 9, 11)] }, {}, 'indeterminate REVOKED_NO_POE CERTIFICATE_REVOKED'],
  ] as const)('%s', async (_, stamps, asked, options, expected) => {
    expect(await at10(stamps, asked, short, options)).toBe(expected);
  });
});

describe('a responder that no longer knows the certificate', () => {
  const answer = (status: 'good' | 'unknown', at: number) => ({ response: respond({ issuer: ca, signer: ca, says: [{ about: signer.certificate, status, thisUpdate: day(at), nextUpdate: day(at + 20) }], producedAt: day(at) }) });
  const asking = { ...trustList, services: trustList.services.map((each) => ({ ...each, revocation: { ...each.revocation, mode: each.kind === 'ca' ? 'ocsp-first' as const : 'crl-only' as const } })) };
  it.each([
    ['good, and nothing since', [answer('good', 4)], 9, 'passed'],
    ['unknown since, stamped before', [answer('good', 4), answer('unknown', 8)], 3, 'passed'],
    ['unknown since, stamped after', [answer('good', 4), answer('unknown', 8)], 9, 'indeterminate TRY_LATER OCSP_STATUS_UNKNOWN'],
    ['never good', [answer('unknown', 8)], 3, 'indeterminate TRY_LATER OCSP_STATUS_UNKNOWN'],
  ] as const)('%s', async (_, ocsp, stampedAt, expected) => {
    expect(await at10([stampedAt], { trustList: asking, more: { evidence: { ...NO_EVIDENCE, ocsp, crls: [{ crl: crl(tsaCa, 9, 11) }] } } })).toBe(expected);
  });
});

describe('algorithms that end', () => {
  const rsa = party(ca, -100, 300, { key: newKey('rsa') });
  const sunset = { 'RSASSA-PKCS1-v1_5-SHA-256': day(5) };
  it.each([
    ['ended, nothing proven', [], {}, 'indeterminate CRYPTO_CONSTRAINTS_FAILURE_NO_POE ALGORITHM_REFUSED'],
    ['stamped before', [4], {}, 'passed'],
    ['stamped as it ended', [5], {}, 'indeterminate CRYPTO_CONSTRAINTS_FAILURE ALGORITHM_REFUSED'],
    ['a bid received now', [], { scene: 'bid-signing' }, 'indeterminate CRYPTO_CONSTRAINTS_FAILURE ALGORITHM_REFUSED'],
    ['a bid stamped before', [4], { scene: 'bid-signing' }, 'passed'],
  ] as const)('%s', async (_, stamps, asked, expected) => {
    expect(await at10(stamps, { sunset, ...asked }, rsa)).toBe(expected);
  });

  it('of a time-stamp: counts if it is proven to be older', async () => {
    const rsaTsu = tsuOf(tsaCa, -900, 3000, { key: newKey('rsa') });
    const old = stamped(signature(signer), 2, rsaTsu);
    const crls = fresh(10, { certificate: signer.certificate, at: 7 });
    const alone = await judged(old, { trustList, at: 10, crls, sunset });
    expect(said(alone.signers[0]!.timestamps![0]!)).toBe('indeterminate CRYPTO_CONSTRAINTS_FAILURE_NO_POE ALGORITHM_REFUSED');
    expect(said(alone)).toBe('indeterminate REVOKED_NO_POE CERTIFICATE_REVOKED');
    expect(said(await judged(archived(old, 4, tsu), { trustList, at: 10, crls, sunset }))).toBe('passed');
    // Archived after the end of the algorithm: the older time-stamp does not count, and the archive's own is too late.
    expect(said(await judged(archived(old, 8, tsu), { trustList, at: 10, crls, sunset }))).toBe('indeterminate REVOKED_NO_POE CERTIFICATE_REVOKED');
  });
});

describe('a CA revoked since', () => {
  const under = party(middle, -100, 300);
  const crls = [crl(root, 9, 11, [{ certificate: middle.certificate, at: 8 }]), crl(middle, 9, 11), crl(tsaCa, 9, 11)];
  const asked = { crls, certificates: [middle.certificate] };
  it('leaves what is older, certificate and all', async () => {
    expect(await at10([2], asked, under)).toBe('passed');
    expect(await at10([], asked, under)).toBe('indeterminate REVOKED_CA_NO_POE CA_CERTIFICATE_REVOKED');
    expect(await at10([9], asked, under)).toBe('indeterminate REVOKED_CA_NO_POE CA_CERTIFICATE_REVOKED');
    // A signature that does not name its certificate: the certificate could have been made since, with the CA's key.
    expect(await at10([2], asked, under, { unbound: true })).toBe('indeterminate REVOKED_CA_NO_POE CA_CERTIFICATE_REVOKED');
    const archive = (time: number) => judged(archived(signature(under, { unbound: true }), time, tsu), { trustList, at: 10, ...asked });
    expect(said(await archive(4))).toBe('passed');
    expect(said(await archive(9))).toBe('indeterminate REVOKED_CA_NO_POE CA_CERTIFICATE_REVOKED');
  });
});

describe('a CA withdrawn from the list', () => {
  const withdrawn = list({ ca: [ca], tsa: [tsaCa], caStatus: [{ status: 'withdrawn', since: day(5), recorded: 2 }, { status: 'granted', since: day(-5000), recorded: 1 }] });
  it.each([
    [[], 'indeterminate NO_CERTIFICATE_CHAIN_FOUND_NO_POE CA_WITHDRAWN'],
    [[4], 'passed'],
    [[5], 'indeterminate NO_CERTIFICATE_CHAIN_FOUND CA_WITHDRAWN'],
  ] as const)('stamped %j', async (stamps, expected) => {
    expect(await at10(stamps, { trustList: withdrawn })).toBe(expected);
  });
});

describe('order and delay', () => {
  it('content, signature, archive', async () => {
    expect(await at10([3], {}, signer, contentStamp(2))).toBe('passed');
    expect(await at10([3], {}, signer, contentStamp(4))).toBe('indeterminate TIMESTAMP_ORDER_FAILURE TIMESTAMP_ORDER_FAILURE');
    const archive = (time: number) => judged(archived(stamped(signature(signer), 3, tsu), time, tsu), { trustList, at: 10, crls: fresh(10) });
    expect(said(await archive(4))).toBe('passed');
    const reversed = await archive(2);
    expect(reversed.signers[0]!.timestamps!.map(said)).toEqual(['indeterminate TIMESTAMP_ORDER_FAILURE TIMESTAMP_ORDER_FAILURE', 'passed']);
  });

  it('within their accuracy clocks may differ', async () => {
    const hour = 1 / 24;
    const content = (accuracy: number): SignOptions => ({ contentStamps: [token(CONTENT, 3 + hour, tsu, { accuracy })] });
    expect(await at10([3], {}, signer, content(3_600_000))).toBe('passed');
    expect(await at10([3], {}, signer, content(3_599_000))).toBe('indeterminate TIMESTAMP_ORDER_FAILURE TIMESTAMP_ORDER_FAILURE');
  });

  it('content stamped after the platform had the signature', async () => {
    expect(await at10([], { received: 3 }, signer, contentStamp(2))).toBe('passed');
    expect(await at10([], { received: 3 }, signer, contentStamp(4))).toBe('indeterminate TIMESTAMP_ORDER_FAILURE TIMESTAMP_ORDER_FAILURE');
  });

  it('a policy may ask for the time-stamp soon after the time claimed', async () => {
    const policy = { timestampDelay: 86_400_000 };
    expect(await at10([2], { policy }, signer, { claimed: 1 })).toBe('passed');
    expect(await at10([2.1], { policy }, signer, { claimed: 1 })).toBe('indeterminate SIG_CONSTRAINTS_FAILURE TIMESTAMP_TOO_LATE');
    expect(await at10([2], { policy }, signer)).toBe('indeterminate SIG_CONSTRAINTS_FAILURE TIMESTAMP_TOO_LATE');
    expect(await at10([2], {}, signer)).toBe('passed');
    expect(await at10([], { policy, received: 9 }, signer)).toBe('passed');
  });
});

describe('on hold', () => {
  const held = (since: number) => [crl(ca, 9, 11, [{ certificate: signer.certificate, at: since, reason: 6 }]), crl(tsaCa, 9, 11)];
  it('since before the signature: it may yet be lifted', async () => {
    expect(await at10([2], { crls: held(1) })).toBe('indeterminate TRY_LATER CERTIFICATE_FROZEN');
    expect(await at10([2], { crls: held(3) })).toBe('passed');
    expect(await at10([], { crls: held(3) })).toBe('indeterminate TRY_LATER CERTIFICATE_FROZEN');
  });
});

describe('validation time sliding', () => {
  const under = party(middle, -100, 300);
  const bt = withEvidence(stamped(signature(under), 2, tsu), [crl(middle, 3, 5)], [middle.certificate.bytes]);
  const archive = archived(bt, 4, tsu);
  const tsaNow = crl(tsaCa, 1999, 2001);
  const at2000 = async (crls: readonly ReturnType<typeof crl>[]): Promise<string> => said(await judged(archive, { trustList, at: 2000, crls: [tsaNow, ...crls] }));

  it('reaches back to where the data above speaks', async () => {
    expect(await at2000([crl(root, 4, 900)])).toBe('passed');
    expect(await at2000([crl(root, 3.9, 900)])).toBe('indeterminate TRY_LATER CRL_STALE');
    expect(await at2000([])).toBe('indeterminate TRY_LATER CRL_STALE');
  });

  it('and to before a CA was revoked', async () => {
    const revoked = (time: number) => crl(root, 900, 1000, [{ certificate: middle.certificate, at: time }]);
    expect(await at2000([revoked(5)])).toBe('passed');
    expect(await at2000([revoked(4)])).toMatch(/^indeterminate /);
    expect(await at2000([revoked(1)])).toMatch(/^indeterminate (TRY_LATER|REVOKED_CA_NO_POE) /);
  });
});
