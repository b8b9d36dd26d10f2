/**
 * The `list` document as its operators write it: JSON types, for whoever authors lists. Instants are
 * `YYYY-MM-DDTHH:MM[:SS[.sss]]Z`, durations ISO 8601, certificates base64 of DER; `null` means absent.
 * What the members mean is said in `model.ts`, where they arrive after reading.
 */
import type { Criteria, IdentityProfile, IdentitySample, LocalisedText, Purpose, ServiceKind, ServiceRevocation, ServiceStatusName } from './model.js';
import { serialize, type DelegationDocument, type PeerDocument } from './scheme-document.js';

export interface ListDocument {
  readonly type: 'list';
  readonly spec: '1.0';
  readonly listId: string;
  /** From 1, up by one with every list. */
  readonly sequence: number;
  /** `sha256:<hex>` of the payload octets of the list before; absent in the first. */
  readonly prev?: string | null;
  readonly issued: string;
  readonly nextUpdate: string;
  readonly operator: { readonly name: LocalisedText; readonly uscc?: string };
  readonly territory: readonly string[];
  readonly historyPolicy?: 'forever';
  readonly services: readonly ServiceDocument[];
  readonly identityProfiles?: readonly IdentityProfileDocument[];
  readonly tombstones?: readonly { readonly id: string; readonly sequence: number; readonly reason?: string }[];
  readonly delegations?: readonly DelegationDocument[];
  readonly peers?: readonly PeerDocument[];
  /** Dotted member names a reader must understand, else it must refuse the list. */
  readonly crit?: readonly string[];
}

export interface IdentityProfileDocument extends Omit<IdentityProfile, 'samples'> {
  readonly samples?: readonly SampleDocument[];
}

export interface SampleDocument extends Omit<IdentitySample, 'certificate'> {
  /** One certificate. */
  readonly x5c?: readonly [string];
}

export interface ServiceDocument {
  readonly id: string;
  readonly kind: ServiceKind;
  readonly name: LocalisedText;
  readonly operator?: { readonly uscc?: string; readonly licence?: string; readonly name?: LocalisedText };
  readonly anchors: readonly AnchorDocument[];
  readonly intermediates?: readonly string[];
  /** Newest first. */
  readonly status: readonly StatusDocument[];
  readonly scope?: readonly ScopeDocument[];
  readonly constraints?: ConstraintsDocument;
  readonly revocation?: RevocationDocument;
  readonly certKinds?: readonly { readonly kind: 'sign' | 'encrypt'; readonly match: Criteria }[];
  readonly identity?: string | null;
  readonly messageVariants?: readonly string[];
  /** Dotted member names a reader must understand, else the service anchors nothing. */
  readonly crit?: readonly string[];
}

export interface AnchorDocument {
  /** One certificate. */
  readonly x5c?: readonly [string];
  /** Of the certificate's DER, lower-case hex. */
  readonly sha256?: string;
  /** Of the SubjectPublicKeyInfo's DER, lower-case hex. */
  readonly spkiSha256?: string;
  readonly mode: 'root' | 'pinned-intermediate';
}

export interface StatusDocument {
  readonly status: ServiceStatusName;
  readonly since: string;
  /** Sequence of the list that first carries this event. */
  readonly recorded: number;
  readonly reason?: string;
  readonly ref?: string;
  /** With `suspended` only. */
  readonly effect?: { readonly gap: 'heal' | 'void' };
  /** With `distrusted` only. */
  readonly compromisedSince?: string;
}

export interface ScopeDocument {
  readonly regions: readonly string[];
  readonly transactions?: readonly string[] | null;
  readonly roles?: readonly string[] | null;
  readonly purposes?: readonly Purpose[] | null;
  readonly from?: string | null;
  readonly until?: string | null;
}

export interface ConstraintsDocument {
  readonly policyOids?: readonly string[];
  /** Entries of `TYPE=value` pairs, all of which a subject must carry to match the entry. */
  readonly permittedDN?: readonly (readonly string[])[];
  readonly excludedDN?: readonly (readonly string[])[];
  readonly pathLen?: number | null;
  readonly issuedFrom?: string | null;
  readonly issuedUntil?: string | null;
  readonly maxValidityDays?: number | null;
  readonly sigAlgs?: readonly string[];
  readonly minRsaBits?: number | null;
  readonly requireExt?: readonly string[];
}

export interface RevocationDocument {
  readonly mode: ServiceRevocation['mode'];
  readonly reason?: string;
  readonly overrideCertificateUrls?: boolean;
  readonly crl?: readonly {
    readonly url: string;
    readonly mirrors?: readonly string[];
    readonly maxAge?: string;
    readonly maxBytes?: number;
    /** Id of a service of kind `crl-issuer` in this list. */
    readonly issuerService?: string;
  }[];
  readonly ocsp?: readonly {
    readonly url: string;
    readonly mirrors?: readonly string[];
    /** Certificates. */
    readonly responders?: readonly string[];
    /** Id of a service of kind `ocsp` in this list. */
    readonly responderService?: string;
    readonly nonce?: 'required' | 'optional' | 'none';
    readonly skew?: string;
    readonly maxAge?: string;
  }[];
}

/**
 * The payload octets of a draft: what is hashed, chained and signed, never re-encoded after.
 * @throws TrustListError when the draft holds something strict JSON cannot carry, such as a fraction
 */
export function serializeList(draft: ListDocument): Uint8Array {
  return serialize(draft);
}
