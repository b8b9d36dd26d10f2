import { makeReason } from './reason.js';
import type { NearestMiss, Reason, TrustDecision } from './report.js';
import { citeContributions, citeStatus } from './trust/cite.js';
import type { PathDecision } from './trust/decide.js';

/** Why the lists do not trust a path. */
export function trustReason(decision: PathDecision, { region, proven }: { readonly region: string; readonly proven: boolean }): Reason {
  const code = decision.code === 'GRANTED' ? 'SERVICE_UNSUPPORTED' : decision.code;
  const said = decision.decisive ?? decision.anchor;
  const since = said?.status.event?.since;
  const nearestMiss = nearestOf(decision);
  return makeReason(code, {
    subject: subjectOf(decision),
    ...(said === undefined ? {} : { service: bilingual(said.statement.service.name) }),
    region,
    settled: said?.status.void === true || (proven && (code === 'CA_WITHDRAWN' || code === 'CA_DISTRUSTED')),
    ...(decision.expected === undefined ? {} : { expected: decision.expected }),
    ...(decision.actual === undefined ? {} : { actual: decision.actual }),
    ...(since === undefined ? {} : { when: since }),
    ...(nearestMiss === undefined ? {} : { nearestMiss }),
  });
}

export function trustDecisionOf({ decisive, anchor, ruling }: PathDecision, context: { region: string; purpose: string; transaction?: string }): { trustDecision?: TrustDecision } {
  const said = decisive ?? anchor;
  if (said === undefined) return {};
  const { service, member } = said.statement;
  const { status, statusSince = '' } = citeStatus(said);
  return {
    trustDecision: {
      listId: member.list.listId,
      serviceId: service.id,
      serviceName: bilingual(service.name),
      status,
      statusSince,
      region: context.region,
      purpose: context.purpose,
      ...(context.transaction === undefined ? {} : { transaction: context.transaction }),
      ...(ruling.peer === undefined ? {} : { peer: ruling.peer.peer.schemeId }),
      lists: citeContributions(ruling),
    },
  };
}

export function subjectOf({ decisive, ruling, anchor }: PathDecision): string {
  if (decisive === undefined && ruling.missing.length > 0) return `list ${ruling.missing[0]!.listId}`;
  const said = decisive ?? anchor;
  return said === undefined ? 'certificate[0]' : `service ${said.statement.service.id}`;
}

/** How near the service came that the path leads to (trust-list design §5.8). */
function nearestOf({ code, decisive, ruling }: PathDecision): NearestMiss | undefined {
  if (code === 'LIST_NOT_LOADED') return { code, detail: ruling.missing.map(({ listId }) => listId).join(', ') };
  if (decisive === undefined) return undefined;
  const { service } = decisive.statement;
  const since = decisive.status.event?.since;
  const miss = NEAREST[code];
  if (miss === undefined) return undefined;
  const detail = miss === 'SERVICE_IN_OTHER_REGION' ? [...new Set(service.scope.flatMap(({ regions }) => regions))].join(', ') : since === undefined ? undefined : new Date(since).toISOString();
  return { code: miss, serviceId: service.id, serviceName: bilingual(service.name), ...(detail === undefined ? {} : { detail }) };
}

const NEAREST: Readonly<Partial<Record<PathDecision['code'], NearestMiss['code']>>> = {
  REGION_NOT_IN_SCOPE: 'SERVICE_IN_OTHER_REGION', TRANSACTION_NOT_IN_SCOPE: 'SERVICE_IN_OTHER_TRANSACTION',
  CA_WITHDRAWN: 'SERVICE_WITHDRAWN', CA_DISTRUSTED: 'SERVICE_WITHDRAWN', CA_SUSPENDED: 'SERVICE_STATUS', CA_CEASED: 'SERVICE_STATUS', CA_NOT_YET_GRANTED: 'SERVICE_STATUS',
  SERVICE_UNSUPPORTED: 'SERVICE_UNSUPPORTED',
};

export function bilingual(text: { readonly zh: string; readonly en?: string }): { zh: string; en: string } {
  return { zh: text.zh, en: text.en ?? text.zh };
}
