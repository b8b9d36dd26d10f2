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
  const alone = reasonAlone(bytes, dateEnd, end);
  if (alone !== undefined) return { serialNumber, revocationDate, reason: alone, invalidityDate: undefined, unknownCritical: NONE, certificateIssuer: carried };
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

const NONE: readonly string[] = [];

/** crlEntryExtensions of reasonCode alone, not critical, as DER writes it: all but the reason itself. */
const REASON_ALONE: readonly number[] = [0x30, 0x0c, 0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01];

/** The reason in `[offset, end)` where it is all there is, as in nearly every entry; undefined: whatever else there is must be read. */
function reasonAlone(bytes: Uint8Array, offset: number, end: number): RevocationReason | undefined {
  if (end - offset !== REASON_ALONE.length + 1) return undefined;
  for (let i = 0; i < REASON_ALONE.length; i++) if (bytes[offset + i] !== REASON_ALONE[i]) return undefined;
  return REASONS[bytes[end - 1]!];
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
