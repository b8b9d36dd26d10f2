import type { ListDocument, RevocationDocument, ScopeDocument, ServiceDocument } from '../list-document.js';
import { checkService, replaceService, serviceIndex, type EditContext } from './draft.js';
import { EditError, exists } from './error.js';

/**
 * Adds a service (see `proposeService`). Its events are recorded in this list, so they say so.
 * @throws EditError EDIT_EXISTS | EDIT_ID_RETIRED | EDIT_INVALID
 */
export function addService(draft: ListDocument, service: ServiceDocument, context: EditContext): ListDocument {
  if (draft.services.some(({ id }) => id === service.id)) throw exists({ zh: '服务', en: 'service' }, service.id);
  if (draft.tombstones?.some(({ id }) => id === service.id)) {
    throw new EditError('EDIT_ID_RETIRED', { zh: `${service.id} 已注销，标识不得复用。`, en: `${service.id} was retired; ids are never used again.` });
  }
  const dated = { ...service, status: service.status.map((event) => ({ ...event, recorded: draft.sequence })) };
  checkService(dated, draft, draft.services.length, context);
  return { ...draft, services: [...draft.services, dated] };
}

/** Everything of a service but what the rules keep: its id, and its history, which `recordStatus` extends. */
export type ServiceChanges = Partial<Omit<ServiceDocument, 'id' | 'status'>>;

/**
 * Replaces members of a service; a member given as undefined goes away.
 * @throws EditError EDIT_NOT_FOUND | EDIT_INVALID
 */
export function changeService(draft: ListDocument, serviceId: string, changes: { readonly [K in keyof ServiceChanges]: ServiceChanges[K] | undefined }, context: EditContext): ListDocument {
  return replaceService(
    draft,
    serviceId,
    (service) => {
      const { id, status } = service;
      const members = Object.entries({ ...service, ...changes, id, status }).filter(([, value]) => value !== undefined);
      return Object.fromEntries(members) as unknown as ServiceDocument;
    },
    context,
  );
}

export function setScope(draft: ListDocument, serviceId: string, scope: readonly ScopeDocument[], context: EditContext): ListDocument {
  return changeService(draft, serviceId, { scope }, context);
}

/** Where revocation is asked. Members of `revocation` not given stay. */
export function setRevocation(draft: ListDocument, serviceId: string, changes: Partial<RevocationDocument>, context: EditContext): ListDocument {
  const before = draft.services[serviceIndex(draft, serviceId)]!.revocation;
  return changeService(draft, serviceId, { revocation: { mode: 'crl-only', ...before, ...changes } }, context);
}

/** Adds one endpoint to a service's, or replaces that of the same address. */
export function setEndpoint(draft: ListDocument, serviceId: string, kind: 'crl' | 'ocsp', endpoint: { readonly url: string; readonly [name: string]: unknown }, context: EditContext): ListDocument {
  const before = endpointsOf(draft, serviceId, kind);
  const known = before.some(({ url }) => url === endpoint.url);
  return setRevocation(draft, serviceId, { [kind]: known ? before.map((each) => (each.url === endpoint.url ? endpoint : each)) : [...before, endpoint] }, context);
}

/** @throws EditError EDIT_NOT_FOUND */
export function removeEndpoint(draft: ListDocument, serviceId: string, kind: 'crl' | 'ocsp', url: string, context: EditContext): ListDocument {
  const before = endpointsOf(draft, serviceId, kind);
  const left = before.filter((endpoint) => endpoint.url !== url);
  if (left.length === before.length) throw new EditError('EDIT_NOT_FOUND', { zh: `${serviceId} 没有端点 ${url}。`, en: `${serviceId} has no endpoint ${url}.` });
  return setRevocation(draft, serviceId, { [kind]: left }, context);
}

function endpointsOf(draft: ListDocument, serviceId: string, kind: 'crl' | 'ocsp'): readonly { readonly url: string }[] {
  return draft.services[serviceIndex(draft, serviceId)]!.revocation?.[kind] ?? [];
}

/**
 * Takes a service off the list, with a tombstone in its place: for entries made by mistake or merged into another.
 * A CA that ends is ceased, withdrawn or distrusted instead, so that its history can still be asked.
 * @throws EditError EDIT_NOT_FOUND
 */
export function removeService(draft: ListDocument, serviceId: string, reason: string): ListDocument {
  serviceIndex(draft, serviceId);
  return {
    ...draft,
    services: draft.services.filter(({ id }) => id !== serviceId),
    tombstones: [...(draft.tombstones ?? []), { id: serviceId, sequence: draft.sequence, reason }],
  };
}
