import { createMemoryLeases, type Leases } from '@hefu/sign';

/** A tab that was closed, or a page that is loaded again, lets go of what it held a moment after the next one asks. */
const GRACE_MS = 1000;

/**
 * One holder among all tabs of this origin (Web Locks API §2), the next being told no after a second; a tab that is closed, or crashes, lets go of
 * what it held. Where the browser has no locks, as on a page that is no secure context, this tab knows of itself alone.
 */
export function pageLeases(locks: LockManager | undefined = globalThis.navigator?.locks): Leases {
  if (locks === undefined) return createMemoryLeases();
  const held = new Map<string, { readonly letGo: () => void; readonly gone: Promise<unknown> }>();
  return {
    acquire: (key) => new Promise((resolve, reject) => {
      let letGo = (): void => undefined;
      const until = new Promise<void>((done) => (letGo = done));
      const waiting = new AbortController();
      const over = setTimeout(() => waiting.abort(), GRACE_MS);
      const gone = locks.request(`hefu lease ${key}`, { signal: waiting.signal }, () => {
        clearTimeout(over);
        held.set(key, { letGo, gone });
        resolve(true);
        return until;
      });
      gone.catch((cause: unknown) => (waiting.signal.aborted ? resolve(false) : reject(cause)));
    }),
    /** Resolves when another may have it. */
    async release(key) {
      const lease = held.get(key);
      held.delete(key);
      lease?.letGo();
      await lease?.gone;
    },
  };
}
