import { invertCt } from '@noble/curves/abstract/modular.js';
import { createHmacDrbg } from '@noble/curves/utils.js';
import { hmac } from '@noble/hashes/hmac.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { encodeEcdsaSignature } from './ecdsa-signature.js';
import { CryptoError } from './error.js';
import { Sm2 } from './sm2-curve.js';
import { sm2Digest } from './sm2-digest.js';
import { sm3Hash } from './sm3.js';

export interface Sm2SignDigestOptions {
  /** Fresh random octets (32 are enough) that hedge the deterministic nonce against faults and side channels, as RFC 6979 §3.6. */
  readonly extraEntropy?: Uint8Array;
}

export interface Sm2SignOptions extends Sm2SignDigestOptions {
  /** Default ASCII `1234567812345678`. */
  readonly distinguishingId?: Uint8Array;
}

/**
 * Signs e = SM3(Z || M) (GB/T 32918.2 §6.1). The nonce is drawn as RFC 6979 §3.2 does, with HMAC-SM3 over the
 * private key and e, so one key and one digest always give one signature unless `extraEntropy` differs.
 *
 * @param privateKey d, 32 octets big-endian, in [1, n-2]
 * @param digest e, 32 octets
 * @returns DER SEQUENCE { r, s }
 * @throws CryptoError `KEY_INVALID`
 */
export function sm2SignDigest(privateKey: Uint8Array, digest: Uint8Array, options: Sm2SignDigestOptions = {}): Uint8Array {
  if (digest.length !== 32) throw new TypeError('an SM2 digest has 32 octets');
  const { Fn } = Sm2;
  const d = readPrivateKey(privateKey);
  const e = Fn.fromBytes(digest, true);
  const inverse = invertCt(Fn.add(d, Fn.ONE), Fn.ORDER);
  const seed = concatBytes(Fn.toBytes(d), Fn.toBytes(Fn.create(e)), options.extraEntropy ?? new Uint8Array(0));
  const draw = createHmacDrbg<Uint8Array>(32, 32, (key: Uint8Array, message: Uint8Array) => hmac(sm3Hash, key, message));
  return draw(seed, (candidate) => {
    const k = Fn.fromBytes(candidate, true);
    if (!Fn.isValidNot0(k)) return undefined;
    const r = Fn.create(e + Sm2.BASE.multiply(k).toAffine().x);
    if (Fn.is0(r) || Fn.is0(Fn.add(r, k))) return undefined;
    const s = Fn.mul(inverse, Fn.sub(k, Fn.mul(r, d)));
    if (Fn.is0(s)) return undefined;
    return encodeEcdsaSignature(Fn.toBytes(r), Fn.toBytes(s));
  });
}

/**
 * Signs a message: e = SM3(Z || M) with Z of the private key's own public key.
 *
 * @returns DER SEQUENCE { r, s }
 * @throws CryptoError `KEY_INVALID`, `PARAMETERS_INVALID` (identifier over 8191 octets)
 */
export function sm2Sign(privateKey: Uint8Array, message: Uint8Array, options: Sm2SignOptions = {}): Uint8Array {
  const digest = sm2Digest(sm2PublicKey(privateKey), message, options.distinguishingId);
  return sm2SignDigest(privateKey, digest, options);
}

/**
 * The public key of a private key, 04 || X || Y.
 *
 * @throws CryptoError `KEY_INVALID`
 */
export function sm2PublicKey(privateKey: Uint8Array): Uint8Array {
  return Sm2.BASE.multiply(readPrivateKey(privateKey)).toBytes(false);
}

/** d in [1, n-2] (GB/T 32918.1 §6.1): d = n-1 would make 1 + d vanish. */
function readPrivateKey(octets: Uint8Array): bigint {
  const { Fn } = Sm2;
  if (octets.length === 32) {
    const d = Fn.fromBytes(octets, true);
    if (Fn.isValidNot0(d) && Fn.isValidNot0(Fn.add(d, Fn.ONE))) return d;
  }
  throw new CryptoError('KEY_INVALID', 'an SM2 private key is 32 octets with a value from 1 to n-2');
}
