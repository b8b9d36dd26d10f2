import type { Algorithms } from '@hefu/crypto';
import type { ListRole, Trust } from '@hefu/trust-list';
import type { Clock, Fetcher, RefreshOutcome, SchemeHealth, SchemeRefresh, Store } from '@hefu/updater';
import type { CreateVerifierOptions } from './create-verifier.js';
import type { NodeLimits } from './limits.js';
import { readRole, readRoleFile } from './role-file.js';
import { holdScheme } from './scheme-holder.js';
import { readSchemeOptions } from './scheme-options.js';
import { holdTrustList, type LastRefresh } from './trust-list-holder.js';

/** Holds what is trusted, a list or a scheme, and sees to it that it is recent. */
export interface TrustHolder {
  readonly current: Trust;
  /** Who signs the list, for a list by itself. */
  readonly role?: ListRole;
  readonly lastRefresh: LastRefresh | undefined;
  refresh(): Promise<RefreshOutcome | SchemeRefresh>;
  /** Never rejects. */
  keepFresh(): Promise<void>;
  health(): SchemeHealth | undefined;
}

export interface TrustParts {
  readonly limits: NodeLimits;
  readonly fetcher: Fetcher;
  readonly clock: Clock;
  readonly algorithms: Algorithms;
  readonly online: boolean;
  readonly store: Store;
  readonly signal: AbortSignal;
}

/** @throws as `createVerifier` */
export async function holdTrust(options: CreateVerifierOptions, { limits, algorithms, online, signal, ...ports }: TrustParts): Promise<TrustHolder> {
  const updaterLimits = options.updaterLimits === undefined ? {} : { limits: options.updaterLimits };
  if (options.trust !== undefined) {
    const configured = await readSchemeOptions(options.trust, { online, cached: options.cacheDir !== undefined });
    const follower = await holdScheme({ ...ports, ...updaterLimits }, { ...configured, algorithms, signal });
    return {
      get current() {
        return follower.snapshot;
      },
      get lastRefresh() {
        return follower.last;
      },
      refresh: () => follower.refresh(),
      keepFresh: () => follower.keepFresh(),
      health: () => follower.health(),
    };
  }
  const role = typeof options.role === 'string' ? await readRoleFile(options.role) : readRole(options.role);
  const holder = await holdTrustList({
    source: options.trustList!,
    trust: {
      role,
      algorithms,
      ...(options.listId === undefined ? {} : { expectedListId: options.listId }),
      ...(options.floor === undefined ? {} : { floor: options.floor }),
    },
    ...ports,
    online,
    maxBytes: limits.maxTrustListBytes,
    signal,
    ...updaterLimits,
  });
  return {
    role,
    get current() {
      return holder.current;
    },
    get lastRefresh() {
      return holder.lastRefresh;
    },
    refresh: () => holder.refresh(),
    keepFresh: () => holder.keepFresh(),
    health: () => undefined,
  };
}
