import { decodeBase64url } from './base64.js';
import { TrustListError } from './error.js';
import { readJson, type JsonValue } from './json.js';
import { DEFAULT_LIMITS, type TrustListLimits } from './limits.js';
import { isObject } from './member-reader.js';

/** `typ` of every signature on a list. */
export const LIST_TYPE = 'ca-trust-list+json';

/** One element of `signatures`, as it stands. */
export interface EnvelopeSignature {
  /** Base64url of the protected header: what is signed, with the payload's text after a dot. */
  readonly protected: string;
  readonly signature: string;
}

/** A JWS General JSON serialization (RFC 7515 §7.2.1), nothing in it verified. */
export interface ListEnvelope {
  /** Base64url of the payload octets, as received. */
  readonly payload: string;
  readonly payloadBytes: Uint8Array;
  /** undefined for an element that is not two strings, or that has an unprotected header. */
  readonly signatures: readonly (EnvelopeSignature | undefined)[];
}

/**
 * Reads the outer shape of an envelope; the payload stays octets.
 * @throws TrustListError TL_EMPTY_INPUT | TL_TOO_LARGE | TL_NOT_JSON | TL_DUPLICATE_MEMBER | TL_UNSIGNED | TL_SCHEMA_INVALID
 */
export function readEnvelope(bytes: Uint8Array, options: Partial<TrustListLimits> = {}): ListEnvelope {
  const limits = { ...DEFAULT_LIMITS, ...options };
  const envelope = readJson(bytes, limits);
  const entries = isObject(envelope) ? envelope['signatures'] : undefined;
  if (!isObject(envelope) || !Array.isArray(entries) || entries.length === 0) {
    throw new TrustListError('TL_UNSIGNED', 'this JSON has no signatures: a list comes as JWS General JSON, {"payload", "signatures": […]}', {
      detected: isObject(envelope) && envelope['type'] === 'list' ? 'bare-list' : 'json',
    });
  }
  if (entries.length > limits.maxSignatures) throw new TrustListError('TL_TOO_LARGE', `${entries.length} signatures are more than ${limits.maxSignatures}`);
  const payload = envelope['payload'];
  const payloadBytes = typeof payload === 'string' ? decodeBase64url(payload) : undefined;
  if (typeof payload !== 'string' || payloadBytes === undefined || payloadBytes.length === 0) {
    throw new TrustListError('TL_SCHEMA_INVALID', 'payload is not canonical base64url', { problems: [{ path: 'payload', code: 'TL_SCHEMA_INVALID', message: 'is not canonical base64url' }] });
  }
  return { payload, payloadBytes, signatures: (entries as readonly JsonValue[]).map(readEntry) };
}

function readEntry(entry: JsonValue): EnvelopeSignature | undefined {
  if (!isObject(entry) || Object.hasOwn(entry, 'header')) return undefined;
  const { protected: header, signature } = entry;
  return typeof header === 'string' && typeof signature === 'string' ? { protected: header, signature } : undefined;
}

/** The members of a protected header that Hefu reads. */
export interface ListHeader {
  readonly alg: string;
  readonly kid: string | undefined;
  /** Seconds since the epoch, as claimed. */
  readonly iat: number | undefined;
}

/** Header members beyond RFC 7515's that a `crit` may name. `b64` is not among them: the payload is always base64url. */
const UNDERSTOOD = new Set(['iat']);

/** Reads a protected header; undefined when it is malformed, of another `typ`, or has a `crit` that is not understood (RFC 7515 §4.1.11). */
export function readListHeader(text: string): ListHeader | undefined {
  const bytes = decodeBase64url(text);
  if (bytes === undefined) return undefined;
  let header: JsonValue;
  try {
    header = readJson(bytes, { maxBytes: 64 * 1024, maxDepth: 8 });
  } catch (error) {
    if (error instanceof TrustListError) return undefined;
    throw error;
  }
  if (!isObject(header) || header['typ'] !== LIST_TYPE || Object.hasOwn(header, 'b64')) return undefined;
  const { alg, kid, iat, crit } = header;
  if (typeof alg !== 'string' || (kid !== undefined && typeof kid !== 'string')) return undefined;
  if (iat !== undefined && (typeof iat !== 'number' || iat < 0)) return undefined;
  if (crit !== undefined) {
    const names: readonly JsonValue[] = Array.isArray(crit) ? (crit as readonly JsonValue[]) : [];
    if (names.length === 0 || new Set(names).size !== names.length) return undefined;
    if (!names.every((name) => typeof name === 'string' && UNDERSTOOD.has(name) && Object.hasOwn(header, name))) return undefined;
  }
  return { alg, kid, iat };
}
