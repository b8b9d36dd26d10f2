/**
 * The `list` document as its operators write it (JSON), and the verified value the rest of Hefu reads.
 * Instants in JSON are `YYYY-MM-DDTHH:MM[:SS[.sss]]Z`; in memory they are epoch milliseconds.
 * Intervals are half-open: `[since, next since)`, `[from, until)`.
 */

import type { Delegation, Peer } from './scheme.js';

export interface LocalisedText {
  readonly zh: string;
  readonly en?: string;
}

/** TS 119 612 service statuses, with `suspended` as an addition (see the trust-list design). */
export type ServiceStatusName = 'granted' | 'suspended' | 'ceased' | 'withdrawn' | 'distrusted';

export interface ServiceStatus {
  readonly status: ServiceStatusName;
  /** Start of the interval; the next newer event ends it. */
  readonly since: number;
  /** Sequence of the list that first carried this event. */
  readonly recorded: number;
  readonly reason?: string;
  /** Reference of the order or decision. */
  readonly ref?: string;
  /** What becomes of signatures made in a suspension once it is lifted. */
  readonly gap?: 'heal' | 'void';
  /** For `distrusted`: from when the CA's key is believed lost. */
  readonly compromisedSince?: number;
}

export type ServiceKind = 'ca' | 'tsa' | 'ocsp' | 'crl-issuer' | 'seal-maker';

/**
 * A trust anchor of a service. At least one of `certificate`, `sha256`, `spkiSha256` is present.
 * By certificate: that very certificate. By key hash: any certificate of that key with the name it states
 * or, with no name, the name of the candidate that carries the key.
 */
export interface ServiceAnchor {
  /** DER of the anchor certificate (`x5c[0]` in JSON). */
  readonly certificate?: Uint8Array;
  /** SHA-256 over the certificate's DER, lower-case hex. */
  readonly sha256?: string;
  /** SHA-256 over the SubjectPublicKeyInfo's DER, lower-case hex. */
  readonly spkiSha256?: string;
  readonly mode: 'root' | 'pinned-intermediate';
}

export interface ServiceScope {
  /** GB/T 2260 codes or prefixes with `*`: `420100`, `42*`, `*`. */
  readonly regions: readonly string[];
  /** Kinds of transaction (`工程建设`, `政府采购`…); undefined: all. */
  readonly transactions?: readonly string[];
  /** Roles (`bidder`, `agency`…); undefined: all. */
  readonly roles?: readonly string[];
  /** What the certificate may be used for here; undefined: all. */
  readonly purposes?: readonly Purpose[];
  readonly from?: number;
  readonly until?: number;
}

export type Purpose = 'auth' | 'sign' | 'seal' | 'encrypt';

export interface ServiceConstraints {
  /** At least one of these certificate policies must be asserted by the leaf. */
  readonly policyOids?: readonly string[];
  /** `TYPE=value` pairs, type by short name or OID: every pair of one entry must be in the leaf's subject. */
  readonly permittedDN?: readonly (readonly string[])[];
  readonly excludedDN?: readonly (readonly string[])[];
  /** Intermediate certificates allowed below the anchor. */
  readonly pathLen?: number;
  /** The leaf's notBefore must lie in `[issuedFrom, issuedUntil)`. */
  readonly issuedFrom?: number;
  readonly issuedUntil?: number;
  readonly maxValidityDays?: number;
  /** Names of signature algorithms, as the crypto room spells them. */
  readonly sigAlgs?: readonly string[];
  readonly minRsaBits?: number;
  /** Extensions the leaf must carry. */
  readonly requireExt?: readonly string[];
}

export interface CrlEndpoint {
  readonly url: string;
  readonly mirrors?: readonly string[];
  /** ISO 8601 duration in milliseconds: older CRLs are not fresh whatever their nextUpdate. */
  readonly maxAge?: number;
  readonly maxBytes?: number;
  /** Id of the service of kind `crl-issuer` whose keys sign this CA's CRLs beside the CA's own. */
  readonly issuerService?: string;
}

/** Where the CA's OCSP responder is asked (RFC 6960), and how it answers. */
export interface OcspEndpoint {
  readonly url: string;
  readonly mirrors?: readonly string[];
  /** DER of certificates of responders that answer here though the CA did not issue them; delegates of the CA need not be named. */
  readonly responders?: readonly Uint8Array[];
  /** Id of the service of kind `ocsp` whose anchors answer for this CA, as `responders` do, while it is granted. */
  readonly responderService?: string;
  /** Whether a nonce is sent, and must come back. Absent: `optional`. */
  readonly nonce?: 'required' | 'optional' | 'none';
  /** Milliseconds that the responder's clock may be ahead, at most an hour. */
  readonly skew?: number;
  /** Milliseconds: older answers are not fresh, whatever their nextUpdate; those without one need it. */
  readonly maxAge?: number;
}

export interface ServiceRevocation {
  readonly mode: 'crl-only' | 'ocsp-first' | 'crl-first' | 'both' | 'none-with-reason';
  /** For `none-with-reason`. */
  readonly reason?: string;
  /** Only the endpoints below are asked; those in certificates are ignored. */
  readonly overrideCertificateUrls: boolean;
  readonly crl: readonly CrlEndpoint[];
  readonly ocsp?: readonly OcspEndpoint[];
}

/** TS 119 612 criteria: a tree over facts of a certificate. */
export type Criteria =
  | { readonly all: readonly Criteria[] }
  | { readonly any: readonly Criteria[] }
  | { readonly none: readonly Criteria[] }
  | { readonly keyUsage: { readonly has?: readonly string[]; readonly not?: readonly string[] } }
  | { readonly extPresent: string }
  | { readonly policy: string }
  | { readonly eku: string }
  | { readonly dn: { readonly type: string; readonly value?: string } };

export interface CertificateKindRule {
  readonly kind: 'sign' | 'encrypt';
  readonly match: Criteria;
}

// --- Identity profiles: where a CA writes who its subject is (trust-list design §5.6) -------------------------------

/** Decoders of an extension's octets or a name's text, tried in order; each must consume everything. */
export type IdentityDecoder =
  | 'der-string' // one string TLV; SET/SEQUENCE of one and context tags are unwrapped
  | 'raw-utf8'
  | 'raw-gbk'
  | 'auto'; // der-string, else raw-utf8, else raw-gbk

/** What an extracted value must look like to be taken. */
export type IdentityAccept =
  | 'USCC18' // GB 32100 alphabet and length; the check digit only warns
  | 'ORG9' // GB 11714, dash allowed
  | 'LICENCE15' // old business licence number
  | 'ID-CARD' // GB 11643, 15 or 18 characters
  | 'TEXT' // any non-empty printable text
  | 'OPAQUE';

export interface IdentitySource {
  /** Extension OID … */
  readonly ext?: string;
  /** … or attribute type in the subject (short name or OID) … */
  readonly dn?: string;
  /** … or otherName type / kind in the subjectAltName. */
  readonly san?: string;
  readonly decode?: readonly IdentityDecoder[];
  /** Regular expressions (no flags) removed from the text first. */
  readonly strip?: readonly string[];
  /** Anchored regular expression; its group `value`, else group 1, else the match, is taken. */
  readonly regex?: string;
  readonly accept: IdentityAccept;
}

export type IdentityFieldName = 'uscc' | 'orgCode' | 'licenceNo' | 'taxNo' | 'name' | 'personId' | 'personName' | 'serviceNo' | 'opaqueId';

export interface IdentityField {
  /** All are tried; those that yield must agree unless `onMultiple` says otherwise. */
  readonly try: readonly IdentitySource[];
  /** Default `must-agree`. */
  readonly onMultiple?: 'must-agree' | 'first';
  /** Derive from another field when no source yields: characters `[slice[0], slice[1])`. */
  readonly derive?: { readonly from: IdentityFieldName; readonly slice: readonly [number, number] };
}

export interface IdentityProfile {
  readonly id: string;
  readonly version: number;
  readonly subjectType: readonly { readonly if: Criteria | 'always'; readonly is: 'organization' | 'person' | 'device' }[];
  readonly fields: Readonly<Partial<Record<IdentityFieldName, IdentityField>>>;
  /** Fields that must yield for an organisation's signature to be attributable; default `['uscc']`. */
  readonly required?: readonly IdentityFieldName[];
  /** Certificates that prove the profile: what it must find in each. A list is not published without one (lint L061). */
  readonly samples?: readonly IdentitySample[];
}

/** A certificate of a test subject, or of an organisation that agreed: never a natural person's. */
export interface IdentitySample {
  /** SHA-256 over the certificate's DER, lower-case hex. */
  readonly certSha256: string;
  /** DER; absent when the certificate stays in the operator's working tree. */
  readonly certificate?: Uint8Array;
  /** Every field named must be found with this very value. */
  readonly expect: Readonly<Partial<Record<SampleFieldName, string>>>;
}

/** Fields a sample may state: lists are public, so none that says who a person is. */
export type SampleFieldName = Exclude<IdentityFieldName, 'personId' | 'personName'>;

export interface TrustService {
  /** `urn:…`, unique and never reused. */
  readonly id: string;
  readonly kind: ServiceKind;
  readonly name: LocalisedText;
  readonly operator?: { readonly uscc?: string; readonly licence?: string; readonly name?: LocalisedText };
  readonly anchors: readonly ServiceAnchor[];
  /** DER of intermediate CA certificates offered to path building; they anchor nothing. */
  readonly intermediates: readonly Uint8Array[];
  /** Newest first, append-only over sequences. */
  readonly status: readonly ServiceStatus[];
  readonly scope: readonly ServiceScope[];
  readonly constraints: ServiceConstraints;
  readonly revocation: ServiceRevocation;
  /** Empty: the default of the verify room (keyUsage). */
  readonly certKinds: readonly CertificateKindRule[];
  /** Id of an identity profile in this list. */
  readonly identity?: string;
  /** GM message variants this CA's signers produce (domain of the verify room's policy); undefined: the policy's default. */
  readonly messageVariants?: readonly string[];
  /** Set when a member named in `crit` is not understood: the service anchors nothing, and reports say TL_UNSUPPORTED_FEATURE. */
  readonly unusable?: string;
}

/** A verified list: immutable, made only by `updateTrustList`. */
export interface TrustList {
  readonly listId: string;
  readonly sequence: number;
  /** SHA-256 of the payload octets, lower-case hex. */
  readonly sha256: string;
  /** `prev` as stated: `sha256:<hex>` of the payload before, when there is one. */
  readonly prev: string | undefined;
  readonly issued: number;
  readonly nextUpdate: number;
  readonly operator: { readonly name: LocalisedText; readonly uscc?: string };
  readonly territory: readonly string[];
  readonly services: readonly TrustService[];
  readonly identityProfiles: ReadonlyMap<string, IdentityProfile>;
  readonly tombstones: readonly { readonly id: string; readonly sequence: number; readonly reason?: string }[];
  /** Other lists that take part for their regions. */
  readonly delegations: readonly Delegation[];
  /** Other schemes that are recognised. */
  readonly peers: readonly Peer[];
  /** Who signed: computed RFC 7638 thumbprints with organisation and family. */
  readonly signedBy: readonly { readonly thumbprint: string; readonly org: string; readonly family: 'F1' | 'F2' }[];
  /** The envelope as received, for storing and evidence. */
  readonly envelope: Uint8Array;
}

/** A key allowed to sign lists. `kty`/`crv` as RFC 7518/8037, or `crv: "SM2"` with `x`, `y`. */
export interface ListKey {
  readonly jwk: Readonly<Record<string, unknown>>;
  readonly org: string;
  /** The person who holds it, within `org`: who holds several keys still counts once towards the threshold. */
  readonly owner?: string;
  /** Not counted for documents issued at or after this instant. */
  readonly notAfter?: number;
  /** DER of the certificate under which it signs `.p7s` files (GM/T 0010). */
  readonly certificate?: Uint8Array;
}

/** Who must sign a list (the `list` role of a root document). */
export interface ListRole {
  readonly keys: readonly ListKey[];
  readonly threshold: number;
  /** Distinct organisations among the counted signatures; default 1. */
  readonly distinctOrgs?: number;
  /** Least number of signatures per family: F1 international (ES256, EdDSA, PS256…), F2 SM2. */
  readonly families?: { readonly F1?: number; readonly F2?: number };
}
