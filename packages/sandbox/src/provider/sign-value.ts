import { constants, createHash, createPrivateKey, privateEncrypt, randomBytes, type KeyObject } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { encodeEcdsaSignature, sm3 } from '@hefu/crypto';
import { sequence, nullValue, octetString, oid } from '@hefu/pki';
import type { KeyPair } from '../keys.js';

/** How a hash is signed. `sha1`: a DigestInfo that says SHA-1, over what is left of the hash; `pss-short-salt`: with 20 octets of salt; no honest service does either. */
export type Scheme = 'pkcs1' | 'pss' | 'pss-short-salt' | 'ecdsa' | 'sm2' | 'sha1';

const SHA1_OID = '1.3.14.3.2.26';
const SHA256_OID = '2.16.840.1.101.3.4.2.1';
/** OIDs of digests that services are told. */
export const DIGEST_OIDS: Readonly<Record<string, { readonly name: string; readonly length: number }>> = {
  [SHA256_OID]: { name: 'sha256', length: 32 },
  '2.16.840.1.101.3.4.2.2': { name: 'sha384', length: 48 },
  '2.16.840.1.101.3.4.2.3': { name: 'sha512', length: 64 },
  '1.2.156.10197.1.401': { name: 'sm3', length: 32 },
};
const privateKeys = new WeakMap<KeyPair, KeyObject>();

/** A value over a hash as it is: DER for P-256 and SM2, where the hash is e; octets for RSA. */
export function signHashValue(key: KeyPair, scheme: Scheme, hash: Uint8Array, digestOid: string): Uint8Array {
  switch (scheme) {
    case 'sm2': return key.signDigest(hash);
    case 'ecdsa': return ecdsaP256(key, hash);
    case 'pkcs1': return rsa(key, constants.RSA_PKCS1_PADDING, digestInfo(digestOid, hash));
    case 'sha1': return rsa(key, constants.RSA_PKCS1_PADDING, digestInfo(SHA1_OID, hash.subarray(0, 20)));
    case 'pss': return rsa(key, constants.RSA_NO_PADDING, encodePss(hash, DIGEST_OIDS[digestOid]!.name, 256, hash.length));
    case 'pss-short-salt': return rsa(key, constants.RSA_NO_PADDING, encodePss(hash, DIGEST_OIDS[digestOid]!.name, 256, 20));
  }
}

/** A value as an honest provider makes it of a hash alone: e for SM2, SHA-256 for the others. @throws TypeError for Ed25519, which signs no hashes */
export function signHonestly(key: KeyPair, hash: Uint8Array): Uint8Array {
  if (key.kind === 'Ed25519') throw new TypeError('Ed25519 signs no hashes');
  return signHashValue(key, key.kind === 'SM2' ? 'sm2' : key.kind === 'P-256' ? 'ecdsa' : 'pkcs1', hash, SHA256_OID);
}

/** What a platform makes that hashes what it was given once more. */
export function hashedTwice(hash: Uint8Array, digestOid: string): Uint8Array {
  const { name } = DIGEST_OIDS[digestOid]!;
  return name === 'sm3' ? sm3.digest(hash) : new Uint8Array(createHash(name).update(hash).digest());
}

function privateKeyOf(key: KeyPair): KeyObject {
  let found = privateKeys.get(key);
  if (found === undefined) privateKeys.set(key, (found = createPrivateKey({ key: Buffer.from(key.pkcs8Der), format: 'der', type: 'pkcs8' })));
  return found;
}

function ecdsaP256(key: KeyPair, hash: Uint8Array): Uint8Array {
  const { d } = privateKeyOf(key).export({ format: 'jwk' });
  const raw = p256.sign(hash, new Uint8Array(Buffer.from(d!, 'base64url')), { prehash: false, lowS: false, format: 'compact' });
  return encodeEcdsaSignature(raw.subarray(0, 32), raw.subarray(32));
}

function rsa(key: KeyPair, padding: number, octets: Uint8Array): Uint8Array {
  return new Uint8Array(privateEncrypt({ key: privateKeyOf(key), padding }, octets));
}

/** DigestInfo (RFC 8017 §9.2). */
function digestInfo(digestOid: string, hash: Uint8Array): Uint8Array {
  return sequence(sequence(oid(digestOid), nullValue()), octetString(hash));
}

/** EMSA-PSS (RFC 8017 §9.1.1), for a modulus whose top bit is set. */
function encodePss(hash: Uint8Array, name: string, modulusOctets: number, saltOctets: number): Uint8Array {
  const digest = (...parts: readonly Uint8Array[]): Buffer => parts.reduce((hasher, part) => hasher.update(part), createHash(name)).digest();
  const salt = randomBytes(saltOctets);
  const h = digest(new Uint8Array(8), hash, salt);
  const block = new Uint8Array(modulusOctets - h.length - 1);
  block[block.length - salt.length - 1] = 1;
  block.set(salt, block.length - salt.length);
  for (let at = 0, counter = 0; at < block.length; counter++) for (const octet of digest(h, Uint8Array.of(counter >>> 24, counter >>> 16, counter >>> 8, counter))) {
    if (at >= block.length) break;
    block[at++]! ^= octet;
  }
  block[0]! &= 0x7f;
  return Uint8Array.from([...block, ...h, 0xbc]);
}
