import type { ListContent } from '../list-content.js';
import { jurisdiction, regionWithin } from '../region.js';
import type { Delegation } from '../scheme.js';

export interface Wider {
  readonly code: 'TL_WIDER_THAN_PARENT';
  readonly expected: string;
  readonly actual: string;
}

/** A delegated list may narrow, never widen (trust-list design §5.1, P5): its territory, what it lists, and what it delegates in turn. */
export function checkWithin(list: ListContent, { regions, mode, kinds, purposes, maxNextUpdate }: Delegation): Wider | undefined {
  const outside = (wanted: readonly string[]): string | undefined => wanted.find((region) => !regionWithin(region, regions));
  const region = outside([...list.territory.map(jurisdiction), ...list.services.flatMap((service) => service.scope.flatMap((scope) => scope.regions)), ...list.delegations.flatMap((child) => child.regions)]);
  if (region !== undefined) return wider(`regions within ${regions.join(', ')}`, region);
  const named = [...list.services.map((service) => service.kind), ...list.delegations.flatMap((child) => (child.mode === 'may-grant' ? (child.kinds ?? []) : []))];
  const kind = kinds && named.find((each) => !kinds.includes(each));
  if (kind !== undefined) return wider(`kinds of ${kinds!.join(', ')}`, kind);
  const used = [...list.services.flatMap((service) => service.scope), ...list.delegations].flatMap((each) => each.purposes ?? []);
  const purpose = purposes && used.find((each) => !purposes.includes(each));
  if (purpose !== undefined) return wider(`purposes of ${purposes!.join(', ')}`, purpose);
  const grants = mode === 'restrict-only' ? list.delegations.find((child) => child.mode === 'may-grant') : undefined;
  if (grants !== undefined) return wider('restrict-only', `may-grant to ${grants.listId}`);
  const longer = maxNextUpdate === undefined ? undefined : list.delegations.find((child) => (child.maxNextUpdate ?? 0) > maxNextUpdate);
  return longer && wider(`maxNextUpdate ≤ ${maxNextUpdate} ms`, `${longer.maxNextUpdate} ms for ${longer.listId}`);
}

function wider(expected: string, actual: string): Wider {
  return { code: 'TL_WIDER_THAN_PARENT', expected, actual };
}
