import { COMPONENT_OCTETS, normaliseSignature, type PublicKey } from '@hefu/crypto';
import { decodeBase64, decodeBase64url } from '@hefu/trust-list';

/** No signature, in whatever text, is longer: RSA-16384 in hex with a prefix. */
const MAX_VALUE = 8192;
const PREFIXES = /^(?:vault:v\d{1,9}:|base64:|hex:|0x)/i;

/**
 * The readings of what a provider returned that have the shape of a signature by this key, each as messages carry it:
 * DER for ECDSA and SM2, octets for RSA and Ed25519. Which one is meant is for verification to say; usually there is one.
 *
 * @param value octets, or text in hex, base64, base64url or percent-encoded base64, after a provider's prefix or none;
 *   octets that are such a text are read as the text
 */
export function readValue(value: Uint8Array | string, key: PublicKey): readonly Uint8Array[] {
  if (value.length > MAX_VALUE) return [];
  const octets = typeof value === 'string' ? [] : [value];
  const text = typeof value === 'string' ? value.trim() : asciiOf(value);
  const found: Uint8Array[] = [];
  for (const candidate of [...octets, ...(text === undefined ? [] : decodings(text))]) {
    const shaped = shape(candidate, key);
    if (shaped !== undefined) found.push(shaped);
  }
  return found;
}

function shape(octets: Uint8Array, key: PublicKey): Uint8Array | undefined {
  if (key.kty === 'EC') return normaliseSignature(octets, COMPONENT_OCTETS[key.crv])?.der;
  return octets.length === (key.kty === 'RSA' ? key.n.length : 64) ? octets : undefined;
}

/** With what looks like a prefix and without it: one base64 text in two thousand begins with `0x` by chance. */
function decodings(given: string): Uint8Array[] {
  return [...new Set([given.replace(PREFIXES, ''), given])].flatMap(decoded);
}

function decoded(given: string): Uint8Array[] {
  const text = given.replace(/\s+/g, '');
  const plain = /%[0-9a-f]{2}/i.test(text) ? text.replace(/%(2B|2F|3D)/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))) : text;
  const padded = plain.replace(/=+$/, '');
  return [hexOctets(plain), decodeBase64(padded + '='.repeat((4 - (padded.length % 4)) % 4)), decodeBase64url(padded)].filter((each) => each !== undefined);
}

function hexOctets(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) return undefined;
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

function asciiOf(octets: Uint8Array): string | undefined {
  return octets.every((octet) => octet >= 0x20 && octet < 0x7f) ? String.fromCharCode(...octets) : undefined;
}
