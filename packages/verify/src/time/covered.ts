import {
  equalBytes, id_aa_ets_certValues, id_aa_ets_revocationValues, parseOcspResponse, parseSignedData, PkiError, readCertificateValues, readRevocationValues, Tag,
  type SignedData,
} from '@hefu/pki';
import type { ArchiveCoverage } from '../timestamp/archive-index.js';
import type { ProvenObject } from '../report.js';

/** Octets whose existence a time-stamp proves. */
export interface CoveredOctets {
  readonly what: ProvenObject['what'];
  readonly octets: Uint8Array;
}

/** What an archive time-stamp covers, taken apart: also what is inside attributes and tokens, which are covered whole. */
export function coveredByArchive({ certificates, revocation, attributes }: ArchiveCoverage, { ocspResponses }: SignedData): CoveredOctets[] {
  return [
    ...certificates.map((octets) => ({ what: 'certificate' as const, octets })),
    ...revocation.flatMap((choice) => revocationOctets(choice, ocspResponses)).map((octets) => ({ what: 'revocation' as const, octets })),
    ...attributes.flatMap(({ type, values }) => values.flatMap((value) => insideAttribute(type, value))),
  ];
}

function insideAttribute(type: string, value: Uint8Array): CoveredOctets[] {
  try {
    if (type === id_aa_ets_certValues) return readCertificateValues(value).map((octets) => ({ what: 'certificate', octets }));
    if (type === id_aa_ets_revocationValues) {
      const { crls, ocspResponses } = readRevocationValues(value);
      return [...crls, ...ocspResponses].map((octets) => ({ what: 'revocation', octets }));
    }
    return insideToken(value);
  } catch (error) {
    if (error instanceof PkiError) return [{ what: 'attribute', octets: value }];
    throw error;
  }
}

/** A time-stamp token, with the certificates and revocation data it carries. @throws PkiError */
export function insideToken(value: Uint8Array): CoveredOctets[] {
  const signed = parseSignedData(value);
  return [
    { what: 'timestamp', octets: value },
    ...signed.certificates.map((octets) => ({ what: 'certificate' as const, octets })),
    ...signed.revocationInfoChoices.flatMap((choice) => revocationOctets(choice, signed.ocspResponses)).map((octets) => ({ what: 'revocation' as const, octets })),
  ];
}

/** A CRL as it is; of `[1] otherRevInfo` with an OCSP response (RFC 5940), the response and what of it is signed. */
function revocationOctets(choice: Uint8Array, responses: readonly Uint8Array[]): readonly Uint8Array[] {
  if (choice[0] === Tag.SEQUENCE) return [choice];
  const response = responses.find((each) => each.length < choice.length && equalBytes(choice.subarray(choice.length - each.length), each));
  if (response === undefined) return [];
  try {
    const { basic } = parseOcspResponse(response);
    return basic === undefined ? [response] : [response, basic.bytes];
  } catch (error) {
    if (error instanceof PkiError) return [];
    throw error;
  }
}
