import { decodeBase64url, readJson, type JsonObject, type JsonValue } from '@hefu/trust-list';
import { VerifyError } from '../error.js';

/** One signature of a JWS. */
export interface JwsSignature {
  /** Base64url, as signed. */
  readonly protectedText: string;
  readonly protectedHeader: JsonObject;
  /** The header beside it, which nothing protects. */
  readonly header: JsonObject;
  /** Base64url, as a time-stamp covers it. */
  readonly signatureText: string;
  readonly signature: Uint8Array;
}

export interface Jws {
  /** Base64url; undefined when it is detached. */
  readonly payloadText: string | undefined;
  readonly signatures: readonly JwsSignature[];
}

/** As the pki room's limit for messages. */
const MAX_OCTETS = 64 * 1024 * 1024;
const MAX_HEADER_OCTETS = 1024 * 1024;
const MAX_DEPTH = 16;
const MAX_SIGNATURES = 20;
const EMPTY: JsonObject = Object.freeze({});

/**
 * Reads a JWS (RFC 7515 §7): compact, flattened or general. Strict: base64url without padding, JSON without duplicate members,
 * a protected header for each signature, no member both protected and not. Gives no verdict.
 * @throws VerifyError JWS_MALFORMED
 */
export function parseJws(input: string | Uint8Array): Jws {
  if (input.length > MAX_OCTETS) throw malformed(`more than ${MAX_OCTETS} octets`);
  const octets = typeof input === 'string' ? new TextEncoder().encode(input) : input;
  const first = octets.find((octet) => octet !== 0x20 && octet !== 0x0a && octet !== 0x0d && octet !== 0x09);
  return first === 0x7b ? fromJson(json(octets, MAX_OCTETS)) : compact(ascii(octets).trim());
}

function compact(text: string): Jws {
  const [head, payload, value, ...more] = text.split('.');
  if (head === undefined || payload === undefined || value === undefined || more.length > 0) throw malformed('a compact JWS has three parts');
  requireBase64url(payload, 'payload');
  // RFC 7515 appendix F: an empty part is a payload that lies elsewhere.
  return { payloadText: payload === '' ? undefined : payload, signatures: [signature(head, EMPTY, value)] };
}

function fromJson(value: JsonValue): Jws {
  const outer = object(value, 'JWS');
  const { payload, signatures } = outer;
  if (payload !== undefined && typeof payload !== 'string') throw malformed('payload is no text');
  // With b64 false the payload is text as it stands; only detached ones are read (RFC 7797 §5.2).
  if (payload !== undefined) requireBase64url(payload, 'payload');
  const flat = outer['signature'] !== undefined || outer['protected'] !== undefined || outer['header'] !== undefined;
  if ((signatures === undefined) !== flat) throw malformed('either one signature or a list of them');
  const each = signatures === undefined ? [outer] : array(signatures, 'signatures').map((one) => object(one, 'signature'));
  if (each.length === 0 || each.length > MAX_SIGNATURES) throw malformed(`${each.length} signatures`);
  return {
    payloadText: payload,
    signatures: each.map(({ protected: head, header, signature: text }) => {
      if (typeof head !== 'string' || typeof text !== 'string') throw malformed('protected and signature are texts');
      return signature(head, header === undefined ? EMPTY : object(header, 'header'), text);
    }),
  };
}

function signature(protectedText: string, header: JsonObject, signatureText: string): JwsSignature {
  const protectedHeader = object(json(requireBase64url(protectedText, 'protected header'), MAX_HEADER_OCTETS), 'protected header');
  const twice = Object.keys(protectedHeader).find((name) => Object.hasOwn(header, name));
  if (twice !== undefined) throw malformed(`${twice} is in both headers`);
  return { protectedText, protectedHeader, header, signatureText, signature: requireBase64url(signatureText, 'signature') };
}

function json(octets: Uint8Array, maxBytes: number): JsonValue {
  try {
    return readJson(octets, { maxBytes, maxDepth: MAX_DEPTH });
  } catch (cause) {
    throw malformed('not JSON that everybody reads alike', cause);
  }
}

function requireBase64url(text: string, what: string): Uint8Array {
  const octets = decodeBase64url(text);
  if (octets === undefined) throw malformed(`${what} is not base64url`);
  return octets;
}

function ascii(octets: Uint8Array): string {
  if (octets.some((octet) => octet > 0x7e)) throw malformed('not a JWS');
  return new TextDecoder().decode(octets);
}

function object(value: JsonValue | undefined, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(`${what} is no object`);
  return value as JsonObject;
}

function array(value: JsonValue, what: string): readonly JsonValue[] {
  if (!Array.isArray(value)) throw malformed(`${what} is no list`);
  return value as readonly JsonValue[];
}

function malformed(message: string, cause?: unknown): VerifyError {
  return new VerifyError('JWS_MALFORMED', message, cause === undefined ? {} : { cause });
}
