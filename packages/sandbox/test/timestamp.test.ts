import { classicalAlgorithms, createSm2, sha256, sm2, sm2Z, sm3, softwareDigests, webCryptoProvider, type Algorithms } from '@hefu/crypto';
import {
  buildTimeStampRequest, concatBytes, encodePem, hexOf, id_aa_signingCertificate, id_kp_timeStamping, messageDigestOf, parseCertificate, parseCertificateList,
  parseTimeStampResponse, parseTimeStampToken, signingCertificateV2Of, type TimeStampToken,
} from '@hefu/pki';
import { updateTrustList } from '@hefu/trust-list';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSandbox, TIMESTAMP_FAULTS, type ServedWorld, type TimestampAuthority } from '../src/index.js';
import { hasOpenssl, openssl } from './openssl.js';

const algorithms: Algorithms = { digests: softwareDigests, signatures: [...classicalAlgorithms(webCryptoProvider(globalThis.crypto.subtle)), createSm2()] };
const at = Date.UTC(2026, 9, 1);
const SM3 = sm3.oids[0]!;
const SHA256 = sha256.oids[0]!;
const hashedMessage = sha256.digest(new TextEncoder().encode('投标文件'));
const nonce = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const request = buildTimeStampRequest({ hashAlgorithm: SHA256, hashedMessage, nonce });

let sandbox: ServedWorld;
let clock = at;
beforeAll(async () => {
  sandbox = await startSandbox({ seed: 'tsa', at, now: () => clock });
});
afterAll(() => sandbox.close());

const unit = (id: string): TimestampAuthority => sandbox.world.timestampAuthorities.find((each) => each.id === id)!;
const ask = (id: string, asked = request): Uint8Array => sandbox.world.tsa.get(`/tsa/${id}`)!(asked);
const tokenOf = (answer: Uint8Array): TimeStampToken => parseTimeStampToken(parseTimeStampResponse(answer).token!);

async function post(path: string): Promise<{ status: number; type: string | null; bytes: Uint8Array }> {
  const response = await fetch(sandbox.baseUrl + path, { method: 'POST', body: request as Uint8Array<ArrayBuffer>, headers: { 'content-type': 'application/timestamp-query' } });
  return { status: response.status, type: response.headers.get('content-type'), bytes: new Uint8Array(await response.arrayBuffer()) };
}

describe('time-stamp authorities', () => {
  test('every one stamps what was asked, the same each time, by the clock given', () => {
    for (const { id, policy, certificate } of sandbox.world.timestampAuthorities) {
      const { tstInfo, signed } = tokenOf(ask(id));
      expect([id, hexOf(tstInfo.messageImprint.hashedMessage), hexOf(tstInfo.nonce!), tstInfo.policy, tstInfo.genTime]).toEqual([id, hexOf(hashedMessage), hexOf(nonce), policy, at]);
      expect(signed.certificates.map(hexOf)).toContain(hexOf(certificate));
      expect(ask(id)).toEqual(ask(id));
    }
    clock = at + 5_000;
    expect(tokenOf(ask('sm2')).tstInfo.genTime).toBe(at + 5_000);
    clock = at;
    expect(tokenOf(ask('sm2', buildTimeStampRequest({ hashAlgorithm: SHA256, hashedMessage, certReq: false }))).signed.certificates).toEqual([]);
  });

  test('what is not to be stamped is rejected', () => {
    const failure = (asked: Uint8Array): unknown => parseTimeStampResponse(ask('p256', asked)).failures;
    expect(failure(buildTimeStampRequest({ hashAlgorithm: '1.2.840.113549.2.5', hashedMessage: new Uint8Array(16) }))).toEqual(['badAlg']);
    expect(failure(buildTimeStampRequest({ hashAlgorithm: SHA256, hashedMessage: new Uint8Array(20) }))).toEqual(['badDataFormat']);
    expect(failure(buildTimeStampRequest({ hashAlgorithm: SHA256, hashedMessage, reqPolicy: '1.2.3' }))).toEqual(['unacceptedPolicy']);
    expect(failure(Uint8Array.of(0x30, 0x00))).toEqual(['badDataFormat']);
  });

  test('SM2 tokens are signed over Z and the attributes; Z is in the messageDigest of one and of no other', () => {
    for (const { id, key, manners } of sandbox.world.timestampAuthorities.filter(({ key: { kind } }) => kind === 'SM2')) {
      const { signed } = tokenOf(ask(id));
      const [signer] = signed.signerInfos;
      expect([id, sm2.verify(key.publicKey, signer!.signedAttrs!.signedBytes, signer!.signature)]).toEqual([id, true]);
      const { content } = signed.encapContentInfo;
      const z = sm2Z((key.publicKey as { point: Uint8Array }).point);
      const digests = { plain: sm3.digest(content!), z: sm3.digest(concatBytes(z, content!)) };
      expect(messageDigestOf(signer!.signedAttrs!)).toEqual({ duplicate: false, value: digests[manners.messageDigest ?? 'plain'] });
    }
  });

  test('each deviation is where it says, and only there', () => {
    const facts = (id: string): unknown => {
      const { signed, tstInfo, deviations } = tokenOf(ask(id));
      const [signer] = signed.signerInfos;
      const essV2 = signingCertificateV2Of(signer!.signedAttrs!);
      return {
        outer: signed.family, digest: signer!.digestAlgorithm.oid, signature: signer!.signatureAlgorithm.oid,
        ess: essV2 === undefined ? signer!.signedAttrs!.find(id_aa_signingCertificate).length : 'v2',
        eku: parseCertificate(unit(id).certificate).extension('2.5.29.37') !== undefined,
        bare: deviations.map((each) => each.id), imprint: tstInfo.messageImprint.hashAlgorithm.oid,
      };
    };
    const standard = { outer: 'cms', digest: SM3, signature: '1.2.156.10197.1.501', ess: 'v2', eku: true, bare: [], imprint: SHA256 };
    expect(facts('sm2')).toEqual(standard);
    expect(facts('gm-shell')).toEqual({ ...standard, outer: 'gm', signature: '1.2.156.10197.1.301.1' });
    expect(facts('gm-md-za')).toEqual(standard);
    expect(facts('gm-bare-oid')).toEqual({ ...standard, bare: ['TSP_IMPRINT_BARE_OID'] });
    expect(facts('gm-digest-501')).toEqual({ ...standard, digest: '1.2.156.10197.1.501' });
    expect(facts('gm-digest-401-2')).toEqual({ ...standard, digest: '1.2.156.10197.1.401.2' });
    expect(facts('gm-ess-v1')).toEqual({ ...standard, ess: 1 });
    expect(facts('gm-no-eku')).toEqual({ ...standard, eku: false });
    expect(facts('gm-all')).toEqual({ ...standard, outer: 'gm', digest: '1.2.156.10197.1.501', signature: '1.2.156.10197.1.301.1', ess: 1, eku: false });
    expect(parseCertificate(unit('gm-all').certificate).extBasicConstraints?.ca).toBe(true);
  });

  test('the list names the services, and neither the unlisted nor a wrong kind', async () => {
    const outcome = await updateTrustList(undefined, sandbox.world.lists.current, { role: sandbox.world.listRole, algorithms, at });
    if (outcome.outcome === 'refused') throw new Error(outcome.code);
    const listed = outcome.trustList.services.filter(({ kind }) => kind === 'tsa');
    expect(listed.map(({ id }) => id).sort()).toEqual(['legacy', 'p256', 'rsa', 'self', 'sm2'].map((name) => `urn:hefu:sandbox:svc:tsa-${name}`));
    for (const { serviceId, certificate, chain } of sandbox.world.timestampAuthorities) {
      const anchors = listed.flatMap(({ id, anchors: all }) => all.map(({ certificate: der }) => [id, hexOf(der!)]));
      const own = [certificate, ...chain].map(hexOf);
      expect(anchors.filter(([, der]) => own.includes(der!)).map(([id]) => id)).toEqual(serviceId === undefined ? [] : [serviceId]);
    }
    for (const { crlPath } of sandbox.world.timestampRoots) expect(parseCertificateList(sandbox.world.crls.get(crlPath)!).nextUpdate).toBeGreaterThan(at);
    expect(parseCertificate(unit('expired').certificate).validity.notAfter).toBeLessThan(at);
    expect(parseCertificate(unit('p256').certificate).extension('2.5.29.37')?.critical).toBe(true);
    expect(id_kp_timeStamping).toBe('1.3.6.1.5.5.7.3.8');
  });

  test('answer over HTTP, well or badly', async () => {
    expect(await post('/tsa/sm2')).toEqual({ status: 200, type: 'application/timestamp-reply', bytes: ask('sm2') });
    expect((await post('/tsa/nobody')).status).toBe(405);
    expect((await post('/fault/error/tsa/sm2')).status).toBe(500);
    const answers = await Promise.all(TIMESTAMP_FAULTS.map(async (fault) => [fault, (await post(`/tsa/sm2/${fault}`)).bytes] as const));
    const by = Object.fromEntries(answers) as Record<string, Uint8Array>;
    expect(parseTimeStampResponse(by['rejection']!)).toMatchObject({ status: 'rejection', failures: ['systemFailure'], token: undefined });
    expect(() => parseTimeStampResponse(by['garbage']!)).toThrow();
    const info = (fault: string): TimeStampToken['tstInfo'] => tokenOf(by[fault]!).tstInfo;
    expect(info('wrong-imprint').messageImprint.hashedMessage).not.toEqual(hashedMessage);
    expect(info('wrong-nonce').nonce).not.toEqual(nonce);
    expect(info('other-policy').policy).not.toBe(unit('sm2').policy);
    expect(info('future').genTime).toBe(at + 86_400_000);
  });
});

describe.skipIf(!hasOpenssl)('openssl ts -verify', () => {
  const verify = (id: string, answer: Uint8Array, asked = request): { status: number; output: string } =>
    openssl(['ts', '-verify', '-in', '{answer}', '-queryfile', '{query}', '-CAfile', '{ca}', '-attime', String(at / 1000)], {
      answer, query: asked, ca: [...unit(id).chain, ...(id === 'rsa' ? [sandbox.world.authorities.find((each) => each.id === 'jingling')!.above[0]!.certificate] : [])].map((der) => encodePem('CERTIFICATE', der)).join(''),
    });
  test.each(['rsa', 'p256'])('accepts %s, and none of its faults', (id) => {
    expect(verify(id, ask(id))).toMatchObject({ status: 0 });
    for (const fault of TIMESTAMP_FAULTS.filter((each) => each !== 'future' && each !== 'other-policy')) {
      expect([fault, verify(id, sandbox.world.tsa.get(`/tsa/${id}/${fault}`)!(request)).status]).toEqual([fault, 1]);
    }
    const other = buildTimeStampRequest({ hashAlgorithm: SHA256, hashedMessage: sha256.digest(hashedMessage), nonce });
    expect(verify(id, ask(id), other).status).toBe(1);
    const answer = ask(id).slice();
    answer[answer.length - 1]! ^= 1;
    expect(verify(id, answer).status).toBe(1);
  });
});
