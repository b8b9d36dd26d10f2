import type { AlgorithmProvider, CurveName, DigestName, EcPublicKey, PublicKey, SignatureAlgorithm } from './algorithm.js';
import { COMPONENT_OCTETS, decodeEcdsaSignature } from './ecdsa-signature.js';
import { CryptoError } from './error.js';

export type EcdsaHash = Exclude<DigestName, 'SM3'>;
type NistCurve = Exclude<CurveName, 'SM2'>;

// RFC 3279 §2.2.3, RFC 5758 §3.2.
const OIDS: Readonly<Record<EcdsaHash, string>> = {
  'SHA-1': '1.2.840.10045.4.1',
  'SHA-224': '1.2.840.10045.4.3.1',
  'SHA-256': '1.2.840.10045.4.3.2',
  'SHA-384': '1.2.840.10045.4.3.3',
  'SHA-512': '1.2.840.10045.4.3.4',
};

/**
 * ECDSA (FIPS 186-5 §6.4) over P-256, P-384 or P-521 with one digest. The signature value is strict DER,
 * decoded here so that every platform sees r||s; whether the key is on its curve is the platform's check
 * when it imports it (`KEY_INVALID`).
 */
export function ecdsa(provider: AlgorithmProvider, hash: EcdsaHash): SignatureAlgorithm {
  return {
    name: `ECDSA-${hash}`,
    signatureOids: [OIDS[hash]],
    keyOids: [],
    digest: hash,
    parameters: 'absent',
    supportsKey: (key) => nistCurve(key) !== undefined,
    verify(key, message, signature) {
      const curve = nistCurve(key);
      if (curve === undefined) throw new CryptoError('KEY_UNSUPPORTED', 'not a P-256, P-384 or P-521 public key');
      const { point } = key as EcPublicKey;
      const octets = COMPONENT_OCTETS[curve];
      if (point.length !== 1 + 2 * octets || point[0] !== 0x04) {
        throw new CryptoError('KEY_INVALID', `a ${curve} public key is ${1 + 2 * octets} octets starting with 04`);
      }
      const raw = decodeEcdsaSignature(signature, octets);
      return raw !== undefined && provider.verify({ scheme: 'ECDSA', curve, hash }, key, message, raw);
    },
  };
}

function nistCurve(key: PublicKey): NistCurve | undefined {
  return key.kty === 'EC' && (key.crv === 'P-256' || key.crv === 'P-384' || key.crv === 'P-521') ? key.crv : undefined;
}
