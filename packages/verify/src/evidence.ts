import type { Certificate, CertificateList, OcspResponse } from '@hefu/pki';

/** One CRL brought as evidence. */
export interface CollectedCrl {
  readonly crl: CertificateList;
  /** Where it came from, when fetched. */
  readonly url?: string;
  readonly fetchedAt?: number;
}

/** One OCSP response brought as evidence. */
export interface CollectedOcsp {
  readonly response: OcspResponse;
  /** The responder's address, when fetched. */
  readonly url?: string;
  readonly fetchedAt?: number;
  /** The nonce that went with the request. A response that carries another is not an answer to it; `required`: nor is one without. */
  readonly nonce?: { readonly sent: Uint8Array; readonly required?: boolean };
}

/** Evidence that was wanted and is not there: recorded, never thrown. */
export interface EvidenceGap {
  readonly code: 'FETCH_REFUSED' | 'FETCH_FAILED' | 'FILE_UNREADABLE' | 'TOO_LARGE' | 'TIMEOUT' | 'NOT_PARSED' | 'STALE' | 'NO_ENDPOINT' | 'LIMIT';
  /** What was wanted: `crl http://…`. */
  readonly what: string;
  readonly detail?: string;
}

/** Everything outside the message that the judge may look at. Untrusted until the judge has verified it. */
export interface Evidence {
  /** Candidate issuer certificates beside those in the message and the list. */
  readonly candidateCertificates: readonly Certificate[];
  readonly crls: readonly CollectedCrl[];
  readonly ocsp?: readonly CollectedOcsp[];
  readonly gaps: readonly EvidenceGap[];
}

export const NO_EVIDENCE: Evidence = { candidateCertificates: [], crls: [], gaps: [] };

/** One thing to fetch, with everywhere it may be had, in order of preference. */
export interface WantedCrl {
  readonly kind: 'crl';
  /** Which certificate asks, as hex of its serial, for logs. */
  readonly forSerial: string;
  /** The certificates it may answer for, as the plan names them. */
  readonly subjects?: readonly string[];
  /** Rounds: 0, the default, is wanted in any case; a later one only for subjects that the rounds before leave open. */
  readonly tier?: number;
  /** A delta CRL: of use only beside a complete one. */
  readonly delta?: true;
  readonly issuerKey: string;
  readonly urls: readonly string[];
  /** `list`: named by the trust list, so private addresses are allowed; `certificate`: named by the certificate. */
  readonly origin: 'list' | 'certificate';
  readonly maxBytes?: number;
  readonly maxAge?: number;
}

/** A question to an OCSP responder. */
export interface WantedOcsp {
  readonly kind: 'ocsp';
  readonly forSerial: string;
  /** The certificates it may answer for, as the plan names them. */
  readonly subjects?: readonly string[];
  /** Rounds: 0, the default, is wanted in any case; a later one only for subjects that the rounds before leave open. */
  readonly tier?: number;
  readonly issuerKey: string;
  readonly urls: readonly string[];
  readonly origin: 'list' | 'certificate';
  /** DER of the CertID to ask about. */
  readonly certId: Uint8Array;
  readonly nonce: 'required' | 'optional' | 'none';
  readonly maxAge?: number;
}

/** What `planEvidence` asks the gatherer for. */
export interface EvidencePlan {
  readonly wanted: readonly (WantedCrl | WantedOcsp)[];
  /** Wishes that cannot be fetched by anyone: ldap-only, directory names… with the reason. */
  readonly gaps: readonly EvidenceGap[];
}
