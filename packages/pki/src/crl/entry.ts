import { decodeOidAt } from '../asn1/oid.js';
import { readSmallInteger } from '../asn1/primitive.js';
import type { DerReader } from '../asn1/reader.js';
import { contentStart, elementEnd, expectEnd } from '../asn1/scan.js';
import { Tag } from '../asn1/tag.js';
import { timeAt } from '../asn1/time.js';
import { PkiError } from '../error.js';
import type { PkiLimits } from '../limits.js';
import type { Extension, GeneralName, RevocationReason, RevokedCertificate } from '../model.js';
import { checkExtension, decodeExtensions, duplicatesAmong } from '../x509/extension.js';
import { decodeExtension } from '../x509/extension-values.js';
import { readGeneralNames } from '../x509/general-name.js';
import { id_ce_certificateIssuer, id_ce_cRLReasons, id_ce_invalidityDate } from '../x509/oids.js';
import { timeEnd } from '../x509/certificate-layout.js';

/** CRLReason, RFC 5280 §5.3.1; 7 is not used. */
const REASONS: readonly (RevocationReason | undefined)[] = [
  'unspecified', 'keyCompromise', 'cACompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation', 'certificateHold', undefined,
  'removeFromCRL', 'privilegeWithdrawn', 'aACompromise',
];

/**
 * Decodes the entry at `offset` (RFC 5280 §5.1.2.6, §5.3).
 * @param carried certificateIssuer in force before this entry, for indirect CRLs
 * @throws PkiError
 */
export function decodeEntry(bytes: Uint8Array, offset: number, limit: number, carried: readonly GeneralName[] | undefined, limits: PkiLimits): RevokedCertificate {
  const end = expectEnd(bytes, offset, limit, Tag.SEQUENCE, 'revokedCertificate');
  const serial = contentStart(bytes, offset);
  const date = expectEnd(bytes, serial, end, Tag.INTEGER, 'userCertificate');
  const serialNumber = bytes.subarray(contentStart(bytes, serial), date);
  if (serialNumber.length === 0) throw new PkiError('DER_INVALID', 'userCertificate without octets', { offset: serial });
  const dateEnd = timeEnd(bytes, date, end, 'revocationDate');
  const revocationDate = timeAt(bytes, bytes[date]!, contentStart(bytes, date), dateEnd);
  const extensions = entryExtensions(bytes, dateEnd, end, limits);
  let reason: RevocationReason = 'unspecified';
  let invalidityDate: number | undefined;
  let certificateIssuer = carried;
  const unknownCritical: string[] = [];
  for (const { oid, critical, value } of extensions) {
    if (oid === id_ce_cRLReasons) reason = decodeExtension(oid, value, limits, decodeReason);
    else if (oid === id_ce_invalidityDate) invalidityDate = decodeExtension(oid, value, limits, decodeInvalidityDate);
    else if (oid === id_ce_certificateIssuer) certificateIssuer = decodeExtension(oid, value, limits, decodeCertificateIssuer);
    else if (critical) unknownCritical.push(oid);
  }
  return { serialNumber, revocationDate, reason, invalidityDate, unknownCritical, certificateIssuer };
}

/** Whether the entry in `[offset, end)` has an extension certificateIssuer, without decoding any. @throws PkiError */
export function writesCertificateIssuer(bytes: Uint8Array, offset: number, end: number): boolean {
  const date = elementEnd(bytes, contentStart(bytes, offset), end);
  const list = elementEnd(bytes, date, end);
  if (list === end) return false;
  const listEnd = expectEnd(bytes, list, end, Tag.SEQUENCE, 'crlEntryExtensions');
  for (let at = contentStart(bytes, list); at < listEnd; at = checkExtension(bytes, at, listEnd)) {
    const oid = contentStart(bytes, at);
    // 2.5.29.29
    if (bytes[oid + 1] === 3 && bytes[oid + 2] === 0x55 && bytes[oid + 3] === 0x1d && bytes[oid + 4] === 0x1d) return true;
  }
  return false;
}

/**
 * Adds the OIDs of the critical extensions of the entry in `[offset, end)` to `found`.
 * @param view over all of `bytes`
 * @param like where the extensions of an entry before begin, 0 for none: the same octets again are not read again
 * @returns where this entry's extensions begin, or `like`
 * @throws PkiError
 */
export function addCriticalExtensions(bytes: Uint8Array, view: DataView, offset: number, end: number, found: Set<string>, like: number): number {
  const date = elementEnd(bytes, contentStart(bytes, offset), end);
  const list = elementEnd(bytes, date, end);
  if (list === end) return like;
  const listEnd = expectEnd(bytes, list, end, Tag.SEQUENCE, 'crlEntryExtensions');
  if (like !== 0 && sameOctets(view, like, list, listEnd)) return like;
  for (let at = contentStart(bytes, list); at < listEnd; ) {
    const next = checkExtension(bytes, at, listEnd);
    const oid = contentStart(bytes, at);
    const after = elementEnd(bytes, oid, next);
    // BOOLEAN TRUE; checkExtension has seen that it is 00 or FF.
    if (bytes[after] === Tag.BOOLEAN && bytes[after + 2] === 0xff) found.add(decodeOidAt(bytes, contentStart(bytes, oid), after));
    at = next;
  }
  return list;
}

/**
 * Whether the octets from `other` on, which is before `start`, are those of `[start, end)`; an element's own header says
 * where it ends, so no more need be compared. Four at a time: a million entries are passed so.
 */
function sameOctets(view: DataView, other: number, start: number, end: number): boolean {
  let i = start;
  let j = other;
  for (; i + 4 <= end; i += 4, j += 4) if (view.getInt32(i) !== view.getInt32(j)) return false;
  for (; i < end; i++, j++) if (view.getUint8(i) !== view.getUint8(j)) return false;
  return true;
}

function entryExtensions(bytes: Uint8Array, offset: number, limit: number, limits: PkiLimits): readonly Extension[] {
  if (offset === limit) return [];
  const end = expectEnd(bytes, offset, limit, Tag.SEQUENCE, 'crlEntryExtensions');
  if (end !== limit) throw new PkiError('TRAILING_DATA', 'octets after crlEntryExtensions', { offset: end });
  const start = contentStart(bytes, offset);
  let count = 0;
  for (let at = start; at < end; ) {
    at = checkExtension(bytes, at, end);
    if (++count > limits.maxExtensions) throw new PkiError('TOO_MANY', `more than ${limits.maxExtensions} entry extensions`, { offset });
  }
  const extensions = decodeExtensions(bytes, start, end);
  // Two reasons for one certificate leave no answer to give.
  if (duplicatesAmong(extensions).length > 0) throw new PkiError('STRUCTURE_INVALID', 'an entry extension appears more than once', { offset });
  return extensions;
}

function decodeReason(value: DerReader): RevocationReason {
  const code = readSmallInteger(value, 'CRLReason', Tag.ENUMERATED);
  value.finish('CRLReason');
  return revocationReasonOf(code);
}

/** @throws PkiError STRUCTURE_INVALID for a number without a name */
export function revocationReasonOf(code: number): RevocationReason {
  const reason = REASONS[code];
  if (reason === undefined) throw new PkiError('STRUCTURE_INVALID', 'CRLReason without a name');
  return reason;
}

function decodeInvalidityDate(value: DerReader): number {
  value.expect(Tag.GENERALIZED_TIME, 'InvalidityDate').finish('InvalidityDate');
  return timeAt(value.bytes, Tag.GENERALIZED_TIME, value.contentStart, value.end);
}

function decodeCertificateIssuer(value: DerReader, limits: PkiLimits): readonly GeneralName[] {
  value.expect(Tag.SEQUENCE, 'CertificateIssuer').finish('CertificateIssuer');
  return readGeneralNames(value.enter(), limits.maxGeneralNames);
}
