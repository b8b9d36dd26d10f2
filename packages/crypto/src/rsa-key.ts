import type { PublicKey, RsaPublicKey } from './algorithm.js';
import { CryptoError, type CryptoErrorCode } from './error.js';
import { DEFAULT_RSA_LIMITS, type RsaLimits } from './limits.js';

/** Checks a key once per call, before any arithmetic. */
export interface RsaKeyCheck {
  supports(key: PublicKey): boolean;
  /** @throws CryptoError `KEY_UNSUPPORTED` for another kind or size, `KEY_INVALID` for a malformed key */
  require(key: PublicKey): RsaPublicKey;
}

export function rsaKeyCheck(limits: Partial<RsaLimits> | undefined): RsaKeyCheck {
  const bounds = { ...DEFAULT_RSA_LIMITS, ...limits };
  return {
    supports: (key) => key.kty === 'RSA' && problem(key, bounds) === undefined,
    require(key) {
      if (key.kty !== 'RSA') throw new CryptoError('KEY_UNSUPPORTED', 'not an RSA public key');
      const found = problem(key, bounds);
      if (found !== undefined) throw new CryptoError(found.code, found.message);
      return key;
    },
  };
}

function problem({ n, e }: RsaPublicKey, limits: RsaLimits): { code: CryptoErrorCode; message: string } | undefined {
  if (n.length === 0 || n[0] === 0 || e.length === 0 || e[0] === 0) {
    return { code: 'KEY_INVALID', message: 'an RSA modulus and exponent are positive, without leading zero octets' };
  }
  const modulusBits = bitLength(n);
  if (modulusBits < limits.minModulusBits || modulusBits > limits.maxModulusBits) {
    return {
      code: 'KEY_UNSUPPORTED',
      message: `an RSA modulus of ${modulusBits} bits; ${limits.minModulusBits} to ${limits.maxModulusBits} are accepted`,
    };
  }
  if (bitLength(e) > limits.maxExponentBits) {
    return { code: 'KEY_UNSUPPORTED', message: `an RSA exponent of more than ${limits.maxExponentBits} bits` };
  }
  // RFC 8017 §3.1: n is a product of odd primes, e is odd and at least 3.
  if (!isOdd(n) || !isOdd(e) || (e.length === 1 && e[0] === 1)) {
    return { code: 'KEY_INVALID', message: 'an RSA modulus is odd, its exponent odd and at least 3' };
  }
  return undefined;
}

function isOdd(value: Uint8Array): boolean {
  return (value[value.length - 1]! & 1) === 1;
}

/** Bits of an unsigned number without leading zero octets. */
export function bitLength(value: Uint8Array): number {
  return value.length === 0 ? 0 : 8 * value.length - (Math.clz32(value[0]!) - 24);
}
