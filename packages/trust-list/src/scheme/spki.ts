import { equalBytes, PkiError, type SubjectPublicKeyInfo } from '@hefu/pki';
import type { ListPublicKey } from '../jwk.js';

/** Whether a certificate's key is this SM2 key. Points are compared, both uncompressed, so that an SPKI spelt otherwise changes nothing. */
export function spkiMatchesKey(spki: SubjectPublicKeyInfo, { sm2 }: ListPublicKey): boolean {
  try {
    const { key } = spki;
    return sm2 !== undefined && key.kty === 'EC' && key.crv === 'SM2' && equalBytes(key.point, sm2.point);
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}
