import { equalBytes, PkiError, type SubjectPublicKeyInfo } from '@hefu/pki';
import type { ListPublicKey } from '../jwk.js';

/** Whether a certificate's key is this SM2 key. Points are compared, both uncompressed, so that an SPKI spelt otherwise changes nothing. */
export function spkiMatchesKey(spki: SubjectPublicKeyInfo, { publicKey }: ListPublicKey): boolean {
  try {
    const { key } = spki;
    return publicKey.kty === 'EC' && publicKey.crv === 'SM2' && key.kty === 'EC' && key.crv === 'SM2' && equalBytes(key.point, publicKey.point);
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}
