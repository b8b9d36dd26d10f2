import { parseCertificateList, parseOcspResponse } from '@hefu/pki';
import { VerifyError } from '../error.js';
import type { Evidence } from '../evidence.js';
import { readable } from '../readable.js';
import { readableCertificate } from '../readable-certificate.js';
import type { CoveredOctets } from '../time/covered.js';
import type { PdfDocument } from './document.js';
import { isKind, type PdfDict, type PdfValue } from './object.js';

/** The document security store (EN 319 142-1 §5.4.2): what the document keeps for those who verify it. DER, untrusted. */
export interface SecurityStore {
  readonly certificates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  readonly ocspResponses: readonly Uint8Array[];
}

/** Keys of the DSS, and of each VRI dictionary in it. */
const KEYS = { certificates: ['Certs', 'Cert'], crls: ['CRLs', 'CRL'], ocspResponses: ['OCSPs', 'OCSP'] } as const;

/**
 * Everything in the DSS and under its VRI, each stream once. A VRI only says which signature something is for, which the judge
 * finds out by itself; its TU and TS prove nothing that a document time-stamp does not.
 * @throws VerifyError PDF_MALFORMED | PDF_LIMIT
 */
export function readSecurityStore(document: PdfDocument): SecurityStore {
  const dss = document.get(document.catalog, 'DSS');
  if (!isKind(dss, 'dict')) return { certificates: [], crls: [], ocspResponses: [] };
  const vri = document.get(dss, 'VRI');
  const related = isKind(vri, 'dict') ? [...vri.entries.values()].map((value) => document.resolve(value)).filter((value): value is PdfDict => isKind(value, 'dict')) : [];
  const seen = new Set<number>();
  const streams = ([all, own]: readonly [string, string]): Uint8Array[] =>
    [document.get(dss, all), ...related.map((each) => document.get(each, own))].flatMap((list) => (isKind(list, 'array') ? list.items : [])).flatMap((item) => streamOf(document, item, seen));
  return { certificates: streams(KEYS.certificates), crls: streams(KEYS.crls), ocspResponses: streams(KEYS.ocspResponses) };
}

function streamOf(document: PdfDocument, item: PdfValue, seen: Set<number>): Uint8Array[] {
  if (!isKind(item, 'ref') || seen.has(item.number)) return [];
  if (seen.size >= document.limits.maxValidationData) throw new VerifyError('PDF_LIMIT', `more than ${document.limits.maxValidationData} streams in the DSS`);
  seen.add(item.number);
  const stream = document.resolve(item);
  if (!isKind(stream, 'stream')) return [];
  try {
    return [document.decode(stream)];
  } catch (error) {
    // Nothing depends on one that cannot be read but what it would have proven.
    if (error instanceof VerifyError && error.code !== 'PDF_LIMIT') return [];
    throw error;
  }
}

/** The evidence with what the store adds: candidates and revocation data like any others, verified before they count. */
export function withSecurityStore(evidence: Evidence, { certificates, crls, ocspResponses }: SecurityStore): Evidence {
  return {
    ...evidence,
    candidateCertificates: [...evidence.candidateCertificates, ...certificates.flatMap((der) => readableCertificate(der) ?? [])],
    crls: [...evidence.crls, ...crls.flatMap((der) => readable(() => ({ crl: parseCertificateList(der) })))],
    ocsp: [...(evidence.ocsp ?? []), ...ocspResponses.flatMap((der) => readable(() => ({ response: parseOcspResponse(der) })))],
  };
}

/** What a time-stamp over the document proves of its store; of an OCSP response also the part that is signed. */
export function storedOctets({ certificates, crls, ocspResponses }: SecurityStore): CoveredOctets[] {
  const signedParts = ocspResponses.flatMap((der) => readable(() => parseOcspResponse(der).basic?.bytes)).flatMap((part) => part ?? []);
  return [
    ...certificates.map((octets) => ({ what: 'certificate' as const, octets })),
    ...[...crls, ...ocspResponses, ...signedParts].map((octets) => ({ what: 'revocation' as const, octets })),
  ];
}
