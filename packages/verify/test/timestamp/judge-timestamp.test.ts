import { oid, parseSignedData, sequence } from '@hefu/pki';
import { describe, expect, it } from 'vitest';
import type { TimestampReport } from '../../src/index.js';
import { checkTimestamp } from '../../src/index.js';
import { nodeAlgorithms } from '../../../node/dist/algorithms.js';
import { ALGORITHMS, extension, keyUsage } from '../path/issue.js';
import { archived, caFrom, crl, day, judged, list, party, said, signature, stamped, token, tsuOf, type Asked, type Party } from '../time/timeline.js';

const ca = caFrom('C=CN,O=CA');
const tsaCa = caFrom('C=CN,O=TSA CA');
const signer = party(ca, -100, 3000);
const trustList = list({ ca: [ca], tsa: [tsaCa] });
const crls = [crl(ca, 9, 11), crl(tsaCa, 9, 11)];
const basic = signature(signer);

async function stampOf(message: Uint8Array, asked: Partial<Asked> = {}): Promise<TimestampReport> {
  const report = await judged(message, { trustList, at: 10, crls, ...asked });
  const [stamp] = report.signers[0]!.timestamps!;
  // Whatever becomes of it, it never decides by itself.
  expect(report.times.sources.bestSignature).toBe(stamp!.conclusion === 'passed' ? 'time-stamp' : 'validation time');
  return stamp!;
}
const by = async (tsu: Party, at = 2, asked: Partial<Asked> = {}): Promise<string> => said(await stampOf(stamped(basic, at, tsu), asked));

describe('the authority', () => {
  it('is listed as a time-stamping service, by an anchor above it or by itself', async () => {
    expect(await by(tsuOf(tsaCa))).toBe('passed');
    const own = tsuOf(tsaCa);
    expect(await by(own, 2, { trustList: list({ ca: [ca], tsa: [own.certificate] }) })).toBe('passed');
    expect(await by(tsuOf(caFrom('C=CN,O=Stranger')))).toBe('indeterminate NO_CERTIFICATE_CHAIN_FOUND TSA_NOT_LISTED');
    // A CA of signers stamps nothing, and a time-stamp CA signs no bids.
    expect(await by(tsuOf(ca))).toBe('indeterminate NO_CERTIFICATE_CHAIN_FOUND TSA_NOT_LISTED');
    expect(said(await judged(signature(party(tsaCa, -100, 300)), { trustList, at: 10, crls }))).toMatch(/ISSUER_NOT_LISTED|PATH_NOT_FOUND/);
  });

  it.each([
    ['withdrawn since before', 'withdrawn', 1, 'indeterminate NO_CERTIFICATE_CHAIN_FOUND CA_WITHDRAWN'],
    ['withdrawn since after', 'withdrawn', 3, 'passed'],
    ['suspended meanwhile', 'suspended', 1, 'indeterminate TRY_LATER CA_SUSPENDED'],
    ['suspended since', 'suspended', 3, 'passed'],
    // A lost key writes any time: what counts is since when the token is known.
    ['distrusted since', 'distrusted', 3, 'indeterminate NO_CERTIFICATE_CHAIN_FOUND_NO_POE CA_DISTRUSTED'],
  ] as const)('%s', async (_, status, since, expected) => {
    const changed = list({ ca: [ca], tsa: [tsaCa], tsaStatus: [{ status, since: day(since), recorded: 2 }, { status: 'granted', since: day(-5000), recorded: 1 }] });
    expect(await by(tsuOf(tsaCa), 2, { trustList: changed })).toBe(expected);
  });

  it('distrusted since, and the token is proven to be older', async () => {
    const other = caFrom('C=CN,O=Other TSA');
    const service = (status: Parameters<typeof list>[0]['tsaStatus']) => {
      const both = list({ ca: [ca], tsa: [tsaCa], ...(status === undefined ? {} : { tsaStatus: status }) });
      return { ...both, services: [...both.services, { ...list({ ca: [], tsa: [other] }).services[1]!, id: 'urn:tsa:2' }] };
    };
    const changed = service([{ status: 'distrusted', since: day(5), recorded: 2 }, { status: 'granted', since: day(-5000), recorded: 1 }]);
    const message = (time: number): Uint8Array => archived(stamped(basic, 2, tsuOf(tsaCa)), time, tsuOf(other));
    const all = [...crls, crl(other, 9, 11)];
    expect(said(await stampOf(message(4), { trustList: changed, crls: all }))).toBe('passed');
    const late = await judged(message(6), { trustList: changed, at: 10, crls: all });
    expect(late.signers[0]!.timestamps!.map(({ code }) => code)).toEqual(['CA_DISTRUSTED', 'OK']);
  });

  it('is valid when it stamps, and until the token is proven', async () => {
    expect(await by(tsuOf(tsaCa, -900, 1))).toBe('indeterminate CHAIN_CONSTRAINTS_FAILURE TSA_NOT_VALID');
    expect(await by(tsuOf(tsaCa, 3, 100))).toBe('indeterminate CHAIN_CONSTRAINTS_FAILURE TSA_NOT_VALID');
    const short = tsuOf(tsaCa, -900, 5);
    expect(await by(short)).toBe('indeterminate OUT_OF_BOUNDS_NO_POE TSA_EXPIRED');
    const before = [crl(ca, 9, 11), crl(tsaCa, 4, 6), crl(tsaCa, 9, 11)];
    expect(await by(short, 2, { crls: before })).toBe('indeterminate OUT_OF_BOUNDS_NO_POE TSA_EXPIRED');
    const archive = (time: number): Promise<TimestampReport> => stampOf(archived(stamped(basic, 2, short), time, tsuOf(tsaCa)), { crls: before });
    expect(said(await archive(3))).toBe('passed');
    const late = await judged(archived(stamped(basic, 2, short), 7, tsuOf(tsaCa)), { trustList, at: 10, crls: before });
    expect(late.signers[0]!.timestamps!.map(({ code }) => code)).toEqual(['TSA_EXPIRED', 'OK']);
  });

  it.each([
    ['for a lost key, later', 5, 1, 'indeterminate REVOKED_NO_POE TSA_REVOKED'],
    ['without a reason, later', 5, undefined, 'indeterminate REVOKED_NO_POE TSA_REVOKED'],
    ['as it ceased, later', 5, 5, 'passed'],
    ['as it was superseded, later', 5, 4, 'passed'],
    ['as it ceased, before it stamped', 1, 5, 'indeterminate REVOKED_NO_POE TSA_REVOKED'],
  ] as const)('revoked %s (RFC 3161 §4)', async (_, at, reason, expected) => {
    const tsu = tsuOf(tsaCa);
    expect(await by(tsu, 2, { crls: [crl(ca, 9, 11), crl(tsaCa, 9, 11, [{ certificate: tsu.certificate, at, ...(reason === undefined ? {} : { reason }) }])] })).toBe(expected);
  });

  it('of whom nothing fresh is known proves nothing, in soft scenes either', async () => {
    expect(await by(tsuOf(tsaCa), 2, { crls: [crl(ca, 9, 11)] })).toBe('indeterminate TRY_LATER CRL_NOT_AVAILABLE');
    expect(await by(tsuOf(tsaCa), 2, { crls: [crl(ca, 9, 11)], policy: { revocation: 'soft' } })).toBe('indeterminate TRY_LATER CRL_NOT_AVAILABLE');
  });
});

describe('its purpose', () => {
  const eku = (critical: boolean, ...purposes: readonly string[]) => tsuOf(tsaCa, -900, 3000, { extensions: [extension('2.5.29.37', sequence(...purposes.map(oid)), critical)] });
  const STAMPS = '1.3.6.1.5.5.7.3.8';
  const allowing = (...messageVariants: readonly string[]): Partial<Asked> => ({ trustList: list({ ca: [ca], tsa: [tsaCa], tsaService: { messageVariants } }) });
  it.each([
    ['servers', eku(true, '1.3.6.1.5.5.7.3.1'), 'extendedKeyUsage 1.3.6.1.5.5.7.3.1'],
    ['time-stamps among others', eku(true, STAMPS, '1.3.6.1.5.5.7.3.4'), 'extendedKeyUsage 1.3.6.1.5.5.7.3.8, 1.3.6.1.5.5.7.3.4'],
    ['certificates', tsuOf(tsaCa, -900, 3000, { kind: 'bare', extensions: [keyUsage('keyCertSign')] }), 'keyUsage keyCertSign'],
  ])('%s: refused, whatever is allowed', async (_, tsu, actual) => {
    const stamp = await stampOf(stamped(basic, 2, tsu), { ...allowing('cms', 'eku-absent', 'eku-not-critical'), policyMore: { timestampPurposeAbsent: 'accept' } });
    expect(stamp).toMatchObject({ code: 'TSA_USAGE_MISMATCH', reasons: [{ actual }] });
  });

  it.each([
    ['absent', tsuOf(tsaCa, -900, 3000, { extensions: [] }), 'eku-absent'],
    ['not critical', eku(false, STAMPS), 'eku-not-critical'],
  ])('%s: where the list or the policy says so, with a warning', async (_, tsu, deviation) => {
    expect(await stampOf(stamped(basic, 2, tsu))).toMatchObject({ code: 'TSA_USAGE_MISMATCH', deviations: [deviation] });
    expect(await stampOf(stamped(basic, 2, tsu), allowing('cms', deviation))).toMatchObject({ code: 'OK', warnings: ['TSA_EKU_ABSENT'] });
    expect(await stampOf(stamped(basic, 2, tsu), { policyMore: { timestampPurposeAbsent: 'accept' } })).toMatchObject({ code: 'OK', warnings: ['TSA_EKU_ABSENT'] });
  });
});

describe('the token', () => {
  const tsu = tsuOf(tsaCa);
  const octets = parseSignedData(basic).signerInfos[0]!.signature;
  it('from the future', async () => {
    expect(await by(tsu, 10.01)).toBe('indeterminate TRY_LATER TIMESTAMP_IN_FUTURE');
    expect(await by(tsu, 10.003)).toBe('passed'); // within the clock skew of the policy
  });

  it('without a reference to its certificate, where the list allows', async () => {
    const message = stamped(basic, 2, tsu, { withoutEss: true });
    expect(said(await stampOf(message))).toBe('indeterminate SIG_CONSTRAINTS_FAILURE TIMESTAMP_VARIANT_REFUSED');
    expect(said(await stampOf(message, { trustList: list({ ca: [ca], tsa: [tsaCa], tsaService: { messageVariants: ['cms', 'ess-absent'] } }) }))).toBe('passed');
    expect(said(await stampOf(stamped(basic, 2, tsu), { trustList: list({ ca: [ca], tsa: [tsaCa], tsaService: { messageVariants: ['attrs-za'] } }) }))).toBe('indeterminate SIG_CONSTRAINTS_FAILURE TIMESTAMP_VARIANT_REFUSED');
  });

  it('without certificates: found beside it, or not at all', async () => {
    const bare = stamped(basic, 2, tsu, { certificates: [] });
    expect(said(await stampOf(bare))).toBe('indeterminate NO_SIGNING_CERTIFICATE_FOUND TSA_CERTIFICATE_MISSING');
    expect(said(await stampOf(bare, { certificates: [tsu.certificate] }))).toBe('passed');
  });

  it('as mathematics: octets, nonce, signature, form', async () => {
    const nonce = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const made = token(octets, 2, tsu, { nonce });
    const check = async (change: Partial<Parameters<typeof checkTimestamp>[0]> = {}): Promise<string> => (await checkTimestamp({ token: made, octets, nonce, subject: 't', algorithms: ALGORITHMS, ...change })).failure?.code ?? 'OK';
    expect(await check()).toBe('OK');
    expect(await check({ octets: octets.subarray(1) })).toBe('TIMESTAMP_IMPRINT_MISMATCH');
    expect(await check({ nonce: nonce.slice().reverse() })).toBe('TIMESTAMP_NONCE_MISMATCH');
    expect(await check({ token: token(octets, 2, tsu) })).toBe('TIMESTAMP_NONCE_MISMATCH');
    const broken = made.slice();
    broken[broken.length - 1]! ^= 1;
    expect(await check({ token: broken })).toBe('TIMESTAMP_SIGNATURE_INVALID');
    for (const none of [new Uint8Array(0), Uint8Array.of(0x30, 0), basic]) expect(await check({ token: none })).toBe('TIMESTAMP_MALFORMED');
    expect(await check({ algorithms: { ...ALGORITHMS, digests: [] } })).toBe('ALGORITHM_UNKNOWN');
    expect(await check({ algorithms: { ...ALGORITHMS, signatures: [] } })).toBe('ALGORITHM_UNKNOWN');
  });

  it('any altered octet is noticed', async () => {
    const made = token(octets, 2, tsu);
    const algorithms = nodeAlgorithms(); // which refuses keys that are none without throwing
    for (let at = 0; at < made.length; at += 7) {
      const altered = made.slice();
      altered[at]! ^= 0x04;
      const facts = await checkTimestamp({ token: altered, octets, subject: 't', algorithms });
      // Certificates in it are judged by their path; nothing else may change.
      if (facts.failure === undefined) expect(facts.token!.tstInfo.bytes).toEqual((await checkTimestamp({ token: made, octets, subject: 't', algorithms })).token!.tstInfo.bytes);
    }
  });
});
