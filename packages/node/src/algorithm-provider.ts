import { createPublicKey, constants, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { type AlgorithmProvider, CryptoError, type DigestName, type PublicKey, type Scheme } from '@hefu/crypto';

export interface NodeAlgorithmProviderOptions {
  /**
   * Keys remembered by value beside those remembered by object identity, for callers that parse one
   * certificate again and again. Default 1024: about 1 kB each.
   */
  readonly maxKeys?: number;
}

const OPENSSL_NAME: Readonly<Partial<Record<DigestName, string>>> = {
  'SHA-1': 'sha1',
  'SHA-224': 'sha224',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

const P1363_LENGTH = { 'P-256': 64, 'P-384': 96, 'P-521': 132 } as const;

/**
 * Classical verification by synchronous `node:crypto`. A key is imported once, as a JWK (its numbers are
 * already at hand, and OpenSSL's decoder of SubjectPublicKeyInfo costs more than an RSA verification).
 *
 * Throws CryptoError `KEY_INVALID` when OpenSSL refuses the key, `ALGORITHM_UNSUPPORTED` for a scheme it
 * cannot do, `PROVIDER_FAILED` otherwise.
 */
export function nodeAlgorithmProvider({ maxKeys = 1024 }: NodeAlgorithmProviderOptions = {}): AlgorithmProvider {
  const byObject = new WeakMap<PublicKey, KeyObject>();
  const byValue = new Map<string, KeyObject>(); // insertion order is recency

  function keyObject(key: PublicKey): KeyObject {
    const known = byObject.get(key);
    if (known !== undefined) return known;
    const value = valueOf(key);
    const imported = byValue.get(value) ?? importKey(key);
    byObject.set(key, imported);
    byValue.delete(value);
    byValue.set(value, imported);
    if (byValue.size > maxKeys) byValue.delete(byValue.keys().next().value!);
    return imported;
  }

  return {
    name: 'node:crypto',
    verify(scheme, key, message, signature) {
      const { digest, padding, saltLength, dsaEncoding } = describe(scheme);
      if (scheme.scheme === 'ECDSA' && signature.length !== P1363_LENGTH[scheme.curve]) return false;
      const imported = keyObject(key);
      try {
        // Members always there, so that Node sees one kind of object (decision 044).
        return verify(digest, message, { key: imported, padding, saltLength, dsaEncoding }, signature);
      } catch (cause) {
        throw new CryptoError('PROVIDER_FAILED', `node:crypto could not verify ${scheme.scheme}`, { cause });
      }
    },
  };
}

interface Call {
  readonly digest: string | null;
  readonly padding: number | undefined;
  readonly saltLength: number | undefined;
  readonly dsaEncoding: 'ieee-p1363' | undefined;
}

function describe(scheme: Scheme): Call {
  switch (scheme.scheme) {
    case 'RSASSA-PKCS1-v1_5':
      return { digest: opensslName(scheme.hash), padding: constants.RSA_PKCS1_PADDING, saltLength: undefined, dsaEncoding: undefined };
    case 'RSASSA-PSS':
      if (scheme.mgfHash !== scheme.hash) {
        throw new CryptoError('ALGORITHM_UNSUPPORTED', `MGF1 with ${scheme.mgfHash} beside ${scheme.hash}`);
      }
      return { digest: opensslName(scheme.hash), padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength, dsaEncoding: undefined };
    case 'ECDSA':
      return { digest: opensslName(scheme.hash), padding: undefined, saltLength: undefined, dsaEncoding: 'ieee-p1363' };
    case 'Ed25519':
      return { digest: null, padding: undefined, saltLength: undefined, dsaEncoding: undefined };
  }
}

function opensslName(hash: DigestName): string {
  const name = OPENSSL_NAME[hash];
  if (name === undefined) throw new CryptoError('ALGORITHM_UNSUPPORTED', `classical signatures with ${hash}`);
  return name;
}

function importKey(key: PublicKey): KeyObject {
  try {
    return createPublicKey({ key: webKey(key), format: 'jwk' });
  } catch (cause) {
    throw new CryptoError('KEY_INVALID', 'node:crypto refused the public key', { cause });
  }
}

/** As RFC 7517 has it; SM2 under the curve name `SM2`. */
export function webKey(key: PublicKey): JsonWebKey {
  switch (key.kty) {
    case 'RSA':
      return { kty: 'RSA', n: base64url(key.n), e: base64url(key.e) };
    case 'EC': {
      const width = (key.point.length - 1) / 2;
      return {
        kty: 'EC',
        crv: key.crv,
        x: base64url(key.point.subarray(1, 1 + width)),
        y: base64url(key.point.subarray(1 + width)),
      };
    }
    case 'OKP':
      return { kty: 'OKP', crv: key.crv, x: base64url(key.x) };
  }
}

/** The key's octets with what tells one kind from another; the modulus' length keeps n and e apart. */
function valueOf(key: PublicKey): string {
  switch (key.kty) {
    case 'RSA':
      return `RSA ${key.n.length} ${view(key.n).toString('latin1')}${view(key.e).toString('latin1')}`;
    case 'EC':
      return `${key.crv} ${view(key.point).toString('latin1')}`;
    case 'OKP':
      return `${key.crv} ${view(key.x).toString('latin1')}`;
  }
}

function base64url(bytes: Uint8Array): string {
  return view(bytes).toString('base64url');
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
