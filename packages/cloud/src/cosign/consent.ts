/**
 * What a caller says to use two-party SM2 at all. It is a protocol of vendors, for keys that exist in it; neither its authors nor we have a
 * public proof of its security, implementations of such protocols have leaked keys before, and JavaScript's arithmetic is not constant-time.
 */
export const COSIGN_CONSENT = 'i-understand-this-is-a-vendor-protocol-without-a-security-proof';
export type CosignConsent = typeof COSIGN_CONSENT;

/** @throws TypeError without it */
export function requireConsent(given: unknown): void {
  if (given !== COSIGN_CONSENT) throw new TypeError(`two-party SM2 is off unless enable: '${COSIGN_CONSENT}'`);
}
