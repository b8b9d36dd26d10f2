import { hmac, sha256 } from '@hefu/crypto';
import { hexOf } from '@hefu/pki';

/**
 * The text that Alibaba Cloud (ACS3-HMAC-SHA256), Tencent Cloud (TC3-HMAC-SHA256) and Huawei Cloud (SDK-HMAC-SHA256) sign:
 * method, path, query, headers and the digest of the body, one a line.
 */
export interface CanonicalRequest {
  readonly text: string;
  /** Names of the headers in it: `content-type;host`. */
  readonly signedHeaders: string;
}

/** @param headers those that are signed, with lower-case names */
export function canonicalRequest(method: string, path: string, query: string, headers: Readonly<Record<string, string>>, body: string): CanonicalRequest {
  const names = Object.keys(headers).sort();
  const signedHeaders = names.join(';');
  const lines = names.map((name) => `${name}:${headers[name]!.trim()}\n`).join('');
  return { signedHeaders, text: [method, path, query, lines, signedHeaders, sha256Hex(body)].join('\n') };
}

/** Parameters by name, percent-encoded (RFC 3986 §2.3), `a=1&b=2`. */
export function canonicalQuery(parameters: Readonly<Record<string, string>>): string {
  return Object.keys(parameters).sort().map((name) => `${percentEncode(name)}=${percentEncode(parameters[name]!)}`).join('&');
}

export function sha256Hex(text: string): string {
  return hexOf(sha256.digest(utf8(text)));
}

export function hmacSha256(key: Uint8Array | string, text: string): Uint8Array {
  return hmac(sha256, typeof key === 'string' ? utf8(key) : key, utf8(text));
}

function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
