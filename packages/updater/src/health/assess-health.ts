import { raised, resolved } from './alert.js';
import { NEW_HEALTH, type Alert, type Expiring, type HealthFacts, type HealthState } from './health.js';

export interface HealthOptions {
  /** Days before an end at which to alert, once each. */
  readonly thresholdDays: readonly number[];
  /** Failures in a row before an address counts as down. */
  readonly failures: number;
}

export const DEFAULT_HEALTH_OPTIONS: HealthOptions = { thresholdDays: [90, 60, 30, 14, 7, 1], failures: 3 };

const DAY = 86_400_000;

/**
 * What is to be told, given what was observed and what was told before: each threshold once, each recovery once. Pure, so
 * asking again with the state it gave and the same facts tells nothing.
 *
 * A threshold of half a thing's life or more says nothing about it (a CRL that lives a week is always within 14 days of its
 * end), so only shorter ones count; where none is, a tenth of the life does. What is no longer watched is forgotten, and
 * said to be resolved if it had been raised.
 */
export function assessHealth(facts: HealthFacts, previous: HealthState | undefined, at: number, options: Partial<HealthOptions> = {}): { readonly alerts: readonly Alert[]; readonly state: HealthState } {
  const { thresholdDays, failures } = { ...DEFAULT_HEALTH_OPTIONS, ...options };
  const before = previous ?? NEW_HEALTH;
  const alerts: Alert[] = [];

  const expiring: Record<string, HealthState['expiring'][string]> = {};
  for (const item of facts.expiring) {
    const key = `${item.what} ${item.id}`;
    if (Object.hasOwn(expiring, key)) continue;
    const known = own(before.expiring, key);
    const until = item.until ?? known?.until;
    if (until === undefined) continue;
    const since = item.until === undefined ? known?.since : item.since;
    const crossed = crossedThreshold(until, since, at, thresholdDays);
    const told = known?.threshold;
    // Renewed, though not by much: what was told is over, and what holds now is told anew.
    const renewed = told !== undefined && (crossed === undefined || crossed > told);
    if (renewed) alerts.push(resolved(expiryAlert(key, item, known!.until, told, at)));
    if (crossed !== undefined && (told === undefined || renewed || crossed < told)) alerts.push(raised(expiryAlert(key, item, until, crossed, at)));
    expiring[key] = { until, ...(since === undefined ? {} : { since }), ...(crossed === undefined ? {} : { threshold: crossed }) };
  }
  for (const [key, { until, threshold }] of Object.entries(before.expiring)) {
    if (Object.hasOwn(expiring, key) || threshold === undefined) continue;
    alerts.push(resolved({ ...expiryAlert(key, undefined, until, threshold, at), detail: 'no longer watched' }));
  }

  const endpoints: Record<string, HealthState['endpoints'][string]> = {};
  for (const { kind, url, service, ok, detail } of facts.endpoints) {
    const key = `${kind} ${url}${service === undefined ? '' : ` ${service}`}`;
    if (Object.hasOwn(endpoints, key)) continue;
    const known = own(before.endpoints, key);
    const count = ok ? 0 : Math.min((known?.failures ?? 0) + 1, Number.MAX_SAFE_INTEGER);
    const alert = { id: `down ${key}`, code: 'ENDPOINT_DOWN' as const, severity: 'critical' as const, subject: key, at, ...(detail === undefined ? {} : { detail: detail.slice(0, 300) }) };
    if (ok && known?.raised === true) alerts.push(resolved(alert));
    const down = !ok && (known?.raised === true || count >= failures);
    if (down && known?.raised !== true) alerts.push(raised(alert));
    endpoints[key] = { failures: count, ...(down ? { raised: true as const } : {}) };
  }
  for (const [key, { raised: was }] of Object.entries(before.endpoints)) {
    if (was !== true || Object.hasOwn(endpoints, key)) continue;
    alerts.push(resolved({ id: `down ${key}`, code: 'ENDPOINT_DOWN', severity: 'critical', subject: key, at, detail: 'no longer watched' }));
  }

  // Nothing that happens later makes two documents under one number one: it stays until the state is put aside by a person.
  const equivocations: Record<string, true> = { ...before.equivocations };
  for (const { id, detail } of facts.equivocations) {
    if (Object.hasOwn(equivocations, id)) continue;
    equivocations[id] = true;
    alerts.push(raised({ id: `equivocation ${id}`, code: 'EQUIVOCATION', severity: 'critical', subject: id, at, detail: detail.slice(0, 300) }));
  }

  const renewals: Record<string, true> = {};
  const watched = new Set<string>();
  for (const { id, issued, every } of facts.renewals) {
    if (watched.has(id)) continue;
    watched.add(id);
    const late = at - issued > every;
    const was = Object.hasOwn(before.renewals, id);
    const alert = { id: `renewal ${id}`, code: 'NOT_RENEWED' as const, severity: 'critical' as const, subject: id, at, detail: new Date(issued).toISOString() };
    if (late !== was) alerts.push(late ? raised(alert) : resolved(alert));
    if (late) renewals[id] = true;
  }
  for (const id of Object.keys(before.renewals)) {
    if (!watched.has(id)) alerts.push(resolved({ id: `renewal ${id}`, code: 'NOT_RENEWED', severity: 'critical', subject: id, at, detail: 'no longer watched' }));
  }
  return { alerts, state: { version: 1, expiring, endpoints, equivocations, renewals } };
}

/** The nearest threshold that has been crossed, milliseconds before the end; 0 when it is past. */
function crossedThreshold(until: number, since: number | undefined, at: number, days: readonly number[]): number | undefined {
  const left = until - at;
  if (left <= 0) return 0;
  const life = since === undefined ? Number.POSITIVE_INFINITY : Math.max(0, until - since);
  const meaningful = days.map((day) => day * DAY).filter((threshold) => threshold > 0 && threshold < life / 2);
  const thresholds = meaningful.length > 0 ? meaningful : [life / 10];
  const crossed = thresholds.filter((threshold) => left <= threshold);
  return crossed.length === 0 ? undefined : Math.min(...crossed);
}

function expiryAlert(key: string, item: Expiring | undefined, until: number, threshold: number, at: number): Omit<Alert, 'state' | 'message'> {
  return {
    id: `expiry ${key}`,
    code: threshold === 0 ? 'EXPIRED' : 'EXPIRES',
    severity: threshold <= 7 * DAY ? 'critical' : 'warning',
    subject: item?.name === undefined ? key : `${key} (${item.name.slice(0, 200)})`,
    at,
    threshold,
    until,
  };
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
