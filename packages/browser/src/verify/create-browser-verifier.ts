import { PkiError, readCertificates, readCrl, readSignedData, type SignedData } from '@hefu/pki';
import type { Trust, TrustList } from '@hefu/trust-list';
import {
  createUpdater, crlAcceptance,
  type Clock, type Fetcher, type LastAttempt, type RefreshOutcome, type SchemeHealth, type SchemeRefresh, type Store, type UpdaterLimits,
} from '@hefu/updater';
import { createJudgeCaches, DEFAULT_POLICY, evidenceSettles, judgeWith, planEvidence, type JudgeContext, type JudgeParts, type Policy, type Report } from '@hefu/verify';
import type { DigestFileOptions } from '../digest/digest-file.js';
import { BrowserError } from '../error.js';
import { BROWSER_LIMITS } from '../limits.js';
import { loadPart } from '../load-part.js';
import { indexedDbStore } from '../store/indexed-db-store.js';
import { browserAlgorithms, randomOctets, type BrowserAlgorithms } from './browser-algorithms.js';
import { readBrowserContent, type BrowserContent } from './browser-content.js';
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

export interface BrowserVerifier {
  /**
   * Judges one signed message, as `@hefu/node` does: the same input gives the same report. One that cannot be read is a failed report too.
   * @throws BrowserError FILE_… | ABORTED | CLOSED; PkiError for `crls` and `certificates` that are none
   */
  verify(request: BrowserVerifyRequest): Promise<Report>;
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
 * A verifier in the page; make one and keep it. The trust list is loaded and verified before this resolves.
 * @throws BrowserError TRUST_LIST_UNAVAILABLE | ROLE_INVALID | ROOT_INVALID | INSECURE_CONTEXT
 * @throws VerifyError POLICY_INVALID; TypeError for options that contradict each other
 */
export async function createBrowserVerifier(options: CreateBrowserVerifierOptions): Promise<BrowserVerifier> {
  const algorithms = options.algorithms ?? browserAlgorithms();
  const store = options.store ?? indexedDbStore('hefu');
  const clock = options.clock ?? { now: () => Date.now() };
  const fetcher = options.fetcher ?? browserFetcher();
  const online = options.online ?? true;
  const policy = options.policy === undefined ? DEFAULT_POLICY : (await loadPart(() => import('./own-policy.js'))).readPolicy(options.policy);
  const limits = options.updaterLimits === undefined ? {} : { limits: options.updaterLimits };
  const updater = createUpdater({ fetcher, clock, store, randomBytes: randomOctets, ...limits });
  const caches = createJudgeCaches();
  const acceptCrl = crlAcceptance(algorithms);
  const closing = new AbortController();
  // Ours load what they need as signatures come; others may have to be made ready.
  if (options.algorithms !== undefined) await algorithms.warmUp();
  const held = await holdBrowserTrust(options, { fetcher, clock, store }, { algorithms, online, signal: closing.signal });

  const assertOpen = (): void => {
    if (closing.signal.aborted) throw new BrowserError('CLOSED', 'the verifier was closed');
  };

  return {
    async verify(request) {
      assertOpen();
      await held.keepFresh();
      const trustList = held.current;
      const at = request.at ?? clock.now();
      const context = { scene: 'bid-signing' as const, ...request.context };
      const proven = request.bestSignatureTime === undefined ? {} : { bestSignatureTime: request.bestSignatureTime };
      const brought = (request.crls ?? []).map((crl) => ({ crl: readCrl(crl) }));
      const candidateCertificates = (request.certificates ?? []).flatMap((each) => readCertificates(each));
      let signed: SignedData;
      try {
        signed = readSignedData(request.signature);
      } catch (error) {
        if (!(error instanceof PkiError)) throw error;
        const { reportMalformed } = await loadPart(onFailure);
        return reportMalformed(error, { at, context, policy, trustList, algorithms, ...proven });
      }
      const signal = request.signal === undefined ? closing.signal : AbortSignal.any([request.signal, closing.signal]);
      const content = await readBrowserContent(request.content, signed, {
        algorithms, candidateCertificates, signal, store, maxContentOctets: BROWSER_LIMITS.maxContentOctets,
        ...(request.onProgress === undefined ? {} : { onProgress: request.onProgress }), ...(request.worker === undefined ? {} : { worker: request.worker }),
      });
      if ((content ?? signed.encapContentInfo.content ?? []).length >= BROWSER_LIMITS.compiledDigestOctets) await algorithms.warmUp();
      const question = { signed, certificates: candidateCertificates, trustList, policy, algorithms, at, context, caches, ...proven };
      const gathered = await updater.gather(planEvidence(question), {
        cache: online ? 'first' : 'only', signal, acceptCrl: acceptCrl(signed, trustList, candidateCertificates), settles: evidenceSettles({ ...question, brought: { crls: brought } }),
      });
      const evidence = { ...gathered, candidateCertificates, crls: [...brought, ...gathered.crls] };
      return judgeWith({ signed, evidence, trustList, policy, algorithms, at, context, caches, ...(content === undefined ? {} : { content }), ...proven }, PARTS);
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
    close: () => closing.abort(),
  };
}

const onFailure = (): Promise<typeof import('./on-failure.js')> => import('./on-failure.js');

/** What most verdicts do without, each loaded when one asks for it. */
const PARTS: JudgeParts = {
  inWords: async (report) => (await loadPart(onFailure)).inWords(report),
  placeByEvidence: async (...given) => (await loadPart(() => import('./on-evidence-of-time.js'))).placeByEvidence(...given),
  diagnose: async (input) => (input.facts.failure === undefined ? undefined : (await loadPart(onFailure)).diagnoseSigner(input)),
};
