import { PkiError } from '../error.js';
import { holdsAt } from './bytes.js';

/** Content octets of one OBJECT IDENTIFIER; the same number as `DEFAULT_LIMITS.maxOidBytes`. */
const MAX_OID_BYTES = 128;
/** Octets of one arc: ten carry 70 bits, enough for the largest arc accepted. */
const MAX_ARC_BYTES = 10;
const MAX_ARC = 1n << 64n;

/** id-ce (RFC 5280 §4.2) and id-at (X.520): most OIDs of a certificate are one arc below these, so their texts are made once. */
const ID_CE: readonly string[] = /*#__PURE__*/ Array.from({ length: 128 }, (_, arc) => `2.5.29.${arc}`);
const ID_AT: readonly string[] = /*#__PURE__*/ Array.from({ length: 128 }, (_, arc) => `2.5.4.${arc}`);
/** Arcs of one octet, nearly all of them. */
const ARCS: readonly string[] = /*#__PURE__*/ Array.from({ length: 128 }, (_, arc) => `.${arc}`);

/**
 * The dotted form of an OBJECT IDENTIFIER's content octets (X.690 §8.19).
 *
 * Strict: at least one octet, each subidentifier in minimal base 128, at most 128 octets, arcs up to 2^64.
 * @throws PkiError DER_INVALID
 */
export function decodeOid(content: Uint8Array): string {
  return decodeOidAt(content, 0, content.length);
}

/** As {@link decodeOid}, over `bytes[start, end)`, for readers that keep offsets. */
export function decodeOidAt(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start;
  if (length === 3 && bytes[start] === 0x55) {
    const arc = bytes[start + 2]!;
    if (arc < 0x80) {
      const parent = bytes[start + 1]!;
      if (parent === 0x1d) return ID_CE[arc]!;
      if (parent === 0x04) return ID_AT[arc]!;
    }
  }
  return (length > 3 ? commonText(bytes, start, end) : undefined) ?? decodeArcs(bytes, start, end);
}

function decodeArcs(bytes: Uint8Array, start: number, end: number): string {
  if (start === end) throw invalid('empty OBJECT IDENTIFIER', start);
  if (end - start > MAX_OID_BYTES) throw invalid(`OBJECT IDENTIFIER of more than ${MAX_OID_BYTES} octets`, start);
  if (bytes[end - 1]! > 0x7f) throw invalid('OBJECT IDENTIFIER ends inside an arc', start);
  let text = '';
  let i = start;
  while (i < end) {
    const arcStart = i;
    const first = bytes[i]!;
    if (first < 0x80 && i > start) {
      text += ARCS[first]!;
      i++;
      continue;
    }
    if (first === 0x80) throw invalid('arc is not minimal (X.690 §8.19.2)', i);
    while (bytes[i]! > 0x7f) i++;
    i++;
    const count = i - arcStart;
    if (count > MAX_ARC_BYTES) throw invalid('arc over 2^64', arcStart);
    if (count <= 7) {
      let arc = 0;
      for (let j = arcStart; j < i; j++) arc = arc * 128 + (bytes[j]! & 0x7f);
      if (arcStart !== start) text += `.${arc}`;
      else text = arc < 40 ? `0.${arc}` : arc < 80 ? `1.${arc - 40}` : `2.${arc - 80}`;
    } else {
      let arc = 0n;
      for (let j = arcStart; j < i; j++) arc = (arc << 7n) | BigInt(bytes[j]! & 0x7f);
      if (arcStart === start) arc -= 80n;
      if (arc > MAX_ARC) throw invalid('arc over 2^64', arcStart);
      text = arcStart === start ? `2.${arc}` : `${text}.${arc}`;
    }
  }
  return text;
}

/** Whether {@link decodeOidAt} would read `bytes[start, end)`, without building the text. @throws PkiError DER_INVALID */
export function checkOid(bytes: Uint8Array, start: number, end: number): void {
  const length = end - start;
  if (length > 0 && length <= MAX_OID_BYTES && bytes[end - 1]! < 0x80) {
    let run = 0;
    let plain = true;
    for (let i = start; i < end; i++) {
      const octet = bytes[i]!;
      if (run === 0 && octet === 0x80) plain = false;
      run = octet > 0x7f ? run + 1 : 0;
      // Nine octets carry 63 bits: only longer arcs need their value looked at.
      if (run > 8) plain = false;
    }
    if (plain) return;
  }
  decodeOidAt(bytes, start, end);
}

/**
 * The content octets of a dotted OBJECT IDENTIFIER.
 * @throws TypeError when the text is not one, or is beyond the bounds `decodeOid` reads
 */
export function encodeOid(dotted: string): Uint8Array {
  if (dotted.length > 1000 || !/^[012](?:\.(?:0|[1-9][0-9]{0,19}))+$/.test(dotted)) throw new TypeError(`not an object identifier: ${dotted.slice(0, 64)}`);
  const arcs = dotted.split('.').map((arc) => BigInt(arc));
  const [root, second, ...rest] = arcs as [bigint, bigint, ...bigint[]];
  if (root < 2n && second > 39n) throw new TypeError('second arc over 39 under roots 0 and 1');
  if (arcs.some((arc) => arc > MAX_ARC)) throw new TypeError('arc over 2^64');
  const out: number[] = [];
  for (const arc of [root * 40n + second, ...rest]) {
    const groups: number[] = [];
    let left = arc;
    do {
      groups.push(Number(left & 0x7fn) | (groups.length === 0 ? 0 : 0x80));
      left >>= 7n;
    } while (left > 0n);
    out.push(...groups.reverse());
  }
  if (out.length > MAX_OID_BYTES) throw new TypeError(`object identifier of more than ${MAX_OID_BYTES} octets`);
  return Uint8Array.from(out);
}

interface CommonOid {
  readonly content: Uint8Array;
  readonly text: string;
}

/** Algorithms, curves, purposes, access methods and attributes of ordinary certificates and messages: their texts are made once, and are one string each. */
const COMMON: readonly (readonly CommonOid[])[] = /*#__PURE__*/ inRows([
  '1.2.840.113549.1.1.1', '1.2.840.113549.1.1.10', '1.2.840.113549.1.1.11', '1.2.840.113549.1.1.12', '1.2.840.113549.1.1.13', // RSA (RFC 8017)
  '1.2.840.10045.2.1', '1.2.840.10045.3.1.7', '1.2.840.10045.4.3.2', '1.2.840.10045.4.3.3', '1.2.840.10045.4.3.4', // EC (RFC 5480, 5758)
  '1.2.156.10197.1.301', '1.2.156.10197.1.501', // SM2 (GM/T 0006)
  '1.3.6.1.5.5.7.1.1', '1.3.6.1.5.5.7.48.1', '1.3.6.1.5.5.7.48.2', // authorityInfoAccess and its methods (RFC 5280 §4.2.2.1)
  '1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.4', // purposes (RFC 5280 §4.2.1.12)
  '2.16.840.1.101.3.4.2.1', '2.16.840.1.101.3.4.2.2', '2.16.840.1.101.3.4.2.3', '1.2.156.10197.1.401', // digests (RFC 5754, GM/T 0006)
  '1.2.840.113549.1.7.1', '1.2.840.113549.1.7.2', '1.2.156.10197.6.1.4.2.1', '1.2.156.10197.6.1.4.2.2', // data and signedData (RFC 5652, GM/T 0006)
  '1.2.840.113549.1.9.3', '1.2.840.113549.1.9.4', '1.2.840.113549.1.9.5', '1.2.840.113549.1.9.16.2.47', // signed attributes (RFC 5652 §11, RFC 5035)
]);

function inRows(texts: readonly string[]): readonly (readonly CommonOid[])[] {
  const rows: CommonOid[][] = Array.from({ length: 64 }, () => []);
  for (const text of texts) {
    const content = encodeOid(text);
    rows[row(content, content.length)]!.push({ content, text });
  }
  return rows;
}

/** By the last two octets; what shares a row is compared octet by octet. */
function row(bytes: Uint8Array, end: number): number {
  return (bytes[end - 1]! * 5 + bytes[end - 2]! * 3) & 63;
}

function commonText(bytes: Uint8Array, start: number, end: number): string | undefined {
  const candidates = COMMON[row(bytes, end)]!;
  for (let i = 0; i < candidates.length; i++) {
    const { content, text } = candidates[i]!;
    if (content.length === end - start && holdsAt(bytes, start, content)) return text;
  }
  return undefined;
}

function invalid(message: string, offset: number): PkiError {
  return new PkiError('DER_INVALID', message, { offset });
}
