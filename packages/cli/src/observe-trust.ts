import { listsOf, nodeAlgorithms, nodeFetcher, type Verifier } from '@hefu/node';
import { isSnapshot, type Trust, type TrustSnapshot } from '@hefu/trust-list';
import { healthFactsOf, probe, targetsOfList, type EndpointHealth, type HealthFacts, type HealthSources, type ProbeTarget, type TrustListRefusal } from '@hefu/updater';
import { complaintOf } from './complaint.js';

/** Every address that a list, or any list of a scheme and its peers, names; each once for a service. */
export function targetsOfTrust(trust: Trust): readonly ProbeTarget[] {
  const targets = new Map<string, ProbeTarget>();
  for (const target of listsOf(trust).flatMap(targetsOfList)) {
    const key = JSON.stringify([target.kind, target.url, target.service]);
    if (!targets.has(key)) targets.set(key, target);
  }
  return [...targets.values()];
}

export interface Observing {
  /** Where the list or scheme comes from, for people. */
  readonly source: string;
  /** Keys that may sign the list, where no root names them. */
  readonly keys: NonNullable<HealthSources['keys']>;
  readonly signal: AbortSignal;
}

/** One round of a watch: what is trusted anew, then every address. */
export async function observeTrust(verifier: Verifier, { source, keys, signal }: Observing): Promise<HealthFacts> {
  const { refusals, failure } = await refreshed(verifier);
  const { trust, trustList } = verifier;
  const equivocations = refusals.filter(({ code }) => code === 'TL_EQUIVOCATION').map(({ detail, ...refusal }) => ({
    id: 'document' in refusal && refusal.document !== undefined ? `${refusal.document} of ${trustList.listId}` : `list ${trustList.listId} ${trustList.sequence}`, detail,
  }));
  const endpoints: EndpointHealth[] = [{ kind: 'list', url: source, ok: failure === undefined, ...(failure === undefined ? {} : { detail: failure }) }];
  const probes = await probe(targetsOfTrust(trust), { fetcher: nodeFetcher(), clock: { now: () => Date.now() }, algorithms: nodeAlgorithms(), signal });
  const at = Date.now();
  if (!isSnapshot(trust)) return healthFactsOf({ lists: [trust], keys, probes, endpoints, equivocations }, at);
  endpoints.push(...childEndpoints(trust, source));
  const [own, ...peers] = [trust, ...trust.peers.values()].map(({ root, freshness, lists }, index) =>
    healthFactsOf({ root, ...(freshness && { freshness }), lists: [...lists.values()], probes: index === 0 ? probes : [], ...(index === 0 && { endpoints, equivocations }) }, at));
  return {
    ...own!,
    expiring: [own!, ...peers].flatMap(({ expiring }) => expiring),
    renewals: [own!, ...peers].flatMap(({ renewals }) => renewals),
  };
}

/** A list below the top one that cannot be had is down, though the rest is used. */
function childEndpoints({ root, lists, missing }: TrustSnapshot, source: string): readonly EndpointHealth[] {
  const url = (listId: string): string => `${source} ${listId}`;
  return [
    ...[...lists.keys()].filter((listId) => listId !== root.listId).map((listId): EndpointHealth => ({ kind: 'list', url: url(listId), ok: true })),
    ...[...missing].map(([listId, code]): EndpointHealth => ({ kind: 'list', url: url(listId), ok: false, detail: code })),
  ];
}

/** A source that fails, in whatever way, is one more thing to tell. */
async function refreshed(verifier: Verifier): Promise<{ readonly refusals: readonly (TrustListRefusal & { readonly document?: string })[]; readonly failure?: string }> {
  try {
    const { outcome, refusals } = await verifier.refresh();
    return { refusals, ...(outcome === 'failed' ? { failure: refusals.map(({ code }) => code).join(' ') } : {}) };
  } catch (error) {
    const complaint = await complaintOf(error);
    if (complaint === undefined) throw error;
    return { refusals: [], failure: complaint.code };
  }
}
