import type { Judgement } from '@hefu/sign';
import type { Trust, TrustList } from '@hefu/trust-list';
import type { Clock, Fetcher, LastAttempt, RefreshOutcome, SchemeHealth, SchemeRefresh, Store, UpdaterLimits } from '@hefu/updater';
import type { JudgeContext, Policy, Report } from '@hefu/verify';
import type { DigestFileOptions } from '../digest/digest-file.js';
import { BrowserError } from '../error.js';
import { loadPart } from '../load-part.js';
import { indexedDbStore } from '../store/indexed-db-store.js';
import { browserAlgorithms, type BrowserAlgorithms } from './browser-algorithms.js';
import type { BrowserContent } from './browser-content.js';
import { browserFetcher } from './browser-fetcher.js';
import { holdBrowserTrust, topOf, type BrowserTrustOptions } from './browser-trust.js';

export interface CreateBrowserVerifierOptions extends BrowserTrustOptions {
  /** Keeps the newest accepted list, CRLs and OCSP answers over visits. Untrusted: everything is verified again on load. Default `indexedDbStore('hefu')`. */
  readonly store?: Store;
  /** A policy, or its document. Default: the verify room's. */
  readonly policy?: Policy;
  /** False: nothing is fetched; evidence comes from the store and from `crls` alone. Default true. */
  readonly online?: boolean;
  readonly fetcher?: Fetcher;
  readonly clock?: Clock;
  readonly algorithms?: BrowserAlgorithms;
  readonly updaterLimits?: Partial<UpdaterLimits>;
  /**
   * Default true: when the browser has nothing to do (`requestIdleCallback`), as while the list is fetched, and nothing was asked for yet, a verdict is rehearsed
   * on a message made for that, so that the first real one need not wait for code to be compiled. False for a page that verifies seldom.
   */
  readonly rehearse?: boolean;
}

export interface BrowserVerifyRequest extends Pick<DigestFileOptions, 'signal' | 'onProgress' | 'worker'> {
  /** CMS, PKCS #7 or GM/T 0010 SignedData; text is PEM or base64. */
  readonly signature: Uint8Array | string;
  /** What was signed, for a detached signature. */
  readonly content?: BrowserContent;
  /** Region, transaction, scene and the rest, as the judge takes them; the scene is `bid-signing` by default. */
  readonly context: Omit<JudgeContext, 'scene'> & Partial<Pick<JudgeContext, 'scene'>>;
  /** Validation time, epoch milliseconds. Default: now, by this machine's clock. */
  readonly at?: number;
  /** When the platform received the signature, if it can prove it; epoch milliseconds. */
  readonly bestSignatureTime?: number;
  /** CRLs brought along, DER or PEM: most CAs let no page read theirs, so a backend brings them. */
  readonly crls?: readonly (Uint8Array | string)[];
  /** Certificates that may be issuers. Being given here makes none of them trusted. */
  readonly certificates?: readonly (Uint8Array | string)[];
}

export interface BrowserJudgementRequest extends Pick<BrowserVerifyRequest, 'context' | 'at' | 'crls' | 'signal'> {
  /** Of the signer, DER, leaf first: the `chain` of a credential. */
  readonly chain: readonly Uint8Array[];
}

export interface BrowserVerifier {
  /**
   * Judges one signed message, as `@hefu/node` does: the same input gives the same report. One that cannot be read is a failed report too.
   * @throws BrowserError FILE_… | ABORTED | CLOSED; PkiError for `crls` and `certificates` that are none
   */
  verify(request: BrowserVerifyRequest): Promise<Report>;
  /**
   * By what a signing in this page is judged (`directSession`): the list in use, with evidence about the signer gathered now.
   * @throws as `verify`; PkiError for a chain that is none
   */
  judgement(request: BrowserJudgementRequest): Promise<Judgement>;
  /** Asks for a newer list now. @throws BrowserError CLOSED */
  refresh(): Promise<RefreshOutcome | SchemeRefresh>;
  readonly trust: Trust;
  /** The list in use; of a scheme, its top list. */
  readonly trustList: TrustList;
  health(): SchemeHealth | undefined;
  readonly lastRefresh: LastAttempt<RefreshOutcome | SchemeRefresh> | undefined;
  close(): void;
}

/**
 * A verifier in the page; make one and keep it. The trust list is loaded and verified before this resolves, and meanwhile the judge is
 * loaded: a bundler keeps it apart from what the page starts with.
 * @throws BrowserError TRUST_LIST_UNAVAILABLE | ROLE_INVALID | ROOT_INVALID | INSECURE_CONTEXT | PART_UNAVAILABLE
 * @throws VerifyError POLICY_INVALID; TypeError for options that contradict each other
 */
export async function createBrowserVerifier(options: CreateBrowserVerifierOptions): Promise<BrowserVerifier> {
  const algorithms = options.algorithms ?? browserAlgorithms();
  const store = options.store ?? indexedDbStore('hefu');
  const clock = options.clock ?? { now: () => Date.now() };
  const fetcher = options.fetcher ?? browserFetcher();
  const online = options.online ?? true;
  const loading = loadPart(() => import('./judging.js'));
  loading.catch(() => undefined); // awaited below: what is wrong with the options or the list is told first
  const policy = options.policy === undefined ? {} : { policy: (await loadPart(() => import('./own-policy.js'))).readPolicy(options.policy) };
  const closing = new AbortController();
  // Ours load what they need as signatures come; others may have to be made ready.
  if (options.algorithms !== undefined) await algorithms.warmUp();
  const ports = { fetcher, clock, store };
  // Ended by the first request too: whoever waits does not wait for practice.
  const practising = new AbortController();
  if (options.rehearse !== false && globalThis.requestIdleCallback !== undefined) {
    const { signal } = practising;
    const idle = (): Promise<void> => new Promise((resolve) => requestIdleCallback(() => resolve()));
    // From here on, since a list that is fetched leaves the page idle meanwhile. Nothing depends on it, so nothing is said where it cannot be had.
    void (async () => {
      const { createJudging: create } = await loading;
      await idle();
      if (!signal.aborted) await (await loadPart(() => import('./rehearsal.js'))).rehearse({ hold: holdBrowserTrust, create, algorithms, idle, signal });
    })().catch(() => undefined);
  }
  const held = await holdBrowserTrust(options, ports, { algorithms, online, signal: closing.signal }).catch((cause: unknown) => {
    practising.abort();
    throw cause;
  });
  const { createJudging } = await loading;
  const judging = createJudging({ ...ports, ...policy, algorithms, online, signal: closing.signal, ...(options.updaterLimits === undefined ? {} : { limits: options.updaterLimits }) });

  const assertOpen = (): void => {
    if (closing.signal.aborted) throw new BrowserError('CLOSED', 'the verifier was closed');
  };

  return {
    async verify(request) {
      assertOpen();
      practising.abort();
      await held.keepFresh();
      return judging.judge(request, held.current);
    },
    async judgement(request) {
      assertOpen();
      practising.abort();
      await held.keepFresh();
      return judging.judgement(request, held.current);
    },
    async refresh() {
      assertOpen();
      return held.refresh();
    },
    get trust() {
      return held.current;
    },
    get trustList() {
      return topOf(held.current);
    },
    health: () => held.health(),
    get lastRefresh() {
      return held.last;
    },
    close() {
      closing.abort();
      practising.abort();
    },
  };
}
