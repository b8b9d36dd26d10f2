import { hexOf, parseCertificate, PkiError, formatName } from '@hefu/pki';
import type { Freshness, ListKey, SchemeKey, TrustList, TrustRoot } from '@hefu/trust-list';
import { assessProbe } from '../probe/assess-probe.js';
import type { ProbeFacts } from '../probe/probe-facts.js';
import type { EndpointHealth, Expiring, HealthFacts } from './health.js';

export interface HealthSources {
  /** The list in use, and those below it. */
  readonly lists: readonly TrustList[];
  readonly root?: TrustRoot;
  readonly freshness?: Freshness;
  /** Keys that may sign lists, where there is no root that names them. */
  readonly keys?: readonly ListKey[];
  readonly probes: readonly ProbeFacts[];
  /** How the sources of the documents themselves did. */
  readonly endpoints?: readonly EndpointHealth[];
  readonly equivocations?: HealthFacts['equivocations'];
}

/** Signed anew every day is the rule; two days late is a missed one. */
const FRESHNESS_EVERY = 2 * 86_400_000;

/** Everything that may run out, fail or lie, from what was loaded and probed. Pure. */
export function healthFactsOf(sources: HealthSources, at: number): HealthFacts {
  const { lists, root, freshness, probes } = sources;
  const expiring: Expiring[] = [];
  if (root !== undefined) expiring.push({ what: 'root', id: root.schemeId, since: root.issued, until: root.expires });
  if (freshness !== undefined) expiring.push({ what: 'freshness', id: freshness.schemeId, since: freshness.issued, until: freshness.expires });
  for (const list of lists) {
    expiring.push({ what: 'list', id: list.listId, name: list.operator.name.zh, since: list.issued, until: list.nextUpdate });
    for (const service of list.services) {
      // What was withdrawn or distrusted has ended already.
      const status = service.status.find(({ since }) => since <= at)?.status;
      if (status === 'withdrawn' || status === 'distrusted') continue;
      for (const { certificate } of service.anchors) if (certificate !== undefined) expiring.push(...ofCertificate('anchor', service.id, certificate));
    }
  }
  const keys: readonly (ListKey | SchemeKey)[] = [...(root?.keys ?? []), ...(sources.keys ?? [])];
  for (const key of keys) {
    const id = 'thumbprint' in key ? key.thumbprint : `${key.org} ${key.owner ?? ''} ${String(key.jwk['x'] ?? key.jwk['n']).slice(0, 16)}`;
    if (key.notAfter !== undefined) expiring.push({ what: 'list-key', id, name: `${key.org}${key.owner === undefined ? '' : ` ${key.owner}`}`, until: key.notAfter });
    if ('certificate' in key && key.certificate !== undefined) expiring.push(...ofCertificate('list-signer-certificate', id, key.certificate));
  }
  const endpoints: EndpointHealth[] = [...(sources.endpoints ?? [])];
  for (const facts of probes) {
    const { kind, url, service, crl } = facts;
    if (kind === 'crl') {
      expiring.push({ what: 'crl', id: url, ...(crl === undefined ? {} : { since: crl.thisUpdate }), ...(crl?.nextUpdate === undefined ? {} : { until: crl.nextUpdate }) });
    }
    // Its end is watched by itself; one that is past it still answers.
    const failed = assessProbe(facts, at).findings.find(({ outcome, code }) => outcome === 'failed' && code !== 'EXPIRED');
    endpoints.push({ kind, url, ...(service === undefined ? {} : { service }), ok: failed === undefined, ...(failed === undefined ? {} : { detail: `${failed.code} ${failed.actual ?? ''}` }) });
  }
  return {
    expiring,
    endpoints,
    equivocations: sources.equivocations ?? [],
    renewals: freshness === undefined ? [] : [{ id: `freshness ${freshness.schemeId}`, issued: freshness.issued, every: Math.min(FRESHNESS_EVERY, (freshness.expires - freshness.issued) / 2) }],
  };
}

function ofCertificate(what: 'anchor' | 'list-signer-certificate', id: string, der: Uint8Array): readonly Expiring[] {
  try {
    const { validity, subject, serialNumber } = parseCertificate(der);
    return [{ what, id: `${id} ${hexOf(serialNumber)}`, name: formatName(subject), since: validity.notBefore, until: validity.notAfter }];
  } catch (error) {
    if (error instanceof PkiError) return [];
    throw error;
  }
}
