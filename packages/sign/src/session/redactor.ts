import { hexOf } from '@hefu/pki';
import { encodeBase64, encodeBase64url } from '@hefu/trust-list';
import type { Json } from '../adapter/index.js';

const STRUCK = '***';
/** Shorter ones, as PINs, occur in digests by chance: they are looked for as words only. */
const WORD_LENGTH = 8;

/** Knows what must not be written, and strikes it out. */
export interface Redactor {
  protect(secret: string): void;
  /** The value with every protected text struck out. */
  redact<T extends Json>(value: T): T;
  /** Whether any protected text is in it, plain or in hex, base64 or percent-encoding. */
  isIn(value: Json): boolean;
}

export function createRedactor(): Redactor {
  const patterns = new Map<string, RegExp>();
  const textWithout = (text: string): string => [...patterns.values()].reduce((rest, pattern) => rest.replace(pattern, STRUCK), text);
  const walk = (value: Json): Json => {
    if (typeof value === 'string') return textWithout(value);
    if (typeof value === 'number') return textWithout(String(value)) === String(value) ? value : STRUCK;
    if (value === null || typeof value === 'boolean') return value;
    if (isArray(value)) return value.map(walk);
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [textWithout(name), walk(each)]));
  };
  return {
    protect(secret) {
      if (secret.length === 0) return;
      patterns.set(secret, patternOf(secret));
    },
    redact: (value) => walk(value) as typeof value,
    isIn: (value) => JSON.stringify(walk(value)) !== JSON.stringify(value),
  };
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function patternOf(secret: string): RegExp {
  const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  if (secret.length < WORD_LENGTH) return new RegExp(`(?<![\\p{L}\\p{N}])${escaped(secret)}(?![\\p{L}\\p{N}])`, 'gu');
  const octets = new TextEncoder().encode(secret);
  const forms = [secret, hexOf(octets), encodeBase64(octets), encodeBase64url(octets), percentEncoded(octets)];
  return new RegExp([...new Set(forms)].map(escaped).join('|'), 'gu');
}

/** RFC 3986 §2.1. */
function percentEncoded(octets: Uint8Array): string {
  return [...octets].map((octet) => (/[A-Za-z0-9\-._~]/.test(String.fromCharCode(octet)) ? String.fromCharCode(octet) : `%${octet.toString(16).toUpperCase().padStart(2, '0')}`)).join('');
}
