import type { PublicKey } from '@hefu/crypto';
import { equalBytes } from '@hefu/pki';

/** Whether two public keys are one key, whatever certificates stated them. */
export function sameKey(a: PublicKey, b: PublicKey): boolean {
  if (a === b) return true;
  switch (a.kty) {
    case 'RSA':
      return b.kty === 'RSA' && equalBytes(a.n, b.n) && equalBytes(a.e, b.e);
    case 'EC':
      return b.kty === 'EC' && a.crv === b.crv && equalBytes(a.point, b.point);
    default:
      return b.kty === 'OKP' && a.crv === b.crv && equalBytes(a.x, b.x);
  }
}
