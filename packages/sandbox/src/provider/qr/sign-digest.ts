import { createPrivateKey, privateEncrypt, constants, type KeyObject } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { encodeEcdsaSignature } from '@hefu/crypto';
import type { HsmKey } from '../hsm.js';

/** DER of DigestInfo before the digest (RFC 8017 §9.2, note 1). */
const DIGEST_INFO = { 'SHA-256': '3031300d060960864801650304020105000420', 'SHA-1': '3021300906052b0e03021a05000414' } as const;
const imported = new WeakMap<object, KeyObject>();

/** Signs what is already hashed; for SM2 that is e. */
export function signDigest({ kind, key }: HsmKey, digest: Uint8Array, hash: keyof typeof DIGEST_INFO = 'SHA-256'): Uint8Array {
  if (kind === 'SM2') return key.signDigest(digest);
  const secret = imported.get(key) ?? createPrivateKey({ key: Buffer.from(key.pkcs8Der), format: 'der', type: 'pkcs8' });
  imported.set(key, secret);
  if (kind === 'P-256') {
    const raw = p256.sign(digest, new Uint8Array(Buffer.from(secret.export({ format: 'jwk' }).d!, 'base64url')), { prehash: false, lowS: false, format: 'compact' });
    return encodeEcdsaSignature(raw.subarray(0, 32), raw.subarray(32));
  }
  if (kind === 'RSA-2048') return new Uint8Array(privateEncrypt({ key: secret, padding: constants.RSA_PKCS1_PADDING }, Buffer.concat([Buffer.from(DIGEST_INFO[hash], 'hex'), digest])));
  throw new TypeError(`a ${kind} key signs no digest`);
}
