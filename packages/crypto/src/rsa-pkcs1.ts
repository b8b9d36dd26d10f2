import type { AlgorithmProvider, DigestName, SignatureAlgorithm } from './algorithm.js';
import type { RsaLimits } from './limits.js';
import { rsaKeyCheck } from './rsa-key.js';

/** Digests RSASSA-PKCS1-v1_5 is defined with here. SHA-1 and SHA-224 only when asked for by name. */
export type RsaHash = Exclude<DigestName, 'SM3'>;

// RFC 8017 §A.2.4, RFC 4055 §5.
const OIDS: Readonly<Record<RsaHash, string>> = {
  'SHA-1': '1.2.840.113549.1.1.5',
  'SHA-224': '1.2.840.113549.1.1.14',
  'SHA-256': '1.2.840.113549.1.1.11',
  'SHA-384': '1.2.840.113549.1.1.12',
  'SHA-512': '1.2.840.113549.1.1.13',
};

/**
 * RSASSA-PKCS1-v1_5 (RFC 8017 §8.2). A signature that is not as long as the modulus is `false`.
 *
 * @param limits bounds on the key; the defaults refuse moduli below 2048 bits
 */
export function rsaPkcs1(provider: AlgorithmProvider, hash: RsaHash, limits?: Partial<RsaLimits>): SignatureAlgorithm {
  const keys = rsaKeyCheck(limits);
  const scheme = { scheme: 'RSASSA-PKCS1-v1_5', hash } as const;
  return {
    name: `RSASSA-PKCS1-v1_5-${hash}`,
    signatureOids: [OIDS[hash]],
    keyOids: ['1.2.840.113549.1.1.1'],
    digest: hash,
    // RFC 4055 §5: NULL is what shall be written; absent must be accepted.
    parameters: 'null-or-absent',
    supportsKey: keys.supports,
    verify(key, message, signature) {
      const rsa = keys.require(key);
      return signature.length === rsa.n.length && provider.verify(scheme, rsa, message, signature);
    },
  };
}
