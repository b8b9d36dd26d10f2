import type { ListReference } from '@hefu/trust-list';
import type { ReasonCode, SubIndication, WarningCode } from './codes.js';
import type { Diagnosis } from './diagnose/model.js';

export type Conclusion = 'passed' | 'failed' | 'indeterminate';

/** Whose move is next. */
export type Responsible = 'bidder' | 'ca' | 'platform' | 'list-operator' | 'network';

export type Layer = 'message' | 'signature' | 'path' | 'trust' | 'revocation' | 'identity' | 'policy' | 'list' | 'time';

export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/** One row of what was checked. `expected` and `actual` are short texts or numbers, never a personal identifier. */
export interface CheckRow {
  /** Stable id, dotted: `signature.messageDigest`, `path.validity`, `trust.scope`. */
  readonly id: string;
  readonly outcome: 'passed' | 'failed' | 'indeterminate' | 'warning' | 'not-applicable';
  /** What it was checked on: `signer[0]`, `certificate[1]`, `crl`, `service urn:…`. */
  readonly subject: string;
  readonly expected?: string | number;
  readonly actual?: string | number;
  /** `RFC 5280 §4.2.1.9`. */
  readonly clause?: string;
}

export interface Reason {
  readonly code: ReasonCode;
  readonly layer: Layer;
  /** One sentence for a person, with the facts in it. */
  readonly message: Bilingual;
  readonly remedy: Bilingual;
  readonly responsible: Responsible;
  readonly expected?: string | number;
  readonly actual?: string | number;
  /** Which certificate, service or message part: as `CheckRow.subject`. */
  readonly subject?: string;
  /** Nothing that may still come changes this: the time is proven, or what was suspended does not heal. */
  readonly settled?: true;
  /** Something proves that the signature was made after the event: a content time-stamp. */
  readonly provenAfter?: true;
  /** An earlier proof of existence would change it, and there is none. */
  readonly noPoe?: true;
  /** Of an expired certificate: it is known not to have been revoked while it was valid. */
  readonly notRevoked?: true;
  /** How near it was: the listed service with the same subject but another key, the region where it is listed… */
  readonly nearestMiss?: NearestMiss;
  /** Beside SIGNATURE_INVALID, SIGNATURE_VALUE_MALFORMED and CONTENT_TAMPERED: which mistake of a signing program it was, where one is recognisable. */
  readonly diagnosis?: Diagnosis;
}

export interface NearestMiss {
  /** What each means, whose move it is and what to do: `NEAREST_MISSES`. */
  readonly code:
    | 'LIST_NOT_LOADED'
    | 'LIST_STALE'
    | 'SERVICE_WITHDRAWN'
    | 'SAME_SUBJECT_OTHER_KEY'
    | 'SERVICE_IN_OTHER_REGION'
    | 'SERVICE_IN_OTHER_TRANSACTION'
    | 'SERVICE_STATUS'
    | 'ISSUER_KNOWN_BUT_NOT_LISTED'
    | 'ISSUER_CERTIFICATE_MISSING'
    | 'SERVICE_UNSUPPORTED'
    | 'PATH_REJECTED';
  readonly serviceId?: string;
  readonly serviceName?: Bilingual;
  readonly detail?: string;
}

export interface CertificateSummary {
  /** RFC 4514 text with personal numbers masked. */
  readonly subject: string;
  readonly issuer: string;
  /** Lower-case hex. */
  readonly serialNumber: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly sha256: string;
  readonly publicKey: string;
  /** By the name of the algorithm, or its OID when the caller's list lacks it. */
  readonly signatureAlgorithm: string;
  readonly deviations: readonly string[];
}

/** A list as a report cites it, and as `knownAt` names it again. */
export interface CitedList extends ListReference {
  /** Of the payload, lower-case hex. */
  readonly sha256: string;
}

/** A list that had a say in a trust decision, and what its entry said. */
export interface TrustContribution {
  readonly schemeId?: string;
  readonly listId: string;
  /** Absent, as the rest, for a list that is missing. */
  readonly sequence?: number;
  readonly sha256?: string;
  readonly serviceId?: string;
  /** In force at the time of the signature. */
  readonly status?: string;
  readonly statusSince?: string;
  /** `permits`: does not stand in the way. `not-applicable`: its scope is elsewhere. `missing`: with jurisdiction, and not there. */
  readonly effect: 'grants' | 'permits' | 'denies' | 'not-applicable' | 'missing';
  /** `GRANTED`, or why not. */
  readonly code: string;
}

/** What the lists said by one state of knowledge. */
export interface KnowledgeAnswer {
  /** The list whose entry decides, at the sequence that was or is current. */
  readonly list: ListReference;
  readonly serviceId?: string;
  readonly trusted: boolean;
  readonly code: ReasonCode | 'GRANTED';
  readonly since?: string;
}

/** Present when what was known then and what is known now lead to different answers (trust-list design §5.5). */
export interface KnowledgeComparison {
  /** Which of them the verdict follows. */
  readonly decides: 'then' | 'now';
  readonly then: KnowledgeAnswer;
  readonly now: KnowledgeAnswer;
  readonly message: Bilingual;
}

export interface TrustDecision {
  /** The list of the service. */
  readonly listId: string;
  readonly serviceId: string;
  readonly serviceName: Bilingual;
  /** Status at the time of the signature. */
  readonly status: string;
  readonly statusSince: string;
  readonly region: string;
  readonly purpose: string;
  readonly transaction?: string;
  /** The other scheme whose list recognises, by mutual recognition. */
  readonly peer?: string;
  /** Every list that had a say. */
  readonly lists: readonly TrustContribution[];
}

/** Verified evidence of a revocation status, by which an archive finds it again. */
export interface RevocationSource {
  readonly kind: 'crl' | 'ocsp';
  /** A delta CRL; it counts together with the complete one after it. */
  readonly delta?: true;
  readonly url?: string;
  readonly thisUpdate: string;
  readonly nextUpdate?: string;
  /** Of the evidence as a whole, lower-case hex. */
  readonly sha256: string;
  /** CRL number, lower-case hex. Not for OCSP. */
  readonly number?: string;
  /**
   * Who signed, when not the certificate's issuer itself: a key the trust list states, a CA further up the path,
   * another certificate leading to the same anchor, a responder that the issuer delegated to.
   */
  readonly signedBy?: 'list' | 'path' | 'certificate' | 'delegated';
  /** SHA-256 of the certificates by which it was entitled to, its own first; lower-case hex. Those of `path` may be among them. */
  readonly certificates?: readonly string[];
}

export interface RevocationResult {
  /** Index into `path` of the certificate asked about. */
  readonly certificate: number;
  readonly status: 'good' | 'revoked' | 'frozen' | 'unknown' | 'not-checked';
  readonly code?: ReasonCode;
  readonly reason?: string;
  readonly revokedAt?: string;
  /** The evidence was past its nextUpdate and within the scene's grace. */
  readonly inGrace?: boolean;
  /** What decided. */
  readonly source?: RevocationSource;
  /** Everything the status rests on, the decisive one first, where it is more than one: what an archive has to keep. */
  readonly evidence?: readonly RevocationSource[];
  readonly doubt?: RevocationDoubt;
}

/**
 * A responder entitled to speak says that it does not know the certificate, after something else said good. Beside `good` the
 * status rests on another source; beside `unknown` nothing is left that says good.
 */
export interface RevocationDoubt {
  /** The answer "unknown". */
  readonly source: RevocationSource;
  /** The same responder's answer "good" before it, which no longer counts. */
  readonly takenBack?: RevocationSource;
  /** What the responder's own standing rests on. */
  readonly evidence?: readonly RevocationSource[];
}

export interface IdentityEvidence {
  readonly field: string;
  /** `ext 1.2.156.10260.4.1.4`, `dn O`. */
  readonly source: string;
  readonly decoder: string;
  /** Masked when personal. */
  readonly value: string;
}

export interface Identity {
  readonly profile?: string;
  readonly subjectType?: 'organization' | 'person' | 'device';
  readonly uscc?: string;
  readonly orgCode?: string;
  readonly licenceNo?: string;
  readonly taxNo?: string;
  readonly name?: string;
  /** Masked. */
  readonly personId?: string;
  readonly personName?: string;
  readonly serviceNo?: string;
  readonly opaqueId?: string;
  readonly evidence: readonly IdentityEvidence[];
  readonly conflicts: readonly { readonly field: string; readonly values: readonly { readonly value: string; readonly source: string }[] }[];
  readonly warnings: readonly WarningCode[];
}

/** What a time-stamp beside a signature proves, or why it proves nothing. */
export interface TimestampReport {
  readonly kind: 'content' | 'signature' | 'archive' | 'evidence';
  readonly conclusion: Conclusion;
  readonly subIndication?: SubIndication;
  readonly code: ReasonCode | 'OK';
  readonly reasons: readonly Reason[];
  /** Of the token's octets, lower-case hex. */
  readonly sha256: string;
  /** As the authority states it; proven only when passed. */
  readonly genTime?: string;
  /** Milliseconds by which genTime may be off. */
  readonly accuracy?: number;
  /** Lower-case hex. */
  readonly serialNumber?: string;
  /** OID of the authority's policy. */
  readonly policy?: string;
  /** `cms`, `attrs-za`, `attrs-za-md-za`. */
  readonly variant?: string;
  /** What departs from RFC 3161: `imprint-bare-oid`, `digest-501`… */
  readonly deviations: readonly string[];
  readonly imprintAlgorithm?: string;
  readonly digestAlgorithm?: string;
  readonly signatureAlgorithm?: string;
  /** Since when the token itself is proven to have existed, by a later time-stamp or the caller. */
  readonly provenAt?: string;
  /** The authority's certificate first, anchor last. */
  readonly path: readonly CertificateSummary[];
  readonly trustDecision?: TrustDecision;
  readonly revocation: readonly RevocationResult[];
  readonly checks: readonly CheckRow[];
  readonly warnings: readonly WarningCode[];
}

/** EN 319 122-1 §6: `B-T` adds a trusted time, `B-LT` everything that validation needs, `B-LTA` a time-stamp over it all. */
export type SignatureLevel = 'B-B' | 'B-T' | 'B-LT' | 'B-LTA';

/** Something that is proven to have existed at a time, and by what. */
export interface ProvenObject {
  readonly what: 'signature' | 'timestamp' | 'certificate' | 'revocation' | 'attribute';
  readonly sha256: string;
  readonly provenAt: string;
  /** `timestamp[0]`: an index into `timestamps`; `caller`; in a PDF `document time-stamp` and its field. */
  readonly by: string;
}

export interface SignerReport {
  readonly conclusion: Conclusion;
  readonly subIndication?: SubIndication;
  readonly code: ReasonCode | 'OK';
  readonly reasons: readonly Reason[];
  readonly checks: readonly CheckRow[];
  /** GM message variant that matched (`za-content`, `attrs-za`…) or `cms`. */
  readonly messageVariant?: string;
  readonly digestAlgorithm?: string;
  readonly signatureAlgorithm?: string;
  /** signingTime attribute as claimed; proves nothing. */
  readonly claimedSigningTime?: string;
  /** Leaf first, anchor last. */
  readonly path: readonly CertificateSummary[];
  readonly trustDecision?: TrustDecision;
  readonly knowledge?: KnowledgeComparison;
  readonly revocation: readonly RevocationResult[];
  readonly identity?: Identity;
  readonly warnings: readonly WarningCode[];
  /** The highest level whose parts are there, and the highest that holds. Absent where the signed attributes are not those of B-B. */
  readonly level?: { readonly found: SignatureLevel; readonly proven?: SignatureLevel };
  /** In the order of the message: content, signature, archive. Absent without any, and where the signature itself does not verify. */
  readonly timestamps?: readonly TimestampReport[];
  /** Who countersigned this signature (RFC 5652 §11.4), each judged by itself; they change nothing in the verdict. */
  readonly countersignatures?: readonly SignerReport[];
  /** How a bare value was written: `der`, `r||s`, `hex of r||s`… */
  readonly valueForm?: string;
  /** Time at which this signature is proven to have existed; said where time-stamps were looked at. */
  readonly bestSignature?: { readonly time: string; readonly source: BestSignatureSource };
  /** Time before which it was not made: the latest content time-stamp that holds. */
  readonly notBefore?: string;
  /** What the time-stamps that hold prove the existence of. */
  readonly proofs?: readonly ProvenObject[];
}

/** Whence a best signature time: `validation time` when nothing proves an earlier one. */
export type BestSignatureSource = 'time-stamp' | 'caller' | 'validation time';

/**
 * The verdict on one signed message. JSON-serialisable with a stable key order, and replayable: the same
 * inputs give the same report.
 */
export interface Report {
  readonly type: 'hefu-report';
  readonly version: 1;
  readonly conclusion: Conclusion;
  readonly subIndication?: SubIndication;
  /** The first reason's code, or `OK`. */
  readonly code: ReasonCode | 'OK';
  readonly reasons: readonly Reason[];
  readonly scene: string;
  readonly region: string;
  readonly transaction?: string;
  readonly purpose: string;
  readonly times: {
    readonly validation: string;
    readonly bestSignature: string;
    /** Where the times came from: `caller`, `policy`… */
    readonly sources: { readonly validation: string; readonly bestSignature: string };
  };
  readonly trustList?: { readonly id: string; readonly sequence: number; readonly sha256: string };
  /** With a scheme of lists: every list with jurisdiction over the region, those of peers too. To judge by what was known now, later: `knownAt.lists`. */
  readonly trustLists?: readonly CitedList[];
  readonly policy: { readonly id: string; readonly sha256: string };
  readonly content: { readonly attached: boolean; readonly length?: number; readonly digests: Readonly<Record<string, string>> };
  /** One per SignerInfo; all must pass for the message to pass. */
  readonly signers: readonly SignerReport[];
  /** The first signer's identity, for the common case of one signer. */
  readonly identity?: Identity;
  /** Evidence that was wanted and could not be had, from the gatherer. */
  readonly gaps: readonly { readonly code: string; readonly what: string; readonly detail?: string }[];
  /** What did not spoil the verdict and should be known all the same. */
  readonly warnings: readonly WarningCode[];
  /** A JWS, or a bare signature value; absent: CMS or GM/T 0010. */
  readonly family?: 'jws' | 'raw';
  /** With `requireSigners`: by which signers, as indexes, each requirement is met. */
  readonly requiredSigners?: readonly { readonly role: string; readonly signers: readonly number[] }[];
}
