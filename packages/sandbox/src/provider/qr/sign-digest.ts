import { constants, createHash, createPrivateKey, privateEncrypt, randomBytes } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { encodeEcdsaSignature } from '@hefu/crypto';
import { nullValue, octetString, oid, sequence } from '@hefu/pki';
import type { KeyPair } from '../../keys.js';

/** How a value over a digest is made, rightly or not. */
export type DigestManner = 'right' | 'sha1-info' | 'pss';

const OIDS = { 'SHA-1': '1.3.14.3.2.26', 'SHA-256': '2.16.840.1.101.3.4.2.1' } as const;

/**
 * A value over a digest, as hardware makes it. SM2 takes e as it is; ECDSA and SM2 give DER SEQUENCE { r, s }, RSA octets of
 * PKCS #1 v1.5 with SHA-256.
 * @throws TypeError for Ed25519, which signs no digests
 */
export function signDigest({ kind, pkcs8Der, signDigest: signE }: KeyPair, digest: Uint8Array, manner: DigestManner = 'right'): Uint8Array {
  if (kind === 'SM2') return signE(digest);
  const key = createPrivateKey({ key: Buffer.from(pkcs8Der), format: 'der', type: 'pkcs8' });
  if (kind === 'P-256') {
    const raw = p256.sign(digest, new Uint8Array(Buffer.from(key.export({ format: 'jwk' }).d!, 'base64url')), { prehash: false, lowS: false, format: 'compact' });
    return encodeEcdsaSignature(raw.subarray(0, 32), raw.subarray(32));
  }
  if (kind !== 'RSA-2048') throw new TypeError(`${kind} signs no digests`);
  if (manner === 'pss') return new Uint8Array(privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, pssEncoded(digest, 256)));
  const info = manner === 'sha1-info'
    ? digestInfo(OIDS['SHA-1'], new Uint8Array(createHash('sha1').update(digest).digest()))
    : digestInfo(OIDS['SHA-256'], digest);
  return new Uint8Array(privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, info));
}

/** RFC 8017 §9.2 */
function digestInfo(algorithm: string, digest: Uint8Array): Uint8Array {
  return sequence(sequence(oid(algorithm), nullValue()), octetString(digest));
}

/** EMSA-PSS with SHA-256 and a salt of 32 octets (RFC 8017 §9.1.1), for a modulus of 2048 bits. */
function pssEncoded(digest: Uint8Array, length: number): Uint8Array {
  const sha256 = (...parts: Uint8Array[]): Buffer => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
  const salt = randomBytes(32);
  const h = sha256(new Uint8Array(8), digest, salt);
  const db = Buffer.concat([new Uint8Array(length - 66), Uint8Array.of(1), salt]);
  for (let i = 0, counter = 0; i < db.length; counter++) {
    const mask = sha256(h, Uint8Array.of(0, 0, 0, counter));
    for (const octet of mask) if (i < db.length) db[i++]! ^= octet;
  }
  db[0]! &= 0x7f;
  return Buffer.concat([db, h, Uint8Array.of(0xbc)]);
}
