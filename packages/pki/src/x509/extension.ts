import { decodeOidAt } from '../asn1/oid.js';
import { DerReader } from '../asn1/reader.js';
import { contentStart, elementEnd, expectEnd, oidEnd } from '../asn1/scan.js';
import { Tag } from '../asn1/tag.js';
import { PkiError } from '../error.js';
import type { Extension } from '../model.js';

/**
 * Checks one Extension (RFC 5280 §4.1): OID, optional BOOLEAN, OCTET STRING, nothing else. The octets inside
 * the OCTET STRING are not looked at: some CAs put bare text there.
 * @returns one past its last octet
 * @throws PkiError STRUCTURE_INVALID | DER_INVALID | TRUNCATED | TRAILING_DATA
 */
export function checkExtension(bytes: Uint8Array, offset: number, limit: number): number {
  const end = expectEnd(bytes, offset, limit, Tag.SEQUENCE, 'Extension');
  checkExtensionValue(bytes, oidEnd(bytes, contentStart(bytes, offset), end, 'extnID'), end);
  return end;
}

/** The rest of an Extension that ends at `end`, after its OID. */
export function checkExtensionValue(bytes: Uint8Array, offset: number, end: number): void {
  let at = offset;
  if (at < end && bytes[at] === Tag.BOOLEAN) {
    const criticalEnd = elementEnd(bytes, at, end);
    const value = bytes[at + 2];
    if (criticalEnd !== at + 3 || (value !== 0 && value !== 0xff)) throw new PkiError('DER_INVALID', 'critical is neither 00 nor FF', { offset: at });
    at = criticalEnd;
  }
  if (expectEnd(bytes, at, end, Tag.OCTET_STRING, 'extnValue') !== end) throw new PkiError('TRAILING_DATA', 'octets after extnValue', { offset: at });
}

/** The element after the one at `offset`; both headers already checked. */
function following(bytes: Uint8Array, offset: number): number {
  const first = bytes[offset + 1]!;
  if (first < 0x80) return offset + 2 + first;
  const start = contentStart(bytes, offset);
  let length = 0;
  for (let i = offset + 2; i < start; i++) length = length * 256 + bytes[i]!;
  return start + length;
}

/** The extnValue of a checked Extension. */
function valueAt(bytes: Uint8Array, offset: number): number {
  const at = following(bytes, contentStart(bytes, offset));
  return bytes[at] === Tag.BOOLEAN ? at + 3 : at;
}

/** A reader over the extnValue's content, of a checked Extension. */
export function extensionReader(bytes: Uint8Array, offset: number, maxDepth: number): DerReader {
  const value = valueAt(bytes, offset);
  return new DerReader(bytes, contentStart(bytes, value), following(bytes, value), maxDepth);
}

/** Whether `critical` is written as FALSE, the default, which DER forbids (X.690 §11.5). */
export function writesDefault(bytes: Uint8Array, offset: number): boolean {
  const at = following(bytes, contentStart(bytes, offset));
  return bytes[at] === Tag.BOOLEAN && bytes[at + 2] === 0;
}

/** Offsets of the Extensions in the checked content of a SEQUENCE OF. */
export function extensionOffsets(bytes: Uint8Array, start: number, end: number): readonly number[] {
  const offsets: number[] = [];
  for (let offset = start; offset < end; offset = following(bytes, offset)) offsets.push(offset);
  return offsets;
}

/** The Extensions in the checked content of a SEQUENCE OF, in order, duplicates included. */
export function decodeExtensions(bytes: Uint8Array, start: number, end: number): readonly Extension[] {
  const extensions: Extension[] = [];
  for (let offset = start; offset < end; ) {
    const oid = contentStart(bytes, offset);
    let value = following(bytes, oid);
    const text = decodeOidAt(bytes, contentStart(bytes, oid), value);
    let critical = false;
    if (bytes[value] === Tag.BOOLEAN) {
      critical = bytes[value + 2] === 0xff;
      value += 3;
    }
    extensions.push(new LazyExtension(text, critical, bytes, value));
    offset = following(bytes, value);
  }
  return extensions;
}

/** Its value is a view made on first use: most are decoded by the getters of their certificate, which need none. */
class LazyExtension implements Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly #bytes: Uint8Array;
  /** Of extnValue. */
  readonly #offset: number;
  #value: Uint8Array | undefined;

  constructor(oid: string, critical: boolean, bytes: Uint8Array, offset: number) {
    this.oid = oid;
    this.critical = critical;
    this.#bytes = bytes;
    this.#offset = offset;
    this.#value = undefined;
  }

  get value(): Uint8Array {
    return (this.#value ??= this.#bytes.subarray(contentStart(this.#bytes, this.#offset), following(this.#bytes, this.#offset)));
  }
}

/** OIDs that appear more than once, each once, in order of first repetition. */
export function duplicatesAmong(extensions: readonly Extension[]): readonly string[] {
  const duplicates: string[] = [];
  // Their number is limited, and for the usual ten a comparison of each pair costs less than hashing their OIDs. Most pairs end otherwise.
  const ends = extensions.map(({ oid }) => endOf(oid));
  for (let i = 1; i < extensions.length; i++) {
    const { oid } = extensions[i]!;
    for (let j = 0; j < i; j++) {
      if (ends[j] === ends[i] && extensions[j]!.oid === oid && !duplicates.includes(oid)) duplicates.push(oid);
    }
  }
  return duplicates;
}

function endOf(oid: string): number {
  return oid.charCodeAt(oid.length - 1) | (oid.charCodeAt(oid.length - 2) << 7);
}
