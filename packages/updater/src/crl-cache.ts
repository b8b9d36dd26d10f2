import type { CertificateList } from '@hefu/pki';
import { crlKey, decodeCrlEntry, encodeCrlEntry, type CrlEntry } from './crl-entry.js';
import { isOlderCrl } from './crl-order.js';
import type { UpdaterLimits } from './limits.js';
import type { Store } from './ports.js';

/**
 * CRLs by URL: parsed ones in memory before bytes in the store. Whatever comes from the store is parsed again
 * and stays untrusted; a store that fails counts as empty, since evidence can be had elsewhere.
 */
export interface CrlCache {
  /** What is held for this URL, unless it claims to come from the future. */
  load(url: string, now: number, maxBytes: number): Promise<CrlEntry | undefined>;
  /**
   * Keeps an entry in place of what is held, unless that is a newer issue. `displace`: in any case, because what
   * is held is known to be none of its issuer's.
   * @returns whether it is now the one held
   */
  offer(entry: CrlEntry, now: number, displace: boolean): Promise<boolean>;
}

export function createCrlCache(store: Store, limits: UpdaterLimits, onStoreFailure: (url: string, error: unknown) => void): CrlCache {
  const memory = new Map<string, CrlEntry>();
  let memoryBytes = 0;

  function forget(url: string): void {
    const old = memory.get(url);
    if (old === undefined) return;
    memory.delete(url);
    memoryBytes -= old.crl.bytes.length;
  }

  function remember(entry: CrlEntry): void {
    forget(entry.url);
    if (entry.crl.bytes.length > limits.maxMemoryBytes) return;
    for (const [url] of memory) {
      if (memoryBytes + entry.crl.bytes.length <= limits.maxMemoryBytes) break;
      forget(url);
    }
    memory.set(entry.url, entry);
    memoryBytes += entry.crl.bytes.length;
  }

  async function read(url: string, maxBytes: number): Promise<CrlEntry | undefined> {
    const held = memory.get(url);
    if (held !== undefined) return held;
    try {
      const bytes = await store.get(crlKey(url));
      return bytes === undefined ? undefined : decodeCrlEntry(bytes, url, maxBytes);
    } catch (error) {
      onStoreFailure(url, error);
      return undefined;
    }
  }

  return {
    async load(url, now, maxBytes) {
      const entry = await read(url, maxBytes);
      // A thisUpdate in the future would outrank every real CRL to come.
      if (entry === undefined || !isFromNow(entry.crl, now, limits)) return undefined;
      remember(entry);
      return entry;
    },
    async offer(entry, now, displace) {
      if (!isFromNow(entry.crl, now, limits)) return false;
      // The store, not the memory, is asked: another process may have written a newer one.
      forget(entry.url);
      const held = displace ? undefined : await read(entry.url, limits.maxCrlBytesCeiling);
      if (held !== undefined && isFromNow(held.crl, now, limits) && isOlderCrl(entry.crl, held.crl)) {
        remember(held);
        return false;
      }
      remember(entry);
      try {
        await store.put(crlKey(entry.url), encodeCrlEntry(entry));
      } catch (error) {
        onStoreFailure(entry.url, error);
      }
      return true;
    },
  };
}

function isFromNow(crl: CertificateList, now: number, limits: UpdaterLimits): boolean {
  return crl.thisUpdate <= now + limits.clockSkewMs;
}
