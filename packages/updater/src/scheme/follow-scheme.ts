import type { TrustSnapshot } from '@hefu/trust-list';
import type { ScenePolicy } from '@hefu/verify';
import { createRefresher, type LastAttempt } from '../refresher.js';
import type { SchemeRefresh } from './model.js';
import { refreshScheme, type RefreshSchemeOptions, type SchemePorts } from './refresh-scheme.js';
import { schemeHealth, type SchemeHealth } from './scheme-health.js';

export interface FollowSchemeOptions extends Omit<RefreshSchemeOptions, 'current' | 'signal'> {
  /** Ends every attempt. */
  readonly signal?: AbortSignal;
}

export interface SchemeFollower {
  /** What is in use: an immutable value, replaced as a whole. Undefined until an attempt has led to one. */
  readonly snapshot: TrustSnapshot | undefined;
  readonly last: LastAttempt<SchemeRefresh> | undefined;
  /** Asks now; calls while one is under way join it. @throws as `refreshScheme` */
  refresh(signal?: AbortSignal): Promise<SchemeRefresh>;
  /** Asks when due; call it before the snapshot is used. Waits only where freshness has run out. Never rejects. */
  keepFresh(): Promise<void>;
  /** How every list stands, at the clock's now; undefined without a snapshot. */
  health(scene?: ScenePolicy): SchemeHealth | undefined;
}

/** Follows a scheme from its pinned root. Nothing is asked until `refresh` or `keepFresh` is called. */
export function followScheme(ports: SchemePorts, options: FollowSchemeOptions): SchemeFollower {
  const { clock, limits } = ports;
  let snapshot: TrustSnapshot | undefined;
  const refresher = createRefresher<SchemeRefresh>({
    id: options.slot ?? 'current',
    clock,
    limits,
    async attempt(signal) {
      const outcome = await refreshScheme(ports, {
        ...options, ...(snapshot && { current: snapshot }), signal: options.signal === undefined ? signal : AbortSignal.any([signal, options.signal]),
      });
      snapshot = outcome.snapshot ?? snapshot;
      return outcome;
    },
  });
  return {
    get snapshot() {
      return snapshot;
    },
    get last() {
      return refresher.last;
    },
    refresh: (signal) => refresher.refresh(signal),
    // A bundle in memory has said all it has to say.
    keepFresh: async () => (options.source.mode === 'bundle' && options.source.file instanceof Uint8Array && snapshot !== undefined ? undefined : refresher.keepFresh((now) => snapshot?.freshness !== undefined && now <= snapshot.freshness.expires)),
    health: (scene) => snapshot && schemeHealth(snapshot, { at: clock.now(), last: refresher.last, ...(scene && { scene }) }),
  };
}
