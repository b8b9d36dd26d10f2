import { contentStart, expectEnd } from '../asn1/scan.js';
import { Tag } from '../asn1/tag.js';
import { timeAt } from '../asn1/time.js';
import { PkiError } from '../error.js';
import type { PkiLimits } from '../limits.js';
import { algorithmEnd, octetAlignedEnd, timeEnd } from '../x509/certificate-layout.js';
import { checkExtension } from '../x509/extension.js';
import { checkName } from '../x509/name.js';

/** Where the parts of a CRL lie: offsets of whole TLVs. */
export interface CertificateListLayout {
  readonly version: number;
  readonly tbs: number;
  readonly tbsEnd: number;
  readonly tbsAlgorithm: number;
  readonly issuer: number;
  readonly thisUpdateAt: number;
  readonly thisUpdate: number;
  /** 0 when absent. */
  readonly nextUpdateAt: number;
  readonly nextUpdate: number | undefined;
  /** Content of revokedCertificates; both 0 when absent. */
  readonly entries: number;
  readonly entriesEnd: number;
  /** Content of the SEQUENCE OF Extension; both 0 when absent. */
  readonly extensions: number;
  readonly extensionsEnd: number;
  readonly signature: number;
}

/**
 * Checks a CertificateList's structure (RFC 5280 §5.1) except for its entries, which a CRL of a million makes too
 * many to visit before somebody asks; the scan checks them as it passes.
 * @throws PkiError
 */
export function layoutCertificateList(bytes: Uint8Array, limits: PkiLimits): CertificateListLayout {
  const end = expectEnd(bytes, 0, bytes.length, Tag.SEQUENCE, 'CertificateList');
  if (end !== bytes.length) throw new PkiError('TRAILING_DATA', `${bytes.length - end} octets after the CRL`, { offset: end });
  const tbs = contentStart(bytes, 0);
  const tbsEnd = expectEnd(bytes, tbs, end, Tag.SEQUENCE, 'tbsCertList');

  let at = contentStart(bytes, tbs);
  let version = 1;
  if (at < tbsEnd && bytes[at] === Tag.INTEGER) {
    const versionEnd = expectEnd(bytes, at, tbsEnd, Tag.INTEGER, 'version');
    // Version, when present, is v2 (RFC 5280 §5.1.2.1).
    if (versionEnd !== at + 3 || bytes[at + 2] !== 1) throw new PkiError('VERSION_UNSUPPORTED', 'CRL version is written and is not 2', { offset: at });
    version = 2;
    at = versionEnd;
  }
  const tbsAlgorithm = at;
  at = algorithmEnd(bytes, at, tbsEnd, 'signature', limits);
  const issuer = at;
  at = expectEnd(bytes, at, tbsEnd, Tag.SEQUENCE, 'issuer');
  checkName(bytes, contentStart(bytes, issuer), at, limits.maxNameAttributes, limits.maxDepth);
  const thisUpdateAt = at;
  at = timeEnd(bytes, at, tbsEnd, 'thisUpdate');
  const thisUpdate = timeAt(bytes, bytes[thisUpdateAt]!, contentStart(bytes, thisUpdateAt), at);
  let nextUpdateAt = 0;
  let nextUpdate: number | undefined;
  if (at < tbsEnd && (bytes[at] === Tag.UTC_TIME || bytes[at] === Tag.GENERALIZED_TIME)) {
    nextUpdateAt = at;
    at = timeEnd(bytes, at, tbsEnd, 'nextUpdate');
    nextUpdate = timeAt(bytes, bytes[nextUpdateAt]!, contentStart(bytes, nextUpdateAt), at);
  }

  let entries = 0;
  let entriesEnd = 0;
  if (at < tbsEnd && bytes[at] === Tag.SEQUENCE) {
    entriesEnd = expectEnd(bytes, at, tbsEnd, Tag.SEQUENCE, 'revokedCertificates');
    entries = contentStart(bytes, at);
    at = entriesEnd;
  }

  let extensions = 0;
  let extensionsEnd = 0;
  if (at < tbsEnd && bytes[at] === 0xa0) {
    const explicitEnd = expectEnd(bytes, at, tbsEnd, 0xa0, 'crlExtensions');
    const list = contentStart(bytes, at);
    extensionsEnd = expectEnd(bytes, list, explicitEnd, Tag.SEQUENCE, 'crlExtensions');
    if (extensionsEnd !== explicitEnd) throw new PkiError('TRAILING_DATA', 'octets after crlExtensions', { offset: extensionsEnd });
    extensions = contentStart(bytes, list);
    let count = 0;
    for (let offset = extensions; offset < extensionsEnd; ) {
      offset = checkExtension(bytes, offset, extensionsEnd);
      if (++count > limits.maxExtensions) throw new PkiError('TOO_MANY', `more than ${limits.maxExtensions} extensions`, { offset });
    }
    at = explicitEnd;
  }
  if (at !== tbsEnd) throw new PkiError('STRUCTURE_INVALID', `tbsCertList: unexpected element ${bytes[at]!.toString(16)}`, { offset: at });

  const signature = algorithmEnd(bytes, tbsEnd, end, 'signatureAlgorithm', limits);
  if (octetAlignedEnd(bytes, signature, end, 'signatureValue') !== end) throw new PkiError('TRAILING_DATA', 'octets after signatureValue', { offset: signature });
  return { version, tbs, tbsEnd, tbsAlgorithm, issuer, thisUpdateAt, thisUpdate, nextUpdateAt, nextUpdate, entries, entriesEnd, extensions, extensionsEnd, signature };
}
