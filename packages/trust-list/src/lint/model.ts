import type { DigestAlgorithm } from '@hefu/crypto';
import type { Certificate } from '@hefu/pki';
import type { ListContent } from '../list-content.js';
import type { ListDocument, ServiceDocument } from '../list-document.js';
import type { IdentityFieldName, IdentityProfile } from '../model.js';
import type { Bilingual } from '../refusal.js';
import type { HeldKey } from '../role-capacity.js';
import type { DelegationDocument, RoleDocument, RootDocument, SchemeKeyDocument } from '../scheme-document.js';

/** As in test assertions of ETSI TS 119 614-1: mandatory is an error, recommended a warning, permitted a note. */
export type LintLevel = 'mandatory' | 'recommended' | 'permitted';

export interface LintFinding {
  readonly rule: string;
  readonly level: LintLevel;
  /** `services[3].status[0].since`; empty for the document itself. */
  readonly path: string;
  /** Id of the service, profile, list or key it is about. */
  readonly subject?: string;
  readonly expected?: string;
  readonly actual?: string;
  /** What is wrong here. */
  readonly sentence: Bilingual;
}

/** A rule with the six attributes of a TS 119 614-1 test assertion. */
export interface LintRule {
  /** `L` and three digits; never reused. */
  readonly id: string;
  readonly source: string;
  readonly target: 'list' | 'root' | 'list, root';
  readonly prerequisite: string;
  readonly predicate: Bilingual;
  readonly level: LintLevel;
  /** Whether the prerequisite is met; absent: always, for a document that reads. */
  readonly applies?: (subject: LintSubject) => boolean;
  /** Also looks at documents that do not read: such a rule trusts no member. */
  readonly tolerant?: true;
  readonly check: (subject: LintSubject, found: Found) => void;
}

/** Reports one place. */
export type Found = (place: { readonly path: string; readonly subject?: string; readonly expected?: string; readonly actual?: string }, zh: string, en: string) => void;

/** What a probe of an endpoint came back with. */
export interface EndpointProbe {
  readonly url: string;
  readonly answered: boolean;
  readonly detail?: string;
  /** DER of the issuer's Name in the CRL fetched. */
  readonly crlIssuer?: Uint8Array;
}

export interface LintOptions {
  readonly sha256: DigestAlgorithm;
  /** Now. */
  readonly at: number;
  /** Payload of the list before. */
  readonly base?: Uint8Array;
  readonly root?: RootDocument;
  /** For a list that another one delegates to. */
  readonly parent?: { readonly list: ListDocument; readonly delegation: DelegationDocument };
  readonly probes?: readonly EndpointProbe[];
  /** Sample certificates that are not in the list, DER. */
  readonly sampleCertificates?: readonly Uint8Array[];
  /** What a profile finds in a certificate: the verify room's extractor, which this room does not know. */
  readonly extract?: (profile: IdentityProfile, certificate: Uint8Array) => Readonly<Partial<Record<IdentityFieldName, string>>>;
}

/** A certificate of the list, where it stands. */
export interface PlacedCertificate {
  readonly path: string;
  readonly service: ServiceDocument;
  readonly use: 'anchor' | 'intermediate';
  readonly der: Uint8Array;
  readonly certificate: Certificate;
  readonly selfIssued: boolean;
}

/** Keys that together sign something. */
export interface PlacedRole {
  readonly path: string;
  readonly name: string;
  readonly role: Omit<RoleDocument, 'keys'>;
  readonly keys: readonly HeldKey[];
}

/** A document under lint, read once for all rules. */
export interface LintSubject extends LintOptions {
  /** undefined when a root is looked at by itself. */
  readonly list: ListDocument | undefined;
  /** undefined when the list does not read; `unreadable` says why. */
  readonly content: ListContent | undefined;
  readonly unreadable: readonly { readonly path: string; readonly message: string }[];
  readonly baseList: ListDocument | undefined;
  readonly baseContent: (ListContent & { readonly sha256: string }) | undefined;
  readonly payload: Uint8Array | undefined;
  readonly certificates: readonly PlacedCertificate[];
  readonly roles: readonly PlacedRole[];
  readonly keys: readonly { readonly path: string; readonly key: SchemeKeyDocument; readonly held: HeldKey | undefined }[];
}

export interface LintReport {
  readonly findings: readonly LintFinding[];
  readonly counts: Readonly<Record<LintLevel, number>>;
  /** Rules whose prerequisite was not met: what they would have said is unknown. */
  readonly notApplied: readonly string[];
}
