import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { classicalAlgorithms, createSm2, decodeEcdsaSignature, sm2PublicKey, sm2Sign, softwareDigests, webCryptoProvider, type Algorithms, type DigestAlgorithm } from '@hefu/crypto';
import * as x509 from '@peculiar/x509';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { rsaPair } from '../../../crypto/test/rsa-pair.js';
import { encodeBase64, encodeBase64url } from '../../src/base64.js';
import { joseListSigner, serializeList, type ListDocument, type ListRole, type ListSigner, type ServiceDocument } from '../../src/index.js';
import { hexOf } from '../../src/sha256.js';

export const sha256: DigestAlgorithm = softwareDigests.find((digest) => digest.name === 'SHA-256')!;
export const withoutSm2: Algorithms = { digests: softwareDigests, signatures: classicalAlgorithms(webCryptoProvider(webcrypto.subtle as SubtleCrypto)) };
export const algorithms: Algorithms = { digests: softwareDigests, signatures: [...withoutSm2.signatures, createSm2()] };

export const T = (text: string): number => Date.parse(text);
export const NOW: number = T('2026-06-01T00:00:00Z');

export interface TestSigner extends ListSigner {
  readonly privateJwk?: JWK;
}

export async function joseSigner(alg: 'ES256' | 'ES384' | 'EdDSA' | 'PS256'): Promise<TestSigner> {
  const privateJwk = alg === 'PS256' ? await exportJWK(rsaPair().privateKey) : await exportJWK((await generateKeyPair(alg, { extractable: true, ...(alg === 'EdDSA' && { crv: 'Ed25519' }) })).privateKey);
  return { ...(await joseListSigner(privateJwk, alg)), privateJwk };
}

/** An SM2 signer over the crypto room, seeded by one octet. */
export function sm2Signer(seed: number): TestSigner {
  const privateKey = new Uint8Array(32).fill(seed);
  const point = sm2PublicKey(privateKey);
  return {
    jwk: { kty: 'EC', crv: 'SM2', x: encodeBase64url(point.subarray(1, 33)), y: encodeBase64url(point.subarray(33)) },
    alg: 'SM2-SM3',
    sign: (input) => decodeEcdsaSignature(sm2Sign(privateKey, input), 32)!,
  };
}

export function roleOf(signers: readonly (readonly [ListSigner, string])[], rest: Omit<ListRole, 'keys'>): ListRole {
  return { keys: signers.map(([signer, org]) => ({ jwk: signer.jwk, org })), ...rest };
}

/** A self-signed P-256 CA certificate, DER. */
export async function caCertificate(name: string): Promise<Uint8Array> {
  x509.cryptoProvider.set(webcrypto as Crypto);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: `CN=${name}, C=CN`,
    notBefore: new Date(T('2020-01-01T00:00:00Z')),
    notAfter: new Date(T('2040-01-01T00:00:00Z')),
    signingAlgorithm: algorithm,
    keys: keys as CryptoKeyPair,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  return new Uint8Array(certificate.rawData);
}

export function serviceOf(certificate: Uint8Array, changes: Partial<ServiceDocument> = {}): ServiceDocument {
  return {
    id: 'urn:hefu:test:ca-1',
    kind: 'ca',
    name: { zh: '测试CA一号', en: 'Test CA 1' },
    anchors: [{ x5c: [encodeBase64(certificate)], mode: 'root' }],
    status: [{ status: 'granted', since: '2021-03-01T00:00Z', recorded: 1 }],
    scope: [{ regions: ['42*'] }],
    ...changes,
  };
}

export function listOf(services: readonly ServiceDocument[], changes: Partial<ListDocument> = {}): ListDocument {
  return {
    type: 'list',
    spec: '1.0',
    listId: '42',
    sequence: 1,
    issued: '2026-05-01T00:00:00Z',
    nextUpdate: '2026-08-01T00:00:00Z',
    operator: { name: { zh: '测试运营方' } },
    territory: ['420000'],
    services,
    ...changes,
  };
}

/** The list after a payload: next sequence, chained to it. */
export function followOf(previous: ListDocument, changes: Partial<ListDocument> = {}): ListDocument {
  return { ...previous, sequence: previous.sequence + 1, prev: `sha256:${hexOf(sha256.digest(serializeList(previous)))}`, ...changes };
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Decodes an envelope, lets the caller change it, encodes it. */
export function reshape(envelope: Uint8Array, change: (value: { payload: string; signatures: { protected: string; signature: string }[] }) => unknown): Uint8Array {
  const value = JSON.parse(new TextDecoder().decode(envelope)) as { payload: string; signatures: { protected: string; signature: string }[] };
  return utf8(JSON.stringify(change(value) ?? value));
}
