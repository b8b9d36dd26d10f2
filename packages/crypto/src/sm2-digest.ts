import { hexToBytes } from '@noble/hashes/utils.js';
import type { DigestAlgorithm, Hasher } from './algorithm.js';
import { CryptoError } from './error.js';
import { MAX_DISTINGUISHING_ID_BYTES } from './limits.js';
import { sm3 } from './sm3.js';

/** The distinguishing identifier GM/T 0009 §10 fixes for certificates and messages, in ASCII. */
export const SM2_DEFAULT_ID = '1234567812345678';

/** a || b || Gx || Gy of sm2p256v1. */
const CURVE_OCTETS = /*#__PURE__*/ hexToBytes(
  'fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc' +
    '28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93' +
    '32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7' +
    'bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0',
);

/**
 * Z = SM3(ENTL || ID || a || b || Gx || Gy || Px || Py), GB/T 32918.2 §5.5. The point is the **signer's**
 * (for a certificate: the issuer's).
 *
 * @param publicPoint 04 || X || Y, 65 octets; whether it is on the curve is not checked here
 * @param distinguishingId default {@link SM2_DEFAULT_ID}; at most 8191 octets, may be empty
 * @param digest SM3; default: the one in plain JavaScript
 * @returns 32 octets
 * @throws CryptoError `KEY_INVALID` or `PARAMETERS_INVALID`
 */
export function sm2Z(publicPoint: Uint8Array, distinguishingId?: Uint8Array, digest: DigestAlgorithm = sm3): Uint8Array {
  if (publicPoint.length !== 65 || publicPoint[0] !== 0x04) {
    throw new CryptoError('KEY_INVALID', 'an SM2 public key is 65 octets starting with 04');
  }
  const id = distinguishingId ?? new TextEncoder().encode(SM2_DEFAULT_ID);
  if (id.length > MAX_DISTINGUISHING_ID_BYTES) {
    throw new CryptoError('PARAMETERS_INVALID', 'an SM2 distinguishing identifier has at most 8191 octets');
  }
  const bits = 8 * id.length;
  return digest
    .create()
    .update(Uint8Array.of(bits >>> 8, bits & 0xff))
    .update(id)
    .update(CURVE_OCTETS)
    .update(publicPoint.subarray(1))
    .digest();
}

/**
 * A running e = SM3(Z || M): feed it the message.
 *
 * @throws CryptoError as {@link sm2Z}
 */
export function sm2DigestHasher(publicPoint: Uint8Array, distinguishingId?: Uint8Array): Hasher {
  return sm3.create().update(sm2Z(publicPoint, distinguishingId));
}

/** e = SM3(Z || M), 32 octets: what an SM2 signature signs (GB/T 32918.2 §6.1). */
export function sm2Digest(publicPoint: Uint8Array, message: Uint8Array, distinguishingId?: Uint8Array): Uint8Array {
  return sm2DigestHasher(publicPoint, distinguishingId).update(message).digest();
}
