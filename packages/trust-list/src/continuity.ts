import type { ListContent } from './list-content.js';
import type { ServiceStatus, TrustList } from './model.js';

/** A way in which a list does not follow the one in hand. */
export interface Discontinuity {
  readonly code: 'TL_WRONG_LIST' | 'TL_ROLLBACK' | 'TL_EQUIVOCATION' | 'TL_CHAIN_BROKEN' | 'TL_HISTORY_REWRITTEN';
  readonly expected: string;
  readonly actual: string;
  /** Where history was rewritten: service ids. */
  readonly subjects?: readonly string[];
}

/** Rules R3 to R5 of the trust-list design §5.4. `sha256` is that of the candidate's payload, and differs from the current one's. */
export function checkContinuity(current: TrustList, next: ListContent, sha256: string): Discontinuity | undefined {
  if (next.listId !== current.listId) return { code: 'TL_WRONG_LIST', expected: current.listId, actual: next.listId };
  if (next.sequence < current.sequence) return { code: 'TL_ROLLBACK', expected: `≥ ${current.sequence}`, actual: `${next.sequence}` };
  if (next.sequence === current.sequence) return { code: 'TL_EQUIVOCATION', expected: current.sha256, actual: sha256 };
  if (next.sequence === current.sequence + 1 && next.prev !== `sha256:${current.sha256}`) {
    return { code: 'TL_CHAIN_BROKEN', expected: `sha256:${current.sha256}`, actual: next.prev ?? 'none' };
  }
  return checkHistory(current, next);
}

/** R5: nothing disappears, and what was recorded stays as it was, with new events before it. */
function checkHistory(current: TrustList, next: ListContent): Discontinuity | undefined {
  const services = new Map(next.services.map((service) => [service.id, service]));
  const tombstones = new Map(next.tombstones.map((tombstone) => [tombstone.id, tombstone]));
  const dropped = current.services.filter((service) => !services.has(service.id) && !tombstones.has(service.id)).map((service) => service.id);
  if (dropped.length > 0) return rewritten('every service, or a tombstone for it', `missing: ${dropped.slice(0, 5).join(', ')}`, dropped);

  const unburied = current.tombstones.filter((old) => tombstones.get(old.id)?.sequence !== old.sequence).map((old) => old.id);
  if (unburied.length > 0) return rewritten('every tombstone as it was', `missing or changed: ${unburied.slice(0, 5).join(', ')}`, unburied);
  const early = next.tombstones.filter((tombstone) => tombstone.sequence <= current.sequence && !current.tombstones.some((old) => old.id === tombstone.id)).map(({ id }) => id);
  if (early.length > 0) return rewritten(`new tombstones of a sequence after ${current.sequence}`, early.slice(0, 5).join(', '), early);

  const known = new Map(current.services.map((service) => [service.id, service.status]));
  const changed = next.services.filter((service) => !extendsHistory(known.get(service.id) ?? [], service.status, current.sequence)).map((service) => service.id);
  if (changed.length > 0) {
    return rewritten(`status events as recorded up to ${current.sequence}, new ones recorded later before them`, `changed: ${changed.slice(0, 5).join(', ')}`, changed);
  }
  return undefined;
}

function rewritten(expected: string, actual: string, subjects: readonly string[]): Discontinuity {
  return { code: 'TL_HISTORY_REWRITTEN', expected, actual, subjects };
}

function extendsHistory(old: readonly ServiceStatus[], now: readonly ServiceStatus[], sequence: number): boolean {
  const added = now.length - old.length;
  return added >= 0 && old.every((event, index) => sameEvent(event, now[added + index]!)) && now.slice(0, added).every((event) => event.recorded > sequence);
}

function sameEvent(a: ServiceStatus, b: ServiceStatus): boolean {
  return (
    a.status === b.status && a.since === b.since && a.recorded === b.recorded && a.reason === b.reason && a.ref === b.ref && a.gap === b.gap && a.compromisedSince === b.compromisedSince
  );
}
