import { equalConstantTime, hmac, type Algorithms, type DigestName, type PublicKey } from '@hefu/crypto';
import { hexOf } from '@hefu/pki';
import { SignError } from '@hefu/sign';
import { decodeBase64, decodeBase64url, encodeBase64, encodeBase64url } from '@hefu/trust-list';
import type { Scheme } from './mapping.js';

/** A key by which platform and provider know each other; its use is the integrator's, its octets leave for nowhere. */
export type PlatformKey =
  /** Shared, for the HMAC schemes. */
  | { readonly kind: 'mac'; readonly secret: Uint8Array }
  /** The platform's own, for calls. Signs octets: PKCS #1 v1.5 with SHA-256, or SM2 with SM3 and the default ID, DER. */
  | { readonly kind: 'signer'; sign(octets: Uint8Array): Promise<Uint8Array> }
  /** The provider's, for callbacks. */
  | { readonly kind: 'verifier'; readonly key: PublicKey };

const MAC_DIGESTS: Readonly<Partial<Record<Scheme, DigestName>>> = { 'hmac-sha256': 'SHA-256', 'hmac-sm3': 'SM3' };
const SIGNATURES: Readonly<Partial<Record<Scheme, string>>> = { 'rsa-sha256': 'RSASSA-PKCS1-v1_5-SHA-256', 'sm2-sm3': 'SM2-SM3' };

export type TextEncoding = 'base64' | 'base64url' | 'hex' | 'utf-8';

/** A MAC under a secret. @throws SignError ADAPTER_MISCONFIGURED for a digest that is not there */
export function macOf(scheme: Scheme, secret: Uint8Array, octets: Uint8Array, algorithms: Algorithms): Uint8Array {
  const digest = algorithms.digests.find(({ name }) => name === MAC_DIGESTS[scheme]);
  if (digest === undefined) throw new SignError('ADAPTER_MISCONFIGURED', `no digest for ${scheme}`);
  return hmac(digest, secret, octets);
}

/** What proves a call. @throws SignError ADAPTER_MISCONFIGURED for a key that is missing or of another kind, or fails */
export async function authenticate(scheme: Scheme, key: PlatformKey | undefined, octets: Uint8Array, algorithms: Algorithms): Promise<Uint8Array> {
  if (scheme in MAC_DIGESTS && key?.kind === 'mac') return macOf(scheme, key.secret, octets, algorithms);
  if (scheme in SIGNATURES && key?.kind === 'signer') {
    try {
      return await key.sign(octets);
    } catch (cause) {
      throw new SignError('ADAPTER_MISCONFIGURED', 'the platform key failed', { cause, detail: 'platform-key' });
    }
  }
  throw new SignError('ADAPTER_MISCONFIGURED', `no key for ${scheme}`, { detail: 'platform-key' });
}

/** Whether a callback is the provider's. Anything malformed is not. */
export async function isAuthentic(scheme: Scheme, key: PlatformKey | undefined, octets: Uint8Array, proof: Uint8Array | undefined, algorithms: Algorithms): Promise<boolean> {
  if (proof === undefined) return false;
  if (scheme in MAC_DIGESTS) return key?.kind === 'mac' && equalConstantTime(macOf(scheme, key.secret, octets, algorithms), proof);
  const algorithm = algorithms.signatures.find(({ name }) => name === SIGNATURES[scheme]);
  if (algorithm === undefined || key?.kind !== 'verifier' || !algorithm.supportsKey(key.key)) return false;
  try {
    return await algorithm.verify(key.key, octets, proof);
  } catch {
    return false;
  }
}

export function encodeText(octets: Uint8Array, encoding: Exclude<TextEncoding, 'utf-8'>): string {
  return encoding === 'hex' ? hexOf(octets) : encoding === 'base64' ? encodeBase64(octets) : encodeBase64url(octets);
}

/** Octets of a text; undefined for what is not in this encoding. */
export function decodeText(text: string, encoding: TextEncoding): Uint8Array | undefined {
  switch (encoding) {
    case 'utf-8': return new TextEncoder().encode(text);
    case 'base64': return decodeBase64(text);
    case 'base64url': return decodeBase64url(text.replace(/=+$/, ''));
    case 'hex': return text.length % 2 === 0 && /^[0-9a-f]*$/i.test(text) ? Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16)) : undefined;
  }
}
