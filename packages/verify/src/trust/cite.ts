import type { Federation, MemberList, Opinion, TrustRuling } from '@hefu/trust-list';
import type { CitedList, TrustContribution } from '../report.js';

/** Every list with jurisdiction over a region, and every list of a peer that has one over the peer's territory. */
export function citeLists(federation: Federation, region: string): readonly CitedList[] {
  const peers = [...new Set(federation.peers.flatMap((peer) => peer.federation ?? []))];
  const members = [...federation.membersFor(region), ...peers.flatMap((peer) => peer.top.territory.flatMap((theirs) => peer.membersFor(theirs)))];
  return [...new Set(members)].map(({ schemeId, list }) => Object.assign(scheme(schemeId), { id: list.listId, sequence: list.sequence, sha256: list.sha256 }));
}

/** What every list said that had a say, the missing ones last. */
export function citeContributions({ opinions, missing }: TrustRuling): readonly TrustContribution[] {
  const said = opinions.map((opinion): TrustContribution => Object.assign(citeMember(opinion.statement.member), { serviceId: opinion.statement.service.id, ...citeStatus(opinion), effect: opinion.effect, code: opinion.code }));
  return [...said, ...missing.map(({ listId, code }): TrustContribution => ({ listId, effect: 'missing', code }))];
}

function citeMember({ schemeId, list }: MemberList): Pick<TrustContribution, 'schemeId' | 'listId' | 'sequence' | 'sha256'> {
  return Object.assign(scheme(schemeId), { listId: list.listId, sequence: list.sequence, sha256: list.sha256 });
}

/** The status in force at the time of the signature; `none` before the first one. */
export function citeStatus({ status: { event } }: Pick<Opinion, 'status'>): { readonly status: string; readonly statusSince?: string } {
  return { status: event?.status ?? 'none', ...(event === undefined ? {} : { statusSince: new Date(event.since).toISOString() }) };
}

function scheme(schemeId: string | undefined): { readonly schemeId?: string } {
  return schemeId === undefined ? {} : { schemeId };
}
