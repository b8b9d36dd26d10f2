import type { AlgorithmProvider, DigestName, PublicKey, Scheme } from './algorithm.js';
import { base64url } from './base64url.js';
import { CryptoError } from './error.js';

/**
 * `crypto.subtle` of the platform that is compiled for. Taken from there and not by name: a program for Node.js alone has no types of the DOM,
 * and one for a page none of Node.js.
 */
export type PlatformSubtle = typeof globalThis extends { crypto: { readonly subtle: infer Subtle } } ? Subtle : never;
/** A `CryptoKey` of that platform. */
export type PlatformKey = Parameters<PlatformSubtle['sign']>[1];

type Hash = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';

interface Call {
  /** Distinguishes imports of one key: WebCrypto binds the digest of RSA to the key. */
  readonly cacheKey: string;
  readonly import: RsaHashedImportParams | EcKeyImportParams | Algorithm;
  readonly verify: AlgorithmIdentifier | RsaPssParams | EcdsaParams;
  /** The only signature length possible, where the scheme alone fixes it. */
  readonly signatureLength?: number;
}

/**
 * Classical verification over an injected WebCrypto. A key is imported once per PublicKey object (and, for
 * RSA, per scheme and digest).
 *
 * Rejects with CryptoError `KEY_INVALID` when the platform refuses the key's value, `ALGORITHM_UNSUPPORTED`
 * when it lacks the scheme, `PROVIDER_FAILED` otherwise.
 */
export function webCryptoProvider(subtle: PlatformSubtle): AlgorithmProvider {
  const imported = new WeakMap<PublicKey, Map<string, Promise<CryptoKey>>>();

  function importOnce(key: PublicKey, call: Call): Promise<CryptoKey> {
    let forms = imported.get(key);
    if (forms === undefined) imported.set(key, (forms = new Map()));
    let form = forms.get(call.cacheKey);
    if (form === undefined) {
      form = importKey(subtle, key, call.import);
      forms.set(call.cacheKey, form);
      // A refusal may be of the moment; do not remember it.
      form.catch(() => forms.delete(call.cacheKey));
    }
    return form;
  }

  return {
    name: 'webcrypto',
    async verify(scheme, key, message, signature) {
      const call = describe(scheme);
      if (call.signatureLength !== undefined && signature.length !== call.signatureLength) return false;
      const cryptoKey = await importOnce(key, call);
      try {
        return await subtle.verify(call.verify, cryptoKey, source(signature), source(message));
      } catch (cause) {
        throw new CryptoError('PROVIDER_FAILED', `WebCrypto could not verify ${scheme.scheme}`, { cause });
      }
    },
  };
}

function describe(scheme: Scheme): Call {
  switch (scheme.scheme) {
    case 'RSASSA-PKCS1-v1_5': {
      const hash = supportedHash(scheme.hash);
      return {
        cacheKey: `pkcs1 ${hash}`,
        import: { name: 'RSASSA-PKCS1-v1_5', hash },
        verify: 'RSASSA-PKCS1-v1_5',
      };
    }
    case 'RSASSA-PSS': {
      const hash = supportedHash(scheme.hash);
      if (scheme.mgfHash !== scheme.hash) throw unsupported(`MGF1 with ${scheme.mgfHash} beside ${scheme.hash}`);
      return {
        cacheKey: `pss ${hash}`,
        import: { name: 'RSA-PSS', hash },
        verify: { name: 'RSA-PSS', saltLength: scheme.saltLength },
      };
    }
    case 'ECDSA':
      return {
        cacheKey: 'ecdsa',
        import: { name: 'ECDSA', namedCurve: scheme.curve },
        verify: { name: 'ECDSA', hash: supportedHash(scheme.hash) },
        signatureLength: { 'P-256': 64, 'P-384': 96, 'P-521': 132 }[scheme.curve],
      };
    case 'Ed25519':
      return { cacheKey: 'ed25519', import: { name: 'Ed25519' }, verify: 'Ed25519', signatureLength: 64 };
  }
}

function importKey(subtle: SubtleCrypto, key: PublicKey, algorithm: Call['import']): Promise<CryptoKey> {
  const pending =
    key.kty === 'RSA'
      ? subtle.importKey('jwk', { kty: 'RSA', n: base64url(key.n), e: base64url(key.e) }, algorithm, false, ['verify'])
      : subtle.importKey('raw', source(key.kty === 'EC' ? key.point : key.x), algorithm, false, ['verify']);
  return pending.catch((cause: unknown) => {
    const name = (cause as { name?: unknown } | null)?.name;
    if (name === 'DataError') throw new CryptoError('KEY_INVALID', 'WebCrypto refused the public key', { cause });
    if (name === 'NotSupportedError') throw unsupported(algorithm.name, cause);
    throw new CryptoError('PROVIDER_FAILED', 'WebCrypto could not import the public key', { cause });
  });
}

function supportedHash(hash: DigestName): Hash {
  if (hash === 'SM3' || hash === 'SHA-224') throw unsupported(hash);
  return hash;
}

function unsupported(what: string, cause?: unknown): CryptoError {
  return new CryptoError('ALGORITHM_UNSUPPORTED', `WebCrypto does not offer ${what}`, { cause });
}

/** The type wants a view over an unshared buffer; the platform checks that itself. */
function source(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
