import type { Purpose, TrustSnapshot } from '@hefu/trust-list';
import { DEFAULT_POLICY, type ScenePolicy } from '@hefu/verify';
import type { LastAttempt } from '../refresher.js';
import type { SchemeRefresh, SchemeRefusal } from './model.js';

/** How old what is in use may be taken (trust-list rule R8): within its dates, within the grace of the policy, past both. */
export type Band = 'current' | 'grace' | 'expired';

export interface ListHealth {
  readonly listId: string;
  /** Of a list in use; undefined for one that is missing. */
  readonly sequence?: number;
  readonly sha256?: string;
  readonly issued?: number;
  readonly nextUpdate?: number;
  /** Milliseconds since `issued`. */
  readonly age?: number;
  readonly bands?: Readonly<Record<Purpose, Band>>;
  readonly services: number;
  /** Those that are understood and granted now. */
  readonly usableServices: number;
  /** Why it is missing, or was not renewed. */
  readonly lastError?: { readonly code: string; readonly detail: string };
}

export interface SchemeHealth {
  readonly schemeId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly root: { readonly version: number; readonly sha256: string; readonly expires: number };
  readonly freshness?: { readonly version: number; readonly issued: number; readonly expires: number };
  /** The top list first; those that are missing are told too. */
  readonly lists: readonly ListHealth[];
  readonly peers: readonly SchemeHealth[];
  /** The latest attempt at something newer. */
  readonly lastRefresh?: { readonly at: number; readonly outcome: SchemeRefresh['outcome'] | 'error'; readonly code?: string; readonly detail?: string };
}

const PURPOSES: readonly Purpose[] = ['auth', 'sign', 'seal', 'encrypt'];

/** How a snapshot stands at an instant. Pure; `scene` says how long what is stale counts, by default that of signing a bid. */
export function schemeHealth(snapshot: TrustSnapshot, options: { readonly at: number; readonly last?: LastAttempt<SchemeRefresh> | undefined; readonly scene?: ScenePolicy }): SchemeHealth {
  const { at, last, scene = DEFAULT_POLICY.scenes['bid-signing'] } = options;
  const { schemeId, root, freshness, list, lists, missing, peers } = snapshot;
  const refusals = last?.outcome?.refusals ?? [];
  const errorOf = (listId: string): Pick<ListHealth, 'lastError'> => {
    const found = refusals.filter((refusal) => refusal.listId === listId).at(-1);
    return found === undefined ? {} : { lastError: { code: found.code, detail: found.detail } };
  };
  return {
    schemeId,
    at,
    root: { version: root.version, sha256: root.sha256, expires: root.expires },
    ...(freshness && { freshness: { version: freshness.version, issued: freshness.issued, expires: freshness.expires } }),
    lists: [
      ...[list, ...[...lists.values()].filter((each) => each !== list)].map(({ listId, sequence, sha256, issued, nextUpdate, services }): ListHealth => ({
        listId, sequence, sha256, issued, nextUpdate, age: at - issued,
        bands: Object.fromEntries(PURPOSES.map((purpose) => [purpose, bandOf(at, nextUpdate, freshness?.expires, scene.listGraceFor?.[purpose] ?? scene.listGrace)])) as Record<Purpose, Band>,
        services: services.length,
        usableServices: services.filter(({ unusable, status }) => unusable === undefined && status.find(({ since }) => since <= at)?.status === 'granted').length,
        ...errorOf(listId),
      })),
      ...[...missing].map(([listId, code]): ListHealth => ({ listId, services: 0, usableServices: 0, lastError: { code, detail: code }, ...errorOf(listId) })),
    ],
    peers: [...peers.values()].map((peer) => schemeHealth(peer, { at, scene })),
    ...(last && { lastRefresh: { at: last.at, ...outcomeOf(last) } }),
  };
}

function outcomeOf({ outcome, error }: LastAttempt<SchemeRefresh>): Pick<NonNullable<SchemeHealth['lastRefresh']>, 'outcome' | 'code' | 'detail'> {
  if (outcome === undefined) return { outcome: 'error', detail: error instanceof Error ? error.message : 'unknown failure' };
  const why: SchemeRefusal | undefined = outcome.failure ?? outcome.refusals.at(-1);
  return { outcome: outcome.outcome, ...(why && { code: why.code, detail: why.detail }) };
}

/** As the verify room judges: a list's own end is final for new decisions, the grace runs from that of freshness. */
function bandOf(at: number, nextUpdate: number, fresh: number | undefined, grace: number): Band {
  if (fresh === undefined || at > nextUpdate || at > fresh + grace) return 'expired';
  return at > fresh ? 'grace' : 'current';
}
