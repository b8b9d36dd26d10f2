import { timeAt } from '../asn1/time.js';
import { checkNesting, contentStart, elementEnd, expectEnd, oidEnd } from '../asn1/scan.js';
import { Tag } from '../asn1/tag.js';
import { PkiError } from '../error.js';
import type { PkiLimits } from '../limits.js';
import { checkExtensionValue } from './extension.js';
import { checkName } from './name.js';

/** Where the Extensions of a certificate lie: the first of each OID; 0 where it is absent (no extension starts there). */
export interface ExtensionLayout {
  /** Content of the SEQUENCE OF Extension; both 0 when there is none. */
  readonly start: number;
  readonly end: number;
  readonly basicConstraints: number;
  readonly keyUsage: number;
  readonly extendedKeyUsage: number;
  readonly subjectKeyIdentifier: number;
  readonly authorityKeyIdentifier: number;
  readonly subjectAltName: number;
  readonly crlDistributionPoints: number;
  readonly authorityInfoAccess: number;
  readonly certificatePolicies: number;
}

const NO_EXTENSIONS: ExtensionLayout = {
  start: 0, end: 0, basicConstraints: 0, keyUsage: 0, extendedKeyUsage: 0, subjectKeyIdentifier: 0, authorityKeyIdentifier: 0, subjectAltName: 0,
  crlDistributionPoints: 0, authorityInfoAccess: 0, certificatePolicies: 0,
};

/** Where the parts of a certificate lie. Offsets of whole TLVs. */
export interface CertificateLayout {
  readonly version: number;
  readonly tbs: number;
  readonly tbsEnd: number;
  readonly serial: number;
  readonly tbsAlgorithm: number;
  readonly issuer: number;
  readonly validity: number;
  readonly subject: number;
  readonly spki: number;
  readonly spkiAlgorithmEnd: number;
  readonly spkiEnd: number;
  /** A unique identifier is present (RFC 5280 §4.1.2.8). */
  readonly uniqueIds: boolean;
  readonly extensions: ExtensionLayout;
  /** The BIT STRING of the signature. */
  readonly signature: number;
  readonly notBefore: number;
  readonly notAfter: number;
}

/**
 * Checks a Certificate's structure (RFC 5280 §4.1) in one pass and says where its parts are: every header and
 * object identifier, the order of the fields, names, times and extensions as containers. Values inside names,
 * the key and extensions are left to whoever asks for them.
 * @throws PkiError
 */
export function layoutCertificate(bytes: Uint8Array, limits: PkiLimits): CertificateLayout {
  const end = expectEnd(bytes, 0, bytes.length, Tag.SEQUENCE, 'Certificate');
  if (end !== bytes.length) throw new PkiError('TRAILING_DATA', `${bytes.length - end} octets after the certificate`, { offset: end });
  const tbs = contentStart(bytes, 0);
  const tbsEnd = expectEnd(bytes, tbs, end, Tag.SEQUENCE, 'tbsCertificate');

  let at = contentStart(bytes, tbs);
  let version = 1;
  if (bytes[at] === 0xa0) {
    const versionEnd = expectEnd(bytes, at, tbsEnd, 0xa0, 'version');
    version = versionOf(bytes, at + 2, versionEnd);
    at = versionEnd;
  }
  const serial = at;
  at = expectEnd(bytes, at, tbsEnd, Tag.INTEGER, 'serialNumber');
  if (contentStart(bytes, serial) === at) throw new PkiError('DER_INVALID', 'serialNumber without octets', { offset: serial });
  const tbsAlgorithm = at;
  at = algorithmEnd(bytes, at, tbsEnd, 'signature', limits);
  const issuer = at;
  at = expectEnd(bytes, at, tbsEnd, Tag.SEQUENCE, 'issuer');
  checkName(bytes, contentStart(bytes, issuer), at, limits.maxNameAttributes, limits.maxDepth);
  const validity = at;
  at = expectEnd(bytes, at, tbsEnd, Tag.SEQUENCE, 'validity');
  const notBeforeAt = contentStart(bytes, validity);
  const notAfterAt = timeEnd(bytes, notBeforeAt, at, 'notBefore');
  if (timeEnd(bytes, notAfterAt, at, 'notAfter') !== at) throw new PkiError('TRAILING_DATA', 'validity: octets after notAfter', { offset: notAfterAt });
  const notBefore = timeAt(bytes, bytes[notBeforeAt]!, contentStart(bytes, notBeforeAt), notAfterAt);
  const notAfter = timeAt(bytes, bytes[notAfterAt]!, contentStart(bytes, notAfterAt), at);
  const subject = at;
  at = expectEnd(bytes, at, tbsEnd, Tag.SEQUENCE, 'subject');
  checkName(bytes, contentStart(bytes, subject), at, limits.maxNameAttributes, limits.maxDepth);
  const spki = at;
  at = expectEnd(bytes, at, tbsEnd, Tag.SEQUENCE, 'subjectPublicKeyInfo');
  const spkiEnd = at;
  const spkiAlgorithmEnd = algorithmEnd(bytes, contentStart(bytes, spki), spkiEnd, 'subjectPublicKeyInfo.algorithm', limits);
  if (octetAlignedEnd(bytes, spkiAlgorithmEnd, spkiEnd, 'subjectPublicKey') !== spkiEnd) {
    throw new PkiError('TRAILING_DATA', 'subjectPublicKeyInfo: octets after the key', { offset: spkiAlgorithmEnd });
  }

  let uniqueIds = false;
  for (let tag = 0x81; tag <= 0x82; tag++) {
    if (at < tbsEnd && bytes[at] === tag) {
      at = expectEnd(bytes, at, tbsEnd, tag, 'uniqueIdentifier');
      uniqueIds = true;
    }
  }

  let extensions = NO_EXTENSIONS;
  if (at < tbsEnd && bytes[at] === 0xa3) {
    const explicitEnd = expectEnd(bytes, at, tbsEnd, 0xa3, 'extensions');
    extensions = layoutExtensions(bytes, contentStart(bytes, at), explicitEnd, limits);
    at = explicitEnd;
  }
  if (at !== tbsEnd) throw new PkiError('STRUCTURE_INVALID', `tbsCertificate: unexpected element ${bytes[at]!.toString(16)}`, { offset: at });

  const signature = algorithmEnd(bytes, tbsEnd, end, 'signatureAlgorithm', limits);
  if (octetAlignedEnd(bytes, signature, end, 'signatureValue') !== end) throw new PkiError('TRAILING_DATA', 'octets after signatureValue', { offset: signature });
  return {
    version, tbs, tbsEnd, serial, tbsAlgorithm, issuer, validity, subject, spki, spkiAlgorithmEnd, spkiEnd, uniqueIds, extensions, signature, notBefore,
    notAfter,
  };
}

function layoutExtensions(bytes: Uint8Array, list: number, limit: number, limits: PkiLimits): ExtensionLayout {
  const end = expectEnd(bytes, list, limit, Tag.SEQUENCE, 'extensions');
  if (end !== limit) throw new PkiError('TRAILING_DATA', 'octets after the extensions', { offset: end });
  const start = contentStart(bytes, list);
  let basicConstraints = 0;
  let keyUsage = 0;
  let extendedKeyUsage = 0;
  let subjectKeyIdentifier = 0;
  let authorityKeyIdentifier = 0;
  let subjectAltName = 0;
  let crlDistributionPoints = 0;
  let authorityInfoAccess = 0;
  let certificatePolicies = 0;
  let count = 0;
  for (let offset = start; offset < end; ) {
    const next = expectEnd(bytes, offset, end, Tag.SEQUENCE, 'Extension');
    const oid = contentStart(bytes, offset);
    const oidLimit = oidEnd(bytes, oid, next, 'extnID');
    checkExtensionValue(bytes, oidLimit, next);
    if (++count > limits.maxExtensions) throw new PkiError('TOO_MANY', `more than ${limits.maxExtensions} extensions`, { offset });
    // The first of an OID counts; duplicates are reported by `duplicateExtensions`.
    if (oidLimit - oid === 5 && bytes[oid + 2] === 0x55 && bytes[oid + 3] === 0x1d) {
      switch (bytes[oid + 4]) {
        case 14: subjectKeyIdentifier ||= offset; break;
        case 15: keyUsage ||= offset; break;
        case 17: subjectAltName ||= offset; break;
        case 19: basicConstraints ||= offset; break;
        case 31: crlDistributionPoints ||= offset; break;
        case 32: certificatePolicies ||= offset; break;
        case 35: authorityKeyIdentifier ||= offset; break;
        case 37: extendedKeyUsage ||= offset; break;
      }
    } else if (authorityInfoAccess === 0 && isAuthorityInfoAccess(bytes, oid + 2)) authorityInfoAccess = offset;
    offset = next;
  }
  return {
    start, end, basicConstraints, keyUsage, extendedKeyUsage, subjectKeyIdentifier, authorityKeyIdentifier, subjectAltName, crlDistributionPoints,
    authorityInfoAccess, certificatePolicies,
  };
}

/** Version ::= INTEGER { v1(0), v2(1), v3(2) } */
function versionOf(bytes: Uint8Array, offset: number, end: number): number {
  if (expectEnd(bytes, offset, end, Tag.INTEGER, 'version') !== end || bytes[offset + 1] === 0) throw new PkiError('STRUCTURE_INVALID', 'version is not one INTEGER', { offset });
  const value = bytes[offset + 2]!;
  if (end !== offset + 3 || value > 2) throw new PkiError('VERSION_UNSUPPORTED', 'certificate version is not 1, 2 or 3', { offset });
  return value + 1;
}

/** AlgorithmIdentifier ::= SEQUENCE { OID, at most one element } */
export function algorithmEnd(bytes: Uint8Array, offset: number, limit: number, what: string, limits: PkiLimits): number {
  const end = expectEnd(bytes, offset, limit, Tag.SEQUENCE, what);
  const parameters = oidEnd(bytes, contentStart(bytes, offset), end, what);
  if (parameters === end) return end;
  if (elementEnd(bytes, parameters, end) !== end) throw new PkiError('TRAILING_DATA', `${what}: more than one element after the algorithm`, { offset: parameters });
  checkNesting(bytes, parameters, end, 0, limits.maxDepth);
  return end;
}

export function timeEnd(bytes: Uint8Array, offset: number, limit: number, what: string): number {
  const tag = offset < limit && bytes[offset] === Tag.GENERALIZED_TIME ? Tag.GENERALIZED_TIME : Tag.UTC_TIME;
  return expectEnd(bytes, offset, limit, tag, what);
}

/** A BIT STRING of whole octets. */
export function octetAlignedEnd(bytes: Uint8Array, offset: number, limit: number, what: string): number {
  const end = expectEnd(bytes, offset, limit, Tag.BIT_STRING, what);
  const start = contentStart(bytes, offset);
  if (start === end || bytes[start] !== 0) throw new PkiError('DER_INVALID', `${what} is not a whole number of octets`, { offset });
  return end;
}

/** 1.3.6.1.5.5.7.1.1 */
function isAuthorityInfoAccess(bytes: Uint8Array, oid: number): boolean {
  return (
    bytes[oid - 1] === 8 && bytes[oid] === 0x2b && bytes[oid + 1] === 6 && bytes[oid + 2] === 1 && bytes[oid + 3] === 5 &&
    bytes[oid + 4] === 5 && bytes[oid + 5] === 7 && bytes[oid + 6] === 1 && bytes[oid + 7] === 1
  );
}
