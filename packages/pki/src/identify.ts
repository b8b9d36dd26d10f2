import { Tag } from './asn1/tag.js';

/** What bytes look like. `pem:<LABEL>` is text whose first armour carries that label. */
export type Identified =
  | 'certificate' | 'crl' | 'signed-data' | 'content-info' | 'certificate-request' | 'private-key' | 'public-key' | 'pkcs12'
  | 'ocsp-response' | 'html' | 'pdf' | 'zip' | 'json' | 'text' | `pem:${string}` | 'unknown';

/** Octets looked at when the input is not DER. */
const GLANCE = 4096;

/**
 * Says what bytes look like from their first few headers, so that an error can name what was handed in
 * instead of what was asked for. A guess about well-formed input, not a check: never throws, reads a bounded
 * number of octets, and answers `unknown` when in doubt. `content-info` is a ContentInfo other than SignedData.
 */
export function identify(bytes: Uint8Array): Identified {
  if (bytes.length === 0) return 'unknown';
  if (bytes[0] === Tag.SEQUENCE) {
    const der = identifyDer(bytes);
    // `0` followed by a length octet above 7F begins no text.
    if (der !== 'unknown' || bytes.length < 3 || bytes[1]! > 0x7f) return der;
  }
  return identifyText(bytes);
}

/** Tag and content bounds of an element, lengths clamped to what is there: truncated input is still recognised. */
interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

function elementAt(bytes: Uint8Array, offset: number, limit: number): Element | undefined {
  if (offset + 2 > limit) return undefined;
  const first = bytes[offset + 1]!;
  let start = offset + 2;
  let length = first;
  if (first === 0x80) length = limit - start;
  else if (first > 0x80) {
    const count = first & 0x7f;
    if (count > 4) return undefined;
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[start + i] ?? 0);
    start += count;
  }
  return { tag: bytes[offset]!, start, end: Math.min(start + length, limit) };
}

/** The first children of an element; no more than six decide anything here. */
function childrenOf(bytes: Uint8Array, parent: Element): readonly Element[] {
  const children: Element[] = [];
  for (let offset = parent.start; children.length < 6; ) {
    const child = elementAt(bytes, offset, parent.end);
    if (child === undefined) break;
    children.push(child);
    offset = child.end;
  }
  return children;
}

function identifyDer(bytes: Uint8Array): Identified {
  const outer = elementAt(bytes, 0, bytes.length);
  if (outer === undefined) return 'unknown';
  const [first, second, third] = childrenOf(bytes, outer);
  if (first === undefined) return 'unknown';
  switch (first.tag) {
    case Tag.OID:
      if (second !== undefined && second.tag !== 0xa0) return 'unknown';
      return isSignedData(bytes, first) ? 'signed-data' : second === undefined ? 'unknown' : 'content-info';
    case Tag.ENUMERATED:
      return first.end - first.start === 1 ? 'ocsp-response' : 'unknown';
    case Tag.INTEGER:
      return identifyVersioned(bytes, first, second, third);
    case Tag.SEQUENCE:
      return identifySigned(bytes, first, second);
    default:
      return 'unknown';
  }
}

/** 1.2.840.113549.1.7.2 and 1.2.156.10197.6.1.4.2.2 */
const SIGNED_DATA: readonly string[] = ['42,134,72,134,247,13,1,7,2', '42,129,28,207,85,6,1,4,2,2'];

function isSignedData(bytes: Uint8Array, oid: Element): boolean {
  return oid.end - oid.start <= 10 && SIGNED_DATA.includes(bytes.subarray(oid.start, oid.end).join());
}

/** SEQUENCE { INTEGER version, … }: PFX (RFC 7292 §4), PrivateKeyInfo (RFC 5958 §2), RSAPrivateKey (RFC 8017 A.1.2), ECPrivateKey (RFC 5915 §3). */
function identifyVersioned(bytes: Uint8Array, version: Element, second: Element | undefined, third: Element | undefined): Identified {
  if (version.end - version.start !== 1 || second === undefined) return 'unknown';
  const value = bytes[version.start]!;
  if (second.tag === Tag.SEQUENCE && value === 3) return 'pkcs12';
  if (second.tag === Tag.SEQUENCE && third?.tag === Tag.OCTET_STRING && value <= 1) return 'private-key';
  if (second.tag === Tag.INTEGER && third?.tag === Tag.INTEGER && value <= 1) return 'private-key';
  if (second.tag === Tag.OCTET_STRING && value === 1) return 'private-key';
  return 'unknown';
}

/** SEQUENCE { SEQUENCE …, … }: Certificate, CertificateList, CertificationRequest, SubjectPublicKeyInfo or EncryptedPrivateKeyInfo. */
function identifySigned(bytes: Uint8Array, first: Element, second: Element | undefined): Identified {
  const inner = childrenOf(bytes, first);
  const tags = inner.map((child) => child.tag);
  if (tags[0] === Tag.OID) {
    if (second?.tag === Tag.BIT_STRING) return 'public-key';
    return second?.tag === Tag.OCTET_STRING ? 'private-key' : 'unknown';
  }
  if (tags[0] === 0xa0 && tags[1] === Tag.INTEGER) return 'certificate';
  // What follows the optional version or serial: algorithm, issuer, then thisUpdate or validity; or subject, SPKI, attributes.
  const at = tags[0] === Tag.INTEGER ? 1 : 0;
  if (tags[at] !== Tag.SEQUENCE || tags[at + 1] !== Tag.SEQUENCE) return 'unknown';
  if (isTime(tags[at + 2])) return 'crl';
  if (at === 0) return 'unknown';
  if (tags[3] === Tag.SEQUENCE) return isTime(childrenOf(bytes, inner[3]!)[0]?.tag) ? 'certificate' : 'unknown';
  const info = childrenOf(bytes, inner[2]!);
  return info[0]?.tag === Tag.SEQUENCE && info[1]?.tag === Tag.BIT_STRING ? 'certificate-request' : 'unknown';
}

function isTime(tag: number | undefined): boolean {
  return tag === Tag.UTC_TIME || tag === Tag.GENERALIZED_TIME;
}

function identifyText(bytes: Uint8Array): Identified {
  const head = bytes.subarray(0, GLANCE);
  if (startsWith(head, 0, '%PDF')) return 'pdf';
  if (startsWith(head, 0, 'PK\u0003\u0004') || startsWith(head, 0, 'PK\u0005\u0006')) return 'zip';
  if (!isText(head)) return 'unknown';
  const text = new TextDecoder(head[0] === 0xff ? 'utf-16le' : head[0] === 0xfe ? 'utf-16be' : 'utf-8').decode(head).trimStart();
  if (/^<!doctype html|^<html/i.test(text)) return 'html';
  const armour = /-----BEGIN ([A-Z0-9 #]{1,64})-----/.exec(text);
  if (armour !== null) return `pem:${armour[1]!}`;
  return text.startsWith('{') || text.startsWith('[') ? 'json' : 'text';
}

function startsWith(bytes: Uint8Array, offset: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[offset + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** No control octets other than tab, line ends, form feed and escape; UTF-16 is recognised by its byte order mark. */
export function isText(bytes: Uint8Array): boolean {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return true;
  const glance = bytes.subarray(0, GLANCE);
  for (const octet of glance) if (octet < 0x09 || (octet > 0x0d && octet < 0x20 && octet !== 0x1b) || octet === 0x7f) return false;
  return true;
}
