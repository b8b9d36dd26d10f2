import { decodeEcdsaSignature } from './ecdsa-signature.js';
import { CryptoError } from './error.js';
import { Sm2 } from './sm2-curve.js';

/**
 * Whether a value is an ECDSA signature (FIPS 186-5 §6.4.2) with an SM2 key: what platforms make that know the curve and not the
 * algorithm. Only for saying what went wrong: no {@link SignatureAlgorithm} accepts it.
 *
 * @param publicPoint 04 || X || Y
 * @param digest of the message, 32 octets
 * @param signature strict DER SEQUENCE { r, s }
 * @throws CryptoError `KEY_INVALID`
 */
export function isEcdsaBySm2Key(publicPoint: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  const raw = decodeEcdsaSignature(signature, 32);
  if (raw === undefined || digest.length !== 32) return false;
  const { Fn, BASE } = Sm2;
  const [r, s] = [raw.subarray(0, 32), raw.subarray(32)].map((part) => Fn.fromBytes(part, true)) as [bigint, bigint];
  if (!Fn.isValidNot0(r) || !Fn.isValidNot0(s)) return false;
  let key: InstanceType<typeof Sm2>;
  try {
    key = Sm2.fromBytes(publicPoint);
  } catch (cause) {
    throw new CryptoError('KEY_INVALID', 'not a point of the curve', { cause });
  }
  const w = Fn.inv(s);
  const u1 = Fn.mul(Fn.create(Fn.fromBytes(digest, true)), w);
  const point = BASE.multiplyUnsafe(u1).add(key.multiplyUnsafe(Fn.mul(r, w)));
  return !point.is0() && Fn.create(point.toAffine().x) === r;
}
