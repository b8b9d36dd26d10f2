import type { AlgorithmProvider, DigestName, PssParameters, SignatureAlgorithm } from './algorithm.js';
import { CryptoError } from './error.js';
import type { RsaLimits } from './limits.js';
import { bitLength, rsaKeyCheck } from './rsa-key.js';

export interface RsaPssOptions extends Partial<RsaLimits> {
  /** Digests accepted in the parameters. Default SHA-256, SHA-384, SHA-512: the parameters' own default, SHA-1, is refused. */
  readonly hashes?: readonly DigestName[];
}

const HASH_LENGTH: Readonly<Partial<Record<DigestName, number>>> = {
  'SHA-1': 20,
  'SHA-224': 28,
  'SHA-256': 32,
  'SHA-384': 48,
  'SHA-512': 64,
};

/**
 * RSASSA-PSS (RFC 8017 §8.1, RFC 4055 §3) with the parameters given to `verify`.
 *
 * `verify` throws TypeError without parameters, CryptoError `ALGORITHM_UNSUPPORTED` for a digest not in
 * `hashes` or another digest in MGF1 (no platform verifies that), `PARAMETERS_INVALID` for a salt length
 * that is no length. A salt that cannot fit the modulus is a signature that cannot verify: `false`.
 */
export function rsaPss(provider: AlgorithmProvider, options: RsaPssOptions = {}): SignatureAlgorithm {
  const { hashes = ['SHA-256', 'SHA-384', 'SHA-512'], ...limits } = options;
  const keys = rsaKeyCheck(limits);
  return {
    name: 'RSASSA-PSS',
    signatureOids: ['1.2.840.113549.1.1.10'],
    keyOids: [],
    digest: 'in-parameters',
    parameters: 'pss',
    supportsKey: keys.supports,
    verify(key, message, signature, { pss } = {}) {
      if (pss === undefined) throw new TypeError('RSASSA-PSS needs its parameters');
      const rsa = keys.require(key);
      const hashLength = requireParameters(pss, hashes);
      // EMSA-PSS (RFC 8017 §9.1.1 step 3): emLen >= hLen + sLen + 2, emBits = modBits - 1.
      const encodedLength = Math.ceil((bitLength(rsa.n) - 1) / 8);
      if (encodedLength < hashLength + pss.saltLength + 2 || signature.length !== rsa.n.length) return false;
      const { hash, mgfHash, saltLength } = pss;
      return provider.verify({ scheme: 'RSASSA-PSS', hash, mgfHash, saltLength }, rsa, message, signature);
    },
  };
}

function requireParameters(pss: PssParameters, hashes: readonly DigestName[]): number {
  const hashLength = HASH_LENGTH[pss.hash];
  if (hashLength === undefined || !hashes.includes(pss.hash) || pss.mgfHash !== pss.hash) {
    throw new CryptoError('ALGORITHM_UNSUPPORTED', `RSASSA-PSS with ${pss.hash} and MGF1 with ${pss.mgfHash}`);
  }
  if (!Number.isInteger(pss.saltLength) || pss.saltLength < 0) {
    throw new CryptoError('PARAMETERS_INVALID', 'the salt length is not a length');
  }
  return hashLength;
}
