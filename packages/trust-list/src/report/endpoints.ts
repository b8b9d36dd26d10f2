import { TrustListError } from '../error.js';
import { isObject } from '../member-reader.js';
import type { JsonValue } from '../json.js';
import type { Federation } from '../federation/federation.js';
import type { Bilingual } from '../refusal.js';
import { parseInstant } from '../time.js';
import type { Endpoints } from './model.js';

/** How an address is doing, as a probe found it. */
export interface EndpointHealth {
  readonly kind: 'crl' | 'ocsp' | 'tsa';
  readonly url: string;
  /** Id of the service. */
  readonly service: string | undefined;
  readonly outcome: 'passed' | 'failed' | 'indeterminate' | 'not-probed';
  readonly latencyMs: number | undefined;
  readonly bytes: number | undefined;
  /** Milliseconds to nextUpdate when it was probed. */
  readonly margin: number | undefined;
  readonly findings: readonly { readonly code: string; readonly message: Bilingual; readonly actual: string | undefined }[];
}

/**
 * Reads what `hefu probe --json` wrote.
 * @throws TrustListError TL_SCHEMA_INVALID when it is something else, TL_TIME_INVALID
 */
export function readProbes(document: JsonValue): { readonly at: number; readonly endpoints: readonly EndpointHealth[] } {
  if (!isObject(document) || typeof document['at'] !== 'string' || !Array.isArray(document['endpoints'])) throw wrong('no "at" and "endpoints"');
  return { at: parseInstant(document['at']), endpoints: (document['endpoints'] as readonly JsonValue[]).map(readEndpoint) };
}

function readEndpoint(value: JsonValue, index: number): EndpointHealth {
  const where = `endpoints[${index}]`;
  if (!isObject(value)) throw wrong(`${where} is no object`);
  const { kind, url, service, outcome, latencyMs, bytes, margin, findings } = value;
  if (kind !== 'crl' && kind !== 'ocsp' && kind !== 'tsa') throw wrong(`${where}.kind`);
  if (typeof url !== 'string') throw wrong(`${where}.url`);
  if (outcome !== 'passed' && outcome !== 'failed' && outcome !== 'indeterminate') throw wrong(`${where}.outcome`);
  if (!Array.isArray(findings)) throw wrong(`${where}.findings`);
  return {
    kind, url, outcome, service: typeof service === 'string' ? service : undefined, latencyMs: numberOf(latencyMs), bytes: numberOf(bytes), margin: numberOf(margin),
    findings: (findings as readonly JsonValue[]).map((finding, at) => {
      if (!isObject(finding) || typeof finding['code'] !== 'string' || !isObject(finding['message'] ?? null)) throw wrong(`${where}.findings[${at}]`);
      const { zh, en } = finding['message'] as Readonly<Record<string, JsonValue>>;
      if (typeof zh !== 'string' || typeof en !== 'string') throw wrong(`${where}.findings[${at}].message`);
      return { code: finding['code'], message: { zh, en }, actual: typeof finding['actual'] === 'string' ? finding['actual'] : undefined };
    }),
  };
}

function numberOf(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function wrong(what: string): TrustListError {
  return new TrustListError('TL_SCHEMA_INVALID', `this is not what \`hefu probe --json\` writes: ${what}`);
}

const WORST: readonly EndpointHealth['outcome'][] = ['failed', 'indeterminate', 'not-probed', 'passed'];

/** What was probed, and what the lists name and nobody probed; the worst first. */
export function endpointsOf({ members }: Federation, probes: { readonly at: number; readonly endpoints: readonly EndpointHealth[] } | undefined, most: number): Endpoints {
  const nameOf = ({ kind, url, service }: Pick<EndpointHealth, 'kind' | 'url' | 'service'>): string => JSON.stringify([kind, url, service ?? '']);
  const listed = new Map<string, EndpointHealth>();
  for (const { list } of members) {
    for (const { id, revocation } of list.services) {
      for (const [kind, all] of [['crl', revocation.crl], ['ocsp', revocation.ocsp ?? []]] as const) {
        for (const { url, mirrors = [] } of all) {
          for (const each of [url, ...mirrors]) {
            const row: EndpointHealth = { kind, url: each, service: id, outcome: 'not-probed', latencyMs: undefined, bytes: undefined, margin: undefined, findings: [] };
            listed.set(nameOf(row), row);
          }
        }
      }
    }
  }
  const probed = new Map((probes?.endpoints ?? []).map((each) => [nameOf(each), each]));
  const all = [...new Map([...listed, ...probed])].map(([name, health]) => ({ ...health, listed: listed.has(name) }));
  const count = (outcome: EndpointHealth['outcome']): number => all.filter((each) => each.outcome === outcome).length;
  const rows = all.sort((a, b) => WORST.indexOf(a.outcome) - WORST.indexOf(b.outcome)).slice(0, most);
  return {
    probedAt: probes?.at, rows, leftOut: all.length - rows.length,
    counts: { passed: count('passed'), failed: count('failed'), indeterminate: count('indeterminate'), notProbed: count('not-probed') },
  };
}
