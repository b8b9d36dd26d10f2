export { UpdaterError } from './error.js';
export type { UpdaterErrorCode } from './error.js';
export { DEFAULT_UPDATER_LIMITS } from './limits.js';
export type { UpdaterLimits } from './limits.js';

// Ports
export { MAX_STORE_KEY } from './ports.js';
export type { Clock, Fetcher, FetchRequest, FetchResult, Store } from './ports.js';
export { memoryStore } from './memory-store.js';

// Which addresses may be asked
export { assessEndpoint } from './endpoint.js';
export type { EndpointAssessment, EndpointOrigin, EndpointRefusal } from './endpoint.js';
export { classifyAddress } from './address.js';
export type { AddressKind } from './address.js';

// Evidence and lists
export { createUpdater } from './updater.js';
export type { Updater } from './updater.js';
export type { Gathered, GatherEvent, Gatherer, GathererPorts, GatherOptions } from './gather.js';
export { loadTrustList, refreshTrustList } from './trust-list-keeper.js';
export type { LoadOutcome, RefreshOptions, RefreshOutcome, TrustListRefusal, TrustListTrust } from './trust-list-keeper.js';
export { describeRefusals, followTrustList } from './follow-trust-list.js';
export type { FollowTrustListOptions, TrustListFollower } from './follow-trust-list.js';
export { crlAcceptance } from './accept-crl.js';
export { listsOf } from './lists-of.js';
export type { TrustListMark } from './trust-list-mark.js';

// Time-stamps
export { requestTimestamp } from './request-timestamp.js';
export type { TimestampAttempt, TimestampGranted, TimestampPorts, TimestampRequest } from './request-timestamp.js';

// A whole scheme
export { followScheme } from './scheme/follow-scheme.js';
export type { FollowSchemeOptions, SchemeFollower } from './scheme/follow-scheme.js';
export { refreshScheme } from './scheme/refresh-scheme.js';
export type { RefreshSchemeOptions, SchemePorts } from './scheme/refresh-scheme.js';
export type { SchemeRefresh, SchemeRefusal, SchemeTrust } from './scheme/model.js';
export type { SchemeSource } from './scheme/scheme-source.js';
export { readSchemeEvidence } from './scheme/scheme-evidence.js';
export type { SchemeEvidence } from './scheme/scheme-evidence.js';
export { schemeHealth } from './scheme/scheme-health.js';
export type { Band, ListHealth, SchemeHealth } from './scheme/scheme-health.js';

// What is due when
export { createRefresher } from './refresher.js';
export type { LastAttempt, Refresher } from './refresher.js';
export { schedule } from './schedule.js';
export type { DueItem, WatchedItem } from './schedule.js';

// How endpoints are doing
export { probe } from './probe/probe.js';
export type { ProbeOptions } from './probe/probe.js';
export { targetsOfCertificate, targetsOfList } from './probe/probe-target.js';
export type { ProbeTarget } from './probe/probe-target.js';
export type { Authority, ProbeFacts } from './probe/probe-facts.js';
export { assessProbe, DEFAULT_PROBE_THRESHOLDS } from './probe/assess-probe.js';
export type { ProbeAssessment, ProbeFinding, ProbeFindingCode, ProbeThresholds } from './probe/assess-probe.js';

// What is about to go wrong
export { assessHealth, DEFAULT_HEALTH_OPTIONS } from './health/assess-health.js';
export type { HealthOptions } from './health/assess-health.js';
export { healthFactsOf } from './health/health-facts.js';
export type { HealthSources } from './health/health-facts.js';
export { readHealthState } from './health/read-health.js';
export { NEW_HEALTH } from './health/health.js';
export type { Alert, AlertCode, EndpointHealth, Expiring, ExpiringKind, HealthFacts, HealthState } from './health/health.js';
