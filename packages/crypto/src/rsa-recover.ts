import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import type { RsaPublicKey } from './algorithm.js';
import { rsaKeyCheck } from './rsa-key.js';

/**
 * The DigestInfo inside an RSASSA-PKCS1-v1_5 signature (RFC 8017 §9.2), DER: what was really signed. Only for saying what went
 * wrong: verification compares whole encodings and recovers nothing.
 *
 * @returns undefined when the value is no such signature by this key
 * @throws CryptoError `KEY_UNSUPPORTED` for a key out of bounds
 */
export function recoverRsaDigestInfo(key: RsaPublicKey, signature: Uint8Array): Uint8Array | undefined {
  const { n, e } = rsaKeyCheck(undefined).require(key);
  if (signature.length !== n.length) return undefined;
  const [modulus, value] = [bytesToNumberBE(n), bytesToNumberBE(signature)];
  if (value >= modulus) return undefined;
  const encoded = numberToBytesBE(power(value, bytesToNumberBE(e), modulus), n.length);
  if (encoded[0] !== 0 || encoded[1] !== 1) return undefined;
  let at = 2;
  while (encoded[at] === 0xff) at++;
  return at >= 10 && encoded[at] === 0 ? encoded.subarray(at + 1) : undefined;
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === '1') result = (result * base) % modulus;
  }
  return result;
}
