import type { DigestAlgorithm } from '@hefu/crypto';
import { decodeBase64url, encodeBase64, encodeBase64url, readJson, type JsonValue } from '@hefu/trust-list';
import { SignError } from '../error.js';
import { obtainToken, requireStampedAfter, type Timestamper } from '../timestamper.js';

/** The parts of a JWS in flattened JSON (RFC 7515 §7.2.2), as their texts stand. */
interface FlattenedJws {
  readonly payload?: string;
  readonly protected: string;
  readonly header?: { readonly etsiU?: readonly unknown[]; readonly [name: string]: unknown };
  readonly signature: string;
}

/** As messages are bounded in the pki room. */
const MAX_JWS_OCTETS = 64 * 1024 * 1024;
const MAX_DEPTH = 64;
const BASE64URL = /^[A-Za-z0-9_-]*$/;

/**
 * JAdES level B-T (ETSI TS 119 182-1 §5.3.4): a time-stamp over the base64url text of the signature value, as `sigTst` in the
 * unprotected header `etsiU`. Header, payload and signature stay as their texts are.
 *
 * @param jws compact, flattened, or general with one signature
 * @returns flattened JSON: compact has no unprotected header
 * @throws SignError JWS_MALFORMED | TIMESTAMP_FAILED | TIMESTAMP_MISMATCH; CLOCK_SKEW for a token from before the signing time that is claimed
 */
export async function addJwsTimestamp(jws: string, timestamper: Timestamper, digest: DigestAlgorithm): Promise<string> {
  const { header = {}, ...parts } = flattened(jws);
  const claimed = claimedTime(parts.protected);
  const token = await obtainToken(timestamper, digest, new TextEncoder().encode(parts.signature));
  if (claimed !== undefined) requireStampedAfter(token, claimed);
  const entry = { sigTst: { tstTokens: [{ val: encodeBase64(token.signed.bytes) }] } };
  const present = header.etsiU ?? [];
  // §5.3.1: all elements are texts in base64url, or all are objects.
  const clear = present.length > 0 && typeof present[0] === 'object';
  const added = clear ? entry : encodeBase64url(new TextEncoder().encode(JSON.stringify(entry)));
  return JSON.stringify({ ...parts, header: { ...header, etsiU: [...present, added] } });
}

function flattened(jws: string): FlattenedJws {
  if (jws.length > MAX_JWS_OCTETS) throw new SignError('JWS_MALFORMED', `more than ${MAX_JWS_OCTETS} octets`);
  if (!jws.trimStart().startsWith('{')) {
    const [head, payload, signature, ...more] = jws.trim().split('.');
    if (signature === undefined || more.length > 0) throw new SignError('JWS_MALFORMED', 'a compact JWS has three parts');
    return checked({ ...(payload === '' ? {} : { payload }), protected: head, signature });
  }
  const { signatures, ...rest } = jsonOf(new TextEncoder().encode(jws)) as Record<string, unknown>;
  if (signatures === undefined) return checked(rest);
  if (!Array.isArray(signatures) || signatures.length !== 1 || 'signature' in rest) throw new SignError('JWS_MALFORMED', 'one signature is time-stamped at a time');
  return checked({ ...rest, ...(signatures[0] as object) });
}

function jsonOf(octets: Uint8Array): JsonValue {
  try {
    return readJson(octets, { maxBytes: MAX_JWS_OCTETS, maxDepth: MAX_DEPTH });
  } catch (cause) {
    throw new SignError('JWS_MALFORMED', 'not JSON that everybody reads alike', { cause });
  }
}

/** Epoch milliseconds of `iat` or `sigT` (§5.1.11, §5.2.1); whether they are well-formed is for the judge. */
function claimedTime(head: string): number | undefined {
  const octets = decodeBase64url(head);
  const header = octets === undefined ? undefined : jsonOf(octets);
  if (!isObject(header)) throw new SignError('JWS_MALFORMED', 'the protected header is no object');
  const { iat, sigT } = header as { readonly iat?: JsonValue; readonly sigT?: JsonValue };
  const at = typeof iat === 'number' ? iat * 1000 : typeof sigT === 'string' ? Date.parse(sigT) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

function isObject(part: unknown): boolean {
  return typeof part === 'object' && part !== null && !Array.isArray(part);
}

function checked(value: Record<string, unknown>): FlattenedJws {
  const { payload, protected: head, signature, header } = value;
  const text = (part: unknown): boolean => typeof part === 'string' && BASE64URL.test(part);
  const etsiU = isObject(header) ? (header as Record<string, unknown>)['etsiU'] : undefined;
  if (
    !(payload === undefined || text(payload)) || !text(head) || head === '' || !text(signature) || signature === '' ||
    !(header === undefined || isObject(header)) || !(etsiU === undefined || Array.isArray(etsiU))
  ) throw new SignError('JWS_MALFORMED', 'not the members of a JWS');
  return value as unknown as FlattenedJws;
}
