import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { KmsRefusal, type KmsCall } from './kms-like.js';

/** A request may be so old, milliseconds. */
const MAX_AGE_MS = 15 * 60_000;

export const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
export const hmacSha256 = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** The parts of an Authorization header: `<scheme> Credential=…, SignedHeaders=…, Signature=…`. @throws KmsRefusal */
export function authorizationParts(headers: Headers, scheme: string): Readonly<Record<string, string>> {
  const text = headers.get('authorization') ?? '';
  if (!text.startsWith(`${scheme} `)) throw new KmsRefusal('bad-auth');
  return Object.fromEntries(text.slice(scheme.length + 1).split(',').map((part) => {
    const at = part.indexOf('=');
    return [part.slice(0, at).trim(), part.slice(at + 1)];
  }));
}

/** The canonical request with the headers the caller says he signed. `must` have to be among them. @throws KmsRefusal */
export function canonicalText({ url, headers, body }: KmsCall, signedHeaders: string, must: readonly string[], path: string = url.pathname, query: string = sortedQuery(url)): string {
  const names = signedHeaders.split(';');
  if (must.some((name) => !names.includes(name))) throw new KmsRefusal('bad-auth');
  const lines = names.map((name) => `${name}:${name === 'host' ? url.host : (headers.get(name) ?? '')}\n`).join('');
  return ['POST', path, query, lines, signedHeaders, sha256Hex(body)].join('\n');
}

/** Parameters sorted, each encoded as RFC 3986 has it. */
function sortedQuery(url: URL): string {
  const encode = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return [...url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort().join('&');
}

/** @throws KmsRefusal */
export function requireEqual(given: string | undefined, right: string): void {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(right)];
  if (a.length !== b.length || !timingSafeEqual(a, b)) throw new KmsRefusal('bad-auth');
}

/** @throws KmsRefusal skew */
export function requireFresh(at: number, now: number): void {
  if (!(Math.abs(now - at) <= MAX_AGE_MS)) throw new KmsRefusal('skew');
}

/** `20261127T040506Z` */
export function basicTime(text: string | null): number {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '') ?? [];
  return Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s));
}
