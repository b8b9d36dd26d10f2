import { hexToBytes } from '@noble/hashes/utils.js';
import type { AlgorithmProvider, SignatureAlgorithm } from './algorithm.js';
import { CryptoError } from './error.js';

/** L of RFC 8032 §5.1, little-endian. */
const ORDER = /*#__PURE__*/ hexToBytes('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');

/** 2^255 - 19, little-endian. */
const PRIME = /*#__PURE__*/ hexToBytes('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f');

/** y of the points of small order, in canonical little-endian form; the sign bit of x may be either. */
const SMALL_ORDER: readonly Uint8Array[] = /*#__PURE__*/ [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].map((hex) => hexToBytes(hex));

/**
 * Ed25519 (RFC 8032 §5.1, RFC 8410). Platforms differ on malformed points, so those are settled here: a key
 * that is not canonical or of small order is `KEY_INVALID`; a signature whose R is either, or whose S is not
 * below L, is `false`.
 */
export function ed25519(provider: AlgorithmProvider): SignatureAlgorithm {
  return {
    name: 'Ed25519',
    signatureOids: ['1.3.101.112'],
    keyOids: [],
    digest: 'none',
    parameters: 'absent',
    supportsKey: (key) => key.kty === 'OKP' && key.crv === 'Ed25519',
    verify(key, message, signature) {
      if (key.kty !== 'OKP' || key.crv !== 'Ed25519') throw new CryptoError('KEY_UNSUPPORTED', 'not an Ed25519 public key');
      if (key.x.length !== 32 || !isAcceptablePoint(key.x)) {
        throw new CryptoError('KEY_INVALID', 'an Ed25519 public key is a canonical point of large order in 32 octets');
      }
      if (signature.length !== 64) return false;
      if (!isAcceptablePoint(signature.subarray(0, 32)) || !isBelow(signature.subarray(32), ORDER)) return false;
      return provider.verify({ scheme: 'Ed25519' }, key, message, signature);
    },
  };
}

function isAcceptablePoint(octets: Uint8Array): boolean {
  const y = Uint8Array.from(octets); // slice() of a subclass may be a view, not a copy
  y[31]! &= 0x7f;
  return isBelow(y, PRIME) && !SMALL_ORDER.some((small) => small.every((octet, i) => octet === y[i]));
}

/** Compares little-endian numbers of one width. */
function isBelow(value: Uint8Array, bound: Uint8Array): boolean {
  for (let i = value.length - 1; i >= 0; i--) {
    if (value[i]! !== bound[i]!) return value[i]! < bound[i]!;
  }
  return false;
}
