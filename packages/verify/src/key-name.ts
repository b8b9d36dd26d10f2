import type { PublicKey, RsaPublicKey } from '@hefu/crypto';

/** `RSA-2048`, `P-256`, `SM2`, `Ed25519`. */
export function keyName(key: PublicKey): string {
  return key.kty === 'RSA' ? `RSA-${rsaBits(key)}` : key.crv;
}

/** Bits of the modulus. */
export function rsaBits({ n }: RsaPublicKey): number {
  return n.length === 0 ? 0 : n.length * 8 - Math.clz32(n[0]!) + 24;
}
