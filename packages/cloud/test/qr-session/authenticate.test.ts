import { createHmac, getHashes, sign as nodeSign } from 'node:crypto';
import { parseCertificate } from '@hefu/pki';
import { describe, expect, it } from 'vitest';
import { rsaPair } from '../../../crypto/test/rsa-pair.js';
import { authenticate, decodeText, encodeText, isAuthentic, macOf, type PlatformKey } from '../../src/qr-session/authenticate.js';
import { createCallbackDesk } from '../../src/qr-session/callback-desk.js';
import type { AuthenticationScheme as Scheme, CallbackShape } from '../../src/index.js';
import { algorithms, world } from './bench.js';

const octets = new TextEncoder().encode('POST\n/service/v1/addSignJob\n1780000000000');
const secret = new TextEncoder().encode('shared');
const rsa = rsaPair();
const { n, e } = rsa.publicKey.export({ format: 'jwk' });
const company = world.companies.find(({ sign }) => sign.key.kind === 'SM2')!;
const SIGNERS: Readonly<Record<'rsa-sha256' | 'sm2-sm3', { readonly sign: (data: Uint8Array) => Uint8Array; readonly verifier: PlatformKey }>> = {
  'rsa-sha256': {
    sign: (data) => new Uint8Array(nodeSign('sha256', data, rsa.privateKey)),
    verifier: { kind: 'verifier', key: { kty: 'RSA', n: new Uint8Array(Buffer.from(n!, 'base64url')), e: new Uint8Array(Buffer.from(e!, 'base64url')) } },
  },
  'sm2-sm3': { sign: (data) => company.sign.key.sign(data), verifier: { kind: 'verifier', key: parseCertificate(company.sign.certificate).spki.key } },
};

describe('a MAC', () => {
  it('is the one Node computes', async () => {
    expect(macOf('hmac-sha256', secret, octets, algorithms)).toEqual(new Uint8Array(createHmac('sha256', secret).update(octets).digest()));
    // A build of OpenSSL without SM3 has nothing to compare with; RFC 2104 over SM3 is tested in the crypto room.
    if (getHashes().includes('sm3')) expect(macOf('hmac-sm3', secret, octets, algorithms)).toEqual(new Uint8Array(createHmac('sm3', secret).update(octets).digest()));
  });
  it.each(['hmac-sha256', 'hmac-sm3'] as const)('%s proves, and no other key or text does', async (scheme) => {
    const key: PlatformKey = { kind: 'mac', secret };
    const proof = await authenticate(scheme, key, octets, algorithms);
    expect(await isAuthentic(scheme, key, octets, proof, algorithms)).toBe(true);
    expect(await isAuthentic(scheme, key, octets.slice(1), proof, algorithms)).toBe(false);
    expect(await isAuthentic(scheme, { kind: 'mac', secret: secret.slice(1) }, octets, proof, algorithms)).toBe(false);
    expect(await isAuthentic(scheme, key, octets, proof.slice(0, 16), algorithms)).toBe(false);
    expect(await isAuthentic(scheme, undefined, octets, proof, algorithms)).toBe(false);
    expect(await isAuthentic(scheme, key, octets, undefined, algorithms)).toBe(false);
  });
});

describe.each(['rsa-sha256', 'sm2-sm3'] as const)('a signature, %s', (scheme) => {
  const { sign, verifier } = SIGNERS[scheme];
  it('is made by the platform’s key, which this room never sees', async () => {
    const proof = await authenticate(scheme, { kind: 'signer', sign: async (data) => sign(data) }, octets, algorithms);
    expect(await isAuthentic(scheme, verifier, octets, proof, algorithms)).toBe(true);
    await expect(authenticate(scheme, { kind: 'mac', secret }, octets, algorithms)).rejects.toMatchObject({ code: 'ADAPTER_MISCONFIGURED', detail: 'platform-key' });
    await expect(authenticate(scheme, { kind: 'signer', sign: () => Promise.reject(new Error('hsm')) }, octets, algorithms)).rejects.toMatchObject({ code: 'ADAPTER_MISCONFIGURED' });
  });
  it('of a callback is the provider’s or none', async () => {
    const shape: CallbackShape = { job: 'id', reply: { ok: true }, signature: { scheme, key: 'provider', over: '${callback.header-x-time}.${callback.body}', header: 'X-Signature', encoding: 'base64' } };
    const desk = createCallbackDesk({ shape, keys: { provider: verifier }, clock: { now: () => 0 }, algorithms });
    const body = '{"id":"job-1"}';
    const callback = (over: string, time = '5') => ({ headers: { 'X-TIME': time, 'x-signature': Buffer.from(sign(new TextEncoder().encode(over))).toString('base64') }, body });
    const heard: string[] = [];
    desk.listen('job-1', (what) => heard.push(what));
    expect(await desk.handle(callback(`5.${body}`))).toMatchObject({ outcome: 'taken', jobId: 'job-1' });
    expect(await desk.handle(callback(`5.${body}`, '6'))).toMatchObject({ outcome: 'forged', jobId: 'job-1' });
    expect(await desk.handle(callback(body))).toMatchObject({ outcome: 'forged' });
    expect(heard).toEqual(['hint', 'forged', 'forged']);
  });
  it('is not taken with a key of another kind', async () => {
    const other: Scheme = scheme === 'sm2-sm3' ? 'rsa-sha256' : 'sm2-sm3';
    expect(await isAuthentic(other, verifier, octets, sign(octets), algorithms)).toBe(false);
  });
});

describe('octets as text', () => {
  it.each(['base64', 'base64url', 'hex'] as const)('%s goes there and back', (encoding) => {
    const value = Uint8Array.of(0, 255, 16, 62);
    expect(decodeText(encodeText(value, encoding), encoding)).toEqual(value);
    expect(decodeText('~', encoding)).toBeUndefined();
  });
});
