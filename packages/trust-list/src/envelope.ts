import { decodeBase64, decodeBase64url } from './base64.js';
import { TrustListError } from './error.js';
import { readJson, type JsonValue } from './json.js';
import { DEFAULT_LIMITS, type TrustListLimits } from './limits.js';
import { isObject } from './member-reader.js';

/** Documents that are signed. */
export type DocumentKind = 'root' | 'list' | 'freshness';

/** `typ` of every signature on a document of that kind: what was signed as one is never taken for another. */
export const DOCUMENT_TYPES: Readonly<Record<DocumentKind, string>> = {
  root: 'ca-trust-root+json',
  list: 'ca-trust-list+json',
  freshness: 'ca-trust-freshness+json',
};

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
  /** DER of detached SignedData over the payload octets (GM/T 0010), each one signature; undefined where an element is not base64. */
  readonly p7s: readonly (Uint8Array | undefined)[];
}

/**
 * Reads the outer shape of an envelope; the payload stays octets.
 * @throws TrustListError TL_EMPTY_INPUT | TL_TOO_LARGE | TL_NOT_JSON | TL_DUPLICATE_MEMBER | TL_UNSIGNED | TL_SCHEMA_INVALID
 */
export function readEnvelope(bytes: Uint8Array, options: Partial<TrustListLimits> = {}): ListEnvelope {
  const limits = { ...DEFAULT_LIMITS, ...options };
  const envelope = readJson(bytes, limits);
  const entries = isObject(envelope) ? envelope['signatures'] : undefined;
  const stated = isObject(envelope) ? (envelope['p7s'] ?? []) : [];
  if (!Array.isArray(stated)) throw new TrustListError('TL_SCHEMA_INVALID', 'p7s is not an array', { problems: [{ path: 'p7s', code: 'TL_SCHEMA_INVALID', message: 'is not an array' }] });
  const detached = stated as readonly JsonValue[];
  if (!isObject(envelope) || !Array.isArray(entries) || entries.length + detached.length === 0) {
    throw new TrustListError('TL_UNSIGNED', 'this JSON has no signatures: documents come as JWS General JSON, {"payload", "signatures": […]}', {
      detected: isObject(envelope) && Object.hasOwn(DOCUMENT_TYPES, `${envelope['type'] as string}`) ? `bare-${envelope['type'] as string}` : 'json',
    });
  }
  const count = entries.length + detached.length;
  if (count > limits.maxSignatures) throw new TrustListError('TL_TOO_LARGE', `${count} signatures are more than ${limits.maxSignatures}`);
  const payload = envelope['payload'];
  const payloadBytes = typeof payload === 'string' ? decodeBase64url(payload) : undefined;
  if (typeof payload !== 'string' || payloadBytes === undefined || payloadBytes.length === 0) {
    throw new TrustListError('TL_SCHEMA_INVALID', 'payload is not canonical base64url', { problems: [{ path: 'payload', code: 'TL_SCHEMA_INVALID', message: 'is not canonical base64url' }] });
  }
  return {
    payload,
    payloadBytes,
    signatures: (entries as readonly JsonValue[]).map(readEntry),
    p7s: detached.map((each) => (typeof each === 'string' ? decodeBase64(each) : undefined)),
  };
}

function readEntry(entry: JsonValue): EnvelopeSignature | undefined {
  if (!isObject(entry) || Object.hasOwn(entry, 'header')) return undefined;
  const { protected: header, signature } = entry;
  return typeof header === 'string' && typeof signature === 'string' ? { protected: header, signature } : undefined;
}

/** The members of a protected header that Hefu reads. */
export interface DocumentHeader {
  readonly alg: string;
  readonly kid: string | undefined;
  /** Seconds since the epoch, as claimed. */
  readonly iat: number | undefined;
}

/** Header members beyond RFC 7515's that a `crit` may name. `b64` is not among them: the payload is always base64url. */
const UNDERSTOOD = new Set(['iat']);

/**
 * Reads a protected header; undefined when it is malformed, of a foreign `typ`, or has a `crit` that is not
 * understood (RFC 7515 §4.1.11); `other-document` when it belongs to a document of another kind.
 */
export function readHeader(text: string, kind: DocumentKind): DocumentHeader | 'other-document' | undefined {
  const bytes = decodeBase64url(text);
  if (bytes === undefined) return undefined;
  let header: JsonValue;
  try {
    header = readJson(bytes, { maxBytes: 64 * 1024, maxDepth: 8 });
  } catch (error) {
    if (error instanceof TrustListError) return undefined;
    throw error;
  }
  if (!isObject(header) || Object.hasOwn(header, 'b64')) return undefined;
  if (header['typ'] !== DOCUMENT_TYPES[kind]) return Object.values(DOCUMENT_TYPES).some((typ) => typ === header['typ']) ? 'other-document' : undefined;
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
