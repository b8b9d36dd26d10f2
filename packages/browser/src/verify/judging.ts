// A chunk of its own, loaded while the list is: what a page needs once there is something to judge.
import { parseCertificate, PkiError, readCertificates, readCrl, readSignedData, type SignedData } from '@hefu/pki';
import type { Judgement } from '@hefu/sign';
import type { Trust } from '@hefu/trust-list';
import { createUpdater, crlAcceptance, type UpdaterLimits } from '@hefu/updater';
import { createJudgeCaches, DEFAULT_POLICY, evidenceSettles, judgeWith, planEvidence, type JudgeParts, type Policy, type Report } from '@hefu/verify';
import { BROWSER_LIMITS } from '../limits.js';
import { loadPart } from '../load-part.js';
import { randomOctets, type BrowserAlgorithms } from './browser-algorithms.js';
import { readBrowserContent } from './browser-content.js';
import type { TrustPorts } from './browser-trust.js';
import type { BrowserJudgementRequest, BrowserVerifyRequest } from './create-browser-verifier.js';

export interface JudgingOptions extends TrustPorts {
  readonly algorithms: BrowserAlgorithms;
  /** Default: the verify room's. */
  readonly policy?: Policy;
  readonly online: boolean;
  readonly limits?: Partial<UpdaterLimits>;
  /** Ends everything under way. */
  readonly signal: AbortSignal;
}

/** What a verifier judges with; what later questions can use is kept. */
export interface Judging {
  /** Reads a message, gathers the evidence it wants and judges it. */
  judge(request: BrowserVerifyRequest, trustList: Trust): Promise<Report>;
  /** Gathers the evidence about a signer's certificate, before he signs. */
  judgement(request: BrowserJudgementRequest, trustList: Trust): Promise<Judgement>;
}

export function createJudging(given: JudgingOptions): Judging {
  const { algorithms, policy = DEFAULT_POLICY, online, clock, signal: closing } = given;
  const updater = createUpdater({ ...given, randomBytes: randomOctets });
  const caches = createJudgeCaches();
  const acceptCrl = crlAcceptance(algorithms);

  const judge: Judging['judge'] = async (request, trustList) => {
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
      const { reportMalformed } = await loadPart(words);
      return reportMalformed(error, { at, context, policy, trustList, algorithms, ...proven });
    }
    const signal = request.signal === undefined ? closing : AbortSignal.any([request.signal, closing]);
    const content = await readBrowserContent(request.content, signed, {
      algorithms, candidateCertificates, signal, store: given.store, maxContentOctets: BROWSER_LIMITS.maxContentOctets,
      ...(request.onProgress === undefined ? {} : { onProgress: request.onProgress }), ...(request.worker === undefined ? {} : { worker: request.worker }),
    });
    if ((content ?? signed.encapContentInfo.content ?? []).length >= BROWSER_LIMITS.compiledDigestOctets) await algorithms.warmUp();
    const question = { signed, certificates: candidateCertificates, trustList, policy, algorithms, at, context, caches, ...proven };
    const gathered = await updater.gather(planEvidence(question), {
      cache: online ? 'first' : 'only', signal, acceptCrl: acceptCrl(signed, trustList, candidateCertificates), settles: evidenceSettles({ ...question, brought: { crls: brought } }),
    });
    const evidence = { ...gathered, candidateCertificates, crls: [...brought, ...gathered.crls] };
    return judgeWith({ signed, evidence, trustList, policy, algorithms, at, context, caches, ...(content === undefined ? {} : { content }), ...proven }, PARTS);
  };

  const judgement: Judging['judgement'] = async (request, trustList) => {
    const context = { scene: 'bid-signing' as const, ...request.context };
    const certificates = request.chain.map((der) => parseCertificate(der));
    const brought = (request.crls ?? []).map((crl) => ({ crl: readCrl(crl) }));
    const question = { certificates, trustList, policy, algorithms, at: request.at ?? clock.now(), context, caches };
    const gathered = await updater.gather(planEvidence(question), {
      cache: online ? 'first' : 'only', signal: request.signal === undefined ? closing : AbortSignal.any([request.signal, closing]),
      acceptCrl: acceptCrl({ certificates: [] }, trustList, certificates), settles: evidenceSettles({ ...question, brought: { crls: brought } }),
    });
    return { trustList, policy, context, caches, evidence: { ...gathered, candidateCertificates: certificates, crls: [...brought, ...gathered.crls] } };
  };
  return { judge, judgement };
}

const words = (): Promise<typeof import('./in-words.js')> => import('./in-words.js');

/** What most verdicts do without, each loaded when one asks for it. */
const PARTS: JudgeParts = {
  inWords: async (report) => (await loadPart(words)).inWords(report),
  placeByEvidence: async (...given) => (await loadPart(() => import('./on-evidence-of-time.js'))).placeByEvidence(...given),
  diagnose: async (input) => (input.facts.failure === undefined ? undefined : (await loadPart(() => import('./diagnosis.js'))).diagnoseSigner(input)),
};
