import type { DigestAlgorithm } from '@hefu/crypto';
import type { DocumentDiff } from '../diff/model.js';
import type { RulingCode } from '../federation/decide.js';
import type { LintReport } from '../lint/model.js';
import type { Delegation, Peer } from '../scheme.js';
import type { ListRole, LocalisedText, Purpose, ServiceKind, ServiceStatus, ServiceStatusName } from '../model.js';
import type { Trust } from '../federation/federation.js';
import type { EndpointHealth } from './endpoints.js';

/** What a report shows at most; what is left out is counted and said. */
export interface ReportLimits {
  readonly services: number;
  readonly regions: number;
  /** Transactions, and roles, that a service's scopes name. */
  readonly words: number;
  readonly timeline: number;
  readonly endpoints: number;
  /** Of each list. */
  readonly changes: number;
  readonly findings: number;
  /** Characters of one value. */
  readonly text: number;
}

export const REPORT_LIMITS: ReportLimits = { services: 1000, regions: 48, words: 12, timeline: 300, endpoints: 500, changes: 300, findings: 300, text: 200 };

export interface ReportOptions {
  readonly sha256: DigestAlgorithm;
  /** Now, epoch milliseconds. */
  readonly at: number;
  /** Who must sign, for a list by itself: a scheme says so by its root. */
  readonly role?: ListRole;
  /** What was in use before; lists of the same id are compared. */
  readonly previous?: Trust;
  /** What `readProbes` gave. */
  readonly probes?: { readonly at: number; readonly endpoints: readonly EndpointHealth[] };
  /** Names of regions by GB/T 2260 code; without one, delegations name theirs. */
  readonly regionNames?: ReadonlyMap<string, LocalisedText>;
  readonly limits?: Partial<ReportLimits>;
}

/** A scheme or a list at one moment, ready to be shown; nothing in it is escaped. */
export interface TrustReport {
  readonly at: number;
  readonly schemeId: string | undefined;
  readonly documents: readonly DocumentState[];
  readonly matrix: Matrix;
  readonly timeline: Timeline;
  readonly endpoints: Endpoints;
  readonly approvals: readonly Approval[];
  readonly changes: readonly { readonly listId: string; readonly diff: DocumentDiff | undefined }[] | undefined;
  readonly delegations: readonly DelegationState[];
  readonly peers: readonly PeerState[];
  readonly lint: readonly { readonly listId: string; readonly report: LintReport }[];
  readonly limits: ReportLimits;
}

export interface DocumentState {
  readonly kind: 'root' | 'freshness' | 'list' | 'peer';
  readonly id: string;
  readonly name?: LocalisedText;
  readonly number: number;
  /** Of the payload. */
  readonly sha256: string;
  readonly issued: number;
  readonly until: number;
  readonly services?: number;
}

export interface Matrix {
  readonly regions: readonly ReportRegion[];
  readonly rows: readonly MatrixRow[];
  readonly regionsLeftOut: number;
  readonly servicesLeftOut: number;
  /** Of all services that are asked for, those left out too, by status in the list that knows them best. */
  readonly counts: Readonly<Record<ServiceStatusName | 'none', number>>;
}

export interface ReportRegion {
  /** Six digits. */
  readonly code: string;
  readonly name: LocalisedText | undefined;
}

export interface MatrixRow {
  readonly service: ReportService;
  /** One for each region. */
  readonly cells: readonly MatrixCell[];
}

export interface ReportService {
  readonly id: string;
  readonly kind: ServiceKind;
  readonly name: LocalisedText;
  readonly listId: string;
  /** Of a peer's service. */
  readonly schemeId?: string;
  readonly status: ServiceStatusName | undefined;
  readonly since: number | undefined;
  readonly event: ServiceStatus | undefined;
  /** The next event, when the list announces one. */
  readonly next: ServiceStatus | undefined;
  readonly unusable: string | undefined;
}

/** What a CA may do in a region, now, as `decideTrust` answers. */
export interface MatrixCell {
  /** Empty: nothing. */
  readonly uses: readonly Use[];
  /** Why not, when there is nothing. */
  readonly code: RulingCode;
  /** The list that decides. */
  readonly by: string | undefined;
  /** Certificates issued before the service ceased, and no others. */
  readonly earlierOnly: boolean;
  /** The keys of the service are not all treated alike. */
  readonly keysDiffer: boolean;
  /** Recognised in places within the region, not in all of it. */
  readonly inPart: boolean;
  /** Scheme by whose recognition it counts. */
  readonly peer: string | undefined;
}

export interface Use {
  readonly purposes: readonly Purpose[];
  /** undefined: any. */
  readonly transactions: readonly string[] | undefined;
  readonly roles: readonly string[] | undefined;
}

export interface Timeline {
  readonly from: number;
  readonly to: number;
  /** Those with the nearest deadline first. */
  readonly rows: readonly TimelineRow[];
  readonly leftOut: number;
  /** Keys and services past their deadline, or within the notice before it; those left out too. */
  readonly overdue: Due;
  readonly soon: Due;
}

export interface Due {
  readonly count: number;
  /** Of the first few. */
  readonly labels: readonly LocalisedText[];
}

export interface TimelineRow {
  readonly kind: 'document' | 'key' | 'service';
  readonly id: string;
  /** Already in words for documents and keys. */
  readonly label: LocalisedText;
  readonly spans: readonly TimelineSpan[];
  /** Validity of anchor certificates, scopes that end. */
  readonly limits: readonly TimelineLimit[];
  readonly limitsLeftOut: number;
  /** When the row first needs somebody; undefined: never. */
  readonly deadline: number | undefined;
  /** Milliseconds before the deadline at which it is near: freshness renews itself within days, a CA's key takes months. */
  readonly notice: number;
}

export interface TimelineSpan {
  readonly state: ServiceStatusName | 'valid';
  readonly from: number;
  /** undefined: open. */
  readonly until: number | undefined;
}

export interface TimelineLimit {
  readonly what: 'anchor' | 'scope';
  readonly name: string;
  readonly from: number | undefined;
  readonly until: number;
}

export interface Endpoints {
  /** undefined: nobody probed. */
  readonly probedAt: number | undefined;
  readonly rows: readonly (EndpointHealth & { readonly listed: boolean })[];
  readonly leftOut: number;
  readonly counts: { readonly passed: number; readonly failed: number; readonly indeterminate: number; readonly notProbed: number };
}

/** Who signed a document, of those who may. */
export interface Approval {
  readonly document: string;
  readonly number: number;
  readonly role: Pick<ListRole, 'threshold' | 'distinctOrgs' | 'families'> | undefined;
  readonly signers: readonly {
    readonly org: string;
    readonly owner: string | undefined;
    readonly family: 'F1' | 'F2';
    readonly thumbprint: string;
    readonly notAfter: number | undefined;
    readonly signed: boolean;
  }[];
}

export interface DelegationState {
  readonly by: string;
  readonly delegation: Delegation;
  /** Sequence of the list in use; undefined: it is missing. */
  readonly sequence: number | undefined;
  readonly missing: string | undefined;
}

export interface PeerState {
  readonly by: string;
  readonly peer: Peer;
  readonly state: 'in-force' | 'not-yet' | 'over' | 'not-loaded' | 'stale';
}
