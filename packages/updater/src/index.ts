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
export type { TrustListMark } from './trust-list-mark.js';

// Time-stamps
export { requestTimestamp } from './request-timestamp.js';
export type { TimestampAttempt, TimestampGranted, TimestampPorts, TimestampRequest } from './request-timestamp.js';

// What is due when
export { schedule } from './schedule.js';
export type { DueItem, WatchedItem } from './schedule.js';
