import type { CollectedOcsp, EvidenceGap, WantedOcsp } from '@hefu/verify';
import { UpdaterError } from './error.js';
import { answerTo } from './fetch-ocsp.js';
import type { OcspResponse } from '@hefu/pki';
import type { UpdaterLimits } from './limits.js';
import type { OcspCache, OcspEntry } from './ocsp-cache.js';

export interface ServeOcspOptions {
  readonly wanted: WantedOcsp;
  /** Addresses that may be asked, in order. */
  readonly urls: readonly string[];
  readonly mode: 'first' | 'only' | 'refresh';
  readonly cache: OcspCache;
  readonly limits: UpdaterLimits;
  readonly now: () => number;
  /** Asks one address; rejects with UpdaterError. */
  readonly ask: (url: string, nonce: Uint8Array | undefined) => Promise<OcspResponse>;
  /** Fresh random octets, where the caller has a source of them. */
  readonly randomBytes: ((length: number) => Uint8Array) | undefined;
  /** Whether an answer counts; undefined: nobody can tell. Never rejects. */
  readonly counts: (answer: CollectedOcsp) => Promise<boolean | undefined>;
  readonly onHeld: (url: string) => void;
  readonly onGap: (url: string, error: unknown) => void;
  readonly aborted: () => boolean;
}

/** RFC 9654 §2.1: 32 octets are what a client should send. */
const NONCE_OCTETS = 32;

/**
 * Answers one question: what is held first, where it is recent and no nonce is required, then each address in order until
 * one gives an answer that counts. A held answer that is no longer recent is evidence too when nobody answers; one that does not count only
 * when there is nothing else, so that the judge can say what is wrong with it.
 * @throws UpdaterError ABORTED
 */
export async function serveOcsp(options: ServeOcspOptions): Promise<readonly CollectedOcsp[]> {
  const { wanted, urls, mode, cache, limits, now } = options;
  const required = wanted.nonce === 'required';
  const held: OcspEntry[] = [];
  const rejected: CollectedOcsp[] = [];
  const unproven = new Set<string>();
  for (const url of required ? [] : urls) {
    const entry = await cache.load(url, wanted.certId, now());
    if (entry === undefined) continue;
    const counts = await options.counts(collected(entry));
    if (counts !== true) unproven.add(url);
    if (counts === false) {
      // It may have counted once, and run out since.
      rejected.push(collected(entry));
      continue;
    }
    if (mode !== 'refresh' && isRecent(entry, wanted, now(), limits, counts === true)) {
      options.onHeld(url);
      return [collected(entry)];
    }
    held.push(entry);
  }
  for (const url of mode === 'only' ? [] : urls) {
    const lately = required || mode === 'refresh' ? undefined : cache.refused(url, wanted.certId, now());
    if (lately !== undefined) {
      rejected.push(collected(lately));
      options.onGap(url, refusal());
      continue;
    }
    const nonce = wanted.nonce === 'none' ? undefined : options.randomBytes?.(NONCE_OCTETS);
    if (required && nonce === undefined) {
      options.onGap(url, new UpdaterError('NOT_ACCEPTED', 'a nonce is required, and there is no source of random octets'));
      continue;
    }
    try {
      const entry = { response: await options.ask(url, nonce), url, fetchedAt: now() };
      const answer = { ...collected(entry), ...(nonce === undefined ? {} : { nonce: { sent: nonce, ...(required ? { required } : {}) } }) };
      const counts = await options.counts(answer);
      if (counts === false) {
        cache.refuse(entry, wanted.certId);
        rejected.push(answer);
        throw refusal();
      }
      await cache.offer(entry, wanted.certId, entry.fetchedAt, counts === true && unproven.has(url));
      return [answer, ...held.map(collected)];
    } catch (error) {
      if (options.aborted()) throw new UpdaterError('ABORTED', 'aborted by the caller');
      options.onGap(url, error);
    }
  }
  return held.length > 0 ? held.map(collected) : rejected;
}

function refusal(): UpdaterError {
  return new UpdaterError('NOT_ACCEPTED', 'an OCSP response, but not of now by somebody who may answer');
}

function isRecent(entry: OcspEntry, wanted: WantedOcsp, now: number, limits: UpdaterLimits, counts: boolean): boolean {
  const answer = answerTo(entry.response, wanted.certId)!;
  const age = now - entry.fetchedAt;
  if (age < -limits.clockSkewMs || age > (counts ? limits.ocspRecheckMs : limits.ocspUncheckedMs)) return false;
  if (wanted.maxAge !== undefined && now - answer.thisUpdate > wanted.maxAge) return false;
  // What a responder did not know, or called revoked, it may know better a minute later.
  return answer.status.kind === 'good' && (answer.nextUpdate === undefined || now < answer.nextUpdate);
}

function collected({ response, url, fetchedAt }: OcspEntry): CollectedOcsp {
  return { response, url, fetchedAt };
}

/** For gaps: what was wanted. */
export function ocspWish(wanted: WantedOcsp): EvidenceGap['what'] {
  return `ocsp for certificate ${wanted.forSerial.slice(0, 64)}`;
}
