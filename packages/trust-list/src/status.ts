import type { ServiceStatus, ServiceStatusName, TrustService } from './model.js';

/** The status in force at an instant. */
export interface StatusAt {
  readonly status: ServiceStatusName;
  readonly since: number;
  /** Where it ends; undefined when it is the last word. */
  readonly until: number | undefined;
  readonly event: ServiceStatus;
}

/**
 * The status in force at `at`: the newest event that has begun. Intervals are half-open; a newer event prevails
 * from its `since` on, also when that reaches back before older events. undefined before the first one.
 */
export function statusAt(service: TrustService, at: number): StatusAt | undefined {
  return inForce(service.status, at);
}

function inForce(history: readonly ServiceStatus[], at: number): StatusAt | undefined {
  let until: number | undefined;
  for (const event of history) {
    if (event.since <= at) return { status: event.status, since: event.since, until, event };
    until = until === undefined ? event.since : Math.min(until, event.since);
  }
  return undefined;
}

export interface StatusQuestion {
  readonly service: TrustService;
  /** notBefore of the certificate. */
  readonly issuedAt: number;
  /** Best signature time, or now when none is proven. */
  readonly signedAt: number;
  /** Only events recorded in lists up to this sequence: what was known then. */
  readonly asKnownAt?: number;
}

export interface StatusEffect {
  readonly trusted: boolean;
  readonly code: 'GRANTED' | 'CA_SUSPENDED' | 'CA_CEASED' | 'CA_WITHDRAWN' | 'CA_DISTRUSTED' | 'CA_NOT_YET_GRANTED';
  /** The event that decides; undefined when none has begun. */
  readonly event: ServiceStatus | undefined;
  /** With `CA_SUSPENDED`: the suspension was lifted and what was signed in it does not count, so that waiting is of no use. */
  readonly void?: true;
}

/**
 * What a service's history means for one signature (trust-list design §5.5). A service that is `unusable`, or
 * an instant that is not a number, is never trusted.
 *
 * - `distrusted`: not for signatures from `compromisedSince` (default `since`) on, whatever is recorded after;
 * - `suspended`: not for signatures in the interval; once lifted by `granted` or `ceased`, those of the gap
 *   count only if the suspension says `heal`;
 * - `withdrawn`: not for signatures in the interval;
 * - `ceased`: not for certificates issued after it, until granted again; earlier ones live out their time.
 *
 * A suspension that healed and a cessation stand for what was in force before them: neither recognises a service
 * that was withdrawn, or never granted.
 */
export function statusEffect(question: StatusQuestion): StatusEffect {
  const { service, issuedAt, signedAt, asKnownAt } = question;
  const history = asKnownAt === undefined ? service.status : service.status.filter((event) => event.recorded <= asKnownAt);
  const refused = (code: StatusEffect['code'], event: ServiceStatus | undefined): StatusEffect => ({ trusted: false, code, event });
  if (service.unusable !== undefined || !Number.isFinite(issuedAt) || !Number.isFinite(signedAt)) return refused('CA_NOT_YET_GRANTED', undefined);

  const distrusted = history.find((event) => event.status === 'distrusted' && signedAt >= Math.min(event.since, event.compromisedSince ?? event.since));
  if (distrusted !== undefined) return refused('CA_DISTRUSTED', distrusted);
  const now = inForce(history, signedAt);
  if (now === undefined) return refused('CA_NOT_YET_GRANTED', undefined);
  if (now.status === 'withdrawn') return refused('CA_WITHDRAWN', now.event);
  if (now.status === 'suspended' && !healed(history, history.indexOf(now.event))) {
    return { ...refused('CA_SUSPENDED', now.event), ...(lifted(history, now.event.since) && { void: true as const }) };
  }

  // Suspension and withdrawal do not end a cessation: only a grant does.
  const issuing = history.find((event) => event.since <= issuedAt && (event.status === 'granted' || event.status === 'ceased'));
  if (issuing?.status === 'ceased') return refused('CA_CEASED', issuing);
  const ground = groundOf(history, now);
  if (ground === undefined) return refused('CA_NOT_YET_GRANTED', undefined);
  if (ground.status === 'withdrawn') return refused('CA_WITHDRAWN', ground.event);
  return { trusted: true, code: 'GRANTED', event: now.event };
}

/** Whether the suspension at `index` was lifted, and it and every suspension until then say `heal`. */
function healed(history: readonly ServiceStatus[], index: number): boolean {
  for (let i = index; i >= 0; i--) {
    const event = history[i]!;
    // An event that a newer one reaches back over never was in force.
    if (history.slice(0, i).some((newer) => newer.since <= event.since)) continue;
    if (event.status === 'granted' || event.status === 'ceased') return true;
    if (event.status !== 'suspended' || event.gap !== 'heal') return false;
  }
  return false;
}

/** Whether a suspension in force from `since` gave way to a grant or a cessation. */
function lifted(history: readonly ServiceStatus[], since: number): boolean {
  return history.some((event) => event.since > since && (event.status === 'granted' || event.status === 'ceased') && inForce(history, event.since)?.event === event);
}

/** The last status that was neither a suspension nor a cessation: what those leave as it was. */
function groundOf(history: readonly ServiceStatus[], from: StatusAt): StatusAt | undefined {
  let found: StatusAt | undefined = from;
  while (found !== undefined && (found.status === 'suspended' || found.status === 'ceased')) found = inForce(history, found.since - 1);
  return found;
}
