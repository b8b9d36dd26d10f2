import { equalBytes, type CertificateList } from '@hefu/pki';
import type { CollectedCrl, CollectedOcsp, EvidenceGap, EvidencePlan, WantedCrl, WantedOcsp } from '@hefu/verify';
import { createCrlCache } from './crl-cache.js';
import type { CrlEntry } from './crl-entry.js';
import { isCurrentCrl, isOlderCrl } from './crl-order.js';
import { assessEndpoint } from './endpoint.js';
import { UpdaterError } from './error.js';
import { fetchCrl } from './fetch-crl.js';
import { fetchOcsp } from './fetch-ocsp.js';
import { gapOf } from './gap.js';
import { withUpdaterLimits, type UpdaterLimits } from './limits.js';
import { createOcspCache } from './ocsp-cache.js';
import type { Clock, Fetcher, Store } from './ports.js';
import { roundsOf, unsettled } from './rounds.js';
import { ocspWish, serveOcsp } from './serve-ocsp.js';
import { createSingleFlight, throwIfAborted } from './single-flight.js';

/** What a gatherer is built on. */
export interface GathererPorts {
  readonly fetcher: Fetcher;
  readonly store: Store;
  readonly clock: Clock;
  readonly limits?: Partial<UpdaterLimits>;
  /** Fresh random octets for the nonces of OCSP requests; without it none are sent, and responders that require one not asked. */
  readonly randomBytes?: (length: number) => Uint8Array;
}

export interface GatherOptions {
  readonly signal?: AbortSignal;
  /**
   * Is this CRL signed by the issuer the wish is about? When given, only CRLs it accepts are cached or end the
   * search, so that a forged one can neither stay nor hide the real one. The judge verifies again in any case.
   * A check that throws counts as false.
   */
  readonly acceptCrl?: (crl: CertificateList, wanted: WantedCrl) => boolean | Promise<boolean>;
  /**
   * Does this OCSP answer count: signed by who may answer for the certificate, about it, of now? When given, an answer that does not is neither
   * kept nor ends the search, and one that does is used for `ocspRecheckMs` without asking again. Without it, and where it cannot
   * tell (undefined), nothing here knows a forged answer from a true one: either is used for `ocspUncheckedMs` only. The judge
   * verifies again in any case. A check that throws counts as undefined.
   */
  readonly acceptOcsp?: (answer: CollectedOcsp, wanted: WantedOcsp) => boolean | undefined | Promise<boolean | undefined>;
  /**
   * Does what has been gathered so far spare this wish of a later tier? When given, the tiers of a plan are served one
   * after the other, and what is spared is not asked for; without it, all are served at once. A question that throws
   * counts as no.
   */
  readonly settles?: (wanted: WantedCrl | WantedOcsp, soFar: Pick<Gathered, 'crls' | 'ocsp'>) => boolean | Promise<boolean>;
  /** `only`: ask nobody, take what is held. `refresh`: ask even where a current CRL is held. Default `first`. */
  readonly cache?: 'first' | 'only' | 'refresh';
  readonly onProgress?: (event: GatherEvent) => void;
}

export type GatherEvent =
  | { readonly kind: 'held' | 'fetching' | 'fetched'; readonly url: string }
  | { readonly kind: 'spared'; readonly wanted: WantedCrl | WantedOcsp }
  | { readonly kind: 'gap'; readonly gap: EvidenceGap }
  | { readonly kind: 'store-failed'; readonly url: string; readonly error: unknown };

/** `Evidence` of the verify room, without candidate certificates: the caller adds those. */
export interface Gathered {
  readonly crls: readonly CollectedCrl[];
  readonly ocsp: readonly CollectedOcsp[];
  /** The plan's own gaps first, then one for each address that did not answer, also where a mirror then did. */
  readonly gaps: readonly EvidenceGap[];
}

export interface Gatherer {
  /**
   * Gathers what a plan wants: the cache first, then each address in order until one gives a current CRL, or an answer. Held
   * CRLs that are no longer current are evidence too when nothing better comes: the judge knows about grace.
   * @throws UpdaterError ABORTED by the signal; nothing else
   */
  gather(plan: EvidencePlan, options?: GatherOptions): Promise<Gathered>;
}

/** One gathering's purse. */
interface Purse {
  fetches: number;
  readonly deadline: number;
}

export function createGatherer(ports: GathererPorts): Gatherer {
  const { fetcher, store, clock } = ports;
  const limits = withUpdaterLimits(ports.limits);
  const flights = createSingleFlight<CertificateList>();
  const listeners = new Set<(event: GatherEvent) => void>();
  const cache = createCrlCache(store, limits, (url, error) => {
    for (const listener of listeners) listener({ kind: 'store-failed', url, error });
  });

  const ocspCache = createOcspCache(store, limits, (url, error) => {
    for (const listener of listeners) listener({ kind: 'store-failed', url, error });
  });

  /** Bounds of the next request; counts it. @throws UpdaterError LIMIT */
  function spend(purse: Purse): { readonly timeoutMs: number; readonly maxRedirects: number } {
    const remaining = purse.deadline - clock.now();
    if (remaining <= 0) throw new UpdaterError('LIMIT', `the ${limits.totalTimeoutMs} ms of this gathering are spent`);
    if (purse.fetches >= limits.maxFetches) throw new UpdaterError('LIMIT', `the ${limits.maxFetches} requests of this gathering are spent`);
    purse.fetches += 1;
    return { timeoutMs: Math.min(limits.requestTimeoutMs, remaining), maxRedirects: limits.maxRedirects };
  }

  async function fetchOne(url: string, wanted: WantedCrl, purse: Purse, signal: AbortSignal | undefined): Promise<CertificateList> {
    const request = {
      ...spend(purse),
      url,
      maxBytes: crlBytesFor(wanted, limits),
      allowPrivateAddresses: wanted.origin === 'list',
    };
    const key = `${request.maxBytes} ${request.allowPrivateAddresses} ${url}`;
    return flights.run(key, signal, (shared) => fetchCrl(fetcher, { ...request, signal: shared }));
  }

  async function serve(wanted: WantedCrl, purse: Purse, options: GatherOptions, emit: (event: GatherEvent) => void): Promise<Gathered> {
    const gaps: EvidenceGap[] = [];
    const gap = (url: string, error: unknown): void => {
      const found = gapOf(url, error);
      gaps.push(found);
      emit({ kind: 'gap', gap: found });
    };
    const urls = allowedUrls(wanted, limits, gap);
    const candidates: CrlEntry[] = [];
    const rejected: CrlEntry[] = [];
    const accepts = async (crl: CertificateList): Promise<boolean> => {
      if (options.acceptCrl === undefined) return true;
      try {
        return await options.acceptCrl(crl, wanted);
      } catch {
        return false;
      }
    };
    const forged = new Set<string>();

    for (const url of urls) {
      const held = await cache.load(url, clock.now(), crlBytesFor(wanted, limits));
      if (held === undefined) continue;
      if (!(await accepts(held.crl))) {
        forged.add(url);
        rejected.push(held);
        continue;
      }
      candidates.push(held);
      if (options.cache !== 'refresh' && isHeldCurrent(held, wanted, clock.now(), limits)) {
        emit({ kind: 'held', url });
        return { crls: [collected(held)], ocsp: [], gaps };
      }
    }
    for (const url of options.cache === 'only' ? [] : urls) {
      throwIfAborted(options.signal);
      emit({ kind: 'fetching', url });
      let entry: CrlEntry;
      try {
        entry = { crl: await fetchOne(url, wanted, purse, options.signal), url, fetchedAt: clock.now() };
      } catch (error) {
        if (options.signal?.aborted === true) throw new UpdaterError('ABORTED', 'aborted by the caller');
        gap(url, error);
        continue;
      }
      emit({ kind: 'fetched', url });
      if (!(await accepts(entry.crl))) {
        rejected.push(entry);
        gap(url, new UpdaterError('NOT_ACCEPTED', 'a CRL, but not signed by the issuer asked about'));
        continue;
      }
      candidates.push(entry);
      await cache.offer(entry, entry.fetchedAt, forged.has(url));
      if (isCurrentCrl(entry.crl, entry.fetchedAt, wanted.maxAge) && candidates.every((other) => !isOlderCrl(entry.crl, other.crl))) break;
    }
    if (urls.length === 0 && wanted.urls.length === 0) {
      gaps.push({ code: 'NO_ENDPOINT', what: `crl for certificate ${wanted.forSerial.slice(0, 64)}`, detail: 'no address named' });
    }
    if (options.cache === 'only' && candidates.length === 0 && urls[0] !== undefined) {
      gaps.push({ code: 'FETCH_REFUSED', what: `crl ${urls[0]}`, detail: 'OFFLINE: none held, and nothing may be fetched' });
    }
    // Rejected ones only when there is nothing else: the judge then says what is wrong with them.
    const usable = candidates.length > 0 ? candidates : rejected;
    return { crls: distinct(usable).map(collected), ocsp: [], gaps };
  }

  async function answer(wanted: WantedOcsp, purse: Purse, options: GatherOptions, emit: (event: GatherEvent) => void): Promise<Gathered> {
    const gaps: EvidenceGap[] = [];
    const gap = (url: string, error: unknown): void => {
      const found = gapOf(url, error, 'ocsp');
      gaps.push(found);
      emit({ kind: 'gap', gap: found });
    };
    const urls = allowedUrls(wanted, limits, gap);
    const ocsp = await serveOcsp({
      wanted,
      urls,
      mode: options.cache ?? 'first',
      cache: ocspCache,
      limits,
      now: () => clock.now(),
      async ask(url, nonce) {
        throwIfAborted(options.signal);
        emit({ kind: 'fetching', url });
        const response = await fetchOcsp(fetcher, {
          ...spend(purse),
          url,
          certId: wanted.certId,
          ...(nonce === undefined ? {} : { nonce }),
          maxBytes: limits.maxOcspBytes,
          allowPrivateAddresses: wanted.origin === 'list',
          ...(options.signal === undefined ? {} : { signal: options.signal }),
        });
        emit({ kind: 'fetched', url });
        return response;
      },
      async counts(answer) {
        try {
          return await options.acceptOcsp?.(answer, wanted);
        } catch {
          return undefined;
        }
      },
      randomBytes: ports.randomBytes,
      onHeld: (url) => emit({ kind: 'held', url }),
      onGap: gap,
      aborted: () => options.signal?.aborted === true,
    });
    if (options.cache === 'only' && ocsp.length === 0) gaps.push({ code: 'FETCH_REFUSED', what: ocspWish(wanted), detail: 'OFFLINE: none held, and nothing may be fetched' });
    return { crls: [], ocsp, gaps };
  }

  return {
    async gather(plan, options = {}) {
      throwIfAborted(options.signal);
      const emit = (event: GatherEvent): void => {
        try {
          options.onProgress?.(event);
        } catch {
          // Watching must not change what is seen.
        }
      };
      const purse: Purse = { fetches: 0, deadline: clock.now() + limits.totalTimeoutMs };
      const wishes = plan.wanted.slice(0, limits.maxWanted);
      const served: Gathered[] = [];
      const serveAll = async (round: readonly (WantedCrl | WantedOcsp)[]): Promise<void> => {
        const start = served.length;
        let next = 0;
        const worker = async (): Promise<void> => {
          for (let index = next++; index < round.length; index = next++) {
            const wish = round[index]!;
            served[start + index] = wish.kind === 'crl' ? await serve(wish, purse, options, emit) : await answer(wish, purse, options, emit);
          }
        };
        // All workers are awaited even when one is aborted, so that none outlives the call.
        const ends = await Promise.allSettled(Array.from({ length: Math.min(limits.parallelism, round.length) }, worker));
        for (const end of ends) if (end.status === 'rejected') throw end.reason;
      };
      const soFar = (): Pick<Gathered, 'crls' | 'ocsp'> => ({ crls: distinct(served.flatMap((one) => one.crls)), ocsp: served.flatMap((one) => one.ocsp) });
      listeners.add(emit);
      try {
        for (const [number, round] of roundsOf(wishes, options.settles === undefined ? 1 : limits.maxRounds).entries()) {
          throwIfAborted(options.signal);
          await serveAll(number === 0 ? round : await unsettled(round, soFar(), options.settles, emit));
        }
      } finally {
        listeners.delete(emit);
      }
      const over: EvidenceGap[] = plan.wanted.slice(limits.maxWanted).map((wanted) => ({
        code: 'LIMIT', what: `${wanted.kind} for certificate ${wanted.forSerial.slice(0, 64)}`, detail: `more than ${limits.maxWanted} wishes`,
      }));
      return {
        ...soFar(),
        gaps: [...plan.gaps, ...served.flatMap((one) => one.gaps), ...over],
      };
    },
  };
}

/** The list may grant more than the default, a certificate may not. */
function crlBytesFor(wanted: WantedCrl, limits: UpdaterLimits): number {
  if (wanted.maxBytes === undefined) return limits.maxCrlBytes;
  return Math.min(wanted.maxBytes, wanted.origin === 'list' ? limits.maxCrlBytesCeiling : limits.maxCrlBytes);
}

function allowedUrls(wanted: WantedCrl | WantedOcsp, limits: UpdaterLimits, gap: (url: string, error: unknown) => void): readonly string[] {
  const allowed = new Set<string>();
  for (const [index, url] of wanted.urls.entries()) {
    if (index >= limits.maxUrlsPerWish) {
      gap(url, new UpdaterError('LIMIT', `${wanted.urls.length} addresses, ${limits.maxUrlsPerWish} tried`));
      break;
    }
    const assessed = assessEndpoint(url, { origin: wanted.origin, maxUrlLength: limits.maxUrlLength });
    if (assessed.allowed) allowed.add(assessed.url);
    else gap(url, new UpdaterError(assessed.code, assessed.reason));
  }
  return [...allowed];
}

function isHeldCurrent(held: CrlEntry, wanted: WantedCrl, now: number, limits: UpdaterLimits): boolean {
  const age = now - held.fetchedAt;
  if (age < -limits.clockSkewMs || age > limits.crlRecheckMs) return false;
  // Without nextUpdate and maxAge, having asked lately is all there is.
  if (held.crl.nextUpdate === undefined && wanted.maxAge === undefined) return true;
  return isCurrentCrl(held.crl, now, wanted.maxAge);
}

function collected(entry: CrlEntry): CollectedCrl {
  return { crl: entry.crl, url: entry.url, fetchedAt: entry.fetchedAt };
}

/** Newest issue first, equal octets once. */
function distinct<T extends { readonly crl: CertificateList }>(entries: readonly T[]): readonly T[] {
  const kept: T[] = [];
  for (const entry of entries) if (!kept.some((other) => equalBytes(other.crl.bytes, entry.crl.bytes))) kept.push(entry);
  return kept.sort((a, b) => b.crl.thisUpdate - a.crl.thisUpdate);
}
