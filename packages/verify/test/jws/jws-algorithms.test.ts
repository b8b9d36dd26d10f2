import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { sha256 } from '@hefu/crypto';
import { encodeBase64, encodeBase64url } from '@hefu/trust-list';
import { CompactSign, FlattenedSign } from 'jose';
import { describe, expect, it } from 'vitest';
import { rsaPair } from '../../../crypto/test/rsa-pair.js';
import { createJudgeCaches, DEFAULT_POLICY, judgeJws, NO_EVIDENCE, type Report, type Scene } from '../../src/index.js';
import { ALGORITHMS, newKey } from '../path/issue.js';
import { caFrom, crl, day, list, party, said, token, tsuOf, type Party } from '../time/timeline.js';

// Signatures by jose, of every algorithm that the table knows for a key of its kind.
const ca = caFrom('C=CN,O=CA');
const tsaCa = caFrom('C=CN,O=TSA CA');
const tsu = tsuOf(tsaCa);
const trustList = list({ ca: [ca], tsa: [tsaCa] });
const payload = new TextEncoder().encode('{"price":"1,280,000.00"}');
const changed = new TextEncoder().encode('{"price":"1,180,000.00"}');

interface Holder extends Party {
  readonly secret: KeyObject;
}
function holder({ publicKey, privateKey }: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }): Holder {
  const key = { ...newKey('p256'), spki: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })) };
  return { ...party(ca, -100, 300, { key }), secret: privateKey };
}
const p256 = holder(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
const p384 = holder(generateKeyPairSync('ec', { namedCurve: 'P-384' }));
const p521 = holder(generateKeyPairSync('ec', { namedCurve: 'P-521' }));
const ed25519 = holder(generateKeyPairSync('ed25519'));
const rsa = holder(rsaPair());

interface Asked {
  readonly at?: number;
  readonly scene?: Scene;
  readonly payload?: Uint8Array;
}
function judged(jws: string, { at = 10, scene = 'bid-signing', payload: brought }: Asked = {}): Promise<Report> {
  return judgeJws({
    jws, trustList, algorithms: ALGORITHMS, at: day(at), caches: createJudgeCaches(),
    evidence: { ...NO_EVIDENCE, crls: [ca, tsaCa].map((each) => ({ crl: crl(each, at - 1, at + 1) })) },
    policy: { ...DEFAULT_POLICY, scenes: { ...DEFAULT_POLICY.scenes, [scene]: { ...DEFAULT_POLICY.scenes[scene], crlGrace: 0 } } },
    context: { scene, region: '420100' },
    ...(brought === undefined ? {} : { payload: brought }),
  });
}
const headerOf = ({ certificate }: Holder, alg: string) => ({ alg, x5c: [encodeBase64(certificate.bytes)], 'x5t#S256': encodeBase64url(sha256.digest(certificate.bytes)) });

describe.each<[string, Holder, Holder, string]>([
  ['ES256', p256, p384, 'ES384'], ['ES384', p384, p256, 'ES256'], ['ES512', p521, p384, 'ES384'], ['EdDSA', ed25519, p256, 'ES256'],
  ['PS256', rsa, p256, 'ES256'], ['PS384', rsa, p256, 'ES256'], ['PS512', rsa, p256, 'ES256'], ['RS256', rsa, p256, 'ES256'], ['RS384', rsa, p256, 'ES256'], ['RS512', rsa, p256, 'ES256'],
])('%s', (alg, who, other, otherAlg) => {
  const sign = (octets = payload): Promise<string> => new CompactSign(octets).setProtectedHeader(headerOf(who, alg)).sign(who.secret);

  it('passes; not over another payload, with a flipped bit, by another key, or under another algorithm\'s name', async () => {
    const jws = await sign();
    const report = await judged(jws);
    expect(said(report)).toBe('passed');
    expect(report.family).toBe('jws');
    const [head, , value] = jws.split('.') as [string, string, string];
    expect(await judged(`${head}.${encodeBase64url(changed)}.${value}`)).toMatchObject({ conclusion: 'failed', code: 'SIGNATURE_INVALID' });
    const octets = Buffer.from(value, 'base64url');
    octets[octets.length >> 1]! ^= 1;
    expect(await judged(`${head}.${encodeBase64url(payload)}.${encodeBase64url(octets)}`)).toMatchObject({ conclusion: 'failed', code: 'SIGNATURE_INVALID' });
    // Signed by another's key under this certificate.
    const forged = await new CompactSign(payload).setProtectedHeader({ ...headerOf(who, otherAlg) }).sign(other.secret);
    const renamed = `${encodeBase64url(new TextEncoder().encode(JSON.stringify(headerOf(who, alg))))}.${forged.split('.').slice(1).join('.')}`;
    expect((await judged(renamed)).conclusion).toBe('failed');
    expect(await judged(forged)).toMatchObject({ code: 'ALGORITHM_MISMATCH' });
  });
});

it('a signature of one digest is none of another: PS256 is not PS384, RS256 not PS256', async () => {
  const jws = await new CompactSign(payload).setProtectedHeader(headerOf(rsa, 'PS256')).sign(rsa.secret);
  for (const alg of ['PS384', 'RS256']) {
    // The header is what is signed, so it is made to say this from the start by a signer that does something else.
    const head = encodeBase64url(new TextEncoder().encode(JSON.stringify(headerOf(rsa, alg))));
    expect(await judged(`${head}.${jws.split('.').slice(1).join('.')}`)).toMatchObject({ conclusion: 'failed', code: 'SIGNATURE_INVALID' });
  }
});

describe('JAdES B-T', () => {
  const baseline = async (octets = payload): Promise<{ payload?: string; protected: string; signature: string }> =>
    (await new FlattenedSign(octets).setProtectedHeader({ ...headerOf(p384, 'ES384'), iat: day(2) / 1000 }).sign(p384.secret)) as never;
  const stamped = (jws: object, value: Uint8Array): string => JSON.stringify({ ...jws, header: { etsiU: [{ sigTst: { tstTokens: [{ val: encodeBase64(value) }] } }] } });
  const over = (text: string, at: number, by: Party = tsu): Uint8Array => token(new TextEncoder().encode(text), at, by);

  it('passes after the certificate has run out: the time-stamp says when it was made', async () => {
    const jws = await baseline();
    const report = await judged(stamped(jws, over(jws.signature, 2)), { at: 301 });
    expect(report.reasons).toEqual([]);
    expect(said(report)).toBe('passed');
    expect(report.times).toMatchObject({ bestSignature: '2025-01-03T00:00:00.000Z', sources: { bestSignature: 'time-stamp' } });
    expect(report.signers[0]!.timestamps).toMatchObject([{ kind: 'signature', conclusion: 'passed' }]);
    expect(said(await judged(stamped(jws, over(jws.signature, 2)), { at: 10 }))).toBe('passed');
  });

  it('does not with a time-stamp over another value, over the value decoded, by nobody listed, of too late, or none', async () => {
    const jws = await baseline();
    const other = await baseline(changed);
    const rejects: [string, string, string][] = [
      ['another value', stamped(jws, over(other.signature, 2)), 'TIMESTAMP_IMPRINT_MISMATCH'],
      ['the value decoded', stamped(jws, token(Buffer.from(jws.signature, 'base64url'), 2, tsu)), 'TIMESTAMP_IMPRINT_MISMATCH'],
      ['an authority that is not listed', stamped(jws, over(jws.signature, 2, tsuOf(caFrom('C=CN,O=Unlisted')))), 'TSA_NOT_LISTED'],
    ];
    for (const [name, text, code] of rejects) {
      const report = await judged(text, { at: 301 });
      expect([name, said(report), report.signers[0]!.timestamps![0]!.code]).toEqual([name, 'failed EXPIRED CERTIFICATE_EXPIRED', code]);
    }
    expect(said(await judged(stamped(jws, over(jws.signature, 300.5)), { at: 301 }))).toBe('failed EXPIRED CERTIFICATE_EXPIRED');
    expect(said(await judged(JSON.stringify(jws), { at: 301 }))).toBe('failed EXPIRED CERTIFICATE_EXPIRED');
    // The time-stamp of a signature put beside another signature.
    expect((await judged(stamped(other, over(jws.signature, 2)), { at: 301 })).times.sources.bestSignature).toBe('validation time');
  });
});
