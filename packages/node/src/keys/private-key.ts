import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { CryptoError, sm2PublicKey, type EcPublicKey, type PublicKey } from '@hefu/crypto';
import { DerReader, PkiError, Tag, contextConstructed, contextPrimitive, decodeOid, equalBytes, integer, octetString, oid, readAlgorithmIdentifier, readSubjectPublicKeyInfo, sequence, type AlgorithmIdentifier } from '@hefu/pki';
import { KeyFileError, reading } from './error.js';

/** A private key where it is used: SM2 as its number, which is wiped; the others inside OpenSSL. */
export type PrivateKey =
  | { readonly kind: 'SM2'; readonly d: Uint8Array; readonly publicKey: EcPublicKey }
  | { readonly kind: 'platform'; readonly key: KeyObject; readonly publicKey: PublicKey };

const id_ecPublicKey = '1.2.840.10045.2.1';
/** sm2p256v1 as a curve; some write it as the algorithm as well. */
const id_sm2 = '1.2.156.10197.1.301';
const rsaEncryption = '1.2.840.113549.1.1.1';

/** OpenSSL factors nothing here, but an absurd modulus costs seconds for each signature. */
const MAX_MODULUS_OCTETS = 2048;

/**
 * Reads a PrivateKeyInfo (RFC 5208 §5, RFC 5958 §2), DER. The octets are the caller's to wipe.
 * @throws KeyFileError KEY_FILE_DAMAGED | KEY_UNSUPPORTED | KEY_INVALID
 */
export function readPrivateKeyInfo(der: Uint8Array): PrivateKey {
  const { algorithm, content } = reading('the private key', () => {
    const outer = new DerReader(der);
    outer.expect(Tag.SEQUENCE, 'PrivateKeyInfo').finish('PrivateKeyInfo');
    const reader = outer.enter();
    reader.expect(Tag.INTEGER, 'version');
    const info = { algorithm: readAlgorithmIdentifier(reader), content: reader.expect(Tag.OCTET_STRING, 'privateKey').content() };
    reader.optional(contextConstructed(0)); // attributes
    reader.optional(contextPrimitive(1)); // publicKey, which the private key gives anyway
    reader.finish('PrivateKeyInfo');
    return info;
  });
  return isSm2(algorithm) ? sm2Key(content) : platformKey(algorithm, content);
}

/** RFC 5915 §3 outside PKCS #8, as `openssl ec` writes it. @throws as {@link readPrivateKeyInfo} */
export function readEcPrivateKey(der: Uint8Array): PrivateKey {
  const { parameters } = readEcKey(der);
  if (parameters === undefined) throw new KeyFileError('KEY_UNSUPPORTED', 'an EC key that does not name its curve');
  return viaPrivateKeyInfo(sequence(oid(id_ecPublicKey), parameters), der);
}

/** RSAPrivateKey (RFC 8017 §A.1.2) outside PKCS #8. @throws as {@link readPrivateKeyInfo} */
export function readRsaPrivateKey(der: Uint8Array): PrivateKey {
  return viaPrivateKeyInfo(sequence(oid(rsaEncryption), Uint8Array.of(Tag.NULL, 0)), der);
}

function viaPrivateKeyInfo(algorithm: Uint8Array, content: Uint8Array): PrivateKey {
  const info = sequence(integer(0), algorithm, octetString(content));
  try {
    return readPrivateKeyInfo(info);
  } finally {
    info.fill(0);
  }
}

function isSm2({ oid: algorithm, parameters }: AlgorithmIdentifier): boolean {
  return algorithm === id_sm2 || (algorithm === id_ecPublicKey && oidOf(parameters) === id_sm2);
}

function oidOf(parameters: Uint8Array | undefined): string | undefined {
  return parameters?.[0] === Tag.OID ? decodeOid(parameters.subarray(2)) : undefined;
}

interface EcKey {
  readonly d: Uint8Array;
  /** The curve, whole. */
  readonly parameters: Uint8Array | undefined;
  readonly point: Uint8Array | undefined;
}

function readEcKey(der: Uint8Array): EcKey {
  return reading('ECPrivateKey', () => {
    const outer = new DerReader(der);
    outer.expect(Tag.SEQUENCE, 'ECPrivateKey').finish('ECPrivateKey');
    const reader = outer.enter();
    reader.expect(Tag.INTEGER, 'version');
    const d = reader.expect(Tag.OCTET_STRING, 'privateKey').content();
    const parameters = reader.optional(contextConstructed(0)) ? reader.content() : undefined;
    const point = reader.optional(contextConstructed(1)) ? reader.enter().expect(Tag.BIT_STRING, 'publicKey').content().subarray(1) : undefined;
    reader.finish('ECPrivateKey');
    return { d, parameters, point };
  });
}

function sm2Key(content: Uint8Array): PrivateKey {
  const { d: written, parameters, point } = readEcKey(content);
  if (parameters !== undefined && oidOf(parameters) !== id_sm2) throw new KeyFileError('KEY_INVALID', 'the key names two curves');
  const d = scalar(written);
  try {
    const own = sm2PublicKey(d);
    if (point !== undefined && !isPoint(point, own)) throw new KeyFileError('KEY_INVALID', 'the public part does not belong to the private part');
    return { kind: 'SM2', d, publicKey: { kty: 'EC', crv: 'SM2', point: own } };
  } catch (cause) {
    d.fill(0);
    throw cause instanceof CryptoError ? new KeyFileError('KEY_INVALID', 'not a private key of SM2', { cause }) : cause;
  }
}

/** 32 octets (RFC 5915 §3); encoders that write integers leave out leading zeros, or put one before. */
function scalar(written: Uint8Array): Uint8Array {
  const extra = Math.max(0, written.length - 32);
  if (written.length === 0 || extra > 1 || written.subarray(0, extra).some((octet) => octet !== 0)) throw new KeyFileError('KEY_INVALID', `a private number of ${written.length} octets`);
  const d = new Uint8Array(32);
  d.set(written.subarray(extra), 32 - (written.length - extra));
  return d;
}

/** The same point, uncompressed or compressed (SEC 1 §2.3.3). */
function isPoint(written: Uint8Array, own: Uint8Array): boolean {
  if (written.length === 65) return equalBytes(written, own);
  return written.length === 33 && written[0] === 2 + (own[64]! & 1) && equalBytes(written.subarray(1), own.subarray(1, 33));
}

function platformKey(algorithm: AlgorithmIdentifier, content: Uint8Array): PrivateKey {
  // Without attributes and public key, of which OpenSSL 3.0 reads only the former.
  const info = sequence(integer(0), algorithm.bytes, octetString(content));
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: Buffer.from(info.buffer, info.byteOffset, info.length), format: 'der', type: 'pkcs8' });
  } catch (cause) {
    throw new KeyFileError('KEY_UNSUPPORTED', `OpenSSL takes no such key of ${algorithm.oid}`, { cause, detail: algorithm.oid });
  } finally {
    info.fill(0);
  }
  const publicObject = createPublicKey(key);
  try {
    const publicKey: PublicKey = readSubjectPublicKeyInfo(new Uint8Array(publicObject.export({ format: 'der', type: 'spki' }))).key;
    if (publicKey.kty === 'RSA' && publicKey.n.length > MAX_MODULUS_OCTETS) throw new KeyFileError('KEY_UNSUPPORTED', `an RSA modulus of ${8 * publicKey.n.length} bits`);
    if (!agree(key, publicObject, publicKey)) throw new KeyFileError('KEY_INVALID', 'the key does not sign for its public part');
    return { kind: 'platform', key, publicKey };
  } catch (cause) {
    throw cause instanceof PkiError ? new KeyFileError('KEY_UNSUPPORTED', `keys of ${algorithm.oid} sign nothing here`, { cause, detail: algorithm.oid }) : cause;
  }
}

/** A pairwise test: OpenSSL believes the public part that an EC key states, and the primes of an RSA key. */
function agree(key: KeyObject, publicObject: KeyObject, { kty }: PublicKey): boolean {
  const probe = new TextEncoder().encode('pairwise consistency');
  const digest = kty === 'OKP' ? null : 'sha256';
  try {
    return verify(digest, probe, publicObject, sign(digest, probe, key));
  } catch {
    return false; // OpenSSL noticed by itself
  }
}

/** Whether two public keys are one. */
export function samePublicKey(a: PublicKey, b: PublicKey): boolean {
  if (a.kty === 'RSA') return b.kty === 'RSA' && equalBytes(a.n, b.n) && equalBytes(a.e, b.e);
  if (a.kty === 'EC') return b.kty === 'EC' && a.crv === b.crv && equalBytes(a.point, b.point);
  return b.kty === 'OKP' && equalBytes(a.x, b.x);
}
