import { hexOf, parseOcspResponse, type OcspResponse } from '@hefu/pki';
import { answerTo } from './fetch-ocsp.js';
import type { UpdaterLimits } from './limits.js';
import type { Store } from './ports.js';

/** One OCSP response as kept in a Store. */
export interface OcspEntry {
  readonly response: OcspResponse;
  readonly url: string;
  /** Epoch milliseconds: it decides only when to ask again, never a verdict. */
  readonly fetchedAt: number;
}

/** OCSP responses by responder and CertID. Whatever comes from the store is parsed again and stays untrusted. */
export interface OcspCache {
  /** What is held, unless it claims to come from the future. */
  load(url: string, certId: Uint8Array, now: number): Promise<OcspEntry | undefined>;
  /** Keeps an entry in place of what is held, unless that is newer by thisUpdate. `displace`: in any case, because what is held is not known to be the responder's. */
  offer(entry: OcspEntry, certId: Uint8Array, now: number, displace: boolean): Promise<void>;
  /** An answer that proved to be nobody's, lately. In memory only: it is no evidence, and why the address is not asked again at once. */
  refused(url: string, certId: Uint8Array, now: number): OcspEntry | undefined;
  refuse(entry: OcspEntry, certId: Uint8Array): void;
}

const MAGIC = 'hefu-ocsp 1 ';

export function createOcspCache(store: Store, limits: UpdaterLimits, onStoreFailure: (url: string, error: unknown) => void): OcspCache {
  const keyOf = (url: string, certId: Uint8Array): string => `ocsp ${hexOf(certId)} ${url}`;

  async function load(url: string, certId: Uint8Array, now: number): Promise<OcspEntry | undefined> {
    let entry: OcspEntry | undefined;
    try {
      const bytes = await store.get(keyOf(url, certId));
      entry = bytes === undefined ? undefined : decode(bytes, url, limits.maxOcspBytes);
    } catch (error) {
      onStoreFailure(url, error);
    }
    const answer = entry === undefined ? undefined : answerTo(entry.response, certId);
    return answer === undefined || answer.thisUpdate > now + limits.clockSkewMs ? undefined : entry;
  }

  const refusals = new Map<string, OcspEntry>();

  return {
    load,
    refused(url, certId, now) {
      const entry = refusals.get(keyOf(url, certId));
      if (entry === undefined) return undefined;
      const age = now - entry.fetchedAt;
      if (age >= 0 && age < limits.ocspUncheckedMs) return entry;
      refusals.delete(keyOf(url, certId));
      return undefined;
    },
    refuse(entry, certId) {
      const key = keyOf(entry.url, certId);
      refusals.delete(key);
      refusals.set(key, entry);
      for (const [oldest] of refusals) {
        if (refusals.size <= limits.maxRefusedOcsp) break;
        refusals.delete(oldest);
      }
    },
    async offer(entry, certId, now, displace) {
      const offered = answerTo(entry.response, certId);
      if (offered === undefined || offered.thisUpdate > now + limits.clockSkewMs) return;
      const held = displace ? undefined : await load(entry.url, certId, now);
      if (held !== undefined && answerTo(held.response, certId)!.thisUpdate > offered.thisUpdate) return;
      const head = new TextEncoder().encode(`${MAGIC}${entry.fetchedAt} ${entry.url}\n`);
      const bytes = new Uint8Array(head.length + entry.response.bytes.length);
      bytes.set(head);
      bytes.set(entry.response.bytes, head.length);
      try {
        await store.put(keyOf(entry.url, certId), bytes);
      } catch (error) {
        onStoreFailure(entry.url, error);
      }
    },
  };
}

/** Anything not written by `offer` for this URL is undefined. */
function decode(bytes: Uint8Array, url: string, maxOcspBytes: number): OcspEntry | undefined {
  const end = bytes.subarray(0, 16_384).indexOf(0x0a);
  if (end < 0) return undefined;
  try {
    const match = /^hefu-ocsp 1 (\d{1,16}) (.*)$/s.exec(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end)));
    if (match?.[1] === undefined || match[2] !== url) return undefined;
    return { response: parseOcspResponse(bytes.slice(end + 1), { maxOcspBytes }), url, fetchedAt: Number(match[1]) };
  } catch {
    return undefined; // untrusted: unreadable is the same as absent
  }
}
